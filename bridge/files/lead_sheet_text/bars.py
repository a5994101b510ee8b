"""A bar as it stands on paper, and what its cell says."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from typing import NamedTuple, NoReturn

from engines.errors import UnreadableFile
from engines.music.harmony import Chord, Key
from engines.music.time import Meter, TempoChange

MOST_IN_A_BAR = 64
"""Chords and marks in one cell; more is not a bar of music."""


class Place(NamedTuple):
    """Where in the text something stands, counted from 1."""

    line: int
    column: int

    def __str__(self) -> str:
        return f"line {self.line}, column {self.column}"

    def reject(self, message: str, hint: str) -> NoReturn:
        """Refuse what stands here."""
        raise UnreadableFile(f"{message[:-1]} ({self}).", hint, path=str(self))


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing in a cell: a chord, or a mark that holds what sounds."""

    place: Place
    chord: Chord | None
    """None for a mark."""
    beat: Fraction | None = None
    """Where it enters, from 1 in units of the meter, when it says so."""


@dataclass(frozen=True, slots=True)
class Heading:
    """The name of a section, and where it stands: two of the same name are two."""

    place: Place
    name: str
    label: str = ""


@dataclass(slots=True)
class WrittenBar:
    """One cell with everything that holds for it."""

    place: Place
    entries: tuple[Entry, ...]
    meter: Meter
    states_meter: bool
    """Whether any meter has been written up to here; otherwise it is common time by default."""
    key: Key | None
    tempo: TempoChange | None
    section: Heading | None
    cut: Fraction | None = None
    """How many units of the meter the bar lasts, when it is not full."""
    opens_repeat: bool = False
    ending: frozenset[int] | None = None
    """The passes that an ending which begins here is played in."""
    times: int = 0
    """How often the repeat that ends here is played; 0 where none ends."""
    closes: bool = False
    """Whether a double bar follows."""


_TOKEN = re.compile(r"(?:\([^()]*\)|[^\s()]|[()])+")
_ENDING = re.compile(r"\[?(\d{1,3}(?:[,-]\d{1,3})*)\.?", re.ASCII)
_MARKS = re.compile(r"/+|\.+")
_BEAT = re.compile(r"(\d{1,4})(?:(\.\d{1,6})|\+(\d{1,6})/([1-9]\d{0,5}))?", re.ASCII)


def words(text: str, place: Place) -> list[tuple[str, Place]]:
    """The words of a cell and where they stand; spaces inside parentheses do not part them."""
    found = [
        (m[0], Place(place.line, place.column + m.start())) for m in islice(_TOKEN.finditer(text), MOST_IN_A_BAR + 5)
    ]
    if len(found) > MOST_IN_A_BAR + 4:  # an ending, a meter and the like may stand before the chords
        place.reject(f"The bar holds more than {MOST_IN_A_BAR} chords.", "Part it with bar lines: |.")
    return found


def ending_of(word: str, place: Place) -> frozenset[int] | None:
    """The passes that `[1`, `[1,3` or `[1-3` names; None where the word is no ending."""
    match = _ENDING.fullmatch(word)
    if match is None:
        return None
    passes: set[int] = set()
    for part in match[1].split(","):
        first, _, last = part.partition("-")
        if "-" in last or not 1 <= int(first) <= int(last or first) <= 99:
            place.reject(f"{word!r} is not an ending.", "Write [1 or [1,3 or [1-3, with passes up to 99.")
        passes.update(range(int(first), int(last or first) + 1))
    return frozenset(passes)


def entries_of(cell: list[tuple[str, Place]]) -> tuple[Entry, ...]:
    """Chords and marks of a cell."""
    out: list[Entry] = []
    for word, place in cell:
        is_mark = _MARKS.fullmatch(word) is not None
        if len(out) + (len(word) if is_mark else 1) > MOST_IN_A_BAR:
            place.reject(f"The bar holds more than {MOST_IN_A_BAR} chords.", "Part it with bar lines: |.")
        if is_mark:
            out.extend(Entry(Place(place.line, place.column + i), None) for i in range(len(word)))
        else:
            out.append(_entry(word, place))
    return tuple(out)


def _entry(word: str, place: Place) -> Entry:
    symbol, at, beat = word.partition("@")
    chord = Chord.parse(symbol, where=str(place))
    if not at:
        return Entry(place, chord)
    match = _BEAT.fullmatch(beat)
    if match is None:
        place.reject(f"{beat[:24]!r} is not a beat.", "Write the beat after @ as 3, 2.5 or 2+1/3.")
    fraction = Fraction(int(match[3]), int(match[4])) if match[4] else Fraction("0" + (match[2] or ""))
    return Entry(place, chord, int(match[1]) + fraction)
