"""Key finding: what a piece is in, and where it goes somewhere else.

Every bar is judged with the bars around it by what sounds, what is on top, what lies lowest and which chords there are; a
search over the whole piece then lets the key change only where enough bars ask for it. What the file states is evidence.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from engines.analysis.chord_columns import BeatColumns
from engines.analysis.chords import ChordReading
from engines.analysis.key_rows import bar_rows
from engines.analysis.key_search import KEYS, MINOR, SIGNATURE, TONIC, best_path, likelihood, settled
from engines.analysis.key_tables import KeyTables
from engines.analysis.score import Bools, Floats, Grid, Ints
from engines.api import KeySpan
from engines.music.harmony import Key, KeyChange, KeyTrack, Mode, Spelling
from engines.music.time import Ticks

__all__ = ["KeyReading", "KeyTables", "find_keys"]

STATED_SCALE, STATED_KEY = 0.5, 0.3
"""What a stated key counts in each bar: so much for its scale, so much more for its very tonic and mode."""
BY_DEFAULT = 0.2
"""How far a lone C major is believed: it is what programs write when nobody has said anything."""
STATED_CHANGE = 0.4
"""What is left of the cost of a change where the file states one."""
MODAL = 4.0
"""For a modal name the modal sixth or seventh sounds at least so many times as long as the usual one …"""
MODAL_SHARE = 0.03
"""… and fills at least this share of the music."""


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
    """Hear the keys of a piece. What the file states is evidence, no more; where nothing sounds it is all there is."""
    rows, sounding = bar_rows(columns, chords, grid)
    if not sounding.any():
        key = stated.at(0) if stated is not None else _name(0, Mode.MAJOR)
        return KeyReading((KeySpan(Ticks(0), key, 0.0),))
    heard = tables.trust * likelihood(rows, tables)
    believed, ease = _stated(stated, grid)
    heard = np.where(sounding[:, None], heard + believed, 0.0)
    path = settled(best_path(heard, tables, ease), sounding)
    return KeyReading(tuple(_spans(path, heard, columns, grid, tables, stated)))


def _stated(stated: KeyTrack | None, grid: Grid) -> tuple[Floats, Floats]:
    """[bars, KEYS]: what the stated keys add, and [bars]: how they ease a change."""
    believed, ease = np.zeros((grid.n_bars, KEYS)), np.ones(grid.n_bars)
    if stated is None:
        return believed, ease
    starts = np.array([change.tick for change in stated.changes], dtype=np.int64)
    which = np.searchsorted(starts, (grid.bars[:-1] + grid.bars[1:]) // 2, side="right") - 1
    for i, change in enumerate(stated.changes):
        signature, tonic, minor = change.key.signature * 7 % 12, change.key.tonic.pc, not change.key.is_major_like
        lone_default = len(starts) == 1 and (signature, minor) == (0, False)
        row = STATED_SCALE * (signature == SIGNATURE) + STATED_KEY * ((tonic == TONIC) & (minor == MINOR))
        believed[which == i] = row * (BY_DEFAULT if lone_default else 1.0)
    ease[1:] = np.where(np.diff(which) != 0, STATED_CHANGE, 1.0)
    return believed, ease


def _spans(
    path: Ints, heard: Floats, columns: BeatColumns, grid: Grid, tables: KeyTables, stated: KeyTrack | None
) -> list[KeySpan]:
    starts = np.concatenate([[0], np.flatnonzero(np.diff(path)) + 1, [len(path)]]).tolist()
    out = []
    for begin, end in pairwise(starts):
        state = int(path[begin])
        total = heard[begin:end].sum(axis=0)
        sure = tables.confidence(float(total[state] - np.delete(total, state).max()))
        beats = (grid.bar_of_beat >= begin) & (grid.bar_of_beat < end)
        mode = _mode(columns, beats, int(TONIC[state]), bool(MINOR[state]))
        written = None if stated is None else stated.at(int(grid.bars[begin]))
        out.append(KeySpan(Ticks(int(grid.bars[begin])), _name(int(TONIC[state]), mode, written), sure))
    return out


def _mode(columns: BeatColumns, beats: Bools, tonic: int, minor: bool) -> Mode:
    """Major or minor; dorian or mixolydian where the step that makes it is everywhere and the usual one is hardly heard."""
    sound = np.roll(columns.sound[beats].sum(axis=0), -tonic)
    bass = np.roll(columns.bass[beats].sum(axis=0), -tonic)
    modal, usual = (9, 8) if minor else (10, 11)
    clear = sound[modal] >= max(MODAL * sound[usual], MODAL_SHARE * sound.sum()) and bass.argmax() == 0
    # A leading tone brings the raised sixth along in plain minor: dorian has none.
    if clear and not (minor and sound[11] > sound[10]):
        return Mode.DORIAN if minor else Mode.MIXOLYDIAN
    return Mode.MINOR if minor else Mode.MAJOR


def _name(pc: int, mode: Mode, stated: Key | None = None) -> Key:
    """A key as the file names it, if it states this one; otherwise with the fewest accidentals in its signature.

    Six flats go before six sharps, as pop music writes them.
    """
    if stated is not None and (stated.tonic.pc, stated.mode) == (pc, mode):
        return stated
    from_tonic = Key(Spelling("C"), mode).signature
    names = (Spelling.from_fifths(signature - from_tonic) for signature in range(-6, 6))
    return Key(next(name for name in names if name.pc == pc), mode)
