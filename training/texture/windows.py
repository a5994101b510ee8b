"""Pairs of bars to learn texture from, in small tables that stay in memory.

A piece gives its accompaniment: what the melody does not play. Every bar that fits the grid of sixteenths is kept once; a
window is any two of them in a row.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from engines.accompaniment.borrowing import hands
from engines.accompaniment.grid import KEYS, LONGEST_BAR, LOWEST_KEY, SHORTEST_BAR, STEP
from engines.accompaniment.voicing import BASS_BELOW
from engines.models.tokens import QUALITIES, STEPS
from engines.music.chords import Chord
from engines.music.notes import Note
from engines.music.time import Ticks
from training.notes.pieces import SOURCES, Part, Piece

Ints = npt.NDArray[np.int64]

FINE = STEPS * STEP // 960
"""Steps of a piece's grid in a sixteenth."""
KEYBOARDS = ("pop909", "openscore_lieder", "mutopia_pd")
BANDS = {source.archive for source in SOURCES} - set(KEYBOARDS)
"""Collections whose keyboards have the tune as often as not."""
LEFT_HANDS = ("lower", "down", "pianodown", "lh", "left")
"""How editions for two hands name the left one. The right one has the melody."""
FEWEST_NOTES = 4
KNOWN = 0.5
"""The share of a window that must have a chord."""
CLEAR_BASS = 0.6
"""A bass that is no tone of its chord must be the lowest note for this share of it."""
TONES = np.array([Chord.parse(f"C{quality}").chroma for quality in QUALITIES])


@dataclass(frozen=True)
class Table:
    """Bars one after another, piece by piece, and the windows among them."""

    steps: Ints
    """[bars]: how long each is; 0 for one that does not fit the grid."""
    note_end: Ints
    """[bars + 1]: where the notes of each begin, and the end of all."""
    step_end: Ints
    """[bars + 1]: the same for its steps."""
    notes: npt.NDArray[np.uint8]
    """[notes, (step in its bar, key, length in steps, hand)]."""
    roots: npt.NDArray[np.int8]
    """[steps]: pitch class, -1 for no chord."""
    tones: npt.NDArray[np.int16]
    """[steps]: the chord's pitch classes as bits."""
    basses: npt.NDArray[np.int8]
    """[steps]: pitch class, -1 for no chord."""
    windows: Ints
    """[windows]: the first bar of each."""
    origins: tuple[str, ...]
    """Archive and id of each piece."""
    piece: Ints
    """[bars]: which piece each belongs to."""
    keys: npt.NDArray[np.int8]
    """[bars]: tonic, and 12 more in minor; -1 where it is not known."""


def accompaniment(piece: Piece) -> tuple[int, ...]:
    """Which parts accompany."""
    if piece.archive in BANDS:
        return ()
    return tuple(i for i, part in enumerate(piece.parts) if _accompanies(piece.archive, part))


def _accompanies(archive: str, part: Part) -> bool:
    if part.drum or part.program > 7:
        return False
    if archive == "mutopia_pd":
        return part.name.split(":")[0].lower() in LEFT_HANDS
    return part.name != "MELODY" and not part.name.startswith(("VOICE", "PART"))


def tabulated(pieces: Iterable[Piece]) -> Table:
    """The accompaniments of pieces."""
    bars: list[_Bars] = []
    names: list[str] = []
    for piece in pieces:
        mine = accompaniment(piece)
        if mine:
            bars.append(_bars(piece, mine))
            names.append(f"{piece.archive}/{piece.id}")
    if not bars:
        raise SystemExit("None of these pieces has an accompaniment to learn from: no keyboard beside the melody.")
    steps = np.concatenate([each.steps for each in bars])
    counts = np.concatenate([each.counts for each in bars])
    chords = np.concatenate([each.chords for each in bars])
    piece_of = np.repeat(np.arange(len(bars)), [len(each.steps) for each in bars])
    note_end, step_end = (np.concatenate([[0], np.cumsum(n)]) for n in (counts, steps))
    known = np.concatenate([[0], np.cumsum(chords[:, 0] >= 0)])[step_end]
    first = np.arange(len(steps) - 1)
    fits = (steps[first] > 0) & (steps[first + 1] > 0) & (piece_of[first] == piece_of[first + 1])
    fits &= (note_end[first + 2] - note_end[first] >= FEWEST_NOTES) & (counts[first] > 0)
    fits &= known[first + 2] - known[first] >= KNOWN * (steps[first] + steps[first + 1])
    return Table(
        steps, note_end, step_end, np.concatenate([each.notes for each in bars]).astype(np.uint8),
        chords[:, 0].astype(np.int8), chords[:, 1].astype(np.int16), chords[:, 2].astype(np.int8),
        first[fits], tuple(names), piece_of, np.concatenate([each.keys for each in bars]).astype(np.int8),
    )  # fmt: skip


@dataclass(frozen=True)
class _Bars:
    """The bars of one piece."""

    steps: Ints
    counts: Ints
    notes: Ints
    chords: Ints
    keys: Ints


