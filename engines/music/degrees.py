"""Chord degrees: which steps above the root a chord is made of."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

_SEMITONES = {1: 0, 2: 2, 3: 4, 4: 5, 5: 7, 6: 9, 7: 11, 9: 14, 11: 17, 13: 21}
_FIFTHS = {1: 0, 2: 2, 3: 4, 4: -1, 5: 1, 6: 3, 7: 5, 9: 2, 11: -1, 13: 3}
_FOLD = {8: 1, 10: 3, 12: 5}
"""The octave, tenth and twelfth are root, third and fifth again; the others above 7 are tensions of their own."""
_SIGN = {-2: "bb", -1: "b", 0: "", 1: "#", 2: "##"}


class Degree(NamedTuple):
    """A step above the root, counted in the major scale, and how far it is altered."""

    number: int
    """1 to 13."""
    alter: int = 0
    """Semitones against the major scale, -2 to 2."""

    @property
    def semitones(self) -> int:
        """The distance above the root; a ninth is 14."""
        return _SEMITONES[self.number] + self.alter

    @property
    def fifths(self) -> int:
        """The same interval on the line of fifths, for spelling."""
        return _FIFTHS[self.number] + 7 * self.alter

    @property
    def text(self) -> str:
        """`b9`, `#11`, `5`."""
        return _SIGN[self.alter] + str(self.number)

    @property
    def is_possible(self) -> bool:
        """Whether it is a step that a chord can have. The root itself is never altered."""
        return self.number in _SEMITONES and self.alter in _SIGN and not (self.number == 1 and self.alter)


Degrees = tuple[Degree, ...]

MOST = 10
"""More tones than this are a cluster, not a chord with a name."""


def degree(number: int, alter: int = 0) -> Degree:
    """A degree with octave, tenth and twelfth folded down."""
    return Degree(_FOLD.get(number, number), alter)


def in_order(degrees: Iterable[Degree]) -> Degrees:
    """Each degree once, from the root up."""
    return tuple(sorted({degree(*one) for one in degrees}))
