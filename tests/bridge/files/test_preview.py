"""The audio preview."""

from __future__ import annotations

import io
import stat
import wave
from pathlib import Path

import pytest

from bridge.files.midi.write import write_song
from bridge.files.preview import find_sound_font, find_synth, render_preview
from engines.errors import Unavailable, UnreadableFile
from engines.music.notes import Note
from engines.music.song import MidiClip, Placement, Song, Take, Track
from engines.music.time import PPQ, Ticks

CLIP = MidiClip(Ticks(4 * PPQ), tuple(Note(Ticks(i * PPQ), Ticks(PPQ), 60 + i) for i in range(4)))
MIDI = write_song(Song((Track("MELODY", (Placement(Ticks(0), CLIP.length, (Take(CLIP),)),)),)))

FIND_OUT = 'while [ $# -gt 0 ]; do [ "$1" = -F ] && out=$2; shift; done'
HALF_A_SECOND = f'{FIND_OUT}\nprintf RIFF > "$out"\n/bin/dd if=/dev/zero bs=88200 count=1 >> "$out" 2>/dev/null'


@pytest.fixture
def studio(tmp_path: Path) -> dict[str, str]:
    """A machine with a synthesiser that writes half a second of silence, and a sound font."""
    put_synth(tmp_path, HALF_A_SECOND)
    (tmp_path / "font.sf2").write_bytes(b"RIFF")
    return {"PATH": str(tmp_path), "SOUNDFONT": str(tmp_path / "font.sf2")}


def put_synth(folder: Path, script: str) -> None:
    program = folder / "fluidsynth"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)


def test_a_preview_is_what_the_synthesiser_wrote(studio: dict[str, str]) -> None:
    assert render_preview(MIDI, environment=studio).startswith(b"RIFF")


def test_the_synthesiser_gets_the_font_and_the_song(studio: dict[str, str], tmp_path: Path) -> None:
    put_synth(tmp_path, f'echo "$@" > {tmp_path}/asked\n{HALF_A_SECOND}')
    render_preview(MIDI, environment=studio, rate=22_050)
    asked = (tmp_path / "asked").read_text().split()
    assert asked[-2] == studio["SOUNDFONT"]
    assert asked[-1].endswith("song.mid")
    assert asked[asked.index("-r") + 1] == "22050"
    assert "-i" in asked


def test_without_a_synthesiser_the_message_says_what_to_install() -> None:
    with pytest.raises(Unavailable, match="no synthesiser") as caught:
        render_preview(MIDI, environment={"PATH": ""})
    assert "fluidsynth" in caught.value.hint


def test_without_a_font_the_message_names_the_variable(studio: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bridge.files.preview.find_sound_font", lambda environment: None)
    with pytest.raises(Unavailable, match="no sound font") as caught:
        render_preview(MIDI, environment=studio)
    assert "SOUNDFONT" in caught.value.hint


def test_a_named_font_that_is_not_there_is_no_reason_to_take_another(studio: dict[str, str]) -> None:
    with pytest.raises(Unavailable, match="nowhere"):
        render_preview(MIDI, environment={**studio, "SOUNDFONT": "/nowhere.sf2"})


def test_of_several_fonts_a_general_midi_one_is_taken(tmp_path: Path) -> None:
    for name in ("Accordions.sf2", "TimGM6mb.sf2", "notes.txt"):
        (tmp_path / name).touch()
    folders = (str(tmp_path / "missing"), str(tmp_path))
    assert find_sound_font({}, folders) == tmp_path / "TimGM6mb.sf2"
    (tmp_path / "default-GM.sf3").touch()
    assert find_sound_font({}, folders) == tmp_path / "default-GM.sf3"
    assert find_sound_font({}, ()) is None


def test_what_is_no_midi_file_is_not_played(studio: dict[str, str]) -> None:
    with pytest.raises(UnreadableFile):
        render_preview(b"hello", environment=studio)


def test_a_synthesiser_that_makes_no_sound_is_not_believed(studio: dict[str, str], tmp_path: Path) -> None:
    put_synth(tmp_path, f'{FIND_OUT}\nprintf RIFF0123 > "$out"')
    with pytest.raises(Unavailable, match="no sound of this song"):
        render_preview(MIDI, environment=studio)


def test_a_synthesiser_that_fails_is_quoted(studio: dict[str, str], tmp_path: Path) -> None:
    put_synth(tmp_path, "echo 'the font is out of tune'; exit 1")
    with pytest.raises(Unavailable, match="exit 1") as caught:
        render_preview(MIDI, environment=studio)
    assert "out of tune" in caught.value.hint


def test_a_synthesiser_that_hangs_is_ended(studio: dict[str, str], tmp_path: Path) -> None:
    put_synth(tmp_path, "exec /bin/sleep 60")
    with pytest.raises(Unavailable, match="not done after"):
        render_preview(MIDI, environment=studio, seconds=0.2)


def test_a_synthesiser_that_never_stops_writing_is_ended(studio: dict[str, str], tmp_path: Path) -> None:
    put_synth(tmp_path, f'{FIND_OUT}\nexec /bin/dd if=/dev/zero of="$out" bs=65536 count=4000 2>/dev/null')
    with pytest.raises(Unavailable, match="more than 100,000 bytes"):
        render_preview(MIDI, environment=studio, at_most=100_000)


@pytest.mark.needs_tool
def test_a_real_synthesiser_makes_a_real_sound() -> None:
    if find_synth() is None or find_sound_font() is None:
        pytest.skip("no synthesiser or no sound font is installed")
    with wave.open(io.BytesIO(render_preview(MIDI)), "rb") as sound:
        assert sound.getnchannels() == 2
        assert sound.getframerate() == 44_100
        assert sound.getnframes() > 44_100
        assert any(sound.readframes(44_100))