def _bars(piece: Piece, parts: Sequence[int]) -> _Bars:
    notes = piece.notes[np.isin(piece.notes[:, 0], parts)]
    notes = notes[(notes[:, 4] >= LOWEST_KEY) & (notes[:, 4] < LOWEST_KEY + KEYS)]
    spans = list(pairwise(piece.bars.tolist()))
    steps = np.array([_steps(end - begin) for begin, end in spans])
    # A note that lies nearer to the next bar line than to any step before it belongs to the next bar.
    onset = notes[:, 1] + FINE // 2
    bar = np.clip(np.searchsorted(piece.bars, onset, side="right") - 1, 0, len(spans) - 1)
    step = (onset - piece.bars[bar]) // FINE
    length = np.clip((notes[:, 3] + FINE // 2) // FINE, 1, 255)
    kept = (step >= 0) & (step < steps[bar])
    rows = np.stack([bar, step, notes[:, 4] - LOWEST_KEY, length, _hands(piece, notes)], axis=1)[kept]
    rows = rows[np.lexsort((-rows[:, 3], rows[:, 2], rows[:, 1], rows[:, 0]))]
    if len(rows):  # of two notes on one key the longer stays
        rows = rows[np.concatenate([[True], (np.diff(rows[:, :3], axis=0) != 0).any(axis=1)])]
    counts = np.bincount(rows[:, 0], minlength=len(spans))
    return _Bars(steps, counts, rows[:, 1:], _chords(piece, notes, spans, steps), _keys(piece, spans))


def _hands(piece: Piece, notes: Ints) -> Ints:
    """Who plays each note: as its part is called, or as its pitch suggests."""
    out = np.zeros(len(notes), dtype=np.int64)
    for part in np.unique(notes[:, 0]).tolist():
        mine = np.flatnonzero(notes[:, 0] == part)
        played = [
            Note(Ticks(onset * STEP // FINE), Ticks(1), pitch) for onset, pitch in notes[mine][:, [1, 4]].tolist()
        ]
        out[mine] = hands(piece.parts[part].name, played)
    return out


def _keys(piece: Piece, spans: list[tuple[int, int]]) -> Ints:
    """The key of every bar."""
    if not len(piece.keys):
        return np.full(len(spans), -1)
    which = np.searchsorted(piece.keys[:, 0], [begin for begin, _ in spans], side="right") - 1
    tonic, minor = piece.keys[np.maximum(which, 0), 1:].T
    keys: Ints = tonic + 12 * minor
    return keys


def _steps(length: int) -> int:
    steps = length // FINE
    return steps if length % FINE == 0 and SHORTEST_BAR <= steps <= LONGEST_BAR else 0


def _chords(piece: Piece, notes: Ints, spans: list[tuple[int, int]], steps: Ints) -> Ints:
    """Root, tones and bass [steps, 3] of every step of bars that fit the grid."""
    times = np.concatenate([np.arange(0, dtype=np.int64), *(begin + FINE * np.arange(n) for (begin, _), n in
                            zip(spans, steps.tolist(), strict=True))])  # fmt: skip
    if not len(piece.chords) or not len(times):
        return np.tile(np.array([-1, 0, -1]), (len(times), 1))
    which = np.searchsorted(piece.chords[:, 0], times + FINE // 2, side="right") - 1
    root, quality = np.where(which[:, None] >= 0, piece.chords[which, 1:], -1).T
    tones = np.where(root >= 0, _turned(TONES[quality], root), 0)
    bar = np.repeat(np.arange(len(steps)), steps)
    new = np.concatenate([[True], (np.diff(which) != 0) | (np.diff(bar) != 0)])
    bass = _basses(_lowest(notes, times), np.cumsum(new) - 1, root[new], tones[new])
    return np.stack([root, tones, bass], axis=1)


def _turned(bits: Ints, by: Ints) -> Ints:
    turned: Ints = ((bits << by) | (bits >> (12 - by))) & 0xFFF
    return turned


def _lowest(notes: Ints, times: Ints) -> Ints:
    """The lowest pitch that sounds at each time; 128 for silence."""
    out = np.full(len(times), 128)
    begin = np.searchsorted(times, notes[:, 1] - FINE // 2)
    end = np.maximum(np.searchsorted(times, notes[:, 1] + notes[:, 3] - FINE // 2), begin + 1)
    for at in np.argsort(-notes[:, 4], kind="stable").tolist():
        out[begin[at] : end[at]] = notes[at, 4]
    return out


def _basses(lowest: Ints, stretch: Ints, root: Ints, tones: Ints) -> Ints:
    """The bass of each step, from what is lowest for longest while the chord lasts, bar by bar."""
    heard = np.zeros((len(root), 12))
    low = lowest < BASS_BELOW
    np.add.at(heard, (stretch[low], lowest[low] % 12), 1.0)
    share = heard / np.maximum(np.bincount(stretch, minlength=len(root)), 1)[:, None]
    best = share.argmax(axis=1)
    at = np.arange(len(root))
    good = (share[at, best] > 0) & ((tones >> best & 1 == 1) | (share[at, best] >= CLEAR_BASS))
    bass = np.where(root < 0, -1, np.where(good, best, root))
    out: Ints = bass[stretch]
    return out


def apart(table: Table) -> Iterator[int]:
    """Windows that do not overlap."""
    taken = -1
    for first in table.windows.tolist():
        if first > taken:
            yield first
            taken = first + 1
