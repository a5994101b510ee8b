"""The best path through the candidates: phrases that fit, a texture that goes on smoothly, and returns that return.

The search is exact over the candidates that it is given.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from engines.accompaniment.features import Floats, Ints
from engines.accompaniment.pool import Field, Pool, kinship
from engines.accompaniment.sheet import Strain

FIT, FLOW = 0.6, 0.4
"""What fitness and transition weigh in a path."""
FOLLOWS, BACKWARDS, STRANGER = 1.0, -1.0, 0.8
"""The transition to what follows in the donor; to what it had before; and what is lost between packs."""
KIN = 0.6
"""What is lost between donors that have no word in common: a bossa does not go on as a polka."""
RETURN, AGAIN = 0.5, 0.5
"""What it is worth that a phrase which returns finds its donor again, and what is lost when different phrases share bars."""
CONTRAST = 0.4
"""What is lost when another phrase goes on with the same pattern."""
NEW = 0.85
"""How alike people's textures are (median of cosines) where another phrase begins; more than that is monotony."""
AT_ONCE = 512
"""Candidates that are looked at together, so that memory stays small."""


def best_path(strains: Sequence[Strain], pools: Sequence[Pool], homes: Mapping[int, tuple[int, int]]) -> list[int]:
    """The best candidate of every strain; `homes` says which one a phrase has elsewhere in the song."""
    score, back = np.zeros(0, dtype=np.float32), list[Ints]()
    for i, pool in enumerate(pools):
        own = FIT * pool.worth + _at_home(i, pool, homes)
        if i == 0:
            score = own
            continue
        score, best = _stepped(score, (strains[i - 1], strains[i]), pools[i - 1], pool)
        back.append(best)
        score += own
    path = [int(score.argmax())]
    for row in reversed(back):
        path.append(int(row[path[-1]]))
    return path[::-1]


def _stepped(score: Floats, strains: tuple[Strain, Strain], before: Pool, after: Pool) -> tuple[Floats, Ints]:
    """The best way to every candidate, and where it comes from; so many at a time that memory stays small."""
    first, second = strains
    repeated = first.kind == second.kind
    scores, places = list[Floats](), list[Ints]()
    for begin in range(0, len(after.bar), AT_ONCE):
        some = after.only(np.arange(begin, min(begin + AT_ONCE, len(after.bar))))
        way = score[:, None] + FLOW * flow(first, second, before, some)
        if repeated:
            stays = (before.pack[:, None] == some.pack[None, :]) & (before.bar[:, None] == some.bar[None, :])
            # It would be going backwards; for a phrase that is repeated at once it is what is wanted.
            way += (stays & before.runs[:, None]) * np.float32(FLOW * (0.5 - BACKWARDS))
        places.append(way.argmax(axis=0))
        scores.append(way.max(axis=0))
    return np.concatenate(scores), np.concatenate(places)


def flow(strain: Strain, following: Strain, before: Pool, after: Pool) -> Floats:
    """[before, after]: how smoothly the texture goes on."""
    lengths = [np.sqrt(np.square(x, dtype=np.float64).sum(axis=1)) for x in (before.tail, after.head)]
    out = before.tail @ after.head.T / np.maximum(lengths[0][:, None] * lengths[1][None, :], 1e-6)
    if strain.kind != following.kind:
        out = np.minimum(out, 2 * NEW - out)
    same = (before.donor[:, None] == after.donor[None, :]) & before.runs[:, None]
    ahead = after.bar[None, :] - before.bar[:, None]
    out = np.where(same & (ahead == strain.bars), np.float32(FOLLOWS), out)
    out = np.where(same & (ahead <= 0), np.float32(BACKWARDS), out)
    out = out - STRANGER * (before.pack[:, None] != after.pack[None, :])
    if strain.kind != following.kind:
        mine = before.donor[:, None] == after.donor[None, :]
        out = out - CONTRAST * (mine & ~before.runs[:, None])
    return np.asarray(out - KIN * (1 - kinship(before.words, after.words)), dtype=np.float32)


def _at_home(i: int, pool: Pool, homes: Mapping[int, tuple[int, int]]) -> Floats:
    """What speaks for the donor that a phrase has elsewhere, and against those that other phrases have."""
    out = np.zeros(len(pool.bar), dtype=np.float32)
    mine = homes.get(i)
    for pack, bar in set(homes.values()):
        hit = (pool.pack == pack) & (pool.bar == bar)
        out[hit] = RETURN if (pack, bar) == mine else -AGAIN
    return out


def homes_of(strains: Sequence[Strain], pools: Sequence[Pool], path: Sequence[int]) -> dict[int, tuple[int, int]]:
    """For every strain the donor of its kind: the one among those found that is worth most over all its occurrences."""
    out = {}
    for same in kinds(strains, pools).values():
        found = {path[i] for i in same}
        best = max(sorted(found), key=lambda at: float(sum(pools[i].worth[at] for i in same)))
        for i in same:
            out[i] = (int(pools[i].pack[best]), int(pools[i].bar[best]))
    return out


def kinds(strains: Sequence[Strain], pools: Sequence[Field]) -> dict[tuple[str, int, int], list[int]]:
    """The strains of every kind."""
    out: dict[tuple[str, int, int], list[int]] = {}
    for i, (strain, pool) in enumerate(zip(strains, pools, strict=True)):
        out.setdefault((*strain.kind, len(pool.bar)), []).append(i)
    return out
