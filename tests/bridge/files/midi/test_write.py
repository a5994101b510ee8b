"""Writing a song as a MIDI file."""

from __future__ import annotations

import io
from dataclasses import replace
from fractions import Fraction

import mido
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.files.midi.bytes import read_midi
from bridge.files.midi.conductor import tempo_steps
from bridge.files.midi.reading import read_song
from bridge.files.midi.seats import Player, seats
from bridge.files.midi.write import write_song
from engines.errors import InvalidMusic
from engines.music.harmony import ChordTrack, Key, KeyChange, KeyTrack, Mode, Spelling
from engines.music.notes import Control, Event, Note, PitchBend, Pressure, Program, Text
from engines.music.song import Marker, MidiClip, Placement, Section, Song, Take, Track
from engines.music.time import PPQ, Meter, MeterChange, MeterMap, TempoChange, TempoMap, Ticks

BAR = 4 * PPQ


def note(start: int, length: int, pitch: int, velocity: int = 80, channel: int = 0, release: int = 0) -> Note:
    return Note(Ticks(start), Ticks(length), pitch, velocity, channel, release)


def placed(length: int, *notes: Note, events: tuple[Event, ...] = (), start: int = 0, times: int = 1) -> Placement:
    clip = MidiClip(Ticks(length), notes, events)
    return Placement(Ticks(start), Ticks(length * times), (Take(clip),), looped=times > 1)


def events_of(track: Track) -> tuple[Event, ...]:
    clip = track.placements[0].clip
    assert isinstance(clip, MidiClip)
    return clip.events


words = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=8)
ticks = st.integers(0, 3 * BAR)


def steps_of(value: st.SearchStrategy[object]) -> st.SearchStrategy[dict[int, object]]:
    return st.dictionaries(ticks, value, max_size=4)


meters = st.builds(Meter, st.integers(1, 33), st.sampled_from([1, 2, 4, 8, 16, 32, 64, 128]))
keys = st.builds(Key, st.builds(Spelling, st.sampled_from("CDEFGAB"), st.integers(-2, 2)), st.sampled_from(list(Mode)))
tempi = st.integers(30_000, 0xFFFFFF)


@st.composite
def maps(draw: st.DrawFn) -> tuple[TempoMap, MeterMap, KeyTrack | None]:
    tempo = {0: draw(tempi)} | draw(st.dictionaries(ticks, tempi, max_size=4))
    meter = {0: draw(meters)} | draw(st.dictionaries(ticks, meters, max_size=4))
    key = draw(st.none() | st.dictionaries(ticks, keys, max_size=3))
    stated = None if key is None else {0: draw(keys)} | key
    return (
        TempoMap(tuple(TempoChange.from_midi(tick, tempo[tick]) for tick in sorted(tempo))),
        MeterMap(tuple(MeterChange(Ticks(tick), meter[tick]) for tick in sorted(meter))),
        None if stated is None else KeyTrack(tuple(KeyChange(Ticks(t), stated[t]) for t in sorted(stated))),
    )


@st.composite
def tracks(draw: st.DrawFn, channel: int, length: int) -> Track:
    """A part with at least one note, whose notes on one key do not overlap: only those are told apart in a file."""
    notes, busy = [], dict[int, int]()
    for start in sorted(draw(st.lists(st.integers(0, length - 1), min_size=1, max_size=12))):
        pitch = draw(st.integers(60, 64))
        start = max(start, busy.get(pitch, 0))
        span = draw(st.integers(1, BAR))
        if start + span <= length:
            busy[pitch] = start + span
            notes.append(note(start, span, pitch, draw(st.integers(1, 127)), channel, draw(st.integers(0, 127))))
    notes = sorted(notes, key=lambda each: each.start) or [note(0, 1, 60, 80, channel)]
    at = draw(st.integers(0, length))
    events: tuple[Event, ...] = (
        Control(Ticks(0), 0, 3, channel),
        Program(Ticks(0), 5, channel),
        Control(Ticks(at), 64, 127, channel),
        PitchBend(Ticks(at), -8192, channel),
        Pressure(Ticks(at), 9, 60, channel),
        Pressure(Ticks(at), 9, None, channel),
        Text(Ticks(at), draw(words), "lyric"),
        Text(Ticks(at), draw(words)),
        Text(Ticks(length), draw(words), "cue"),
    )
    kept = events[: draw(st.integers(0, len(events)))]
    program = 5 if len(kept) > 1 else draw(st.none() | st.integers(0, 127))
    place = placed(length, *notes, events=kept)
    return Track(draw(words), (place,), program=program, channel=channel)


