"""From what a model says to what is played: masks first, then temperature, then luck.

Luck is addressed, not drawn from a stream: the number for (seed, request, candidate, step, field) is the same whatever else is
drawn, in whatever order and batch. `Chance` names the candidate, Philox counts the rest.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engines.models.faults import BadLogits
from engines.music.chance import Chance

FIELDS = 8
"""Decisions that one step may hold: position, pitch, duration, velocity and a few to come."""
_BLOCK = 64
"""Steps whose numbers are made at once; making one Philox generator costs as much as sixty numbers out of it."""

Floats = NDArray[np.floating[Any]]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Dials:
    """How daring the choice is."""

    temperature: float = 1.0
    """0 takes the likeliest; 1 takes the model at its word."""
    top_p: float = 1.0
    """Only the likeliest that together reach this probability are kept."""
    min_p: float = 0.0
    """Only what is at least this fraction as likely as the likeliest is kept."""

    def __post_init__(self) -> None:
        if not (0.0 <= self.temperature <= 100.0 and 0.0 < self.top_p <= 1.0 and 0.0 <= self.min_p <= 1.0):
            raise BadLogits(
                f"Temperature {self.temperature}, top-p {self.top_p} and min-p {self.min_p} cannot be drawn with.",
                "Temperature is 0 to 100, top-p above 0 and at most 1, min-p 0 to 1.",
            )


GREEDY = Dials(temperature=0.0)


class Luck:
    """Numbers from 0 up to 1, each with an address."""

    def __init__(self, chance: Chance) -> None:
        self._key = chance.key
        self._block = -1
        self._numbers: NDArray[np.float64] = np.empty(0)

    def at(self, step: int, field: int = 0) -> float:
        """The number for a field of a step."""
        assert 0 <= field < FIELDS, f"a step has {FIELDS} fields"
        block, inside = divmod(step, _BLOCK)
        if block != self._block:
            # Philox makes four numbers a count, so the blocks of one key never overlap.
            counter = block * (_BLOCK * FIELDS)
            self._numbers = np.random.Generator(np.random.Philox(key=self._key, counter=counter)).random(
                _BLOCK * FIELDS
            )
            self._block = block
        return float(self._numbers[inside * FIELDS + field])


def draw(
    logits: Floats, luck: float, dials: Dials = Dials(), *, mask: Mask | None = None, avoid: Mask | None = None
) -> int:
    """Choose one token.

    Args:
        logits: one number for each token.
        luck: from 0 up to 1.
        dials: how daring.
        mask: what may be chosen at all. BadLogits when that is nothing.
        avoid: what should not be chosen as long as there is anything else (what would copy the training music on).
    """
    allowed, scores = _allowed(logits, mask, avoid)
    best = scores.max()
    if dials.temperature == 0.0:
        return int(allowed[scores.argmax()])
    # In double precision, and one row at a time, so that the result depends on nothing but the row.
    weights = np.exp((scores - best) / dials.temperature)
    if dials.min_p > 0.0:
        weights[weights < dials.min_p] = 0.0
    if dials.top_p < 1.0:
        _keep_top(weights, dials.top_p)
    heights = weights.cumsum()
    chosen = int(heights.searchsorted(luck * heights[-1], side="right"))
    if chosen >= len(weights) or weights[chosen] == 0.0:  # the last step of the sum was rounded down
        chosen = int(weights.nonzero()[0][-1])
    return int(allowed[chosen])


def _allowed(logits: Floats, mask: Mask | None, avoid: Mask | None) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """The tokens that may be chosen and their scores."""
    scores = logits.astype(np.float64)
    open_ = scores > -np.inf  # false for NaN too
    if not np.isfinite(scores[open_]).all() or np.isnan(scores).any():
        raise BadLogits("The model answered with numbers that are not finite.", "`partimento models check` tests it.")
    if mask is not None:
        open_ &= mask
    if avoid is not None:
        fresh = open_ & ~avoid
        open_ = fresh if fresh.any() else open_
    allowed = open_.nonzero()[0]
    if not len(allowed):
        raise BadLogits(
            "The masks leave nothing to choose from.",
            "Widen register, key, polyphony or rhythm; together they exclude all.",
        )
    return allowed, scores[allowed]


def _keep_top(weights: NDArray[np.float64], top_p: float) -> None:
    """Set to zero all but the likeliest that together reach `top_p`. Of equals, the first ones stay."""
    order = np.argsort(-weights, kind="stable")
    heights = weights[order].cumsum()
    kept = int(heights.searchsorted(top_p * heights[-1])) + 1
    weights[order[kept:]] = 0.0
