"""The likeliest keys of a piece: few of them, changing on bar lines."""

from __future__ import annotations

import numpy as np

from engines.analysis.key_tables import KeyTables
from engines.analysis.score import Bools, Floats, Ints

KEYS = 24
"""Every tonic in major and in minor: key 2 · tonic is major, the next one minor."""
ABOVE = (np.arange(12)[None, :] - np.arange(12)[:, None]) % 12
TONIC, MINOR = np.arange(KEYS) // 2, np.arange(KEYS) % 2
SCALE = (TONIC + 3 * MINOR) % 12
"""The major tonic of the key signature that each key is written with."""


def evidence(tables: KeyTables, rows: Floats, sounding: Bools) -> Floats:
    """[bars, KEYS]: what each bar says for each key, as log-probability; silent bars say nothing."""
    wide = tables.weights[:, ABOVE, :].transpose(0, 2, 1, 3).reshape(-1, KEYS)
    scores = rows.reshape(len(rows), -1) @ wide + np.tile(tables.base, 12)
    scores -= scores.max(axis=1, keepdims=True)
    scores -= np.log(np.exp(scores).sum(axis=1, keepdims=True))
    return np.asarray(np.where(sounding[:, None], scores, 0.0) * tables.trust)


def costs(tables: KeyTables) -> Floats:
    """[KEYS, KEYS]: what every change costs; staying costs nothing."""
    keep, relative, other = (float(cost) for cost in tables.change)
    out = np.where(MINOR[:, None] == MINOR[None, :], keep, other)
    out = np.where(SCALE[:, None] == SCALE[None, :], relative, out)
    np.fill_diagonal(out, 0)
    return np.asarray(out, dtype=np.float64)


def best_path(heard: Floats, cost: Floats, ease: Floats) -> Ints:
    """The key of each bar; `ease` scales what a change at the start of each bar costs."""
    reached = heard[0]
    origin = np.zeros((len(heard), KEYS), dtype=np.int64)
    for bar in range(1, len(heard)):
        options = reached[:, None] - cost * ease[bar]
        origin[bar] = options.argmax(axis=0)
        reached = options.max(axis=0) + heard[bar]
    path = np.empty(len(heard), dtype=np.int64)
    path[-1] = reached.argmax()
    for bar in range(len(heard) - 1, 0, -1):
        path[bar - 1] = origin[bar, path[bar]]
    return path


def settled(path: Ints, sounding: Bools) -> Ints:
    """The path with changes during silence moved to where the music goes on."""
    out = path.copy()
    for bar in range(1, len(out)):
        if not sounding[bar]:
            out[bar] = out[bar - 1]
    return out
