"""Which tone is the bass of each chord, and which chords carry a ninth."""

from __future__ import annotations

import numpy as np

from engines.analysis.chord_columns import BeatColumns
from engines.analysis.chord_tables import ChordTables
from engines.analysis.score import Bools, Grid, Ints

WITH_NINTH = {"7": "9", "maj7": "maj9", "m7": "m9", "": "add9", "m": "m(add9)", "6": "69"}
"""What a quality is called when the ninth belongs to it."""
NINTH_HELD = 0.6
"""A ninth that is struck with the chord and sounds for this share of it belongs to it."""


def stretches(root: Ints, quality: Ints, grid: Grid) -> tuple[Ints, Ints]:
    """The first beat of every stretch with one chord inside one bar, and the stretch of each beat."""
    new = np.ones(grid.n_beats, dtype=np.bool_)
    new[1:] = (np.diff(root) != 0) | (np.diff(quality) != 0) | (np.diff(grid.bar_of_beat) != 0)
    return np.flatnonzero(new), np.cumsum(new) - 1


def find_bass(tables: ChordTables, columns: BeatColumns, grid: Grid, root: Ints, quality: Ints) -> Ints:
    """The bass of each beat's chord; -1 where there is no chord. It may change at a bar line, as in C | C/E."""
    first, of_beat = stretches(root, quality, grid)
    held = np.add.reduceat(columns.bass, first, axis=0) / np.bincount(of_beat)[:, None]
    above = (root[first, None] + np.arange(12)) % 12
    heard = np.take_along_axis(held, above, axis=1) * tables.bass_heard[0]
    heard += np.take_along_axis(columns.bass[first], above, axis=1) * tables.bass_heard[1]
    step = (tables.bass[quality[first]] + heard).argmax(axis=1)
    return np.where(root < 0, -1, (root + step[of_beat]) % 12)


def find_ninths(columns: BeatColumns, grid: Grid, root: Ints, quality: Ints) -> Bools:
    """Whether the ninth is struck with the chord and held."""
    first, of_beat = stretches(root, quality, grid)
    sounding = np.add.reduceat(np.minimum(columns.block, 1), first, axis=0) / np.bincount(of_beat)[:, None]
    ninth = sounding[np.arange(len(first)), (root[first] + 2) % 12]
    return np.asarray((ninth >= NINTH_HELD)[of_beat] & (root >= 0))
