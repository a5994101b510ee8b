"""Filling cells with the note decoder, and hearing how well notes fit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from engines.models import tokens as t
from engines.models.cells import Controls
from engines.models.decoder import PREDICTED, Decoder, Memory
from engines.models.sampling import GREEDY, Dials, Luck
from engines.models.window import Cell, Window, bars_of, head, hidden_notes, merged, moved, opening, tail
from engines.models.writing import Rules, Writer

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
MOST_CONTEXT = 448
"""Events of context; what the decoder met in training had not many more."""
ROOM, CELL_ROOM = 160, 32
"""Events that are kept free for what is to be written: so many, and so many more for each cell."""


@dataclass(frozen=True)
class Task:
    """Cells of a window to be written."""

    window: Window
    """The music, with or without notes in the cells; those do not count as context."""
    cells: tuple[Cell, ...]
    """In the order in which they are written: by bar, then slot."""
    controls: Mapping[Cell, Controls] = field(default_factory=lambda: MappingProxyType({}))
    """What is asked of cells; nothing of those that are not named."""
    rules: Mapping[Cell, Rules] = field(default_factory=lambda: MappingProxyType({}))
    """What may be written; for cells that are not named, anything that ends with the window."""
    hints: Mapping[Cell, Ints] = field(default_factory=lambda: MappingProxyType({}))
    """Note events to be kept in mind."""
    say_key: bool = True
    say_chords: bool = True

    @property
    def origin(self) -> int:
        """The bar from which bars are counted."""
        return min(bar for bar, _ in self.cells)

    def rules_of(self, cell: Cell) -> Rules:
        """The rules of a cell."""
        known = self.rules.get(cell)
        steps = self.window.bar_steps
        return known or Rules(int(steps[cell[0]]), room=int(steps[cell[0] :].sum()))

    def prompt(self) -> Ints:
        """Everything that is heard before the first cell."""
        window = self.window
        context = window.rows[~hidden_notes(window, self.cells)]
        context = nearest(context, self.cells, MOST_CONTEXT)
        stream = [opening(window, say_key=self.say_key), merged(window, context, say_chords=self.say_chords)]
        return moved(np.concatenate(stream), self.origin)

    def head(self, cell: Cell) -> Ints:
        """The event that opens a cell."""
        row = head(self.window, cell, self.controls.get(cell, Controls()), say_chords=self.say_chords)
        only: Ints = moved(row[None], self.origin)[0]
        return only


def nearest(context: Ints, cells: Sequence[Cell], most: int) -> Ints:
    """The context that matters most, where there is too much of it: near bars first, and the parts that are written."""
    if len(context) <= most:
        return context
    bars = np.array(sorted({bar for bar, _ in cells}))
    far = np.abs(bars_of(context)[:, None] - bars[None, :]).min(axis=1)
    own = np.isin(context[:, t.SLOT], [slot for _, slot in cells])
    keep = np.lexsort((np.arange(len(context)), ~own, far))[:most]
    return context[np.sort(keep)]


class Notes:
    """The note decoder for those who fill."""

    def __init__(self, decoder: Decoder) -> None:
        self.decoder = decoder

    def ready(self, task: Task, room: int = 0) -> Memory:
        """A memory that has heard the context; with room for what is usually written, or for so many events."""
        prompt = task.prompt()
        memory = self.decoder.memory(len(prompt) + max(room, ROOM + CELL_ROOM * len(task.cells)))
        memory.hear(prompt[None])
        return memory

    def write(
        self, task: Task, luck: Sequence[Luck], dials: Dials = GREEDY, memory: Memory | None = None
    ) -> list[Ints]:
        """One fill for each source of luck: note events whose bars count from the window's first."""
        heard = memory or self.ready(task)
        if self.decoder.writes_together:
            return self._cells(task, heard.fork(len(luck)), luck, dials)
        out, begun = [], int(heard.lengths[0])
        for one in luck:
            out += self._cells(task, heard, [one], dials)
            heard.rewind(begun)
        return out

    def _cells(self, task: Task, memory: Memory, luck: Sequence[Luck], dials: Dials) -> list[Ints]:
        writer = Writer(memory, luck, dials)
        out: list[list[Ints]] = [[] for _ in luck]
        later = [2 + len(task.hints.get(cell, ())) for cell in task.cells]
        for i, cell in enumerate(task.cells):
            hints = task.hints.get(cell)
            told = None if hints is None else moved(hints, task.origin)
            rows = writer.cell(task.head(cell), task.rules_of(cell), told, keep=sum(later[i + 1 :]))
            for one, written in zip(out, rows, strict=True):
                one.append(moved(written, -task.origin))
        return [np.concatenate(parts) for parts in out]

    def nats(self, task: Task, notes: Ints, memory: Memory | None = None) -> Floats:
        """How surprising notes (events of any note kind, bars from the window's first) are in the cells: a row
        [PREDICTED] for each note in the order of the cells, and one for the end of each cell with its kind alone.
        """
        heard = memory or self.ready(task, room=len(notes) + 2 * len(task.cells))
        begun = int(heard.lengths[0])
        stream, counted = [], []
        for cell in task.cells:
            mine = notes[(bars_of(notes) == cell[0]) & (notes[:, t.SLOT] == cell[1])].copy()
            mine[:, t.KIND] = t.Kind.FILL
            mine = mine[np.lexsort((mine[:, t.PITCH], mine[:, t.POSITION]))]
            end = tail(task.window, cell)
            stream += [task.head(cell)[None], moved(np.concatenate([mine, end[None]]), task.origin)]
            counted += [False, *[True] * (len(mine) + 1)]
        rows = np.concatenate(stream)
        nats = heard.nats(rows)
        heard.rewind(begun)
        nats[:, [PREDICTED.index(t.SLOT), PREDICTED.index(t.BAR)]] = 0
        nats[rows[:, t.KIND] == t.Kind.END, 1:] = 0
        out: Floats = nats[np.array(counted)]
        return out
