"""What a handler hands back, and how clips become files."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace

from bridge.files.midi.bytes import write_midi
from bridge.files.midi.raw import RawMidi
from bridge.files.midi.write import raw_song
from bridge.wire.writes import ItemWrite, TakeContent
from engines.music.song import MidiClip, Placement, Song, Take, Track
from engines.music.time import PPQ, Ticks

FOLDER = "Arrangement"
"""The folder that new tracks stand in."""
COLOURS = {
    "melody": "#0a66a8", "comp": "#d1551c", "bass": "#008f6b", "strings": "#b5588f", "pad": "#6a4fa3", "fill": "#3f9fd0",
    "counter": "#c98a00", "drums": "#4a5160", "perc": "#4a5160", "chords": "#7a5a3a",
}  # fmt: skip
"""A track's colour by its role, as in the pictures."""
SECTIONS = ("#dbe8f6", "#fbe2cd", "#d8efe3", "#f2ddea", "#f8efc8", "#e3dff2", "#e9e3da")


@dataclass(frozen=True)
class Outcome:
    """A finished job: what `result.json` says, and its clips by file name."""

    result: bytes
    clips: dict[str, bytes]


def track_key(name: str, number: int) -> str:
    """What a result calls its nth track, and its files: plain letters, which every file system and script reads alike."""
    return f"{number}-{re.sub('[^a-z0-9]+', '-', name.lower()).strip('-') or 'part'}"


def clip_file(clip: MidiClip, track: Track) -> bytes:
    """A clip as a file of one track at 960 that ends with the clip: no tempo, no program, since its track has its own sound."""
    place = Placement(Ticks(0), clip.length, (Take(clip),))
    raw = raw_song(Song((replace(track, placements=(place,), program=None, muted=False),))).tracks[1]
    end = max(clip.length, *raw.ticks[:-1]) if len(raw) > 1 else clip.length
    return write_midi(RawMidi(0, PPQ, (replace(raw, ticks=(*raw.ticks[:-1], end)),)))


def item(track: Track, key: str, place: Placement, number: int, offset: int) -> tuple[ItemWrite, dict[str, bytes]]:
    """The write for one item of a new track, and its files; `offset` is where the song's tick 0 stands in the project."""
    takes, files = [], {}
    for turn, take in enumerate(place.takes, 1):
        assert isinstance(take.clip, MidiClip), "engines write MIDI"
        name = f"clips/{key}-{number}-{turn}.mid"
        files[name] = clip_file(replace(take.clip, length=place.length), track)
        digest = hashlib.sha256(files[name]).hexdigest()
        takes.append(TakeContent(name=take.name, file=name, hash=digest, provenance=dict(take.provenance)))
    write = ItemWrite(
        track=key,
        from_qn=(offset + place.start) / PPQ,
        to_qn=(offset + place.end) / PPQ,
        takes=tuple(takes),
        active=place.active,
    )
    return write, files
