"""Two hands on a keyboard: what they can reach, how many fingers they have, and what a low register does not bear."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import groupby

from engines.accompaniment.donors import LEFT, RIGHT
from engines.accompaniment.transfer import Touch

REACH = 14
"""Semitones that a hand spans at once: a ninth."""
FINGERS = 5
MUDDY, OPEN = 48, 5
"""Below this pitch simultaneous notes lie at least so many semitones apart."""
BREATH = 30
"""Ticks between a note and the same key struck again."""


def playable(touches: Sequence[Touch]) -> list[Touch]:
    """The same music for two hands."""
    out: list[Touch] = []
    for _, moment in groupby(sorted(touches, key=lambda t: (t.tick, t.pitch)), key=lambda t: t.tick):
        out += _moment(list(moment))
    return _let_go(out)


def _moment(struck: list[Touch]) -> list[Touch]:
    """What is struck together: a reach and five fingers for each hand, and air at the bottom."""
    left = _hand([t for t in struck if t.hand == LEFT], from_below=True)
    taken = {t.pitch for t in left}
    right = _hand([t for t in struck if t.hand == RIGHT and t.pitch not in taken], from_below=False)
    # A right hand under the left is the left's.
    if left and right and max(t.pitch for t in left) > min(t.pitch for t in right):
        top = max(t.pitch for t in left if t.bass) if any(t.bass for t in left) else min(t.pitch for t in left)
        right = [t for t in right if t.pitch > top]
    return _open(sorted([*left, *right], key=lambda t: t.pitch))


def _hand(notes: list[Touch], *, from_below: bool) -> list[Touch]:
    """The left keeps its lowest note, the right its highest; what lies too far off comes an octave nearer."""
    if not notes:
        return []
    notes = sorted(notes, key=lambda t: t.pitch)
    anchor = notes[0].pitch if from_below else notes[-1].pitch
    out: dict[int, Touch] = {}
    for touch in notes:
        pitch = touch.pitch
        while pitch - anchor > REACH:
            pitch -= 12
        while anchor - pitch > REACH:
            pitch += 12
        out.setdefault(pitch, replace(touch, pitch=pitch))
    kept = sorted(out.values(), key=lambda t: t.pitch)
    while len(kept) > FINGERS:
        del kept[1 if from_below else -2]
    return kept


def _open(notes: list[Touch]) -> list[Touch]:
    """Close intervals at the bottom are left out: the upper note goes an octave up where the right hand reaches it and has it
    not; else it is left out, as a rule it is heard elsewhere.
    """
    out: list[Touch] = []
    below: Touch | None = None
    for touch in notes:
        if below is None or below.pitch >= MUDDY or touch.pitch - below.pitch >= OPEN:
            out.append(touch)
            below = touch
        elif touch.hand == RIGHT and _reaches(touch.pitch + 12, [other for other in notes if other is not touch]):
            out.append(replace(touch, pitch=touch.pitch + 12))
    return sorted(out, key=lambda t: t.pitch)


def _reaches(pitch: int, others: Sequence[Touch]) -> bool:
    """Whether the right hand can take a free key while it holds what else it plays."""
    return all(pitch != other.pitch and (other.hand != RIGHT or abs(pitch - other.pitch) <= REACH) for other in others)


def _let_go(touches: Iterable[Touch]) -> list[Touch]:
    """A key is let go before it is struck again, and at the bottom before its neighbour is struck."""
    out: list[Touch] = []
    down: dict[int, int] = {}
    for touch in sorted(touches, key=lambda t: (t.tick, t.pitch)):
        before = down.get(touch.pitch)
        if before is not None and out[before].tick == touch.tick:
            continue
        if before is not None:
            out[before] = _ended(out[before], touch.tick - BREATH)
        for pitch in range(touch.pitch - OPEN + 1, touch.pitch + OPEN):
            near = down.get(pitch)
            if (
                near is not None
                and pitch != touch.pitch
                and min(pitch, touch.pitch) < MUDDY
                and out[near].tick < touch.tick
            ):
                out[near] = _ended(out[near], touch.tick)
        down[touch.pitch] = len(out)
        out.append(touch)
    return out


def _ended(touch: Touch, at: int) -> Touch:
    return touch if touch.end <= at else replace(touch, length=max(1, at - touch.tick))
