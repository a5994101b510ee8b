"""Chord recognition: what harmony sounds on every felt beat, from the notes alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from engines.analysis.chord_bass import WITH_NINTH, find_bass, find_ninths
from engines.analysis.chord_columns import BeatColumns
from engines.analysis.chord_context import metric_class, pitch_rows, plain_rows
from engines.analysis.chord_search import emission, search
from engines.analysis.chord_tables import ChordTables
from engines.analysis.score import Bools, Floats, Grid, Ints, Score
from engines.music.harmony import NO_CHORD, Chord, ChordChange, ChordTrack, Key, KeyTrack
from engines.music.time import Ticks

NO_ROOT = -1
SPEAKS = np.float32(4.0)
"""What "no chord" loses where a bar has three tones or more. Annotators leave out thin introductions; a player would not."""


@dataclass(frozen=True)
class ChordReading:
    """The chord of every felt beat."""

    beats: Ints
    """The grid's beats, the closing line included."""
    root: Ints
    """Pitch class; -1 for no chord."""
    quality: tuple[str, ...]
    """As chord symbols write it after the root; empty for a major triad and for no chord."""
    bass: Ints
    """Pitch class of the lowest tone; -1 for no chord."""
    confidence: Floats
    """0 to 1: how probable the chord is in view of the whole piece. A beat without notes says nothing: 0."""

    @classmethod
    def of(cls, track: ChordTrack, grid: Grid) -> ChordReading:
        """Chords that are known already, beat by beat: what sounds in the middle of each beat."""
        chords = [track.at(tick) for tick in ((grid.beats[:-1] + grid.beats[1:]) // 2).tolist()]
        roots = np.array([NO_ROOT if chord.root_pc is None else chord.root_pc for chord in chords], dtype=np.int64)
        basses = np.array([NO_ROOT if chord.bass_pc is None else chord.bass_pc for chord in chords], dtype=np.int64)
        return cls(grid.beats, roots, tuple(chord.quality for chord in chords), basses, np.ones(len(chords)))

    @cached_property
    def third(self) -> Ints:
        """The third of each beat's chord: 4 major, 3 minor, 0 for neither."""
        thirds = {name: Chord.parse(f"C{name}").third or 0 for name in set(self.quality)}
        table = np.array([thirds[name] for name in self.quality], dtype=np.int64)
        return np.where(self.root < 0, 0, table)

    def track(self, keys: KeyTrack) -> ChordTrack:
        """The same as chord changes, with roots named as the key of the moment names them."""
        changes: list[ChordChange] = []
        for i, tick in enumerate(self.beats[:-1].tolist()):
            if i and self._same(i - 1, i):
                continue
            chord = self._chord(i, keys.at(tick))
            if changes or not chord.is_none:
                changes.append(ChordChange(Ticks(tick), chord))
        return ChordTrack(tuple(changes), Ticks(int(self.beats[-1])) if changes else None)

    def _same(self, a: int, b: int) -> bool:
        return bool(
            self.root[a] == self.root[b] and self.quality[a] == self.quality[b] and self.bass[a] == self.bass[b]
        )

    def _chord(self, beat: int, key: Key) -> Chord:
        if self.root[beat] < 0:
            return NO_CHORD
        chord = Chord.parse(f"{key.spell(int(self.root[beat]))}{self.quality[beat]}")
        bass = int(self.bass[beat])
        name = next((tone for tone in chord.spelled_tones if tone.pc == bass), key.spell(bass))
        return Chord(chord.root, chord.degrees, name)


def recognise_chords(score: Score, tables: ChordTables, *, weights: Sequence[float] | None = None) -> ChordReading:
    """The likeliest chord of each felt beat.

    `weights` says for each track how much it speaks for the harmony: 1 for accompaniment, less for a melody. Drums are
    never heard. Short silences keep the chord before them, silences of more than a bar have none.
    """
    return read_chords(BeatColumns.of(score, weights), score.grid, tables)


def read_chords(columns: BeatColumns, grid: Grid, tables: ChordTables) -> ChordReading:
    """The same from columns that are there already."""
    q = len(tables.qualities)
    sounding = columns.is_sounding
    state = np.full(grid.n_beats, 12 * q)
    confidence = np.zeros(grid.n_beats)
    if sounding.any():
        pitch, plain = pitch_rows(columns, grid)[sounding], plain_rows(columns, grid)[sounding]
        scores = emission(tables, pitch, plain)
        scores[_names_a_chord(columns, grid)[sounding], -1] -= SPEAKS
        found, sure = search(tables, scores, metric_class(grid)[sounding])
        state, confidence[sounding] = _carried(found, sounding, grid, 12 * q), sure
    root = np.where(state == 12 * q, NO_ROOT, state // q)
    quality = np.where(root < 0, 0, state % q)
    names = _names(tables, root, quality, find_ninths(columns, grid, root, quality))
    return ChordReading(grid.beats, root, names, find_bass(tables, columns, grid, root, quality), confidence)


def _names_a_chord(columns: BeatColumns, grid: Grid) -> Bools:
    """For each beat whether its bar has tones enough for a triad."""
    bar = grid.bar_of_beat
    tones = np.zeros((grid.n_bars, 12), dtype=np.bool_)
    np.logical_or.at(tones, bar, columns.sound > 0)
    return np.asarray(tones.sum(axis=1)[bar] >= 3)


def _carried(found: Ints, sounding: Bools, grid: Grid, none: int) -> Ints:
    """The states of all beats from those of the sounding ones."""
    last = np.maximum.accumulate(np.where(sounding, np.arange(len(sounding)), -1))
    order = np.cumsum(sounding) - 1
    state = np.where(last < 0, none, found[np.maximum(order, 0)])
    edges = np.flatnonzero(np.diff(np.concatenate([[False], ~sounding, [False]]).astype(np.int8)))
    per_bar = np.bincount(grid.bar_of_beat)
    for begin, end in edges.reshape(-1, 2).tolist():
        if end - begin > per_bar[grid.bar_of_beat[begin]]:
            state[begin:end] = none
    return state


def _names(tables: ChordTables, root: Ints, quality: Ints, ninth: Bools) -> tuple[str, ...]:
    rich = [WITH_NINTH.get(name, name) for name in tables.qualities]
    names = np.array([tables.qualities, rich, [""] * len(rich)])
    return tuple(names[np.where(root < 0, 2, ninth), quality].tolist())
