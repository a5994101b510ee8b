"""The words of the note decoder: an event is one row of small numbers, one for each field.

Onsets lie on a grid of 24 steps a quarter; what the player is early or late has a field of its own, so that at 960 ticks a
quarter no onset is lost. Lengths are exact up to two bars of 4/4, then in whole quarters. Velocities have 16 levels.
In every field 0 means "nothing said". The table below is the vocabulary: a model is bound to it by its hash.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]

STEPS: Final = 24
"""Grid steps in a quarter."""
STEP: Final = 40
"""Ticks in a step."""
MICRO_LOW: Final = -20
"""The earliest that an onset can be for its step, in ticks."""
LONGEST_BAR: Final = 192
"""Steps in the longest bar that has a position for each of them; longer bars are cut there."""
SLOTS: Final = 16
"""Parts in a window."""
EARLIEST_BAR, LATEST_BAR = -16, 31
"""Bars of a window, counted from the first one that is to be written."""
EXACT, LONGEST = 192, 960
"""Lengths are exact up to here, and by the quarter up to there."""
QUALITIES: Final = (
    "",
    "m",
    "7",
    "maj7",
    "m7",
    "dim",
    "m7b5",
    "dim7",
    "aug",
    "sus4",
    "sus2",
    "7sus4",
    "6",
    "m6",
    "mMaj7",
)
"""Chord qualities, as chord symbols write them after the root."""


class Kind(IntEnum):
    """What an event is."""

    NOTHING = 0
    START = 1
    """A window begins. Its position is the length of a bar, its root and quality the key."""
    PART = 2
    """Someone who plays, with slot and program; its controls hold for the whole window."""
    METER = 3
    """From this bar on a bar has another length: its position."""
    CHORD = 4
    CONTEXT = 5
    """A note that stands and stays."""
    CELL = 6
    """One bar of one part is to be written now; its controls say how."""
    HINT = 7
    """A note that stood in this cell and is to be kept in mind."""
    FILL = 8
    """A note written into the cell."""
    END = 9
    """The cell is done."""
    HEARD = 10
    """Live: the player's note."""
    ANSWER = 11
    """Live: our note."""
    PARTNER = 12
    """Like PART, for a part that we play live."""


@dataclass(frozen=True)
class Field:
    """One column of an event."""

    name: str
    size: int
    """How many values, 0 (nothing said) included."""
    first: int = 0
    """What value 1 stands for."""


