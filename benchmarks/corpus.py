"""Pieces of the archives as the measures want them: columns in ticks, and a role for every part."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import numpy as np

from benchmarks.metrics.harmony import Harmony
from engines.analysis.score import Grid, Ints, Notes, Score
from engines.models.tokens import QUALITIES, STEP, STEPS
from engines.music.harmony import Chord
from engines.music.time import MeterMap
from training.notes.pieces import Part, Piece

PART, ONSET, MICRO, LENGTH, PITCH, VELOCITY = range(6)
"""Columns of a piece's notes."""
FAMILIES = (
    "piano", "mallets", "organ", "guitar", "bass", "strings", "ensemble", "brass",
    "reed", "pipe", "lead", "pad", "effects", "ethnic", "percussion", "noises",
)  # fmt: skip
"""The families of General MIDI."""


def role_of(archive: str, part: Part) -> str:
    """What a part is called in the tables: by its name in POP909 and Lieder, elsewhere by the family of its program."""
    if part.drum:
        return "drums"
    if archive == "pop909":
        return part.name.lower()
    if archive == "openscore_lieder":
        return {"PIANO_RH": "piano right", "PIANO_LH": "piano left"}.get(part.name.split()[0], "voice")
    return FAMILIES[part.program // 8]


def columns(piece: Piece, notes: Ints | None = None, played: bool = False) -> Notes:
    """A piece's notes in ticks, on the grid or as they were played; `notes` stand in for the piece's own."""
    table = piece.notes if notes is None else notes
    start = np.maximum(table[:, ONSET] * STEP + (table[:, MICRO] if played else 0), 0)
    drum = np.array([part.drum for part in piece.parts], dtype=np.bool_)[table[:, PART]]
    order = np.lexsort((table[:, PITCH], start))
    end = start + table[:, LENGTH] * STEP
    return Notes(start[order], end[order], table[order, PITCH], table[order, VELOCITY], table[order, PART], drum[order])


def grid_of(bars: Ints) -> Grid:
    """Bars and beats in ticks. The meter is not kept: beats are quarters from the bar line, in bars that are no whole
    number of quarters dotted quarters if these fit; so 6/8 counts as three quarters, and 9/8 in three.
    """
    beats = [int(bars[0])] if len(bars) else []
    for begin, end in zip(bars[:-1].tolist(), bars[1:].tolist(), strict=True):
        beat = STEPS * 3 // 2 if (end - begin) % STEPS and (end - begin) % (STEPS * 3 // 2) == 0 else STEPS
        beats += [*range(begin + beat, end, beat), end]
    return Grid(bars * STEP, np.array(beats, dtype=np.int64) * STEP)


def score_of(piece: Piece) -> Score:
    """A piece as a score. The meter map is a stand-in: use the grid."""
    programs = tuple(None if part.drum else part.program for part in piece.parts)
    return Score(columns(piece), grid_of(piece.bars), MeterMap(), tuple(part.name for part in piece.parts), programs)


def harmony_of(chords: Ints) -> Harmony:
    """A piece's recognised chords."""
    shapes = np.array([Chord.parse(f"C{name}").chroma for name in QUALITIES], dtype=np.int64)
    onset, root, quality = chords.T
    shape, up = shapes[quality], np.maximum(root, 0)
    turned = (shape << up | shape >> (12 - up)) & 0xFFF
    return Harmony(onset * STEP, np.where(root < 0, 0, turned))


def list_hash(names: Iterable[str]) -> str:
    """Names a list of songs."""
    return hashlib.sha256("\n".join(names).encode()).hexdigest()[:12]
