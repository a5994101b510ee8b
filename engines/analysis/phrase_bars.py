"""A piece laid out bar by bar, as the phrase reader looks at it: the melody, and what goes on beneath it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engines.analysis.score import Bools, Floats, Ints, Notes, Score
from engines.music.time import MeterMap

SLOTS = 16
"""The finest division of a bar in which material is compared; a bar that divides in three uses twelve of them."""
_UNDER = 8
"""How many earlier top notes may still sound over a new one and make it an inner voice."""


@dataclass(frozen=True)
class Voice:
    """Notes with their place on the bar grid."""

    notes: Notes
    bar: Ints
    """The bar (from 0) that each onset lies in."""
    place: Floats
    """Where in that bar, from 0 up to 1."""
    played_bar: Ints
    """The bar that each onset belongs to once it is rounded to a slot; an onset just before a bar line moves over it."""
    slot: Ints
    """The slot of that bar."""


@dataclass(frozen=True)
class Bars:
    """Every full bar of a piece with the notes in it."""

    first: int
    """The first full bar, from 0: 1 after a pickup that is written as a short bar."""
    lines: Ints
    """Bar lines from the first full bar on, the closing one included."""
    kind: Ints
    """Equal for bars of equal meter."""
    melody: Voice
    backing: Voice
    """Every other pitched note."""
    told: bool
    """Whether we were told which track is the melody; otherwise it is the top line."""
    pickup: int
    """Ticks by which the melody begins before the first full bar."""

    @property
    def n(self) -> int:
        """How many full bars there are."""
        return len(self.lines) - 1

    @property
    def length(self) -> Ints:
        """Ticks in each bar."""
        return np.diff(self.lines)


def lay_out(score: Score, melody: int | None = None) -> Bars:
    """Sort the notes into bars; `melody` is the index of the melody track."""
    first = 1 if score.meter.has_pickup() and score.grid.n_bars > 1 else 0
    lines = score.grid.bars[first:]
    kind, slot_ticks = _meters(score.meter, lines)
    pitched = score.notes.pitched
    notes = pitched.where((pitched.start >= lines[0]) & (pitched.start < lines[-1]))
    lead = top_line(notes) if melody is None else notes.track == melody
    early = pitched.start[(pitched.start < lines[0]) & (True if melody is None else pitched.track == melody)]
    return Bars(
        first,
        lines,
        kind,
        _place(notes.where(lead), lines, slot_ticks),
        _place(notes.where(~lead), lines, slot_ticks),
        melody is not None,
        int(lines[0] - early.min()) if len(early) else 0,
    )


def _meters(meter: MeterMap, lines: Ints) -> tuple[Ints, Ints]:
    """For each bar the number of its meter and the ticks of one slot."""
    changes = np.array([change.tick for change in meter.changes], dtype=np.int64)
    meters = [change.meter for change in meter.changes]
    known = {m: i for i, m in reversed(list(enumerate(meters)))}
    at = np.searchsorted(changes, lines[:-1], side="right") - 1
    kind = np.array([known[m] for m in meters], dtype=np.int64)[at]
    ticks = [max(1, m.bar // (12 if m.numerator % 3 == 0 else SLOTS)) for m in meters]
    return kind, np.array(ticks, dtype=np.int64)[at]


def _place(notes: Notes, lines: Ints, slot_ticks: Ints) -> Voice:
    bar = np.searchsorted(lines, notes.start, side="right").astype(np.int64) - 1
    into = notes.start - lines[bar]
    length = np.diff(lines)[bar]
    slot = (into + slot_ticks[bar] // 2) // slot_ticks[bar]
    over = (slot * slot_ticks[bar] >= length) | (slot >= SLOTS)
    return Voice(notes, bar, into / length, bar + over, np.where(over, 0, slot))


def top_line(notes: Notes) -> Bools:
    """A mask of the notes that are highest when they start and not under a higher one that still sounds."""
    top = np.zeros(len(notes), dtype=np.bool_)
    if len(notes) == 0:
        return top
    # Notes are in order of onset, then pitch: the last of each onset is the highest.
    top[:-1] = notes.start[1:] != notes.start[:-1]
    top[-1] = True
    index = np.flatnonzero(top)
    start, end, pitch = notes.start[index], notes.end[index], notes.pitch[index]
    covered = np.zeros(len(index), dtype=np.bool_)
    for back in range(1, min(_UNDER, len(index) - 1) + 1):
        overlap = np.minimum(end[:-back] - start[back:], end[back:] - start[back:])
        # A legato overlap is no cover: the upper note has to sound through half of the lower one.
        through = 2 * overlap >= end[back:] - start[back:]
        covered[back:] |= through & (pitch[:-back] > pitch[back:])
    top[index[covered]] = False
    return top
