"""Which phrase of which pack accompanies which phrase of the song.

A candidate is worth what it fits, that it is as full as the place asks for, and that it is what the musician named. The best of
every phrase go into the search (`path.py`); where the best fit is wanted, ten times as many.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from engines.accompaniment.energy import energies
from engines.accompaniment.features import TEXTURE
from engines.accompaniment.fitness import Catalogue
from engines.accompaniment.noise import bell
from engines.accompaniment.pack import Pack
from engines.accompaniment.path import best_path, homes_of, kinds
from engines.accompaniment.pool import Field, Pool, Steadiness, edge_texture, fullness, wanted, words_of
from engines.accompaniment.sheet import Sheet, Strain
from engines.music.chance import Chance

POOL, WIDE = 192, 2048
"""Candidates of every phrase, and of one where the musician wants the best fit: all there are for most phrases, and few enough
that the search stays a matter of seconds."""
ENOUGH = 12
"""Donors that make a choice. A phrase longer than so many of them is cut."""
FULLNESS = 0.5
"""What a donor loses that is as sparse as can be where fullness is asked for."""
UNSTEADY = 0.8
"""What a donor loses whose bars are more alike, or less, than people's are."""
SPOTLIGHT = 1.0
"""What a donor loses that does not carry a word that was asked for."""
NOISE, TAKEN = 0.06, 0.3
"""How loud luck speaks, and what a donor loses that an earlier take had."""


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


class Selector:
    """Packs that phrases are chosen from."""

    def __init__(self, packs: Sequence[Pack]) -> None:
        self.packs = tuple(packs)
        self._catalogues: dict[tuple[int, int], Catalogue] = {}
        self._words = words_of(self.packs)
        self._carriers: dict[tuple[int, frozenset[str]], npt.NDArray[np.bool_]] = {}
        self._steadiness = [Steadiness(pack) for pack in self.packs]

    def catalogue(self, pack: int, meter: int) -> Catalogue:
        """The bars of one meter of a pack."""
        key = pack, meter
        if key not in self._catalogues:
            self._catalogues[key] = Catalogue(self.packs[pack], meter)
        return self._catalogues[key]

    def _wanted(self, pack: int, tags: frozenset[str]) -> npt.NDArray[np.bool_]:
        """The donors of a pack that carry one of these words."""
        key = pack, tags
        if key not in self._carriers:
            self._carriers[key] = wanted(self.packs[pack], tags)
        return self._carriers[key]

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
        whole = self.fields(sheet, asked, wishes)
        for catalogue in self._catalogues.values():
            catalogue.forget()
        taken: set[tuple[int, int]] = set()
        out = []
        for take in range(takes):
            luck = chance.of("take", take)
            best = pruned(sheet.strains, [with_luck(field, luck, wishes, taken) for field in whole], pool)
            pools = [self._closer(strain, field) for strain, field in zip(sheet.strains, best, strict=True)]
            path = best_path(sheet.strains, pools, {})
            path = best_path(sheet.strains, pools, homes_of(sheet.strains, pools, path))
            picks = list(zip(sheet.strains, pools, path, asked, strict=True))
            out.append(_same_turns(sheet, [
                Choice(strain, self.packs[int(p.pack[at])], int(p.bar[at]), int(p.turn[at]), float(p.fitness[at]), energy)
                for strain, p, at, energy in picks
            ]))  # fmt: skip
            taken |= {(int(p.pack[at]), int(p.bar[at])) for _, p, at, _ in picks}
        return out

    def fields(self, sheet: Sheet, asked: Sequence[float], wishes: Wishes) -> list[Field]:
        """Every phrase of every pack that is long enough, for every strain."""
        return [self._field(sheet, strain, energy, wishes) for strain, energy in zip(sheet.strains, asked, strict=True)]

    def _field(self, sheet: Sheet, strain: Strain, energy: float, wishes: Wishes) -> Field:
        meter, parts, first = sheet.meter_numbers[strain.bar], [], 0
        for i, pack in enumerate(self.packs):
            fits = self.catalogue(i, meter).fits(sheet, strain)
            donor = np.searchsorted(pack.columns["donor_bar"], fits.bar, side="right") - 1
            quarters = strain.bars * sheet.meters[strain.bar].bar / 960
            worth = fits.fitness - FULLNESS * np.abs(energy - fullness(pack, fits.bar, strain.bars, quarters))
            worth -= UNSTEADY * self._steadiness[i].off(fits.bar, strain.bars)
            asked = self._wanted(i, wishes.tags)
            if asked.any() or wishes.tags:
                worth = worth + np.where(asked[donor], np.float32(0), np.float32(-SPOTLIGHT))
            number = np.full(len(fits.bar), i, dtype=np.int64)
            runs = np.full(len(fits.bar), not pack.card.adapts)
            parts.append(Field(number, fits.bar, fits.turn, fits.fitness, worth, donor + first, runs))
            first += len(pack.card.songs)
        return Field(*(np.concatenate([getattr(p, name) for p in parts]) for name in Field.__dataclass_fields__))

    def _closer(self, strain: Strain, field: Field) -> Pool:
        """With what they sound like."""
        edges = np.zeros((2, len(field.bar), TEXTURE), dtype=np.float32)
        for i, pack in enumerate(self.packs):
            mine = np.flatnonzero(field.pack == i)
            for edge, at in zip(edges, (0, max(strain.bars - 2, 0)), strict=True):
                edge[mine] = edge_texture(pack, field.bar[mine] + at, min(2, strain.bars))
        head, tail = edges
        return Pool(**vars(field), head=head, tail=tail, words=self._words[field.donor])


def _same_turns(sheet: Sheet, choices: list[Choice]) -> list[Choice]:
    """A return in the same key moves its donor as the first time did."""
    first: dict[tuple[object, ...], int] = {}
    out = []
    for choice in choices:
        key = sheet.key_at(sheet.lines[choice.strain.bar])
        turn = first.setdefault((choice.strain.kind, choice.place, key), choice.turn)
        out.append(replace(choice, turn=turn))
    return out


def with_luck(pool: Field, luck: Chance, wishes: Wishes, taken: set[tuple[int, int]]) -> Field:
    """A little noise, and a malus for what earlier takes had."""
    noise = NOISE * (1 - wishes.faithful) * bell(luck, (pool.pack << 32) + pool.bar)
    had = (
        np.array([key in taken for key in zip(pool.pack.tolist(), pool.bar.tolist(), strict=True)]) if taken else False
    )
    return replace(pool, worth=(pool.worth + noise - np.where(had, TAKEN, 0.0)).astype(np.float32))


def pruned(strains: Sequence[Strain], pools: Sequence[Field], count: int | None) -> list[Field]:
    """The best candidates of every kind of phrase. Returns are judged together, so that one donor can serve them all."""
    out: list[Field] = list(pools)
    for same in kinds(strains, pools).values():
        mean = np.mean([pools[i].worth for i in same], axis=0)
        # Where a phrase returns it is worth what it is worth on the whole: half its own, half the mean.
        rows = np.arange(len(mean)) if count is None else np.sort(np.argsort(-mean, kind="stable")[:count])
        for i in same:
            out[i] = replace(pools[i], worth=(0.5 * pools[i].worth + 0.5 * mean).astype(np.float32)).only(rows)
    return out
