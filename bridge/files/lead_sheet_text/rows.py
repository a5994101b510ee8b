"""From lines of text to bars on paper."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple, TypeVar

from bridge.files.lead_sheet_text.bars import Entry, Heading, Place, WrittenBar, ending_of, entries_of, words
from bridge.files.lead_sheet_text.sheet import UNWRITABLE, one_line
from engines.errors import InvalidMusic, UnreadableFile
from engines.music.harmony import Key
from engines.music.time import COMMON_TIME, Meter, TempoChange, Ticks

MOST_TEXT = 1 << 20
"""Characters; a longer text is no lead sheet."""
MOST_BARS = 4096
"""Bars, on paper and played."""

_BRACKET = re.compile(r"\s*\[([^\[\]|]*)\](.*)", re.DOTALL)
_BAR_LINE = re.compile(r"(:)?(\|{1,2}\]?)(:)?")
_METER = re.compile(r"\d{1,6}/\d{1,6}", re.ASCII)
_TIMES = re.compile(r"[x×](\d{1,4})|(\d{1,4})[x×]", re.IGNORECASE | re.ASCII)
_TEMPO = re.compile(
    r"(?:♩\s*=\s*)?(\d{1,9}(?:\.\d{1,20})?|\d{1,40}/[1-9]\d{0,39})(?:\s*bpm)?", re.IGNORECASE | re.ASCII
)
_BEATS = re.compile(r"(\d{1,4}(?:\.\d{1,6})?|\d{1,6}/[1-9]\d{0,5})(?:\s*beats?)?", re.IGNORECASE | re.ASCII)
_NOTE = re.compile(r"[A-Ga-g][#b♯♭x]{0,2}")
_KNOWN = ("title", "key", "tempo", "meter", "pickup", "cut")
_ALIASES = {"time": "meter", "bpm": "tempo"}

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


def read_paper(text: str) -> Paper:
    """The bars of a text."""
    if len(text) > MOST_TEXT:
        raise UnreadableFile("The lead sheet is longer than a mebibyte.", "Give the lead sheet alone, as plain text.")
    paper = Paper()
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), 1):
        _read_line(paper, line, number)
    if paper.opens:
        paper.opens.reject("No bar follows the repeat sign.", "End the repeat with :|.")
    if paper.cut:
        paper.cut[0].reject("No bar follows.", "Leave this line out.")
    if not paper.bars:
        raise UnreadableFile("The lead sheet has no bars.", "Write the chords between bar lines: | Am7 D7 | Gmaj7 |.")
    return paper


class Statement(NamedTuple):
    """A line with a colon: `key: A minor`, `Verse:`, `Verse: | Am7 |`."""

    name: str
    value: str
    place: Place
    """Where the value begins."""


def _statement(line: str, number: int) -> Statement | None:
    """The statement that a line makes; None for a row of bars, among them one with Harte's chords (`C:maj7`)."""
    before, colon, value = line.partition(":")
    name = before.strip()
    if not colon or not name or value.startswith("|") or any(sign in name for sign in "|[]#"):
        return None
    if value and not value[0].isspace() and _NOTE.fullmatch(name.rpartition(" ")[2]):
        return None
    column = len(before) + 2 + len(value) - len(value.lstrip())
    return Statement(_ALIASES.get(name.lower(), name), value.strip(), Place(number, column))


def _read_line(paper: Paper, line: str, number: int) -> None:
    statement = _statement(line, number)
    if statement and statement.name.lower() == "title":
        paper.title = one_line(statement.value)  # a title may hold signs that begin a remark elsewhere
        return
    line = _without_comment(line)
    statement = _statement(line, number)
    words_of_it = line.strip()
    place = Place(number, len(line) - len(line.lstrip()) + 1)
    if words_of_it.startswith("#"):
        _open_section(paper, place, words_of_it.lstrip("#"))
    elif bracket := _BRACKET.fullmatch(line):
        _open_section(paper, place, bracket[1])
        _read_row(paper, bracket[2], Place(number, bracket.start(2) + 1))
    elif statement:
        _read_statement(paper, statement, place)
    elif words_of_it:
        _read_row(paper, line, Place(number, 1))


def _without_comment(line: str) -> str:
    """Two slashes between chords are beats; at the start of a line, or where a row has ended, they begin a remark."""
    line = line.partition(";")[0]
    if line.lstrip().startswith("//"):
        return ""
    heading_ends = line.find("]") + 1 if line.lstrip().startswith("[") else 0
    slashes = line.find("//", max(line.rfind("|") + 1, heading_ends))
    if slashes < 0:
        return line
    before = line[:slashes].strip()
    ended = before[-1] in "|]:" or before[0] == "#" or before.partition(":")[0].lower() in _KNOWN
    return line[:slashes] if ended else line


