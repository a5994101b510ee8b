"""The candidates for a phrase of the song, and what a candidate is like beside how it fits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from engines.accompaniment.features import BINS, STRUCK, Floats, Ints
from engines.accompaniment.pack import Pack

ANY, ENERGY = "any", "energy:"
"""The word of donors that suit any song, and how words begin that say how full a donor is."""

STEADY, AROUND = 0.88, 0.06
"""How steady people's accompaniments are: half of them lie about so near to it."""


@dataclass(frozen=True)
class Field:
    """Everything that a phrase could borrow; for its returns it is the same, in the same order."""

    pack: Ints
    bar: Ints
    turn: Ints
    fitness: Floats
    worth: Floats
    """Fitness with everything that speaks for or against."""
    donor: Ints
    """Which piece it is from, counted over all packs."""
    runs: npt.NDArray[np.bool_]
    """Whether its donor has a before and an after; patterns have none."""

    def only(self, rows: Ints) -> Self:
        """Some of them."""
        return type(self)(*(getattr(self, name)[rows] for name in self.__dataclass_fields__))


@dataclass(frozen=True)
class Pool(Field):
    """Those that are looked at closely: what they sound like is too much to keep for all."""

    head: Floats
    tail: Floats
    """[candidates, texture]: what it begins and ends like, in whole numbers."""
    words: Floats
    """[candidates, words]: what its donor is like."""


class Steadiness:
    """How much the rhythm of a phrase stays the same from bar to bar: the share of places in the bar that agree."""

    def __init__(self, pack: Pack) -> None:
        struck = pack.columns["bar_texture"].reshape(-1, pack.card.texture)[:, STRUCK].reshape(-1, 2, BINS) > 0
        either: npt.NDArray[np.bool_] = np.asarray(struck.any(axis=1))
        agree = (either[1:] == either[:-1]).sum(axis=1)
        self._until = np.concatenate([[0, 0], np.cumsum(agree)]) if pack.card.bars else np.zeros(1, dtype=np.int64)

    def over(self, bar: Ints, bars: int) -> Floats:
        """From 0 to 1 for the phrases that begin there."""
        if bars < 2:
            return np.full(len(bar), STEADY, dtype=np.float32)
        share = (self._until[bar + bars] - self._until[bar + 1]) / (BINS * (bars - 1))
        return np.asarray(share, dtype=np.float32)

    def off(self, bar: Ints, bars: int) -> Floats:
        """How far they are from what people do: too much the same, or too restless."""
        away = np.abs(self.over(bar, bars) - np.float32(STEADY)) - np.float32(AROUND)
        return np.asarray(np.maximum(away, 0), dtype=np.float32)


def fullness(pack: Pack, bar: Ints, bars: int, quarters: float) -> Floats:
    """How full phrases are, from 0 (hardly a note a quarter) to 1 (ten)."""
    index = pack.columns["bar_stroke"].astype(np.int64)
    each = (index[bar + bars] - index[bar]) / quarters
    # Rounded, since logarithms differ in their last bits from machine to machine.
    full = np.round(np.clip(np.log2(np.maximum(each, 0.1) / 0.75) / np.log2(10 / 0.75), 0, 1), 4)
    return np.asarray(full, dtype=np.float32)


def wanted(pack: Pack, tags: frozenset[str]) -> npt.NDArray[np.bool_]:
    """The donors that carry a word that was asked for, or have it for a name; where none was, those that suit any song."""
    words = tags or {ANY}
    return np.array(
        [not words.isdisjoint((*song.tags, song.name.casefold())) for song in pack.card.songs], dtype=np.bool_
    )


def words_of(packs: Sequence[Pack]) -> Floats:
    """[donors of all packs, words]: which of the words that say what a donor is like it carries."""
    each = [song.tags for pack in packs for song in pack.card.songs]
    names = sorted({tag for tags in set(each) for tag in tags if tag != ANY and not tag.startswith(ENERGY)})
    column = {name: at for at, name in enumerate(names)}
    out = np.zeros((len(each), len(names)), dtype=np.float32)
    for donor, tags in enumerate(each):
        for tag in tags:
            if tag in column:
                out[donor, column[tag]] = 1
    return out


def kinship(before: Floats, after: Floats) -> Floats:
    """[before, after]: 1 where donors share their words or have none, 0 where they share none."""
    most = np.minimum(before.sum(axis=1)[:, None], after.sum(axis=1)[None, :])
    shared = before @ after.T / np.maximum(most, 1)
    return np.asarray(np.where(most > 0, shared, 1.0), dtype=np.float32)


def edge_texture(pack: Pack, bar: Ints, bars: int) -> Floats:
    """[phrases, texture]: what the bars from there on are like, in whole numbers."""
    rows: Floats = np.sum([pack.texture[bar + i] for i in range(bars)], axis=0, dtype=np.float32)
    return rows
