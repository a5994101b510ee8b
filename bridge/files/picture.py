"""A picture of a song at a glance: every track's notes over bars, beats, chords and sections, as SVG.

One lane a track, several rows of bars. A note is a stroke; the louder it is, the stronger its colour. Everything is placed by
rule, so the same song always gives the same text. A song too long for one picture is drawn up to where it fits, and the
picture says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bridge.files.picture_layout import KIT, Lane, Row, kit_place, lanes_of, rows_of, tops
from bridge.files.picture_marks import (
    BAND_HEIGHT,
    Across,
    bar_numbers,
    change_marks,
    changes_in,
    chord_symbols,
    section_bands,
    section_colours,
)
from bridge.files.picture_svg import (
    BAR_LINE,
    BEAT_LINE,
    BORDER_LINE,
    FAINT_INK,
    INK,
    LANE,
    SOFT_INK,
    box,
    document,
    fitted,
    number,
    safe,
    strokes,
    uprights,
    words,
)
from engines.errors import InvalidMusic
from engines.music.edits import Cell
from engines.music.harmony import ChordTrack, KeyTrack, is_chord_marker
from engines.music.song import Section, Song
from engines.music.time import Ticks

NARROWEST, WIDEST = 480, 6000
MOST_NOTES = 60_000
"""More notes than these are not drawn: the softest are left out, and the picture says how many."""

_MARGIN, _NAMES, _GAP, _ROW_GAP = 24.0, 132.0, 5.0, 26.0
_MARK_HEIGHT, _CHORD_HEIGHT, _NUMBER_HEIGHT = 16.0, 21.0, 15.0
_SHADES = (0.42, 0.58, 0.74, 0.88, 1.0)
"""How strong a note's colour is, from soft to loud."""


@dataclass(frozen=True, slots=True)
class _Page:
    """What is drawn, and the room that it has."""

    song: Song
    rows: tuple[Row, ...]
    lanes: tuple[Lane, ...]
    sections: tuple[Section, ...]
    tints: tuple[str, ...]
    chords: ChordTrack | None
    keys: KeyTrack | None
    marked: tuple[Cell, ...]
    width: float
    quietest: int
    """Notes softer than this are left out."""

    @property
    def per_tick(self) -> float:
        """Pixels to a tick, the same in every row."""
        return (self.width - 2 * _MARGIN - _NAMES) / max(row.end - row.start for row in self.rows)

    def across(self, row: Row) -> Across:
        """Where ticks stand in a row."""
        left, per_tick, start = _MARGIN + _NAMES, self.per_tick, row.start
        return lambda tick: left + (tick - start) * per_tick


def draw_song(
    song: Song,
    *,
    width: int = 1600,
    title: str | None = None,
    chords: ChordTrack | None = None,
    keys: KeyTrack | None = None,
    sections: Sequence[Section] | None = None,
    melody: str | None = None,
    bars: tuple[int, int] | None = None,
    marked: Sequence[Cell] = (),
) -> str:
    """Draw a song. What is not given is taken from the song itself.

    `melody` names the track that is drawn first and largest (by default the one whose role or name says so), `bars` the first
    and last bar, `marked` places that are framed, such as a hole that was filled.
    """
    if not NARROWEST <= width <= WIDEST:
        raise InvalidMusic(f"A picture cannot be {width} pixels wide.", f"Use {NARROWEST} to {WIDEST}.")
    shown = _bars(song, bars)
    named = tuple(_sections(song) if sections is None else sections)
    rows, last = rows_of(song.meter, shown, named, width - 2 * _MARGIN - _NAMES)
    lanes, shared = lanes_of(song, melody)
    quietest, left_out = _quietest(lanes, rows[0].start, rows[-1].end)
    page = _Page(
        song,
        tuple(rows),
        tuple(lanes),
        named,
        tuple(section_colours(named)),
        song.chords if chords is None else chords,
        song.keys if keys is None else keys,
        tuple(marked),
        float(width),
        quietest,
    )
    remarks = []
    if last < shown.stop - 1:
        remarks.append(f"Bars {shown.start} to {last} of {song.bars}; the rest does not fit into one picture.")
    if left_out:
        remarks.append(f"The softest {left_out:,} notes are left out.")
    if shared:
        remarks.append(f"The last lane holds {shared} tracks.")
    name = title if title is not None else song.name or "A song"
    return _compose(page, name, remarks)


