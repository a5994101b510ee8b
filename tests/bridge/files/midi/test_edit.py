"""Replacing notes in a MIDI file leaves everything else alone."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bridge.files.midi.bytes import read_midi, write_midi
from bridge.files.midi.edit import NoteEdit, add_track, clashes, edit_notes, free_channel, replace_notes
from bridge.files.midi.raw import RawTrack
from bridge.files.midi.reading import MidiReading, read_song, understand
from engines.errors import InvalidMusic, NotThere
from engines.music.notes import Note
from engines.music.song import MidiClip
from engines.music.time import Division, Ticks
from tests.bridge.files.midi.examples import END, SCALE, meta, midi, off, on, part_files, track


def notes_of(reading: MidiReading, index: int) -> tuple[Note, ...]:
    clip = reading.song.tracks[index].placements[0].clip
    assert isinstance(clip, MidiClip)
    return clip.notes


def note(start: int, length: int, pitch: int, velocity: int = 80) -> Note:
    return Note(Ticks(start), Ticks(length), pitch, velocity)


def without(raw: RawTrack, gone: set[int]) -> list[tuple[int, bytes]]:
    """The events of a track but for some, and but for End of Track."""
    return [event for index, event in enumerate(raw.events()) if index not in gone][:-1]


def stands_in(few: list[tuple[int, bytes]], many: list[tuple[int, bytes]]) -> bool:
    """Whether all of the first stand in the second in their order."""
    rest = iter(many)
    return all(event in rest for event in few)


@st.composite
def edits(draw: st.DrawFn) -> tuple[MidiReading, NoteEdit]:
    """A file, and an edit of one of its parts that it can tell from what stays."""
    reading = understand(draw(part_files()))
    assume(reading.origins)
    index = draw(st.integers(0, len(reading.origins) - 1))
    remove = frozenset(draw(st.sets(st.integers(0, len(reading.origins[index].on) - 1))))
    build = st.builds(note, st.integers(0, 4000), st.integers(1, 2000), st.integers(58, 65), st.integers(1, 127))
    wanted = tuple(draw(st.lists(build, max_size=8)))
    unfit = clashes(reading, NoteEdit(index, remove, wanted))
    return reading, NoteEdit(index, remove, tuple(n for i, n in enumerate(wanted) if i not in unfit))


def in_file_ticks(reading: MidiReading, new: Note) -> tuple[int, int]:
    """Where a note belongs in a file: at the nearest tick, but in the bar it starts in."""
    division, meter = Division(reading.raw.division), reading.song.meter
    first, line = (division.from_ticks(meter.bar_start(meter.bar_at(new.start) + more)) for more in (0, 1))
    start = max(first, min(line - 1, division.from_ticks(new.start)))
    return start, max(start + 1, division.from_ticks(new.end))


@given(edits())
def test_every_other_event_keeps_tick_value_track_and_order(made: tuple[MidiReading, NoteEdit]) -> None:
    reading, edit = made
    origin, raw = reading.origins[edit.track], reading.raw
    edited = read_midi(write_midi(edit_notes(reading, [edit])))
    assert (edited.type, edited.division) == (raw.type, raw.division)
    for index, (before, after) in enumerate(zip(raw.tracks, edited.tracks, strict=True)):
        if index != origin.track:
            assert list(before.events()) == list(after.events())
            continue
        gone = {origin.on[i] for i in edit.remove} | {origin.off[i] for i in edit.remove}
        new: Counter[tuple[int, bytes]] = Counter()
        for each in edit.add:
            start, end = in_file_ticks(reading, each)
            new[start, on(each.pitch, each.velocity, origin.channel)] += 1
            new[end, off(each.pitch, each.release, origin.channel)] += 1
        kept, found = without(before, gone), without(after, set())
        assert stands_in(kept, found)
        assert Counter(found) == Counter(kept) + new
        assert after.end == max([before.end, *(tick for tick, _ in new)])


@given(edits())
def test_the_notes_read_back_are_those_kept_and_those_added(made: tuple[MidiReading, NoteEdit]) -> None:
    reading, edit = made
    origin, division = reading.origins[edit.track], Division(reading.raw.division)
    kept = [i for i in range(len(origin.on)) if i not in edit.remove]
    assume(all(origin.off[i] >= 0 for i in kept))  # a note without end lasts longer when its track does
    wanted = [notes_of(reading, edit.track)[i] for i in kept]
    for each in edit.add:
        start, end = (division.to_ticks(tick) for tick in in_file_ticks(reading, each))
        length = Ticks(max(end - start, 1))
        wanted.append(Note(start, length, each.pitch, each.velocity, origin.channel))
    again = understand(edit_notes(reading, [edit]))
    found = [
        each
        for index, place in enumerate(again.origins)
        if (place.track, place.channel) == (origin.track, origin.channel)
        for each in notes_of(again, index)
    ]
    assert sorted(found) == sorted(wanted)


def test_a_bar_of_one_part_of_a_type_0_file() -> None:
    bass = tuple((step, bytes((m[0] | 1, m[1] - 24, m[2]))) for step, m in SCALE)
    data = midi(track((0, meta(0x06, "chord:C")), *SCALE, *bass, END), kind=0)
    reading = read_song(data)
    raw = replace_notes(reading, 1, {0, 1, 2, 3}, [note(3840, 960, 48), note(4800, 480, 50)])
    again = read_song(write_midi(raw))
    assert again.song.tracks[0] == reading.song.tracks[0]
    assert [(n.start, n.length, n.pitch, n.channel) for n in notes_of(again, 1)] == [
        (3840, 960, 48, 1),
        (4800, 480, 50, 1),
    ]
    assert raw.type == 0


def test_several_parts_at_once() -> None:
    reading = read_song(midi(track(*SCALE, END), track(*SCALE, END)))
    raw = edit_notes(reading, [NoteEdit(0, frozenset({0})), NoteEdit(1, frozenset({3})), NoteEdit(1, frozenset({2}))])
    again = understand(raw)
    assert [n.pitch for n in notes_of(again, 0)] == [62, 64, 65]
    assert [n.pitch for n in notes_of(again, 1)] == [60, 62]


def test_a_new_note_begins_after_what_stands_at_its_tick_and_ends_before_it() -> None:
    reading = read_song(midi(track((0, b"\xc0\x05"), (0, on(40)), (480, b"\xb0\x40\x7f"), (0, off(40)), END)))
    raw = replace_notes(reading, 0, {0}, [note(0, 960, 72), note(960, 960, 72)])
    assert [message for _, message in raw.tracks[0].events()] == [
        b"\xc0\x05",
        on(72),
        off(72),
        b"\xb0\x40\x7f",
        on(72),
        off(72),
        b"\xff\x2f",
    ]


def test_a_new_note_stays_in_its_bar_where_ticks_are_coarse() -> None:
    reading = read_song(midi(track((0, on(40)), (8, off(40)), END), division=1))
    raw = replace_notes(reading, 0, {0}, [note(3839, 1, 72), note(3840, 960, 74)])
    assert list(raw.tracks[0].events())[:-1] == [(3, on(72)), (4, off(72)), (4, on(74)), (5, off(74))]


def test_what_the_file_could_not_tell_apart_is_refused() -> None:
    reading = read_song(midi(track((0, on(60)), (960, off(60)), (0, off(64)), END)))
    assert clashes(reading, NoteEdit(0, add=(note(960, 960, 60), note(1920, 960, 60), note(1000, 1000, 64)))) == (0, 2)
    assert clashes(reading, NoteEdit(0, frozenset({0}), (note(960, 960, 60), note(1000, 960, 60)))) == (1,)
    with pytest.raises(InvalidMusic, match="A new note of pitch 60 in bar 1 overlaps another on the same key"):
        replace_notes(reading, 0, (), [note(960, 960, 60)])


def test_a_track_or_note_that_is_not_there() -> None:
    reading = read_song(midi(track(*SCALE, END)))
    with pytest.raises(NotThere, match="no track 2"):
        replace_notes(reading, 1, (), ())
    with pytest.raises(NotThere, match="not in the track"):
        replace_notes(reading, 0, {4}, ())


def test_a_new_track_joins_and_a_type_0_file_becomes_type_1() -> None:
    reading = read_song(midi(track(*SCALE, END), kind=0, division=96))
    assert free_channel(reading.raw) == 1
    raw = add_track(reading.raw, "Bass\n", 33, 1, [note(0, 960, 36), note(960, 10, 36)])
    again = read_song(write_midi(raw))
    assert raw.type == 1
    assert raw.tracks[0] == reading.raw.tracks[0]
    assert [(t.name, t.program, t.channel) for t in again.song.tracks][1] == ("Bass", 33, 1)
    assert [(n.start, n.length) for n in notes_of(again, 1)] == [(0, 960), (960, 10)]
    with pytest.raises(InvalidMusic, match="overlap"):
        add_track(raw, "Bass", None, 1, [note(0, 960, 36), note(0, 960, 36)])


def test_the_least_busy_channel_is_free_when_all_are_taken() -> None:
    every = tuple((0, on(60, 80, channel)) for channel in (*range(16), *range(14)))
    assert free_channel(read_midi(midi(track(*every, END)))) == 14
