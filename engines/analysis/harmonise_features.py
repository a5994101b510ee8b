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

KINDS = ("maj", "min", "dim")
"""The triads that a state may be."""
N_STATES = 12 * len(KINDS)
"""State 3 · root + kind; roots count from the tonic of the signature."""

_TONES = ((0, 4, 7), (0, 3, 7), (0, 3, 6))


class Phrase(Protocol):
    """A phrase of the melody, as the phrase finder (or the user's phrase string) gives it."""

    @property
    def label(self) -> str:
        """Equal letters are equal music."""

    @property
    def start_bar(self) -> int:
        """Counted from 1."""

    @property
    def bars(self) -> int:
        """How many."""


@dataclass(frozen=True)
class Reading:
    """A melody laid out beat by beat."""

    columns: Floats
    """Beats × features, in the order of `NAMES`."""
    rhythm: Floats
    """Beats × features that speak for or against a change of chord, in the order of `RHYTHM_NAMES`."""
    level: Ints
    """How heavy each beat is: 2 first of its bar, 1 in the middle of the bar, 0 others."""
    sounding: Floats
    """Beats × 12: the share of the beat for which each pitch class sounds."""
    in_melody: Bools
    """Whether the melody sounds anywhere in the beat's bar."""


def _names() -> tuple[str, ...]:
    spans = ("beat", "attack", "held", "rest of bar", "bar", "beat before", "beat after", "bar before", "bar after", "long")
    columns = [f"{span} {pc}" for span in spans for pc in range(12)]
    places = ("always", "first beat", "middle beat", "odd bar", "fourth bar", "opening", "closing bar", "closing beat")
    cues = ("silent beat", "silent bar", "long note", "breath after", "triple", "compound")
    phrase = ("phrase known", "phrase opens", "phrase closes", "phrase before close", "phrase last beat")
    return (*columns, *places, *cues, *phrase)


NAMES = _names()
RHYTHM_NAMES = (
    "weak beat", "middle beat", "first beat", "even bar", "fifth bar", "phrase opens", "phrase closes", "attack", "held over",
    "busy", "silent", "triple", "compound", "leap", "after breath", "closing bar",
)  # fmt: skip
ALWAYS = NAMES.index("always")


def chord_tones(state: int) -> tuple[int, ...]:
    """The pitch classes of a state's triad, from the tonic of the signature."""
    root, kind = divmod(state, len(KINDS))
    return tuple((root + tone) % 12 for tone in _TONES[kind])


def read_melody(notes: Notes, grid: Grid, signature: Ints, phrases: Sequence[Phrase] = ()) -> Reading:
    """Lay a melody out; `signature` is the pitch class that each beat counts from."""
    beats, n = grid.beats, grid.n_beats
    length = np.diff(beats).astype(np.float64)
    sounding = np.zeros((n, 12))
    attack, held, long_note = np.zeros((n, 12)), np.zeros((n, 12)), np.zeros((n, 12))
    first = np.clip(np.searchsorted(beats, notes.start, side="right") - 1, 0, n - 1)
    last = np.clip(np.searchsorted(beats, notes.end, side="left"), first + 1, n)
    which = np.repeat(np.arange(len(notes)), last - first)
    beat = np.arange(len(which)) - np.repeat(np.cumsum(last - first) - (last - first), last - first) + first[which]
    share = np.minimum(notes.end[which], beats[beat + 1]) - np.maximum(notes.start[which], beats[beat])
    share = np.maximum(share, 0) / length[beat]
    pc = (notes.pitch[which] - signature[beat]) % 12
    np.add.at(sounding, (beat, pc), share)
    early = notes.start[which] - beats[beat] <= length[beat] / 8
    at_start = early & (notes.end[which] > beats[beat] + length[beat] / 8)
    begins = at_start & (beat == first[which])
    attack[beat[begins], pc[begins]] = 1.0
    held[beat[at_start & ~begins], pc[at_start & ~begins]] = 1.0
    lasting = (notes.end - notes.start)[which] >= 1.5 * length[beat]
    long_note[beat[lasting], pc[lasting]] = np.minimum(1.0, share[lasting])
    busy = np.bincount(first, minlength=n).astype(np.float64)
    place = _place(grid, notes, busy)
    spans = _spans(sounding, grid, signature)
    phrase = _phrase_columns(grid, phrases)
    silent = (sounding.sum(axis=1) == 0).astype(np.float64)
    breath, leap = _breath(notes, grid, first)
    cues = np.stack([silent, place.silent_bar, long_note.max(axis=1), breath, place.triple, place.compound], axis=1)
    where = np.stack(
        [
            np.ones(n), place.level == 2, place.level == 1, (place.level == 2) * (place.hyper % 2),
            (place.level == 2) * (place.hyper % 4 == 3), place.opening, place.closing, place.closing * place.last_beat,
        ],
        axis=1,
    )  # fmt: skip
    columns = np.concatenate(
        [sounding, attack, held, spans["rest"], spans["bar"], spans["before"], spans["after"], spans["bar before"],
         spans["bar after"], long_note, where, cues, phrase],
        axis=1,
    )  # fmt: skip
    rhythm = np.stack(
        [
            place.level == 0, place.level == 1, place.level == 2, (place.level == 2) * (place.hyper % 2 == 0),
            (place.level == 2) * (place.hyper % 4 == 0), phrase[:, 1] * (place.level == 2), phrase[:, 2],
            attack.max(axis=1), held.max(axis=1), np.minimum(busy, 4) / 4, silent, place.triple, place.compound, leap,
            np.r_[0.0, breath[:-1]], place.closing,
        ],
        axis=1,
    ).astype(np.float64)  # fmt: skip
    return Reading(columns, rhythm, place.level, sounding, place.silent_bar == 0)


