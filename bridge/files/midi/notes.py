"""The notes of a raw track: which note-off ends which note-on, and what they are in the domain."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass

from bridge.files.midi.raw import RawTrack
from engines.music.notes import Control, Event, Note, PitchBend, Pressure, Program
from engines.music.time import PPQ, Ticks

NO_END = -1
"""Stands where a note-on has no note-off."""


@dataclass(frozen=True, slots=True)
class Contents:
    """The events of a raw track, sorted by what they are, as indices into it."""

    on: tuple[int, ...]
    """Note-ons, in order."""
    off: tuple[int, ...]
    """The note-off of each note-on, or NO_END."""
    stray: tuple[int, ...]
    """Note-offs that end nothing."""
    channel: tuple[int, ...]
    """Controllers, programs, bends, pressure."""
    meta: tuple[int, ...]


def sort_out(track: RawTrack) -> Contents:
    """Sort the events of a track. On one key of one channel the note that began first ends first."""
    ons: list[int] = []
    offs: list[int] = []
    stray: list[int] = []
    channel: list[int] = []
    meta: list[int] = []
    sounding: defaultdict[int, deque[int]] = defaultdict(deque)
    for index, message in enumerate(track.messages):
        status = message[0]
        if status < 0xA0:
            queue = sounding[(status & 0x0F) << 7 | message[1]]
            if status >= 0x90 and message[2]:
                queue.append(len(ons))
                ons.append(index)
                offs.append(NO_END)
            elif queue:
                offs[queue.popleft()] = index
            else:
                stray.append(index)
        elif status < 0xF0:
            channel.append(index)
        elif status == 0xFF:
            meta.append(index)
    return Contents(tuple(ons), tuple(offs), tuple(stray), tuple(channel), tuple(meta))


def to_ticks(file_ticks: Sequence[int], division: int) -> Sequence[int]:
    """`Division.to_ticks` for a whole column."""
    if division == PPQ:
        return file_ticks
    if PPQ % division == 0:
        factor = PPQ // division
        return [tick * factor for tick in file_ticks]
    twice = 2 * division
    return [(2 * PPQ * tick + division) // twice for tick in file_ticks]


@dataclass(slots=True)
class Voice:
    """One channel of a track: its notes, and where each is written. Grows while a track is read."""

    notes: list[Note]
    on: list[int]
    off: list[int]


def voices(track: RawTrack, contents: Contents, ticks: Sequence[int], shortest: int) -> dict[int, Voice]:
    """The notes of each channel, in order of onset.

    A note without an end lasts as long as the track; one without length lasts `shortest`.
    """
    messages = track.messages
    out: dict[int, Voice] = {}
    for on, off in zip(contents.on, contents.off, strict=True):
        status, pitch, velocity = messages[on]
        start = ticks[on]
        if off == NO_END:
            end, release = ticks[-1], 0
        else:
            end, (kind, _, release) = ticks[off], messages[off]
            if kind >= 0x90:
                release = 0
        channel = status & 0x0F
        voice = out.get(channel)
        if voice is None:
            voice = out[channel] = Voice([], [], [])
        length = Ticks(end - start if end > start else shortest)
        voice.notes.append(Note(Ticks(start), length, pitch, velocity, channel, release))
        voice.on.append(on)
        voice.off.append(off)
    return out


def channel_event(message: bytes, tick: int) -> Event:
    """A controller, program, bend or pressure message in the domain."""
    at, channel = Ticks(tick), message[0] & 0x0F
    match message[0] >> 4:
        case 0xA:
            return Pressure(at, message[2], message[1], channel)
        case 0xB:
            return Control(at, message[1], message[2], channel)
        case 0xC:
            return Program(at, message[1], channel)
        case 0xD:
            return Pressure(at, message[1], None, channel)
        case _:
            return PitchBend(at, (message[2] << 7 | message[1]) - 8192, channel)


def event_message(event: Control | PitchBend | Program | Pressure, channel: int) -> bytes:
    """The inverse of `channel_event`, on a channel of choice."""
    match event:
        case Control():
            return bytes((0xB0 | channel, event.controller, event.value))
        case Program():
            return bytes((0xC0 | channel, event.program))
        case PitchBend():
            value = event.value + 8192
            return bytes((0xE0 | channel, value & 0x7F, value >> 7))
        case Pressure() if event.pitch is None:
            return bytes((0xD0 | channel, event.value))
        case Pressure():
            return bytes((0xA0 | channel, event.pitch, event.value))
