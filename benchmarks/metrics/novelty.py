"""How much of what was made stands in the training music: runs of bars, equal in rhythm and intervals."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from benchmarks.metrics.columns import bar_of
from engines.analysis.score import Grid, Ints, Notes

Hashes = npt.NDArray[np.uint64]

LONGEST = 8
"""Runs are followed up to here; a match of this many bars may be longer."""
_MIX = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))


def _mixed(values: Hashes) -> Hashes:
    """SplitMix64: equal in, equal out; otherwise as good as random."""
    x = values + _MIX[0]
    x = (x ^ (x >> np.uint64(30))) * _MIX[1]
    x = (x ^ (x >> np.uint64(27))) * _MIX[2]
    return x ^ (x >> np.uint64(31))


def bar_hashes(notes: Notes, grid: Grid) -> tuple[Hashes, Ints]:
    """For each bar of one part the hash of its onsets and intervals (0: no onsets), and the first note's pitch.

    Hashed are each onset's place in the bar, in ticks, and its interval above the bar's lowest first note; drum strokes
    keep their pitch, for a higher drum is another drum. Notes of one onset are sorted by pitch; a doubled note counts once.
    """
    bar, drum = bar_of(notes.start, grid), notes.drum
    out, lead = np.zeros(grid.n_bars, dtype=np.uint64), np.zeros(grid.n_bars, dtype=np.int64)
    if not len(notes):
        return out, lead
    order = np.lexsort((notes.pitch, notes.start))
    key = notes.start[order] * 256 + notes.pitch[order] + 128 * drum[order]
    order = order[np.concatenate([[True], np.diff(key) > 0])]
    bar, pitch, drum = bar[order], notes.pitch[order], drum[order]
    first = np.concatenate([[True], np.diff(bar) > 0])
    lead[bar[first]] = np.where(drum[first], 0, pitch[first])
    steps = np.where(drum, pitch + 512, pitch - lead[bar] + 128)
    each = _mixed(((notes.start[order] - grid.bars[bar]) * 1024 + steps).astype(np.uint64))
    np.add.at(out, bar, each)
    out[bar[first]] |= np.uint64(1)  # never the mark of an empty bar
    return out, lead


def run_hashes(notes: Notes, grid: Grid, longest: int = LONGEST) -> list[Hashes]:
    """For runs of 1, 2 … bars, the hash of the run that begins at each bar; 0 where it would hold an empty bar.

    A run also has the interval from each bar's first note to the next bar's, so that transposing all of it changes nothing.
    """
    one, lead = bar_hashes(notes, grid)
    runs = [one]
    for length in range(2, longest + 1):
        if length > len(one):
            break
        before, last = runs[-1][:-1], one[length - 1 :]
        step = np.diff(lead)[length - 2 :] + 1024
        joined = _mixed(before * np.uint64(31) + _mixed(last + _mixed(step.astype(np.uint64)))) | np.uint64(1)
        runs.append(np.where((before == 0) | (last == 0), np.uint64(0), joined))
    return runs


@dataclass(frozen=True)
class TrainingRuns:
    """Every run of bars of the training music, for each length the sorted hashes."""

    hashes: tuple[Hashes, ...]

    @classmethod
    def of(cls, parts: Iterable[tuple[Notes, Grid]], longest: int = LONGEST) -> TrainingRuns:
        """Index parts: one instrument's notes of one piece at a time."""
        found: list[list[Hashes]] = [[] for _ in range(longest)]
        for notes, grid in parts:
            for length, hashes in enumerate(run_hashes(notes, grid, longest)):
                found[length].append(hashes[hashes != 0])
        return cls(tuple(np.unique(np.concatenate(one)) if one else np.zeros(0, np.uint64) for one in found))

    def has(self, length: int, hashes: Hashes) -> npt.NDArray[np.bool_]:
        """Whether each run of that many bars is in the training music."""
        table = self.hashes[length - 1]
        if not len(table):
            return np.zeros(len(hashes), dtype=np.bool_)
        place = np.minimum(np.searchsorted(table, hashes), len(table) - 1)
        return np.asarray((table[place] == hashes) & (hashes != 0))


def longest_match(notes: Notes, grid: Grid, training: TrainingRuns, touching: tuple[int, int] | None = None) -> int:
    """The longest run of bars of one part that training music has with the same onsets and intervals; 0 to 8.

    `touching` asks for runs that hold one at least of the bars from … up to (from 0), such as those that were filled.
    Silent bars break a run. The release gate is 4: longer runs are copies. Plain accompaniment matches by nature, so read
    the value beside that of real music the model has not seen.
    """
    best = 0
    for length, hashes in enumerate(run_hashes(notes, grid, len(training.hashes)), start=1):
        first, end = (0, len(hashes)) if touching is None else (max(0, touching[0] - length + 1), touching[1])
        if not training.has(length, hashes[first:end]).any():
            break
        best = length
    return best
