"""Gradient boosting of complete binary trees for yes-or-no targets, in numpy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engines.analysis.phrase_trees import LEAF_UNIT, Trees
from engines.analysis.score import Floats, Ints

Rows = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Recipe:
    """How trees are grown."""

    trees: int = 300
    depth: int = 4
    rate: float = 0.08
    """The share of each tree's advice that is taken."""
    rows: float = 0.5
    """The share of rows that each tree sees."""
    cues: float = 0.3
    """The share of cues that each tree may ask for."""
    smooth: float = 5.0
    """Rows of doubt that every leaf starts with."""
    bins: int = 48
    """Values that a threshold can take."""


def _edges(column: npt.NDArray[np.float32], bins: int) -> npt.NDArray[np.float32]:
    values = np.unique(column)
    if len(values) <= bins:
        edges = (values[1:] + values[:-1]) / 2
    else:
        edges = np.unique(np.quantile(column, np.linspace(0, 1, bins + 1)[1:-1]))
    # Thresholds are stored with five digits: they are learned so.
    return np.unique(np.array([float(f"{edge:.5g}") for edge in edges], dtype=np.float32))


def grow(rows: Rows, target: Floats, weight: Floats, recipe: Recipe, seed: int) -> tuple[Trees, Floats]:
    """Trees for the log-odds of `target` (0 to 1), and how much each cue helped."""
    rng = np.random.default_rng(seed)
    edges = [_edges(rows[:, i], recipe.bins) for i in range(rows.shape[1])]
    binned = np.stack([np.searchsorted(e, rows[:, i], side="left") for i, e in enumerate(edges)]).astype(np.int16)
    share = float((weight * target).sum() / weight.sum())
    base = round(LEAF_UNIT * float(np.log(share / (1 - share))))
    odds = np.full(len(rows), base / LEAF_UNIT)
    help_ = np.zeros(rows.shape[1])
    parts: list[tuple[Ints, Rows, Ints]] = []
    for _ in range(recipe.trees):
        chance = 1 / (1 + np.exp(-odds))
        slope = (chance - target) * weight
        bend = np.maximum(chance * (1 - chance), 1e-4) * weight
        chosen = np.flatnonzero(rng.random(len(rows)) < recipe.rows)
        asked = rng.choice(rows.shape[1], max(1, int(rows.shape[1] * recipe.cues)), replace=False)
        tree = _tree(binned, edges, chosen, asked, slope[chosen], bend[chosen], recipe, help_)
        parts.append(tree)
        odds += Trees(tree[0][None], tree[1][None], tree[2][None], 0).log_odds(rows)
    cue, threshold, leaf = (np.stack(column) for column in zip(*parts, strict=True))
    return Trees(cue, threshold.astype(np.float32), leaf, base), help_


def _tree(
    binned: npt.NDArray[np.int16],
    edges: list[Rows],
    chosen: Ints,
    asked: Ints,
    slope: Floats,
    bend: Floats,
    recipe: Recipe,
    help_: Floats,
) -> tuple[Ints, Rows, Ints]:
    """One tree, level by level: every node of a level looks for its best question at once."""
    inner, bins = 2**recipe.depth - 1, recipe.bins
    cue, threshold = np.zeros(inner, dtype=np.int64), np.full(inner, 1e9, dtype=np.float32)
    seen = binned[asked][:, chosen]
    node = np.zeros(len(chosen), dtype=np.int64)
    for level in range(recipe.depth):
        nodes = 2**level
        gain = _gains(seen, node, nodes, slope, bend, recipe)
        right = np.zeros(len(chosen), dtype=np.bool_)
        for k in range(nodes):
            which, edge = divmod(int(np.argmax(gain[:, k])), bins - 1)
            if gain[which, k, edge] <= 1e-6 or edge >= len(edges[asked[which]]):
                continue
            at = nodes - 1 + k
            cue[at], threshold[at] = asked[which], edges[asked[which]][edge]
            help_[asked[which]] += gain[which, k, edge]
            here = node == k
            right[here] = seen[which, here] > edge
        node = 2 * node + right
    leaves = 2**recipe.depth
    total = np.bincount(node, slope, leaves), np.bincount(node, bend, leaves)
    leaf = np.rint(-LEAF_UNIT * recipe.rate * total[0] / (total[1] + recipe.smooth)).astype(np.int64)
    return cue, threshold, leaf


def _gains(seen: npt.NDArray[np.int16], node: Ints, nodes: int, slope: Floats, bend: Floats, recipe: Recipe) -> Floats:
    """Cue × node × threshold: how much a split there would help; -1 where it would leave too little on one side."""
    shape = (len(seen), nodes, recipe.bins)
    slopes, bends = np.empty(shape), np.empty(shape)
    for i, values in enumerate(seen):
        cell = node * recipe.bins + values
        slopes[i] = np.bincount(cell, slope, nodes * recipe.bins).reshape(nodes, recipe.bins)
        bends[i] = np.bincount(cell, bend, nodes * recipe.bins).reshape(nodes, recipe.bins)
    left, left_bend = slopes.cumsum(axis=2)[:, :, :-1], bends.cumsum(axis=2)[:, :, :-1]
    all_, all_bend = slopes.sum(axis=2, keepdims=True), bends.sum(axis=2, keepdims=True)
    smooth = recipe.smooth
    gain: Floats = (
        left**2 / (left_bend + smooth)
        + (all_ - left) ** 2 / (all_bend - left_bend + smooth)
        - all_**2 / (all_bend + smooth)
    )
    gain[(left_bend < smooth) | (all_bend - left_bend < smooth)] = -1
    return gain
