"""Writing a lead sheet as text, four bars a row. Reading the text gives the same lead sheet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from bridge.files.lead_sheet_text.bars import MOST_IN_A_BAR
from bridge.files.lead_sheet_text.laying import even_shares, grids, pickup_meter
from bridge.files.lead_sheet_text.lines import MOST_TEXT
from bridge.files.lead_sheet_text.paper import MOST_BARS
from bridge.files.lead_sheet_text.sheet import LeadSheet
from engines.errors import WriteFailed
from engines.music.harmony import ChordChange
from engines.music.song import Song
from engines.music.time import Meter, Ticks, spans

_BARS_A_ROW = 4
_MOST_MARKS = 16
"""A bar of more marks is easier read with places (`D7@2.5`)."""


def write_lead_sheet(sheet: LeadSheet | Song) -> str:
    """The text of a lead sheet, or of a song's (`LeadSheet.of`)."""
    if isinstance(sheet, Song):
        sheet = LeadSheet.of(sheet)
    lines = [f"title: {sheet.title}"] if sheet.title else []
    row: list[str] = []
    bars = list(spans(list(sheet.bar_lines)))
    first_full = _bar_end(sheet, Ticks(0)) if _pickup(sheet) else None
    for (start, _), cell in zip(bars, _cells(sheet, bars), strict=True):
        stated = [*_statements(sheet, start)]
        if row and (stated or len(row) == _BARS_A_ROW or start == first_full):
            lines.append(_row(row))
            row = []
        lines += stated
        row.append(cell)
    text = "\n".join([*lines, _row(row), ""])
    if len(bars) > MOST_BARS or len(text) > MOST_TEXT:
        raise WriteFailed("The piece is too long for a lead sheet as text.", "Divide it into several.")
    return text


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _statements(sheet: LeadSheet, tick: Ticks) -> Iterator[str]:
    """The lines that stand before the bar at a tick: the head of the sheet before its first heading."""
    heading = [*_headings(sheet, tick)]
    if tick:
        yield from heading
    yield from (f"key: {one.key}" for one in (sheet.keys.changes if sheet.keys else ()) if one.tick == tick)
    for change in sheet.tempo.changes if sheet.tempo else ():
        if change.tick == tick:
            yield f"tempo: {_number(change.qpm)}"
    yield from _meter_statements(sheet, tick)
    if not tick:
        yield from heading


def _headings(sheet: LeadSheet, tick: Ticks) -> Iterator[str]:
    begins = next((one for one in sheet.sections if one.start == tick), None)
    if begins:
        yield f"\n[{begins.name} = {begins.label}]" if begins.label else f"\n[{begins.name}]"
    elif any(one.end == tick for one in sheet.sections):
        yield "\n[]"


def _number(qpm: float | Fraction) -> str:
    return str(int(qpm)) if qpm == int(qpm) else str(qpm)


def _meter_statements(sheet: LeadSheet, tick: Ticks) -> Iterator[str]:
    meter = sheet.meter.meter_at(tick)
    end = _bar_end(sheet, tick)
    pickup = _pickup(sheet)
    if pickup and tick == 0:
        yield f"meter: {sheet.meter.meter_at(end)}"
        yield f"pickup: {pickup}"
        return
    is_stated = pickup and tick == _bar_end(sheet, Ticks(0))  # ahead of the pickup
    if not is_stated and any(change.tick == tick for change in sheet.meter.changes):
        yield f"meter: {meter}"
    if end - tick < meter.bar:
        yield f"cut: {Fraction(end - tick, meter.unit)}"


def _bar_end(sheet: LeadSheet, tick: Ticks) -> Ticks:
    return min(sheet.length, sheet.meter.bar_end(sheet.meter.bar_at(tick)))


def _pickup(sheet: LeadSheet) -> Fraction | None:
    """The beats of a first bar that reads as a pickup to the second; None where there is no such thing."""
    end = _bar_end(sheet, Ticks(0))
    if end == sheet.length:
        return None
    following = sheet.meter.meter_at(end)
    beats = Fraction(end, following.unit)
    return beats if beats < following.numerator and pickup_meter(following, end) == sheet.meter.meter_at(0) else None


def _cells(sheet: LeadSheet, bars: Sequence[tuple[Ticks, Ticks]]) -> Iterator[str]:
    changes = sheet.chords.changes
    i = 0
    for number, (start, end) in enumerate(bars, 1):
        inside: list[ChordChange] = []
        while i < len(changes) and changes[i].tick < end:
            inside.append(changes[i])
            i += 1
        if len(inside) > MOST_IN_A_BAR:
            raise WriteFailed(f"Bar {number} has {len(inside)} chords.", f"Keep to {MOST_IN_A_BAR} in a bar.")
        yield _cell(inside, start, end - start, sheet.meter.meter_at(start))


def _cell(changes: Sequence[ChordChange], start: int, length: int, meter: Meter) -> str:
    """The chords of one bar, in the plainest way that puts each in its place."""
    symbols = [str(change.chord) for change in changes]
    offsets = [change.tick - start for change in changes]
    if not changes or offsets == even_shares(len(changes), length, meter):
        return " ".join(symbols)
    for step in grids(meter):
        if length % step == 0 and length // step <= _MOST_MARKS and not any(offset % step for offset in offsets):
            beats = ["/"] * (length // step)
            for symbol, offset in zip(symbols, offsets, strict=True):
                beats[offset // step] = symbol
            return " ".join(beats)
    return " ".join(
        f"{symbol}@{_place(Fraction(at, meter.unit) + 1)}" for symbol, at in zip(symbols, offsets, strict=True)
    )


def _place(beat: Fraction) -> str:
    whole, rest = divmod(beat, 1)
    if not rest:
        return str(whole)
    return f"{float(beat):.3f}".rstrip("0") if 1000 % rest.denominator == 0 else f"{whole}+{rest}"
