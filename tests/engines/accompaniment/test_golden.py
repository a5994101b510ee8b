"""Arrangements that were looked at as pictures and scored. What changes them is seen here note by note.

By rule, since those are equal on every machine to the note; what the model may not change is in `test_revoicing.py`.

`pytest --refresh-golden` writes them anew; then look at them again: `partimento arrange … --style house` and the picture.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Protocol

import pytest

from bridge import app
from bridge.files import loading
from engines.api import ArrangeRequest, Result
from engines.music.harmony import ChordTrack
from engines.music.song import Song
from engines.music.time import MeterMap, TempoMap
from tests.engines.accompaniment.examples import FOUR, Q, lead


class Golden(Protocol):
    """The stored files of `conftest.py`."""

    def check(self, name: str, content: str) -> None: ...


SONGS = Path(__file__).parents[3] / "presets" / "songs"


def shipped(name: str) -> Callable[[], Song]:
    return lambda: loading.load(SONGS / f"{name}.mid").song


def one_bar() -> Song:
    return lead([(0, 2 * Q, 67), (2 * Q, 2 * Q, 72)], ChordTrack.of((0, "C"), end=FOUR.bar))


def long_one() -> Song:
    chords = ChordTrack.of(*((b * FOUR.bar, ("C", "Am", "F", "G7")[b % 4]) for b in range(400)), end=400 * FOUR.bar)
    return lead([(b * FOUR.bar + i * Q, Q, 72 + (b * 7 + i * 3) % 5) for b in range(400) for i in range(3)], chords)


def fast_chords() -> Song:
    chords = [(i * Q // 2, ("C", "G/B", "Am", "Em/G", "F", "C/E", "Dm7", "G7")[i % 8]) for i in range(64)]
    return lead([(i * Q, Q, 72 + i % 4) for i in range(32)], ChordTrack.of(*chords, end=8 * FOUR.bar))


def jig() -> Song:
    bar = 6 * Q // 2
    chords = ChordTrack.of(*((b * bar, ("D", "G", "A7", "D")[b % 4]) for b in range(16)), end=16 * bar)
    tune = [(i * Q // 2, Q // 2, 74 + (0, 4, 2, 5, 4, 0)[i % 6]) for i in range(96)]
    return replace(lead(tune, chords, "6/8"), tempo=TempoMap.constant(174))


def changing() -> Song:
    meters = MeterMap.of((0, "4/4"), (8 * Q, "3/4"), (14 * Q, "7/8"), (14 * Q + 14 * Q // 2, "4/4"))
    chords = ChordTrack.of(
        (0, "Am"), (4 * Q, "F"), (8 * Q, "C"), (11 * Q, "G"), (14 * Q, "Dm"), (21 * Q, "E7"), end=25 * Q
    )
    return replace(lead([(i * Q, Q, 69 + i % 6) for i in range(25)], chords), meter=meters)


CASES: dict[str, Callable[[], Song]] = {
    "waltz": shipped("ferrymans_waltz"),
    "five": shipped("five_steps_to_the_sea"),
    "pickup": shipped("apple_cart_lane"),
    "tempo-meter-silence": shipped("the_clockmaker"),
    "swing": shipped("kettle_blues"),
    "modulation": shipped("rain_on_the_orchard"),
    "bossa": shipped("harbour_bossa"),
    "ballad": shipped("lantern_street"),
    "jig": jig,
    "changing-meter": changing,
    "one-bar": one_bar,
    "fast-chords": fast_chords,
    "four-hundred-bars": long_one,
}


def written(result: Result, bars: int) -> str:
    """A bar a line: place in ticks, pitches, lengths and velocities of the piano; what was borrowed above."""
    song = result.takes[0].song
    piano = song.track("Piano")
    assert piano is not None
    lines = [f"{p['label']} {p['start_bar']}+{p['bars']} {p['donor']}" for p in result.takes[0].facts["phrases"]]
    rows: dict[int, list[str]] = {}
    for note in piano.notes():
        bar = song.meter.bar_at(note.start)
        place = note.start - song.meter.bar_start(bar)
        rows.setdefault(bar, []).append(f"{place}:{note.pitch}/{note.length}@{note.velocity}")
    return "\n".join([*lines, *(f"{bar}| {' '.join(rows.get(bar, ['-']))}" for bar in range(1, bars + 1))]) + "\n"


@pytest.mark.parametrize("case", CASES)
def test_it_is_as_it_was_looked_at(case: str, golden: Golden) -> None:
    song = CASES[case]()
    result = app.accompany(ArrangeRequest(song, style="house", by_rule=True))
    assert result.analysis is not None
    golden.check(f"accompaniment/{case}.txt", written(result, min(result.analysis.song.bars, 60)))
