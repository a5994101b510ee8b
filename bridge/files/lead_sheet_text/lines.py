"""From text to lines, and what each of them is: a statement, a heading, a row of bars, a remark."""

from __future__ import annotations

import re
from typing import NamedTuple

from bridge.files.lead_sheet_text.bars import Place
from bridge.files.lead_sheet_text.paper import STATED, Paper, open_section, state
from bridge.files.lead_sheet_text.rows import read_row
from bridge.files.lead_sheet_text.sheet import one_line
from engines.errors import UnreadableFile

MOST_TEXT = 1 << 20
"""Characters; a longer text is no lead sheet."""

_BRACKET = re.compile(r"\s*\[([^\[\]|]*)\](.*)", re.DOTALL)
_NOTE = re.compile(r"[A-Ga-g][#b♯♭x]{0,2}")
_ALIASES = {"time": "meter", "bpm": "tempo"}


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
        open_section(paper, place, words_of_it.lstrip("#"))
    elif bracket := _BRACKET.fullmatch(line):
        open_section(paper, place, bracket[1])
        read_row(paper, bracket[2], Place(number, bracket.start(2) + 1))
    elif statement:
        _read_statement(paper, statement, place)
    elif words_of_it:
        read_row(paper, line, Place(number, 1))


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
    ended = before[-1] in "|]:" or before[0] == "#" or before.partition(":")[0].lower() in STATED
    return line[:slashes] if ended else line


def _read_statement(paper: Paper, statement: Statement, place: Place) -> None:
    name, value = statement.name, statement.value
    if name.lower() in STATED:
        state(paper, name.lower(), value, statement.place)
    elif not value or value.startswith("|"):
        open_section(paper, place, name)
        read_row(paper, value, statement.place)
    else:
        place.reject(
            f"{name[:24]!r} is nothing that a lead sheet states.",
            f"It states {', '.join(STATED)}; put remarks after a semicolon.",
        )
