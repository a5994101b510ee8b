"""Like this clip of mine."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bridge import app
from engines.accompaniment.accompanist import Accompanist
from engines.accompaniment.donors import Span
from engines.accompaniment.example import LIKE, pack_like
from engines.api import ArrangeRequest, Result, unheard
from engines.errors import InvalidMusic
from engines.music.chance import Chance
from engines.music.harmony import ChordTrack
from engines.music.notes import Note
from engines.music.song import MidiClip, Placement, Song, Take, Track
from engines.music.time import MeterMap, Ticks
from tests.engines.accompaniment.examples import FOUR, Q, lead, tables

THUMP = [
    (0, 3 * Q // 2, 36),
    (3 * Q // 2, 5 * Q // 2, 43),
    *((Q // 2, Q, p) for p in (60, 64, 67)),
    *((3 * Q, Q, p) for p in (60, 64, 67)),
]


def clip(notes: list[tuple[int, int, int]], bars: int = 2, meter: str = "4/4", name: str = "Track 1") -> Song:
    bar = MeterMap.of((0, meter)).changes[0].meter.bar
    played = tuple(sorted(Note(Ticks(b * bar + t), Ticks(n), p, 80 - t // Q) for b in range(bars) for t, n, p in notes))
    end = Ticks(bars * bar)
    track = Track(name, (Placement(Ticks(0), end, (Take(MidiClip(end, played)),)),))
    return Song((track,), meter=MeterMap.of((0, meter)))


def ballad(bars: int = 8, meter: str = "4/4") -> Song:
    bar = MeterMap.of((0, meter)).changes[0].meter.bar
    chords = ChordTrack.of(*((b * bar, ("C", "Am", "F", "G")[b % 4]) for b in range(bars)), end=bars * bar)
    return lead([(b * bar, bar, 72) for b in range(bars)], chords, meter)


def accompany(song: Song, like: Song) -> Result:
    return Accompanist(app.shelves()).run(ArrangeRequest(song, like=like), Chance(1), unheard)


def rhythm(result: Result) -> set[int]:
    track = result.takes[0].song.track("Piano")
    assert track is not None
    return {note.start % FOUR.bar for note in track.notes() if note.start < 7 * FOUR.bar}


def test_two_bars_are_a_donor_for_a_song() -> None:
    pack = pack_like(clip(THUMP), tables())
    assert Span(0, 2) in [
        Span(int(b), int(n)) for b, n in zip(pack.columns["span_bar"], pack.columns["span_bars"], strict=True)
    ]
    assert pack.card.songs[0].tags == (LIKE,)
    assert len(list(pack.strokes(0, 2))) == 2 * len(THUMP)


def test_the_song_is_played_in_the_rhythm_of_the_clip() -> None:
    found = accompany(ballad(), clip(THUMP))
    donors = [phrase["donor"] for phrase in found.takes[0].facts["phrases"]]
    assert {donor["pack"] for donor in donors} == {"yours"}
    assert rhythm(found) == {tick for tick, *_ in THUMP}


def test_a_meter_that_the_clip_has_not_is_played_in_style() -> None:
    found = accompany(ballad(meter="3/4"), clip(THUMP))
    assert "yours" not in {phrase["donor"]["pack"] for phrase in found.takes[0].facts["phrases"]}


def test_of_a_song_with_a_melody_the_accompaniment_is_the_example() -> None:
    melody = lead([(b * FOUR.bar + i * Q, Q, 76 + i) for b in range(8) for i in range(4)], None).tracks[0]
    comp = clip(THUMP, 8, name="Piano").tracks[0]
    pack = pack_like(replace(clip(THUMP), tracks=(melody, comp)), tables())
    assert {stroke.tick % FOUR.bar for stroke in pack.strokes(0, 8)} == {tick for tick, *_ in THUMP}


def test_an_empty_clip_is_refused() -> None:
    with pytest.raises(InvalidMusic, match="nothing in the clip to play like"):
        accompany(ballad(), clip([]))
