"""What the simplest model of notes pays: a smoothed bigram over the fields of the note decoder.

Each cell (one bar of one part) is a row of notes and an end. A field is predicted from the same field of the part's note
before: the position from the previous position in the cell (0 at its beginning), pitch, length, velocity and micro-timing
from the previous note in the part, in this cell or before it; whether another note comes (`kind`) from the previous
position. Chords are notes at one position, from low to high. `sixteenths` is the length again, in 32 classes of a sixteenth.

Smoothing: P(x | c) = (n(c, x) + w · P(x)) / (n(c) + w) with w = 10, P(x) = (n(x) + 1 / V) / (n + 1) over the V values of the
field. Training counts tones in all twelve transpositions from -5 to +6, as the decoder's training does; drums as they are.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from benchmarks.corpus import LENGTH, MICRO, ONSET, PART, PITCH, VELOCITY
from benchmarks.infill.tasks import Exercise, Task
from engines.analysis.score import Bools, Floats, Ints
from engines.models import tokens
from engines.models.tokens import FIELDS, LONGEST_BAR, STEPS, Kind
from training.notes.pieces import Part, Piece

WEIGHT = 10.0
UP, DOWN = 6, -5
WHAT = {"pitch": tokens.PITCH, "length": tokens.LENGTH, "velocity": tokens.VELOCITY, "micro": tokens.MICRO}
"""Fields that follow the part's note before."""
SIXTEENTHS = 32
"""Classes of the coarse length, so that figures for coarser vocabularies can be compared."""
SIZES = {
    "kind": (FIELDS[tokens.POSITION].size, 2),
    "position": (FIELDS[tokens.POSITION].size,) * 2,
    **{name: (FIELDS[field].size,) * 2 for name, field in WHAT.items()},
    "sixteenths": (SIXTEENTHS + 1,) * 2,
}
NOTE = ("position", "pitch", "length")
"""The fields that the figure for a note adds up."""


@dataclass(frozen=True)
class Lines:
    """The notes of one part as the decoder would see them."""

    rows: Ints
    """Events, in order."""
    cell: Ints
    """The bar of each."""
    first: Bools
    """Whether it is the first of its cell."""

    @classmethod
    def of(cls, notes: Ints, bars: Ints, part: Part) -> Lines:
        """Lay out a part; what lies beyond the longest bar that has positions is left out."""
        bar = np.searchsorted(bars, notes[:, ONSET], side="right") - 1
        position = notes[:, ONSET] - bars[bar]
        notes, bar, position = (column[position < LONGEST_BAR] for column in (notes, bar, position))
        order = np.lexsort((notes[:, PITCH], position, bar))
        notes, bar, position = notes[order], bar[order], position[order]
        program = np.full(len(notes), tokens.program_class(part.program, part.drum))
        what = notes[:, [MICRO, LENGTH, PITCH, VELOCITY]]
        rows = tokens.note_rows(Kind.FILL, np.ones(len(notes), np.int64), program, np.zeros_like(bar), position, what)
        return cls(rows, bar, np.concatenate([[True], np.diff(bar) > 0])[: len(bar)])

    def pairs(self, field: str) -> tuple[Ints, Ints]:
        """(context, value) of a field for every note, and for `kind` of every cell's end after them."""
        position = self.rows[:, tokens.POSITION]
        before = np.where(self.first, 0, np.concatenate([[0], position])[: len(position)])
        if field == "position":
            return before, position
        if field == "kind":
            last = position[np.append(self.first[1:], [True])[: len(position)]]
            return np.append(before, last), np.append(np.ones_like(before), np.zeros_like(last))
        if field == "sixteenths":
            values = np.clip(np.rint(self.rows[:, tokens.LENGTH] * 4 / STEPS).astype(np.int64), 1, SIXTEENTHS)
        else:
            values = self.rows[:, WHAT[field]]
        return np.concatenate([[0], values])[: len(values)], values


class Bigram:
    """Counts of what follows what, field by field."""

    def __init__(self, counts: dict[str, Floats]) -> None:
        self._log = {name: np.log(_smoothed(table)) for name, table in counts.items()}

    @classmethod
    def of(cls, pieces: Iterable[Piece]) -> Bigram:
        """Count training pieces."""
        counts = {name: np.zeros(size) for name, size in SIZES.items()}
        for piece in pieces:
            for number, part in enumerate(piece.parts):
                lines = Lines.of(piece.notes[piece.notes[:, PART] == number], piece.bars, part)
                for name in SIZES:
                    context, value = lines.pairs(name)
                    shifts = range(DOWN, UP + 1) if name == "pitch" and not part.drum else (0,)
                    for shift in shifts:
                        _count(counts[name], context, value, shift)
        return cls(counts)

    def nll(self, exercise: Exercise) -> dict[str, Floats]:
        """What every hidden note costs in nats, by field; the ends of cells are shared among the notes under `kind`.

        Notes before the hidden ones are known, those in the window and the hidden ones alike, as a decoder is tested.
        """
        window, parts = exercise.task.window, exercise.task.parts
        found: dict[str, list[Floats]] = {name: [] for name in SIZES}
        for part in parts:
            both = np.concatenate([window.notes, exercise.answer])
            lines = Lines.of(both[both[:, PART] == part], window.bars, window.parts[part])
            cells = [bar for number, bar in exercise.task.hidden if number == part]
            hidden = np.isin(lines.cell, cells)
            for name, log in self._log.items():
                context, value = lines.pairs(name)
                cost = -log[context, value]
                found[name].append(cost[: len(hidden)][hidden])
                if name == "kind":
                    ends = cost[len(hidden) :][np.isin(lines.cell[lines.first], cells)]
                    found[name][-1] = found[name][-1] + ends.sum() / max(int(hidden.sum()), 1)
        return {name: np.concatenate(costs) for name, costs in found.items()}

    def cost(self, task: Task, notes: Ints) -> float:
        """Nats per note of a fill, its ends included: for ranking candidates. Silence is never likely."""
        if not len(notes):
            return float("inf")
        fields = self.nll(Exercise("", task, notes))
        return float((note_cost(fields) + fields["kind"]).mean())


def note_cost(fields: dict[str, Floats]) -> Floats:
    """Position, pitch and length together, the figure that models are compared by."""
    return np.asarray(np.sum([fields[name] for name in NOTE], axis=0))


def _count(table: Floats, context: Ints, value: Ints, shift: int) -> None:
    # 0 says that nothing came before, and stays; a tone shifted out of MIDI's range is not counted.
    moved, into = np.where(context > 0, context + shift, 0), value + shift
    if shift:
        inside = (into >= 1) & (into <= 128) & (moved >= 0) & (moved <= 128)
        moved, into = moved[inside], into[inside]
    np.add.at(table, (moved, into), 1)


def _smoothed(counts: Floats) -> Floats:
    values = counts.shape[1]
    single = (counts.sum(axis=0) + 1 / values) / (counts.sum() + 1)
    return np.asarray((counts + WEIGHT * single) / (counts.sum(axis=1, keepdims=True) + WEIGHT))