@dataclass(frozen=True)
class _Place:
    level: Ints
    hyper: Ints
    """Bars since the melody's first full bar."""
    opening: Floats
    closing: Floats
    last_beat: Floats
    silent_bar: Floats
    triple: Floats
    compound: Floats


def _place(grid: Grid, notes: Notes, busy: Floats) -> _Place:
    bar, inside = grid.bar_of_beat, grid.beat_in_bar
    per_bar = np.bincount(bar, minlength=grid.n_bars)
    size = per_bar[bar]
    level = np.where(inside == 0, 2, np.where((size >= 4) & (size % 2 == 0) & (inside == size // 2), 1, 0))
    bar_busy = np.bincount(bar, weights=busy, minlength=grid.n_bars)
    span = np.diff(grid.bars)
    full = np.flatnonzero((bar_busy > 0) & (span * 4 >= 3 * np.median(span)))
    start = int(full[0]) if len(full) else 0
    last = int(np.flatnonzero(bar_busy > 0)[-1]) if (bar_busy > 0).any() else 0
    beat_length = np.diff(grid.beats)
    silent = _silent_bars(grid, notes)
    compound = (beat_length % 1440 == 0).astype(np.float64)
    return _Place(
        level.astype(np.int64), bar - start, (bar == start).astype(np.float64), (bar == last).astype(np.float64),
        (inside == size - 1).astype(np.float64), silent[bar], (size % 3 == 0).astype(np.float64), compound,
    )  # fmt: skip


def _silent_bars(grid: Grid, notes: Notes) -> Floats:
    edges = np.zeros(grid.n_bars + 1)
    first = np.clip(np.searchsorted(grid.bars, notes.start, side="right") - 1, 0, grid.n_bars - 1)
    last = np.clip(np.searchsorted(grid.bars, notes.end, side="left"), first + 1, grid.n_bars)
    np.add.at(edges, first, 1.0)
    np.add.at(edges, last, -1.0)
    return (np.cumsum(edges)[:-1] == 0).astype(np.float64)


def _spans(sounding: Floats, grid: Grid, signature: Ints) -> dict[str, Floats]:
    bar = grid.bar_of_beat
    n, bars = grid.n_beats, grid.n_bars
    size = np.bincount(bar, minlength=bars).astype(np.float64)
    total = np.zeros((bars, 12))
    np.add.at(total, bar, sounding)
    through = np.cumsum(sounding, axis=0)
    first = np.searchsorted(bar, np.arange(bars))
    before_bar = np.where(first[:, None] > 0, through[np.maximum(first - 1, 0)], 0.0)
    rest = total[bar] - (through - sounding - before_bar[bar])
    left = size[bar] - grid.beat_in_bar
    whole = total / size[:, None]
    pad = np.zeros((1, 12))
    key_bar = signature[first]
    del n, key_bar
    return {
        "rest": rest / left[:, None],
        "bar": whole[bar],
        "before": np.concatenate([pad, sounding[:-1]]),
        "after": np.concatenate([sounding[1:], pad]),
        "bar before": np.concatenate([pad, whole[:-1]])[bar],
        "bar after": np.concatenate([whole[1:], pad])[bar],
    }


def _breath(notes: Notes, grid: Grid, first: Ints) -> tuple[Floats, Floats]:
    """Whether the melody pauses after a note of this beat, and whether it leaps into it."""
    breath, leap = np.zeros(grid.n_beats), np.zeros(grid.n_beats)
    if len(notes) > 1:
        length = np.diff(grid.beats)[first]
        gap = np.r_[notes.start[1:], notes.end[-1] + 4 * length[-1]] - notes.start
        breath[first[gap >= 2 * length]] = 1.0
        leap[first[1:][np.abs(np.diff(notes.pitch)) > 4]] = 1.0
    return breath, leap


def _phrase_columns(grid: Grid, phrases: Sequence[Phrase]) -> Floats:
    out = np.zeros((grid.n_beats, 5))
    if not phrases:
        return out
    bar = grid.bar_of_beat
    out[:, 0] = 1.0
    for phrase in phrases:
        start, stop = phrase.start_bar - 1, phrase.start_bar - 1 + phrase.bars
        out[bar == start, 1] = 1.0
        out[bar == stop - 1, 2] = 1.0
        out[bar == stop - 2, 3] = 1.0
        beats = np.flatnonzero(bar == stop - 1)
        if len(beats):
            out[beats[-1], 4] = 1.0
    return out
