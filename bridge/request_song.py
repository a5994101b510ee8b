"""A script's request as a song.

Scripts send what REAPER holds: items whose takes have events in quarter notes from the start of their source. Here these are
laid through offset, rate and loop into ticks of the project.
"""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import TypeVar

from bridge.wire.jobs import Item, Request1, RequestTrack
from engines.errors import InvalidMusic, SchemaError
from engines.music.edits import in_force
from engines.music.harmony import Chord, ChordChange, ChordTrack
from engines.music.notes import Control, Event, Note, PitchBend, Pressure, Program
from engines.music.song import AudioClip, Marker, MidiClip, Placement, Section, Song, Take, Track
from engines.music.time import PPQ, Meter, MeterChange, MeterMap, TempoChange, TempoMap, Ticks

Change = TypeVar("Change", TempoChange, MeterChange)

MAX_REPEATS = 10_000
"""A looped item that repeats more often than this is a slip in its length."""


def to_song(request: Request1) -> Song:
    """The project as the request describes it."""
    tempo = [TempoChange(ticks(p.qn), p.qpm, p.linear) for p in request.time.tempo] or [TempoChange(Ticks(0), 120.0)]
    meter = [MeterChange(ticks(p.qn), Meter.parse(p.meter)) for p in request.time.meter] or [
        MeterChange(Ticks(0), Meter(4, 4))
    ]
    chords = [ChordChange(ticks(p.qn), Chord.parse(p.symbol, where=f"quarter note {p.qn:g}")) for p in request.chords]
    return Song(
        tracks=tuple(_track(track) for track in request.tracks),
        tempo=TempoMap(_last_of_each_tick(tempo)),
        meter=MeterMap(_last_of_each_tick(meter)),
        chords=ChordTrack(tuple(chords)) if chords else None,
        sections=tuple(
            Section(region.name, ticks(region.from_qn), Ticks(ticks(region.to_qn) - ticks(region.from_qn)))
            for region in request.regions
        ),
        markers=tuple(Marker(ticks(marker.qn), marker.name) for marker in request.markers),
        name=request.project.name,
    )


def _last_of_each_tick(changes: list[Change]) -> tuple[Change, ...]:
    """Two markers less than half a tick apart are one position: the later holds."""
    return tuple(
        change for change, after in zip_longest(changes, changes[1:]) if after is None or after.tick != change.tick
    )


def ticks(quarters: float) -> Ticks:
    """Quarter notes in ticks, to the nearest."""
    return Ticks(round(quarters * PPQ))


def _track(track: RequestTrack) -> Track:
    placements = tuple(_placement(item) for item in sorted(track.items, key=lambda item: item.from_qn))
    clips = [p.clip for p in placements]
    programs = [e.program for c in clips if isinstance(c, MidiClip) for e in c.events if isinstance(e, Program)]
    channels = [n.channel for c in clips if isinstance(c, MidiClip) for n in c.notes]
    return Track(
        track.name,
        placements,
        role=track.role,
        program=programs[0] if programs else None,
        channel=max(set(channels), key=channels.count) if channels else 0,
        muted=track.muted,
    )


def _placement(item: Item) -> Placement:
    start = ticks(item.from_qn)
    length = Ticks(ticks(item.to_qn) - start)
    if length <= 0:
        raise SchemaError(f"Item {item.guid} ends before it starts.", "Select it anew and ask again.")
    clip = _clip(item, length) if item.source == "midi" else AudioClip(length, file="", rate=item.rate)
    return Placement(start, length, (Take(clip),), locked=item.locked)


@dataclass
class _Gather:
    """Notes and events of one item while its events are read."""

    length: Ticks
    notes: list[Note] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    before: list[Event] = field(default_factory=list)
    """What stands before the item begins; some of it is still in force then."""
    held: dict[tuple[int, int], deque[tuple[int, int]]] = field(default_factory=lambda: defaultdict(deque))

    def press(self, tick: int, channel: int, pitch: int, velocity: int) -> None:
        self.held[channel, pitch].append((tick, velocity))

    def release(self, tick: int, channel: int, pitch: int, velocity: int) -> None:
        waiting = self.held[channel, pitch]
        if waiting:
            start, pressed = waiting.popleft()
            self.sound(start, tick, pitch, pressed, channel, velocity)

    def release_all(self, tick: int) -> None:
        for (channel, pitch), waiting in self.held.items():
            while waiting:
                start, velocity = waiting.popleft()
                self.sound(start, tick, pitch, velocity, channel, 0)

    def sound(self, start: int, end: int, pitch: int, velocity: int, channel: int, release: int) -> None:
        start, end = max(0, start), min(end, self.length)
        if start < end:
            self.notes.append(Note(Ticks(start), Ticks(end - start), pitch, velocity, channel, release))


def _clip(item: Item, length: Ticks) -> MidiClip:
    source_quarters = item.events[-1][0] if item.events else 0.0
    gather = _Gather(length)
    turn = 0
    while True:
        shift = (turn * source_quarters - item.offset_qn) / item.rate
        for quarters, data in item.events:
            _take_in(gather, round((quarters / item.rate + shift) * PPQ), data)
        turn += 1
        passed = round((turn * source_quarters - item.offset_qn) / item.rate * PPQ)
        gather.release_all(min(passed, length) if item.looped else length)
        if not item.looped or source_quarters <= 0 or passed >= length:
            break
        if turn >= MAX_REPEATS:
            raise SchemaError(f"Item {item.guid} repeats over {MAX_REPEATS} times.", "Shorten it and ask again.")
    gather.notes.sort()
    gather.events.sort(key=lambda event: event.tick)
    return MidiClip(length, tuple(gather.notes), (*in_force(gather.before), *gather.events))


def _take_in(gather: _Gather, tick: int, data: str) -> None:
    try:
        message = bytes.fromhex(data)
        status, channel = message[0] & 0xF0, message[0] & 0x0F
        if status >= 0xF0:
            return  # sysex and meta events stay in the project; no engine reads them
        first, second = message[1], message[2] if len(message) > 2 else 0
        if status == 0x90 and second:
            gather.press(tick, channel, first, second)
        elif status in (0x80, 0x90):
            gather.release(tick, channel, first, second)
        elif tick < gather.length:
            place = gather.events if tick >= 0 else gather.before
            place.extend(_event(Ticks(max(0, tick)), status, first, second, channel))
    except (ValueError, IndexError, InvalidMusic) as problem:
        raise SchemaError(
            f"{data[:40]!r} is no MIDI message.", "Write its bytes in hex, as in `90 3c 64`."
        ) from problem


def _event(tick: Ticks, status: int, first: int, second: int, channel: int) -> list[Event]:
    match status:
        case 0xB0 if first < 120:
            return [Control(tick, first, second, channel)]
        case 0xC0:
            return [Program(tick, first, channel)]
        case 0xE0:
            return [PitchBend(tick, (first | second << 7) - 8192, channel)]
        case 0xA0:
            return [Pressure(tick, second, first, channel)]
        case 0xD0:
            return [Pressure(tick, first, None, channel)]
    return []
