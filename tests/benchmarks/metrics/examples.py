"""Tiny pieces for the measures: times in quarters, 4/4 unless said."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engines.analysis.score import Grid, Notes
from engines.music.time import PPQ, MeterMap, Ticks

Row = tuple[float, float, int] | tuple[float, float, int, int] | tuple[float, float, int, int, int]


def notes(*rows: Row, drum: bool = False) -> Notes:
    """(onset, length, pitch), then optionally track (0) and velocity (80)."""
    full = [(*row, *(0, 80)[len(row) - 3 :]) for row in rows]
    table = np.array(full, dtype=np.float64).reshape(-1, 5)
    table = table[np.lexsort((table[:, 2], table[:, 0]))]
    start, length = np.rint(table[:, 0] * PPQ).astype(np.int64), np.rint(table[:, 1] * PPQ).astype(np.int64)
    pitch, track, velocity = table[:, 2:].astype(np.int64).T
    return Notes(start, start + length, pitch, velocity, track, np.full(len(table), drum))


def grid(bars: int, meter: str = "4/4") -> Grid:
    map_ = MeterMap.of((0, meter))
    return Grid.of(map_, Ticks(map_.bar_start(bars + 1)))


def tune(pitches: Sequence[int], start: float = 0, track: int = 0) -> list[Row]:
    """Quarter notes one after another."""
    return [(start + i, 1.0, pitch, track) for i, pitch in enumerate(pitches)]
