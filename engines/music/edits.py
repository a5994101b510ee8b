"""Edits that a musician makes with scissors: cut and join, overlay, transpose, quantise, mask.

All of them return new clips and never lose a note: what a cut removes from one side stands on the other, what quantising
takes away is kept as a residual, what lies outside a mask comes back untouched.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from engines.errors import InvalidMusic
from engines.music.notes import Control, Event, Note, PitchBend, Pressure, Program
from engines.music.song import MidiClip
from engines.music.time import Ticks


def cut(clip: MidiClip, at: int) -> tuple[MidiClip, MidiClip]:
    """Split a clip in two. A note belongs to the side it starts on and keeps its full length there."""
    if not 0 <= at <= clip.length:
        raise InvalidMusic(f"Tick {at} lies outside a clip of {clip.length} ticks.", "Cut inside the clip.")
    left = MidiClip(
        Ticks(at),
        tuple(n for n in clip.notes if n.start < at),
        tuple(e for e in clip.events if e.tick < at),
        clip.name,
    )
    right = MidiClip(
        Ticks(clip.length - at),
        tuple(shift_note(n, -at) for n in clip.notes if n.start >= at),
        tuple(shift_event(e, -at) for e in clip.events if e.tick >= at),
        clip.name,
    )
    return left, right


def join(left: MidiClip, right: MidiClip) -> MidiClip:
    """Put one clip after another: the inverse of `cut`."""
    offset = left.length
    return MidiClip(
        Ticks(left.length + right.length),
        _in_order(left.notes, tuple(shift_note(n, offset) for n in right.notes)),
        _events_in_order(left.events, tuple(shift_event(e, offset) for e in right.events)),
        left.name,
    )


def slice_clip(clip: MidiClip, start: int, end: int) -> MidiClip:
    """The part between two ticks, with the controllers, bend and program that are in force when it begins."""
    before, rest = cut(clip, start)
    middle, _ = cut(rest, end - start)
    return replace(middle, events=(*in_force(before.events), *middle.events))


def in_force(events: Iterable[Event]) -> tuple[Event, ...]:
    """What still holds after these events, placed at tick 0: the last value of each controller, bend and program."""
    latest: dict[tuple[object, ...], Event] = {}
    for event in events:
        match event:
            case Control(controller=number) if number < 120:  # channel-mode messages act once, they do not hold
                key: tuple[object, ...] = ("control", event.channel, number)
            case PitchBend() | Program():
                key = (type(event).__name__, event.channel)
            case Pressure():
                key = ("pressure", event.channel, event.pitch)
            case _:
                continue
        latest[key] = event
    return tuple(replace(event, tick=Ticks(0)) for event in latest.values())


def merge(*clips: MidiClip) -> MidiClip:
    """Lay clips over each other; the result is as long as the longest."""
    notes: tuple[Note, ...] = ()
    events: tuple[Event, ...] = ()
    for clip in clips:
        notes, events = _in_order(notes, clip.notes), _events_in_order(events, clip.events)
    return MidiClip(
        Ticks(max((clip.length for clip in clips), default=0)),
        notes,
        events,
        next((clip.name for clip in clips if clip.name), ""),
    )


def transpose(clip: MidiClip, semitones: int, *, fold: bool = False) -> MidiClip:
    """Move every pitch; drums stay. A note that would leave the keyboard is an error, or folds back by octaves."""

    def moved(note: Note) -> Note:
        if note.is_drum:
            return note
        pitch = note.pitch + semitones
        if not 0 <= pitch <= 127:
            if not fold:
                raise InvalidMusic(
                    f"Pitch {note.pitch} moved by {semitones} semitones leaves the keyboard.",
                    "Transpose by less, or by whole octaves in the other direction.",
                )
            pitch = pitch % 12 if pitch < 0 else 116 + (pitch - 116) % 12
        return replace(note, pitch=pitch)

    return replace(clip, notes=tuple(sorted(moved(n) for n in clip.notes)))


def quantise(notes: Sequence[Note], step: int, strength: float = 1.0) -> tuple[tuple[Note, ...], tuple[int, ...]]:
    """Pull onsets towards a grid; lengths stay. The second result says how early (−) or late (+) each note had been.

    Both results run in the order of the input, so that `loosen` can give the feel back.
    """
    if step < 1 or not 0.0 <= strength <= 1.0:
        raise InvalidMusic("Quantise needs a grid of at least one tick and a strength of 0 to 1.", "Correct the value.")
    moved, residuals = [], []
    for note in notes:
        target = (2 * note.start + step) // (2 * step) * step
        start = note.start + round((target - note.start) * strength)
        moved.append(replace(note, start=Ticks(start)))
        residuals.append(note.start - start)
    return tuple(moved), tuple(residuals)


def loosen(notes: Sequence[Note], residuals: Sequence[int], amount: float = 1.0) -> tuple[Note, ...]:
    """Give quantised notes their timing back, wholly or in part: the inverse of `quantise`."""
    return tuple(
        replace(note, start=Ticks(note.start + round(residual * amount)))
        for note, residual in zip(notes, residuals, strict=True)
    )


@dataclass(frozen=True, slots=True)
class Cell:
    """A rectangle of a piece that may change."""

    track: str
    start: Ticks
    end: Ticks
    """Exclusive."""
    low: int = 0
    """Lowest pitch that may change."""
    high: int = 127
    """Highest pitch that may change."""

    def covers(self, track: str, note: Note) -> bool:
        """A note lies where it starts."""
        return self.track == track and self.start <= note.start < self.end and self.low <= note.pitch <= self.high


@dataclass(frozen=True, slots=True)
class Mask:
    """What may change: cells, less the notes that stay."""

    cells: tuple[Cell, ...]
    keep: frozenset[tuple[str, Ticks, int]] = frozenset()
    """(track, onset, pitch) of notes inside the cells that stay all the same."""

    def covers(self, track: str, note: Note) -> bool:
        """Whether this note may be replaced."""
        return (track, note.start, note.pitch) not in self.keep and any(cell.covers(track, note) for cell in self.cells)

    def replace_in(self, track: str, notes: Sequence[Note], new: Iterable[Note]) -> tuple[Note, ...]:
        """Exchange what the mask covers for new notes. A new note outside the cells, or ringing out of them, is an error."""
        fresh = tuple(new)
        for note in fresh:
            if not any(cell.covers(track, note) and note.end <= cell.end for cell in self.cells):
                raise InvalidMusic(f"A new note at tick {note.start} leaves the mask.", "Notes stay inside the mask.")
        return _in_order(tuple(n for n in notes if not self.covers(track, n)), fresh)


def shift_note(note: Note, ticks: int) -> Note:
    """The same note, earlier or later."""
    return Note(
        Ticks(note.start + ticks), note.length, note.pitch, note.velocity, note.channel, note.release
    )  # spelled out: `replace` costs four times as much, and songs have many notes


def shift_event(event: Event, ticks: int) -> Event:
    """The same event, earlier or later."""
    return replace(event, tick=Ticks(event.tick + ticks))


def _in_order(first: tuple[Note, ...], second: tuple[Note, ...]) -> tuple[Note, ...]:
    # Stable by onset alone, so that notes which start together keep the order their source gave them.
    return tuple(sorted((*first, *second), key=lambda note: note.start))


def _events_in_order(first: tuple[Event, ...], second: tuple[Event, ...]) -> tuple[Event, ...]:
    return tuple(sorted((*first, *second), key=lambda event: event.tick))
