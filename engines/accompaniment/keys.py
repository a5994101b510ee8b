"""Which keys to strike: the best that keep the order of the notes, lie where they may and are in reach of both hands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from engines.accompaniment.donors import Harmony
from engines.accompaniment.grid import KEYS, LOWEST_KEY, Floats
from engines.accompaniment.hands import MUDDY, OPEN, REACH

Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Chord:
    """What is struck at one step."""

    step: int
    pitches: tuple[int, ...]
    """The donor's, rising, each once."""
    off: tuple[bool, ...]
    """Whether each of them is foreign to the donor's chord."""
    short: tuple[bool, ...]
    """Whether each of them may be foreign, although the donor's is not."""
    left: int
    """How many of them the left hand plays."""
    over: Harmony
    """The chord it has to belong to."""
    bass: bool
    """Whether the lowest has to be the bass of that chord."""


Keys = tuple[int, ...]
"""Keys of one chord, rising; 0 is the lowest A."""


def tones_of(chord: Harmony) -> int:
    """Everything that belongs to a chord, as bits; all of them where there is no chord."""
    return 0xFFF if chord.root < 0 else chord.tones | 1 << chord.bass


def belongs(pitch: int, chord: Harmony) -> bool:
    """Whether a pitch is a tone of a chord, or its bass."""
    return bool(tones_of(chord) >> pitch % 12 & 1)


def _passing(chord: Harmony) -> int:
    """Which tones may pass over a chord: all but a major third over a minor one, and the other way round."""
    thirds = [(chord.root + third) % 12 for third in (3, 4)]
    has = [chord.tones >> pc & 1 for pc in thirds]
    return 0xFFF & ~sum(1 << pc for pc, other in zip(thirds, reversed(has), strict=True) if other)


@lru_cache(maxsize=4096)
def _keys(bits: int) -> Bools:
    """Which keys have one of these pitch classes."""
    keys = np.array([bits >> (key + LOWEST_KEY) % 12 & 1 for key in range(KEYS)], dtype=np.bool_)
    keys.flags.writeable = False
    return keys


def as_donor(chord: Chord, row: Floats) -> Keys:
    """The best keys of which as many leave the chord, and in the same places, as the donor's."""
    return keys_for(row, chord, chord.off)


def as_model(chord: Chord, row: Floats) -> Keys:
    """The same, but short notes leave it as the model likes."""
    ways = {(True, True): True, (True, False): True, (False, True): None, (False, False): False}
    return keys_for(row, chord, [ways[each] for each in zip(chord.off, chord.short, strict=True)])


def keys_for(row: Floats, chord: Chord, foreign: Sequence[bool | None]) -> Keys:
    """The best keys for a chord; each of them foreign to it, or not, or (None) as the model likes. Nothing where that cannot be
    played.
    """
    own = _keys(tones_of(chord.over))
    passing = _keys(_passing(chord.over)) & ~own
    masks = [own if off is False else passing if off else own | passing for off in foreign]
    if chord.bass:
        masks[0] = _keys(1 << chord.over.bass)
    near = min([OPEN, *(b - a for a, b in pairwise(chord.pitches) if a < MUDDY)])
    found = rising(row, masks, near)
    for begin, end in ((0, chord.left), (chord.left, len(masks))):
        if found and begin < end:
            reach = max(REACH, chord.pitches[end - 1] - chord.pitches[begin])
            found = _in_reach(row, masks, found, range(begin, end), reach, near)
    return tuple(found)


def _in_reach(row: Floats, masks: list[Bools], found: list[int], hand: range, reach: int, near: int) -> list[int]:
    """The best keys for which one hand stays within its reach of its lowest key, or of its highest; nothing where none do. From
    then on the masks keep it there.
    """
    low, high = found[hand[0]], found[hand[-1]]
    ways = []
    for bottom in {low, high - reach} if high - low > reach else {low}:
        window = (np.arange(KEYS) >= bottom) & (np.arange(KEYS) <= bottom + reach)
        mine = [mask & window if i in hand else mask for i, mask in enumerate(masks)]
        keys = rising(row, mine, near) if high - low > reach else found
        if keys:
            ways.append((wanted(row, keys), bottom, mine, keys))
    if not ways:
        return []
    _, _, masks[:], keys = max(ways, key=lambda way: way[:2])
    return keys


def few(row: Floats, chord: Chord) -> Keys:
    """For a chord with too few tones for its hands: the keys of its bass and those near it that there are, the last for all the
    others.
    """
    own = _keys(tones_of(chord.over))
    lowest = int(np.where(_keys(1 << chord.over.bass) if chord.bass else own, row, -np.inf).argmax())
    within = [key for key in range(lowest, min(lowest + REACH + 1, KEYS)) if own[key] or key == lowest]
    return tuple(within[min(i, len(within) - 1)] for i in range(len(chord.pitches)))


def rising(row: Floats, masks: Sequence[Bools], near: int) -> list[int]:
    """The best rising keys, one out of each mask, low ones at least so far apart, or else as near as need be; nothing where
    there are none.
    """
    tables = [np.where(masks[0], row, -np.inf)]
    for mask in masks[1:]:
        tables.append(np.where(mask, row + _best_below(tables[-1], near), -np.inf))
    key = int(tables[-1].argmax())
    if tables[-1][key] == -np.inf:
        return rising(row, masks, 1) if near > 1 else []
    keys = [key]
    for table in reversed(tables[:-1]):
        below = table[:key].copy()
        below[max(key - near + 1, 0) : MUDDY - LOWEST_KEY] = -np.inf
        key = int(below.argmax())
        keys.append(key)
    return keys[::-1]


def _best_below(table: Floats, near: int) -> Floats:
    """For each key the best of those below it; low ones count from so far away on."""
    low, out = MUDDY - LOWEST_KEY, np.full(KEYS, -np.inf, dtype=np.float32)
    best = np.maximum.accumulate(table[:low])
    out[near : low + near] = best
    out[low + near :] = best[-1]
    out[low + 1 :] = np.maximum(out[low + 1 :], np.maximum.accumulate(table[low:-1]))
    return out


def wanted(row: Floats, keys: Sequence[int]) -> float:
    """How much the model wants some keys together."""
    return float(row[list(keys)].sum())


def wanted_beside(row: Floats, chord: Chord) -> float:
    """How much the model wants the best key that does not belong to a chord."""
    return float(row[~_keys(tones_of(chord.over))].max(initial=-np.inf))


def away(keys: Keys, chord: Chord) -> int:
    """How many keys are foreign to a chord."""
    return sum(not belongs(key + LOWEST_KEY, chord.over) for key in keys)
