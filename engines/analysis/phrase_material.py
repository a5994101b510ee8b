"""What each bar is made of, as rows of whole numbers that can be compared.

Whole numbers keep every product exact, so that the same piece reads the same on every platform.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engines.analysis.phrase_bars import SLOTS, Bars, Voice
from engines.analysis.score import Bools, Ints

Rows = npt.NDArray[np.float32]

_STEP = 12
"""Melodic steps wider than this many semitones count as this wide."""
_PARTS = 4
"""Harmony is compared by quarters of a bar."""
_LOUDEST = 63
"""The most that one cell of harmony can hold."""


@dataclass(frozen=True)
class Material:
    """One row a bar."""

    tune: Rows
    """Slot × pitch class of the melody, 0 or 1."""
    steps: Rows
    """Slot × interval from the note before, 0 or 1: the tune in any key."""
    rhythm: Rows
    """Slots in which the melody starts a note, 0 or 1."""
    texture: Rows
    """Slot × pitch class of the backing, growing with the number of notes."""
    harmony: Rows
    """Quarter bar × pitch class of everything, growing with the time it sounds."""
    sung: Bools
    """Whether the melody starts a note in the bar."""
    played: Bools
    """Whether the backing does."""

    @property
    def silent(self) -> bool:
        """Whether nothing starts in any bar."""
        return not (self.sung.any() or self.played.any())


def material(bars: Bars) -> Material:
    """Describe each bar."""
    melody, backing = _inside(bars.melody, bars.n), _inside(bars.backing, bars.n)
    pitch = bars.melody.notes.pitch
    steps = np.clip(np.diff(pitch, prepend=pitch[:1]), -_STEP, _STEP) + _STEP
    tune = _marks(bars.n, melody, bars.melody.slot * 12 + pitch % 12, SLOTS * 12)
    rhythm = _marks(bars.n, melody, bars.melody.slot, SLOTS)
    under = _marks(bars.n, backing, bars.backing.slot * 12 + bars.backing.notes.pitch % 12, SLOTS * 12)
    return Material(
        np.minimum(tune, 1),
        np.minimum(_marks(bars.n, melody, bars.melody.slot * (2 * _STEP + 1) + steps, SLOTS * (2 * _STEP + 1)), 1),
        np.minimum(rhythm, 1),
        np.rint(4 * np.sqrt(under)),
        _harmony(bars),
        np.asarray(rhythm.any(axis=1)),
        np.asarray(under.any(axis=1)),
    )


def _inside(voice: Voice, n: int) -> Ints:
    """The bar of each note, and n for a note that rounds past the last bar line."""
    return np.minimum(voice.played_bar, n)


def _marks(n: int, bar: Ints, cell: Ints, width: int) -> Rows:
    counts = np.bincount(bar * width + cell, minlength=(n + 1) * width)
    return counts[: n * width].reshape(n, width).astype(np.float32)


def _harmony(bars: Bars) -> Rows:
    """How long each pitch class sounds in each quarter of a bar."""
    part = np.arange(_PARTS) * bars.length[:, None] // _PARTS
    edges = np.append((bars.lines[:-1, None] + part).ravel(), bars.lines[-1])
    pitch = np.concatenate([bars.melody.notes.pitch, bars.backing.notes.pitch]) % 12
    start = np.concatenate([bars.melody.notes.start, bars.backing.notes.start])
    end = np.concatenate([bars.melody.notes.end, bars.backing.notes.end])
    sounding = np.stack([time_within(start[pitch == pc], end[pitch == pc], edges) for pc in range(12)], axis=1)
    share = sounding / np.maximum(np.diff(edges), 1)[:, None]
    loudness: Rows = np.minimum(np.rint(15 * np.sqrt(share)), _LOUDEST).reshape(bars.n, -1).astype(np.float32)
    return loudness


def time_within(start: Ints, end: Ints, edges: Ints) -> Ints:
    """Ticks of sound, summed over notes, between neighbouring edges."""
    start, end = np.sort(start), np.sort(end)
    begun, over = np.searchsorted(start, edges), np.searchsorted(end, edges)
    started = np.concatenate([[0], np.cumsum(start)])
    ended = np.concatenate([[0], np.cumsum(end)])
    so_far: Ints = (begun * edges - started[begun]) - (over * edges - ended[over])
    return np.diff(so_far)
