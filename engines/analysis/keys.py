"""Key finding: what a piece is in, and where it goes somewhere else.

Every bar is judged with the bars around it by what sounds, what is on top, what lies lowest and which chords there are; a
search over the whole piece then lets the key change only where enough bars ask for it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from engines.analysis.chord_columns import BeatColumns
from engines.analysis.chords import ChordReading
from engines.analysis.score import Bools, Floats, Grid, Ints
from engines.api import KeySpan
from engines.errors import SchemaError
from engines.music.harmony import Chord, Key, KeyChange, KeyTrack, Mode, Spelling
from engines.music.time import Ticks

SCHEMA = "keys/1"
ROWS = 6
"""Rows of twelve for each bar: how much sounds, is on top, is lowest; how often it sounds; major and minor chords on it."""
AROUND = 2
"""Bars on either side that a bar is judged with."""
AUDIBLE = 0.05
"""Beats for which a pitch class must sound to count as heard."""
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


def find_keys(
    columns: BeatColumns, chords: ChordReading, grid: Grid, tables: KeyTables, stated: KeyTrack | None = None
) -> KeyReading:
    """Hear the keys of a piece. What the file states is evidence, no more."""
    rows, sounding = bar_rows(columns, chords, grid)
    chances = likelihood(rows, tables)
    chances[~sounding] = 0.0
    heard = tables.trust * chances
    if stated is not None:
        heard = heard + _believed(stated, grid)
    path = _best_path(heard, _moves(tables))
    return KeyReading(tuple(_spans(path, chances, sounding, grid)))


def bar_rows(columns: BeatColumns, chords: ChordReading, grid: Grid) -> tuple[Floats, Bools]:
    """[bars, ROWS, 12], and whether anything sounds around each bar."""
    bar, n = grid.bar_of_beat, grid.n_bars
    beats = np.maximum(_window(_by_bar(np.ones((len(bar), 1)), bar, n)), 1)
    parts = [_window(_by_bar(part, bar, n)) for part in (columns.sound, columns.top, columns.bass)]
    rows = [part / (part.sum(axis=1, keepdims=True) + 1e-3) for part in parts]
    heard = (columns.sound > AUDIBLE).astype(np.float64)
    rows += [_window(_by_bar(part, bar, n)) / beats for part in (heard, *_triads(chords))]
    return np.stack(rows, axis=1), np.asarray(parts[0].sum(axis=1) > 0)


def _triads(chords: ChordReading) -> tuple[Floats, Floats]:
    """[beats, 12]: the roots of chords with a major third, and of those with a minor one."""
    third = np.array([_THIRD[name] for name in chords.quality])
    out = []
    for kind in (4, 3):
        rows = np.flatnonzero((third == kind) & (chords.root >= 0))
        table = np.zeros((len(chords.root), 12))
        table[rows, chords.root[rows]] = 1.0
        out.append(table)
    return out[0], out[1]


class _Thirds(dict[str, int]):
    """The third of each chord quality, worked out once."""

    def __missing__(self, quality: str) -> int:
        third = Chord.parse(f"C{quality}").third
        self[quality] = third if third is not None else 0
        return self[quality]


_THIRD = _Thirds()


def likelihood(rows: Floats, tables: KeyTables) -> Floats:
    """[bars, 24]: log-probability of each key: C major, C minor, C# major and so on."""
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


def _believed(stated: KeyTrack, grid: Grid) -> Floats:
    out = np.zeros((grid.n_bars, 24))
    for bar, tick in enumerate(grid.bars[:-1].tolist()):
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


def _spans(path: Ints, chances: Floats, sounding: Bools, grid: Grid) -> list[KeySpan]:
    starts = np.concatenate([[0], np.flatnonzero(np.diff(path)) + 1, [len(path)]]).tolist()
    out = []
    for begin, end in pairwise(starts):
        state = int(path[begin])
        heard = sounding[begin:end]
        sure = float(np.exp(chances[begin:end, state])[heard].mean()) if heard.any() else 0.0
        out.append(KeySpan(Ticks(int(grid.bars[begin])), _name(state // 2, state % 2 == 1), sure))
    return out


def _name(pc: int, minor: bool) -> Key:
    """A key with the signature of fewest accidentals; six flats rather than six sharps, as pop music writes them."""
    mode = Mode.MINOR if minor else Mode.MAJOR
    names = (Spelling.from_fifths(fifths) for fifths in range(-8, 13))
    keys = [key for name in names if name.pc == pc for key in (Key(name, mode),) if abs(key.signature) <= 7]
    return min(keys, key=lambda key: (abs(key.signature), key.signature))
