"""What the measures share: bars, sixteenth steps, onset grids and piano rolls of a score."""

from __future__ import annotations

import numpy as np

from engines.analysis.score import Bools, Floats, Grid, Ints, Notes
from engines.music.time import PPQ

SIXTEENTH = PPQ // 4
BAR_STEPS = 16
"""Steps of the grid of one bar. Shorter bars leave the last ones empty; a longer bar is heard up to here."""


def bar_of(ticks: Ints, grid: Grid) -> Ints:
    """The bar (from 0) in which each tick lies; what lies outside the grid counts for its first or last bar."""
    bar: Ints = np.clip(np.searchsorted(grid.bars, ticks, side="right") - 1, 0, grid.n_bars - 1).astype(np.int64)
    return bar


def step_of(notes: Notes, grid: Grid, bar: Ints | None = None) -> Ints:
    """Each onset's sixteenth in its bar, to the nearest (ties go down), never beyond the bar it starts in."""
    bar = bar_of(notes.start, grid) if bar is None else bar
    step = np.ceil((notes.start - grid.bars[bar]) / SIXTEENTH - 0.5).astype(np.int64)
    last = (grid.bars[bar + 1] - grid.bars[bar] - 1) // SIXTEENTH
    clipped: Ints = np.clip(step, 0, np.maximum(last, 0))
    return clipped


def steps_in_bar(grid: Grid) -> Ints:
    """How many sixteenths each bar has, 16 at most."""
    return np.asarray(np.minimum(-(-np.diff(grid.bars) // SIXTEENTH), BAR_STEPS))


def onset_pc(notes: Notes, grid: Grid) -> Floats:
    """[bars, 16, 12]: 1 where a note of the pitch class begins on the step. Drums have no pitch class and stay out."""
    heard = notes.pitched
    bar = bar_of(heard.start, grid)
    step = step_of(heard, grid, bar)
    blocks = np.zeros((grid.n_bars, BAR_STEPS, 12))
    inside = step < BAR_STEPS
    blocks[bar[inside], step[inside], heard.pitch[inside] % 12] = 1
    return blocks


def onset_steps(notes: Notes, grid: Grid) -> Floats:
    """[bars, 16]: how many notes (drums too) begin on each step."""
    bar = bar_of(notes.start, grid)
    step = step_of(notes, grid, bar)
    inside = step < BAR_STEPS
    flat = np.bincount(bar[inside] * BAR_STEPS + step[inside], minlength=grid.n_bars * BAR_STEPS)
    return flat.reshape(grid.n_bars, BAR_STEPS).astype(np.float64)


def onset_chroma(notes: Notes, grid: Grid) -> Floats:
    """[bars, 12]: how many notes of each pitch class begin in each bar."""
    heard = notes.pitched
    flat = np.bincount(bar_of(heard.start, grid) * 12 + heard.pitch % 12, minlength=grid.n_bars * 12)
    return flat.reshape(grid.n_bars, 12).astype(np.float64)


def duration_roll(notes: Notes, grid: Grid) -> Floats:
    """[bars, 16, 128]: the length in sixteenths of the longest note of each pitch that begins on the step.

    Merging tracks is by maximum. A note shorter than a sixteenth counts as one.
    """
    heard = notes.pitched
    bar = bar_of(heard.start, grid)
    step = step_of(heard, grid, bar)
    inside = step < BAR_STEPS
    length = np.maximum(np.round((heard.end - heard.start) / SIXTEENTH), 1)
    roll = np.zeros((grid.n_bars, BAR_STEPS, 128))
    np.maximum.at(roll, (bar[inside], step[inside], heard.pitch[inside]), length[inside])
    return roll


def sounding(notes: Notes, lines: Ints) -> Bools:
    """For each span between two lines, whether a note sounds in it; a note that ends on a line does not reach over it."""
    first = np.clip(np.searchsorted(lines, notes.start, side="right") - 1, 0, len(lines) - 2)
    last = np.clip(np.searchsorted(lines, notes.end, side="left") - 1, first, len(lines) - 2)
    edges = np.bincount(first, minlength=len(lines)) - np.bincount(last + 1, minlength=len(lines))
    return np.asarray(np.cumsum(edges)[: len(lines) - 1] > 0)


def sixteenths(notes: Notes) -> Ints:
    """Lines of a sixteenth apart from 0 to the end of the last note."""
    end = int(notes.end.max(initial=0))
    return np.arange(0, -(-end // SIXTEENTH) + 1, dtype=np.int64) * SIXTEENTH


def voices(notes: Notes, lines: Ints) -> Ints:
    """How many different pitches sound in each span between two lines, over all tracks; drums stay out."""
    heard = notes.pitched
    if len(lines) < 2:
        return np.zeros(0, dtype=np.int64)
    rows = [sounding(heard.where(heard.pitch == pitch), lines) for pitch in np.unique(heard.pitch)]
    return np.sum(rows, axis=0, dtype=np.int64) if rows else np.zeros(len(lines) - 1, dtype=np.int64)


def tracks_of(notes: Notes) -> Ints:
    """The tracks that have notes."""
    return np.unique(notes.track)


def mean(values: Floats) -> float:
    """The mean without nans; nan of nothing."""
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else float("nan")


def cosine(a: Floats, b: Floats) -> Floats:
    """Row by row; 0 where one row is empty, nan where both are."""
    norm_a, norm_b = np.linalg.norm(a, axis=1), np.linalg.norm(b, axis=1)
    dots = (a * b).sum(axis=1) / np.where(norm_a * norm_b > 0, norm_a * norm_b, 1)
    return np.where((norm_a == 0) & (norm_b == 0), np.nan, dots)
