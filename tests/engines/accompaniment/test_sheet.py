"""A song as the engine sees it: whole bars, chords where the hands come down."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from engines.accompaniment.plain import groups
from engines.accompaniment.sheet import Sheet, on_the_beat
from engines.music.harmony import ChordTrack
from engines.music.time import Meter, MeterMap, Ticks
from tests.engines.accompaniment.examples import FOUR, Q, harmony, heard, lead

LINES = (Ticks(0), FOUR.bar, Ticks(FOUR.bar + 1000), Ticks(2 * FOUR.bar + 1000))


@pytest.mark.parametrize(
    ("played", "meant"),
    [
        (5, 0), (Q - 60, Q), (Q // 2 + 119, Q // 2), (FOUR.bar - 7, FOUR.bar), (FOUR.bar + 990, FOUR.bar + 1000),
        (Q // 4, Q // 4), (Q // 8, Q // 8), (Q // 3, Q // 3), (2 * FOUR.bar + 990, 2 * FOUR.bar + 1000),
    ],
)  # fmt: skip
def test_a_chord_a_little_beside_the_beat_means_the_beat(played: int, meant: int) -> None:
    assert [h.tick for h in on_the_beat(harmony((played, "F")), LINES) if h.root == 5] == [meant]


def test_a_song_with_chords_played_by_hand_sounds_as_if_they_were_written() -> None:
    tune = [(i * Q, Q, 72 + i % 5) for i in range(16)]
    late = ChordTrack.of(
        (3, "C"), (FOUR.bar + 20, "Am"), (2 * FOUR.bar - 31, "F"), (3 * FOUR.bar + 44, "G7"), end=4 * FOUR.bar
    )
    written = ChordTrack.of(*((bar * FOUR.bar, s) for bar, s in enumerate(("C", "Am", "F", "G7"))), end=4 * FOUR.bar)
    assert Sheet.of(heard(lead(tune, late))).harmony == Sheet.of(heard(lead(tune, written))).harmony


@pytest.mark.parametrize("cut", [1001, 3839, 17, 29, 30, 2880, 1920])
def test_a_bar_that_is_cut_short_is_a_phrase_of_its_own_and_ends_in_time(cut: int) -> None:
    song = lead([(i * Q, Q, 72 + i % 5) for i in range(32)], ChordTrack.of((0, "C"), end=8 * FOUR.bar))
    meters = MeterMap.of((0, "4/4"), (4 * FOUR.bar + cut, "4/4"))
    found = Sheet.of(heard(replace(song, meter=meters)))
    for meter, (begin, end) in zip(found.meters, pairwise(found.lines), strict=True):
        assert meter.bar <= end - begin or meter == Meter(1, 128)
    assert [(s.bar, s.bars) for s in found.strains if s.bar <= 4 < s.bar + s.bars] == [(4, 1)]


@pytest.mark.parametrize(
    ("meter", "beats"),
    [
        ("4/4", [Q] * 4), ("6/8", [3 * Q // 2] * 2), ("7/8", [Q, Q, 3 * Q // 2]), ("5/8", [Q, 3 * Q // 2]), ("1/8", [Q // 2]),
        ("9/16", [3 * Q // 4] * 3), ("13/16", [Q // 2] * 5 + [3 * Q // 4]), ("44/128", [Q // 2, 7 * Q // 8]),
        ("45/128", [1350]), ("1/128", [Q // 32]),
    ],
)  # fmt: skip
def test_beats_of_any_meter_are_eighths_at_the_fastest(meter: str, beats: list[int]) -> None:
    assert groups(Meter.parse(meter)) == beats
    assert sum(beats) == Meter.parse(meter).bar
