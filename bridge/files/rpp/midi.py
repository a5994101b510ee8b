"""MIDI sources in a project: `E` lines of a step and three hex bytes, `<X` blocks for everything longer.

Steps count from event to event. The last event is an all-notes-off (`b0 7b 00`) that stands where the source ends.
"""

from __future__ import annotations

import base64
import binascii
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter
from textwrap import wrap

from bridge.files.rpp.text import Block, as_text, build, number, senseless, whole, words
from engines.errors import InvalidMusic, UnreadableFile
from engines.music.notes import Control, Event, Note, PitchBend, Pressure, Program, Text
from engines.music.song import MidiClip
from engines.music.time import PPQ, Division, TempoChange, Ticks

MAX_TICK = 2**40
"""Sources longer than this are damage: it is more than a year at any tempo."""
_SHORT = frozenset(("E", "e", "Em", "em"))
"""Keys of short events: lower case where selected, with an `m` where muted."""
_LONG = frozenset(("X", "x", "Xm", "xm"))
"""Keys of blocks of bytes; as a line, a short event with a step in two halves."""
_BYTES = {text: value for value in range(256) for text in (f"{value:02x}", f"{value:02X}")}
_HEX = [f" {value:02x}" for value in range(256)]
_NOTES_OFF = 123
_WORDS = {1: "text", 2: "text", 4: "text", 5: "lyric", 6: "cue", 7: "cue"}
"""Meta events that are words, and what kind of words."""
_META = {"text": 1, "lyric": 5, "cue": 7}
_NOT_PLAYED = {3, 15}
"""Meta events that say nothing to a player: the name of the source, and REAPER's marks for its notation view."""


@dataclass(frozen=True, slots=True)
class MidiSource:
    """What a MIDI source holds, from its own start."""

    clip: MidiClip
    own_qpm: float | None = None
    """The tempo it keeps whatever the project does, where it is set to."""
    muted: int = 0
    """Muted events, which are left out."""
    exclusive: int = 0
    """System exclusive messages, which are left out."""
    file: str = ""
    """The MIDI file it refers to instead of holding events."""


class _Gathering:
    """Events on their way from lines into a clip."""

    def __init__(self) -> None:
        self._tick = 0  # in the source's own division
        self._at = 0  # in ours
        self._division = Division(PPQ)
        self._notes: list[tuple[int, int, int, int]] = []
        self._ends: dict[int, tuple[int, int]] = {}
        self._open: dict[int, deque[int]] = {}
        self._events: list[Event] = []
        self._ended = False
        self.muted = self.exclusive = 0

    def divide(self, per_quarter: int) -> None:
        """From here on steps count in this division."""
        self._division = Division(per_quarter)

    def line(self, row: Sequence[str]) -> None:
        """One event line. Note-offs meet the oldest open note of their pitch and channel."""
        at = self._step(row)
        status, first, second = _message(row if row[0] in _SHORT else [*row[:2], *row[3:]])
        kind, channel = status >> 4, status & 15
        self._ended = False
        if len(row[0]) > 1:
            self.muted += 1
        elif kind == 9 and second:
            self._open.setdefault(channel << 7 | first, deque()).append(len(self._notes))
            self._notes.append((at, first, second, channel))
        elif kind in (8, 9):
            waiting = self._open.get(channel << 7 | first)
            if waiting:
                self._ends[waiting.popleft()] = (at, second)
        elif kind < 15:
            self._events.append(_event(Ticks(at), kind, channel, first, second))
            self._ended = kind == 11 and first == _NOTES_OFF

    def block(self, block: Block) -> None:
        """One long event."""
        head = block.head
        at = self._step(head)
        text, strange = _words_in(block, Ticks(at))
        self._ended = False
        if len(head[0]) > 1:
            self.muted += 1
        elif text is not None:
            self._events.append(text)
        else:
            self.exclusive += strange

    def _step(self, row: Sequence[str]) -> int:
        try:
            step = int(row[1])
        except (ValueError, IndexError):
            raise senseless(row) from None
        if step < 0 or self._tick > MAX_TICK:
            raise senseless(row)
        self._tick += step
        self._at = self._tick if self._division.per_quarter == PPQ else self._division.to_ticks(self._tick)
        return self._at

    def clip(self) -> MidiClip:
        """All of it, as long as its last step says; a note that nothing ends stops there too."""
        if self._at > MAX_TICK:
            raise UnreadableFile(
                "A MIDI item of the project is longer than a year.", "Open the last backup (.RPP-bak)."
            )
        events = self._events[:-1] if self._ended else self._events
        never = (self._at, 0)
        notes = []
        for i, (start, pitch, velocity, channel) in enumerate(self._notes):
            end, release = self._ends.get(i, never)
            notes.append(Note(Ticks(start), Ticks(max(1, end - start)), pitch, velocity, channel, release))
        return MidiClip(Ticks(self._at), tuple(notes), tuple(events))


def _event(tick: Ticks, kind: int, channel: int, first: int, second: int) -> Event:
    match kind:
        case 10:
            return Pressure(tick, second, first, channel)
        case 11:
            return Control(tick, first, second, channel)
        case 12:
            return Program(tick, first, channel)
        case 13:
            return Pressure(tick, first, None, channel)
        case _:
            return PitchBend(tick, (first | second << 7) - 8192, channel)


def read_midi(source: Block) -> MidiSource:
    """The events of a `<SOURCE MIDI` block, in our ticks."""
    found = _Gathering()
    own_qpm: float | None = None
    file = ""
    for node in source.body:
        if isinstance(node, Block):
            if node.head[0] in _LONG:
                found.block(node)
            continue
        row = node.split()
        key = row[0] if row else ""
        if key in _SHORT or key in _LONG:
            found.line(row)
        elif key == "HASDATA":
            found.divide(whole(row, 2, PPQ))
        elif key == "IGNTEMPO" and number(row, 1, 0) != 0:
            own_qpm = float(TempoChange(Ticks(0), number(row, 2)).qpm)
        elif key == "FILE":
            file = as_text(([*words(node), ""])[1])
    return MidiSource(found.clip(), own_qpm, found.muted, found.exclusive, file)


