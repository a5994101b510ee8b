"""What a key is judged by, bar by bar: which pitch classes sound, lead and carry, and which chords stand on them.

As with chords, the figures are the same in every key once they are turned to the tonic.
"""

from __future__ import annotations

import numpy as np

from engines.analysis.chord_columns import BeatColumns
from engines.analysis.chords import ChordReading
from engines.analysis.score import Bools, Floats, Grid, Ints

KEY_ROWS = 6
"""Rows of twelve for each bar: sound, highest, lowest, presence, major chords, minor chords."""
AROUND = 2
"""Bars on either side that are heard along with a bar."""
PRESENT = 0.05
"""A pitch class is present in a beat when it fills more than this much of it."""


def key_rows(columns: BeatColumns, chords: ChordReading, grid: Grid) -> Floats:
    """[bars, KEY_ROWS, 12]: each bar together with its neighbours."""
    bar = grid.bar_of_beat
    beats = _around(np.bincount(bar, minlength=grid.n_bars)[:, None].astype(np.float64)) + 1e-6
    rows = [_shares(_around(_by_bar(one, bar))) for one in (columns.sound, columns.top, columns.bass)]
    rows.append(_around(_by_bar((columns.sound > PRESENT).astype(np.float64), bar)) / beats)
    for third in (4, 3):
        stands = np.zeros((grid.n_beats, 12))
        there = np.flatnonzero((chords.root >= 0) & (chords.third == third))
        stands[there, chords.root[there]] = 1
        rows.append(_around(_by_bar(stands, bar)) / beats)
    return np.stack(rows, axis=1)


def sounding_bars(columns: BeatColumns, grid: Grid) -> Bools:
    """The bars in which anything sounds."""
    return np.bincount(grid.bar_of_beat, columns.is_sounding, minlength=grid.n_bars) > 0


def _by_bar(rows: Floats, bar: Ints) -> Floats:
    sums = np.zeros((bar[-1] + 1, 12))
    np.add.at(sums, bar, rows)
    return sums


def _around(rows: Floats) -> Floats:
    """The sum over the bars at most AROUND away."""
    run = np.concatenate([np.zeros((1, rows.shape[1])), np.cumsum(rows, axis=0)])
    here = np.arange(len(rows))
    return np.asarray(run[np.minimum(here + AROUND + 1, len(rows))] - run[np.maximum(here - AROUND, 0)])


def _shares(rows: Floats) -> Floats:
    return np.asarray(rows / (rows.sum(axis=1, keepdims=True) + 1e-3))
