"""What a note in a texture looks like, to somebody who listens for the tune.

Two looks. The first sees each note among what sounds around it: how high, how long, how loud, alone or in a chord. From
that, a first impression is formed of where the tune may be; the second look compares each note with that impression: does
it lie on the line, is there a better candidate at the same moment, does the tune sing here at all?
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import sliding_window_view

from engines.analysis.score import Bools, Floats, Ints, Notes
from engines.music.time import PPQ

Table = npt.NDArray[np.float32]

BEFORE, AFTER = 10, 6
"""How many notes are seen around each note."""
TOGETHER = PPQ // 16
"""Onsets this close belong to one chord, however loosely it is played."""
FAR = 1000 * PPQ
"""Further away than anything that counts, and still exact in single precision."""
BEYOND = 1 << 40
"""Where nothing is any more."""
NEIGHBOUR = 2 * PPQ
"""A note this near in time may be the next one of a melody."""

HIGHEST_GAP, FAR_STEP = 24.0, 13.0
"""Wider gaps and steps count as these."""
LOWEST = -9.0
"""Less likely than any note is."""

FIRST_LOOK = (
    "higher", "held above", "lower", "gap above", "gap below", "chord", "from", "length", "register", "near top",
    "near all", "density", "loud", "longer", "kin", "on beat",
)  # fmt: skip
SECOND_LOOK = (
    "impression", "lead", "rival", "next", "previous", "near 1", "sung 1", "near 4", "sung 4", "near 16", "sung 16",
    "louder", "near song", "loud in song", "song spread", "song dynamics",
)  # fmt: skip


@dataclass(frozen=True)
class Around:
    """Each note with its neighbours in order of onset: tables of notes × (BEFORE + 1 + AFTER)."""

    notes: Notes

    def window(self, values: Ints | Floats, outside: float) -> Table:
        """The values of the neighbours; `outside` before the first note and after the last."""
        padded = np.pad(values.astype(np.float32), (BEFORE, AFTER), constant_values=outside)
        out: Table = sliding_window_view(padded, BEFORE + 1 + AFTER)
        return out

    @cached_property
    def wait(self) -> Table:
        """How many ticks later each neighbour starts; FAR where there is none."""
        padded = np.pad(self.notes.start, (BEFORE, AFTER), constant_values=(-BEYOND, BEYOND))
        later: Ints = sliding_window_view(padded, BEFORE + 1 + AFTER) - self.notes.start[:, None]
        return np.asarray(np.clip(later, -FAR, FAR), dtype=np.float32)

    @cached_property
    def apart(self) -> Table:
        """How many semitones higher each neighbour is."""
        out: Table = self.window(self.notes.pitch, -1e6) - self.notes.pitch[:, None].astype(np.float32)
        return out

    @cached_property
    def distance(self) -> Table:
        """How far each neighbour is in pitch, up or down."""
        return np.abs(self.apart)

    @cached_property
    def together(self) -> Bools:
        """Whether it starts at the same moment."""
        return np.abs(self.wait) <= TOGETHER

    @cached_property
    def held(self) -> Bools:
        """Whether it has started before and still sounds."""
        length = self.window(self.notes.end - self.notes.start, 0.0)
        return (self.wait < -TOGETHER) & (self.wait + length > TOGETHER)

    @cached_property
    def comes_before(self) -> Bools:
        """Whether the note could follow it in a melody."""
        return (self.wait < -TOGETHER) & (self.wait >= -NEIGHBOUR)

    @cached_property
    def comes_after(self) -> Bools:
        """Whether it could follow the note in a melody."""
        return (self.wait > TOGETHER) & (self.wait <= NEIGHBOUR)


class Nearby:
    """Weighted means over the notes that start within a span around each note."""

    def __init__(self, start: Ints, beats: float) -> None:
        self._low = np.searchsorted(start, start - beats * PPQ, side="left")
        self._high = np.searchsorted(start, start + beats * PPQ, side="right")

    def total(self, values: Floats) -> Floats:
        """The sum of some values."""
        running = np.concatenate(([0.0], np.cumsum(values)))
        out: Floats = running[self._high] - running[self._low]
        return out

    def mean(self, values: Floats, weights: Floats) -> Floats:
        """The mean of some values, by weight."""
        return self.total(values * weights) / np.maximum(self.total(weights), 1e-9)


def first_look(around: Around, beats: Ints) -> Floats:
    """Notes × FIRST_LOOK."""
    notes, apart = around.notes, around.apart
    pitch, length = notes.pitch.astype(np.float64), np.log2(np.clip(notes.end - notes.start, 40, 4 * PPQ) / PPQ)
    above, below = apart > 0, (apart < 0) & (apart > -200)
    sounding = around.together | around.held
    higher = (sounding & above).sum(axis=1)
    ones, top = np.ones(len(notes)), (higher == 0).astype(np.float64)
    wide, long = Nearby(notes.start, 8), Nearby(notes.start, 4)
    loud = notes.velocity - wide.mean(notes.velocity.astype(np.float64), ones)
    near = beats[np.searchsorted(beats[1:-1], notes.start + TOGETHER, side="right")]
    columns = (
        np.minimum(higher, 4),
        np.minimum((around.held & above).sum(axis=1), 3),
        np.minimum((sounding & below).sum(axis=1), 5),
        np.where(sounding & above, apart, HIGHEST_GAP).min(axis=1).clip(max=HIGHEST_GAP),
        np.where(sounding & below, -apart, HIGHEST_GAP).min(axis=1).clip(max=HIGHEST_GAP),
        np.minimum(around.together.sum(axis=1), 6),
        np.where(around.comes_before, around.distance, FAR_STEP).min(axis=1).clip(max=FAR_STEP),
        length,
        (pitch - 60) / 12,
        ((pitch - wide.mean(pitch, top)) / 6).clip(-4, 4),
        ((pitch - wide.mean(pitch, ones)) / 12).clip(-3, 3),
        np.log2(wide.total(ones) / 8),
        (loud / 12).clip(-3, 3),
        length - long.mean(length, ones),
        (around.distance <= 4).mean(axis=1),
        np.abs(near - notes.start) <= TOGETHER,
    )
    return np.stack([np.asarray(column, dtype=np.float64) for column in columns], axis=1)


def second_look(around: Around, impression: Floats) -> Floats:
    """Notes × SECOND_LOOK, given the first impression of each note as log odds."""
    notes = around.notes
    pitch, velocity = notes.pitch.astype(np.float64), notes.velocity.astype(np.float64)
    chance = 1 / (1 + np.exp(-impression))
    others = around.window(impression, LOWEST)
    fits = others - around.distance.clip(max=40) / 4
    rivals = around.together | around.held
    rivals[:, BEFORE] = False  # a note is no rival of itself
    rival = np.where(rivals, others, LOWEST).max(axis=1)
    columns = [
        impression,
        (impression - rival).clip(-6, 6),
        rival.clip(-6, 3),
        np.where(around.comes_after, fits, LOWEST).max(axis=1),
        np.where(around.comes_before, fits, LOWEST).max(axis=1),
    ]
    for beats in (1, 4, 16):
        span = Nearby(notes.start, beats)
        columns += [((pitch - span.mean(pitch, chance)) / 6).clip(-4, 4), np.log(span.total(chance) + 0.05)]
    louder = velocity - Nearby(notes.start, 8).mean(velocity, chance)
    level, spread = _weighted(pitch, chance)
    strength, range_ = _weighted(velocity, chance)
    columns += [
        (louder / 12).clip(-3, 3),
        ((pitch - level) / 6).clip(-4, 4),
        ((velocity - strength) / (range_ + 2)).clip(-3, 3),
        np.full(len(notes), spread / 6),
        np.full(len(notes), min(float(velocity.std()) / 12, 3)),
    ]
    return np.stack(columns, axis=1)


def _weighted(values: Floats, weights: Floats) -> tuple[float, float]:
    """Mean and standard deviation."""
    total = max(float(weights.sum()), 1e-9)
    mean = float((values * weights).sum()) / total
    return mean, float(np.sqrt(((values - mean) ** 2 * weights).sum() / total))
