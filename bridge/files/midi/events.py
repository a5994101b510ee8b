"""The events of one track chunk: bytes to columns and back."""

from __future__ import annotations

from itertools import repeat

from bridge.files.midi.raw import END_OF_TRACK, MAX_EVENTS, MAX_TICK, RawTrack, damaged
from engines.errors import InvalidMusic, UnreadableFile

_DATA_BYTES = (0, 0, 0, 0, 0, 0, 0, 0, 2, 2, 2, 2, 1, 1, 2, 0)
"""Data bytes of a channel message, by the upper half of its status."""
WIDEST = (1 << 28) - 1
"""The largest number that four bytes of a step or a length hold."""
_BRIDGE = b"\xff\x7f\x00"
_LONGEST_HEAD = bytes(16)
"""Zeros behind a chunk, longer than any event without its payload: reading may run into them, and is then caught."""


class EventReader:
    """Reads the tracks of one file, one after the other, and shares equal messages between them."""

    def __init__(self) -> None:
        self._known: dict[bytes, bytes] = {}
        self._room = MAX_EVENTS

    def read(self, body: bytes, number: int, offset: int) -> tuple[RawTrack, frozenset[str]]:
        """The track in a chunk's body, and what is odd about it (`W_…` codes).

        `number` (from 1) and `offset` (of the body in the file) say in an error where it is. One loop on local names:
        every event of every file passes here.
        """
        end, data = len(body), body + _LONGEST_HEAD
        ticks: list[int] = []
        messages: list[bytes] = []
        add_tick, add_message, find = ticks.append, messages.append, self._known.get
        tick = pos = last = need = restated = 0
        lead, odd = b"", set[str]()
        carried = False  # whether the status in force was stated before a system exclusive or meta event
        for _ in repeat(None, self._room):
            if pos >= end:
                odd.add("W_NO_TRACK_END")
                add_tick(tick)
                add_message(END_OF_TRACK)
                break
            start = pos
            delta = data[pos]
            pos += 1
            if delta > 0x7F:
                delta, pos = _read_length(data, start)
                if delta < 0:
                    raise damaged("a time step has more than four bytes", track=number, byte=offset + start)
            tick += delta
            status = data[pos]
            if status < 0x80:
                if not need:
                    raise damaged("an event has no status", track=number, byte=offset + pos)
                if carried:
                    odd.add("W_RUNNING_STATUS")
                message = lead + data[pos : pos + need]
                pos += need
            elif status < 0xF0:
                restated += status == last and not carried
                last, need, carried, lead = status, _DATA_BYTES[status >> 4], False, data[pos : pos + 1]
                message = data[pos : pos + 1 + need]
                pos += 1 + need
            else:
                message, pos = _read_long(data, pos)
                carried = True
                if not message:
                    raise damaged(_why_not(status), track=number, byte=offset + start)
            if pos > end:
                raise damaged("it ends in the middle of an event", track=number, byte=offset + start)
            add_tick(tick)
            add_message(find(message) or self._admit(message, number, offset + start))
            if status == 0xFF and message[1] == 0x2F:
                break
        else:
            raise UnreadableFile(f"The file holds more than {MAX_EVENTS:,} events.", "Split it into several files.")
        self._room -= len(ticks)
        _check_length(tick, number)
        return RawTrack(tuple(ticks), tuple(messages), not restated, body[pos:]), frozenset(odd)

    def _admit(self, message: bytes, number: int, byte: int) -> bytes:
        """Check a message that is met for the first time, and remember it."""
        if message[0] < 0xF0 and max(message[1:]) > 0x7F:
            raise damaged("a status byte stands where a value belongs", track=number, byte=byte)
        self._known[message] = message
        return message


def _check_length(last_tick: int, number: int) -> None:
    if last_tick > MAX_TICK:
        raise UnreadableFile(
            f"Track {number} runs past tick {MAX_TICK:,}.",
            "Delete the events that lie far behind the music, then export the file again.",
            path=f"track {number}",
        )


def _read_length(data: bytes, pos: int) -> tuple[int, int]:
    """A number of up to four bytes with seven bits each, and the place after it; -1 when it goes on beyond four."""
    value = 0
    for here in range(pos, pos + 4):
        byte = data[here]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, here + 1
    return -1, pos


def _read_long(data: bytes, pos: int) -> tuple[bytes, int]:
    """A system exclusive or meta event without its length, and the place after it; empty when it is neither.

    When the payload is longer than what is left, the place lies beyond the end.
    """
    status = data[pos]
    head = pos + 2 if status == 0xFF else pos + 1
    if status not in (0xF0, 0xF7, 0xFF) or (status == 0xFF and data[pos + 1] > 0x7F):
        return b"", pos
    size, payload = _read_length(data, head)
    if size < 0:
        return b"", pos
    return data[pos:head] + data[payload : payload + size], payload + size


def _why_not(status: int) -> str:
    if status in (0xF0, 0xF7, 0xFF):
        return "a meta or system exclusive event is malformed"
    return f"status {status:02X} does not belong into a file"


def write_events(track: RawTrack) -> bytes:
    """A chunk's body. Steps and lengths take as few bytes as they can.

    A gap wider than a step can be, which no file that was read has, is bridged by empty sequencer-specific events.
    """
    return b"".join(_pieces(track)) + track.tail


def _pieces(track: RawTrack) -> list[bytes]:
    steps: dict[int, bytes] = {}
    out: list[bytes] = []
    add = out.append
    now, last, running = 0, 0, track.running
    for tick, message in zip(track.ticks, track.messages, strict=True):
        delta = tick - now
        now = tick
        while delta > WIDEST:
            add(write_length(WIDEST) + _BRIDGE)
            delta, last = delta - WIDEST, 0
        step = steps.get(delta)
        if step is None:
            step = steps[delta] = write_length(delta)
        add(step)
        status = message[0]
        if status < 0xF0:
            add(message[1:] if running and status == last else message)
            last = status
        else:
            head = 2 if status == 0xFF else 1
            add(message[:head] + write_length(len(message) - head))
            add(message[head:])
            last = 0
    return out


def write_length(value: int) -> bytes:
    """A number in as few groups of seven bits as it needs."""
    if not 0 <= value <= WIDEST:
        raise InvalidMusic(
            f"A step of {value} ticks does not fit into a MIDI file.",
            "Let events follow one another, from tick 0 on.",
        )
    out = [value & 0x7F]
    while value := value >> 7:
        out.append(value & 0x7F | 0x80)
    return bytes(reversed(out))