def _bars(song: Song, bars: tuple[int, int] | None) -> range:
    first, last = bars or (1, song.bars)
    if not 1 <= first <= last <= song.bars:
        raise InvalidMusic(f"Bars {first} to {last} are not in a song of {song.bars} bars.", "Name bars that it has.")
    return range(first, last + 1)


def _sections(song: Song) -> list[Section]:
    """The song's sections; where it has none, its markers as the places where sections begin."""
    if song.sections:
        return list(song.sections)
    marks = [m for m in song.markers if m.name.strip() and not m.name.lower().startswith("chord") and not is_chord_marker(m.name)]
    ends = [*(mark.tick for mark in marks[1:]), song.end]
    return [Section(m.name, m.tick, Ticks(end - m.tick)) for m, end in zip(marks, ends, strict=True) if end > m.tick]


def _quietest(lanes: Sequence[Lane], start: int, end: int) -> tuple[int, int]:
    """The velocity from which on notes are drawn so that there are not too many, and how many that leaves out."""
    counts = [0] * 128
    for lane in lanes:
        for note in lane.notes:
            if start <= note.start < end:
                counts[note.velocity] += 1
    total = left = sum(counts)
    for velocity in range(128):
        if left <= MOST_NOTES or velocity == 127:
            return velocity, total - left
        left -= counts[velocity]
    return 0, 0


def _compose(page: _Page, name: str, remarks: Sequence[str]) -> str:
    body = list(_heading(page, name, remarks))
    y = 74.0 + 16.0 * len(remarks)
    for row in page.rows:
        pieces, height = _row(page, row, y)
        body += pieces
        y += height + _ROW_GAP
    return document(page.width, y - _ROW_GAP + 16, name, _description(page, remarks), body)


def _heading(page: _Page, name: str, remarks: Sequence[str]) -> Iterator[str]:
    yield words(_MARGIN, 38, fitted(name, 22, page.width - 2 * _MARGIN), 22, weight=700)
    yield words(_MARGIN, 58, fitted(_summary(page), 12.5, page.width - 2 * _MARGIN), 12.5, fill=SOFT_INK)
    for i, remark in enumerate(remarks):
        yield words(_MARGIN, 75 + 16 * i, remark, 11.5, fill="#a3430f", weight=600)


def _summary(page: _Page) -> str:
    song = page.song
    minutes, seconds = divmod(round(song.tempo.seconds_at(song.end)), 60)
    tracks = f"{len(page.lanes)} track" + ("s" if len(page.lanes) != 1 else "")
    parts = [f"{song.bars} bars", str(song.meter.meter_of(2 if song.meter.has_pickup() else 1))]
    if page.keys:
        parts.append(str(page.keys.changes[0].key))
    return " · ".join([*parts, f"♩ = {float(song.tempo.changes[0].qpm):.0f}", f"{minutes}:{seconds:02}", tracks])


def _description(page: _Page, remarks: Sequence[str]) -> str:
    """What the picture shows, for those who do not see it."""
    tracks = ", ".join(f"{lane.name} ({len(lane.notes)} notes)" for lane in page.lanes) or "none"
    sections = ", ".join(f"{s.name} from bar {page.song.meter.bar_at(s.start)}" for s in page.sections[:40])
    text = f"Piano roll: {_summary(page)}. Tracks: {tracks}."
    return " ".join([text, f"Sections: {sections}." if sections else "", *remarks]).strip()


def _row(page: _Page, row: Row, top: float) -> tuple[list[str], float]:
    """One row of bars, and how tall it is."""
    across = page.across(row)
    right = across(row.end)
    y = top
    out: list[str] = []
    if page.sections:
        out += section_bands(row, across, y, page.sections, page.tints)
        y += BAND_HEIGHT
    marks = changes_in(row, page.song.meter, page.song.tempo, page.keys)
    if marks:
        out += change_marks(marks, across, y, page.width - 8)
        y += _MARK_HEIGHT
    if page.chords is not None and len(page.chords):
        out += chord_symbols(row, across, y, page.chords)
        y += _CHORD_HEIGHT
    lane_tops = [y + offset for offset in tops([lane.height for lane in page.lanes], _GAP)]
    bottom = max(y + 12.0, lane_tops[-1] - _GAP)
    for lane, lane_top in zip(page.lanes, lane_tops, strict=False):
        out += _ground(lane, lane_top, across(row.start), right)
    out += _grid(page, row, across, y, bottom)
    for lane, lane_top in zip(page.lanes, lane_tops, strict=False):
        out += _label(lane, lane_top)
        out += _frames(page, lane, row, across, lane_top)
        out += _notes(page, lane, row, across, lane_top)
    out += bar_numbers(row, across, bottom + 12, page.song.meter)
    return out, bottom + _NUMBER_HEIGHT - top


