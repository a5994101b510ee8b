"""MIDI events of takes."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from tests.reaper.double.dispatch import does
from tests.reaper.double.midi import MUTED, SELECTED, Event, NoteView, Pool, pack, unpack
from tests.reaper.double.model import Item, Take, Track
from tests.reaper.double.project import ITEMS
from tests.reaper.double.rules import Refused

if TYPE_CHECKING:
    from tests.reaper.double.reaper import Reaper


def _pool(take: Take) -> Pool:
    """The events of a take that a script believes to be MIDI."""
    if take.pool is None:
        raise Refused("the take has no MIDI source" if take.source is None else f"the take plays {take.source.type}")
    return take.pool


def _own_pool(take: Take) -> Pool:
    """The same where the script is going to change them: what other items play too is not its own to change."""
    pool = _pool(take)
    twins = [other for item in take.project.items for other in item.takes if other.pool is pool and other is not take]
    if twins:
        raise Refused(f"{len(twins)} other takes play the same events: take this one out of the pool first (41613)")
    return pool


@does("MIDI_GetAllEvts", raw=True)
def _get_all(_reaper: Reaper, take: Take) -> tuple[bool, bytes]:
    return (False, b"") if take.pool is None else (True, pack(take.pool))


@does("MIDI_SetAllEvts", raw=True, changes=ITEMS)
def _set_all(_reaper: Reaper, take: Take, packed: bytes) -> bool:
    pool = _own_pool(take)
    pool.events, pool.length = unpack(packed)
    pool.unsorted = False
    return True


@does("MIDI_Sort")
def _sort(_reaper: Reaper, take: Take) -> None:
    pool = _pool(take)
    pool.sort()
    pool.held = False


@does("MIDI_DisableSort")
def _hold_sort(_reaper: Reaper, take: Take) -> None:
    _pool(take).held = True
    _pool(take).unsorted = True


@does("MIDI_CountEvts")
def _count(_reaper: Reaper, take: Take) -> tuple[int, int, int, int]:
    if take.pool is None:
        return 0, 0, 0, 0
    pool = take.pool
    return len(pool.events), len(pool.notes()), len(pool.controllers()), len(pool.words())


@does("MIDI_GetEvt", raw=True)
def _get_event(_reaper: Reaper, take: Take, index: int) -> tuple[bool, bool, bool, float, bytes]:
    events = _pool(take).events
    if not 0 <= index < len(events):
        return False, False, False, 0.0, b""
    event = events[index]
    return True, bool(event.flags & SELECTED), bool(event.flags & MUTED), float(event.ppq), event.message


@does("MIDI_GetNote")
def _get_note(_reaper: Reaper, take: Take, index: int) -> tuple[bool, bool, bool, float, float, int, int, int]:
    pool = _pool(take)
    notes = pool.notes()
    if not 0 <= index < len(notes):
        return False, False, False, 0.0, 0.0, 0, 0, 0
    event, end = pool.events[notes[index].on], _end(pool, notes[index])
    flags = bool(event.flags & SELECTED), bool(event.flags & MUTED)
    message = event.message
    return True, *flags, float(event.ppq), float(end), message[0] & 15, message[1], message[2]


def _end(pool: Pool, note: NoteView) -> int:
    return pool.length if note.off is None else pool.events[note.off].ppq


@does("MIDI_GetCC")
def _get_controller(_reaper: Reaper, take: Take, index: int) -> tuple[bool, bool, bool, float, int, int, int, int]:
    pool = _pool(take)
    places = pool.controllers()
    if not 0 <= index < len(places):
        return False, False, False, 0.0, 0, 0, 0, 0
    event = pool.events[places[index]]
    message = event.message + b"\0\0"
    flags = bool(event.flags & SELECTED), bool(event.flags & MUTED)
    return True, *flags, float(event.ppq), message[0] & 0xF0, message[0] & 15, message[1], message[2]


@does("MIDI_GetTextSysexEvt", raw=True)
def _get_words(
    _reaper: Reaper, take: Take, index: int, _selected: Any, _muted: Any, _ppq: Any, _type: Any, _message: Any
) -> tuple[bool, bool | None, bool | None, float | None, int | None, bytes | None]:
    pool = _pool(take)
    places = pool.words()
    if not 0 <= index < len(places):
        return False, None, None, None, None, None
    event = pool.events[places[index]]
    flags = bool(event.flags & SELECTED), bool(event.flags & MUTED)
    if event.message[0] == 0xFF:
        return True, *flags, float(event.ppq), event.message[1], event.message[2:]
    return True, *flags, float(event.ppq), -1, event.message[1:-1]


def _flags(selected: bool, muted: bool) -> int:
    return SELECTED * selected | MUTED * muted


def _whole(ppq: float) -> int:
    if ppq < 0:
        raise Refused(f"position {ppq} lies before the source")
    return round(ppq)


def _data(*values: int) -> None:
    if any(not 0 <= value <= 127 for value in values):
        raise Refused(f"{values} has a value outside 0 to 127")


@does("MIDI_InsertNote", changes=ITEMS)
def _insert_note(
    _reaper: Reaper,
    take: Take,
    selected: bool,
    muted: bool,
    start: float,
    end: float,
    channel: int,
    pitch: int,
    velocity: int,
    no_sort: bool | None,
) -> bool:
    pool = _own_pool(take)
    _data(pitch, velocity)
    if not 0 <= channel <= 15 or velocity == 0 or end <= start:
        raise Refused(f"no note: channel {channel}, velocity {velocity}, from {start} to {end}")
    flags = _flags(selected, muted)
    on = Event(_whole(start), flags, bytes((0x90 | channel, pitch, velocity)))
    off = Event(_whole(end), flags, bytes((0x80 | channel, pitch, 0)))
    pool.insert(on, off, sort=not (no_sort or pool.held))
    return True


@does("MIDI_InsertCC", changes=ITEMS)
def _insert_controller(
    _reaper: Reaper,
    take: Take,
    selected: bool,
    muted: bool,
    ppq: float,
    kind: int,
    channel: int,
    second: int,
    third: int,
) -> bool:
    pool = _own_pool(take)
    _data(second, third)
    if not 0 <= channel <= 15 or kind & 0xF0 not in range(0xA0, 0xF0):
        raise Refused(f"no controller: {kind:#x} on channel {channel}")
    size = 2 if kind & 0xF0 in (0xC0, 0xD0) else 3
    message = bytes((kind & 0xF0 | channel, second, third))[:size]
    pool.insert(Event(_whole(ppq), _flags(selected, muted), message), sort=not pool.held)
    return True


@does("MIDI_InsertEvt", raw=True, changes=ITEMS)
def _insert_event(_reaper: Reaper, take: Take, selected: bool, muted: bool, ppq: float, message: bytes) -> bool:
    pool = _own_pool(take)
    if not message or message[0] < 0x80:
        raise Refused("the message begins with no status byte")
    pool.insert(Event(_whole(ppq), _flags(selected, muted), message), sort=not pool.held)
    return True


@does("MIDI_InsertTextSysexEvt", raw=True, changes=ITEMS)
def _insert_words(
    _reaper: Reaper, take: Take, selected: bool, muted: bool, ppq: float, kind: int, words: bytes
) -> bool:
    pool = _own_pool(take)
    if kind != -1 and not 1 <= kind <= 15:
        raise Refused(f"{kind} is no kind of text (1 to 15; -1 for system exclusive)")
    message = b"\xf0" + words + b"\xf7" if kind == -1 else bytes((0xFF, kind)) + words
    pool.insert(Event(_whole(ppq), _flags(selected, muted), message), sort=not pool.held)
    return True


@does("MIDI_GetHash")
def _hash(_reaper: Reaper, take: Take, notes_only: bool) -> tuple[bool, str]:
    return (False, "") if take.pool is None else (True, _digest([take.pool], notes_only))


@does("MIDI_GetTrackHash")
def _track_hash(_reaper: Reaper, track: Track, notes_only: bool) -> tuple[bool, str]:
    pools = [take.pool for item in track.items for take in item.takes if take.pool]
    return bool(pools), _digest(pools, notes_only)


def _digest(pools: list[Pool], notes_only: bool) -> str:
    heard = (e for pool in pools for e in pool.events if not notes_only or e.message[0] & 0xF0 in (0x80, 0x90))
    return hashlib.sha1(repr([(*event,) for event in heard]).encode(), usedforsecurity=False).hexdigest()


@does("MIDI_SetItemExtents", changes=ITEMS)
def _extents(_reaper: Reaper, item: Item, from_qn: float, to_qn: float) -> bool:
    if to_qn <= from_qn:
        raise Refused(f"the item would end at {to_qn} and start at {from_qn}")
    time = item.project.time
    item.values["D_POSITION"] = time.to_seconds(from_qn)
    item.values["D_LENGTH"] = time.to_seconds(to_qn) - time.to_seconds(from_qn)
    for take in item.takes:
        if take.pool:
            take.pool.length = round((to_qn - from_qn) * take.pool.ppq)
    return True


# Where a take's ticks lie in the project


def _start_qn(take: Take) -> tuple[float, float]:
    """Where the item starts in the project, and how far into the source, both in quarter notes."""
    time, item = take.project.time, take.item
    rate, offset = take.values["D_PLAYRATE"], take.values.get("D_STARTOFFS", 0.0)
    at = time.to_qn(item.seconds)
    return at, rate * (at - time.to_qn(item.seconds - offset / rate))


def qn_of(take: Take, ppq: float) -> float:
    """Project quarter notes of a position in the source."""
    pool = _pool(take)
    time, rate = take.project.time, take.values["D_PLAYRATE"]
    if pool.own_qpm is not None:
        seconds = ppq / pool.ppq * 60 / pool.own_qpm - take.values.get("D_STARTOFFS", 0.0)
        return time.to_qn(take.item.seconds + seconds / rate)
    at, offset = _start_qn(take)
    return at + (ppq / pool.ppq - offset) / rate


def ppq_of(take: Take, qn: float) -> float:
    """The inverse of `qn_of`."""
    pool = _pool(take)
    time, rate = take.project.time, take.values["D_PLAYRATE"]
    if pool.own_qpm is not None:
        seconds = (time.to_seconds(qn) - take.item.seconds) * rate + take.values.get("D_STARTOFFS", 0.0)
        return seconds * pool.own_qpm / 60 * pool.ppq
    at, offset = _start_qn(take)
    return ((qn - at) * rate + offset) * pool.ppq


@does("MIDI_GetPPQPosFromProjQN")
def _ppq_from_qn(_reaper: Reaper, take: Take, qn: float) -> float:
    return ppq_of(take, qn)


@does("MIDI_GetProjQNFromPPQPos")
def _qn_from_ppq(_reaper: Reaper, take: Take, ppq: float) -> float:
    return qn_of(take, ppq)


@does("MIDI_GetPPQPosFromProjTime")
def _ppq_from_time(_reaper: Reaper, take: Take, seconds: float) -> float:
    return ppq_of(take, take.project.time.to_qn(seconds))


@does("MIDI_GetProjTimeFromPPQPos")
def _time_from_ppq(_reaper: Reaper, take: Take, ppq: float) -> float:
    return take.project.time.to_seconds(qn_of(take, ppq))


@does("MIDI_GetPPQPos_StartOfMeasure")
def _measure_start(_reaper: Reaper, take: Take, ppq: float) -> float:
    return ppq_of(take, take.project.time.measure_at(qn_of(take, ppq)).start_qn)


@does("MIDI_GetPPQPos_EndOfMeasure")
def _measure_end(_reaper: Reaper, take: Take, ppq: float) -> float:
    time = take.project.time
    return ppq_of(take, time.measure_end(time.measure_at(qn_of(take, ppq))))
