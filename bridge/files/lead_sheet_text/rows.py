"""From a row of cells and bar lines to bars."""

from __future__ import annotations

import re

from bridge.files.lead_sheet_text.bars import Place, ending_of, entries_of, words
from bridge.files.lead_sheet_text.paper import MOST_BARS, Paper, set_meter

_BAR_LINE = re.compile(r"(:)?(\|{1,2}\]?)(:)?")
_METER = re.compile(r"\d{1,6}/\d{1,6}", re.ASCII)
_TIMES = re.compile(r"[x×](\d{1,4})|(\d{1,4})[x×]", re.IGNORECASE | re.ASCII)


def read_row(paper: Paper, row: str, place: Place) -> None:
    """Add the bars of a row, which begins at a place."""
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
        set_meter(paper, *cell[0])
        cell = cell[1:]
        if not cell and not before:
            return  # a meter ahead of the row's first bar line
    if [word for word, _ in cell] == ["%"]:
        if not paper.bars:
            cell[0][1].reject("There is no bar before this one to repeat.", "Write its chords.")
        paper.add(cell[0][1], paper.bars[-1].entries, ending)
    else:
        paper.add(cell[0][1] if cell else place, entries_of(cell), ending)
