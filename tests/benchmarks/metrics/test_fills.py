"""Measures of fills against what stood there."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.metrics.fills import (
    control_adherence,
    note_f1,
    note_f1_seconds,
    note_f1_strict,
    onset_f1,
    outside_mask_changes,
    overlap_duration,
    overlap_pitch,
    pc_f1,
    similarity,
)
from tests.benchmarks.metrics.examples import grid, notes

WANTED = notes((0, 1, 60), (1, 1, 64), (2, 2, 67))
ROWS = st.lists(
    st.tuples(st.integers(0, 15), st.integers(1, 4), st.integers(60, 64)), max_size=8, unique_by=lambda row: row[::2]
)


def test_f1_of_notes_onsets_and_pitch_classes() -> None:
    found = notes((0, 1, 60), (1, 1, 76), (3, 2, 67), (2, 1, 60))
    # Of 4 found and 3 wanted: one note; onsets 0, 1, 2; the C and the E an octave up.
    assert note_f1(found, WANTED) == pytest.approx(2 / 7)
    assert onset_f1(found, WANTED) == pytest.approx(6 / 7)
    assert pc_f1(found, WANTED) == pytest.approx(4 / 7)


def test_a_note_is_matched_once_and_in_its_track() -> None:
    twice = notes((0, 1, 60), (0, 2, 60))
    assert note_f1(twice, notes((0, 1, 60))) == pytest.approx(2 / 3)
    assert note_f1(notes((0, 1, 60, 1)), notes((0, 1, 60))) == 0


def test_strict_wants_the_length_within_a_fifth() -> None:
    assert note_f1_strict(notes((0, 1.2, 60), (1, 0.7, 64), (2, 2, 67)), WANTED) == pytest.approx(4 / 6)
    # The short one takes the short one, so that the long one finds its match.
    assert note_f1_strict(notes((0, 1.1, 60), (0, 1.3, 60)), notes((0, 1, 60), (0, 1.25, 60))) == 1


def test_nothing_against_nothing_agrees() -> None:
    nothing = notes()
    assert note_f1(nothing, nothing) == onset_f1(nothing, nothing) == similarity(nothing, nothing) == 1
    assert note_f1(nothing, WANTED) == note_f1(WANTED, nothing) == 0


def test_f1_with_fifty_milliseconds() -> None:
    found = [(0.04, 60), (0.5, 62), (1.0, 64)]
    assert note_f1_seconds(found, [(0.0, 60), (0.56, 62), (1.0, 65)]) == pytest.approx(1 / 3)
    # Two notes near one: only one match. Near ones are taken in order.
    assert note_f1_seconds([(0.0, 60), (0.04, 60)], [(0.02, 60)]) == pytest.approx(2 / 3)
    assert note_f1_seconds([(0.0, 60), (0.04, 60)], [(0.03, 60), (0.08, 60)]) == 1


def test_overlap_of_distributions() -> None:
    found = notes((0, 1, 60), (1, 1, 60), (2, 2, 64), (3, 1, 65))
    # C: min(½, ⅓), E: min(¼, ⅓); lengths: one quarter min(¾, ⅔), two min(¼, ⅓).
    assert overlap_pitch(found, WANTED) == pytest.approx(1 / 3 + 1 / 4)
    assert overlap_duration(found, WANTED) == pytest.approx(2 / 3 + 1 / 4)
    assert np.isnan(overlap_pitch(notes(), WANTED))


def test_similarity_counts_edits() -> None:
    # One kept, one moved, one dropped: two edits of three.
    assert similarity(notes((0, 1, 60), (1.5, 1, 64)), WANTED) == pytest.approx(1 / 3)
    assert similarity(WANTED, WANTED) == 1


@given(ROWS, ROWS)
def test_every_f1_is_symmetric_and_a_looser_one_is_not_lower(
    a: list[tuple[int, int, int]], b: list[tuple[int, int, int]]
) -> None:
    found, wanted = notes(*a), notes(*b)
    assert note_f1(found, wanted) == pytest.approx(note_f1(wanted, found))
    assert note_f1_strict(found, wanted) <= note_f1(found, wanted) <= pc_f1(found, wanted)
    assert note_f1(found, found) == note_f1_strict(found, found) == 1


def test_changes_outside_the_mask_are_counted() -> None:
    before = notes((0, 1, 60), (4, 1, 62), (4, 1, 50, 1), (8, 1, 64))
    inside = notes((0, 1, 60), (5, 1, 70), (4, 1, 50, 1), (8, 1, 64))
    # Track 0, bar 2 may change. Elsewhere one note got louder (gone and come) and one is new.
    outside = notes((0, 1, 60, 0, 81), (5, 1, 70), (4, 1, 50, 1), (8, 1, 64), (6, 1, 50, 1))
    assert outside_mask_changes(inside, before, grid(3), [(0, 1)]) == 0
    assert outside_mask_changes(outside, before, grid(3), [(0, 1)]) == 3


def test_controls_kept() -> None:
    asked, got = np.array([1, 2, -1, 3]), np.array([1, 3, 5, 3])
    assert control_adherence(asked, got) == pytest.approx(2 / 3)
    assert np.isnan(control_adherence(np.array([-1]), np.array([2])))