@st.composite
def songs(draw: st.DrawFn) -> Song:
    tempo, meter, key = draw(maps())
    end = meter.bar_end(meter.bars_until(draw(st.integers(1, 3 * BAR))))
    parts = [draw(tracks(channel, end)) for channel in draw(st.sets(st.integers(0, 15), max_size=4))]
    markers = sorted(draw(st.lists(st.tuples(ticks, words), max_size=4)), key=lambda row: row[0])
    placed_markers = tuple(Marker(Ticks(tick), name) for tick, name in markers)
    return Song(tuple(parts), tempo, meter, key, markers=placed_markers, name=draw(st.just("") | words))


@given(songs())
def test_a_song_comes_back(song: Song) -> None:
    again = read_song(write_song(song)).song
    assert (again.tempo, again.meter, again.keys, again.name) == (song.tempo, song.meter, song.keys, song.name)
    assert again.markers == song.markers
    for before, after in zip(song.tracks, again.tracks, strict=True):
        assert (after.name, after.channel, after.program) == (before.name, before.channel, before.program)
        assert sorted(after.notes()) == sorted(before.notes())
        synthetic = before.program is not None and not any(isinstance(e, Program) for e in events_of(before))
        assert [e for e in events_of(after) if not synthetic or not isinstance(e, Program)] == list(events_of(before))


@given(songs())
def test_the_same_song_gives_the_same_bytes_and_writing_settles(song: Song) -> None:
    data = write_song(song)
    assert write_song(song) == data
    once = read_song(data).song
    assert write_song(read_song(write_song(once)).song) == write_song(once)


def test_what_the_file_looks_like() -> None:
    song = Song(
        (
            Track("MELODY", (placed(BAR, note(0, PPQ, 60), note(PPQ, PPQ, 60)),), program=73),
            Track("Drums", (placed(BAR, note(0, PPQ, 36, channel=9)),), channel=9),
        ),
        TempoMap.constant(96.0),
        MeterMap.of((0, "6/8")),
        KeyTrack.constant(Key.parse("Eb")),
        ChordTrack.of((0, "Am7"), (PPQ, "D7"), end=2 * PPQ),
        (Section("Verse", Ticks(0), Ticks(BAR)),),
        (Marker(Ticks(0), "start"),),
        "Tune",
    )
    raw = read_midi(write_song(song))
    assert (raw.type, raw.division) == (1, 960)
    assert [(tick, message) for tick, message in raw.tracks[0].events()] == [
        (0, b"\xff\x03Tune"),
        (0, b"\xff\x58\x06\x03\x24\x08"),
        (0, b"\xff\x59\xfd\x00"),
        (0, b"\xff\x51\x09\x89\x68"),
        (0, b"\xff\x06Verse"),
        (0, b"\xff\x06chord:Am7"),
        (0, b"\xff\x06start"),
        (960, b"\xff\x06chord:D7"),
        (1920, b"\xff\x06chord:N.C."),
        (2 * 2880, b"\xff\x2f"),
    ]
    assert [(tick, message) for tick, message in raw.tracks[1].events()] == [
        (0, b"\xff\x03MELODY"),
        (0, b"\xc0\x49"),
        (0, b"\x90\x3c\x50"),
        (960, b"\x80\x3c\x00"),
        (960, b"\x90\x3c\x50"),
        (1920, b"\x80\x3c\x00"),
        (2 * 2880, b"\xff\x2f"),
    ]
    assert raw.tracks[2].messages[1] == b"\x99\x24\x50"


def test_mido_reads_the_same() -> None:
    song = Song((Track("A", (placed(BAR, note(0, 960, 60, 70), note(960, 480, 64, 71, release=5)),), program=3),))
    file = mido.MidiFile(file=io.BytesIO(write_song(song)))
    assert (file.type, file.ticks_per_beat, file.length) == (1, 960, 2.0)
    assert [str(message) for message in file.tracks[1] if not message.is_meta] == [
        "program_change channel=0 program=3 time=0",
        "note_on channel=0 note=60 velocity=70 time=0",
        "note_off channel=0 note=60 velocity=0 time=960",
        "note_on channel=0 note=64 velocity=71 time=0",
        "note_off channel=0 note=64 velocity=5 time=480",
    ]


def test_places_repeat_their_clip_and_silent_ones_do_not_sound() -> None:
    clip = placed(PPQ, note(0, 2000, 60), events=(Control(Ticks(0), 1, 9),), start=PPQ, times=2)
    song = Song((Track("A", (clip, replace(clip, start=Ticks(BAR), muted=True))), Track("B", (clip,), muted=True)))
    (again,) = read_song(write_song(song)).song.tracks
    assert again.notes() == (note(960, 960, 60), note(1920, 960, 60))
    assert [event.tick for event in events_of(again)] == [960, 1920]
    assert len(read_midi(write_song(song)).tracks) == 3


