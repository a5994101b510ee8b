"""What a cell is asked to be when nobody asks."""

from __future__ import annotations

import numpy as np

from engines.models import tokens as t
from engines.models.cells import Controls, controls_around, controls_of
from tests.engines.models.notes_examples import BAR, ballad

WINDOW = ballad()
CHORDS, MELODY = 2, 1


def controls(bar: int, slot: int) -> Controls:
    rows = WINDOW.rows[(WINDOW.rows[:, t.BAR] + t.EARLIEST_BAR - 1 == bar) & (WINDOW.rows[:, t.SLOT] == slot)]
    return controls_of(rows, BAR)


def test_a_gap_is_to_be_played_as_the_bars_beside_it() -> None:
    found = controls_around(WINDOW.rows, WINDOW.bar_steps, (1, CHORDS), {(1, CHORDS)})
    before, after = controls(0, CHORDS), controls(2, CHORDS)
    assert found.density == before.density == after.density
    assert min(before.register, after.register) <= found.register <= max(before.register, after.register)
    assert found.voices == before.voices


def test_hidden_bars_are_not_looked_at() -> None:
    changed = WINDOW.rows.copy()
    hidden = (changed[:, t.BAR] + t.EARLIEST_BAR - 1 == 1) & (changed[:, t.SLOT] == CHORDS)
    changed[hidden, t.PITCH] += 24
    cell, gap = (2, CHORDS), {(1, CHORDS), (2, CHORDS)}
    sides = [controls_around(rows, WINDOW.bar_steps, cell, gap) for rows in (WINDOW.rows, changed)]
    assert sides[0] == sides[1] != Controls()


def test_nothing_is_asked_of_a_part_that_plays_nowhere_else() -> None:
    bars = {(bar, MELODY) for bar in range(len(WINDOW.bar_steps))}
    assert controls_around(WINDOW.rows, WINDOW.bar_steps, (1, MELODY), bars) == Controls()
    assert np.array_equal(WINDOW.rows, ballad().rows)
