"""What lessons show and hide."""

from __future__ import annotations

import numpy as np
import pytest

from engines.models import tokens as t
from engines.models.window import bars_of
from tests.benchmarks.infill.examples import song
from training.notes.batches import LENGTHS, Lessons, padded
from training.notes.windows import PREDICTED, Lesson, Telling, cut, fill_lesson, hidden_cells, live_lesson, one_cell

PIECE = song("CAFGCAFG")
SIZES = np.array([field.size for field in t.FIELDS])


def lessons(count: int = 60) -> list[Lesson]:
    rng = np.random.default_rng(4)
    made = []
    for i in range(count):
        window = cut(PIECE, int(rng.integers(3)), 5, rng)
        made.append(fill_lesson(window, rng) if i % 2 else live_lesson(window, rng))
    return made


def test_every_event_is_in_the_vocabulary() -> None:
    for lesson in lessons():
        assert (lesson.rows >= 0).all()
        assert (lesson.rows < SIZES).all()
        assert lesson.counts.shape == (len(lesson.rows), len(PREDICTED))


def test_what_counts_is_said() -> None:
    """No field counts whose value is 'nothing said'."""
    for lesson in lessons():
        assert (lesson.rows[:, list(PREDICTED)][lesson.counts > 0] > 0).all()


def test_what_is_only_told_does_not_count() -> None:
    told = (t.Kind.START, t.Kind.PART, t.Kind.PARTNER, t.Kind.METER, t.Kind.CHORD, t.Kind.CELL, t.Kind.HINT)
    for lesson in lessons():
        assert not lesson.counts[np.isin(lesson.rows[:, t.KIND], told)].any()


def test_nothing_is_lost_between_context_and_cells() -> None:
    rng = np.random.default_rng(1)
    window = cut(PIECE, 0, 6, None)
    lesson = hidden_cells(window, [(1, 2), (2, 2)], Telling(True, True, False, 0.0), rng)
    shown = lesson.rows[np.isin(lesson.rows[:, t.KIND], (t.Kind.CONTEXT, t.Kind.FILL))]
    assert len(shown) == len(window.rows)
    written = lesson.rows[lesson.rows[:, t.KIND] == t.Kind.FILL]
    assert set(zip(bars_of(written).tolist(), written[:, t.SLOT].tolist(), strict=True)) == {(0, 2), (1, 2)}
    assert (lesson.rows[:, t.KIND] == t.Kind.END).sum() == 2


def test_context_teaches_less_than_the_task() -> None:
    rng = np.random.default_rng(1)
    lesson = hidden_cells(cut(PIECE, 0, 6, None), [(1, 2)], Telling(True, True, False, 0.0), rng)
    kinds = lesson.rows[:, t.KIND]
    pitch = PREDICTED.index(t.PITCH)
    assert lesson.counts[kinds == t.Kind.FILL, pitch].min() == 1.0
    assert lesson.counts[kinds == t.Kind.CONTEXT, pitch].max() == pytest.approx(0.3)


def test_hints_are_old_notes_of_their_cell() -> None:
    rng = np.random.default_rng(1)
    lesson = hidden_cells(cut(PIECE, 0, 6, None), [(1, 2)], Telling(True, True, False, 1.0), rng)
    hint, fill = (lesson.rows[lesson.rows[:, t.KIND] == kind][:, 1:] for kind in (t.Kind.HINT, t.Kind.FILL))
    assert np.array_equal(hint, fill)


def test_music_is_transposed_as_a_whole_and_drums_are_not() -> None:
    plain = cut(PIECE, 0, 4, None)
    turns = set()
    for seed in range(30):
        turned = cut(PIECE, 0, 4, np.random.default_rng(seed))
        key = (turned.key[0] - plain.key[0]) % 12
        moved = int(np.sort(turned.rows[:, t.PITCH])[0] - np.sort(plain.rows[:, t.PITCH])[0])
        assert moved % 12 == key
        assert -5 <= moved <= 6
        turns.add(moved)
    assert len(turns) > 6


def test_live_lessons_come_in_time_and_answers_count_most() -> None:
    rng = np.random.default_rng(2)
    for _ in range(20):
        lesson = live_lesson(cut(PIECE, 0, 6, rng), rng)
        kinds = lesson.rows[:, t.KIND]
        ours = np.isin(kinds, (t.Kind.ANSWER,))
        heard = kinds == t.Kind.HEARD
        assert ours.any() or heard.any()
        if ours.any():
            assert lesson.counts[ours].max() == 1.0
        assert (lesson.counts[heard] <= 0.3 + 1e-6).all()
        assert not (lesson.rows[ours, t.LENGTH] == t.OPEN).any()


def test_one_cell_hides_one_bar_with_notes() -> None:
    rng = np.random.default_rng(3)
    for _ in range(10):
        lesson = one_cell(cut(PIECE, 0, 8, None), rng)
        assert lesson is not None
        assert (lesson.rows[:, t.KIND] == t.Kind.CELL).sum() == 1
        assert (lesson.rows[:, t.KIND] == t.Kind.FILL).any()


def test_batches_have_few_lengths_and_say_nothing_in_their_padding() -> None:
    batches = Lessons([PIECE], 1, 1024).from_pool(0)
    for _ in range(6):
        batch = next(batches)
        assert batch.counts.shape[1] in LENGTHS
        padding = batch.rows[:, 1:, t.KIND] == t.Kind.NOTHING
        assert not batch.counts[padding].any()


def test_what_is_too_long_loses_its_end() -> None:
    lesson = lessons(1)[0]
    batch = padded([lesson], 10)
    assert np.array_equal(batch.rows[0], lesson.rows[:11])
    assert np.array_equal(batch.counts[0], lesson.counts[1:11])
