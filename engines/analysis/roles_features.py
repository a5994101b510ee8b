"""What a track looks like from outside: how thick, how high, how busy, how songlike, next to the others.

Every figure is computed for all tracks at once and lies in a small fixed range, so that a table of weights can read it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engines.analysis.score import Floats, Ints, Notes, Score
from engines.music.time import PPQ

TOGETHER = PPQ // 16
"""Onsets of one track that lie this close belong to one stroke (a strummed or loosely played chord)."""
FRAME = PPQ // 4
"""Tracks are compared on sixteenths …"""
MAX_FRAMES = 40_000
"""… or on coarser steps, in a piece so long that sixteenths would cost memory."""

FEATURES = (
    "single", "chord size", "overlap", "lowest", "highest", "rank", "above others", "register", "density", "length",
    "legato", "steps", "leaps", "repeats", "zigzag", "coverage", "density rank", "bar repeats", "rhythm repeats",
    "spread", "variety", "on beat", "lines", "alone", "length rank", "share", "presence",
)  # fmt: skip
"""The columns of `TrackFeatures.table`, in order."""


@dataclass(frozen=True)
class Strokes:
    """The notes of each track gathered into strokes: single notes or chords struck together."""

    track: Ints
    start: Ints
    size: Ints
    low: Ints
    high: Ints
    end: Ints
    """Where its longest note ends."""

    @classmethod
    def of(cls, notes: Notes) -> Strokes:
        """Gather."""
        order = np.lexsort((notes.start, notes.track))
        track, start = notes.track[order], notes.start[order]
        if not len(order):
            return cls(track, start, track, track, track, start)
        new = np.ones(len(order), dtype=bool)
        new[1:] = (np.diff(track) != 0) | (np.diff(start) > TOGETHER)
        first = np.flatnonzero(new)
        return cls(
            track[first],
            start[first],
            np.diff(first, append=len(order)).astype(np.int64),
            np.minimum.reduceat(notes.pitch[order], first),
            np.maximum.reduceat(notes.pitch[order], first),
            np.maximum.reduceat(notes.end[order], first),
        )


@dataclass(frozen=True)
class Frames:
    """Which pitches each track sounds on every step from the first note to the last."""

    low: Ints
    """Lowest pitch, frames × tracks; 128 where the track is silent."""
    high: Ints
    """Highest pitch, likewise; −1 where it is silent."""
    voices: Ints
    """How many notes sound, likewise."""

    @classmethod
    def of(cls, notes: Notes, tracks: int) -> Frames:
        """Lay the notes out."""
        begin, end = (int(notes.start.min()), int(notes.end.max())) if len(notes) else (0, 0)
        step = max(FRAME, -(-(end - begin) // MAX_FRAMES))
        origin = begin // step
        shape = (-(-end // step) - origin, tracks)
        first = notes.start // step - origin
        count = np.maximum(-(-notes.end // step) - origin - first, 1)
        which = np.repeat(np.arange(len(notes)), count)
        frame = np.arange(len(which)) - np.repeat(np.cumsum(count) - count, count) + first[which]
        cell = frame * tracks + notes.track[which]
        low, high = np.full(shape[0] * tracks, 128, dtype=np.int64), np.full(shape[0] * tracks, -1, dtype=np.int64)
        np.minimum.at(low, cell, notes.pitch[which])
        np.maximum.at(high, cell, notes.pitch[which])
        voices = np.bincount(cell, minlength=shape[0] * tracks)
        return cls(low.reshape(shape), high.reshape(shape), voices.reshape(shape))


@dataclass(frozen=True)
class TrackFeatures:
    """One row of figures for each track; a row of zeros for a track without pitched notes."""

    table: Floats
    """Tracks × FEATURES."""
    notes: Ints
    """How many pitched notes each track plays."""
    strokes: Strokes
    frames: Frames

    def get(self, name: str) -> Floats:
        """One figure of every track."""
        column: Floats = self.table[:, FEATURES.index(name)]
        return column

    @classmethod
    def of(cls, score: Score) -> TrackFeatures:
        """Look at every track of a piece."""
        tracks = max(len(score.names), int(score.notes.track.max(initial=-1)) + 1)
        notes = score.notes.pitched
        strokes, frames = Strokes.of(notes), Frames.of(notes, tracks)
        counted = np.bincount(notes.track, minlength=tracks)
        columns = {
            **_thickness(strokes, frames, tracks),
            **_register(notes, frames, counted),
            **_motion(strokes, tracks),
            **_pace(strokes, score, tracks),
            **_patterns(notes, strokes, score, tracks),
        }
        heard = int((counted > 0).sum())
        columns["density rank"] = _rank(columns["density"], counted)
        columns["length rank"] = _rank(columns["length"], counted)
        columns["share"] = np.clip(np.log2(np.maximum(counted, 1) * max(heard, 1) / max(len(notes), 1)), -5, 3) / 2
        columns["presence"] = columns["coverage"] / max(float(columns["coverage"].max(initial=0.0)), 1e-9)
        columns["lines"] = np.full(tracks, min(np.log2(max(heard, 1)), 4.0) / 2)
        columns["alone"] = np.full(tracks, float(heard == 1))
        table = np.stack([columns[name] for name in FEATURES], axis=1)
        table[counted == 0] = 0.0
        return cls(table, counted, strokes, frames)


def _mean(track: Ints, values: Floats | Ints, tracks: int, empty: float = 0.0) -> Floats:
    """The mean of some values for each track."""
    total = np.bincount(track, weights=values.astype(np.float64), minlength=tracks)
    count = np.bincount(track, minlength=tracks)
    return np.where(count > 0, total / np.maximum(count, 1), empty)


def _rank(values: Floats, counted: Ints) -> Floats:
    """Each track's place among the tracks that play: 0 the lowest value, 1 the highest, ½ when it is alone."""
    active = np.flatnonzero(counted)
    out = np.full(len(values), 0.5)
    if len(active) > 1:
        mine = values[active]
        below = (mine[None, :] < mine[:, None]).sum(axis=1)
        level = (mine[None, :] == mine[:, None]).sum(axis=1) - 1
        out[active] = (below + level / 2) / (len(active) - 1)
    return out


