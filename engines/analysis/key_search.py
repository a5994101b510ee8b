"""The likeliest keys of a piece: few of them, changing on bar lines."""

from __future__ import annotations

import numpy as np

from engines.analysis.key_tables import KeyTables
from engines.analysis.score import Bools, Floats, Ints

KEYS = 24
"""C major, C minor, C# major and so on."""
TONIC, MINOR = np.arange(KEYS) // 2, np.arange(KEYS) % 2
SIGNATURE = (TONIC + 3 * MINOR) % 12
"""The major key that is written with the same signature."""
TURN = (np.arange(12)[:, None] + np.arange(12)[None, :]) % 12
"""[tonic, step]: the pitch class a step above a tonic."""


def likelihood(rows: Floats, tables: KeyTables) -> Floats:
    """[bars, KEYS]: log-probability of each key, each bar by itself."""
    turned = rows[:, :, TURN].transpose(0, 2, 1, 3).reshape(len(rows), 12, -1)
    scores = (turned @ tables.weights + tables.base).reshape(len(rows), KEYS)
    scores -= scores.max(axis=1, keepdims=True)
    out: Floats = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
    return out


def best_path(heard: Floats, tables: KeyTables, ease: Floats) -> Ints:
    """The key of each bar, from what each bar says; `ease` scales what a change costs at the start of each bar."""
    cost = np.where(SIGNATURE[:, None] == SIGNATURE[None, :], tables.relative, tables.move)
    np.fill_diagonal(cost, 0.0)
    reached = heard[0].copy()
    back = np.zeros(heard.shape, dtype=np.int64)
    for bar in range(1, len(heard)):
        ways = reached[:, None] - cost * ease[bar]
        back[bar] = ways.argmax(axis=0)
        reached = ways.max(axis=0) + heard[bar]
    path = np.zeros(len(heard), dtype=np.int64)
    path[-1] = reached.argmax()
    for bar in range(len(heard) - 1, 0, -1):
        path[bar - 1] = back[bar, path[bar]]
    return path


def settled(path: Ints, sounding: Bools) -> Ints:
    """The path with every change that falls in silence moved to where the music goes on, or left out at the end."""
    last = np.maximum.accumulate(np.where(sounding, np.arange(len(path)), -1))
    first = int(np.argmax(sounding))
    return np.asarray(path[np.where(last < 0, first, last)])
