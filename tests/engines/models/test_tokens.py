"""The words of the note decoder."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from engines.models import tokens as t

notes = st.tuples(
    st.integers(t.EARLIEST_BAR, t.LATEST_BAR),
    st.integers(0, t.LONGEST_BAR - 1),
    st.integers(t.MICRO_LOW, t.MICRO_LOW + t.STEP - 1),
    st.integers(1, t.EXACT),
    st.integers(0, 127),
    st.integers(1, 127),
    st.booleans(),
)


@given(st.lists(notes, min_size=1, max_size=20))
def test_a_note_comes_back_as_it_was(played: list[tuple[int, int, int, int, int, int, bool]]) -> None:
    """Onset to the tick, length to the step, pitch exactly, velocity within half a level; drums stay drums."""
    table = np.array([row[:6] for row in played], dtype=np.int64)
    program = np.array([t.DRUM_PROGRAM if row[6] else 1 for row in played], dtype=np.int64)
    bar, position, what = table[:, 0], table[:, 1], table[:, 2:]
    rows = t.note_rows(t.Kind.CONTEXT, np.ones(len(table), dtype=np.int64), program, bar, position, what)
    back = t.notes_of(rows)
    assert np.array_equal(back[:, :5], table[:, :5])
    assert np.abs(back[:, 5] - table[:, 5]).max() <= 4
    assert (rows >= 0).all()
    assert (rows < [field.size for field in t.FIELDS]).all()


@given(st.integers(1, 5000))
def test_long_notes_keep_their_length_to_the_quarter(length: int) -> None:
    back = int(t.length_steps(t.length_class(np.array([length])))[0])
    assert abs(back - min(length, t.LONGEST)) <= t.STEPS // 2


def test_a_held_note_has_a_length_of_its_own() -> None:
    assert t.OPEN not in t.length_class(np.arange(1, 2 * t.LONGEST))


def test_programs_fall_into_families() -> None:
    assert t.program_class(0, False) == t.program_class(7, False) == 1
    assert t.program_class(127, False) == 16
    assert t.program_class(0, True) == t.DRUM_PROGRAM


def test_a_cell_is_described_in_classes() -> None:
    assert t.density_class(0, 96) == 1
    assert t.density_class(1, 96) < t.density_class(4, 96) < t.density_class(16, 96) < t.density_class(40, 96)
    assert t.register_class(36) < t.register_class(60) < t.register_class(84)
    together, apart = np.array([0, 0, 0]), np.array([0, 24, 48])
    assert t.voices_class(together, np.array([24, 24, 24])) == t.voices_class(apart, np.array([24, 24, 24])) + 2
    assert t.voices_class(np.array([], dtype=np.int64), np.array([], dtype=np.int64)) == 1


def test_chords_and_no_chord() -> None:
    assert t.chord_field(0, 0) == (2, 1)
    assert t.chord_field(11, len(t.QUALITIES) - 1) == (13, len(t.QUALITIES))
    assert t.chord_field(-1, -1) == (t.NO_ROOT, 0)


def test_the_vocabulary_is_bound_by_its_hash() -> None:
    """Changing a field changes what every model means: this figure may only change with new models."""
    assert t.vocabulary_hash() == "bba817738f3ff64f45772d02abbe63c5ef3f7ab9b03e46627c33b667e46a4cb0"
