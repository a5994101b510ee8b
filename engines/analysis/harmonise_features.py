"""What the melody says about the chord of each beat, as columns of numbers.

Pitch classes are counted from the tonic of the key signature (of the relative major in minor keys), so that C major and A
minor share what they have in common.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from engines.analysis.score import Bools, Floats, Grid, Ints, Notes

LONG = 1.5
"""A note of this many beats counts as long."""
BREATH = 2.0
"""A melody breathes where its next note comes this many beats after the last one began."""
FULL = 0.75
"""A bar at least this part of the usual length is no pickup."""


class Phrase(Protocol):
    """A phrase of the melody, as the phrase reader or the user's phrase string gives it."""

    @property
    def label(self) -> str:
        """Equal labels are equal music."""

    @property
    def start_bar(self) -> int:
        """Its first bar, from 1."""

    @property
    def bars(self) -> int:
        """Its length."""


@dataclass(frozen=True)
class Reading:
    """A melody laid out beat by beat."""

    columns: Floats
    """Beats × `NAMES`: what speaks for one chord or another."""
    rhythm: Floats
    """Beats × `RHYTHM_NAMES`: what speaks for staying or for a change."""
    level: Ints
    """How heavy each beat is: 2 first of its bar, 1 middle of its bar, 0 any other."""
    sounding: Floats
    """Beats × 12: the share of the beat for which each pitch class sounds."""
    attack: Floats
    """Beats × 12: 1 where a note begins with the beat."""
    sung: Bools
    """Whether the melody sounds anywhere in the beat's bar."""
    closing: Bools
    """Whether the beat lies in the melody's last bar."""


_SPANS = (
    "beat",
    "attack",
    "held",
    "rest of bar",
    "bar",
    "beat before",
    "beat after",
    "bar before",
    "bar after",
    "long",
)
_PLACES = ("always", "first beat", "middle beat", "odd bar", "fourth bar", "opening", "closing", "closing beat")
_CUES = ("silent beat", "silent bar", "long note", "breath", "triple", "compound")
_PHRASE = ("phrase known", "phrase opens", "phrase closes", "phrase before close", "phrase last beat")
NAMES = (*(f"{span} {pc}" for span in _SPANS for pc in range(12)), *_PLACES, *_CUES, *_PHRASE)
"""The columns of a reading."""
RHYTHM_NAMES = (
    "weak beat", "middle beat", "first beat", "even bar", "fourth bar", "phrase opens", "phrase closes", "attack",
    "held over", "busy", "silent", "triple", "compound", "leap", "after breath", "closing",
)  # fmt: skip
"""The columns of its rhythm."""


def read_melody(notes: Notes, grid: Grid, signature: Ints, phrases: Sequence[Phrase] = ()) -> Reading:
    """Lay a melody out; `signature` is the pitch class that each beat counts from."""
    heard = _hear(notes, grid, signature)
    place = _place(notes, grid)
    phrase = _phrase_columns(grid, phrases)
    first_beat = place.level == 2
    ones = np.ones(grid.n_beats)
    odd, fourth = first_beat & (place.bar % 2 == 1), first_beat & (place.bar % 4 == 3)
    closing_beat = place.closing & place.last_beat
    long_note = heard.long.max(axis=1)
    silent = heard.sounding.sum(axis=1) == 0
    spans = (heard.sounding, heard.attack, heard.held, *_wider(heard.sounding, grid), heard.long)
    places = (ones, first_beat, place.level == 1, odd, fourth, place.opening, place.closing, closing_beat)
    cues = (silent, ~place.sung, long_note, place.breath, place.triple, place.compound)
    rhythm = (
        place.level == 0, place.level == 1, first_beat, first_beat & (place.bar % 2 == 0),
        first_beat & (place.bar % 4 == 0), phrase[:, 1] * first_beat, phrase[:, 2], heard.attack.max(axis=1),
        heard.held.max(axis=1), np.minimum(place.busy, 4) / 4, silent, place.triple, place.compound, place.leap,
        np.r_[0.0, place.breath[:-1]], place.closing,
    )  # fmt: skip
    return Reading(
        np.concatenate([*spans, np.stack([*places, *cues], axis=1), phrase], axis=1, dtype=np.float64),
        np.stack(rhythm, axis=1).astype(np.float64),
        place.level,
        heard.sounding,
        heard.attack,
        place.sung,
        place.closing,
    )


@dataclass(frozen=True)
class _Heard:
    """Beats × 12 each."""

    sounding: Floats
    attack: Floats
    """1 where a note begins with the beat."""
    held: Floats
    """1 where a note is held into the beat."""
    long: Floats
    """Sounding, long notes only."""


def _hear(notes: Notes, grid: Grid, signature: Ints) -> _Heard:
    beats, n = grid.beats, grid.n_beats
    first, last = _reach(notes, beats)
    which = np.repeat(np.arange(len(notes)), last - first)
    beat = np.arange(len(which)) - np.repeat(np.cumsum(last - first) - last, last - first)
    length = np.diff(beats)[beat].astype(np.float64)
    start, end = notes.start[which] - beats[beat], notes.end[which] - beats[beat]
    share = np.maximum(np.minimum(end, length) - np.maximum(start, 0), 0) / length
    pc = (notes.pitch[which] - signature[beat]) % 12
    at_once = (start <= length / 8) & (end > length / 8)
    begins = at_once & (beat == first[which])
    held = at_once & ~begins
    lasts = end - start >= LONG * length
    out = _Heard(*(np.zeros((n, 12)) for _ in range(4)))
    np.add.at(out.sounding, (beat, pc), share)
    out.attack[beat[begins], pc[begins]] = 1.0
    out.held[beat[held], pc[held]] = 1.0
    out.long[beat[lasts], pc[lasts]] = share[lasts]
    return out


