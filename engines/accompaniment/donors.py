"""A donor: one piece of accompaniment that phrases are borrowed from, with the chords it was played over.

Archives, a musician's own files and our hand-written patterns all take this shape before they go into a style pack.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from engines.music.time import Meter, Ticks

LEFT, RIGHT = 0, 1
"""Hands."""


class Stroke(NamedTuple):
    """One note of an accompaniment."""

    tick: Ticks
    """Onset on the grid, from the start of the donor."""
    length: Ticks
    pitch: int
    velocity: int
    """0 where the source has no dynamics."""
    hand: int
    """LEFT or RIGHT."""
    late: int = 0
    """How much later (or earlier) than its place it was played, in ticks."""


class Harmony(NamedTuple):
    """A chord of a donor, from its tick to the next one's."""

    tick: Ticks
    root: int
    """Pitch class, -1 for no chord."""
    tones: int
    """The pitch classes that sound, 12 bits; bit 0 is C."""
    bass: int
    """The pitch class that is lowest, -1 for no chord."""


class Span(NamedTuple):
    """A phrase: whole bars, counted from 0."""

    bar: int
    bars: int


@dataclass(frozen=True)
class Donor:
    """One piece."""

    name: str
    """What the report calls it: an archive's id, a file's stem, a pattern's name."""
    licence: str
    bars: tuple[Meter, ...]
    """The meter of every bar. Bars are whole: a pickup is left out."""
    strokes: tuple[Stroke, ...]
    """By onset, then pitch."""
    harmony: tuple[Harmony, ...]
    """By onset; the first at tick 0."""
    spans: tuple[Span, ...]
    """The phrases that may be borrowed."""
    tune: tuple[tuple[Ticks, Ticks], ...] = ()
    """Onset and length of the notes of its melody; empty where it has none. Pitches are not kept."""
    tags: tuple[str, ...] = ()
    """Words that a style may be asked for by: `bossa`, `waltz`."""

    @property
    def lines(self) -> tuple[Ticks, ...]:
        """Every bar line in ticks, the closing one included."""
        return tuple(self._lines())

    def _lines(self) -> Iterator[Ticks]:
        at = Ticks(0)
        yield at
        for meter in self.bars:
            at = Ticks(at + meter.bar)
            yield at
