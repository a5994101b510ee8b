"""The lanes of a picture of a song: their names, the grid behind them, the notes in them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise

from bridge.files.picture.layout import KIT, Lane, Row, kit_place
from bridge.files.picture.marks import Across
from bridge.files.picture.svg import (
    BAR_LINE,
    BEAT_LINE,
    BORDER_LINE,
    FAINT_INK,
    INK,
    LANE,
    box,
    fitted,
    number,
    safe,
    strokes,
    uprights,
    width_of,
    words,
)
from engines.music.edits import Cell
from engines.music.time import PPQ, MeterMap

MARGIN, NAMES = 24.0, 140.0
"""Around the picture, and for the names of the tracks at its left."""

_SHADES = (0.42, 0.58, 0.74, 0.88, 1.0)
"""How strong a note's colour is, from soft to loud."""


def ground(lane: Lane, top: float, left: float, right: float) -> Iterator[str]:
    """The lane's paper, with a line under every C (or between the rows of the kit)."""
    yield box(left, top, right - left, lane.height, LANE, radius=3)
    if lane.strokes:
        levels = [top + lane.step * i for i in range(1, len(lane.strokes))]
    else:
        levels = [top + lane.y(c) + lane.step / 2 for c in _octaves(lane) if c > lane.low]
    across = "".join(f"M{number(left)} {number(y)}h{number(right - left)}" for y in levels)
    if across:
        yield f'<path d="{across}" stroke="{BEAT_LINE}" stroke-width="1" fill="none"/>'


def _octaves(lane: Lane) -> range:
    """Every C that has a place."""
    return range(-(-lane.low // 12) * 12, lane.high + 1, 12)


def grid(
    row: Row, across: Across, top: float, bottom: float, meter: MeterMap, borders: Collection[int]
) -> Iterator[str]:
    """Beats faint, bar lines plain, the borders of sections strong."""
    bars = [int(meter.bar_start(bar)) for bar in range(row.first, row.last + 2)]
    beats = []
    for start, end in pairwise(bars):
        pulse = meter.meter_at(start).pulse
        if across(pulse) - across(0) >= 6:
            beats += list(range(start + pulse, end, pulse))
    yield uprights([across(tick) for tick in beats], top, bottom, BEAT_LINE, 1)
    yield uprights([across(tick) for tick in bars if tick not in borders], top, bottom, BAR_LINE, 1)
    yield uprights([across(tick) for tick in bars if tick in borders], top, bottom, BORDER_LINE, 1.4)


def label(lane: Lane, top: float) -> Iterator[str]:
    """The track's name beside its colour, and what the heights mean."""
    size = 13.0 if lane.tune else 12.0
    yield box(MARGIN, top, 4, lane.height, lane.colour, radius=2)
    lines = _in_two_lines(lane.name or "(no name)", size * 1.08, NAMES - (58 if lane.strokes else 42))
    for i, line in enumerate(lines):
        base = top + lane.height / 2 + 4 + (size + 1) * (i - (len(lines) - 1) / 2)
        yield words(MARGIN + 11, base, line, size, weight=700)
    edge = MARGIN + NAMES - 7
    if lane.strokes:
        for i, place in enumerate(lane.strokes):
            yield words(edge, top + lane.y(i) + 3, KIT[place][0], 8.5, fill=FAINT_INK, anchor="end")
    else:
        for c in _octaves(lane):
            base = min(top + lane.height, max(top + 7, top + lane.y(c) + 3))
            yield words(edge, base, f"C{c // 12 - 1}", 8.5, fill=FAINT_INK, anchor="end")


def _in_two_lines(name: str, size: float, room: float) -> list[str]:
    """A name as it is, or over two lines where it is long, or cut short where it is longer still."""
    parts = " ".join(name.split()).split(" ")
    if width_of(" ".join(parts), size) <= room or len(parts) == 1:
        return [fitted(name, size, room)]
    taken = next((i for i in range(len(parts) - 1, 1, -1) if width_of(" ".join(parts[:i]), size) <= room), 1)
    lines = (" ".join(parts[:taken]), " ".join(parts[taken:]))
    return [line for text in lines if (line := fitted(text, size, room))]


def frames(lane: Lane, row: Row, across: Across, top: float, marked: Sequence[Cell]) -> Iterator[str]:
    """A frame around what is marked in this lane."""
    for cell in marked:
        start, end = max(cell.start, row.start), min(cell.end, row.end)
        if cell.track.casefold() == lane.name.casefold() and start < end:
            left, wide = across(start), across(end) - across(start)
            look = f' fill-opacity="0.12" stroke="{INK}" stroke-width="1.6" stroke-dasharray="5 3"'
            yield box(left, top, wide, lane.height, lane.colour, radius=3, attributes=look)


def notes(lane: Lane, row: Row, across: Across, top: float, quietest: int) -> Iterator[str]:
    """The notes of a lane in a row: one path for each shade."""
    shades: list[list[tuple[float, float, float]]] = [[] for _ in _SHADES]
    thick = max(2.2, min(lane.step * 0.92, 7.0))
    if lane.strokes:
        thick = max(3.0, min(thick, 1.4 * (across(PPQ // 4) - across(0))))  # sixteenths can still be told apart
    rows = {place: i for i, place in enumerate(lane.strokes)}
    for note in lane.notes:
        if not (note.start < row.end and note.end > row.start) or note.velocity < quietest:
            continue
        shade = shades[min(len(_SHADES) - 1, max(0, (note.velocity - 24) // 20))]
        if lane.strokes:
            if note.start >= row.start:
                shade.append((across(note.start), top + lane.y(rows[kit_place(note.pitch)]), 0.0))
        else:
            start, end = max(note.start, row.start), min(note.end, row.end)
            shade.append((across(start), top + lane.y(note.pitch), max(1.0, across(end) - across(start) - 0.8)))
    drawn = [strokes(runs, lane.colour, thick, see) for runs, see in zip(shades, _SHADES, strict=True) if runs]
    if drawn:
        yield f'<g stroke-linecap="round" fill="none"><title>{safe(lane.name)}</title>{"".join(drawn)}</g>'