def _message(row: Sequence[str]) -> tuple[int, int, int]:
    """Status and data bytes of an event line; the second data byte may be missing where a message has one."""
    try:
        status, first = _BYTES[row[2]], _BYTES[row[3]]
        second = _BYTES[row[4]] if len(row) > 4 else 0
    except (KeyError, IndexError):
        raise senseless(row) from None
    if status < 0x80 or first > 0x7F or second > 0x7F:
        raise senseless(row)
    return status, first, second


def _words_in(block: Block, tick: Ticks) -> tuple[Text | None, bool]:
    """The words of a long event, or None and whether something is left out that a device would have received."""
    try:
        data = base64.b64decode("".join(node.strip() for node in block.body if isinstance(node, str)), validate=True)
    except (binascii.Error, ValueError):
        raise senseless(block.head) from None
    if data[:1] != b"\xff" or len(data) < 2:
        return None, bool(data)
    if data[1] not in _WORDS:
        return None, data[1] not in _NOT_PLAYED
    try:
        text = data[2:].decode("utf-8")
    except UnicodeDecodeError:
        text = data[2:].decode("cp1252", "replace")
    return Text(tick, text, _WORDS[data[1]]), False


def source_length(clip: MidiClip, looped: bool) -> int:
    """How long the source of a clip is.

    A clip that repeats is exactly its length, and what lies beyond is never heard. One that does not is as long as its
    last note rings, so that nothing is cut; what sounds ends with the item all the same.
    """
    if looped:
        return max(0, clip.length)
    last = max((note.start + note.length for note in clip.notes), default=0)
    return max(0, clip.length, last, max((event.tick for event in clip.events), default=0))


def event_lines(clip: MidiClip, looped: bool, before: Iterable[Event] = (), indent: str = "") -> Iterator[str]:
    """The events of a clip as lines, each step from the one before, up to the end of the source.

    At one tick, notes end before other events, and those stand before notes that begin. `before` goes first.
    """
    length = source_length(clip, looped)
    timed: list[tuple[int, str | Text]] = [(0, _short(event)) for event in before]
    for note in clip.notes:
        start, end = note.start, min(note.start + note.length, length)
        if start < 0:
            raise InvalidMusic(f"A note starts {-start} ticks before its clip.", "Move the note or the clip.")
        if start >= length:
            continue
        pitch = _HEX[note.pitch]
        timed.append((start * 3 + 2, f"{0x90 | note.channel:02x}{pitch}{_HEX[note.velocity]}"))
        timed.append((end * 3, f"{0x80 | note.channel:02x}{pitch}{_HEX[note.release]}"))
    for event in clip.events:
        if event.tick < 0:
            raise InvalidMusic(f"An event stands {-event.tick} ticks before its clip.", "Move the event or the clip.")
        if event.tick < length or not looped:
            timed.append((event.tick * 3 + 1, event if isinstance(event, Text) else _short(event)))
    timed.sort(key=itemgetter(0))
    timed.append((length * 3, "b0 7b 00"))
    tick = 0
    for key, event_text in timed:
        step = key // 3 - tick
        tick += step
        if isinstance(event_text, str):
            yield f"{indent}E {step} {event_text}"
        else:
            yield from _long(step, event_text, indent)


def put_events(source: Block, clip: MidiClip, looped: bool, newline: str = "\n") -> None:
    """Exchange the events of a `<SOURCE MIDI` block; its other lines (pool, editor view …) stay as they are."""
    kept: list[str | Block] = []
    place: int | None = None
    indent = "  "
    for node in source.body:
        key = (node.head if isinstance(node, Block) else words(node) or [""])[0]
        if key in _SHORT or key in _LONG:
            place = len(kept) if place is None else place
            continue
        if isinstance(node, str) and key == "HASDATA":
            indent = node[: len(node) - len(node.lstrip())]
            if words(node)[1:3] != ["1", str(PPQ)]:
                node = f"{indent}HASDATA 1 {PPQ} QN{newline[:-1]}"
        kept.append(node)
    place = len(kept) if place is None else place
    kept[place:place] = build(event_lines(clip, looped, indent=indent), newline)
    source.body[:] = kept


def _short(event: Event) -> str:
    """The three bytes of an event."""
    match event:
        case Control():
            return f"{0xB0 | event.channel:02x}{_HEX[event.controller]}{_HEX[event.value]}"
        case Program():
            return f"{0xC0 | event.channel:02x}{_HEX[event.program]} 00"
        case Pressure(pitch=None):
            return f"{0xD0 | event.channel:02x}{_HEX[event.value]} 00"
        case Pressure(pitch=int(pitch)):
            return f"{0xA0 | event.channel:02x}{_HEX[pitch]}{_HEX[event.value]}"
        case PitchBend():
            value = event.value + 8192
            return f"{0xE0 | event.channel:02x}{_HEX[value & 127]}{_HEX[value >> 7]}"
        case _:
            raise InvalidMusic(f"{event} is not a short message.", "Write words as text events.")


def _long(step: int, event: Text, indent: str) -> Iterator[str]:
    data = bytes((0xFF, _META.get(event.kind, 1))) + event.text.encode("utf-8", "replace")
    yield f"{indent}<X {step} 0"
    for row in wrap(base64.b64encode(data).decode("ascii"), 128):
        yield f"{indent}  {row}"
    yield f"{indent}>"
