"""Windows in batches: gathered from the tables, put into their frames, and disturbed where the model must not rely on them.

There is nothing to transpose: the roll counts from its lowest note and the answer from the first root, so all twelve keys are
one lesson (`engines.accompaniment.grid`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engines.accompaniment import grid
from engines.accompaniment.grid import CHORD, CROWD, DRAFT, KEYS, LONGEST_BAR, LOWEST_KEY, REGISTER, UNSAID
from training.texture.returns import Returns
from training.texture.windows import Ints, Table

Floats = npt.NDArray[np.float32]

LENGTHS = (24, 32, 48)
"""Few lengths, so that a compiled model is compiled few times."""
STEPS_A_BATCH = 2048
BENT = 0.5
"""How many rolls are bent: each pitch class stays or moves by a semitone, throughout the window. Intervals then tell the
contour, but not whether a third is major: that is for the chords to say."""
NO_REGISTER, NO_BAR_REGISTER, ROUGH = 0.2, 0.1, 0.5
"""How many windows have no register, how many bars have none, and how many windows a rough one. What is asked for at play time
need not be a tone of the chord."""
ROUGH_BY = 4
"""Semitones."""
NO_COUNTS = 0.3


@dataclass(frozen=True)
class Batch:
    """Windows of up to so many steps."""

    roll: Floats
    """[windows, steps, 2 × KEYS]: what the encoder reads; onsets, then lengths."""
    place: Ints
    bar_steps: Ints
    there: Floats
    """[windows, steps]: 1 for steps, 0 for what fills up."""
    chords: Floats
    register: Floats
    counts: Ints
    draft: Floats
    onsets: Floats
    """[windows, steps, KEYS]: what is to be answered."""
    lengths: Floats
    """[windows, steps, KEYS]: with these lengths, where something begins."""


class Batches:
    """Every window once an epoch, in batches of one length; the same seed gives the same batches on every machine.

    With `returns` an epoch is every one of them, and as many windows that have no draft.
    """

    def __init__(self, table: Table, seed: int, steps: int = STEPS_A_BATCH, returns: Returns | None = None) -> None:
        self._table, self._seed, self._returns = table, seed, returns
        windows = table.windows
        if returns is not None:
            windows = np.resize(np.random.default_rng(seed).permutation(windows), len(returns.target))
        lessons = np.stack([windows, windows, np.full(len(windows), -1)], axis=1)
        if returns is not None:
            mine = np.stack([returns.donor, returns.target, np.arange(len(returns.target))], axis=1)
            lessons = np.concatenate([lessons, mine])
        total = table.steps[lessons[:, 1]] + table.steps[lessons[:, 1] + 1]
        limits = np.searchsorted(LENGTHS, total)
        self._groups = [lessons[limits == i] for i in range(len(LENGTHS))]
        self._sizes = [max(1, steps // length) for length in LENGTHS]

    @property
    def per_epoch(self) -> int:
        """Batches in an epoch."""
        return sum(-(-len(group) // size) for group, size in zip(self._groups, self._sizes, strict=True))

    def from_batch(self, number: int) -> Iterator[Batch]:
        """Batches without end, from this one on."""
        while True:
            epoch, begin = divmod(number, self.per_epoch)
            for at, (lessons, length) in enumerate(self._epoch(epoch)):
                if at >= begin:
                    rng = np.random.default_rng([self._seed, epoch, at])
                    yield gathered(self._table, lessons[:, 1], length, rng, self._lent(lessons))
                    number += 1

    def _lent(self, lessons: Ints) -> Lent | None:
        if self._returns is None:
            return None
        row, step, key = drafts_of(self._returns, lessons[:, 2])
        return Lent(lessons[:, 0], lessons[:, 2] >= 0, row, step, key)

    def _epoch(self, epoch: int) -> list[tuple[Ints, int]]:
        rng = np.random.default_rng([self._seed, epoch])
        out: list[tuple[Ints, int]] = []
        for group, size, length in zip(self._groups, self._sizes, LENGTHS, strict=True):
            order = rng.permutation(group)
            # The last batch borrows from the first, so that all have one shape.
            full = -(-len(order) // size) * size
            order = order[np.resize(np.arange(len(order)), full)] if len(order) else order
            out += [(order[i : i + size], length) for i in range(0, len(order), size)]
        return [out[i] for i in rng.permutation(len(out))]


@dataclass(frozen=True)
class Lent:
    """What is borrowed in a batch, where that is not the window itself."""

    donor: Ints
    """The window that the texture is read from."""
    has: npt.NDArray[np.bool_]
    """Whether there is a draft."""
    row: Ints
    """The drafts' notes, one after another: the window of each,"""
    step: Ints
    """its step,"""
    key: Ints
    """and its key."""


