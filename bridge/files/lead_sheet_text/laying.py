"""From cells to ticks: where each chord of a bar enters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

from bridge.files.lead_sheet_text.bars import Entry, Place, WrittenBar
from engines.music.harmony import ChordChange, ChordTrack
from engines.music.time import Meter, MeterChange, MeterMap, Ticks


class Frame(NamedTuple):
    """The time that a bar takes."""

    start: Ticks
    end: Ticks
    meter: Meter
    place: Place


def frames_of(bars: Iterable[WrittenBar], has_pickup: bool) -> list[Frame]:
    """One bar after another, from tick 0."""
    out: list[Frame] = []
    at = 0
    for bar in bars:
        meter, length = bar.meter, int(bar.meter.bar)
        if bar.cut is not None:
            length = int(bar.cut * bar.meter.unit)
            meter = (pickup_meter(meter, length) or meter) if has_pickup and not out else meter
        out.append(Frame(Ticks(at), Ticks(at + length), meter, bar.place))
        at += length
    return out


def pickup_meter(meter: Meter, length: int) -> Meter | None:
    """The meter that a pickup fills: 1/4 before 4/4, 3/8 for a beat and a half; None where no meter fits."""
    below = meter.denominator
    while below <= 128:
        above, rest = divmod(length * below, int(meter.unit) * meter.denominator)
        if rest == 0 and above <= 255:
            return Meter(above, below)
        below *= 2
    return None


def frames_in(meter: MeterMap, first: int, bars: Sequence[WrittenBar]) -> list[Frame]:
    """The bars of music that is there already, from a bar number on."""
    return [
        Frame(meter.bar_start(b), meter.bar_end(b), meter.meter_of(b), bar.place) for b, bar in enumerate(bars, first)
    ]


def meter_map(frames: Iterable[Frame]) -> MeterMap:
    """The meters of the bars; after a bar that was cut short the meter is stated anew, so that the cut is kept."""
    changes: list[MeterChange] = []
    cut = False
    for frame in frames:
        if not changes or cut or changes[-1].meter != frame.meter:
            changes.append(MeterChange(frame.start, frame.meter))
        cut = frame.end - frame.start < frame.meter.bar
    return MeterMap(tuple(changes))


def lay(bars: Iterable[WrittenBar], frames: Sequence[Frame]) -> ChordTrack:
    """The chords of the bars in their places."""
    changes = [change for bar, frame in zip(bars, frames, strict=True) for change in _changes(bar.entries, frame)]
    return ChordTrack(tuple(changes), frames[-1].end)


def _changes(entries: Sequence[Entry], frame: Frame) -> Iterator[ChordChange]:
    for entry, offset in zip(entries, _offsets(entries, frame), strict=True):
        if entry.chord is not None:
            yield ChordChange(Ticks(frame.start + offset), entry.chord)


def _offsets(entries: Sequence[Entry], frame: Frame) -> Sequence[int]:
    if not entries:
        return ()
    length = frame.end - frame.start
    if any(entry.beat is not None for entry in entries):
        return _placed(entries, frame)
    if all(entry.chord for entry in entries):
        shares = even_shares(len(entries), length, frame.meter)
        hint = "Spread them over more bars."
    else:
        shares = marks(len(entries), length, frame.meter)
        hint = "Give every beat a chord or a slash, or only the chords, or a place as in D7@2.5."
    if shares is None:
        entries[0].place.reject(f"{len(entries)} chords and marks do not fill a bar of {frame.meter} evenly.", hint)
    return shares


def _placed(entries: Sequence[Entry], frame: Frame) -> list[int]:
    out: list[int] = []
    for i, entry in enumerate(entries):
        if entry.chord is None or (entry.beat is None and i):
            entry.place.reject("In a bar with @ every chord but the first needs its place.", "Write it as D7@2.5.")
        offset = ((entry.beat or Fraction(1)) - 1) * frame.meter.unit
        if offset.denominator != 1 or not (out[-1] if out else -1) < offset < frame.end - frame.start:
            entry.place.reject(
                f"There is no place at beat {entry.beat} of this bar for the chord.",
                "Count beats from 1 to the end of the bar, each later than the one before.",
            )
        out.append(int(offset))
    return out


def grids(meter: Meter) -> Iterator[int]:
    """What a bar is counted in: felt beats, units of the meter, and halves of those as far as whole ticks go."""
    yield meter.pulse
    step = int(meter.unit)
    if step != meter.pulse:
        yield step
    while step % 2 == 0:
        step //= 2
        yield step


def even_shares(chords: int, length: int, meter: Meter) -> list[int] | None:
    """Where chords enter that share a bar; None when there are too many. Earlier ones get what is left over."""
    for step in grids(meter):
        beats = -(-length // step)
        if beats >= chords:
            share, more = divmod(beats, chords)
            return [(i * share + min(i, more)) * step for i in range(chords)]
    return None


def marks(count: int, length: int, meter: Meter) -> list[int] | None:
    """Where chords and marks stand when each is one beat; None when they do not fill the bar."""
    step = next((step for step in grids(meter) if count * step == length), None)
    return None if step is None else [i * step for i in range(count)]
