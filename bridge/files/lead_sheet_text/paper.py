"""The bars as they are written, and what holds for them: the sheet before repeats are played."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypeVar

from bridge.files.lead_sheet_text.bars import Entry, Heading, Place, WrittenBar
from bridge.files.lead_sheet_text.sheet import UNWRITABLE, one_line
from engines.errors import InvalidMusic, UnreadableFile
from engines.music.harmony import Key
from engines.music.time import COMMON_TIME, Meter, TempoChange, Ticks

MOST_BARS = 4096
"""Bars, on paper and played."""
STATED = ("title", "key", "tempo", "meter", "pickup", "cut")
"""What a line before a colon can state; any other word there is a heading."""

_TEMPO = re.compile(
    r"(?:♩\s*=\s*)?(\d{1,9}(?:\.\d{1,20})?|\d{1,40}/[1-9]\d{0,39})(?:\s*bpm)?", re.IGNORECASE | re.ASCII
)
_BEATS = re.compile(r"(\d{1,4}(?:\.\d{1,6})?|\d{1,6}/[1-9]\d{0,5})(?:\s*beats?)?", re.IGNORECASE | re.ASCII)

Said = TypeVar("Said")
Heard = TypeVar("Heard")


@dataclass
class Paper:
    """The bars in the order they are written, and what is gathered on the way."""

    title: str = ""
    bars: list[WrittenBar] = field(default_factory=list)
    has_pickup: bool = False
    key: Key | None = None
    tempo: TempoChange | None = None
    meter: Meter = COMMON_TIME
    states_meter: bool = False
    section: Heading | None = None
    cut: tuple[Place, Fraction] | None = None
    opens: Place | None = None
    """Where a repeat was opened that no bar has taken up yet."""

    def add(self, place: Place, entries: tuple[Entry, ...], ending: frozenset[int] | None) -> None:
        """One more bar, with all that holds here."""
        if len(self.bars) >= MOST_BARS:
            place.reject(f"The lead sheet has more than {MOST_BARS} bars.", "Divide it into several.")
        bar = WrittenBar(
            place, entries, self.meter, self.states_meter, self.key, self.tempo, self.section, ending=ending
        )
        if self.cut is not None:
            where, bar.cut = self.cut
            if not 0 < bar.cut < self.meter.numerator or (bar.cut * self.meter.unit).denominator != 1:
                where.reject(
                    f"A bar of {self.meter} cannot last {bar.cut} of its beats.",
                    "Give fewer beats than the bar has, in fractions that 960 ticks per quarter note can count.",
                )
        bar.opens_repeat, self.opens, self.cut = self.opens is not None, None, None
        self.bars.append(bar)


def open_section(paper: Paper, place: Place, words_of_it: str) -> None:
    """Begin a section by its heading, `Verse` or `Verse = A`; an empty one ends the section."""
    name, _, label = (one_line(part) for part in words_of_it.partition("="))
    if any(sign in name + label for sign in UNWRITABLE) or (label and not name):
        place.reject("This is not a heading.", "Write it as [Verse], or as [Verse = A] with a label.")
    paper.section = Heading(place, name, label) if name else None
    if paper.bars:
        paper.bars[-1].closes = True


def state(paper: Paper, name: str, value: str, place: Place) -> None:
    """Take in one of the lines `key:`, `tempo:`, `meter:`, `pickup:`, `cut:`."""
    match name:
        case "key":
            paper.key = _heard(place, Key.parse, value)
        case "tempo":
            found = _TEMPO.fullmatch(value)
            if found is None:
                place.reject(f"{value[:24]!r} is not a tempo.", "Write quarter notes per minute, such as 96.")
            qpm = Fraction(found[1]) if "/" in found[1] else float(found[1])
            paper.tempo = _heard(place, lambda speed: TempoChange(Ticks(0), speed), qpm)
        case "meter":
            set_meter(paper, value, place)
        case _:
            beats = _BEATS.fullmatch(value)
            if beats is None:
                place.reject(f"{value[:24]!r} is not a number of beats.", "Write beats of the meter, such as 1 or 1.5.")
            if name == "pickup" and paper.bars:
                place.reject("A pickup stands before the first bar.", "Write cut: for a short bar inside the piece.")
            paper.cut, paper.has_pickup = (place, Fraction(beats[1])), paper.has_pickup or name == "pickup"


def set_meter(paper: Paper, value: str, place: Place) -> None:
    """From here on bars have this meter."""
    paper.meter, paper.states_meter = _heard(place, Meter.parse, value), True


def _heard(place: Place, read: Callable[[Said], Heard], value: Said) -> Heard:
    """What a value means; its error learns where it stands."""
    try:
        return read(value)
    except InvalidMusic as problem:
        raise UnreadableFile(f"{problem.message[:-1]} ({place}).", problem.hint, path=str(place)) from problem
