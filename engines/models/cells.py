"""Cells: one bar of one part, and what is asked of it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from engines.models import tokens as t

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Controls:
    """What a cell is asked to be, as values of the fields; 0 leaves it open."""

    density: int = 0
    register: int = 0
    voices: int = 0

    def dropped(self, which: npt.NDArray[np.bool_]) -> Controls:
        """Without some of them: a mask over (density, register, voices)."""
        names = ("density", "register", "voices")
        return replace(self, **{name: 0 for name, gone in zip(names, which.tolist(), strict=True) if gone})

    def write(self, row: Ints) -> None:
        """Put them into an event."""
        row[[t.DENSITY, t.REGISTER, t.VOICES]] = self.density, self.register, self.voices


def controls_of(rows: Ints, steps: int) -> Controls:
    """What note events of a cell of so many steps are like."""
    pitched = rows[rows[:, t.PITCH] < t.DRUM_PITCH]
    place = rows[:, t.POSITION] - 1 + (rows[:, t.BAR] - rows[:1, t.BAR]) * t.LONGEST_BAR
    return Controls(
        density=t.density_class(len(rows), steps),
        register=t.register_class(float(pitched[:, t.PITCH].mean()) - 1) if len(pitched) else 0,
        voices=t.voices_class(place, t.length_steps(rows[:, t.LENGTH])),
    )


def controls_around(
    rows: Ints, bar_steps: Ints, cell: tuple[int, int], hidden: Collection[tuple[int, int]]
) -> Controls:
    """What suits a cell (bar, slot) when nothing is asked: as its part plays in the nearest bars that stand, one before and one
    after where there are both. `rows` are the notes of the window, each event with its bar.
    """
    bar, slot = cell
    mine = rows[(rows[:, t.SLOT] == slot) & np.isin(rows[:, t.KIND], (t.Kind.CONTEXT, t.Kind.FILL))]
    at = mine[:, t.BAR] - 1 + t.EARLIEST_BAR
    standing = [b for b in np.unique(at).tolist() if (b, slot) not in hidden]
    near = [*[b for b in standing if b < bar][-1:], *[b for b in standing if b > bar][:1]]
    found = [controls_of(mine[at == b], int(bar_steps[b])) for b in near]
    if not found:
        return Controls()
    middle = {name: _between([getattr(one, name) for one in found]) for name in ("density", "register", "voices")}
    return Controls(**middle)


def _between(values: list[int]) -> int:
    """The middle of classes, what is open left out; the lower of two neighbours."""
    known = [value for value in values if value]
    return sum(known) // len(known) if known else 0


def cell_row(slot: int, program: int, bar: int, controls: Controls, kind: t.Kind = t.Kind.CELL) -> Ints:
    """The event that opens (or, with END, closes) a cell."""
    row = np.zeros(t.WIDTH, dtype=np.int64)
    row[t.KIND], row[t.SLOT], row[t.PROGRAM], row[t.BAR] = kind, slot, program, bar - t.EARLIEST_BAR + 1
    controls.write(row)
    return row


def start_row(bar_steps: int, tonic: int = -1, minor: int = 0) -> Ints:
    """The event that opens a window; tonic -1 where the key is not said."""
    row = np.zeros(t.WIDTH, dtype=np.int64)
    row[t.KIND], row[t.POSITION] = t.Kind.START, bar_steps
    if tonic >= 0:
        row[t.ROOT], row[t.QUALITY] = t.chord_field(tonic, t.QUALITIES.index("m") if minor else 0)
    return row
