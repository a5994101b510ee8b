"""Changing notes in a MIDI file while every other event stays as it is, where it is."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from bridge.files.midi.maps import METER, collect, read_meter
from bridge.files.midi.notes import NO_END, sort_out
from bridge.files.midi.parts import NAME
from bridge.files.midi.raw import END_OF_TRACK, META, RawMidi, RawTrack
from bridge.files.midi.reading import MidiReading
from bridge.files.midi.text import clean, encode
from engines.errors import InvalidMusic, NotThere
from engines.music.notes import DRUM_CHANNEL, Note
from engines.music.time import Division, MeterMap

_OFF, _KEPT, _ON = range(3)
"""At one tick new notes end before anything else happens, and begin after everything else has."""


@dataclass(frozen=True, slots=True)
class NoteEdit:
    """What changes in one track of a reading."""

    track: int
    """Index of the track in the song."""
    remove: frozenset[int] = frozenset()
    """Indices of notes in the track's clip."""
    add: tuple[Note, ...] = ()
    """New notes, in song ticks. They go on the track's channel, to the nearest tick of the file in their bar."""


def replace_notes(reading: MidiReading, track: int, remove: Collection[int], add: Sequence[Note]) -> RawMidi:
    """The file with some notes of one track replaced."""
    return edit_notes(reading, [NoteEdit(track, frozenset(remove), tuple(add))])


def edit_notes(reading: MidiReading, edits: Iterable[NoteEdit]) -> RawMidi:
    """The file with notes replaced in several tracks.

    Every event that is not part of a removed note keeps its tick, its value, its track and its order. Only End of Track
    moves where a new note outlasts it. A new note that the file could not tell from another is an error: see `clashes`.
    """
    gone: defaultdict[int, set[int]] = defaultdict(set)
    new: defaultdict[int, list[_Row]] = defaultdict(list)
    grid = _grid(reading)
    for edit in _one_a_track(edits):
        _check(reading, edit)
        origin = reading.origins[edit.track]
        gone[origin.track].update(origin.on[note] for note in edit.remove)
        gone[origin.track].update(origin.off[note] for note in edit.remove)
        new[origin.track] += _rows(edit.add, origin.channel, grid)
    tracks = list(reading.raw.tracks)
    for index in gone.keys() | new.keys():
        tracks[index] = _rebuild(tracks[index], gone[index] - {NO_END}, new[index])
    return replace(reading.raw, tracks=tuple(tracks))


def _one_a_track(edits: Iterable[NoteEdit]) -> list[NoteEdit]:
    """Edits of the same track as one."""
    merged: dict[int, NoteEdit] = {}
    for edit in edits:
        before = merged.get(edit.track, NoteEdit(edit.track))
        merged[edit.track] = NoteEdit(edit.track, before.remove | edit.remove, before.add + edit.add)
    return list(merged.values())


def _check(reading: MidiReading, edit: NoteEdit) -> None:
    if not 0 <= edit.track < len(reading.origins):
        raise NotThere(f"The file has no track {edit.track + 1} with notes.", f"It has {len(reading.origins)} of them.")
    count = len(reading.origins[edit.track].on)
    if any(not 0 <= note < count for note in edit.remove):
        raise NotThere("A note to be removed is not in the track.", f"The track has {count} notes.")
    unfit = clashes(reading, edit)
    if unfit:
        note = edit.add[unfit[0]]
        bar = reading.song.meter.bar_at(note.start)
        raise InvalidMusic(
            f"A new note of pitch {note.pitch} in bar {bar} overlaps another on the same key.",
            "Shorten it or leave it out: a MIDI track cannot tell the two apart.",
            path=f"bar {bar}",
        )


def clashes(reading: MidiReading, edit: NoteEdit) -> tuple[int, ...]:
    """Which of the new notes overlap a note that stays, or an earlier new one, on the same key.

    A MIDI track cannot keep the two apart: the end of one would be read as the end of the other.
    """
    origin = reading.origins[edit.track]
    track = reading.raw.tracks[origin.track]
    busy: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    for note, (on, off) in enumerate(zip(origin.on, origin.off, strict=True)):
        if note not in edit.remove:
            end = track.end + 1 if off == NO_END else track.ticks[off]
            busy[track.messages[on][1]].append((track.ticks[on], end))
    for index in sort_out(track).stray:  # a note-off without a note would end a new note around it
        if track.messages[index][0] & 0x0F == origin.channel:
            busy[track.messages[index][1]].append((track.ticks[index], track.ticks[index]))
    return _overlapping(edit.add, busy, _grid(reading))