FIELDS: Final = (
    Field("kind", len(Kind)),
    Field("slot", SLOTS + 1),
    Field("program", 18),
    Field("bar", LATEST_BAR - EARLIEST_BAR + 2, EARLIEST_BAR),
    Field("position", LONGEST_BAR + 1),
    Field("pitch", 257),
    Field("length", EXACT + (LONGEST - EXACT) // STEPS + 2, 1),
    Field("velocity", 17),
    Field("micro", STEP + 1, MICRO_LOW),
    Field("density", 11),
    Field("register", 15),
    Field("voices", 8),
    Field("root", 14, -1),
    Field("quality", len(QUALITIES) + 1),
)
WIDTH: Final = len(FIELDS)
KIND, SLOT, PROGRAM, BAR, POSITION, PITCH, LENGTH, VELOCITY, MICRO, DENSITY, REGISTER, VOICES, ROOT, QUALITY = range(
    WIDTH
)
WHEN: Final = (KIND, SLOT, BAR, POSITION)
"""What is chosen first for an event, in this order …"""
WHAT: Final = (PITCH, LENGTH, VELOCITY, MICRO)
"""… and what then sounds there."""
OPEN: Final = FIELDS[LENGTH].size - 1
"""The length of a note that is still held."""
DRUM_PROGRAM: Final = 17
"""The program class of a drum kit; 1 to 16 are the families of General MIDI."""
DRUM_PITCH: Final = 129
"""Value 0 of the drums in the pitch field; tones begin at 1."""
NO_ROOT: Final = 1
"""Root field: no chord sounds."""
DENSITIES: Final = (0.0, 0.26, 0.51, 1.01, 1.51, 2.01, 3.01, 4.51, 7.01)
"""Upper limits of the density classes, in notes a quarter; 0 is a class of its own."""
REGISTER_LOW, REGISTER_WIDTH = 21, 6


def vocabulary_hash() -> str:
    """What a model's card must state."""
    table = [[f.name, f.size, f.first] for f in FIELDS], [k.name for k in Kind], QUALITIES, DENSITIES
    return hashlib.sha256(json.dumps([table, STEPS, STEP, LONGEST_BAR]).encode()).hexdigest()


def length_class(length: Ints) -> Ints:
    """The length field for lengths in steps."""
    long = EXACT + np.rint((np.minimum(length, LONGEST) - EXACT) / STEPS).astype(np.int64)
    return np.where(length <= EXACT, np.maximum(length, 1), long)


def length_steps(value: Ints) -> Ints:
    """Lengths in steps for values of the length field; an open one counts as a quarter until it ends."""
    known = np.where(value <= EXACT, value, EXACT + (value - EXACT) * STEPS)
    return np.where(value == OPEN, STEPS, known)


def program_class(program: int, drum: bool) -> int:
    """The program field: a family of General MIDI, or the kit."""
    return DRUM_PROGRAM if drum else program // 8 + 1


def density_class(notes: int, steps: int) -> int:
    """How busy a cell is."""
    return 1 + int(np.searchsorted(DENSITIES, notes * STEPS / max(steps, 1)))


def register_class(mean_pitch: float) -> int:
    """How high a cell lies."""
    return 1 + int(np.clip((mean_pitch - REGISTER_LOW) // REGISTER_WIDTH, 0, FIELDS[REGISTER].size - 2))


def voices_class(onset: Ints, length: Ints) -> int:
    """How many notes sound at once in a cell, at most."""
    if not len(onset):
        return 1
    together = (onset[None, :] <= onset[:, None]) & (onset[:, None] < (onset + length)[None, :])
    return 1 + min(int(together.sum(axis=1).max()), FIELDS[VOICES].size - 2)


def note_rows(kind: Ints | int, slot: Ints, program: Ints, bar: Ints, position: Ints, notes: Ints) -> Ints:
    """Events for notes. `notes` has columns (micro, length, pitch, velocity) in ticks, steps, MIDI numbers; `program` is
    the program field and `slot` counts from 1.
    """
    rows = np.zeros((len(notes), WIDTH), dtype=np.int64)
    micro, length, pitch, velocity = notes.T
    rows[:, KIND], rows[:, SLOT], rows[:, PROGRAM] = kind, slot, program
    rows[:, BAR] = bar - EARLIEST_BAR + 1
    rows[:, POSITION] = position + 1
    rows[:, PITCH] = pitch + np.where(program == DRUM_PROGRAM, DRUM_PITCH, 1)
    rows[:, LENGTH] = length_class(length)
    rows[:, VELOCITY] = velocity // 8 + 1
    rows[:, MICRO] = micro - MICRO_LOW + 1
    return rows


def notes_of(rows: Ints) -> Ints:
    """The notes that events stand for: (bar, position, micro, length, pitch, velocity)."""
    pitch = rows[:, PITCH] - np.where(rows[:, PITCH] >= DRUM_PITCH, DRUM_PITCH, 1)
    velocity = np.clip((rows[:, VELOCITY] - 1) * 8 + 4, 1, 127)
    bar, micro = rows[:, BAR] + EARLIEST_BAR - 1, rows[:, MICRO] + MICRO_LOW - 1
    columns = (bar, rows[:, POSITION] - 1, micro, length_steps(rows[:, LENGTH]), pitch, velocity)
    return np.stack(columns, axis=1)


def chord_field(root: int, quality: int) -> tuple[int, int]:
    """Root and quality fields for a chord; root -1 is no chord."""
    return (root + 2, quality + 1) if root >= 0 else (NO_ROOT, 0)
