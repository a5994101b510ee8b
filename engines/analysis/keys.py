"""Key finding: what a piece is in, and where it goes somewhere else.

Every bar is judged with the bars around it by what sounds, what is on top and what lies lowest; a search over the whole
piece then lets the key change only where enough bars ask for it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

import numpy as np

from engines.analysis.chord_columns import BeatColumns
from engines.analysis.score import Floats, Ints, Score
from engines.api import KeySpan
from engines.errors import SchemaError
from engines.music.harmony import Key, KeyChange, KeyTrack, Mode, Spelling
from engines.music.time import Ticks

SCHEMA = "keys/1"
ROWS = 6
"""Rows of twelve for each bar: how much sounds, is on top, is lowest; and how often each does."""
AROUND = 2
"""Bars on either side that a bar is judged with."""
BELIEF = 0.25
"""What a key signature counts for in each bar; many files state C major whatever they are in."""
TURN = (np.arange(12)[:, None] + np.arange(12)[None, :]) % 12
"""[tonic, step]: the pitch class a step above a tonic."""


@dataclass(frozen=True)
class KeyTables:
    """Learned weights; statistics of key annotations, no notes."""

    weights: Floats
    """[ROWS * 12, 2]: from what is heard above a candidate tonic to a score for major and for minor."""
    base: Floats
    """[2]: what both start from."""
    trust: float
    """What one bar counts: neighbouring bars say nearly the same."""
    move: float
    """What a change of key costs …"""
    relative: float
    """… and one to the relative key, which is mostly a mistake."""

    @classmethod
    def from_json(cls, text: str) -> KeyTables:
        """Read a table file."""
        try:
            data = json.loads(text)
            if data["schema"] != SCHEMA:
                raise SchemaError(f"Key tables of schema {data['schema']!r} cannot be used.", "Use the shipped tables.")
            weights = np.array(data["weights"], dtype=np.float64).reshape(ROWS * 12, 2)
            base = np.array(data["base"], dtype=np.float64).reshape(2)
            return cls(weights, base, float(data["trust"]), float(data["move"]), float(data["relative"]))
        except (KeyError, TypeError, ValueError) as error:
            raise SchemaError(f"The key tables are damaged: {error}.", "Use the shipped tables.") from error


@dataclass(frozen=True)
class KeyReading:
    """The keys of a piece, in order; the first holds from the start."""

    spans: tuple[KeySpan, ...]

    def track(self) -> KeyTrack:
        """The same without confidence."""
        return KeyTrack(tuple(KeyChange(span.tick, span.key) for span in self.spans))


def find_keys(score: Score, tables: KeyTables, stated: KeyTrack | None = None) -> KeyReading:
    """Hear the keys of a piece. What the file states is evidence, no more."""
    rows, sounding = bar_rows(score)
    chances = likelihood(rows, tables)
    chances[~sounding] = 0.0
    heard = tables.trust * chances
    if stated is not None:
        heard += _believed(stated, score)
    path = _best_path(heard, _moves(tables))
    return KeyReading(tuple(_spans(path, chances, sounding, score)))


def bar_rows(score: Score) -> tuple[Floats, Floats]:
    """[bars, ROWS, 12] and whether anything sounds in a bar's surroundings."""
    columns, bar = BeatColumns.of(score), score.grid.bar_of_beat
    n = score.grid.n_bars
    beats = _window(_by_bar(np.ones((len(bar), 1)), bar, n))
    rows = []
    for part in (columns.sound, columns.top, columns.bass):
        total = _window(_by_bar(part, bar, n))
        rows.append(total / (total.sum(axis=1, keepdims=True) + 1e-3))
    for part in (columns.sound, columns.top, columns.bass):
        rows.append(_window(_by_bar((part > 0.05).astype(np.float64), bar, n)) / np.maximum(beats, 1))
    return np.stack(rows, axis=1), _window(_by_bar(columns.sound, bar, n)).sum(axis=1) > 0


def likelihood(rows: Floats, tables: KeyTables) -> Floats:
    """[bars, 24]: log-probability of each key, C major, C minor, C# major …"""
    turned = rows[:, :, TURN].transpose(0, 2, 1, 3).reshape(len(rows), 12, -1)
    scores = (turned @ tables.weights + tables.base).reshape(len(rows), 24)
    scores -= scores.max(axis=1, keepdims=True)
    out: Floats = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
    return out


def _by_bar(part: Floats, bar: Ints, n: int) -> Floats:
    out = np.zeros((n, part.shape[1]))
    np.add.at(out, bar, part)
    return out


def _window(part: Floats) -> Floats:
    total = np.concatenate([np.zeros((1, part.shape[1])), np.cumsum(part, axis=0)])
    at = np.arange(len(part))
    out: Floats = total[np.minimum(at + AROUND + 1, len(part))] - total[np.maximum(at - AROUND, 0)]
    return out


def _believed(stated: KeyTrack, score: Score) -> Floats:
    out = np.zeros((score.grid.n_bars, 24))
    for bar, tick in enumerate(score.grid.bars[:-1].tolist()):
        key = stated.at(tick)
        out[bar, 2 * key.tonic.pc + (0 if key.is_major_like else 1)] = BELIEF
    return out


def _moves(tables: KeyTables) -> Floats:
    """[from, to]: what going from one key to another costs."""
    tonic, minor = np.arange(24) // 2, np.arange(24) % 2
    signature = (tonic + 3 * minor) % 12
    cost = np.where(signature[:, None] == signature[None, :], tables.relative, tables.move)
    np.fill_diagonal(cost, 0.0)
    return -cost


def _best_path(heard: Floats, moves: Floats) -> Ints:
    reached = heard[0].copy()
    back = np.zeros(heard.shape, dtype=np.int64)
    for bar in range(1, len(heard)):
        ways = reached[:, None] + moves
        back[bar] = ways.argmax(axis=0)
        reached = ways.max(axis=0) + heard[bar]
    path = np.zeros(len(heard), dtype=np.int64)
    path[-1] = reached.argmax()
    for bar in range(len(heard) - 1, 0, -1):
        path[bar - 1] = back[bar, path[bar]]
    return path


def _spans(path: Ints, chances: Floats, sounding: Floats, score: Score) -> list[KeySpan]:
    starts = np.concatenate([[0], np.flatnonzero(np.diff(path)) + 1, [len(path)]]).tolist()
    out = []
    for begin, end in zip(starts[:-1], starts[1:], strict=True):
        state = int(path[begin])
        heard = sounding[begin:end]
        sure = float(np.exp(chances[begin:end, state])[heard].mean()) if heard.any() else 0.0
        out.append(KeySpan(Ticks(int(score.grid.bars[begin])), _name(state // 2, state % 2 == 1), sure))
    return out


def _name(pc: int, minor: bool) -> Key:
    """A key with the signature of fewest accidentals; six flats rather than six sharps, as pop music writes them."""
    mode = Mode.MINOR if minor else Mode.MAJOR
    names = (Spelling.from_fifths(fifths) for fifths in range(-8, 13))
    keys = [key for name in names if name.pc == pc for key in (Key(name, mode),) if abs(key.signature) <= 7]
    return min(keys, key=lambda key: (abs(key.signature), key.signature))
