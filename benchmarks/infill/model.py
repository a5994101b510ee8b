"""The note decoder among the fillers: alone, and as the judge of its own and of copied candidates."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from benchmarks.corpus import ONSET, PART
from benchmarks.infill.fillers import HarmonicMatch
from benchmarks.infill.tasks import Exercise, Task
from engines.analysis.score import Floats, Ints
from engines.models import tokens as t
from engines.models.cells import Controls, controls_of
from engines.models.decoder import Memory
from engines.models.notes import Notes
from engines.models.notes import Task as Ask
from engines.models.sampling import GREEDY, Dials, Luck
from engines.models.window import Window, bars_of, window_of
from engines.models.writing import Rules
from engines.music.chance import Chance

COPIES, SAMPLES = 8, 3
"""Candidates that are ranked: so many copies, and so many of the model's beside its greedy one."""
DARING = Dials(temperature=0.9, top_p=0.95)


@dataclass(frozen=True)
class Laid:
    """A task as the decoder sees it."""

    ask: Ask
    slots: Ints
    """[parts]: the slot of each part, 0 for those without a place."""

    def notes(self, rows: Ints, task: Task) -> Ints:
        """Events as notes of a piece."""
        bar, position, micro, length, pitch, velocity = t.notes_of(rows).T
        part = np.flatnonzero(self.slots)[rows[:, t.SLOT] - 1]
        onset = task.window.bars[bar] + position
        return np.stack([part, onset, micro, length, pitch, np.maximum(velocity, 1)], axis=1)

    def rows(self, notes: Ints, task: Task) -> Ints:
        """Notes of a piece as events."""
        slot = self.slots[notes[:, PART]]
        bar = np.searchsorted(task.window.bars, notes[:, ONSET], side="right") - 1
        program = self.ask.window.programs[slot - 1] if len(slot) else slot
        position = notes[:, ONSET] - task.window.bars[bar]
        return t.note_rows(int(t.Kind.FILL), slot, program, bar, position, notes[:, 2:])


def laid_out(task: Task, controls: dict[tuple[int, int], Controls] | None = None) -> Laid:
    """Hidden parts first, then the busiest, up to the slots there are."""
    piece = task.window
    counts = np.bincount(piece.notes[:, PART], minlength=len(piece.parts)).astype(np.int64)
    counts[list(task.parts)] = np.iinfo(np.int64).max
    order = [int(p) for p in np.argsort(-counts, kind="stable") if counts[p]][: t.SLOTS]
    order.sort()
    slots = np.zeros(len(piece.parts), dtype=np.int64)
    slots[order] = np.arange(1, len(order) + 1)
    notes = piece.notes[slots[piece.notes[:, PART]] > 0]
    flat = np.array(
        [np.ptp(piece.notes[piece.notes[:, PART] == i, 5]) == 0 if counts[i] else True for i in range(len(slots))]
    )
    key = (int(piece.keys[0, 1]), int(piece.keys[0, 2])) if len(piece.keys) else (-1, 0)
    programs = np.array([t.program_class(piece.parts[i].program, piece.parts[i].drum) for i in order], dtype=np.int64)
    window: Window = window_of(
        notes[:, 1:], slots[notes[:, PART]], programs, piece.bars, piece.chords, key, flat[notes[:, PART]]
    )
    cells = tuple(
        (bar, int(slots[part])) for part, bar in sorted(task.hidden, key=lambda cell: (cell[1], slots[cell[0]]))
    )
    asked = {} if controls is None else {(bar, int(slots[part])): one for (part, bar), one in controls.items()}
    steps = window.bar_steps
    rules = {cell: Rules(int(steps[cell[0]]), room=int(steps[cell[0] :].sum()), fewest=1) for cell in cells}
    return Laid(Ask(window, cells, controls=asked, rules=rules), slots)


def asked_of(exercise: Exercise) -> dict[tuple[int, int], Controls]:
    """Density, register and voices of what stood there: what a musician could have asked for."""
    laid, out = laid_out(exercise.task), {}
    rows = laid.rows(exercise.answer, exercise.task)
    for part, bar in exercise.task.hidden:
        mine = rows[(bars_of(rows) == bar) & (rows[:, t.SLOT] == laid.slots[part])]
        out[part, bar] = controls_of(mine, int(laid.ask.window.bar_steps[bar]))
    return out


@dataclass(frozen=True)
class ModelFill:
    """The model alone, greedily."""

    notes: Notes
    name: str = "notes, greedy"
    dials: Dials = GREEDY

    def fill(self, task: Task) -> Ints:
        """Its first idea."""
        return self.with_controls(task, None)

    def with_controls(self, task: Task, controls: dict[tuple[int, int], Controls] | None) -> Ints:
        """Its first idea of what is asked."""
        laid = laid_out(task, controls)
        rows = self.notes.write(laid.ask, [_luck(task, 0)], self.dials)[0]
        return laid.notes(rows, task)


@dataclass(frozen=True)
class RankedFill:
    """Copies and the model's own ideas, ranked by how little they surprise the model."""

    notes: Notes
    name: str = "copies and notes, ranked"
    copies: int = COPIES
    own: bool = True

    def fill(self, task: Task) -> Ints:
        """The best candidate."""
        laid = laid_out(task)
        memory = self.notes.ready(laid.ask)
        found = [one.notes for one in HarmonicMatch().candidates(task, self.copies)]
        if self.own:
            luck = [_luck(task, k) for k in range(1 + SAMPLES)]
            greedy = self.notes.write(laid.ask, luck[:1], GREEDY, memory)
            found += [
                laid.notes(rows, task) for rows in (*greedy, *self.notes.write(laid.ask, luck[1:], DARING, memory))
            ]
        return min(found, key=lambda notes: self._surprise(laid, task, notes, memory))

    def _surprise(self, laid: Laid, task: Task, notes: Ints, memory: Memory) -> float:
        nats = self.notes.nats(laid.ask, laid.rows(notes, task), memory)
        return surprise(nats, len(notes))


def surprise(nats: Floats, notes: int) -> float:
    """Kind, position and pitch a note: length and dynamics belong to the copy, not to the choice."""
    return float(nats[:, [0, 3, 4]].sum()) / max(notes, 1)


def _luck(task: Task, take: int) -> Luck:
    return Luck(Chance(1).of(task.id, take))