def test_of_notes_that_begin_together_on_one_key_the_shorter_comes_first() -> None:
    song = Song((Track("A", (placed(BAR, note(0, 960, 60, 1), note(0, 480, 60, 2)),)),))
    assert read_song(write_song(song)).song.tracks[0].notes() == (note(0, 480, 60, 2), note(0, 960, 60, 1))


def test_a_program_stands_behind_the_bank_it_is_taken_from() -> None:
    events = (Control(Ticks(0), 0, 1), Control(Ticks(0), 32, 2), Control(Ticks(0), 7, 99))
    song = Song((Track("A", (placed(BAR, note(0, 9, 60), events=events),), program=4),))
    assert [message[0] >> 4 for message in read_midi(write_song(song)).tracks[1].messages[1:5]] == [0xB, 0xB, 0xC, 0xB]


@given(st.lists(st.tuples(st.integers(1, 3000), st.floats(20, 400), st.booleans()), min_size=2, max_size=5))
def test_ramps_become_steps_that_keep_time(shape: list[tuple[int, float, bool]]) -> None:
    tick, changes = 0, []
    for length, qpm, linear in shape:
        changes.append(TempoChange(Ticks(tick), qpm, linear))
        tick += length
    tempo = TempoMap(tuple(changes))
    steps = list(tempo_steps(tempo))
    stepped = TempoMap(tuple(TempoChange(Ticks(t), Fraction(60_000_000, tempo)) for t, tempo in steps))
    for before, after in zip(tempo.changes, tempo.changes[1:], strict=False):
        if before.linear and before.qpm != after.qpm:
            inside = [t for t, _ in steps if before.tick <= t < after.tick]
            assert all(b - a <= PPQ // 4 for a, b in zip(inside, [*inside[1:], after.tick], strict=True))
            for t in (*inside, after.tick):
                spent = stepped.seconds_at(t) - stepped.seconds_at(before.tick)
                assert abs(spent - (tempo.seconds_at(t) - tempo.seconds_at(before.tick))) < 1e-6


def test_who_sits_where() -> None:
    def channels(*wishes: tuple[int, int | None]) -> list[tuple[int, int]]:
        found = seats([Player((channel,), program) for channel, program in wishes])
        return [(seat.port, next(iter(seat.channels.values()))) for seat in found]

    assert channels((0, 1), (0, 1), (3, 2)) == [(0, 0), (0, 0), (0, 3)]  # one program may share
    assert channels((0, 1), (0, 2), (1, 3)) == [(0, 0), (0, 2), (0, 1)]  # who was there first stays
    assert channels((9, None), (9, 8), (9, 16)) == [(0, 9), (0, 9), (1, 9)]
    crowd = channels(*((0, program) for program in range(17)))
    assert crowd[:15] == [(0, channel) for channel in range(16) if channel != 9]
    assert crowd[15:] == [(1, 0), (1, 1)]
    assert channels(*((0, program) for program in range(15)), (9, 7), (9, 7))[-1] == (0, 9)
    shared = seats([Player((0, 1, 2), 4), Player((1,), 5)])
    assert [dict(seat.channels) for seat in shared] == [{0: 0, 1: 1, 2: 2}, {1: 3}]


def test_a_full_house_is_told_apart_by_ports() -> None:
    parts = tuple(Track(f"T{i}", (placed(BAR, note(0, 9, 60)),), program=i) for i in range(20))
    raw = read_midi(write_song(Song(parts)))
    ports = [[message for message in track.messages if message[:2] == b"\xff\x21"] for track in raw.tracks]
    assert ports == [[]] * 16 + [[b"\xff\x21\x01"]] * 5
    with pytest.raises(InvalidMusic, match="more tracks with programs of their own"):
        seats([Player((9,), i) for i in range(129)])


def test_what_no_file_can_hold_is_an_error_in_words() -> None:
    with pytest.raises(InvalidMusic, match="4096 tracks"):
        write_song(Song((Track("x"),) * 4096))
    with pytest.raises(InvalidMusic, match="does not fit into a MIDI file"):
        write_song(Song((Track("x", (placed(BAR, note(-5, 9, 60)),)),)))


def test_an_empty_song_is_a_bar_of_silence() -> None:
    assert read_song(write_song(Song())).song == Song(tempo=TempoMap.constant(Fraction(120)))
