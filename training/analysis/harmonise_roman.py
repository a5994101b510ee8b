"""Roman numerals to chords: `V65/ii` in E minor is a seventh chord on C sharp."""

from __future__ import annotations

import re
from collections.abc import Iterator

LETTERS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
NUMERALS = {"I": 0, "II": 1, "III": 2, "IV": 3, "V": 4, "VI": 5, "VII": 6}
STEPS = ((0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 10))
"""Major and natural minor."""
AUGMENTED_SIXTHS = ("Ger", "Fr", "It")

_FIGURE = re.compile(r"(bb|##|b|#)?(VII|VI|IV|V|III|II|I|vii|vi|iv|v|iii|ii|i)([oø+])?(\d*)")
_KEY = re.compile(r"^([A-Ga-g])([#b]*):$")


def read_key(token: str) -> tuple[int, int] | None:
    """Tonic and 1 for minor of `Eb:` or `c#:`."""
    match = _KEY.match(token)
    if match is None:
        return None
    tonic = LETTERS[match.group(1).upper()] + match.group(2).count("#") - match.group(2).count("b")
    return tonic % 12, int(match.group(1).islower())


def read_numeral(token: str, tonic: int, minor: int) -> tuple[int, str] | None:
    """Root and quality of one figure in a key; None for one that is not understood."""
    figure, *above = token.split("/")
    for name in reversed(above):
        place = _place(name, tonic, minor)
        if place is None:
            return None
        tonic, minor = place[0], int(place[1].islower())
    if figure.startswith(AUGMENTED_SIXTHS):
        return (tonic + 8) % 12, "7"
    if figure.startswith("N"):
        return (tonic + 1) % 12, "maj"
    if figure.startswith("Cad"):
        return tonic, "min" if minor else "maj"
    place = _place(figure, tonic, minor)
    if place is None:
        return None
    root, name, mark, digits = place
    seventh = digits in ("7", "65", "43", "2", "42")
    if mark == "o":
        return root, "dim7" if seventh else "dim"
    if mark == "ø":
        return root, "hdim7"
    if mark == "+":
        return root, "aug"
    if name.islower():
        return root, "min7" if seventh else "min"
    if not seventh:
        return root, "maj"
    stable = (root - tonic) % 12 in ((0, 5) if not minor else (3, 8))
    return root, "maj7" if stable else "7"


def _place(figure: str, tonic: int, minor: int) -> tuple[int, str, str, str] | None:
    match = _FIGURE.match(figure)
    if match is None:
        return None
    alteration, name, mark, digits = match.groups(default="")
    degree = NUMERALS[name.upper()]
    step = STEPS[minor][degree]
    if minor and name == "vii" and mark in ("o", "ø"):
        step = 11
    step += alteration.count("#") - alteration.count("b")
    return (tonic + step) % 12, name, mark, digits


def read_analysis(text: str) -> Iterator[tuple[int, float, tuple[int, int], tuple[int, str] | None]]:
    """Measure, beat (from 1), key and chord of every figure of a RomanText file."""
    key = (0, 0)
    for line in text.splitlines():
        match = re.match(r"^m(\d+)\s+(.*)$", line.strip())
        if match is None:
            continue
        measure, beat = int(match.group(1)), 1.0
        for token in match.group(2).split():
            if re.fullmatch(r"b\d+(\.\d+)?", token):
                beat = float(token[1:])
            elif (found := read_key(token)) is not None:
                key = found
            elif not token.startswith(("|", "b")):
                yield measure, beat, key, read_numeral(token, *key)
