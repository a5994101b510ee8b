"""Some bars of music as the note decoder reads them: who plays, what stands, which chords there are, what is to be written."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engines.models import tokens as t
from engines.models.cells import Controls, cell_row, start_row

Ints = npt.NDArray[np.int64]

Cell = tuple[int, int]
"""(bar of the window from 0, slot from 1)."""


@dataclass(frozen=True)
class Window:
    """Bars count from 0 here; in a prompt they count from the first one that is to be written."""

    rows: Ints
    """A row of kind CONTEXT for each note, in order of bar, position, slot, pitch."""
    chords: Ints
    """Rows of kind CHORD."""
    meters: Ints
    """Rows of kind METER, where the length of the bar changes."""
    bar_steps: Ints
    """How long each bar is."""
    programs: Ints
    """The program field of each slot, slot 1 first."""
    key: tuple[int, int]
    """Tonic and 1 for minor; (-1, 0) where none is known."""

    def __post_init__(self) -> None:
        assert len(self.bar_steps) <= t.LATEST_BAR + 1, "a window is too long for its vocabulary"


def window_of(
    notes: Ints,
    slot: Ints,
    programs: Ints,
    lines: Ints,
    chords: Ints,
    key: tuple[int, int],
    quiet: npt.NDArray[np.bool_],
) -> Window:
    """A window of notes (onset, micro, length, pitch, velocity) in steps and ticks.

    Args:
        notes: those whose onsets lie between the first and the last bar line.
        slot: of each note, from 1.
        programs: the program field of each slot.
        lines: bar lines, the closing one included.
        chords: (onset, root, quality), in order; the one that holds at the start may begin before it.
        key: tonic and 1 for minor; (-1, 0) where none is known.
        quiet: notes whose velocity says nothing.
    """
    program = programs[slot - 1] if len(slot) else slot
    bar = np.searchsorted(lines, notes[:, 0], side="right") - 1
    rows = t.note_rows(int(t.Kind.CONTEXT), slot, program, bar, notes[:, 0] - lines[bar], notes[:, 1:])
    rows[quiet, t.VELOCITY] = 0
    rows = rows[np.lexsort((rows[:, t.PITCH], slot, rows[:, t.POSITION], rows[:, t.BAR]))]
    steps = np.diff(lines)
    return Window(rows, _chord_rows(chords, lines), _meter_rows(steps), steps, programs, key)


def bars_of(rows: Ints) -> Ints:
    """The bars of events that have not been moved to an origin."""
    return rows[:, t.BAR] + t.EARLIEST_BAR - 1


def opening(window: Window, *, say_key: bool = True, ours: Collection[int] = ()) -> Ints:
    """START and one PART (or, for slots that are ours, PARTNER) for each slot."""
    tonic, minor = window.key if say_key else (-1, 0)
    rows = np.zeros((len(window.programs) + 1, t.WIDTH), dtype=np.int64)
    rows[0] = start_row(int(window.bar_steps[0]), tonic, minor)
    slots = np.arange(1, len(rows))
    rows[1:, t.KIND] = np.where(np.isin(slots, list(ours)), t.Kind.PARTNER, t.Kind.PART)
    rows[1:, t.SLOT], rows[1:, t.PROGRAM] = slots, window.programs
    return rows


def merged(window: Window, notes: Ints, *, say_chords: bool = True) -> Ints:
    """Notes, meter changes and chords in order of time; at one moment meter, then chord, then notes."""
    rows = np.concatenate([window.meters, window.chords if say_chords else window.chords[:0], notes])
    is_meter = rows[:, t.KIND] == t.Kind.METER
    place = np.where(is_meter, 0, rows[:, t.POSITION])
    rank = np.where(is_meter, 0, np.where(rows[:, t.KIND] == t.Kind.CHORD, 1, 2))
    return rows[np.lexsort((rows[:, t.PITCH], rows[:, t.SLOT], rank, place, rows[:, t.BAR]))]


def hidden_notes(window: Window, cells: Sequence[Cell]) -> npt.NDArray[np.bool_]:
    """Which of the window's notes lie in these cells."""
    hidden = np.zeros((len(window.bar_steps), len(window.programs) + 1), dtype=bool)
    hidden[tuple(np.array(cells, dtype=np.int64).reshape(-1, 2).T)] = True
    return np.asarray(hidden[bars_of(window.rows), window.rows[:, t.SLOT]])


def head(window: Window, cell: Cell, controls: Controls, *, say_chords: bool = True) -> Ints:
    """The event that opens a cell: who, where, how, and the chord at its beginning."""
    bar, slot = cell
    row = cell_row(slot, int(window.programs[slot - 1]), bar, controls)
    if say_chords and len(window.chords):
        at = bars_of(window.chords)
        known = window.chords[(at < bar) | ((at == bar) & (window.chords[:, t.POSITION] <= 1))]
        if len(known):
            row[[t.ROOT, t.QUALITY]] = known[-1, [t.ROOT, t.QUALITY]]
    return row


def tail(window: Window, cell: Cell) -> Ints:
    """The event that closes a cell."""
    bar, slot = cell
    return cell_row(slot, int(window.programs[slot - 1]), bar, Controls(), t.Kind.END)


def moved(rows: Ints, origin: int) -> Ints:
    """Events whose bars count from `origin`."""
    out = rows.copy()
    out[rows[:, t.BAR] > 0, t.BAR] -= origin
    return out


def _chord_rows(table: Ints, lines: Ints) -> Ints:
    lo, hi = np.searchsorted(table[:, 0], [lines[0] + 1, lines[-1]])
    table = table[max(lo - 1, 0) : hi]
    onset = np.maximum(table[:, 0], lines[0])
    bar = np.searchsorted(lines, onset, side="right") - 1
    rows = np.zeros((len(table), t.WIDTH), dtype=np.int64)
    rows[:, t.KIND] = t.Kind.CHORD
    rows[:, t.BAR], rows[:, t.POSITION] = bar - t.EARLIEST_BAR + 1, onset - lines[bar] + 1
    there = table[:, 1] >= 0
    rows[:, t.ROOT] = np.where(there, table[:, 1] + 2, t.NO_ROOT)
    rows[:, t.QUALITY] = np.where(there, table[:, 2] + 1, 0)
    return rows


def _meter_rows(steps: Ints) -> Ints:
    at = np.flatnonzero(np.diff(steps)) + 1
    rows = np.zeros((len(at), t.WIDTH), dtype=np.int64)
    rows[:, t.KIND], rows[:, t.BAR], rows[:, t.POSITION] = t.Kind.METER, at - t.EARLIEST_BAR + 1, steps[at]
    return rows
