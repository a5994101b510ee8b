"""Choosing among candidates: by a judge that knows music, or, as the ceiling, by the answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from benchmarks.corpus import ONSET, PART, PITCH
from benchmarks.infill.copying import copied, joined, sources
from benchmarks.infill.fillers import Filler, HarmonicMatch
from benchmarks.infill.tasks import Exercise, Task
from engines.analysis.score import Bools, Ints


class Judge(Protocol):
    """Whoever can say how likely a fill is: a model, or the bigram."""

    def cost(self, task: Task, notes: Ints) -> float:
        """The lower the likelier; figures are compared within one task only."""
        ...


class Ranked:
    """The likeliest of the candidates of harmonic match, and of what other fillers offer beside them."""

    def __init__(
        self, name: str, judge: Judge, beside: Sequence[Filler] = (), n: int = 8, trust: float = 0.0, match: float = 0.5
    ) -> None:
        """`trust` is how many nats a full match of the other parts is worth; what has no match counts as `match`."""
        self.name = name
        self._judge = judge
        self._beside = beside
        self._n = n
        self._trust, self._match = trust, match

    def fill(self, task: Task) -> Ints:
        """The one that costs least; of equals the one that matches better."""
        offered = [(one.notes, one.score) for one in HarmonicMatch().candidates(task, self._n)]
        offered += [(filler.fill(task), self._match) for filler in self._beside]
        return min(offered, key=lambda one: self._judge.cost(task, one[0]) - self._trust * one[1])[0]


def is_same(a: Ints, b: Ints) -> Bools:
    """For each row of a whether b has a note of that part, onset and pitch."""
    keys = [rows[:, PART] << 40 | rows[:, ONSET] << 8 | rows[:, PITCH] for rows in (a, b)]
    return np.asarray(np.isin(keys[0], keys[1]))


def agreement(found: Ints, wanted: Ints) -> float:
    """F1 of (part, onset, pitch); for oracles, which look at the answer."""
    if not len(found) and not len(wanted):
        return 1.0
    return 2 * int(is_same(found, wanted).sum()) / (len(found) + len(wanted))


def oracle_bar(exercise: Exercise) -> Ints:
    """The ceiling of copying: for each hidden bar the bar of the window that is most like the answer."""
    task, lines, rows = exercise.task, exercise.task.window.bars, []
    for bar in task.bars:
        onset = exercise.answer[:, ONSET]
        wanted = exercise.answer[(onset >= lines[bar]) & (onset < lines[bar + 1])]
        rows.append(
            max((copied(task, source, bar) for source in sources(task)), key=lambda one: agreement(one, wanted))
        )
    return joined(rows)


def oracle_candidate(exercise: Exercise, n: int = 8) -> Ints:
    """The ceiling of ranking: the best of the first n candidates."""
    found = HarmonicMatch().candidates(exercise.task, n)
    return max((one.notes for one in found), key=lambda notes: agreement(notes, exercise.answer))
