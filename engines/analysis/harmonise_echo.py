"""What a first hearing expects elsewhere: two, four and more bars away, and wherever the same melody returns.

Songs go round in loops, and an equal melody mostly carries equal chords; the second hearing weighs both.
"""

from __future__ import annotations

import numpy as np

from engines.analysis.score import Bools, Floats, Grid, Ints

LAGS: tuple[tuple[int, ...], ...] = ((2,), (4,), (8, 16))
"""Bars away, before and after; each group is one echo."""
ALIKE = 0.9
"""Cosine of two bars (and, at half weight, of the bars after them) from which they count as the same melody."""
NAMES = ("2 bars away", "4 bars away", "8 or 16 bars away", "same melody")
"""The echoes, each with one column for every state."""


def echoes(expected: Floats, sounding: Floats, grid: Grid) -> Floats:
    """Beats × (echoes · states): the mean expectation at the same beat of the bars that each echo compares with."""
    place = _places(grid)
    bar, inside = grid.bar_of_beat, grid.beat_in_bar
    found = []
    for lags in LAGS:
        bars = np.stack([bar + sign * lag for lag in lags for sign in (1, -1)], axis=1)
        there = place[np.clip(bars, -1, grid.n_bars), inside[:, None]]
        found.append(_mean(expected, there))
    found.append(_same_melody(expected, same_bars(sounding, grid), place, grid))
    return np.concatenate(found, axis=1)


def _places(grid: Grid) -> Ints:
    """The beat at each bar and place in the bar, -1 where there is none; one empty bar more, for bars out of range."""
    out = np.full((grid.n_bars + 1, int(grid.beat_in_bar.max()) + 1), -1, dtype=np.int64)
    out[grid.bar_of_beat, grid.beat_in_bar] = np.arange(grid.n_beats)
    return out


def _mean(expected: Floats, there: Ints) -> Floats:
    """The mean over the beats that exist; an even chance where none does."""
    known = there >= 0
    count = known.sum(axis=1)
    total: Floats = (expected[there] * known[:, :, None]).sum(axis=1)
    total[count == 0] = 1.0 / expected.shape[1]
    total /= np.maximum(count, 1)[:, None]
    return total


def same_bars(sounding: Floats, grid: Grid) -> Bools:
    """Bars × bars: which carry the same melody; no bar is its own repeat."""
    total = np.zeros((grid.n_bars, 12))
    np.add.at(total, grid.bar_of_beat, sounding)
    after = np.concatenate([total[1:], np.zeros((1, 12))])
    shape = np.concatenate([total, 0.5 * after], axis=1)
    shape /= np.linalg.norm(shape, axis=1, keepdims=True) + 1e-9
    same: Bools = (shape @ shape.T > ALIKE) & (total.sum(axis=1) > 0)[:, None]
    np.fill_diagonal(same, False)
    return same


def _same_melody(expected: Floats, same: Bools, place: Ints, grid: Grid) -> Floats:
    bar, inside = grid.bar_of_beat, grid.beat_in_bar
    n_states = expected.shape[1]
    there = place[:-1]
    known = there >= 0
    link = same.astype(np.float64)
    total = (link @ np.where(known[:, :, None], expected[there], 0.0).reshape(len(there), -1)).reshape(*there.shape, -1)
    count = link @ known
    mean = total / np.maximum(count, 1)[:, :, None]
    mean[count == 0] = 1.0 / n_states
    out: Floats = mean[bar, inside]
    return out