def _thickness(strokes: Strokes, frames: Frames, tracks: int) -> dict[str, Floats]:
    """One line or chords?"""
    sounding = (frames.voices > 0).sum(axis=0)
    voices = frames.voices.sum(axis=0) / np.maximum(sounding, 1)
    return {
        "single": _mean(strokes.track, strokes.size == 1, tracks),
        "chord size": np.clip(_mean(strokes.track, strokes.size, tracks) - 1, 0, 4) / 2,
        "overlap": np.clip(voices - 1, 0, 4) / 2,
        "coverage": sounding / max(len(frames.voices), 1),
    }


def _register(notes: Notes, frames: Frames, counted: Ints) -> dict[str, Floats]:
    """How high, by itself and next to the others that sound at the same moment."""
    tracks = len(counted)
    sounds = frames.voices > 0
    together = sounds & (sounds.sum(axis=1, keepdims=True) > 1)
    common = np.maximum(together.sum(axis=0), 1)
    any_common = together.any(axis=0)
    lowest = together & (frames.low == frames.low.min(axis=1, keepdims=True, initial=128))
    highest = together & (frames.high == frames.high.max(axis=1, keepdims=True, initial=-1))
    mean = _mean(notes.track, notes.pitch, tracks)
    spread = np.sqrt(np.maximum(_mean(notes.track, (notes.pitch - mean[notes.track]) ** 2, tracks), 0))
    whole = float(notes.pitch.mean()) if len(notes) else 60.0
    return {
        "lowest": np.where(any_common, lowest.sum(axis=0) / common, 0.5),
        "highest": np.where(any_common, highest.sum(axis=0) / common, 0.5),
        "rank": _rank(mean, counted),
        "above others": np.clip((mean - whole) / 12, -3, 3),
        "register": np.clip((mean - 60) / 12, -4, 4),
        "spread": np.clip(spread / 6, 0, 3),
    }


