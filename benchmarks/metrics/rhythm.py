"""Rhythm and texture: how full, how even, how many at once."""

from __future__ import annotations

import numpy as np

from benchmarks.metrics.columns import (
    cosine,
    mean,
    onset_steps,
    sixteenths,
    sounding,
    steps_in_bar,
    voices,
)
from engines.analysis.score import Grid, Notes


def groove_consistency(notes: Notes, grid: Grid) -> float:
    """1 - mean Hamming distance / 16 of the onset vectors of adjacent bars.

    In bars of other meters the divisor is the number of sixteenths of the longer bar. Pairs of two bars without onsets are
    left out; one bar without against one with onsets counts.
    """
    played = onset_steps(notes, grid) > 0
    steps = steps_in_bar(grid)
    either = played[1:].any(axis=1) | played[:-1].any(axis=1)
    apart = (played[1:] != played[:-1]).sum(axis=1) / np.maximum(steps[1:], steps[:-1])
    return mean(1 - apart[either])


def sim_groove(output: Notes, reference: Notes, grid: Grid) -> float:
    """Cosine of bar onset vectors (onsets per sixteenth), mean over bars (MuseMorphose); empty bars as in `sim_chroma`."""
    return mean(cosine(onset_steps(output, grid), onset_steps(reference, grid)))


def empty_beat_rate(notes: Notes, grid: Grid) -> float:
    """The share of felt beats in which nothing sounds; a held note sounds."""
    return float(1 - sounding(notes, grid.beats).mean()) if grid.n_beats else float("nan")


def empty_bars(notes: Notes, grid: Grid) -> float:
    """The share of bars in which nothing sounds."""
    return float(1 - sounding(notes, grid.bars).mean()) if grid.n_bars else float("nan")


def polyphony(notes: Notes) -> float:
    """Mean number of different pitches that sound together, over sixteenths in which any does; drums stay out."""
    together = voices(notes, sixteenths(notes))
    return mean(together[together > 0].astype(np.float64))


def polyphony_rate(notes: Notes) -> float:
    """The share of sixteenths, from the first tick to the last note's end, in which two pitches or more sound."""
    return mean((voices(notes, sixteenths(notes)) >= 2).astype(np.float64))


def pitch_range(notes: Notes) -> float:
    """Highest minus lowest pitch, in semitones; drums stay out."""
    return float(np.ptp(notes.pitched.pitch)) if len(notes.pitched) else float("nan")


def range_per_part(notes: Notes) -> dict[int, tuple[int, int]]:
    """Lowest and highest pitch of each track; drums stay out."""
    heard = notes.pitched
    parts = {t: heard.of_track(t).pitch for t in np.unique(heard.track).tolist()}
    return {track: (int(pitch.min()), int(pitch.max())) for track, pitch in parts.items()}


def notes_per_bar(notes: Notes, grid: Grid) -> float:
    """Notes per bar in which anything sounds."""
    bars = int(sounding(notes, grid.bars).sum())
    return len(notes) / bars if bars else float("nan")


def onsets_per_beat(notes: Notes, grid: Grid) -> float:
    """Different moments at which something begins, per felt beat in which something sounds."""
    beats = int(sounding(notes, grid.beats).sum())
    return len(np.unique(notes.start)) / beats if beats else float("nan")
