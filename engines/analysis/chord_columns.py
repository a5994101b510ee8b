"""What is heard on every felt beat, by pitch class: what sounds, what is lowest and highest, what is struck.

All of it is laid out for the whole piece at once. A note that anticipates a beat belongs to the beat it anticipates.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engines.analysis.score import Bools, Floats, Grid, Ints, Notes, Score
from engines.music.time import PPQ

CELLS = 12
"""Parts of a beat at which the lowest and the highest note are looked up; neither eighths nor triplets fall between."""
PUSH = PPQ // 2
"""A note may anticipate its beat by an eighth at most."""
TOGETHER = PPQ // 16
"""Notes of one track that begin this close to one another are struck together."""


@dataclass(frozen=True)
class BeatColumns:
    """One row for each felt beat, one column for each pitch class."""

    sound: Floats
    """How long each pitch class sounds, in beats, weighted by track and added up over its notes."""
    bass: Floats
    """The share of the beat for which it is the lowest."""
    top: Floats
    """The share of the beat for which it is the highest."""
    attack: Floats
    """How many of its notes begin in the beat, weighted by track."""
    strike: Floats
    """How many of them begin on the beat itself."""
    block: Floats
    """How long it sounds as a tone of a struck chord: one of three or more notes that a track begins together."""

    @classmethod
    def of(cls, score: Score, weights: Sequence[float] | None = None) -> BeatColumns:
        """Lay a piece out. `weights` says for each track how much it speaks for the harmony; 1 where it is not given."""
        notes, grid = score.notes.pitched, score.grid
        heavy = np.ones(len(notes)) if weights is None else np.asarray(weights, dtype=np.float64)[notes.track]
        start = pushed(notes, grid.beats)
        beat = _beat_of(start, grid.beats)
        length = np.diff(grid.beats)[beat]
        on_beat = np.abs(start - grid.beats[beat]) * 6 < length
        low, high = _outer_voices(start, notes, grid)
        return cls(
            sound=_sounding(start, notes, heavy, grid),
            bass=low,
            top=high,
            attack=_count(beat, notes.pitch, heavy, grid.n_beats),
            strike=_count(beat[on_beat], notes.pitch[on_beat], heavy[on_beat], grid.n_beats),
            block=_sounding(start, notes, _in_chord(notes).astype(np.float64), grid),
        )

    @property
    def n(self) -> int:
        """How many beats there are."""
        return len(self.sound)

    @property
    def is_sounding(self) -> Bools:
        """Whether anything sounds in each beat."""
        return np.asarray(self.top.any(axis=1))


def pushed(notes: Notes, beats: Ints) -> Ints:
    """Onsets, with anticipations moved to the beat that they anticipate.

    A note anticipates when it begins at most an eighth and at most half a beat before the beat, and then holds on for at
    least as long as it came early: a passing eighth does not, a syncopated chord or a tone tied over the bar line does.
    """
    beat = _beat_of(notes.start, beats)
    following = beats[beat + 1]
    lead = following - notes.start
    early = (lead > 0) & (lead <= PUSH) & (2 * lead <= following - beats[beat]) & (notes.end - following >= lead)
    return np.where(early, following, notes.start)


def _in_chord(notes: Notes) -> Bools:
    """Whether a note is one of at least three that its track begins together."""
    order = np.lexsort((notes.start, notes.track))
    track, start = notes.track[order], notes.start[order]
    new = np.ones(len(order), dtype=np.bool_)
    new[1:] = (np.diff(track) != 0) | (np.diff(start) > TOGETHER)
    stroke = np.cumsum(new) - 1
    out = np.zeros(len(order), dtype=np.bool_)
    out[order] = np.bincount(stroke)[stroke] >= 3
    return out


def _beat_of(tick: Ints, beats: Ints) -> Ints:
    return np.clip(np.searchsorted(beats, tick, side="right") - 1, 0, len(beats) - 2)


def _count(beat: Ints, pitch: Ints, weight: Floats, n: int) -> Floats:
    counts: Floats = np.bincount(beat * 12 + pitch % 12, weight, minlength=12 * n).astype(np.float64)
    return counts[: 12 * n].reshape(n, 12)


def _spread(first: Ints, last: Ints) -> tuple[Ints, Ints]:
    """Every note once for each of the slots first … last: the note's index, and the slot."""
    times = np.maximum(last - first + 1, 0)
    note = np.repeat(np.arange(len(first)), times)
    slot = first[note] + np.arange(len(note)) - np.repeat(np.cumsum(times) - times, times)
    return note, slot


def _sounding(start: Ints, notes: Notes, weight: Floats, grid: Grid) -> Floats:
    beats = grid.beats
    first = _beat_of(start, beats)
    note, beat = _spread(first, np.maximum(_beat_of(notes.end - 1, beats), first))
    shared = np.minimum(notes.end[note], beats[beat + 1]) - np.maximum(start[note], beats[beat])
    part = np.maximum(shared, 0) / (beats[beat + 1] - beats[beat])
    return _count(beat, notes.pitch[note], part * weight[note], grid.n_beats)


def _outer_voices(start: Ints, notes: Notes, grid: Grid) -> tuple[Floats, Floats]:
    """The shares of the lowest and of the highest note, looked up in the middle of every cell of every beat."""
    beats, n = grid.beats, grid.n_beats
    steps = (2 * np.arange(CELLS) + 1) / (2 * CELLS)
    moments = (beats[:-1, None] + np.diff(beats)[:, None] * steps).ravel()
    note, cell = _spread(np.searchsorted(moments, start), np.searchsorted(moments, notes.end) - 1)
    low, high = np.full(n * CELLS, 128), np.full(n * CELLS, -1)
    np.minimum.at(low, cell, notes.pitch[note])
    np.maximum.at(high, cell, notes.pitch[note])
    filled = np.flatnonzero(high >= 0)
    share = np.full(len(filled), 1 / CELLS)
    return _count(filled // CELLS, low[filled], share, n), _count(filled // CELLS, high[filled], share, n)