def drafts_of(returns: Returns, lessons: Ints) -> tuple[Ints, Ints, Ints]:
    """The notes of some drafts, -1 for none: row, step and key."""
    begin = np.where(lessons >= 0, returns.ends[lessons], 0)
    end = np.where(lessons >= 0, returns.ends[lessons + 1], 0)
    row = np.repeat(np.arange(len(lessons)), end - begin)
    at = np.arange(len(row)) - np.repeat(np.cumsum(end - begin) - (end - begin), end - begin) + begin[row]
    found = returns.notes[at].astype(np.int64)
    return row, found[:, 0], found[:, 1]


@dataclass(frozen=True)
class _Notes:
    """The notes of a batch, one after another."""

    row: Ints
    """The window of each."""
    second: Ints
    """Whether it lies in the second bar."""
    step: Ints
    key: Ints
    length: Floats
    """As the model counts it."""


def gathered(
    table: Table, firsts: Ints, length: int, rng: np.random.Generator | None, lent: Lent | None = None
) -> Batch:
    """Windows as a batch; without `rng` nothing is disturbed or left unsaid."""
    n = len(firsts)
    first_bar, second_bar = table.steps[firsts], table.steps[firsts + 1]
    step = np.arange(length)[None]
    second = step >= first_bar[:, None]
    there = step < (first_bar + second_bar)[:, None]
    place = np.where(there, np.where(second, LONGEST_BAR + step - first_bar[:, None], step), 0)
    bar_steps = np.where(there, np.where(second, second_bar[:, None], first_bar[:, None]), 0)
    at = np.minimum(table.step_end[firsts][:, None] + step, len(table.roots) - 1)
    shift = _frames(np.where(there, table.roots[at], -1))
    notes = _notes(table, firsts)
    key = notes.key + shift[notes.row]
    seen = (key >= 0) & (key < KEYS)
    onsets, lengths = np.zeros((2, n, length, KEYS), dtype=np.float32)
    where = (notes.row[seen], notes.step[seen], key[seen])
    onsets[where] = 1
    lengths[where] = notes.length[seen]
    counts = np.minimum(onsets.sum(axis=2), CROWD).astype(np.int64)
    table_of = _register(notes, key, n, rng)
    draft = np.zeros((n, length, DRAFT), dtype=np.float32)
    if lent is not None:
        drafted = _Notes(lent.row, (lent.step >= first_bar[lent.row]).astype(np.int64), lent.step, lent.key, lent.step)
        moved = lent.key + shift[lent.row]
        table_of[lent.has] = _register(drafted, moved, n, rng)[lent.has]
        inside = (moved >= 0) & (moved < KEYS)
        draft[lent.row[inside], lent.step[inside], moved[inside]] = 1
        draft[..., KEYS] = lent.has[:, None] & there
    register = table_of[np.arange(n)[:, None], second.astype(np.int64)] * there[..., None]
    if rng is not None:
        counts[rng.random(n) < NO_COUNTS] = UNSAID
    counts[~there] = UNSAID
    roll = _roll(notes if lent is None else _notes(table, lent.donor), n, length, rng)
    return Batch(
        roll, place, bar_steps, there.astype(np.float32), _chords(table, at, shift, there),
        register, counts, draft, onsets, lengths,
    )  # fmt: skip