def _reach(notes: Notes, lines: Ints) -> tuple[Ints, Ints]:
    """The cells between lines that each note touches: from, and up to (exclusive)."""
    first = np.clip(np.searchsorted(lines, notes.start, side="right") - 1, 0, len(lines) - 2)
    last = np.clip(np.searchsorted(lines, notes.end, side="left"), first + 1, len(lines) - 1)
    return first, last


def _wider(sounding: Floats, grid: Grid) -> tuple[Floats, ...]:
    """Rest of the bar, whole bar, beat before and after, bar before and after."""
    bar = grid.bar_of_beat
    size = np.bincount(bar, minlength=grid.n_bars).astype(np.float64)
    total = np.zeros((grid.n_bars, 12))
    np.add.at(total, bar, sounding)
    run = np.concatenate([np.zeros((1, 12)), np.cumsum(sounding, axis=0)])
    bar_end = np.searchsorted(bar, np.arange(1, grid.n_bars + 1))
    rest = (run[bar_end[bar]] - run[:-1]) / (size[bar] - grid.beat_in_bar)[:, None]
    whole = total / size[:, None]
    none = np.zeros((1, 12))
    return (
        rest,
        whole[bar],
        np.concatenate([none, sounding[:-1]]),
        np.concatenate([sounding[1:], none]),
        np.concatenate([none, whole[:-1]])[bar],
        np.concatenate([whole[1:], none])[bar],
    )


@dataclass(frozen=True)
class _Place:
    """Where each beat stands, and how the melody moves through it."""

    level: Ints
    bar: Ints
    """Bars since the melody's first full bar."""
    opening: Bools
    closing: Bools
    last_beat: Bools
    sung: Bools
    triple: Bools
    compound: Bools
    busy: Floats
    """How many notes begin in the beat."""
    breath: Floats
    """1 where the melody pauses after a note that begins here."""
    leap: Floats
    """1 where a note of the beat is reached by more than a third."""


def beat_levels(grid: Grid) -> Ints:
    """2 for the first beat of a bar, 1 for the middle of a bar of 4, 6, … beats, 0 for any other."""
    inside = grid.beat_in_bar
    size = np.bincount(grid.bar_of_beat, minlength=grid.n_bars)[grid.bar_of_beat]
    middle = (size >= 4) & (size % 2 == 0) & (inside * 2 == size)
    return np.where(inside == 0, 2, middle.astype(np.int64)).astype(np.int64)


def first_full_bar(notes: Notes, grid: Grid) -> int:
    """The bar (from 0) in which the melody properly begins, after its upbeat."""
    if len(notes) == 0:
        return 0
    span = np.diff(grid.bars)
    bar = int(np.searchsorted(grid.bars, notes.start[0], side="right")) - 1
    short = span[bar] < FULL * np.median(span)
    late = 2 * (notes.start[0] - grid.bars[bar]) >= span[bar]
    return min(bar + 1, grid.n_bars - 1) if short or late else bar


def _place(notes: Notes, grid: Grid) -> _Place:
    bar, n = grid.bar_of_beat, grid.n_beats
    size = np.bincount(bar, minlength=grid.n_bars)[bar]
    busy, breath, leap = np.zeros(n), np.zeros(n), np.zeros(n)
    sung = np.zeros(grid.n_bars + 1)
    last = 0
    if len(notes):
        from_bar, to_bar = _reach(notes, grid.bars)
        np.add.at(sung, from_bar, 1.0)
        np.add.at(sung, to_bar, -1.0)
        last = int(from_bar.max())
        first, _ = _reach(notes, grid.beats)
        busy = np.bincount(first, minlength=n).astype(np.float64)
        gap = np.r_[np.diff(notes.start), np.iinfo(np.int32).max]
        breath[first[gap >= BREATH * np.diff(grid.beats)[first]]] = 1.0
        leap[first[1:][np.abs(np.diff(notes.pitch)) > 4]] = 1.0
    start = first_full_bar(notes, grid)
    inside = grid.beat_in_bar
    return _Place(
        beat_levels(grid), bar - start, bar == start, bar == last, inside == size - 1, (np.cumsum(sung)[:-1] > 0)[bar],
        size % 3 == 0, np.diff(grid.beats) % 1440 == 0, busy, breath, leap,
    )  # fmt: skip


def _phrase_columns(grid: Grid, phrases: Sequence[Phrase]) -> Floats:
    out = np.zeros((grid.n_beats, len(_PHRASE)))
    bar = grid.bar_of_beat
    for phrase in phrases:
        first, stop = phrase.start_bar - 1, phrase.start_bar - 1 + phrase.bars
        out[(bar >= first) & (bar < stop), 0] = 1.0
        out[bar == first, 1] = 1.0
        out[bar == stop - 1, 2] = 1.0
        out[bar == stop - 2, 3] = 1.0
        out[np.flatnonzero(bar == stop - 1)[-1:], 4] = 1.0
    return out
