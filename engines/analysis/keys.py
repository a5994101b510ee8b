"""Key finding: which keys a piece is in, from the notes alone, with what the file states as mere evidence."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engines.analysis.chord_columns import BeatColumns
from engines.analysis.chords import ChordReading
from engines.analysis.key_rows import key_rows, sounding_bars
from engines.analysis.key_search import KEYS, MINOR, SCALE, TONIC, best_path, costs, evidence, settled
from engines.analysis.key_tables import KeyTables
from engines.analysis.score import Floats, Grid, Ints
from engines.music.harmony import Key, KeyChange, KeyTrack, Mode
from engines.music.time import Ticks

STATED_SCALE, STATED_KEY = 3.0, 1.5
"""What a stated key counts: so much for its scale, so much more for its very tonic and mode (files often get that wrong)."""
BY_DEFAULT = 0.3
"""How far a lone C major is believed: it is what programs write when nobody said anything."""
STATED_CHANGE = 0.4
"""What is left of the cost of a change where the file states one."""
MODAL = 4.0
"""A modal sixth or seventh sounds at least so many times as long as the usual one …"""
MODAL_SHARE = 0.03
"""… and fills at least this share of the music."""


@dataclass(frozen=True, slots=True)
class KeySpan:
    """One key, from one bar line to another."""

    tick: Ticks
    """Where it begins."""
    key: Key
    """Tonic and mode: major, minor, or dorian and mixolydian where that is clear."""
    confidence: float
    """0 to 1, how likely this key is right; a key found on little music is little sure."""


@dataclass(frozen=True)
class KeyReading:
    """The keys of a piece."""

    spans: tuple[KeySpan, ...]
    """In order, the first at tick 0; neighbours differ."""

    @property
    def track(self) -> KeyTrack:
        """The same as a key track."""
        return KeyTrack(tuple(KeyChange(span.tick, span.key) for span in self.spans))

    def at(self, tick: int) -> Key:
        """The key at a tick."""
        return self.track.at(tick)


def read_keys(
    columns: BeatColumns, chords: ChordReading, grid: Grid, tables: KeyTables, stated: KeyTrack | None = None
) -> KeyReading:
    """The likeliest keys. A key that the file states is evidence, no more; without any music it is all there is."""
    sounding = sounding_bars(columns, grid)
    if not sounding.any():
        return KeyReading((KeySpan(Ticks(0), stated.at(0) if stated else _named(0, "major"), 0.0),))
    heard = evidence(tables, key_rows(columns, chords, grid), sounding)
    believed, ease = _stated(stated, grid, sounding.sum())
    path = settled(best_path(heard + believed, costs(tables), ease), sounding)
    first = np.flatnonzero(np.diff(path, prepend=-1))
    return KeyReading(
        tuple(
            _span(int(a), int(b), int(path[a]), heard + believed, columns, grid, tables)
            for a, b in zip(first, [*first[1:], grid.n_bars], strict=True)
        )
    )


def _stated(stated: KeyTrack | None, grid: Grid, bars: int) -> tuple[Floats, Floats]:
    """What the stated keys add to each bar's evidence, and how they ease a change."""
    believed, ease = np.zeros((grid.n_bars, KEYS)), np.ones(grid.n_bars)
    if stated is None:
        return believed, ease
    starts = np.array([change.tick for change in stated.changes], dtype=np.int64)
    which = np.searchsorted(starts, (grid.bars[:-1] + grid.bars[1:]) // 2, side="right") - 1
    for i, change in enumerate(stated.changes):
        inside = which == i
        scale, tonic, minor = _place(change.key)
        share = (BY_DEFAULT if len(starts) == 1 and (tonic, minor) == (0, 0) else 1.0) / max(1, int(inside.sum()))
        believed[inside] += share * (STATED_SCALE * (SCALE == scale))
        believed[inside] += share * (STATED_KEY * ((TONIC == tonic) & (MINOR == minor)))
    ease[1:] = np.where(np.diff(which) != 0, STATED_CHANGE, 1.0)
    return believed, ease


def _place(key: Key) -> tuple[int, int, int]:
    """The major tonic of a key's signature, its tonic, and 1 for a minor third."""
    return key.signature * 7 % 12, key.tonic.pc, int(not key.is_major_like)


def _span(
    first: int, last: int, key: int, heard: Floats, columns: BeatColumns, grid: Grid, tables: KeyTables
) -> KeySpan:
    total = heard[first:last].sum(axis=0)
    lead = total[key] - np.delete(total, key).max()
    slope = tables.surety[0] + tables.surety[1] * np.sign(lead) * np.log1p(abs(lead))
    beats = (grid.bar_of_beat >= first) & (grid.bar_of_beat < last)
    mode = _mode(columns.sound[beats].sum(axis=0), columns.bass[beats].sum(axis=0), int(TONIC[key]), bool(MINOR[key]))
    return KeySpan(
        Ticks(int(grid.bars[first]) if first else 0), _named(int(TONIC[key]), mode), float(1 / (1 + np.exp(-slope)))
    )


def _mode(sound: Floats, bass: Floats, tonic: int, minor: bool) -> str:
    """Dorian and mixolydian are named where the step that makes them is everywhere and the usual one is not."""
    share = np.roll(sound, -tonic) / max(1e-9, float(sound.sum()))
    modal, usual = (9, 8) if minor else (10, 11)
    # The raised seventh of a minor key would bring its raised sixth along: dorian has neither.
    clear = share[modal] >= MODAL_SHARE and share[modal] >= MODAL * share[usual] and not (minor and share[11] > share[10])
    plain = "minor" if minor else "major"
    return ("dorian" if minor else "mixolydian") if clear and bass.argmax() == tonic else plain


def _named(tonic: int, mode: str) -> Key:
    """The key of that sound with the fewest accidentals in its signature."""
    return Key.parse(f"C {mode}").transpose(tonic) if tonic else Key.parse(f"C {mode}")