def _ground(lane: Lane, top: float, left: float, right: float) -> Iterator[str]:
    """The lane's paper, with a line under every C (or between the rows of the kit)."""
    yield box(left, top, right - left, lane.height, LANE, radius=3)
    if lane.strokes:
        levels = [top + lane.step * i for i in range(1, len(lane.strokes))]
    else:
        levels = [top + lane.y(c) + lane.step / 2 for c in range(-(-lane.low // 12) * 12, lane.high + 1, 12) if c > lane.low]
    across = "".join(f"M{number(left)} {number(y)}h{number(right - left)}" for y in levels)
    if across:
        yield f'<path d="{across}" stroke="{BEAT_LINE}" stroke-width="1" fill="none"/>'


def _grid(page: _Page, row: Row, across: Across, top: float, bottom: float) -> Iterator[str]:
    """Beats faint, bar lines plain, the borders of sections strong."""
    meter = page.song.meter
    bars = [int(meter.bar_start(bar)) for bar in range(row.first, row.last + 2)]
    beats = []
    for start, end in zip(bars, bars[1:], strict=False):
        pulse = meter.meter_at(start).pulse
        if pulse * page.per_tick >= 6:
            beats += list(range(start + pulse, end, pulse))
    borders = {int(section.start) for section in page.sections} | {row.start}
    yield uprights([across(tick) for tick in beats], top, bottom, BEAT_LINE, 1)
    yield uprights([across(tick) for tick in bars if tick not in borders], top, bottom, BAR_LINE, 1)
    yield uprights([across(tick) for tick in bars if tick in borders], top, bottom, BORDER_LINE, 1.4)


def _label(lane: Lane, top: float) -> Iterator[str]:
    """The track's name in its colour, and what the heights mean."""
    size = 13.0 if lane.tune else 12.0
    middle = top + lane.height / 2
    yield box(_MARGIN, top, 4, lane.height, lane.colour, radius=2)
    yield words(_MARGIN + 11, middle + 4, fitted(lane.name or "(no name)", size, _NAMES - 48), size, weight=700)
    edge = _MARGIN + _NAMES - 6
    if lane.strokes:
        for i, place in enumerate(lane.strokes):
            yield words(edge, top + lane.y(i) + 3, KIT[place][0], 8.5, fill=FAINT_INK, anchor="end")
    else:
        for c in range(-(-lane.low // 12) * 12, lane.high + 1, 12):
            yield words(edge, min(top + lane.height, top + lane.y(c) + 3), f"C{c // 12 - 1}", 8.5, fill=FAINT_INK, anchor="end")


def _frames(page: _Page, lane: Lane, row: Row, across: Across, top: float) -> Iterator[str]:
    """A frame around what is marked in this lane."""
    for cell in page.marked:
        start, end = max(cell.start, row.start), min(cell.end, row.end)
        if cell.track.casefold() == lane.name.casefold() and start < end:
            left, wide = across(start), across(end) - across(start)
            look = f' fill-opacity="0.12" stroke="{INK}" stroke-width="1.6" stroke-dasharray="5 3"'
            yield box(left, top, wide, lane.height, lane.colour, radius=3, attributes=look)


def _notes(page: _Page, lane: Lane, row: Row, across: Across, top: float) -> Iterator[str]:
    """The notes of a lane in a row: one path for each shade."""
    shades: list[list[tuple[float, float, float]]] = [[] for _ in _SHADES]
    thick = max(2.2, min(lane.step * 0.92, 7.0))
    rows = {place: i for i, place in enumerate(lane.strokes)}
    for note in lane.notes:
        if not (note.start < row.end and note.end > row.start) or note.velocity < page.quietest:
            continue
        shade = shades[min(len(_SHADES) - 1, max(0, (note.velocity - 24) // 20))]
        if lane.strokes:
            if note.start >= row.start:
                shade.append((across(note.start), top + lane.y(rows[kit_place(note.pitch)]), 0.0))
        elif not note.is_drum:
            start, end = max(note.start, row.start), min(note.end, row.end)
            shade.append((across(start), top + lane.y(note.pitch), max(1.0, (end - start) * page.per_tick - 0.8)))
    drawn = [strokes(runs, lane.colour, thick, see) for runs, see in zip(shades, _SHADES, strict=True) if runs]
    if drawn:
        yield f'<g stroke-linecap="round" fill="none"><title>{safe(lane.name)}</title>{"".join(drawn)}</g>'