def _frames(roots: Ints) -> Ints:
    known = roots >= 0
    root = np.where(known.any(axis=1), roots[np.arange(len(roots)), known.argmax(axis=1)], 0).astype(np.int64)
    out: Ints = np.where(root <= 6, -root, 12 - root)
    return out


def _notes(table: Table, firsts: Ints) -> _Notes:
    begin, middle, end = (table.note_end[firsts + i] for i in range(3))
    row = np.repeat(np.arange(len(firsts)), end - begin)
    at = np.arange(len(row)) - np.repeat(np.cumsum(end - begin) - (end - begin), end - begin) + begin[row]
    second = at >= middle[row]
    found = table.notes[at].astype(np.int64)
    long = np.log2(np.clip(found[:, 2], 1, grid.LONGEST)).astype(np.float32)
    return _Notes(row, second.astype(np.int64), found[:, 0] + second * table.steps[firsts][row], found[:, 1], long)


def _roll(notes: _Notes, n: int, length: int, rng: np.random.Generator | None) -> Floats:
    key = notes.key
    if rng is not None:
        bend = rng.choice([-1, 0, 0, 1], size=(n, 12)) * (rng.random((n, 1)) < BENT)
        key = key + bend[notes.row, (key + LOWEST_KEY) % 12]
    lowest = np.full(n, KEYS)
    np.minimum.at(lowest, notes.row, key)
    key = key - lowest[notes.row]
    roll = np.zeros((n, length, 2 * KEYS), dtype=np.float32)
    roll[notes.row, notes.step, np.minimum(key, KEYS - 1)] = key < KEYS
    np.maximum.at(roll, (notes.row, notes.step, KEYS + np.minimum(key, KEYS - 1)), notes.length * (key < KEYS))
    return roll


def _register(notes: _Notes, key: Ints, n: int, rng: np.random.Generator | None) -> Floats:
    """[windows, bars, REGISTER]."""
    bar = 2 * notes.row + notes.second
    lowest, highest = np.full(2 * n, np.inf), np.full(2 * n, -np.inf)
    np.minimum.at(lowest, bar, key)
    np.maximum.at(highest, bar, key)
    number = np.bincount(bar, minlength=2 * n)
    mean = np.bincount(bar, weights=key, minlength=2 * n) / np.maximum(number, 1)
    table = np.stack([lowest, mean, highest], axis=1).reshape(n, 2, 3)
    known = number.reshape(n, 2) > 0
    if rng is not None:
        table += rng.integers(-ROUGH_BY, ROUGH_BY + 1, size=table.shape) * (rng.random((n, 1, 1)) < ROUGH)
        known &= (rng.random((n, 1)) >= NO_REGISTER) & (rng.random((n, 2)) >= NO_BAR_REGISTER)
    out = np.zeros((n, 2, REGISTER), dtype=np.float32)
    out[known, :3] = (table[known] - grid.MIDDLE) / grid.SPREAD
    out[known, 3] = 1
    return out


def _chords(table: Table, at: Ints, shift: Ints, there: npt.NDArray[np.bool_]) -> Floats:
    root, bass = (np.where(there, column[at], -1).astype(np.int64) for column in (table.roots, table.basses))
    tones = np.where(there, table.tones[at], 0).astype(np.int64)
    pcs, move = np.arange(12), shift[:, None, None]
    known = (root >= 0)[..., None]
    out = np.zeros((*at.shape, CHORD), dtype=np.float32)
    out[..., :12] = known & ((root[..., None] + move) % 12 == pcs)
    out[..., 12:24] = known & (tones[..., None] >> ((pcs - move) % 12) & 1)
    out[..., 24:] = known & ((bass[..., None] + move) % 12 == pcs)
    return out
