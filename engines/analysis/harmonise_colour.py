"""Triad, seventh or sixth: the colour of a chord, once its root and its third are settled."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engines.analysis.harmonise_features import Reading
from engines.analysis.harmonise_path import KINDS, N_STATES
from engines.analysis.score import Bools, Floats, Grid, Ints

QUALITIES = ("maj", "7", "maj7", "6", "aug", "min", "min7", "min6", "dim", "hdim7", "dim7")
"""Chord qualities, by the names of chord annotations."""
SYMBOLS = ("", "7", "maj7", "6", "aug", "m", "m7", "m6", "dim", "m7b5", "dim7")
"""The same as a lead sheet writes them."""
KIND_OF = np.array([0, 0, 0, 0, 0, 1, 1, 1, 2, 2, 2])
"""The triad that each one contains, as an index of `KINDS`; an augmented chord stands in for a major one."""
PLAIN = np.array([quality in KINDS for quality in QUALITIES])
"""Which are triads."""
TONES = (
    (0, 4, 7), (0, 4, 7, 10), (0, 4, 7, 11), (0, 4, 7, 9), (0, 4, 8), (0, 3, 7), (0, 3, 7, 10), (0, 3, 7, 9),
    (0, 3, 6), (0, 3, 6, 10), (0, 3, 6, 9),
)  # fmt: skip
"""Their tones above the root."""

NAMES = (
    *(f"state {state}" for state in range(N_STATES)),
    *(f"root moves on by {interval}" for interval in range(12)),
    "last chord",
    *(f"root comes from {interval}" for interval in range(12)),
    "first chord",
    *(f"melody {interval} above the root" for interval in range(12)),
    *(f"attack {interval} above the root" for interval in range(12)),
    "short",
    "long",
)
"""The columns that are weighed."""


def spans_of(states: Sequence[object]) -> Ints:
    """Where each run of equal entries begins, and the end."""
    changes = [i for i in range(1, len(states)) if states[i] != states[i - 1]]
    return np.array([0, *changes, len(states)], dtype=np.int64)


def colour_columns(starts: Ints, state: Ints, tonic: Ints, reading: Reading, grid: Grid) -> Floats:
    """Spans × columns. `starts` holds the first beat of each span and the end; states and tonics are pitch classes."""
    n = len(state)
    root = state // len(KINDS)
    out = np.zeros((n, len(NAMES)))
    rows = np.arange(n)
    out[rows, (state - len(KINDS) * tonic) % N_STATES] = 1.0
    ahead = np.append(np.diff(root) % 12, 12)
    out[rows, N_STATES + ahead] = 1.0
    behind = np.append(12, np.diff(root) % 12)
    out[rows, N_STATES + 13 + behind] = 1.0
    run = np.concatenate([np.zeros((1, 12)), np.cumsum(reading.sounding, axis=0)])
    length = np.diff(starts)
    share = (run[starts[1:]] - run[starts[:-1]]) / length[:, None]
    above = (root[:, None] - tonic[:, None] + np.arange(12)) % 12
    out[:, N_STATES + 26 : N_STATES + 38] = np.take_along_axis(share, above, axis=1)
    out[:, N_STATES + 38 : N_STATES + 50] = np.take_along_axis(reading.attack[starts[:-1]], above, axis=1)
    size = np.bincount(grid.bar_of_beat, minlength=grid.n_bars)[grid.bar_of_beat[starts[:-1]]]
    out[:, -2] = 2 * length <= size
    out[:, -1] = length > size
    return out


def choose(scores: Floats, state: Ints, boldness: float) -> Ints:
    """The quality of each span: the best of those that contain its triad; `boldness` favours what is not a plain triad."""
    allowed: Bools = KIND_OF[None, :] == (state % len(KINDS))[:, None]
    biased = scores + np.where(PLAIN, 0.0, boldness)[None, :]
    best: Ints = np.where(allowed, biased, -np.inf).argmax(axis=1)
    return best
