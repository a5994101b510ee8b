"""Lessons without end, sorted into batches of one length; the same seed gives the same lessons on every machine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engines.models import tokens as t
from training.notes.pieces import Piece
from training.notes.windows import MOST_EVENTS, Lesson, cut, fill_lesson, live_lesson

LENGTHS = (192, 320, MOST_EVENTS)
"""Few lengths, so that a compiled model is compiled few times."""
POOL = 24
"""Batches that are drawn together and sorted by length."""
WEIGHTS = {"pop909": 1.5, "freedoom_music": 2.0, "popular_extra": 2.0, "slakh2100_q16": 0.7}
"""How often a note of an archive is met, beside 1 for the others."""
BARS = (4, 8, 8, 8, 12, 16)
LIVE = 0.4
"""The share of lessons in live order."""


@dataclass(frozen=True)
class Batch:
    """Padded lessons."""

    rows: npt.NDArray[np.int64]
    """[lessons, length + 1, WIDTH]; what follows an event is the next row."""
    counts: npt.NDArray[np.float32]
    """[lessons, length, predicted fields]."""


class Lessons:
    """The pieces to learn from."""

    def __init__(self, pieces: Sequence[Piece], seed: int, events: int) -> None:
        self._pieces = [piece for piece in pieces if len(piece.notes) > 8 and len(piece.bars) > 2]
        weight = np.array([len(p.notes) * WEIGHTS.get(p.archive, 1.0) for p in self._pieces])
        self._chance = np.cumsum(weight / weight.sum())
        self._seed, self._events = seed, events

    def from_pool(self, first: int) -> Iterator[Batch]:
        """Batches from pool `first` on; pools hold POOL batches."""
        pool = first
        while True:
            yield from self._pool(np.random.default_rng([self._seed, pool]))
            pool += 1

    def lesson(self, rng: np.random.Generator) -> Lesson:
        """One lesson, whatever comes."""
        while True:
            piece = self._pieces[min(int(np.searchsorted(self._chance, rng.random())), len(self._pieces) - 1)]
            bars = min(int(rng.choice(BARS)), len(piece.bars) - 1)
            window = cut(piece, int(rng.integers(len(piece.bars) - bars)), bars, rng)
            if len(window.rows) >= 4:
                return live_lesson(window, rng) if rng.random() < LIVE else fill_lesson(window, rng)

    def _pool(self, rng: np.random.Generator) -> list[Batch]:
        waiting: dict[int, list[Lesson]] = {length: [] for length in LENGTHS}
        out: list[Batch] = []
        while len(out) < POOL:
            lesson = self.lesson(rng)
            length = next((n for n in LENGTHS if len(lesson.rows) <= n + 1), LENGTHS[-1])
            waiting[length].append(lesson)
            if len(waiting[length]) == self._events // length:
                out.append(padded(waiting[length], length))
                waiting[length] = []
        return out


def padded(lessons: Sequence[Lesson], length: int) -> Batch:
    """Lessons of one length; what is too long loses its end."""
    rows = np.zeros((len(lessons), length + 1, t.WIDTH), dtype=np.int64)
    counts = np.zeros((len(lessons), length, len(t.WHEN) + len(t.WHAT)), dtype=np.float32)
    for i, lesson in enumerate(lessons):
        n = min(len(lesson.rows), length + 1)
        rows[i, :n] = lesson.rows[:n]
        counts[i, : n - 1] = lesson.counts[1:n]
    return Batch(rows, counts)
