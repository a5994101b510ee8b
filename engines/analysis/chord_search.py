"""The likeliest chords of a piece, every beat in view of all the others.

Of all chords on all roots only a dozen are worth a thought on each beat; the search goes over those.
"""

from __future__ import annotations

import numpy as np

from engines.analysis.chord_tables import ChordTables, Singles
from engines.analysis.score import Floats, Ints

ABOVE = (np.arange(12)[None, :] - np.arange(12)[:, None]) % 12
"""[root, pitch class]: how far the pitch class lies above the root."""
CANDIDATES = 12
"""Chords that are considered on each beat."""
REACH = 2
"""A chord that is likely on a beat is considered so many beats before and after it."""
_NEVER = np.float32(-30.0)


def emission(tables: ChordTables, pitch: Singles, plain: Singles) -> Singles:
    """The score of every state on every beat, from that beat's surroundings alone."""
    rows, _, n = tables.hidden.shape
    wide = np.take(tables.hidden, ABOVE.T, axis=1).reshape(rows * 12, 12 * n)
    figures = (pitch.reshape(len(pitch), -1) @ wide).reshape(-1, 12, n)
    figures += (plain @ tables.hidden_plain)[:, None, :]
    np.maximum(figures, 0, out=figures)
    scores = (figures.reshape(-1, n) @ tables.output + tables.output_base).reshape(len(pitch), -1)
    return np.concatenate([scores, (plain @ tables.silence)[:, None]], axis=1, dtype=np.float32)


def steps(tables: ChordTables) -> Singles:
    """[3, states, states]: what it is worth to go from one state to another, for each metric class."""
    q = len(tables.qualities)
    likes = np.full((tables.states, tables.states), _NEVER, dtype=np.float32)
    likes[:-1, :-1] = tables.moves[:, ABOVE, :].transpose(1, 0, 2, 3).reshape(12 * q, 12 * q)
    likes[:-1, -1] = np.tile(tables.to_silence, 12)
    likes[-1, :-1] = np.tile(tables.from_silence, 12)
    out: Singles = likes[None] + tables.change[:, None, None]
    out[:, np.arange(tables.states), np.arange(tables.states)] = 0
    return out


def candidates(scores: Singles) -> Ints:
    """[beats, CANDIDATES]: the states that are likely on a beat or near it."""
    best = scores - scores.max(axis=1, keepdims=True)
    near = best.copy()
    for beats in range(1, REACH + 1):
        near[beats:] = np.maximum(near[beats:], best[:-beats] - beats)
        near[:-beats] = np.maximum(near[:-beats], best[beats:] - beats)
    count = min(CANDIDATES, near.shape[1])
    return np.argpartition(-near, count - 1, axis=1)[:, :count]


def search(tables: ChordTables, scores: Singles, place: Ints) -> tuple[Ints, Floats]:
    """The likeliest sequence of states, and how probable each of them is; `place` holds each beat's metric class."""
    picked = candidates(scores)
    heard = np.take_along_axis(scores, picked, axis=1)
    size = tables.states
    flat = steps(tables).ravel()
    index = (place[1:, None, None] * size + picked[:-1, :, None]) * size + picked[1:, None, :]
    between = flat[index]
    best = _best_path(heard, between)
    return np.take_along_axis(picked, best[:, None], axis=1)[:, 0], _chances(heard, between, best)


def _best_path(heard: Singles, between: Singles) -> Ints:
    reached = np.empty_like(heard)
    reached[0] = heard[0]
    for t in range(1, len(heard)):
        np.max(reached[t - 1][:, None] + between[t - 1], axis=0, out=reached[t])
        reached[t] += heard[t]
    path = np.empty(len(heard), dtype=np.int64)
    path[-1] = reached[-1].argmax()
    for t in range(len(heard) - 1, 0, -1):
        path[t - 1] = (reached[t - 1] + between[t - 1, :, path[t]]).argmax()
    return path


def _chances(heard: Singles, between: Singles, path: Ints) -> Floats:
    """How probable the state of the path is on each beat, all sequences considered."""
    odds = np.exp(between)
    # Numbers too small to matter would be slow to reckon with: they are lifted to a floor.
    here = np.exp(np.maximum(heard - heard.max(axis=1, keepdims=True), -30))
    ahead, back = np.empty_like(here), np.empty_like(here)
    ahead[0], back[-1] = here[0] / here[0].sum(), 1.0
    for t in range(1, len(here)):
        now = (ahead[t - 1] @ odds[t - 1]) * here[t]
        ahead[t] = now / now.sum()
    for t in range(len(here) - 1, 0, -1):
        now = odds[t - 1] @ (here[t] * back[t])
        back[t - 1] = now / now.sum()
    both = ahead * back
    chosen = np.take_along_axis(both, path[:, None], axis=1)[:, 0]
    return np.asarray(chosen / np.maximum(both.sum(axis=1), 1e-30), dtype=np.float64)
