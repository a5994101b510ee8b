"""Guards: what a clever mistake would score well without, and the traps that single figures miss."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import combinations

import numpy as np

from benchmarks.metrics.arrangement import correlation
from benchmarks.metrics.columns import bar_of, mean, tracks_of
from engines.analysis.score import Floats, Grid, Ints, Notes
from engines.api import Phrase

Bar = frozenset[tuple[int, int]]


def _bars(part: Notes, grid: Grid, with_pitch: bool = True) -> list[Bar]:
    """For each bar the set of (onset in the bar, pitch), or of onsets alone."""
    bar = bar_of(part.start, grid)
    found: list[set[tuple[int, int]]] = [set() for _ in range(grid.n_bars)]
    inside = (part.start - grid.bars[bar]).tolist()
    for b, start, pitch in zip(bar.tolist(), inside, part.pitch.tolist(), strict=True):
        found[b].add((start, pitch if with_pitch else 0))
    return [frozenset(one) for one in found]


def _equal(pairs: Iterable[tuple[Bar, Bar]]) -> float:
    known = [a == b for a, b in pairs if a and b]
    return sum(known) / len(known) if known else float("nan")


def _over_parts(notes: Notes, grid: Grid, pairs: Sequence[tuple[int, int]], with_pitch: bool = True) -> float:
    shares = []
    for track in tracks_of(notes).tolist():
        bars = _bars(notes.of_track(track), grid, with_pitch)
        shares.append(_equal((bars[a], bars[b]) for a, b in pairs))
    return mean(np.array(shares, dtype=np.float64))


def self_copy(notes: Notes, grid: Grid) -> float:
    """The share of adjacent bars with onsets whose onsets and pitches are identical; for each part, mean over parts.

    Lengths and velocities may differ. Pairs with an empty bar are left out.
    """
    return _over_parts(notes, grid, [(b, b + 1) for b in range(grid.n_bars - 1)])


def self_copy_rhythm(notes: Notes, grid: Grid) -> float:
    """The same for onsets alone."""
    return _over_parts(notes, grid, [(b, b + 1) for b in range(grid.n_bars - 1)], with_pitch=False)


def repeat_copy(notes: Notes, grid: Grid, phrases: Sequence[Phrase]) -> float:
    """The same between each phrase and the one before with its label, bar by bar up to the shorter one's end.

    Real music varies: verse 2 is not verse 1.
    """
    last: dict[str, Phrase] = {}
    pairs = []
    for phrase in phrases:
        before = last.get(phrase.label)
        if before is not None:
            a, b = before.start_bar - 1, phrase.start_bar - 1
            pairs += [(a + i, b + i) for i in range(min(before.bars, phrase.bars))]
        last[phrase.label] = phrase
    return _over_parts(notes, grid, [(a, b) for a, b in pairs if max(a, b) < grid.n_bars])


def velocity_spread(notes: Notes) -> float:
    """Standard deviation of velocity within a part, mean over parts with two notes or more."""
    parts = [notes.of_track(track).velocity for track in tracks_of(notes).tolist()]
    return mean(np.array([part.std() for part in parts if len(part) > 1], dtype=np.float64))


def metric_weight(notes: Notes, grid: Grid) -> Ints:
    """3 on a bar line, 2 on the beat in the middle of a bar of four beats or more, 1 on another felt beat, 0 elsewhere."""
    beat = np.clip(np.searchsorted(grid.beats, notes.start, side="right") - 1, 0, grid.n_beats - 1)
    bar = bar_of(notes.start, grid)
    middle = 2 * (notes.start - grid.bars[bar]) == grid.bars[bar + 1] - grid.bars[bar]
    size = np.bincount(grid.bar_of_beat, minlength=grid.n_bars)[bar]
    on_beat = grid.beats[beat] == notes.start
    weight = np.where(on_beat, np.where(middle & (size >= 4), 2, 1), 0)
    return np.where(notes.start == grid.bars[bar], 3, weight)


def velocity_accent(notes: Notes, grid: Grid) -> float:
    """Correlation of velocity with metric weight within a part, mean over parts. Noise has none; nan if velocity is flat."""
    return _velocity_against(notes, metric_weight(notes, grid).astype(np.float64))


def velocity_arc(notes: Notes, grid: Grid, phrases: Sequence[Phrase]) -> float:
    """The same with the arc of the phrase: 0 at its ends, 1 in its middle. Notes outside every phrase are left out."""
    arc = np.full(len(notes), np.nan)
    for phrase in phrases:
        first, end = min(phrase.start_bar - 1, grid.n_bars), min(phrase.start_bar - 1 + phrase.bars, grid.n_bars)
        begin, stop = int(grid.bars[first]), int(grid.bars[end])
        inside = (notes.start >= begin) & (notes.start < stop)
        arc[inside] = 1 - np.abs(2 * (notes.start[inside] - begin) / max(stop - begin, 1) - 1)
    return _velocity_against(notes.where(~np.isnan(arc)), arc[~np.isnan(arc)])


def _velocity_against(notes: Notes, other: Floats) -> float:
    found = []
    for track in tracks_of(notes).tolist():
        own = notes.track == track
        found.append(correlation(notes.velocity[own].astype(np.float64), other[own]))
    return mean(np.array(found, dtype=np.float64))


def melody_crossing(notes: Notes, melody: int) -> float:
    """The share of the other parts' pitched onsets during a melody note that lie above it; drums stay out.

    Where several melody notes sound the highest counts. nan without melody or accompaniment.
    """
    tune, others = notes.of_track(melody), notes.where(notes.track != melody).pitched
    top = np.full(len(others), -1)
    for start, end, pitch in zip(tune.start.tolist(), tune.end.tolist(), tune.pitch.tolist(), strict=True):
        first, last = np.searchsorted(others.start, [start, end])
        top[first:last] = np.maximum(top[first:last], pitch)
    under = top >= 0
    return mean((others.pitch > top)[under].astype(np.float64))


def register_overlap(notes: Notes, grid: Grid) -> float:
    """How far parts share their registers: over all bars and pairs of parts with onsets in them, mean of the common
    semitones of the two ranges divided by the smaller range (both ends counted). Drums stay out.
    """
    heard = notes.pitched
    bar = bar_of(heard.start, grid)
    tracks = tracks_of(heard).tolist()
    low, high = np.full((len(tracks), grid.n_bars), 999), np.full((len(tracks), grid.n_bars), -999)
    place = np.searchsorted(tracks, heard.track)
    np.minimum.at(low, (place, bar), heard.pitch)
    np.maximum.at(high, (place, bar), heard.pitch)
    shares = []
    for a, b in combinations(range(len(tracks)), 2):
        both = (high[a] >= 0) & (high[b] >= 0)
        common = np.minimum(high[a], high[b]) - np.maximum(low[a], low[b]) + 1
        smaller = np.minimum(high[a] - low[a], high[b] - low[b]) + 1
        shares.append((np.maximum(common, 0) / smaller)[both])
    return mean(np.concatenate(shares)) if shares else float("nan")


def notes_beyond_end(notes: Notes, end: int) -> int:
    """How many notes begin at or ring past the end."""
    return int(((notes.end > end) | (notes.start >= end)).sum())


def hanging_notes(events: Iterable[tuple[int, int, bool]]) -> int:
    """How many note-ons are never let go; `events` are (channel, pitch, whether it is a note-on) in order of time.

    A note-off without its note-on is nothing.
    """
    held: Counter[tuple[int, int]] = Counter()
    for channel, pitch, on in events:
        if on:
            held[channel, pitch] += 1
        elif held[channel, pitch]:
            held[channel, pitch] -= 1
    return sum(held.values())
