"""Pushed melodies: notes that come early belong, for the harmony, to the beat they are held over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from engines.analysis.score import Grid
from engines.music.notes import Note
from engines.music.time import PPQ, Ticks

EARLIEST = PPQ // 2
"""A push is at most an eighth …"""
LATEST = PPQ // 16
"""… and more than this; nearer to the beat, a note is only played a little early. The same slack is given above."""


def settle_onsets(notes: Sequence[Note], grid: Grid) -> tuple[tuple[Note, ...], tuple[int, ...]]:
    """Move pushed notes onto the beat that they anticipate. The second result says how early each note had been (−).

    A note is pushed when it starts an eighth or less before a beat, nothing else starts between it and that beat or on it,
    and it is held over the beat for at least as long as it came early. Its end stays, so `push_again` gives the feel back.
    """
    starts = np.array([note.start for note in notes], dtype=np.int64)
    ends = np.array([note.end for note in notes], dtype=np.int64)
    if not len(notes) or len(grid.beats) < 2:
        return tuple(notes), (0,) * len(notes)
    place = np.clip(np.searchsorted(grid.beats, starts, side="right"), 1, len(grid.beats) - 1)
    beat, pulse = grid.beats[place], np.diff(grid.beats)[place - 1]
    early = beat - starts
    reach = np.minimum(EARLIEST, pulse // 2) + LATEST
    order = np.sort(starts)
    after = np.searchsorted(order, starts + LATEST, side="right")
    follows = np.where(after < len(order), order[np.minimum(after, len(order) - 1)], np.iinfo(np.int64).max)
    pushed = (early > LATEST) & (early <= reach) & (ends - beat >= early - LATEST) & (follows > beat + LATEST)
    residual = np.where(pushed, -early, 0)
    settled = tuple(
        replace(note, start=Ticks(note.start - r), length=Ticks(note.length + r)) if r else note
        for note, r in zip(notes, residual.tolist(), strict=True)
    )
    return settled, tuple(residual.tolist())


def push_again(notes: Sequence[Note], residual: Sequence[int]) -> tuple[Note, ...]:
    """Give settled notes their early onsets back: the inverse of `settle_onsets`."""
    return tuple(
        replace(note, start=Ticks(note.start + r), length=Ticks(note.length - r)) if r else note
        for note, r in zip(notes, residual, strict=True)
    )
