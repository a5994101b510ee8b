"""Lead-sheet text as a lead sheet, or as chords over bars that are there already."""

from __future__ import annotations

from collections.abc import Sequence

from bridge.files.lead_sheet_text.bars import WrittenBar
from bridge.files.lead_sheet_text.form import play_order
from bridge.files.lead_sheet_text.laying import Frame, frames_in, frames_of, lay, meter_map
from bridge.files.lead_sheet_text.lines import read_paper
from bridge.files.lead_sheet_text.sheet import LeadSheet
from engines.music.harmony import ChordTrack, KeyChange, KeyTrack
from engines.music.song import Section
from engines.music.time import MeterMap, TempoChange, TempoMap, Ticks


def read_lead_sheet(text: str) -> LeadSheet:
    """Read a text; see the package for how it is written. Errors name line and column."""
    paper = read_paper(text)
    bars = [paper.bars[i] for i in play_order(paper.bars)]
    frames = frames_of(bars, paper.has_pickup)
    return LeadSheet(
        frames[-1].end, lay(bars, frames), meter_map(frames), _keys(bars, frames), _tempo(bars, frames),
        _sections(bars, frames), paper.title,
    )  # fmt: skip


def parse_chords(text: str, meter: MeterMap) -> ChordTrack:
    """The chords of a text over music that has its bars already: one cell, one bar.

    The first cell is the first full bar, unless the text begins with a pickup of its own. A meter in the text must be
    the music's. Keys, tempi and headings are left to `read_lead_sheet`.
    """
    paper = read_paper(text)
    bars = [paper.bars[i] for i in play_order(paper.bars)]
    frames = frames_in(meter, 2 if meter.has_pickup() and not _begins_short(bars[0], meter) else 1, bars)
    for number, (bar, frame) in enumerate(zip(bars, frames, strict=True)):
        if bar.states_meter and bar.meter != frame.meter and not (number == 0 and paper.has_pickup):
            bar.place.reject(
                f"The chords say {bar.meter} where the music is in {frame.meter}.",
                "Leave the meter out of the chords, or correct it.",
            )
    return lay(bars, frames)


def _begins_short(bar: WrittenBar, meter: MeterMap) -> bool:
    """Whether the first cell speaks of a pickup that the music has."""
    return bar.cut is not None or (bar.states_meter and bar.meter == meter.meter_of(1) != meter.meter_of(2))


def _keys(bars: Sequence[WrittenBar], frames: Sequence[Frame]) -> KeyTrack | None:
    changes: list[KeyChange] = []
    for bar, frame in zip(bars, frames, strict=True):
        if bar.key is not None and (not changes or changes[-1].key != bar.key):
            if not changes and frame.start:
                bar.place.reject("The key is first given here.", "State the key before the first bar, too.")
            changes.append(KeyChange(frame.start, bar.key))
    return KeyTrack(tuple(changes)) if changes else None


def _tempo(bars: Sequence[WrittenBar], frames: Sequence[Frame]) -> TempoMap | None:
    changes: list[TempoChange] = []
    for bar, frame in zip(bars, frames, strict=True):
        if bar.tempo is not None and (not changes or changes[-1].qpm != bar.tempo.qpm):
            if not changes and frame.start:
                bar.place.reject("The tempo is first given here.", "State the tempo before the first bar, too.")
            changes.append(TempoChange(frame.start, bar.tempo.qpm))
    return TempoMap(tuple(changes)) if changes else None


def _sections(bars: Sequence[WrittenBar], frames: Sequence[Frame]) -> tuple[Section, ...]:
    """A section lasts while its heading does. One whose repeat leads back to an earlier heading begins anew."""
    out: list[Section] = []
    last = None
    for bar, frame in zip(bars, frames, strict=True):
        heading = bar.section
        if heading is not None and heading == last:
            out[-1] = Section(heading.name, out[-1].start, Ticks(frame.end - out[-1].start), heading.label)
        elif heading is not None:
            out.append(Section(heading.name, frame.start, Ticks(frame.end - frame.start), heading.label))
        last = heading
    return tuple(out)
