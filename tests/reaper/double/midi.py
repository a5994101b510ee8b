"""MIDI sources: events as REAPER keeps and packs them, notes and controllers as views on them."""

from __future__ import annotations

import struct
import uuid
from collections import defaultdict, deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from tests.reaper.double.rules import Refused

PPQ = 960
ALL_NOTES_OFF = b"\xb0\x7b\x00"
SELECTED, MUTED = 1, 2


class Event(NamedTuple):
    """One event of a source."""

    ppq: int
    """Ticks from the source's start."""
    flags: int
    """1 selected, 2 muted; the upper half is the shape of a controller's curve."""
    message: bytes


class NoteView(NamedTuple):
    """A note: where its two events stand."""

    on: int
    off: int | None
    """None where no note-off follows."""


@dataclass
class Pool:
    """The events that one or several takes play."""

    length: int
    """Ticks until the source ends."""
    events: list[Event] = field(default_factory=list)
    """In order of time, without the all-notes-off at the end."""
    ppq: int = PPQ
    own_qpm: float | None = None
    """The tempo it keeps whatever the project does ("ignore project tempo")."""
    guid: str = field(default_factory=lambda: "{" + str(uuid.uuid4()).upper() + "}")
    held: bool = False
    """Whether sorting waits for `MIDI_Sort`."""
    unsorted: bool = False
    """Whether events were put in with `noSort` since it was last sorted."""

    def copy(self) -> Pool:
        """The same events in a pool of their own."""
        return Pool(self.length, list(self.events), self.ppq, self.own_qpm)

    def sort(self) -> None:
        self.events.sort(key=_order)
        self.unsorted = False

    def insert(self, *events: Event, sort: bool) -> None:
        self.events.extend(events)
        self.length = max(self.length, *(event.ppq for event in events))
        if sort:
            self.sort()
        else:
            self.unsorted = True

    def notes(self) -> list[NoteView]:
        """Notes in the order they begin."""
        open_notes: dict[tuple[int, int], deque[int]] = defaultdict(deque)
        ends: dict[int, int] = {}
        begun: list[int] = []
        for i, event in enumerate(self.events):
            kind, pitch = event.message[0] & 0xF0, event.message[1:2]
            if kind not in (0x80, 0x90) or len(event.message) != 3:
                continue
            key = (event.message[0] & 15, pitch[0])
            if kind == 0x90 and event.message[2]:
                begun.append(i)
                open_notes[key].append(i)
            elif open_notes[key]:
                ends[open_notes[key].popleft()] = i
        return [NoteView(i, ends.get(i)) for i in begun]

    def controllers(self) -> list[int]:
        """Where controllers, programs, pressure and bends stand."""
        return [i for i, event in enumerate(self.events) if 0xA0 <= event.message[0] <= 0xEF]

    def words(self) -> list[int]:
        """Where texts and system exclusive messages stand."""
        return [i for i, event in enumerate(self.events) if event.message[0] >= 0xF0]


def _order(event: Event) -> tuple[int, int]:
    """At one tick notes end before other events, and those stand before notes that begin."""
    kind = event.message[0] & 0xF0
    if kind == 0x90 and event.message[2:3] != b"\0":
        return event.ppq, 2
    return event.ppq, 0 if kind in (0x80, 0x90) else 1


def pack(pool: Pool) -> bytes:
    """As `MIDI_GetAllEvts` gives it: steps, flags, sized messages, last the all-notes-off at the source's end."""
    out, at = bytearray(), 0
    for event in [*pool.events, Event(pool.length, 0, ALL_NOTES_OFF)]:
        out += struct.pack("<iBi", event.ppq - at, event.flags & 255, len(event.message)) + event.message
        at = event.ppq
    return bytes(out)


def unpack(data: bytes) -> tuple[list[Event], int]:
    """Events and source length from what `MIDI_SetAllEvts` is given."""
    events: list[Event] = []
    place = at = 0
    while place < len(data):
        if place + 9 > len(data):
            raise Refused(f"the packed events break off at byte {place}")
        step, flags, size = struct.unpack_from("<iBi", data, place)
        message = data[place + 9 : place + 9 + size]
        if size < 0 or len(message) != size:
            raise Refused(f"the packed event at byte {place} says it has {size} bytes and has {len(message)}")
        if step < 0:
            raise Refused(f"the packed event at byte {place} goes back by {-step} ticks")
        at += step
        place += 9 + size
        if message:  # an empty message only moves time on, as REAPER allows
            _check(message, place)
            events.append(Event(at, flags, message))
    if not events or events[-1].message != ALL_NOTES_OFF:
        raise Refused("the packed events do not end with all-notes-off (B0 7B 00), which sets the source's length")
    length = events.pop().ppq
    return events, length


_LENGTHS = {0x80: 3, 0x90: 3, 0xA0: 3, 0xB0: 3, 0xC0: 2, 0xD0: 2, 0xE0: 3}


def _check(message: bytes, place: int) -> None:
    first = message[0]
    if first < 0x80:
        raise Refused(f"the message before byte {place} begins with {first:02x}, which is no status byte")
    if first >= 0xF0:
        if first == 0xF0 and message[-1] != 0xF7:
            raise Refused(f"the system exclusive message before byte {place} has no end (F7)")
        return
    length = _LENGTHS[first & 0xF0]
    if len(message) not in (length, 3):
        raise Refused(f"the message before byte {place} has {len(message)} bytes, a {first:02x} has {length}")
    if any(byte > 127 for byte in message[1:]):
        raise Refused(f"the message before byte {place} has a data byte over 127")


def events_of(notes: Iterable[tuple[float, float, int, int]], ppq: int = PPQ) -> list[Event]:
    """Events from notes as tests write them: from and length in quarter notes, pitch, velocity."""
    out: list[Event] = []
    for start, length, pitch, velocity in notes:
        out.append(Event(round(start * ppq), 0, bytes((0x90, pitch, velocity))))
        out.append(Event(round((start + length) * ppq), 0, bytes((0x80, pitch, 0))))
    return sorted(out, key=_order)
