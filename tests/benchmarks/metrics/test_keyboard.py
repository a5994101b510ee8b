"""A piano under a melody, on pieces of a few notes."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.metrics.harmony import Harmony
from benchmarks.metrics.keyboard import above_melody, beyond_hands, low_thirds, melody_clashes, quartiles, snapped
from engines.music.harmony import ChordTrack
from tests.benchmarks.metrics.examples import grid, notes

C2, E2, G2, C3, E3, C4, E4, B4, C5, D5, E5, G5, C6 = 36, 40, 43, 48, 52, 60, 64, 71, 72, 74, 76, 79, 84


def test_beats_above_the_melody() -> None:
    tune = notes((0, 4, C5))
    assert above_melody(notes((0, 4, C4)), tune, grid(1)) == 0
    assert above_melody(notes((1, 1, E5)), tune, grid(1)) == 0.25
    assert above_melody(notes((0, 4, E5)), tune, grid(1)) == 1
    assert above_melody(notes((0, 4, C5)), tune, grid(1)) == 0


def test_only_beats_with_melody_count() -> None:
    tune = notes((0, 2, C5))
    assert above_melody(notes((1, 3, E5)), tune, grid(1)) == 0.5
    assert np.isnan(above_melody(notes((1, 3, E5)), notes(), grid(1)))


def test_of_two_melody_notes_the_higher_one_is_the_melody() -> None:
    tune = notes((0, 4, C4), (0, 4, G5))
    assert above_melody(notes((0, 4, E5)), tune, grid(1)) == 0


def test_a_beat_of_six_eight_is_a_dotted_quarter() -> None:
    tune = notes((0, 3, C5))
    assert above_melody(notes((0, 0.5, E5)), tune, grid(1, "6/8")) == 0.5


def test_a_semitone_below_a_held_note_rubs() -> None:
    tune = notes((0, 2, C5))
    for rubs in (B4, B4 - 12, C5 + 1, C5 + 13):
        assert melody_clashes(notes((0, 2, rubs)), tune) == 1
    for sweet in (C4, E4, C5 - 11, C5 + 11, C5 - 2):
        assert melody_clashes(notes((0, 2, sweet)), tune) == 0


def test_what_the_chord_means_does_not_rub() -> None:
    tune, part = notes((0, 2, C5)), notes((0, 2, B4))
    assert melody_clashes(part, tune, Harmony.of(ChordTrack.of((0, "Cmaj7"), end=3840))) == 0
    assert melody_clashes(part, tune, Harmony.of(ChordTrack.of((0, "G7"), end=3840))) == 1


def test_passing_notes_do_not_rub() -> None:
    assert melody_clashes(notes((0, 0.25, B4)), notes((0, 2, C5))) == 0
    assert melody_clashes(notes((1.75, 2, B4)), notes((0, 2, C5))) == 0
    assert np.isnan(melody_clashes(notes((0, 2, B4)), notes((0, 0.5, C5))))


def test_close_thirds_growl_below_c3() -> None:
    assert low_thirds(notes((0, 1, C2), (0, 1, E2))) == 1
    assert low_thirds(notes((0, 1, C2), (0, 1, G2))) == 0
    assert low_thirds(notes((0, 1, C3), (0, 1, E3))) == 0
    assert low_thirds(notes((0, 1, C2), (0, 1, E2), (0, 1, C4))) == 0.5
    assert np.isnan(low_thirds(notes((0, 1, C2), (1, 1, E2))))


def test_a_held_bass_growls_too() -> None:
    # C2 alone, then with E2.
    assert low_thirds(notes((0, 2, C2), (1, 1, E2))) == 1


@pytest.mark.parametrize(
    ("pitches", "within"),
    [
        ((C2, C3, C5, E5, G5), True),
        ((C2, E3), True),
        ((C2, C4, C6), False),
        (tuple(range(60, 70)), True),
        (tuple(range(60, 71)), False),
        ((60, 77, 94), False),
    ],
)
def test_what_two_hands_can_strike(pitches: tuple[int, ...], within: bool) -> None:
    assert beyond_hands(notes(*((0, 1, pitch) for pitch in pitches))) == (0 if within else 1)


def test_hands_may_jump_between_moments() -> None:
    assert beyond_hands(notes((0, 4, C2), (1, 1, C4), (2, 1, C6))) == 0


def test_playing_loosely_is_put_on_the_grid() -> None:
    loose = notes((0.01, 0.98, C4), (-0.01, 1, E4), (0.34, 0.01, C5))
    found = snapped(loose)
    assert found.start.tolist() == [0, 0, 320]
    assert found.pitch.tolist() == [C4, E4, C5]
    assert found.end.tolist() == [960, 960, 400]


def test_quartiles_leave_nothing_out_but_nan() -> None:
    assert quartiles(np.array([1, 2, 3, 4, 5, np.nan])) == (2, 3, 4)
