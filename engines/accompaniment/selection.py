"""Which phrase of which pack accompanies which phrase of the song: the best path through the candidates.

A path is worth what its phrases fit, how smoothly the texture goes on from one to the next, and that what returns in the song
returns in the accompaniment. Candidates are the best of every phrase by fitness; the exact search takes them all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from engines.accompaniment.energy import energies
from engines.accompaniment.features import STRUCK, Floats, Ints
from engines.accompaniment.fitness import Catalogue
from engines.accompaniment.noise import bell
from engines.accompaniment.pack import Pack
from engines.accompaniment.sheet import Sheet, Strain
from engines.music.chance import Chance

POOL = 192
"""Candidates of every phrase."""
FIT, FLOW = 0.6, 0.4
"""What fitness and transition weigh in a path."""
FOLLOWS, BACKWARDS, STRANGER = 1.0, -1.0, 0.8
"""The transition to what follows in the donor; to what it had before; and what is lost between packs."""
RETURN = 0.5
"""What it is worth that a phrase which returns finds its donor again."""
AGAIN, TAKEN = 0.15, 0.3
"""What is lost when different phrases share a donor's bars, and when an earlier take had them."""
FULLNESS = 0.5
"""What a donor loses that is as sparse as can be where fullness is asked for."""
MONOTONY = 0.25
"""What a donor loses that strikes alike in every bar."""
NOISE = 0.06
ENOUGH = 12
"""Donors that make a choice. A phrase longer than so many of them is cut."""
SPOTLIGHT = 1.0
"""What a donor loses that does not carry a word that was asked for."""
ANY, ENERGY = "any", "energy:"
"""The word of donors that suit any song, and how words begin that say how full a donor is."""
KIN = 0.6
"""What is lost between donors that have no word in common: a bossa does not go on as a polka."""


@dataclass(frozen=True)
class Choice:
    """A phrase of the song and what was found for it."""

    strain: Strain
    pack: Pack
    bar: int
    """Its first bar in the pack."""
    turn: int
    """Semitones by which it moves."""
    fitness: float
    energy: float

    @property
    def place(self) -> tuple[str, int]:
        """What is borrowed."""
        return self.pack.id, self.bar


@dataclass(frozen=True)
class Wishes:
    """What the musician asked for beyond the song."""

    density: float = 0.5
    faithful: float = 0.5
    """1 takes the best path exactly; 0 lets luck speak loudest."""
    tags: frozenset[str] = frozenset()
    """Words that the donors should carry."""


@dataclass(frozen=True)
class _Pool:
    """The candidates of a phrase; those of its returns are the same, in the same order."""

    pack: Ints
    bar: Ints
    turn: Ints
    fitness: Floats
    worth: Floats
    """Fitness with everything that speaks for or against."""
    head: Floats
    tail: Floats
    """[candidates, texture]: what it begins and ends like, as unit vectors."""
    donor: Ints
    """Which piece it is from, counted over all packs."""
    words: Floats
    """[candidates, words]: what its donor is like."""

    def only(self, rows: Ints) -> _Pool:
        """Some of them."""
        return _Pool(*(getattr(self, name)[rows] for name in self.__dataclass_fields__))


