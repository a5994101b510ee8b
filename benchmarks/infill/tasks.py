"""What is to be filled: windows of eight bars from songs that nothing learned from, with some cells hidden.

The tasks of a song follow from its id and the seed alone, so that they stay when other songs come or go.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np

from benchmarks.corpus import LENGTH, ONSET, PART, role_of, score_of
from engines.analysis.chord_bass import WITH_NINTH
from engines.analysis.chord_columns import BeatColumns
from engines.analysis.chord_tables import ChordTables
from engines.analysis.chords import read_chords
from engines.analysis.score import Bools, Ints
from engines.models.tokens import QUALITIES, STEP
from training.notes.pieces import Piece

BARS = 8
"""Bars of a window."""
KINDS = {"1 bar": 1, "2 bars": 2, "4 bars": 4, "all tracks": 1}
"""The masks, and how many bars each hides: of one part, or of all."""
PARTS = 3
"""At most so many parts of a song are hidden for one bar, each in a window of its own."""
FEWEST = 3
"""Notes that a hidden bar has at least: with fewer, chance decides between a score of 0 and of 1."""
TRIES = 30
TABLES = Path(__file__).parents[2] / "presets" / "analysis" / "chords.json"
_PLAIN = {ninth: plain for plain, ninth in WITH_NINTH.items()}


@dataclass(frozen=True)
class Task:
    """What a filler is given."""

    id: str
    """Archive, song, mask, part and bars."""
    kind: str
    """One of KINDS."""
    role: str
    """What is hidden: a part's role, or `all`."""
    window: Piece
    """Eight bars from step 0 on, without the notes that are hidden. Its chords are heard anew from what is left."""
    hidden: tuple[tuple[int, int], ...]
    """(part, bar of the window) of every cell to fill, by bar."""

    @cached_property
    def bars(self) -> tuple[int, ...]:
        """The bars with hidden cells."""
        return tuple(sorted({bar for _, bar in self.hidden}))

    @cached_property
    def parts(self) -> tuple[int, ...]:
        """The parts with hidden cells."""
        return tuple(sorted({part for part, _ in self.hidden}))

    def is_hidden(self, notes: Ints) -> Bools:
        """Which rows of notes lie in hidden cells."""
        return _inside(notes, self.window.bars, self.hidden)


@dataclass(frozen=True)
class Exercise:
    """A task and what stood there, which no filler sees."""

    song: str
    """Archive and id."""
    task: Task
    answer: Ints
    """The hidden notes, in the columns of a piece."""


class Ear:
    """Hears the chords of what is left of a window."""

    def __init__(self) -> None:
        self._tables = ChordTables.from_json(TABLES.read_text(encoding="utf-8"))

    def chords(self, window: Piece) -> Ints:
        """As a piece keeps them: (onset, root, quality) of every change."""
        score = score_of(window)
        if not len(score.notes.pitched):
            return np.zeros((0, 3), dtype=np.int64)
        heard = read_chords(BeatColumns.of(score), score.grid, self._tables)
        names = [_PLAIN.get(name, name) for name in heard.quality]
        quality = np.array([QUALITIES.index(name) for name in names], dtype=np.int64)
        table = np.stack([heard.beats[:-1] // STEP, heard.root, np.where(heard.root < 0, -1, quality)], axis=1)
        new = np.concatenate([[True], (np.diff(table[:, 1:], axis=0) != 0).any(axis=1)])
        return np.asarray(table[new])


def exercises(pieces: Iterable[Piece], *, seed: int = 1, parts: int = PARTS) -> Iterator[Exercise]:
    """The tasks of these pieces: for each kind of mask one a song, for one bar of one part one for each of `parts` parts."""
    ear = Ear()
    for piece in pieces:
        for kind in KINDS:
            for hidden_parts in _chosen_parts(piece, kind, seed, parts):
                found = _exercise(piece, kind, hidden_parts, seed, ear)
                if found is not None:
                    yield found


def _chance(piece: Piece, seed: int, *words: object) -> np.random.Generator:
    text = ":".join(map(str, (seed, piece.archive, piece.id, *words)))
    return np.random.default_rng(int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big"))


def _chosen_parts(piece: Piece, kind: str, seed: int, most: int) -> list[tuple[int, ...]]:
    everyone = np.arange(len(piece.parts))
    if kind == "all tracks":
        return [tuple(everyone.tolist())] if len(everyone) > 1 else []
    order = _chance(piece, seed, kind).permutation(everyone)[: most if kind == "1 bar" else 1]
    return [(part,) for part in sorted(order.tolist())]


def _exercise(piece: Piece, kind: str, parts: tuple[int, ...], seed: int, ear: Ear) -> Exercise | None:
    """A window of the song, and bars in it that have a bar before them, with notes in every hidden bar."""
    bars, length = len(piece.bars) - 1, KINDS[kind]
    rng = _chance(piece, seed, kind, *parts)
    own = piece.notes[np.isin(piece.notes[:, PART], parts)]
    played = np.bincount(np.searchsorted(piece.bars, own[:, ONSET], side="right") - 1, minlength=bars) >= FEWEST
    for _ in range(TRIES if bars >= BARS else 0):
        first, start = int(rng.integers(0, bars - BARS + 1)), int(rng.integers(1, BARS - length + 1))
        if played[first + start : first + start + length].all():
            hidden = tuple((part, bar) for bar in range(start, start + length) for part in parts)
            name = ":".join(map(str, (piece.archive, piece.id, kind, parts[0], first + start + 1)))
            role = "all" if kind == "all tracks" else role_of(piece.archive, piece.parts[parts[0]])
            window = cut(piece, first, BARS)
            inside = _inside(window.notes, window.bars, hidden)
            left = replace(window, notes=window.notes[~inside])
            left = replace(left, chords=ear.chords(left))
            return Exercise(f"{piece.archive}:{piece.id}", Task(name, kind, role, left, hidden), window.notes[inside])
    return None


def cut(piece: Piece, first: int, bars: int) -> Piece:
    """Some bars of a piece, moved to step 0: the notes that begin there, cut at the end, and chords and keys of the time."""
    lines = piece.bars[first : first + bars + 1]
    begin, end = int(lines[0]), int(lines[-1])
    notes = piece.notes[(piece.notes[:, ONSET] >= begin) & (piece.notes[:, ONSET] < end)].copy()
    notes[:, LENGTH] = np.minimum(notes[:, LENGTH], end - notes[:, ONSET])
    notes[:, ONSET] -= begin
    return replace(
        piece, notes=notes, bars=lines - begin, chords=_cut(piece.chords, begin, end), keys=_cut(piece.keys, begin, end)
    )


def _cut(changes: Ints, begin: int, end: int) -> Ints:
    """Changes between two moments, with what holds already at the first."""
    now = np.searchsorted(changes[:, 0], begin, side="right") - 1
    found = changes[max(now, 0) :]
    found = found[found[:, 0] < end].copy()
    found[:, 0] = np.maximum(found[:, 0] - begin, 0)
    return found


def _inside(notes: Ints, lines: Ints, cells: Iterable[tuple[int, int]]) -> Bools:
    bar = np.searchsorted(lines, notes[:, ONSET], side="right") - 1
    wanted = np.array([part * 1000 + bar for part, bar in cells])
    return np.asarray(np.isin(notes[:, PART] * 1000 + bar, wanted))
