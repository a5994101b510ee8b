"""Finding pieces that share their melodies, whatever their key and tempo.

A voice is the top line of one track. Every run of twelve of its notes (intervals and the ratios of neighbouring time
steps) and every run of eighteen (intervals alone, for editions that disagree on rhythm) is hashed into a shingle; two
pieces that share many shingles which few others have are two editions of one piece.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Hashes = npt.NDArray[np.uint64]
Ints = npt.NDArray[np.int64]

RHYTHMIC, MELODIC = 12, 18
"""Notes in a shingle with and without rhythm."""
COMMON, RARE = 40, 6
"""A shingle that more works than COMMON have is a commonplace (a scale, an Alberti bass) and proves nothing; one that
at most RARE have is strong evidence. Some files of the archives are there a dozen times, so COMMON cannot be small."""
FEWEST = 12
"""Shared shingles below this number are chance."""
SHARE, MANY = 0.12, 60
"""Two pieces are one when they share this part of the shorter one's shingles, or this many rare ones."""

_RNG = np.random.default_rng(20240229)
_WEIGHTS = _RNG.integers(1, 2**63, size=64, dtype=np.uint64) | np.uint64(1)


@dataclass(frozen=True)
class Likeness:
    """Two pieces and what they share."""

    a: str
    b: str
    shared: int
    """Shingles that both have, commonplaces apart."""
    share: float
    """The same as a part of the shorter piece's shingles."""


def shingles(voices: Sequence[tuple[Ints, Ints]]) -> Hashes:
    """The distinct shingles of a piece, given (onset, pitch) columns for each track."""
    found = [hashes for onset, pitch in voices for hashes in _voice_shingles(*_top_line(onset, pitch))]
    return np.unique(np.concatenate(found)) if found else np.empty(0, dtype=np.uint64)


def _top_line(onset: Ints, pitch: Ints) -> tuple[Ints, Ints]:
    order = np.lexsort((-pitch, onset))
    onset, pitch = onset[order], pitch[order]
    first = np.ones(len(onset), dtype=bool)
    first[1:] = onset[1:] != onset[:-1]
    return onset[first], pitch[first]


def _voice_shingles(onset: Ints, pitch: Ints) -> list[Hashes]:
    if len(pitch) < RHYTHMIC:
        return []
    intervals = np.diff(pitch)
    steps = np.diff(onset).astype(float)
    ratios = np.clip(np.rint(np.log2(steps[1:] / steps[:-1])), -3, 3).astype(np.int64)
    found = [_hash(intervals, RHYTHMIC - 1, ratios)]
    if len(pitch) >= MELODIC:
        found.append(_hash(intervals, MELODIC - 1, None))
    return found


def _hash(intervals: Ints, length: int, ratios: Ints | None) -> Hashes:
    windows = np.lib.stride_tricks.sliding_window_view(intervals, length)
    keep = _is_telling(windows)
    with np.errstate(over="ignore"):
        total = ((windows + 128).astype(np.uint64) * _WEIGHTS[:length]).sum(axis=1, dtype=np.uint64)
        if ratios is not None:
            beside = np.lib.stride_tricks.sliding_window_view(ratios, length - 1)
            total += ((beside + 8).astype(np.uint64) * _WEIGHTS[32 : 31 + length]).sum(axis=1, dtype=np.uint64)
        total ^= total >> np.uint64(29)
        total *= np.uint64(0xBF58476D1CE4E5B9)
        total ^= total >> np.uint64(32)
    kept: Hashes = total[keep]
    return kept


def _is_telling(windows: Ints) -> npt.NDArray[np.bool_]:
    """Neither a run of few intervals nor a figure that repeats itself."""
    ordered = np.sort(windows, axis=1)
    telling: npt.NDArray[np.bool_] = (np.diff(ordered, axis=1) != 0).sum(axis=1) >= 3
    for period in range(1, 7):
        telling &= (windows[:, period:] != windows[:, :-period]).sum(axis=1) >= 2
    return telling


def alike(pieces: Mapping[str, Hashes], work_of: Mapping[str, str]) -> list[Likeness]:
    """Pairs of pieces of different works that are near-duplicates, most alike first."""
    names = sorted(pieces)
    works = {work: i for i, work in enumerate(sorted(set(work_of.values())))}
    owner = np.repeat(np.arange(len(names)), [len(pieces[name]) for name in names])
    hashes = np.concatenate([pieces[name] for name in names])
    work = np.array([works[work_of[name]] for name in names])[owner]
    order = np.lexsort((owner, hashes))
    hashes, owner, work = hashes[order], owner[order], work[order]
    starts = np.flatnonzero(np.r_[True, hashes[1:] != hashes[:-1]])
    sizes = np.diff(np.r_[starts, len(hashes)])
    counts: dict[tuple[int, int], int] = {}
    rare: dict[tuple[int, int], int] = {}
    for start, size in zip(starts[sizes > 1].tolist(), sizes[sizes > 1].tolist(), strict=True):
        here, theirs = owner[start : start + size].tolist(), work[start : start + size].tolist()
        spread = len(set(theirs))
        if not 2 <= spread <= COMMON:
            continue
        for i, j in itertools.combinations(range(size), 2):
            if theirs[i] != theirs[j]:
                pair = here[i], here[j]
                counts[pair] = counts.get(pair, 0) + 1
                if spread <= RARE:
                    rare[pair] = rare.get(pair, 0) + 1
    out = []
    for (i, j), shared in counts.items():
        share = shared / min(len(pieces[names[i]]), len(pieces[names[j]]))
        if shared >= FEWEST and (share >= SHARE or rare.get((i, j), 0) >= MANY):
            out.append(Likeness(names[i], names[j], shared, share))
    return sorted(out, key=lambda pair: (-pair.share, pair.a, pair.b))


class Groups:
    """Union-find over names; a group is known by its smallest member."""

    def __init__(self) -> None:
        self._parent: dict[str, str] = {}

    def find(self, name: str) -> str:
        """The smallest name of the group."""
        root = name
        while (above := self._parent.get(root, root)) != root:
            root = above
        while name != root:
            name, self._parent[name] = self._parent.get(name, root), root
        return root

    def join(self, a: str, b: str) -> None:
        """Make two groups one."""
        low, high = sorted((self.find(a), self.find(b)))
        self._parent[high] = low
