"""Which phrases are the same material: pairs are compared bar by bar, led by the melody, and gathered into families."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields

import numpy as np

from engines.analysis.phrase_material import Material, Rows
from engines.analysis.score import Bools, Floats, Ints
from engines.errors import SchemaError

COMPARED = 16
"""Bars of a phrase that are compared, from its start."""
_AT_ONCE = 256
"""Phrases compared with each other at once; later ones are compared with one phrase of each family."""
_SUNG = 0.5
"""A phrase has melody when at least this share of its bars has."""
_CERTAIN = 20.0
"""Log-odds of what needs no learning: silence is like silence and like nothing else."""
CAPITALS = "ABCDEFGHJKLMNPQRSTUVWYZ"
"""Letters for families; i, o and x have meanings of their own."""
_OTHER = "X"
"""A phrase for which no letter is left."""
PAIR_CUES = (
    *(f"{what}{part}" for what in ("tune", "steps", "rhythm", "texture", "harmony") for part in ("", ".opening")),
    *("sung", "offset", "ratio", "equal", "bars"),
)
"""What is known about two phrases, in the order of the weights."""


@dataclass(frozen=True)
class Kinship:
    """How cues add up to the log-odds that two phrases are the same material."""

    weight: Floats
    """One for each of `PAIR_CUES`."""
    base: float
    threshold: float
    """Mean log-odds above which families merge."""

    def __post_init__(self) -> None:
        if self.weight.shape != (len(PAIR_CUES),):
            raise SchemaError(
                "The phrase tables weigh other cues than this version knows.", "Restore the shipped file."
            )

    def log_odds(self, cues: Mapping[str, Floats]) -> Floats:
        """For each pair."""
        total = np.full(cues["tune"].shape, self.base)
        for name, weight in zip(PAIR_CUES, self.weight.tolist(), strict=True):
            total += weight * cues[name]
        return total


@dataclass(frozen=True)
class _Bar:
    """The same bar of several phrases, as rows; empty where a phrase is shorter."""

    tune: Rows
    steps: Rows
    rhythm: Rows
    texture: Rows
    harmony: Rows


def pair_cues(material: Material, start: Ints, bars: Ints) -> dict[str, Floats]:
    """`PAIR_CUES` between all phrases, as square tables."""
    count = len(start)
    shorter = np.minimum(np.minimum(bars[:, None], bars[None, :]), COMPARED)
    opening = (shorter + 1) // 2
    cues = {name: np.zeros((count, count)) for name in PAIR_CUES}
    last: _Bar | None = None
    for k in range(min(COMPARED, int(bars.max(initial=0)))):
        there = k < bars
        bar = _bar(material, start + k, there)
        for part in fields(_Bar):
            alike = _alike(
                getattr(bar, part.name), getattr(bar, part.name), dice=part.name not in ("texture", "harmony")
            )
            cues[part.name] += alike
            cues[f"{part.name}.opening"] += alike * (k < opening)
        sung = there & material.sung[np.minimum(start + k, len(material.sung) - 1)]
        cues["sung"] += sung[:, None] & sung[None, :]
        if last is not None:
            cues["offset"] += _alike(last.steps, bar.steps, dice=True)
        last = bar
    for name in cues:
        cues[name] /= opening if name.endswith(".opening") else shorter
    cues["offset"] = np.maximum(cues["offset"], cues["offset"].T)
    cues["ratio"] = np.minimum(bars[:, None], bars[None, :]) / np.maximum(bars[:, None], bars[None, :])
    cues["equal"] = (bars[:, None] == bars[None, :]).astype(np.float64)
    cues["bars"] = shorter / COMPARED
    return cues


def _bar(material: Material, index: Ints, there: Bools) -> _Bar:
    index = np.minimum(index, len(material.sung) - 1)
    return _Bar(*(getattr(material, part.name)[index] * there[:, None] for part in fields(_Bar)))


def _alike(some: Rows, others: Rows, *, dice: bool) -> Floats:
    product: Floats = (some @ others.T).astype(np.float64)
    if dice:
        total: Floats = np.maximum(some.sum(axis=1)[:, None] + others.sum(axis=1)[None, :], 1).astype(np.float64)
        return np.asarray(2 * product / total)
    size = [np.sqrt(np.maximum(np.einsum("ij,ij->i", rows, rows), 1)).astype(np.float64) for rows in (some, others)]
    return np.asarray(product / (size[0][:, None] * size[1][None, :]))


def letters(material: Material, own: Bools, start: Ints, bars: Ints, kinship: Kinship) -> tuple[list[str], list[bool]]:
    """A label for each phrase, and whether it has melody; `own` marks bars in which the phrase's own melody plays.

    `i` before the melody enters and `o` after it has left; otherwise a capital with melody, lower case without, the same
    letter for the same material, in order of appearance. X or x when the alphabet is used up.
    """
    sung = _count(own, start, bars) >= _SUNG * bars
    with_melody = np.flatnonzero(sung)
    labels = ["i"] * len(start)
    begin, end = (int(with_melody[0]), int(with_melody[-1]) + 1) if len(with_melody) else (0, len(start))
    labels[end:] = ["o"] * (len(start) - end)
    for case in (True, False):
        chosen = begin + np.flatnonzero(sung[begin:end] == case)
        family = _families(material, start[chosen], bars[chosen], kinship)
        for index, letter in zip(chosen.tolist(), _name(family), strict=True):
            labels[index] = letter if case else letter.lower()
    return labels, sung.tolist()


def _count(bars_with: Bools, start: Ints, bars: Ints) -> Ints:
    """How many bars of each phrase are marked."""
    sums: Ints = np.concatenate([[0], np.cumsum(bars_with)]).astype(np.int64)
    return np.asarray(sums[start + bars] - sums[start])


def _families(material: Material, start: Ints, bars: Ints, kinship: Kinship) -> list[int]:
    """A family number for each phrase."""
    silent = _count(material.sung | material.played, start, bars) == 0
    family: list[int] = []
    for begin in range(0, len(start), _AT_ONCE):
        fresh = np.arange(begin, min(begin + _AT_ONCE, len(start)))
        first = [family.index(number) for number in sorted(set(family))][:_AT_ONCE]
        both = np.concatenate([np.array(first, dtype=np.int64), fresh])
        likely = kinship.log_odds(pair_cues(material, start[both], bars[both]))
        one, other = silent[both][:, None], silent[both][None, :]
        likely = np.where(one | other, np.where(one & other, _CERTAIN, -_CERTAIN), likely)
        known = likely[len(first) :, : len(first)]
        found = _gather(likely[len(first) :, len(first) :], kinship.threshold)
        for number in range(max(found, default=-1) + 1):
            members = [i for i, f in enumerate(found) if f == number]
            closest = known[members].mean(axis=0) if first else np.zeros(0)
            kin = int(np.argmax(closest)) if first else -1
            joined = kin >= 0 and closest[kin] >= kinship.threshold
            name = family[first[kin]] if joined else len(start) + begin + number
            found = [name if i in members else f for i, f in enumerate(found)]
        family += found
    return family


def _gather(likely: Floats, threshold: float) -> list[int]:
    """Merge the two closest families, by mean log-odds between their members, until none are close enough."""
    count = len(likely)
    near = likely.copy()
    np.fill_diagonal(near, -np.inf)
    size, family = np.ones(count), np.arange(count)
    for _ in range(count - 1):
        a, b = sorted(divmod(int(np.argmax(near)), count))
        if near[a, b] < threshold:
            break
        merged = (near[a] * size[a] + near[b] * size[b]) / (size[a] + size[b])
        near[a], near[:, a] = merged, merged
        near[a, a] = near[b] = near[:, b] = -np.inf
        size[a] += size[b]
        family[family == b] = a
    return [sorted(set(family.tolist())).index(number) for number in family.tolist()]


def _name(family: Iterable[int]) -> list[str]:
    """Letters in order of appearance. Should they run out, families that return go first."""
    family = list(family)
    seen = list(dict.fromkeys(family))
    if len(seen) > len(CAPITALS):
        seen = [number for number in seen if family.count(number) > 1]
    letter = dict(zip(seen, CAPITALS, strict=False))
    return [letter.get(number, _OTHER) for number in family]
