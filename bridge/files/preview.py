"""A song to listen to, where this machine has a synthesiser and a sound font. Nothing here is needed to make music."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from bridge.files.tools import find_tool, run_tool
from engines.errors import Unavailable, UnreadableFile

FONT_FOLDERS = (
    "~/.local/share/soundfonts",
    "~/.local/share/sounds/sf2",
    "~/Library/Audio/Sounds/Banks",
    "/usr/share/sounds/sf2",
    "/usr/share/sounds/sf3",
    "/usr/share/soundfonts",
    "/usr/local/share/soundfonts",
    "/usr/local/share/sounds/sf2",
    "/opt/homebrew/share/soundfonts",
    "C:/soundfonts",
    "C:/ProgramData/soundfonts",
)
"""Where systems keep sound fonts, the user's own first."""

_KNOWN_GOOD = ("default-gm", "fluidr3_gm", "generaluser", "timgm6mb")
"""General MIDI fonts that are preferred over a folder's others, the platform's choice first."""

MAX_WAV = 400 * 1024 * 1024
"""About 40 minutes in stereo."""

_FRAME = 4
"""Bytes of two 16-bit samples. Less than a twentieth of a second is no song."""
_GET_SYNTH = (
    "Install FluidSynth, for instance with `apt install fluidsynth`, `brew install fluid-synth` or from its releases."
)
_GET_FONT = (
    "Install one, for instance with `apt install fluid-soundfont-gm`, or name a General MIDI .sf2 file in the "
    "environment variable SOUNDFONT."
)


def find_synth(environment: Mapping[str, str] = os.environ) -> Path | None:
    """FluidSynth, where PATH has it."""
    return find_tool("fluidsynth", environment=environment)


def find_sound_font(
    environment: Mapping[str, str] = os.environ, folders: tuple[str, ...] = FONT_FOLDERS
) -> Path | None:
    """The sound font that SOUNDFONT names, or else the likeliest in the usual folders.

    A SOUNDFONT that leads nowhere is an error: another font would not be what the musician asked for.
    """
    named = environment.get("SOUNDFONT")
    if named:
        font = Path(named).expanduser()
        if not font.is_file():
            raise Unavailable(f"SOUNDFONT names {named!r}, which is no file.", "Correct the variable, or unset it.")
        return font.resolve()
    for folder in (Path(name).expanduser() for name in folders):
        if folder.is_dir():
            fonts = sorted(
                font for font in folder.iterdir() if font.suffix.lower() in (".sf2", ".sf3") and font.is_file()
            )
            if fonts:
                return min(fonts, key=_preference)
    return None


def _preference(font: Path) -> int:
    name = font.stem.lower()
    return next((i for i, known in enumerate(_KNOWN_GOOD) if name.startswith(known)), len(_KNOWN_GOOD))


def render_preview(
    midi: bytes,
    *,
    sound_font: Path | None = None,
    gain: float = 0.8,
    rate: int = 44_100,
    seconds: float = 120.0,
    at_most: int = MAX_WAV,
    environment: Mapping[str, str] = os.environ,
) -> bytes:
    """Play a MIDI file into a WAV file, 16 bit stereo.

    `seconds` is how long the synthesiser may take, `at_most` how many bytes it may make.
    """
    synth = find_synth(environment)
    if synth is None:
        raise Unavailable("There is no synthesiser on this machine for a preview.", _GET_SYNTH)
    font = sound_font or find_sound_font(environment)
    if font is None or not font.is_file():
        raise Unavailable("There is no sound font on this machine for a preview.", _GET_FONT)
    if midi[:4] != b"MThd":
        raise UnreadableFile("This is no MIDI file.", "A preview is made of a Standard MIDI File.")
    with tempfile.TemporaryDirectory(prefix="partimento-") as folder:
        song, sound = Path(folder, "song.mid"), Path(folder, "song.wav")
        song.write_bytes(midi)
        options = ["-n", "-i", "-q", "-g", f"{gain:g}", "-r", str(rate), "-O", "s16", "-T", "wav", "-F", str(sound)]
        wav = run_tool([str(synth), *options, str(font), str(song)], makes=sound, seconds=seconds, at_most=at_most)
    if wav[:4] != b"RIFF" or len(wav) < rate * _FRAME // 20:
        raise Unavailable(f"{synth.stem} made no sound of this song.", f"Check the sound font {font.name}.")
    return wav
