"""Which tracks are sung: those whose lyrics fall on their notes.

Lyrics are not believed blindly. Files abuse them for chord symbols and remarks, and in a file with a single track they lie
with whichever channel comes first, sung or not.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence

from engines.errors import UnknownChord
from engines.music.harmony import is_chord_marker
from engines.music.notes import Text
from engines.music.song import MidiClip, Song, Track
from engines.music.time import PPQ

FEWEST = 4
"""Fewer syllables than these are a remark."""
NEAR = PPQ // 16
"""How far from its note a syllable may stand."""


def sung_tracks(song: Song) -> frozenset[int]:
    """The tracks most of whose lyrics are words, and stand where a note of theirs begins."""
    return frozenset(index for index, track in enumerate(song.tracks) if _is_sung(track))


def _is_sung(track: Track) -> bool:
    said = [(place, text) for place, text in _lyrics(track) if text.strip()]
    if len(said) < FEWEST or 2 * sum(_is_chord(text) for _, text in said) >= len(said):
        return False
    onsets = sorted({note.start for note in track.notes()})
    return 2 * sum(_has_near(onsets, tick) for tick, _ in said) > len(said)


def _lyrics(track: Track) -> Iterable[tuple[int, str]]:
    """Song ticks and syllables, the first time round where a clip is looped."""
    for place in track.placements:
        if isinstance(place.clip, MidiClip) and not place.muted:
            for event in place.clip.events:
                if isinstance(event, Text) and event.kind == "lyric":
                    yield place.start + event.tick, event.text


def _is_chord(text: str) -> bool:
    try:
        return is_chord_marker(text) is not None
    except UnknownChord:
        return False


def _has_near(onsets: Sequence[int], tick: int) -> bool:
    at = bisect_left(onsets, tick - NEAR)
    return at < len(onsets) and onsets[at] <= tick + NEAR
