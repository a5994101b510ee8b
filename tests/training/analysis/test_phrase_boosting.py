"""Boosted trees learn what they are shown."""

from __future__ import annotations

import numpy as np

from training.analysis.phrase_boosting import Recipe, grow

SMALL = Recipe(trees=40, depth=2, rate=0.3, rows=0.8, cues=1.0)


def test_trees_learn_an_interplay_of_two_cues() -> None:
    rng = np.random.default_rng(0)
    rows = rng.random((2000, 3)).astype(np.float32)
    target = ((rows[:, 0] > 0.5) & (rows[:, 1] > 0.5)).astype(np.float64)
    trees, helped = grow(rows, target, np.ones(2000), SMALL, seed=1)
    assert ((trees.log_odds(rows) > 0) == (target > 0)).mean() > 0.97
    assert helped[2] < 0.05 * helped[:2].min()


def test_growth_repeats_itself() -> None:
    rng = np.random.default_rng(0)
    rows, target = rng.random((300, 4)).astype(np.float32), rng.random(300)
    first, second = (grow(rows, target, np.ones(300), SMALL, seed=3)[0] for _ in range(2))
    assert first.to_dict() == second.to_dict()


def test_heavier_rows_count_more() -> None:
    rows = np.zeros((100, 1), dtype=np.float32)
    target = np.repeat([0.0, 1.0], 50)
    even, _ = grow(rows, target, np.ones(100), SMALL, seed=1)
    tilted, _ = grow(rows, target, np.where(target > 0, 3.0, 1.0), SMALL, seed=1)
    assert abs(even.log_odds(rows)[0]) < 0.1
    assert tilted.log_odds(rows)[0] > 0.8
