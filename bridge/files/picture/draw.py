"""A picture of a song at a glance: every track's notes over bars, beats, chords and sections, as SVG.

One lane a track, several rows of bars. A note is a stroke; the louder it is, the stronger its colour. Everything is placed by
rule, so the same song always gives the same text. A song too long for one picture is drawn up to where it fits, and the
picture says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bridge.files.picture.lanes import MARGIN, NAMES, frames, grid, ground, label, notes
from bridge.files.picture.layout import Lane, Row, lanes_of, rows_of, tops
from bridge.files.picture.marks import (
    BAND_HEIGHT,
    Across,
    bar_numbers,
    change_marks,
    changes_in,
    chord_symbols,
    section_bands,
    section_colours,
    with_accidentals,
)
from bridge.files.picture.svg import SOFT_INK, document, fitted, words
from engines.errors import InvalidMusic
from engines.music.edits import Cell
from engines.music.harmony import ChordTrack, KeyTrack, is_chord_marker
from engines.music.song import Section, Song
from engines.music.time import Ticks

NARROWEST, WIDEST = 480, 6000
MOST_NOTES = 60_000
"""More notes than these are not drawn: the softest are left out, and the picture says how many."""

_GAP, _ROW_GAP = 5.0, 26.0
_MARK_HEIGHT, _CHORD_HEIGHT, _NUMBER_HEIGHT = 16.0, 21.0, 15.0
_CHORD = re.compile(r"\s*chord\s*:", re.IGNORECASE)


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
        return (self.width - 2 * MARGIN - NAMES) / max(row.end - row.start for row in self.rows)

    def across(self, row: Row) -> Across:
        """Where ticks stand in a row."""
        left, per_tick, start = MARGIN + NAMES, self.per_tick, row.start
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
    rows, last = rows_of(song.meter, shown, named, width - 2 * MARGIN - NAMES)
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
        remarks.append(f"{shared} tracks share one lane.")
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
    marks = [m for m in song.markers if m.name.strip() and not _CHORD.match(m.name) and not is_chord_marker(m.name)]
    ends = [*(mark.tick for mark in marks[1:]), song.end][: len(marks)]
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
    yield words(MARGIN, 38, fitted(name, 22, page.width - 2 * MARGIN), 22, weight=700)
    yield words(MARGIN, 58, fitted(_summary(page), 12.5, page.width - 2 * MARGIN), 12.5, fill=SOFT_INK)
    for i, remark in enumerate(remarks):
        yield words(MARGIN, 75 + 16 * i, remark, 11.5, fill="#a3430f", weight=600)


def _summary(page: _Page) -> str:
    song = page.song
    minutes, seconds = divmod(round(song.tempo.seconds_at(song.end)), 60)
    tracks = f"{len(page.lanes)} track" + ("s" if len(page.lanes) != 1 else "")
    parts = [f"{song.bars} bars", str(song.meter.meter_of(2 if song.meter.has_pickup() else 1))]
    if page.keys:
        parts.append(with_accidentals(str(page.keys.changes[0].key)))
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
        out += ground(lane, lane_top, across(row.start), across(row.end))
    borders = {int(section.start) for section in page.sections} | {int(row.start)}
    out += grid(row, across, y, bottom, page.song.meter, borders)
    for lane, lane_top in zip(page.lanes, lane_tops, strict=False):
        out += label(lane, lane_top)
        out += frames(lane, row, across, lane_top, page.marked)
        out += notes(lane, row, across, lane_top, page.quietest)
    out += bar_numbers(row, across, bottom + 12, page.song.meter)
    return out, bottom + _NUMBER_HEIGHT - top