def _overlapping(notes: Sequence[Note], busy: dict[int, list[tuple[int, int]]], grid: _Grid) -> tuple[int, ...]:
    """Indices of the notes that overlap a busy span of their key, or a note taken before them."""
    spans = {pitch: sorted(rows) for pitch, rows in busy.items()}
    starts = {pitch: [start for start, _ in rows] for pitch, rows in spans.items()}
    latest = {pitch: list(accumulate((end for _, end in rows), max)) for pitch, rows in spans.items()}
    taken: dict[int, int] = {}
    out = []
    for index in sorted(range(len(notes)), key=lambda i: (notes[i].start, notes[i].length, i)):
        start, end = grid.span(notes[index])
        pitch = notes[index].pitch
        before = bisect_left(starts.get(pitch, []), end)
        if taken.get(pitch, -1) > start or (before and latest[pitch][before - 1] > start):
            out.append(index)
        else:
            taken[pitch] = end
    return tuple(sorted(out))


@dataclass(frozen=True, slots=True)
class _Grid:
    """The ticks of a file, and its bars."""

    division: Division
    meter: MeterMap

    def span(self, note: Note) -> tuple[int, int]:
        """The ticks of the file at which a note begins and ends: the nearest that leave it in the bar it starts in."""
        bar = self.meter.bar_at(note.start)
        first, line = (self.division.from_ticks(tick) for tick in (self.meter.bar_start(bar), self.meter.bar_end(bar)))
        start = max(first, min(self.division.from_ticks(note.start), line - 1))
        return start, max(start + 1, self.division.from_ticks(note.end))


def _grid(reading: MidiReading) -> _Grid:
    return _Grid(Division(reading.raw.division), reading.song.meter)


_Row = tuple[int, int, int, bytes]
"""Tick, place among what happens at that tick, order, message."""


def _rows(notes: Iterable[Note], channel: int, grid: _Grid) -> list[_Row]:
    out: list[_Row] = []
    for order, note in enumerate(notes):
        start, end = grid.span(note)
        if start < 0:
            raise InvalidMusic("A note lies before the start of the file.", "Move it to bar 1 or later.")
        out.append((start, _ON, order, bytes((0x90 | channel, note.pitch, note.velocity))))
        out.append((end, _OFF, order, bytes((0x80 | channel, note.pitch, note.release))))
    return out


def _rebuild(track: RawTrack, gone: Collection[int], new: Sequence[_Row]) -> RawTrack:
    """A track without some events and with some more; End of Track stays last."""
    *kept, last = enumerate(track.events())
    rows = [(tick, _KEPT, index, message) for index, (tick, message) in kept if index not in gone]
    rows = sorted([*rows, *new])
    end, message = last[1]
    if rows:
        end = max(end, rows[-1][0])
    return replace(track, ticks=(*(row[0] for row in rows), end), messages=(*(row[3] for row in rows), message))


def add_track(raw: RawMidi, name: str, program: int | None, channel: int, notes: Sequence[Note]) -> RawMidi:
    """The file with one more track at its end. A file of type 0 becomes type 1; its one track stays as it is."""
    stated = collect(raw, (sort_out(track).meta for track in raw.tracks))
    grid = _Grid(Division(raw.division), read_meter(stated[METER])[0])
    unfit = _overlapping(notes, {}, grid)
    if unfit:
        raise InvalidMusic(
            f"Two new notes of pitch {notes[unfit[0]].pitch} overlap.", "Shorten the first or leave one out."
        )
    head = [bytes((META, NAME)) + encode(clean(name))]
    if program is not None:
        head.append(bytes((0xC0 | channel, program)))
    empty = RawTrack((0,) * len(head) + (max((track.end for track in raw.tracks), default=0),), (*head, END_OF_TRACK))
    return replace(raw, type=1, tracks=(*raw.tracks, _rebuild(empty, (), _rows(notes, channel, grid))))


def free_channel(raw: RawMidi) -> int:
    """A channel for a new pitched part: the first that no track plays on, or the one with the fewest notes."""
    counts = dict.fromkeys((c for c in range(16) if c != DRUM_CHANNEL), 0)
    for track in raw.tracks:
        for message in track.messages:
            if message[0] >> 4 == 0x9 and message[0] & 0x0F in counts:
                counts[message[0] & 0x0F] += 1
    return min(counts, key=lambda channel: (counts[channel], channel))
