"""Equal phrases get equal chords, as far as their melodies are equal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from engines.analysis.harmonise_features import Phrase
from engines.analysis.harmonise_path import Field, turn_back, turn_out
from engines.analysis.score import Floats, Grid, Ints

ALIKE = 0.85
"""Cosine of two bars, beat by beat, from which they count as equal."""
LOYALTY = 4.0
"""What a chord gains for standing in the first of several equal bars."""


def equal_bars(phrases: Sequence[Phrase], sounding: Floats, grid: Grid) -> list[Ints]:
    """Groups of bars (from 0) at the same place of phrases with the same label, with the same melody; first come first."""
    at_place: dict[tuple[str, int, int], list[int]] = {}
    for phrase in phrases:
        for i in range(phrase.bars):
            bar = phrase.start_bar - 1 + i
            if 0 <= bar < grid.n_bars:
                at_place.setdefault((phrase.label, phrase.bars, i), []).append(bar)
    bounds = np.searchsorted(grid.beats, grid.bars)
    shape = [_unit(sounding[a:b]) for a, b in pairwise(bounds)]
    out = []
    for bars in at_place.values():
        left = bars
        while len(left) > 1:
            same = [bar for bar in left if _alike(shape[left[0]], shape[bar])]
            if len(same) > 1:
                out.append(np.array(same, dtype=np.int64))
            left = [bar for bar in left[1:] if bar not in same]
    return out


def _unit(bar: Floats) -> Floats:
    """A bar as one vector of length 1; silence stays 0."""
    flat = bar.ravel()
    length = float((flat * flat).sum()) ** 0.5
    return flat / length if length else flat


def _alike(a: Floats, b: Floats) -> bool:
    if a.shape != b.shape:
        return False
    return float(a @ b) >= ALIKE if a.any() and b.any() else not (a.any() or b.any())


def pool(field: Field, groups: Sequence[Ints], tonic: Ints, grid: Grid) -> Field:
    """Let equal bars share what speaks for their chords."""
    chord, stay = turn_back(field.chord, tonic), field.stay.copy()
    for beats in _aligned(groups, grid):
        chord[beats] = chord[beats].mean(axis=0)
        stay[beats] = stay[beats].mean()
    return replace(field, chord=turn_out(chord, tonic), stay=stay)


def follow(field: Field, path: Ints, groups: Sequence[Ints], tonic: Ints, grid: Grid) -> Field:
    """Draw every bar towards the chords that a path has in the first bar of its group."""
    chosen = np.zeros(field.chord.shape)
    chosen[np.arange(len(path)), path] = LOYALTY
    chosen = turn_back(chosen, tonic)
    drawn = np.zeros(field.chord.shape)
    for beats in _aligned(groups, grid):
        drawn[beats] = chosen[beats[0]]
    return replace(field, chord=field.chord + turn_out(drawn, tonic))


def _aligned(groups: Sequence[Ints], grid: Grid) -> list[Ints]:
    """The beats of each group that stand at the same place."""
    bounds = np.searchsorted(grid.beats, grid.bars)
    return [bounds[bars] + i for bars in groups for i in range(int(bounds[bars[0] + 1] - bounds[bars[0]]))]
