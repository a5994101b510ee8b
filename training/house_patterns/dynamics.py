"""How loud each note is played: by its place in the bar and the phrase, its voice and its hand."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean, pstdev
from typing import NamedTuple

from engines.accompaniment.donors import LEFT
from engines.music.time import Meter, Ticks

LEVELS = {1: 50, 2: 57, 3: 65, 4: 75, 5: 86}
"""The mean velocity of each energy."""
SPREAD = 11.0
"""The standard deviation of velocities within a pattern: a good player's, neither a machine's nor a drunkard's."""
SOFTEST, LOUDEST = 20, 122

_ACCENT, _GHOST = 11, -14
_ARCH = (0, 1, 3, 1)
"""How a phrase of four bars swells."""


class Touch(NamedTuple):
    """What decides how loud a note is."""

    bar: int
    """Counted from 0 over the whole pattern."""
    place: Ticks
    """From the bar line."""
    hand: int
    pitch: int
    is_lowest: bool
    """Of what its hand strikes with it."""
    is_highest: bool
    marks: str


def groups_of(meter: Meter, groups: str) -> tuple[int, ...]:
    """The felt groups of a bar in units, `3+2`; by default threes in compound meters, else twos where the
    bar is even.
    """
    if groups:
        return tuple(map(int, groups.split("+")))
    if meter.is_compound:
        return (3,) * (meter.numerator // 3)
    return (2,) * (meter.numerator // 2) if meter.numerator % 2 == 0 else (meter.numerator,)


def velocities(touches: Sequence[Touch], meter: Meter, groups: str, energy: int) -> list[int]:
    """A velocity for each note. Their mean is that of the energy; their spread is the same for every pattern."""
    starts, at = {0}, 0
    for size in groups_of(meter, groups)[:-1]:
        at += size * meter.unit
        starts.add(at)
    centre = {hand: fmean(t.pitch for t in touches if t.hand == hand) for hand in {t.hand for t in touches}}
    raw = [_metric(t.place, meter, starts) + _voice(t, centre[t.hand]) + _phrase(t.bar) for t in touches]
    mean, scale = fmean(raw), SPREAD / max(1.0, pstdev(raw))
    return [max(SOFTEST, min(LOUDEST, round(LEVELS[energy] + (one - mean) * scale))) for one in raw]


def _metric(place: Ticks, meter: Meter, starts: set[int]) -> float:
    if place == 0:
        return 8.0
    if place in starts:
        return 5.0
    if place % meter.pulse == 0:
        return 2.0
    if place % meter.unit == 0 or place % (meter.pulse // 2) == 0:
        return -3.0
    return -6.0


def _voice(touch: Touch, centre: float) -> float:
    """The bass and the top voice carry, what lies between stays back; higher notes of a line sing a little more."""
    marks = _ACCENT * touch.marks.count("!") + _GHOST * touch.marks.count("?")
    if touch.hand == LEFT:
        return marks + (3.0 if touch.is_lowest else -6.0) + (centre - touch.pitch) / 6
    return marks + (3.0 if touch.is_highest else -5.0) + (touch.pitch - centre) / 4


def _phrase(bar: int) -> float:
    return _ARCH[bar % 4] + bar / 8