class Selector:
    """Packs that phrases are chosen from."""

    def __init__(self, packs: Sequence[Pack]) -> None:
        self.packs = tuple(packs)
        self._catalogues: dict[tuple[int, int], Catalogue] = {}
        self._words = words_of(self.packs)
        self._sameness = [Sameness(pack) for pack in self.packs]

    def catalogue(self, pack: int, meter: int) -> Catalogue:
        """The bars of one meter of a pack."""
        key = pack, meter
        if key not in self._catalogues:
            self._catalogues[key] = Catalogue(self.packs[pack], meter)
        return self._catalogues[key]

    def longest(self, meter: int) -> int:
        """The longest phrase, in bars, that there is a choice of donors for in a meter; 0 where there are none at all."""
        if not self.packs:
            return 0
        lengths = np.concatenate([self.catalogue(i, meter).lengths for i in range(len(self.packs))])
        enough = min(ENOUGH, -(-len(lengths) // 2))
        return int(np.sort(lengths)[-enough]) if len(lengths) else 0

    def choose(
        self, sheet: Sheet, wishes: Wishes, chance: Chance, takes: int, pool: int | None = POOL
    ) -> list[list[Choice]]:
        """A path for every take; each avoids what the ones before it took. `pool` None searches everything."""
        asked = energies(sheet, wishes.density)
        whole = self._pools(sheet, asked, wishes)
        for catalogue in self._catalogues.values():
            catalogue.forget()
        taken: set[tuple[int, int]] = set()
        out = []
        for take in range(takes):
            luck = chance.of("take", take)
            pools = _pruned(sheet.strains, [_with_luck(p, luck, wishes, taken) for p in whole], pool)
            path = _best_path(sheet.strains, pools, {})
            path = _best_path(sheet.strains, pools, _homes(sheet.strains, pools, path))
            picks = list(zip(sheet.strains, pools, path, asked, strict=True))
            out.append(_same_turns(sheet, [
                Choice(strain, self.packs[int(p.pack[at])], int(p.bar[at]), int(p.turn[at]), float(p.fitness[at]), energy)
                for strain, p, at, energy in picks
            ]))  # fmt: skip
            taken |= {(int(p.pack[at]), int(p.bar[at])) for _, p, at, _ in picks}
        return out

    def _pools(self, sheet: Sheet, asked: Sequence[float], wishes: Wishes) -> list[_Pool]:
        """Every phrase of every pack that is long enough, for every strain."""
        return [self._pool(sheet, strain, energy, wishes) for strain, energy in zip(sheet.strains, asked, strict=True)]

    def _pool(self, sheet: Sheet, strain: Strain, energy: float, wishes: Wishes) -> _Pool:
        meter, parts, first = sheet.meter_numbers[strain.bar], [], 0
        for i, pack in enumerate(self.packs):
            fits = self.catalogue(i, meter).fits(sheet, strain)
            donor = np.searchsorted(pack.columns["donor_bar"], fits.bar, side="right") - 1
            quarters = strain.bars * sheet.meters[strain.bar].bar / 960
            worth = fits.fitness - FULLNESS * np.abs(energy - fullness(pack, fits.bar, strain.bars, quarters))
            worth -= MONOTONY * self._sameness[i].over(fits.bar, strain.bars)
            wanted = _wanted(pack, wishes.tags)
            if wanted.any():
                worth = worth + np.where(wanted[donor], np.float32(0), np.float32(-SPOTLIGHT))
            head, tail = (_texture(pack, fits.bar + at, min(2, strain.bars)) for at in (0, max(strain.bars - 2, 0)))
            number = np.full(len(fits.bar), i, dtype=np.int64)
            about = (head, tail, donor + first, self._words[donor + first])
            parts.append(_Pool(number, fits.bar, fits.turn, fits.fitness, worth, *about))
            first += len(pack.card.songs)
        return _Pool(*(np.concatenate([getattr(p, name) for p in parts]) for name in _Pool.__dataclass_fields__))


def _same_turns(sheet: Sheet, choices: list[Choice]) -> list[Choice]:
    """A return in the same key moves its donor as the first time did."""
    first: dict[tuple[object, ...], int] = {}
    out = []
    for choice in choices:
        key = sheet.key_at(sheet.lines[choice.strain.bar])
        turn = first.setdefault((choice.strain.kind, choice.place, key), choice.turn)
        out.append(replace(choice, turn=turn))
    return out


class Sameness:
    """How much a phrase keeps the rhythm of its first bar: the share of its bars that strike where the bar before did."""

    def __init__(self, pack: Pack) -> None:
        struck = pack.columns["bar_texture"].reshape(-1, pack.card.texture)[:, STRUCK] > 0
        again = (struck[1:] == struck[:-1]).all(axis=1) & struck[1:].any(axis=1)
        self._until = np.concatenate([[0, 0], np.cumsum(again)]) if pack.card.bars else np.zeros(1, dtype=np.int64)

    def over(self, bar: Ints, bars: int) -> Floats:
        """From 0 to 1 for the phrases that begin there."""
        if bars < 2:
            return np.zeros(len(bar), dtype=np.float32)
        return np.asarray((self._until[bar + bars] - self._until[bar + 1]) / (bars - 1), dtype=np.float32)


def fullness(pack: Pack, bar: Ints, bars: int, quarters: float) -> Floats:
    """How full phrases are, from 0 (hardly a note a quarter) to 1 (ten)."""
    index = pack.columns["bar_stroke"].astype(np.int64)
    each = (index[bar + bars] - index[bar]) / quarters
    full = np.clip(np.log2(np.maximum(each, 0.1) / 0.75) / np.log2(10 / 0.75), 0, 1)
    return np.asarray(full, dtype=np.float32)


def _wanted(pack: Pack, tags: frozenset[str]) -> npt.NDArray[np.bool_]:
    """The donors that carry a word that was asked for; where none was, those that suit any song."""
    return np.array([not (tags or {ANY}).isdisjoint(song.tags) for song in pack.card.songs], dtype=np.bool_)


def words_of(packs: Sequence[Pack]) -> Floats:
    """[donors of all packs, words]: which of the words that say what a donor is like it carries."""
    each = [
        {tag for tag in song.tags if tag != ANY and not tag.startswith(ENERGY)} for p in packs for song in p.card.songs
    ]
    names = sorted(set().union(*each)) if each else []
    return np.array([[name in mine for name in names] for mine in each], dtype=np.float32).reshape(
        len(each), len(names)
    )


def kinship(before: Floats, after: Floats) -> Floats:
    """[before, after]: 1 where donors share their words or have none, 0 where they share none."""
    most = np.minimum(before.sum(axis=1)[:, None], after.sum(axis=1)[None, :])
    shared = before @ after.T / np.maximum(most, 1)
    return np.asarray(np.where(most > 0, shared, 1.0), dtype=np.float32)


def _texture(pack: Pack, bar: Ints, bars: int) -> Floats:
    rows = sum(pack.texture[bar + i] for i in range(bars))
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-6), dtype=np.float32)


