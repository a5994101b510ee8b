"""The baselines. None of them learns anything but the kNN; each is a few lines, so that losing to one is worth knowing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from benchmarks.infill.copying import CLASSES, NOTHING, blocks, copied, joined, match, sources
from benchmarks.infill.tasks import Task
from engines.analysis.score import Ints

TRANSPOSED_BY, PENALTY = 0.1, 0.3
"""How much better the other parts must match before a bar is offered transposed, and what its match then counts less. Of the
values tried on validation songs these gave the best first and the best of eight candidates over the three archives."""


class Filler(Protocol):
    """Whoever fills cells: a baseline or a model."""

    name: str

    def fill(self, task: Task) -> Ints:
        """Notes for the hidden cells, in the columns of a piece, from step 0 of the window."""
        ...


@dataclass(frozen=True)
class Candidate:
    """One way to fill a task by copying, for a model to judge."""

    notes: Ints
    score: float
    """How well the other parts match, 0 to 1, less PENALTY if transposed."""
    transposed: int
    """By how many semitones."""


class Silence:
    """Nothing."""

    name = "nothing"

    def fill(self, task: Task) -> Ints:
        """No note."""
        return NOTHING


class CopyPrevious:
    """The bars before: as many as are hidden, or the last one again where there are fewer."""

    name = "copy previous bar"

    def fill(self, task: Task) -> Ints:
        """Copy."""
        length, first = len(task.bars), task.bars[0]
        rows = [copied(task, bar - length if bar >= length else first - 1, bar) for bar in task.bars]
        return joined(rows)


class RandomBar:
    """The floor: some bar of the window in which the part plays."""

    name = "random bar in window"

    def fill(self, task: Task) -> Ints:
        """Copy, as chance has it; the same task gets the same bar."""
        rng = np.random.default_rng(list(task.id.encode()))
        return joined([copied(task, int(rng.choice(sources(task))), bar) for bar in task.bars])


class HarmonicMatch:
    """The bar of the window whose other parts match best (onset by pitch class); the nearer one on a tie, the earlier if
    both are as near. Where nothing else plays, that is the bar before.
    """

    name = "harmonic-match copy"

    def fill(self, task: Task) -> Ints:
        """Copy bar by bar."""
        table, among = blocks(task), sources(task)
        rows = []
        for bar in task.bars:
            likeness = match(table[bar : bar + 1], table[among])[0].round(9)
            best = min(range(len(among)), key=lambda i: (-likeness[i], abs(among[i] - bar), among[i]))
            rows.append(copied(task, among[best], bar))
        return joined(rows)

    def candidates(self, task: Task, n: int) -> list[Candidate]:
        """The n best copies, best first; several hidden bars are copied from as many in a row where that is possible.

        A copy is transposed where the other parts, transposed so, match better by a clear margin than as they are. The first
        candidate is what `fill` gives, unless a transposed bar matches much better.
        """
        table, among = blocks(task), sources(task)
        likeness = np.stack([match(table, np.roll(table, t, axis=2)) for t in range(CLASSES)])
        plain = float(likeness[0][np.ix_(task.bars, among)].max(axis=1).mean())
        found = [Candidate(self.fill(task), plain, 0)]
        for shift in range(-len(table) + 1, len(table)):
            from_bars = [bar + shift for bar in task.bars]
            if not all(bar in among for bar in from_bars):
                continue
            pairs = list(zip(from_bars, task.bars, strict=True))
            scores = likeness[:, task.bars, from_bars].mean(axis=1).tolist()
            for t, score in enumerate(scores):
                if t == 0 or score > scores[0] + TRANSPOSED_BY:
                    by = t if t < 7 else t - CLASSES
                    found.append(
                        Candidate(joined([copied(task, a, b, by) for a, b in pairs]), score - (PENALTY if t else 0), by)
                    )
        ranked = sorted(found, key=lambda one: -one.score)
        kept: dict[bytes, Candidate] = {}
        for one in ranked:
            kept.setdefault(one.notes.tobytes(), one)
        return list(kept.values())[:n]


class TransposedMatch(HarmonicMatch):
    """The best candidate, transposed where that helps."""

    name = "harmonic match, transposed"

    def fill(self, task: Task) -> Ints:
        """The first candidate."""
        return HarmonicMatch().candidates(task, 1)[0].notes
