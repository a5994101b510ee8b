"""The baselines. None of them learns anything but the kNN; each is a few lines, so that losing to one is worth knowing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from benchmarks.corpus import ONSET, PART, PITCH
from benchmarks.infill.tasks import Exercise, Task
from engines.analysis.score import Bools, Floats, Ints
from engines.models.tokens import STEPS

GRID, CLASSES = 16, 12
"""Bars are compared as blocks of sixteenths by pitch classes; a longer bar up to here."""
SIXTEENTH = STEPS // 4
NOTHING: Ints = np.zeros((0, 6), dtype=np.int64)
TRANSPOSED_BY, PENALTY = 0.1, 0.3
"""How much better the other parts must match before a bar is offered transposed, and what its match then counts less. Of the
values tried on validation songs these gave the best first and the best of eight candidates over the three archives."""


class Filler(Protocol):
    """Whoever fills cells: a baseline or a model."""

    name: str

    def fill(self, task: Task) -> Ints:
        """Notes for the hidden cells, in the columns of a piece, from step 0 of the window."""
        ...


class Judge(Protocol):
    """Whoever can say how likely a fill is: a model, or the bigram."""

    def cost(self, task: Task, notes: Ints) -> float:
        """The lower the likelier; figures are compared within one task only."""
        ...


@dataclass(frozen=True)
class Candidate:
    """One way to fill a task by copying, for a model to judge."""

    notes: Ints
    score: float
    """How well the other parts match, 0 to 1, less PENALTY if transposed."""
    transposed: int
    """By how many semitones."""


def blocks(task: Task) -> Floats:
    """[bars, 16, 12]: where the parts that are not hidden begin which pitch classes. Drums speak through the rhythm of
    pitch class 0 only where nobody else is left.
    """
    window = task.window
    drums = np.array([part.drum for part in window.parts], dtype=np.bool_)
    others = window.notes[~np.isin(window.notes[:, PART], task.parts)]
    tones = others[~drums[others[:, PART]]]
    heard = tones if len(tones) else others
    bar = np.searchsorted(window.bars, heard[:, ONSET], side="right") - 1
    step = (heard[:, ONSET] - window.bars[bar]) // SIXTEENTH
    pc = heard[:, PITCH] % CLASSES if len(tones) else np.zeros(len(heard), dtype=np.int64)
    out = np.zeros((len(window.bars) - 1, GRID, CLASSES))
    inside = step < GRID
    out[bar[inside], step[inside], pc[inside]] = 1
    return out


def match(a: Floats, b: Floats) -> Floats:
    """Cosine of every bar in a with every bar in b; an empty bar matches nothing."""
    a, b = a.reshape(len(a), -1), b.reshape(len(b), -1)
    norms = np.linalg.norm(a, axis=1)[:, None] * np.linalg.norm(b, axis=1)[None, :]
    return np.asarray(a @ b.T / np.where(norms > 0, norms, 1))


def copied(task: Task, source: int, target: int, transpose: int = 0) -> Ints:
    """The hidden parts' notes of one bar, set into another. What the other bar has no room for is left out."""
    lines = task.window.bars
    notes = task.window.notes
    here = (
        (notes[:, ONSET] >= lines[source]) & (notes[:, ONSET] < lines[source + 1]) & np.isin(notes[:, PART], task.parts)
    )
    out = notes[here].copy()
    out[:, ONSET] += lines[target] - lines[source]
    drums = np.array([part.drum for part in task.window.parts], dtype=np.bool_)[out[:, PART]]
    out[:, PITCH] += np.where(drums, 0, transpose)
    return np.asarray(out[(out[:, ONSET] < lines[target + 1]) & (out[:, PITCH] >= 0) & (out[:, PITCH] < 128)])


def sources(task: Task) -> list[int]:
    """The bars to copy from: visible, and with a note of a hidden part, if there are such."""
    lines, notes = task.window.bars, task.window.notes
    bars = np.searchsorted(lines, notes[np.isin(notes[:, PART], task.parts), ONSET], side="right") - 1
    visible = [bar for bar in range(len(lines) - 1) if bar not in task.bars]
    return [bar for bar in visible if bar in set(bars.tolist())] or visible


def joined(rows: list[Ints]) -> Ints:
    """Several fills as one."""
    return np.concatenate(rows) if rows else NOTHING


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
        turned = np.stack([np.roll(table, t, axis=2) for t in range(CLASSES)])
        found = [Candidate(self.fill(task), self._own_score(task, table, among), 0)]
        for shift in range(-len(table) + 1, len(table)):
            from_bars = [bar + shift for bar in task.bars]
            if not all(bar in among for bar in from_bars):
                continue
            pairs = list(zip(from_bars, task.bars, strict=True))
            scores = [_mean_match(table, turned[t], pairs) for t in range(CLASSES)]
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

    def _own_score(self, task: Task, table: Floats, among: list[int]) -> float:
        return float(np.mean([match(table[bar : bar + 1], table[among]).max() for bar in task.bars]))


def _mean_match(table: Floats, turned: Floats, pairs: list[tuple[int, int]]) -> float:
    return float(np.mean([match(table[target : target + 1], turned[source : source + 1]) for source, target in pairs]))


class TransposedMatch(HarmonicMatch):
    """The best candidate, transposed where that helps."""

    name = "harmonic match, transposed"

    def fill(self, task: Task) -> Ints:
        """The first candidate."""
        return HarmonicMatch().candidates(task, 1)[0].notes


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
