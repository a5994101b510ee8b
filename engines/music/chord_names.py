"""Writing chord symbols: the plainest quality that says exactly which degrees a chord has.

The name is a familiar quality (`m7`, `13`, `7sus4`) and what has to be altered, added or left out to reach the chord.
Every set of degrees has such a name, and reading it gives the same degrees back. A heap of tones that would take a
sentence to describe is listed instead, in Harte's way: `C:(b2,2,b3,3,4,b5)`.
"""

from __future__ import annotations

from functools import lru_cache

from engines.music.chord_qualities import read_quality
from engines.music.degrees import Degree, Degrees

FAMILIAR = (
    *("", "m", "7", "maj7", "m7", "6", "m6", "9", "maj9", "m9", "dim", "dim7", "m7b5", "aug", "sus4", "sus2", "7sus4"),
    *("9sus4", "13sus4", "69", "m69", "13", "maj13", "m11", "m13", "11", "maj11", "mMaj7", "mMaj9", "mMaj11", "mMaj13"),
    *("5", "7alt", "dimMaj7", "maj7sus4", "maj9sus4", "6sus4", "69sus4", "7sus2", "maj7sus2", "6sus2", "sus2sus4"),
)
"""Qualities that have a name of their own, the more familiar first."""

_TAKES_A_SUFFIX = frozenset(
    ("7", "maj7", "m7", "6", "m6", "9", "maj9", "m9", "69", "m69", "13", "maj13", "m11", "m13", "11", "maj11")
) | frozenset(("mMaj7", "mMaj9", "mMaj11", "mMaj13"))
"""Qualities that a single alteration can follow without parentheses: C7b9, but C(b9) and Csus4(b9)."""

_SENTENCE = 32
"""A quality longer than this says less than the list of its tones."""


@lru_cache(maxsize=4096)
def quality_text(degrees: Degrees) -> str:
    """The canonical text after the root."""
    best: tuple[float, str] | None = None
    for rank, (name, base) in enumerate(_familiar()):
        if base == degrees:
            return name
        steps = _steps(name, base, degrees)
        if steps is not None:
            cost = sum(weight for weight, _ in steps) + rank / 1000
            if best is None or cost < best[0]:
                best = cost, _compose(name, [text for _, text in steps])
    if best is None or len(best[1]) > _SENTENCE:
        tones = [one.text for one in degrees]
        return f":({','.join(tones if degrees[0].number == 1 else ['*1', *tones])})"
    return best[1]


@lru_cache(maxsize=1)
def _familiar() -> tuple[tuple[str, Degrees], ...]:
    return tuple((name, read_quality(name) or ()) for name in FAMILIAR)


def _steps(name: str, base: Degrees, wanted: Degrees) -> list[tuple[float, str]] | None:
    """What turns one chord into another, each step with how far-fetched it looks; None where words fail."""
    out: list[tuple[float, str]] = []
    if name == "7alt":
        return None  # nothing can follow it
    for number in sorted({one.number for one in (*base, *wanted)}):
        here = {one for one in base if one.number == number}
        there = {one for one in wanted if one.number == number}
        if not there:
            out.append((4.0 if name == "5" else 1.5 if number != 1 else 2.0, f"no{number}"))
        elif here <= there:
            out.extend(_added(one, bool(here)) for one in sorted(there - here))
        elif number in (1, 3, 7) or (number == 5 and name == "m7b5") or Degree(number) in there:
            return None
        else:
            out.extend((1.0, one.text) for one in sorted(there))
    return sorted(out, key=lambda step: (step[1][:2] == "no", step[1][:3] == "add"))


def _added(one: Degree, beside: bool) -> tuple[float, str]:
    """Naturals, thirds and sevenths, and tones that stand beside another of their number are added by name."""
    if one == Degree(7):
        return 2.0, "addmaj7"
    if one.alter == 0:
        return 1.2, f"add{one.number}"
    if beside or one.number in (3, 7):
        return 2.0, f"add{one.text}"
    return 1.0, one.text


def _compose(name: str, steps: list[str]) -> str:
    if len(steps) == 1 and not steps[0].startswith("no"):
        bare = name in _TAKES_A_SUFFIX and not steps[0].startswith("add")
        if bare or (name == "" and steps[0].startswith("add")):
            return name + steps[0]
    return f"{name}({','.join(steps)})"