def _motion(strokes: Strokes, tracks: int) -> dict[str, Floats]:
    """How the upper line moves: by step, by leap, on the spot, up and down like a broken chord."""
    same = strokes.track[1:] == strokes.track[:-1]
    track, move = strokes.track[1:][same], np.diff(strokes.high)[same]
    size = np.abs(move)
    turning = (track[1:] == track[:-1]) & (move[1:] * move[:-1] < 0) & (size[1:] > 2) & (size[:-1] > 2)
    return {
        "steps": _mean(track, (size > 0) & (size <= 2), tracks),
        "leaps": _mean(track, size > 5, tracks),
        "repeats": _mean(track, size == 0, tracks),
        "zigzag": np.bincount(track[1:][turning], minlength=tracks)
        / np.maximum(np.bincount(track, minlength=tracks), 1),
    }


def _pace(strokes: Strokes, score: Score, tracks: int) -> dict[str, Floats]:
    """How many strokes, how long, how tied to the beat. Loudness is left out: it is a matter of the mix."""
    same = strokes.track[1:] == strokes.track[:-1]
    gap = np.diff(strokes.start)[same]
    track = strokes.track[:-1][same]
    held = (strokes.end - strokes.start)[:-1][same]
    # The mean of logarithms is a typical value that a few long rests do not move.
    pace = _mean(track, np.log2(np.clip(gap, 60, 4 * PPQ) / PPQ), tracks)
    length = _mean(strokes.track, np.log2(np.clip(strokes.end - strokes.start, 60, 8 * PPQ) / PPQ), tracks)
    beats = score.grid.beats
    near = np.abs(beats[np.searchsorted(beats[1:-1], strokes.start + TOGETHER, side="right")] - strokes.start)
    return {
        "density": -pace,
        "length": length,
        "legato": _mean(track, np.clip(held / np.maximum(gap, 1), 0, 2), tracks),
        "on beat": _mean(strokes.track, near <= TOGETHER, tracks),
    }


def _patterns(notes: Notes, strokes: Strokes, score: Score, tracks: int) -> dict[str, Floats]:
    """How much comes back from bar to bar, and how many different durations there are."""
    same = strokes.track[1:] == strokes.track[:-1]
    gap, track = np.diff(strokes.start)[same], strokes.track[:-1][same]
    kind = np.clip(np.round(np.log2(np.maximum(gap, 60) / 60) * 2), 0, 15).astype(np.int64)
    kinds = np.bincount(track * 16 + kind, minlength=tracks * 16).reshape(tracks, 16)
    share = kinds / np.maximum(kinds.sum(axis=1, keepdims=True), 1)
    entropy = -(share * np.log2(np.where(share > 0, share, 1))).sum(axis=1)
    return {
        "bar repeats": _bar_repeats(notes, score, tracks, pitches=True),
        "rhythm repeats": _bar_repeats(notes, score, tracks, pitches=False),
        "variety": entropy / 2,
    }


def _bar_repeats(notes: Notes, score: Score, tracks: int, *, pitches: bool) -> Floats:
    """The share of a track's bars that say the same as the bar before."""
    bars = score.grid.bars
    n_bars = max(score.grid.n_bars, 1)
    bar = np.clip(np.searchsorted(bars, notes.start, side="right") - 1, 0, n_bars - 1)
    place = (notes.start - bars[bar] + TOGETHER) // (2 * TOGETHER)
    # A bar is remembered by a sum of scrambled note numbers: equal bars have equal sums, others practically never.
    code = (place * 128 + (notes.pitch if pitches else 0) + 1).astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    code ^= code >> np.uint64(29)
    code *= np.uint64(0xBF58476D1CE4E5B9)
    sums = np.zeros(tracks * n_bars, dtype=np.uint64)
    np.add.at(sums, notes.track * n_bars + bar, code)
    table = sums.reshape(tracks, n_bars)
    both = (table[:, 1:] != 0) & (table[:, :-1] != 0)
    same = both & (table[:, 1:] == table[:, :-1])
    return np.asarray(same.sum(axis=1) / np.maximum(both.sum(axis=1), 1), dtype=np.float64)
