"""Pitch names: a letter and its accidentals, and the line of fifths that relates them.

A pitch class says which key is struck; a spelling says what it is called there. F sharp and G flat are two spellings of
one pitch class. Letters are English: B is the note below C, and H is not accepted, as B would then be read two ways.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from engines.errors import InvalidMusic

LETTERS = "CDEFGAB"
_NATURAL = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
_LINE = "FCGDAEB"
"""The naturals in order of fifths; C stands at 0."""
_ACCIDENTAL = {"": 0, "b": -1, "bb": -2, "#": 1, "##": 2, "x": 2}
_SIGN = {-2: "bb", -1: "b", 0: "", 1: "#", 2: "##"}
_MUSICAL = str.maketrans(
    {
        "♭": "b",
        "♯": "#",
        "♮": "",
        "𝄫": "bb",
        "𝄪": "##",
        "\N{MINUS SIGN}": "-",
        "\N{EN DASH}": "-",
        "\N{NON-BREAKING HYPHEN}": "-",
        "△": "^",
        "Δ": "^",
        "∆": "^",
        "Ø": "ø",
        "∅": "ø",
        "⌀": "ø",
        "º": "°",
        "˚": "°",
    }
)


def plain(text: str) -> str:
    """Music type as it can be typed: flats as `b`, sharps as `#`, the triangle as `^`, raised digits as digits."""
    if text.isascii():
        return text
    return unicodedata.normalize("NFKC", text.translate(_MUSICAL)).translate(_MUSICAL)


@dataclass(frozen=True, slots=True, order=True)
class Spelling:
    """The name of a pitch class, such as F sharp. Ordered as in a dictionary."""

    letter: str
    """One of C D E F G A B."""
    accidental: int = 0
    """Semitones up (sharps) or down (flats), -2 to 2."""

    def __post_init__(self) -> None:
        if self.letter not in _NATURAL or self.accidental not in _SIGN:
            raise InvalidMusic(
                f"{self.letter!r} with {self.accidental} accidentals is not a note name.",
                "Use a letter from A to G with at most two flats or sharps.",
            )

    @classmethod
    def parse(cls, text: str) -> Spelling:
        """`Bb`, `B♭`, `F##`, `F𝄪`, `Fx`; the letter in upper case."""
        read = read_spelling(plain(text).strip(), 0)
        if read is None or read[1] != len(plain(text).strip()):
            german = text.strip()[:1] in ("H", "h")
            raise InvalidMusic(
                f"{text[:24]!r} is not a note name.",
                "Write B for the German H, and Bb for the German B."
                if german
                else "Use a letter from A to G with at most two flats or sharps, such as Bb or F#.",
            )
        return read[0]

    @classmethod
    def from_fifths(cls, fifths: int) -> Spelling:
        """The note so many fifths above C; what would need three accidentals is renamed by twelve fifths."""
        while fifths > 19:
            fifths -= 12
        while fifths < -15:
            fifths += 12
        octave, place = divmod(fifths + 1, 7)
        return cls(_LINE[place], octave)

    @property
    def pc(self) -> int:
        """The pitch class, 0 to 11, C = 0."""
        return (_NATURAL[self.letter] + self.accidental) % 12

    @property
    def fifths(self) -> int:
        """The place on the line of fifths: C 0, G 1, F -1, F# 6, Gb -6."""
        return _LINE.index(self.letter) - 1 + 7 * self.accidental

    def up(self, fifths: int) -> Spelling:
        """The name an interval away, the interval counted in fifths: a major third is 4, a minor third -3."""
        return Spelling.from_fifths(self.fifths + fifths)

    def __str__(self) -> str:
        return self.letter + _SIGN[self.accidental]


def read_spelling(text: str, at: int) -> tuple[Spelling, int] | None:
    """The note name at a place in plain text, and where it ends; accidentals are taken as far as they go."""
    letter = text[at : at + 1]
    if not letter or letter not in _NATURAL:
        return None
    for size in (2, 1):
        sign = text[at + 1 : at + 1 + size]
        if len(sign) == size and sign in _ACCIDENTAL:
            return Spelling(letter, _ACCIDENTAL[sign]), at + 1 + size
    return Spelling(letter), at + 1


def fifths_of(semitones: int) -> int:
    """The plainest interval of so many semitones, in fifths: -5 (a minor second) to 6 (an augmented fourth)."""
    return (semitones * 7 + 5) % 12 - 5
