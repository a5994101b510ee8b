"""The note decoder among the fillers: alone, and as a judge of candidates."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from benchmarks.corpus import ONSET, PART, VELOCITY
from benchmarks.infill.tasks import Exercise, Task
from engines.analysis.score import Floats, Ints
from engines.models import tokens as t
from engines.models.cells import Controls, controls_around, controls_of
from engines.models.decoder import PREDICTED, Memory
from engines.models.notes import Notes
from engines.models.notes import Task as Ask
from engines.models.sampling import GREEDY, Dials, Luck
from engines.models.window import Window, bars_of, window_of
from engines.models.writing import Rules
from engines.music.chance import Chance

JUDGED = [PREDICTED.index(t.KIND), PREDICTED.index(t.POSITION), PREDICTED.index(t.PITCH)]
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
    played = [np.unique(piece.notes[piece.notes[:, PART] == i, VELOCITY]) for i in range(len(slots))]
    flat = np.array([len(velocities) < 2 for velocities in played])
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


def around(task: Task) -> dict[tuple[int, int], Controls]:
    """What suits the hidden cells by what their parts play around them."""
    laid = laid_out(task)
    window, hidden = laid.ask.window, set(laid.ask.cells)
    slots = {part: int(laid.slots[part]) for part, _ in task.hidden}
    return {
        (part, bar): controls_around(window.rows, window.bar_steps, (bar, slots[part]), hidden)
        for part, bar in task.hidden
    }


def adherence(task: Task, notes: Ints, asked: dict[tuple[int, int], Controls]) -> dict[str, float]:
    """Which of the classes that were asked for the notes have, a mean over cells."""
    laid = laid_out(task)
    kept: dict[str, list[float]] = {"density": [], "register": [], "voices": []}
    rows = laid.rows(notes, task)
    for (part, bar), wanted in asked.items():
        mine = rows[(bars_of(rows) == bar) & (rows[:, t.SLOT] == laid.slots[part])]
        got = controls_of(mine, int(laid.ask.window.bar_steps[bar]))
        for name, values in kept.items():
            if getattr(wanted, name):
                values.append(float(getattr(got, name) == getattr(wanted, name)))
    return {name: float(np.mean(values)) if values else float("nan") for name, values in kept.items()}


@dataclass(frozen=True)
class ModelFill:
    """The model alone."""

    notes: Notes
    name: str = "model, greedy"
    dials: Dials = GREEDY
    take: int = 0

    def fill(self, task: Task) -> Ints:
        """An idea of its own."""
        return self.with_controls(task, None)

    def with_controls(self, task: Task, controls: dict[tuple[int, int], Controls] | None) -> Ints:
        """Its first idea of what is asked."""
        laid = laid_out(task, controls)
        rows = self.notes.write(laid.ask, [_luck(task, self.take)], self.dials)[0]
        return laid.notes(rows, task)


class ModelJudge:
    """Hears how well a fill goes with what stands; the last task's context is kept, since candidates come together."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes
        self._heard: tuple[str, Laid, Memory] | None = None

    def cost(self, task: Task, notes: Ints) -> float:
        """Kind, position and pitch, a note: length and dynamics belong to a copy, not to the choice."""
        nats = self.nats(task, notes)
        return float(nats[:, JUDGED].sum()) / max(len(notes), 1)

    def nats(self, task: Task, notes: Ints) -> Floats:
        """[notes and ends, predicted fields]."""
        if self._heard is None or self._heard[0] != task.id:
            laid = laid_out(task)
            self._heard = task.id, laid, self._notes.ready(laid.ask)
        _, laid, memory = self._heard
        return self._notes.nats(laid.ask, laid.rows(notes, task), memory)


@dataclass(frozen=True)
class Considered:
    """The model alone, twice: once with nothing asked and once as its part plays around the gap. The idea that it finds the
    likelier, nothing being asked, is the one it gives. No luck is in it.
    """

    notes: Notes
    judge: ModelJudge
    name: str = "model"

    def fill(self, task: Task) -> Ints:
        """The better of two greedy ideas."""
        greedy = ModelFill(self.notes)
        ideas = [greedy.fill(task), greedy.with_controls(task, around(task))]
        return min(ideas, key=lambda notes: self.judge.cost(task, notes))


def note_nats(judge: ModelJudge, exercise: Exercise) -> dict[str, Floats]:
    """What every hidden note costs in nats, by field, as the bigram's figures are made; ends are shared under `kind`."""
    nats = judge.nats(exercise.task, exercise.answer)
    ends = (nats[:, 1:] == 0).all(axis=1)
    out = {t.FIELDS[field].name: nats[~ends, i] for i, field in enumerate(PREDICTED)}
    out["kind"] = out["kind"] + nats[ends, 0].sum() / max(int((~ends).sum()), 1)
    return out


def _luck(task: Task, take: int) -> Luck:
    return Luck(Chance(1).of(task.id, take))
