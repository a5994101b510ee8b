"""Small pieces on the grid of 24 steps a quarter."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engines.analysis.score import Ints
from training.notes.pieces import Part, Piece

BAR = 96
Row = tuple[int, float, float, int]
FORMS = (
    "CFGCCFGC",
    "CDGCCDGC",
    "GCDGGCDG",
    "CAFGCAFG",
    "FCGCFCGC",
    "CEACCEAC",
    "CFCGCFCG",
    "DGACDGAC",
    "CGACCGAC",
    "EACDEACD",
)
"""Songs of letters, a bar each, that come back to what they began with."""


def rows(*notes: Row, velocity: int = 80) -> Ints:
    """(part, onset in quarters, length in quarters, pitch)."""
    table = [(part, round(onset * 24), 0, round(length * 24), pitch, velocity) for part, onset, length, pitch in notes]
    out = np.array(table, dtype=np.int64).reshape(-1, 6)
    return out[np.lexsort((out[:, 4], out[:, 0], out[:, 1]))]


def piece(notes: Ints, bars: int, names: Sequence[str] = ("MELODY", "PIANO"), *, archive: str = "pop909",
          id_: str = "001", fold: str = "test", drums: Sequence[int] = ()) -> Piece:  # fmt: skip
    """In 4/4, in C major."""
    parts = tuple(Part(name, 0, i in drums) for i, name in enumerate(names))
    lines = np.arange(bars + 1, dtype=np.int64) * BAR
    key = np.array([[0, 0, 0]], dtype=np.int64)
    return Piece(archive, id_, fold, "green", "CC0-1.0", "", parts, notes, lines, np.zeros((0, 3), dtype=np.int64), key)


def song(pattern: str, id_: str = "001") -> Piece:
    """A bar for each letter: the piano plays the letter's chord, the melody a figure of three notes that belongs to it."""
    notes: list[Row] = []
    for bar, letter in enumerate(pattern):
        root = 48 + "C D EF G A B".index(letter)
        notes += [(1, bar * 4 + beat, 2, root + step) for beat in (0, 2) for step in (0, 4, 7)]
        notes += [(0, bar * 4 + i, 1, root + 24 + step) for i, step in enumerate((0, 2, 4))]
    return piece(rows(*notes), len(pattern), id_=id_)
