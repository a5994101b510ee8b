"""What a chord is judged by: a beat, the two on either side, its bar, and the music around it.

The figures say nothing about absolute pitch: turned so that a candidate root comes first, they look the same in every
key, and one set of learned weights serves all twelve roots.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from engines.analysis.chord_columns import BeatColumns
from engines.analysis.score import Floats, Grid, Ints

Singles = npt.NDArray[np.float32]

LEVEL = 4.0
"""Every piece is brought to this much sound per beat, so that a duo and a big band are heard alike."""
NEAR, WIDE = 16, 64
"""Beats on either side that tell the key of the moment and of the passage."""
PITCH_ROWS = 18
"""Rows of twelve that `pitch_rows` gives for each beat."""
PLAIN_ROWS = 6
"""Figures that `plain_rows` gives for each beat."""


def pitch_rows(columns: BeatColumns, grid: Grid) -> Singles:
    """For each beat `PITCH_ROWS` rows of twelve pitch classes."""
    sound, attack, strike = _level(columns)
    full, bass, top = np.log1p(4 * sound), columns.bass, columns.top
    rows = [full, bass, top, np.log1p(4 * attack), np.log1p(4 * strike)]
    for beats in (-1, 1):
        rows += [_shift(full, beats), _shift(bass, beats), _shift(top, beats)]
    for beats in (-2, 2):
        rows += [_shift(full, beats), _shift(bass, beats)]
    rows += [np.log1p(4 * _by_bar(sound, grid.bar_of_beat)), 3 * _around(sound, NEAR), 3 * _around(sound, WIDE)]
    return np.stack(rows, axis=1).astype(np.float32)


def plain_rows(columns: BeatColumns, grid: Grid) -> Singles:
    """For each beat `PLAIN_ROWS` figures that have no pitch: a constant, how much sounds, and the place in the bar."""
    sound, attack, _ = _level(columns)
    place = metric_class(grid)
    rows = [np.ones(columns.n), np.log1p(sound.sum(axis=1)), np.log1p(attack.sum(axis=1)), columns.top.sum(axis=1)]
    return np.stack([*rows, place == 0, place == 1], axis=1).astype(np.float32)


def metric_class(grid: Grid) -> Ints:
    """0 for a downbeat, 1 for the middle of a bar that has one, 2 for the other beats."""
    beats = np.bincount(grid.bar_of_beat)[grid.bar_of_beat]
    middle = (beats % 2 == 0) & (grid.beat_in_bar * 2 == beats)
    return np.where(grid.beat_in_bar == 0, 0, np.where(middle, 1, 2)).astype(np.int64)


def _level(columns: BeatColumns) -> tuple[Floats, Floats, Floats]:
    total = columns.sound.sum(axis=1)
    mean = total[total > 0].mean() if (total > 0).any() else LEVEL
    factor = LEVEL / mean
    return columns.sound * factor, columns.attack * factor, columns.strike * factor


def _shift(rows: Floats, beats: int) -> Floats:
    """What stands so many beats later; nothing beyond the ends."""
    out = np.zeros_like(rows)
    if beats > 0:
        out[:-beats] = rows[beats:]
    else:
        out[-beats:] = rows[:beats]
    return out


def _by_bar(rows: Floats, bar: Ints) -> Floats:
    """The sum over the bar that each beat lies in."""
    sums = np.zeros((bar[-1] + 1, 12))
    np.add.at(sums, bar, rows)
    return sums[bar]


def _around(rows: Floats, beats: int) -> Floats:
    """The shares of the pitch classes among everything within so many beats."""
    run = np.concatenate([np.zeros((1, 12)), np.cumsum(rows, axis=0)])
    here = np.arange(len(rows))
    sums = run[np.minimum(here + beats + 1, len(rows))] - run[np.maximum(here - beats, 0)]
    return np.asarray(sums / (sums.sum(axis=1, keepdims=True) + 1e-3))