def _with_luck(pool: _Pool, luck: Chance, wishes: Wishes, taken: set[tuple[int, int]]) -> _Pool:
    """A little noise, and a malus for what earlier takes had."""
    noise = NOISE * (1 - wishes.faithful) * bell(luck, (pool.pack << 32) + pool.bar)
    had = (
        np.array([key in taken for key in zip(pool.pack.tolist(), pool.bar.tolist(), strict=True)]) if taken else False
    )
    return replace(pool, worth=(pool.worth + noise - np.where(had, TAKEN, 0.0)).astype(np.float32))


def _pruned(strains: Sequence[Strain], pools: Sequence[_Pool], count: int | None) -> list[_Pool]:
    """The best candidates of every kind of phrase. Returns are judged together, so that one donor can serve them all."""
    out: list[_Pool] = list(pools)
    for same in _kinds(strains, pools).values():
        mean = np.mean([pools[i].worth for i in same], axis=0)
        # Where a phrase returns it is worth what it is worth on the whole: half its own, half the mean.
        rows = np.arange(len(mean)) if count is None else np.sort(np.argsort(-mean, kind="stable")[:count])
        for i in same:
            out[i] = replace(pools[i], worth=(0.5 * pools[i].worth + 0.5 * mean).astype(np.float32)).only(rows)
    return out


def _kinds(strains: Sequence[Strain], pools: Sequence[_Pool]) -> dict[tuple[str, int, int], list[int]]:
    """The strains of every kind."""
    out: dict[tuple[str, int, int], list[int]] = {}
    for i, (strain, pool) in enumerate(zip(strains, pools, strict=True)):
        out.setdefault((*strain.kind, len(pool.bar)), []).append(i)
    return out


def flow(strain: Strain, before: _Pool, after: _Pool) -> Floats:
    """[before, after]: how smoothly the texture goes on."""
    out = before.tail @ after.head.T
    same = before.donor[:, None] == after.donor[None, :]
    ahead = after.bar[None, :] - before.bar[:, None]
    out = np.where(same & (ahead == strain.bars), np.float32(FOLLOWS), out)
    out = np.where(same & (ahead <= 0), np.float32(BACKWARDS), out)
    out = out - STRANGER * (before.pack[:, None] != after.pack[None, :])
    return np.asarray(out - KIN * (1 - kinship(before.words, after.words)), dtype=np.float32)


def _best_path(strains: Sequence[Strain], pools: Sequence[_Pool], homes: Mapping[int, tuple[int, int]]) -> list[int]:
    """The best candidate of every strain; `homes` says which one a phrase has elsewhere in the song."""
    score, back = np.zeros(0, dtype=np.float32), list[Ints]()
    for i, pool in enumerate(pools):
        own = FIT * pool.worth + _at_home(i, pool, homes)
        if i == 0:
            score = own
            continue
        way = score[:, None] + FLOW * flow(strains[i - 1], pools[i - 1], pool)
        if strains[i].kind == strains[i - 1].kind:
            stays = (pools[i - 1].pack[:, None] == pool.pack[None, :]) & (
                pools[i - 1].bar[:, None] == pool.bar[None, :]
            )
            # It would be going backwards; for a phrase that is repeated at once it is what is wanted.
            way += stays * np.float32(FLOW * (0.5 - BACKWARDS))
        back.append(way.argmax(axis=0))
        score = way.max(axis=0) + own
    path = [int(score.argmax())]
    for row in reversed(back):
        path.append(int(row[path[-1]]))
    return path[::-1]


def _at_home(i: int, pool: _Pool, homes: Mapping[int, tuple[int, int]]) -> Floats:
    """What speaks for the donor that a phrase has elsewhere, and against those that other phrases have."""
    out = np.zeros(len(pool.bar), dtype=np.float32)
    mine = homes.get(i)
    for pack, bar in set(homes.values()):
        hit = (pool.pack == pack) & (pool.bar == bar)
        out[hit] = RETURN if (pack, bar) == mine else -AGAIN
    return out


def _homes(strains: Sequence[Strain], pools: Sequence[_Pool], path: Sequence[int]) -> dict[int, tuple[int, int]]:
    """For every strain the donor of its kind: the one among those found that is worth most over all its occurrences."""
    out = {}
    for same in _kinds(strains, pools).values():
        found = {path[i] for i in same}
        best = max(sorted(found), key=lambda at: float(sum(pools[i].worth[at] for i in same)))
        for i in same:
            out[i] = (int(pools[i].pack[best]), int(pools[i].bar[best]))
    return out
