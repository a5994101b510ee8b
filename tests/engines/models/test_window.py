"""What a window tells the note decoder."""

from __future__ import annotations

import numpy as np

from engines.models import tokens as t
from engines.models.cells import Controls, controls_of
from engines.models.notes import Task, nearest
from engines.models.window import bars_of, head, hidden_notes, merged, moved, opening, window_of
from tests.engines.models.notes_examples import BAR, C_MAJOR, ballad


def test_a_window_says_key_bar_and_who_plays() -> None:
    rows = opening(ballad())
    assert rows[:, t.KIND].tolist() == [t.Kind.START, t.Kind.PART, t.Kind.PART, t.Kind.PART]
    assert rows[0, [t.POSITION, t.ROOT, t.QUALITY]].tolist() == [BAR, 2, 1]
    assert rows[1:, t.PROGRAM].tolist() == [1, 1, t.DRUM_PROGRAM]
    silent = opening(ballad(), say_key=False, ours={2})
    assert silent[0, t.ROOT] == 0
    assert silent[2, t.KIND] == t.Kind.PARTNER


def test_notes_and_chords_come_in_order_of_time() -> None:
    window = ballad()
    rows = merged(window, window.rows)
    place = bars_of(rows) * 1000 + rows[:, t.POSITION]
    assert (np.diff(place) >= 0).all()
    first = rows[bars_of(rows) == 2][0]
    assert first[t.KIND] == t.Kind.CHORD
    assert first[[t.ROOT, t.QUALITY]].tolist() == [5 + 2, 1]
    assert not (merged(window, window.rows, say_chords=False)[:, t.KIND] == t.Kind.CHORD).any()


def test_a_change_of_meter_is_told_at_its_bar_line() -> None:
    lines = np.array([0, 96, 168, 240], dtype=np.int64)
    nothing = np.zeros((0, 3), dtype=np.int64)
    notes = np.array([(0, 0, 24, 60, 80), (96, 0, 24, 60, 80)], dtype=np.int64)
    slot, programs = np.ones(2, dtype=np.int64), np.array([1], dtype=np.int64)
    window = window_of(notes, slot, programs, lines, nothing, C_MAJOR, np.zeros(2, dtype=bool))
    rows = merged(window, window.rows)
    assert rows[:, t.KIND].tolist() == [t.Kind.CONTEXT, t.Kind.METER, t.Kind.CONTEXT]
    assert rows[1, t.POSITION] == 72


def test_the_chord_that_holds_at_the_start_may_be_older_than_the_window() -> None:
    chords = np.array([(0, 7, 2), (500, 0, 0)], dtype=np.int64)
    window = window_of(
        np.array([(200, 0, 24, 60, 80)], dtype=np.int64), np.ones(1, dtype=np.int64), np.array([1], dtype=np.int64),
        np.array([192, 288], dtype=np.int64), chords, C_MAJOR, np.zeros(1, dtype=bool),
    )  # fmt: skip
    assert window.chords[:, [t.POSITION, t.ROOT, t.QUALITY]].tolist() == [[1, 9, 3]]


def test_hidden_cells_are_no_context_and_bars_count_from_the_first_of_them() -> None:
    window = ballad()
    task = Task(window, ((2, 2), (3, 2)))
    prompt = task.prompt()
    heard = prompt[prompt[:, t.KIND] == t.Kind.CONTEXT]
    assert len(heard) == len(window.rows) - int(hidden_notes(window, task.cells).sum())
    assert bars_of(heard).min() == -2
    assert not ((bars_of(heard) >= 0) & (heard[:, t.SLOT] == 2)).any()
    assert bars_of(task.head((3, 2))[None])[0] == 1


def test_a_cell_is_headed_by_its_chord_and_what_is_asked() -> None:
    row = head(ballad(), (1, 2), Controls(density=3, voices=2))
    assert row[[t.SLOT, t.PROGRAM, t.ROOT, t.QUALITY]].tolist() == [2, 1, 9 + 2, 2]
    assert row[[t.DENSITY, t.REGISTER, t.VOICES]].tolist() == [3, 0, 2]
    assert head(ballad(), (1, 2), Controls(), say_chords=False)[t.ROOT] == 0


def test_what_a_cell_is_like_can_be_read_off_its_notes() -> None:
    window = ballad()
    chords = window.rows[hidden_notes(window, [(0, 2)])]
    asked = controls_of(chords, BAR)
    assert asked.voices == 1 + 3
    assert asked.density == t.density_class(6, BAR)
    drums = window.rows[hidden_notes(window, [(0, 3)])]
    assert controls_of(drums, BAR).register == 0


def test_moving_bars_there_and_back_changes_nothing() -> None:
    rows = merged(ballad(), ballad().rows)
    assert np.array_equal(moved(moved(rows, 3), -3), rows)


def test_too_much_context_loses_what_is_far_and_of_others_first() -> None:
    window = ballad(8)
    kept = nearest(window.rows, ((7, 1),), 40)
    assert len(kept) == 40
    assert bars_of(kept).min() > 3
    assert (np.diff(bars_of(kept)) >= 0).all()
    assert nearest(window.rows, ((7, 1),), 10_000) is window.rows