def _open_section(paper: Paper, place: Place, words_of_it: str) -> None:
    name, _, label = (one_line(part) for part in words_of_it.partition("="))
    if any(sign in name + label for sign in UNWRITABLE) or (label and not name):
        place.reject("This is not a heading.", "Write it as [Verse], or as [Verse = A] with a label.")
    paper.section = Heading(place, name, label) if name else None
    if paper.bars:
        paper.bars[-1].closes = True


def _read_statement(paper: Paper, statement: Statement, place: Place) -> None:
    name, value = statement.name, statement.value
    if name.lower() in _KNOWN:
        _set(paper, name.lower(), value, statement.place)
    elif not value or value.startswith("|"):
        _open_section(paper, place, name)
        _read_row(paper, value, statement.place)
    else:
        place.reject(
            f"{name[:24]!r} is nothing that a lead sheet states.",
            f"It states {', '.join(_KNOWN)}; put remarks after a semicolon.",
        )


def _set(paper: Paper, name: str, value: str, place: Place) -> None:
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
            _set_meter(paper, value, place)
        case _:
            beats = _BEATS.fullmatch(value)
            if beats is None:
                place.reject(f"{value[:24]!r} is not a number of beats.", "Write beats of the meter, such as 1 or 1.5.")
            if name == "pickup" and paper.bars:
                place.reject("A pickup stands before the first bar.", "Write cut: for a short bar inside the piece.")
            paper.cut, paper.has_pickup = (place, Fraction(beats[1])), paper.has_pickup or name == "pickup"


def _set_meter(paper: Paper, value: str, place: Place) -> None:
    paper.meter, paper.states_meter = _heard(place, Meter.parse, value), True


def _heard(place: Place, read: Callable[[Said], Heard], value: Said) -> Heard:
    """What a value means; its error learns where it stands."""
    try:
        return read(value)
    except InvalidMusic as problem:
        raise UnreadableFile(f"{problem.message[:-1]} ({place}).", problem.hint, path=str(place)) from problem


def _read_row(paper: Paper, row: str, place: Place) -> None:
    row = row.replace("｜", "|").replace("│", "|")
    at, before = 0, ""
    for line in _BAR_LINE.finditer(row):
        _read_cell(paper, row[at : line.start()], Place(place.line, place.column + at), before, line[0])
        _draw(paper, line, Place(place.line, place.column + line.start()))
        at, before = line.end(), line[0]
    _read_cell(paper, row[at:], Place(place.line, place.column + at), before, "")


def _draw(paper: Paper, line: re.Match[str], place: Place) -> None:
    """What a bar line does to the bar before it and after it."""
    if line[1]:
        if not paper.bars:
            place.reject("A repeat ends here, but there is no bar before it.", "Begin it with |:.")
        if paper.bars[-1].times:
            place.reject("Two repeats end here.", "Leave one of the signs out.")
        paper.bars[-1].times = 2
    if paper.bars and line[2] != "|":
        paper.bars[-1].closes = True
    if line[3]:
        paper.opens = place


def _is_seam(before: str, after: str) -> bool:
    """Whether the space between two bar lines is no bar: `:| |:`, `|| |:`."""
    return (before != "|" and after.endswith(":")) or (before.startswith(":") and after.startswith(":"))


def _read_cell(paper: Paper, text: str, place: Place, before: str, after: str) -> None:
    """One cell, between the bar lines before and after it (nothing at the ends of a row)."""
    cell = words(text, place)
    if not cell and (not before or not after or not text or _is_seam(before, after)):
        return  # the edge of a row, or two signs that belong together
    if cell and before.startswith(":") and (times := _TIMES.fullmatch(cell[0][0])):
        paper.bars[-1].times = int(times[1] or times[2])
        if not 1 <= paper.bars[-1].times <= MOST_BARS:
            cell[0][1].reject(f"{cell[0][0]!r} is no number of times.", f"Write x2 to x{MOST_BARS}.")
        cell = cell[1:]
        if not cell:
            return
    ending = ending_of(*cell[0]) if cell else None
    cell = cell[1:] if ending else cell
    if cell and _METER.fullmatch(cell[0][0]):
        _set_meter(paper, *cell[0])
        cell = cell[1:]
        if not cell and not before:
            return  # a meter ahead of the row's first bar line
    if [word for word, _ in cell] == ["%"]:
        if not paper.bars:
            cell[0][1].reject("There is no bar before this one to repeat.", "Write its chords.")
        paper.add(cell[0][1], paper.bars[-1].entries, ending)
    else:
        paper.add(cell[0][1] if cell else place, entries_of(cell), ending)
