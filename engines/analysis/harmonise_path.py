"""Chords along the beats: the best path, and what all paths together expect.

A state is a triad, 3 · root + kind. A path pays for the chord of every beat, and between beats either for staying or for
the step from one chord to the other.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from engines.analysis.score import Floats, Ints

KINDS = ("maj", "min", "dim")
"""The triads that a state may be."""
N_STATES = 12 * len(KINDS)
TONES = ((0, 4, 7), (0, 3, 7), (0, 3, 6))
"""Their tones above the root."""


@dataclass(frozen=True)
class Field:
    """The scores that a path collects."""

    chord: Floats
    """Beats × states."""
    stay: Floats
    """For each beat, what keeping the chord of the beat before gains."""
    change: Floats
    """Regions × states × states: what the step from one chord (row) to another gains."""
    region: Ints
    """Which region's steps each beat is reached by: a key has its own."""

    def less(self, cost: Floats) -> Field:
        """With every chord of every beat so much dearer."""
        return replace(self, chord=self.chord - cost)

    def since(self, beat: int) -> Field:
        """From a beat on."""
        return Field(self.chord[beat:], self.stay[beat:], self.change, self.region[beat:])


def turn_out(states: Floats, tonic: Ints) -> Floats:
    """Beats × states: from roots that count from each beat's tonic to pitch classes."""
    place = (np.arange(N_STATES) - len(KINDS) * tonic[:, None]) % N_STATES
    return np.take_along_axis(states, place, axis=1)


def turn_back(states: Floats, tonic: Ints) -> Floats:
    """The way back from `turn_out`."""
    return turn_out(states, -tonic)


def best_path(field: Field) -> Ints:
    """The states of the path that collects most; where two are equal, the one that stays, then the lower state."""
    beats, states = field.chord.shape
    into = np.ascontiguousarray(field.change.transpose(0, 2, 1))
    index = np.arange(states)
    into[:, index, index] = -np.inf
    came = np.empty((beats, states), dtype=np.int64)
    came[0] = index
    total = field.chord[0].copy()
    for t in range(1, beats):
        reach = into[field.region[t]] + total
        best = reach.argmax(axis=1)
        moved = reach[index, best]
        stayed = total + field.stay[t]
        keep = stayed >= moved
        came[t] = np.where(keep, index, best)
        total = np.where(keep, stayed, moved) + field.chord[t]
    path = np.empty(beats, dtype=np.int64)
    path[-1] = int(total.argmax())
    for t in range(beats - 1, 0, -1):
        path[t - 1] = came[t, path[t]]
    return path


def chances(field: Field) -> Floats:
    """The probability of each state on each beat, over all paths."""
    beats, states = field.chord.shape
    step = np.exp(field.change)
    index = np.arange(states)
    step[:, index, index] = 0.0
    stay = np.exp(field.stay)
    weight = np.exp(field.chord - field.chord.max(axis=1, keepdims=True))
    ahead = np.empty_like(weight)
    ahead[0] = weight[0] / weight[0].sum()
    for t in range(1, beats):
        now = (ahead[t - 1] @ step[field.region[t]] + ahead[t - 1] * stay[t]) * weight[t]
        ahead[t] = now / now.sum()
    behind = np.ones(states)
    out: Floats = np.empty_like(ahead)
    out[-1] = ahead[-1]
    for t in range(beats - 1, 0, -1):
        inflow = weight[t] * behind
        behind = step[field.region[t]] @ inflow + inflow * stay[t]
        behind /= behind.max()
        out[t - 1] = ahead[t - 1] * behind
    out /= out.sum(axis=1, keepdims=True)
    return out
