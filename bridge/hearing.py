"""An analysis as `analysis/1` and as lines that a musician reads."""

from __future__ import annotations

from collections.abc import Iterator

from bridge.wire import Analysis1
from bridge.wire.reports import ChordAt, KeyAt, MeterAt, PhraseAt, TempoAt, TrackSeen, Warned
from engines.api import Analysis
from engines.errors import Notice
from engines.music.song import Song


def warned(notices: tuple[Notice, ...]) -> tuple[Warned, ...]:
    """Notices in wire form."""
    return tuple(Warned(code=n.code, message=n.message, hint=n.hint) for n in notices)


def to_wire(heard: Analysis, notices: tuple[Notice, ...] = ()) -> Analysis1:
    """`analysis/1`; notices of reading the file come before those of listening."""
    song = heard.song
    return Analysis1(
        meter=tuple(
            MeterAt(bar=song.meter.bar_at(change.tick), meter=str(change.meter)) for change in song.meter.changes
        ),
        tempo=tuple(
            TempoAt(bar=bar, beat=beat, qpm=round(float(change.qpm), 6))
            for change in song.tempo.changes
            for bar, beat in (_bar_beat(song, change.tick),)
        ),
        key=tuple(
            KeyAt(
                bar=song.meter.bar_at(span.tick),
                tonic=str(span.key.tonic),
                mode=str(span.key.mode),
                confidence=round(span.confidence, 3),
            )
            for span in heard.keys
        ),
        chords=tuple(
            ChordAt(bar=bar, beat=beat, symbol=str(change.chord))
            for change in heard.chords.changes
            for bar, beat in (_bar_beat(song, change.tick),)
        ),
        chords_from=heard.chords_from,
        phrases=tuple(PhraseAt(label=p.label, start_bar=p.start_bar, bars=p.bars) for p in heard.phrases),
        tracks=tuple(
            TrackSeen(name=part.name, role=part.role, program=part.program, notes=part.notes) for part in heard.tracks
        ),
        warnings=warned((*notices, *heard.notices)),
    )


def lines(heard: Analysis) -> Iterator[str]:
    """The same, for a person."""
    song = heard.song
    wire = to_wire(heard)
    yield f"{song.bars} bar{'s' if song.bars != 1 else ''}, {_time(song)}"
    yield f"meter    {_meters(song)}"
    yield (
        "tempo    "
        + ", ".join(
            f"{t.qpm:.4g}" + (f" from {t.bar}.{t.beat:g}" if (t.bar, t.beat) != (1, 1) else "") for t in wire.tempo[:8]
        )
        + (" …" if len(wire.tempo) > 8 else "")
    )
    yield f"key      {_keys(song, wire.key)}"
    yield f"phrases  {heard.form or 'none'}"
    if wire.tracks:
        width = max(len(t.name) for t in wire.tracks)
        yield "tracks"
        for part in heard.tracks:
            yield f"  {part.name:<{width}}  {part.role:<8} {part.notes:5d} notes  {part.reason}"
    yield f"chords   from {heard.chords_from}"
    yield from (f"  {row}" for row in _chord_rows(heard))


def _meters(song: Song, most: int = 8) -> str:
    """The meters where they change; one that only draws a bar line anew is not named again, but an upbeat is."""
    found: list[str] = []
    last = None
    for change in song.meter.changes:
        if change.meter != last:
            bar = song.meter.bar_at(change.tick)
            found.append(str(change.meter) + (f" from bar {bar}" if bar > 1 else ""))
        last = change.meter
    upbeat = " (bar 1 is an upbeat)" if song.meter.has_pickup() else ""
    return ", ".join(found[:most]) + (" …" if len(found) > most else "") + upbeat


def _keys(song: Song, keys: tuple[KeyAt, ...]) -> str:
    """The keys and how sure they are; where nothing sounds that has a pitch, what the file states."""
    if not any(key.confidence for key in keys):
        stated = song.keys.changes if song.keys is not None else ()
        return f"{stated[0].key} (as the file states)" if stated else "none to hear"
    return ", ".join(
        f"{k.tonic} {k.mode}" + (f" from bar {k.bar}" if k.bar > 1 else "") + f" ({k.confidence:.0%} sure)"
        for k in keys
    )


def _bar_beat(song: Song, tick: int) -> tuple[int, float]:
    place = song.meter.position(tick)
    unit = song.meter.meter_at(tick).unit
    return place.bar, round(place.beat + place.tick / unit, 6)


def _time(song: Song) -> str:
    seconds = round(song.tempo.seconds_at(song.end))
    return f"{seconds // 60}:{seconds % 60:02d} minutes"


def _chord_rows(heard: Analysis, per_row: int = 4) -> Iterator[str]:
    """A chord chart, four bars a row, each row led by its bar number."""
    meter, bars = heard.song.meter, heard.song.bars
    cells: dict[int, list[str]] = {1: []}
    for change in heard.chords.changes:
        cells.setdefault(meter.bar_at(change.tick), []).append(str(change.chord))
    for first in range(1, bars + 1, per_row):
        row = [" ".join(cells.get(bar, ["%"])) or "N.C." for bar in range(first, min(first + per_row, bars + 1))]
        yield f"{first:4d} | " + " | ".join(f"{cell:<9}" for cell in row) + " |"
