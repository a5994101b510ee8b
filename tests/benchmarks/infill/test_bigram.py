"""The bigram baseline, with probabilities counted by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.infill.bigram import SIZES, WEIGHT, Bigram, Lines, note_cost
from engines.models import tokens
from tests.benchmarks.infill.examples import piece, rows
from tests.benchmarks.infill.test_fillers import hide
from training.notes.pieces import Part

ROWS = rows((0, 0, 1, 60), (0, 0, 1, 64), (0, 2, 2, 60), (0, 5, 1, 62))
PIANO = Part("PIANO", 0, False)


def test_a_note_follows_its_cell_and_its_part() -> None:
    lines = Lines.of(ROWS, np.array([0, 96, 192]), PIANO)
    assert [column.tolist() for column in lines.pairs("position")] == [[0, 1, 1, 0], [1, 1, 49, 25]]
    assert [column.tolist() for column in lines.pairs("pitch")] == [[0, 61, 65, 61], [61, 65, 61, 63]]
    assert [column.tolist() for column in lines.pairs("length")] == [[0, 24, 24, 48], [24, 24, 48, 24]]
    assert [column.tolist() for column in lines.pairs("sixteenths")] == [[0, 4, 4, 8], [4, 4, 8, 4]]


def test_every_cell_has_one_end() -> None:
    context, value = Lines.of(ROWS, np.array([0, 96, 192]), PIANO).pairs("kind")
    assert context.tolist() == [0, 1, 1, 0, 49, 25]
    assert value.tolist() == [1, 1, 1, 1, 0, 0]
    assert Lines.of(ROWS[:0], np.array([0, 96]), PIANO).pairs("kind")[0].tolist() == []


def smoothed(count: float, of: float, single: float) -> float:
    return -np.log((count + WEIGHT * single) / (of + WEIGHT))


def test_costs_are_smoothed_counts() -> None:
    # Training: eight bars of two notes, on 1 and on 3, a C each time.
    training = piece(rows(*[(0, bar * 4.0 + i, 1, 60) for bar in range(8) for i in (0, 2)]), 8, ("MELODY",))
    model = Bigram.of([training])
    cost = model.nll(hide(training, 0, 4))
    size = tokens.FIELDS[tokens.POSITION].size
    half = (8 + 1 / size) / 17
    assert cost["position"].tolist() == pytest.approx([smoothed(8, 8, half)] * 2)
    # Of 16 lengths, all a quarter, one follows nothing.
    certain = (16 + 1 / tokens.FIELDS[tokens.LENGTH].size) / 17
    assert cost["length"].tolist() == pytest.approx([smoothed(15, 15, certain)] * 2)
    # A note after the start (8 of 8), after 1 (8 of 8), the end after 3 (8 of 8), halved over two notes.
    note, end = (16 + 1 / 2) / 25, (8 + 1 / 2) / 25
    first, last = smoothed(8, 8, note), smoothed(8, 8, end)
    assert cost["kind"].tolist() == pytest.approx([first + last / 2] * 2)
    assert note_cost(cost).tolist() == pytest.approx((cost["position"] + cost["pitch"] + cost["length"]).tolist())


def test_tones_are_learned_in_every_key_and_drums_as_they_are() -> None:
    tune = piece(rows(*[(0, i, 1, 60 + 4 * (i % 2)) for i in range(32)]), 8, ("MELODY",))
    moved = tune.notes.copy()
    moved[:, 4] += 3
    model = Bigram.of([tune])
    here, there = (model.nll(hide(one, 0, 4))["pitch"].mean() for one in (tune, replace(tune, notes=moved)))
    assert max(here, there) < 1
    kit, other = (replace(one, parts=(Part("KIT", 0, True),)) for one in (tune, replace(tune, notes=moved)))
    model = Bigram.of([kit])
    assert model.nll(hide(other, 0, 4))["pitch"].mean() > model.nll(hide(kit, 0, 4))["pitch"].mean() + 1


def test_every_field_is_a_distribution() -> None:
    model = Bigram.of([piece(ROWS, 2, ("MELODY",))])
    for name in SIZES:
        assert np.exp(model._log[name]).sum(axis=1) == pytest.approx(1)


def test_all_hidden_parts_are_paid_for() -> None:
    whole = piece(rows(*[(part, bar * 4.0 + i, 1, 60) for part in (0, 1) for bar in range(8) for i in range(3)]), 8)
    one = hide(whole, None, 4)
    cost = Bigram.of([whole]).nll(one)
    assert all(len(values) == len(one.answer) == 6 for values in cost.values())


def test_the_bigram_judges_fills() -> None:
    training = piece(rows(*[(0, bar * 4.0 + i, 1, 60) for bar in range(8) for i in (0, 2)]), 8, ("MELODY",))
    model, one = Bigram.of([training]), hide(training, 0, 4)
    odd = one.answer.copy()
    odd[:, 4] += 1
    assert model.cost(one.task, one.answer) < model.cost(one.task, odd) < model.cost(one.task, odd[:0])
