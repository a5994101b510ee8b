"""Fills: how near to what stood there, whether the controls were kept, whether anything else was touched."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Hashable, Iterable

import numpy as np

from engines.analysis.score import Bools, Grid, Ints, Notes

STRICT = 0.2
"""A strict match may differ in length by this share of the reference's length."""


def f1(hits: int, found: int, wanted: int) -> float:
    """2 · hits / (found + wanted); two empty lists agree."""
    return 2 * hits / (found + wanted) if found + wanted else 1.0


def _match(found: Iterable[Hashable], wanted: Iterable[Hashable]) -> float:
    a, b = Counter(found), Counter(wanted)
    return f1(sum((a & b).values()), sum(a.values()), sum(b.values()))


def note_f1(found: Notes, wanted: Notes) -> float:
    """F1 of (track, onset, pitch), each matched once, on the exact tick: quantise both to one grid beforehand."""
    return _match(_rows(found.track, found.start, found.pitch), _rows(wanted.track, wanted.start, wanted.pitch))


def note_f1_strict(found: Notes, wanted: Notes) -> float:
    """The same where the length must also be within 20 % of the reference's.

    Of several notes with one track, onset and pitch the shortest are matched first.
    """
    lengths: dict[Hashable, list[int]] = {}
    for key, length in sorted(_with_length(wanted)):
        lengths.setdefault(key, []).append(length)
    hits = 0
    for key, length in sorted(_with_length(found)):
        fits = [one for one in lengths.get(key, []) if abs(length - one) <= STRICT * one]
        if fits:
            lengths[key].remove(fits[0])
            hits += 1
    return f1(hits, len(found), len(wanted))


def onset_f1(found: Notes, wanted: Notes) -> float:
    """F1 of the moments (track, onset) at which something begins, each counted once however many notes begin there."""
    return _match(set(_rows(found.track, found.start)), set(_rows(wanted.track, wanted.start)))


def pc_f1(found: Notes, wanted: Notes) -> float:
    """F1 of (track, onset, pitch class), doublings counted."""
    a = _rows(found.track, found.start, found.pitch % 12)
    return _match(a, _rows(wanted.track, wanted.start, wanted.pitch % 12))


def note_f1_seconds(
    found: Iterable[tuple[float, int]], wanted: Iterable[tuple[float, int]], within: float = 0.05
) -> float:
    """F1 of (onset in seconds, pitch) where onsets may differ by `within`; each note is matched once, as many as can be."""
    rows = [sorted((pitch, onset) for onset, pitch in side) for side in (found, wanted)]
    hits = i = j = 0
    while i < len(rows[0]) and j < len(rows[1]):
        (a, x), (b, y) = rows[0][i], rows[1][j]
        if a == b and abs(x - y) <= within:
            hits, i, j = hits + 1, i + 1, j + 1
        elif (a, x) < (b, y):
            i += 1
        else:
            j += 1
    return f1(hits, len(rows[0]), len(rows[1]))


def _rows(*columns: Ints) -> list[tuple[int, ...]]:
    return list(zip(*(column.tolist() for column in columns), strict=True))


def _with_length(notes: Notes) -> list[tuple[tuple[int, ...], int]]:
    keys = _rows(notes.track, notes.start, notes.pitch)
    return list(zip(keys, (notes.end - notes.start).tolist(), strict=True))


def overlap(a: Ints, b: Ints) -> float:
    """Σ min(p, q) of the shares of each value in two lists; nan if one is empty."""
    if not len(a) or not len(b):
        return float("nan")
    p, q = Counter(a.tolist()), Counter(b.tolist())
    return sum(min(p[value] / len(a), q[value] / len(b)) for value in p)


def overlap_pitch(found: Notes, wanted: Notes) -> float:
    """Overlap of the two pitch distributions (SongMASS)."""
    return overlap(found.pitch, wanted.pitch)


def overlap_duration(found: Notes, wanted: Notes) -> float:
    """Overlap of the two distributions of lengths in ticks (SongMASS)."""
    return overlap(found.end - found.start, wanted.end - wanted.start)


def similarity(found: Notes, before: Notes) -> float:
    """1 - edit distance / size of the larger, over the sets of (track, onset, pitch); insert, delete and replace cost 1.

    Two empty sets are equal: 1.
    """
    a = set(_rows(found.track, found.start, found.pitch))
    b = set(_rows(before.track, before.start, before.pitch))
    return 1 - max(len(a - b), len(b - a)) / max(len(a), len(b)) if a or b else 1.0


def outside_mask_changes(after: Notes, before: Notes, grid: Grid, cells: Collection[tuple[int, int]]) -> int:
    """How many notes outside the mask came or went; `cells` are (track, bar from 0). Must be 0.

    A note belongs to the bar that it starts in, and any of its columns may differ: onset, end, pitch, velocity, drum.
    """
    a, b = (_outside(notes, grid, set(cells)) for notes in (after, before))
    return sum(((a - b) + (b - a)).values())


def _outside(notes: Notes, grid: Grid, cells: set[tuple[int, int]]) -> Counter[tuple[int, ...]]:
    bars = np.searchsorted(grid.bars, notes.start, side="right") - 1
    drum = notes.drum.astype(np.int64)
    rows = _rows(notes.track, notes.start, notes.end, notes.pitch, notes.velocity, drum)
    return Counter(row for row, bar in zip(rows, bars.tolist(), strict=True) if (row[0], bar) not in cells)


def control_adherence(asked: Ints, got: Ints, unspecified: int = -1) -> float:
    """The share of cells whose realised bucket is the one asked for; cells without a wish count neither way."""
    wished: Bools = asked != unspecified
    return float((asked == got)[wished].mean()) if wished.any() else float("nan")
