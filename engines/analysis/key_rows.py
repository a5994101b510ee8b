"""What a key is judged by, bar by bar: which pitch classes sound, lead and carry, and which chords stand on them."""

from __future__ import annotations

import numpy as np

from engines.analysis.chord_columns import BeatColumns
from engines.analysis.chords import ChordReading
from engines.analysis.score import Bools, Floats, Grid, Ints

ROWS = 6
"""Rows of twelve for each bar: how much sounds, is on top, is lowest; how often it sounds; major and minor chords on it."""
AROUND = 2
"""Bars on either side that a bar is judged with."""
AUDIBLE = 0.05
"""A pitch class is heard in a beat when it fills more than this much of it."""


def bar_rows(columns: BeatColumns, chords: ChordReading, grid: Grid) -> tuple[Floats, Bools]:
    """[bars, ROWS, 12], and whether anything sounds around each bar."""
    bar, n = grid.bar_of_beat, grid.n_bars
    beats = np.maximum(_window(_by_bar(np.ones((len(bar), 1)), bar, n)), 1)
    parts = [_window(_by_bar(part, bar, n)) for part in (columns.sound, columns.top, columns.bass)]
    rows = [part / (part.sum(axis=1, keepdims=True) + 1e-3) for part in parts]
    heard = (columns.sound > AUDIBLE).astype(np.float64)
    rows += [_window(_by_bar(part, bar, n)) / beats for part in (heard, *_triads(chords))]
    return np.stack(rows, axis=1), np.asarray(parts[0].sum(axis=1) > 0)


def _triads(chords: ChordReading) -> tuple[Floats, Floats]:
    """[beats, 12]: the roots of chords with a major third, and of those with a minor one."""
    out = []
    for third in (4, 3):
        beats = np.flatnonzero((chords.third == third) & (chords.root >= 0))
        table = np.zeros((len(chords.root), 12))
        table[beats, chords.root[beats]] = 1.0
        out.append(table)
    return out[0], out[1]


def _by_bar(part: Floats, bar: Ints, n: int) -> Floats:
    out = np.zeros((n, part.shape[1]))
    np.add.at(out, bar, part)
    return out


def _window(part: Floats) -> Floats:
    total = np.concatenate([np.zeros((1, part.shape[1])), np.cumsum(part, axis=0)])
    at = np.arange(len(part))
    out: Floats = total[np.minimum(at + AROUND + 1, len(part))] - total[np.maximum(at - AROUND, 0)]
    return out
