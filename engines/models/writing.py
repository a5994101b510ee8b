"""Writing into a cell: the model proposes, the grammar decides what it may choose from.

Masks come first, then temperature and luck (engines/models/sampling.py). Notes are written in order of position, then pitch.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

from engines.models import tokens as t
from engines.models.decoder import PREDICTED, Memory
from engines.models.sampling import GREEDY, Dials, Luck, draw

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
MOST_NOTES = 128
"""In one cell; more is a machine gun, not music."""
_LENGTHS = t.length_steps(np.arange(t.FIELDS[t.LENGTH].size))
_AT = {name: i for i, name in enumerate(PREDICTED)}


@dataclass(frozen=True)
class Rules:
    """What may be written into a cell."""

    bar_steps: int
    room: int
    """Steps from the bar line until which every note must have ended."""
    low: int = 0
    high: int = 127
    """The lowest and the highest pitch."""
    scale: tuple[bool, ...] = (True,) * 12
    """The pitch classes that may sound; drums do not ask."""
    voices: int = 0
    """How many notes may sound together; 0 for any number."""
    rhythm: Bools | None = None
    """[bar_steps]: where notes may begin; None for anywhere."""
    fewest: int = 0
    most: int = MOST_NOTES
    """How many notes there must be, as far as voices leave places free, and how many there may be."""
    micro: bool = True
    """Whether notes may be early or late."""

    @cached_property
    def positions(self) -> Bools:
        """The values of the position field that the rules leave open."""
        open_ = np.zeros(t.FIELDS[t.POSITION].size, dtype=bool)
        places = np.arange(min(self.bar_steps, self.room))
        open_[places[self.rhythm[places]] + 1 if self.rhythm is not None else places + 1] = True
        return open_

    def pitches(self, drum: bool) -> Bools:
        """The values of the pitch field that the rules leave open."""
        open_ = np.zeros(t.FIELDS[t.PITCH].size, dtype=bool)
        pitch = np.arange(self.low, self.high + 1)
        open_[pitch + t.DRUM_PITCH if drum else (pitch + 1)[np.array(self.scale)[pitch % 12]]] = True
        return open_


@dataclass
class _Pen:
    """Where one candidate has got to in its cell."""

    rows: list[Ints] = field(default_factory=list)
    position: int = 0
    pitch: int = -1
    ends: list[tuple[int, int]] = field(default_factory=list)
    """(end, pitch field) of the notes written so far."""
    going: bool = True


class Writer:
    """Writes cells for every row of a memory."""

    def __init__(self, memory: Memory, luck: Sequence[Luck], dials: Dials = GREEDY) -> None:
        self._memory, self._luck, self._dials = memory, luck, dials
        self._step = 0
        self._limit = memory.capacity

    def cell(self, head: Ints, rules: Rules, hints: Ints | None = None, keep: int = 0) -> list[Ints]:
        """Hear the head and the hints of a cell, write its notes, and close it; the FILL events of each row. Where the memory
        is nearly full the cell ends early: `keep` events are left free for the cells to come.
        """
        memory, batch = self._memory, self._memory.batch
        prompt = head[None] if hints is None else np.concatenate([head[None], hints])
        # One event at a time where rows differ in length: fused attention takes no other way.
        for i in range(len(prompt)):
            memory.hear(np.repeat(prompt[None, i : i + 1], batch, axis=0))
        drum = int(head[t.PROGRAM]) == t.DRUM_PROGRAM
        pitches, positions = rules.pitches(drum), rules.positions
        pens = [_Pen() for _ in range(batch)]
        self._limit = memory.capacity - keep - 1
        while any(pen.going for pen in pens):
            following = self._when(pens, head, rules, positions, pitches)
            going = np.array([pen.going for pen in pens])
            if going.any():
                self._what(pens, following, going, rules, pitches)
            self._step += 1
        end = np.zeros(t.WIDTH, dtype=np.int64)
        end[[t.KIND, t.SLOT, t.PROGRAM, t.BAR]] = t.Kind.END, *head[[t.SLOT, t.PROGRAM, t.BAR]]
        memory.hear(np.repeat(end[None, None], batch, axis=0))
        return [np.array(pen.rows, dtype=np.int64).reshape(-1, t.WIDTH) for pen in pens]

    def _when(self, pens: list[_Pen], head: Ints, rules: Rules, positions: Bools, pitches: Bools) -> Ints:
        """Whether each candidate goes on, and where: the announced part of its next event."""
        batch = len(pens)
        chosen = np.zeros((batch, len(PREDICTED)), dtype=np.int64)
        kinds = self._memory.when(t.KIND, chosen)
        places = [self._places(pen, rules, positions, pitches) for pen in pens]
        for row, pen in enumerate(pens):
            if pen.going:
                may = np.zeros(len(t.Kind), dtype=bool)
                room = int(self._memory.lengths[row]) < self._limit
                may[t.Kind.FILL] = room and len(pen.rows) < rules.most and places[row].any()
                may[t.Kind.END] = len(pen.rows) >= rules.fewest or not may[t.Kind.FILL]
                pen.going = self._draw(row, 0, kinds[row], may) == t.Kind.FILL
        following = np.zeros((batch, t.WIDTH), dtype=np.int64)
        following[:, t.KIND] = t.Kind.FILL
        following[:, [t.SLOT, t.PROGRAM, t.BAR]] = head[[t.SLOT, t.PROGRAM, t.BAR]]
        if any(pen.going for pen in pens):
            chosen[:] = following[:, list(PREDICTED)]
            scores = self._memory.when(t.POSITION, chosen)
            for row, pen in enumerate(pens):
                if pen.going:
                    following[row, t.POSITION] = self._draw(row, _AT[t.POSITION], scores[row], places[row])
        return following

    def _what(self, pens: list[_Pen], following: Ints, going: Bools, rules: Rules, pitches: Bools) -> None:
        """What sounds there; the finished events are heard."""
        stream = self._memory.announce(following, going)
        for which in t.WHAT:
            scores = self._memory.what(which, stream, following[:, list(PREDICTED)])
            for row, pen in enumerate(pens):
                if pen.going:
                    may = self._may(which, pen, following[row], rules, pitches)
                    following[row, which] = self._draw(row, _AT[which], scores[row], may)
        for row, pen in enumerate(pens):
            if pen.going:
                event = following[row].copy()
                pen.rows.append(event)
                pen.position, pen.pitch = int(event[t.POSITION]), int(event[t.PITCH])
                pen.ends.append((pen.position + int(_LENGTHS[event[t.LENGTH]]), pen.pitch))
        self._memory.hear(following[:, None], going)

    def _places(self, pen: _Pen, rules: Rules, positions: Bools, pitches: Bools) -> Bools:
        """Not before the last note; at its own place only what lies above it; and only as many voices as there are."""
        may = positions.copy()
        may[: pen.position] = False
        if pen.rows and not pitches[pen.pitch + 1 :].any():
            may[pen.position] = False
        if rules.voices:
            # Notes begin in order, so each one sounds at every later place before its end.
            ends = np.array([end for end, _ in pen.ends], dtype=np.int64)
            busy = (ends[:, None] > np.arange(len(may))[None, :]).sum(axis=0) >= rules.voices
            may &= ~busy
        return may

    def _may(self, which: int, pen: _Pen, event: Ints, rules: Rules, pitches: Bools) -> Bools:
        """What a field may be."""
        may = np.ones(t.FIELDS[which].size, dtype=bool)
        may[0] = False
        position = int(event[t.POSITION])
        if which == t.PITCH:
            may = pitches.copy()
            if position == pen.position:
                may[: pen.pitch + 1] = False
            free = may.copy()
            for end, pitch in pen.ends:
                if end > position:
                    free[pitch] = False
            may = free if free.any() else may
        elif which == t.LENGTH:
            may &= rules.room - (position - 1) >= _LENGTHS
            may[t.OPEN] = False
            may[1] = True
        elif which == t.MICRO and not rules.micro:
            may[:] = False
            may[-t.MICRO_LOW + 1] = True
        return may

    def _draw(self, row: int, at: int, scores: npt.NDArray[np.float32], may: Bools) -> int:
        return draw(scores, self._luck[row].at(self._step, at), self._dials, mask=may)
