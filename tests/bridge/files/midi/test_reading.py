"""A MIDI file seen as a song."""

from __future__ import annotations

import io
import os
from collections import defaultdict, deque
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import mido
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bridge.files.midi.bytes import write_midi
from bridge.files.midi.notes import to_ticks
from bridge.files.midi.raw import RawMidi, RawTrack
from bridge.files.midi.reading import MidiReading, load, read_song, understand
from engines.errors import EngineError, InvalidMusic, UnreadableFile
from engines.music.keys import Key
from engines.music.notes import Control, Note, PitchBend, Pressure, Program, Text
from engines.music.song import Marker, MidiClip, Track
from engines.music.time import COMMON_TIME, Division, Meter, MeterMap, Ticks
from tests.bridge.files.midi.examples import END, SCALE, header, meta, midi, off, on, raw_files, raw_tracks, track


def clip_of(part: Track) -> MidiClip:
    clip = part.placements[0].clip
    assert isinstance(clip, MidiClip)
    return clip


def codes(reading: MidiReading) -> list[str]:
    return [notice.code for notice in reading.notices]


def note(start: int, length: int, pitch: int, velocity: int = 80, channel: int = 0, release: int = 0) -> Note:
    return Note(Ticks(start), Ticks(length), pitch, velocity, channel, release)


def test_a_scale() -> None:
    song = read_song(midi(track((0, meta(0x03, "Piano")), (0, b"\xc0\x04"), *SCALE, END))).song
    (piano,) = song.tracks
    assert (piano.name, piano.program, piano.channel) == ("Piano", 4, 0)
    assert piano.notes() == tuple(note(960 * i, 960, pitch) for i, pitch in enumerate((60, 62, 64, 65)))
    assert (song.bars, song.end) == (1, 3840)
    assert song.meter == MeterMap()
    assert song.tempo.qpm_at(0) == 120
    assert song.keys is None


def test_each_note_knows_the_events_that_it_is_written_as() -> None:
    reading = read_song(midi(track((0, on(60)), (10, on(64)), (10, off(60)), (0, on(67)), (5, on(64, 0)), END)))
    (origin,) = reading.origins
    assert (origin.track, origin.channel) == (0, 0)
    assert (origin.on, origin.off) == ((0, 1, 3), (2, 4, -1))
    assert [n.pitch for n in clip_of(reading.song.tracks[0]).notes] == [60, 64, 67]


def test_on_one_key_the_first_note_ends_first() -> None:
    reading = read_song(midi(track((0, on(60, 1)), (480, on(60, 2)), (480, off(60)), (480, off(60)), END)))
    assert reading.song.tracks[0].notes() == (note(0, 1920, 60, 1), note(960, 1920, 60, 2))


def test_a_note_without_end_lasts_as_long_as_its_track() -> None:
    reading = read_song(midi(track((0, on(60)), (0, on(62)), (480, off(62)), (960, b"\xff\x2f\x00"))))
    assert [n.length for n in reading.song.tracks[0].notes()] == [3 * 960, 960]
    assert codes(reading) == ["W_HANGING_NOTE"]


def test_a_note_without_length_gets_one_tick_of_the_file() -> None:
    reading = read_song(midi(track((0, on(60)), (0, off(60)), (480, meta(0x01, "x")), END)))
    assert reading.song.tracks[0].notes() == (note(0, 2, 60),)


def test_type_0_gives_each_channel_its_part() -> None:
    data = midi(
        track(
            (0, meta(0x03, "Tune")),
            (0, b"\xc0\x20"),
            (0, meta(0x20, b"\x01")),
            (0, meta(0x03, "Strings")),
            (0, on(60)),
            (0, on(40, 70, 1)),
            (0, on(36, 90, 9)),
            (480, off(60)),
            (0, off(40, 0, 1)),
            (0, off(36, 0, 9)),
            END,
        ),
        kind=0,
    )
    song = read_song(data).song
    assert song.name == "Tune"
    assert [(t.name, t.channel, t.program) for t in song.tracks] == [
        ("Channel 1", 0, 32),
        ("Strings", 1, None),
        ("Drums", 9, None),
    ]


def test_a_track_on_two_channels_becomes_two_parts_that_know_their_source() -> None:
    both = track((0, meta(0x03, "Keys")), (0, on(60)), (0, on(72, 80, 1)), (480, off(60)), (0, off(72, 0, 1)), END)
    reading = read_song(midi(track(END), both))
    assert [t.name for t in reading.song.tracks] == ["Keys ch 1", "Keys ch 2"]
    assert [origin.track for origin in reading.origins] == [1, 1]


def test_a_program_may_stand_in_a_track_without_notes() -> None:
    setup = track((0, b"\xc0\x05"), (0, b"\xc1\x28"), (0, b"\xc1\x29"), END)
    first = track((0, on(60, 80, 1)), (480, off(60, 0, 1)), END)
    second = track((0, b"\xc0\x07"), (0, on(60)), (480, off(60)), END)
    song = read_song(midi(setup, first, second)).song
    assert [t.program for t in song.tracks] == [0x28, 7]


def test_everything_that_shapes_notes_is_in_the_clip() -> None:
    events = [b"\xb0\x40\x7f", b"\xe0\x00\x40", b"\xe0\x7f\x7f", b"\xd0\x21", b"\xa0\x3c\x11", b"\xc0\x09"]
    words = [meta(0x05, "la"), meta(0x01, "dolce"), meta(0x07, "lights")]
    data = midi(track(*((120, each) for each in (*events, *words)), *SCALE, END))
    ticks = iter(range(240, 5000, 240))
    assert clip_of(read_song(data).song.tracks[0]).events == (
        Control(Ticks(next(ticks)), 64, 127),
        PitchBend(Ticks(next(ticks)), 0),
        PitchBend(Ticks(next(ticks)), 8191),
        Pressure(Ticks(next(ticks)), 0x21),
        Pressure(Ticks(next(ticks)), 0x11, 60),
        Program(Ticks(next(ticks)), 9),
        Text(Ticks(next(ticks)), "la", "lyric"),
        Text(Ticks(next(ticks)), "dolce", "text"),
        Text(Ticks(next(ticks)), "lights", "cue"),
    )


def test_tempo_and_meter_come_from_any_track_and_the_last_at_a_tick_wins() -> None:
    first = track((0, meta(0x51, b"\x07\xa1\x20")), (0, meta(0x58, b"\x03\x02\x18\x08")), END)
    other = track((0, meta(0x51, b"\x09\x27\xc1")), (1440, meta(0x58, b"\x21\x06\x18\x08")), *SCALE, END)
    song = read_song(midi(first, other)).song
    assert song.tempo.changes[0].qpm == Fraction(60_000_000, 0x0927C1)
    assert song.meter == MeterMap.of((0, "3/4"), (2880, "33/64"))


def test_a_time_signature_inside_a_bar_begins_a_new_one() -> None:
    song = read_song(midi(track((480, meta(0x58, b"\x03\x02\x18\x08")), *SCALE, END))).song
    assert song.meter.bar_lines(960 + 2880) == [0, 960, 960 + 2880]
    assert song.meter.meter_of(1) == COMMON_TIME
    assert song.meter.meter_of(2) == Meter(3, 4)


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        (meta(0x51, b"\0\0\0"), "In bar 2 (tick 1920): A tempo of 0 microseconds per quarter note is not playable."),
        (meta(0x51, b"\0\0\x01"), "In bar 2 (tick 1920): A tempo of 6e+07 is not playable."),
        (
            meta(0x58, b"\0\x02\x18\x08"),
            "The file states a meter of 0/4 in bar 2 (tick 1920), which no music can have.",
        ),
        (
            meta(0x58, b"\x04\x08\x18\x08"),
            "The file states a meter of 4/256 in bar 2 (tick 1920), which no music can have.",
        ),
        (
            meta(0x58, b"\x04\xff\x18\x08"),
            "The file states a meter of 4/2^255 in bar 2 (tick 1920), which no music can have.",
        ),
    ],
    ids=lambda value: value[:40] if isinstance(value, str) else "",
)
def test_impossible_tempi_and_meters_are_named_with_their_bar(statement: bytes, said: str) -> None:
    with pytest.raises(InvalidMusic) as caught:
        read_song(midi(track((1920, statement), *SCALE, END)))
    assert caught.value.message == said
    assert caught.value.path == "bar 2"
    assert caught.value.hint


def test_statements_of_the_wrong_length_are_left_out_and_noted() -> None:
    data = midi(track((0, meta(0x51, b"\x07")), (0, meta(0x58, b"")), (0, meta(0x59, b"\x09\0")), *SCALE, END))
    reading = read_song(data)
    assert reading.song == read_song(midi(track(*SCALE, END))).song
    assert codes(reading) == ["W_METER", "W_TEMPO", "W_KEY"]


def test_keys() -> None:
    def stated(*events: tuple[int, bytes]) -> list[tuple[int, str]]:
        keys = read_song(midi(track(*events, END))).song.keys
        assert keys is not None
        return [(change.tick, str(change.key)) for change in keys.changes]

    assert stated((0, meta(0x59, b"\xfd\0")), (480, meta(0x59, b"\x03\x01"))) == [(0, "Eb major"), (960, "F# minor")]
    assert stated((480, meta(0x59, b"\x01\0"))) == [(0, "G major")]  # what is stated first holds from the start
    assert stated((0, meta(0x59, b"\0\x01")), (0, meta(0x01, "key:D dorian"))) == [(0, str(Key.parse("D dorian")))]


def test_words_of_tracks_without_notes_are_markers_and_are_kept_by_track() -> None:
    conductor = track((0, meta(0x03, b"Caf\xe9\0")), (0, meta(0x06, "Verse")), (0, meta(0x07, "Go\n")), END)
    chords = track((0, meta(0x03, "Chords")), (960, meta(0x01, "Am7")), (0, meta(0x05, "la")), END)
    part = track((480, meta(0x06, "chord:G7")), *SCALE, END)
    reading = read_song(midi(conductor, chords, part))
    assert reading.song.name == "Café"
    assert reading.song.markers == tuple(
        Marker(Ticks(tick), name) for tick, name in [(0, "Go"), (0, "Verse"), (960, "chord:G7"), (1920, "Am7")]
    )
    assert [(words.track, words.name) for words in reading.words] == [(0, "Café"), (1, "Chords")]
    assert reading.words[1].texts == (Text(Ticks(1920), "Am7"), Text(Ticks(1920), "la", "lyric"))


def test_an_end_of_track_just_behind_the_bar_line_opens_no_bar() -> None:
    assert read_song(midi(track(*SCALE, (1, END[1])))).song.bars == 1
    assert read_song(midi(track(*SCALE, (1, b"\xb0\x40\x00"), END))).song.bars == 1
    assert read_song(midi(track(*SCALE, (480, END[1])))).song.bars == 2


def test_a_controller_behind_the_last_bar_line_is_moved_onto_it() -> None:
    song = read_song(midi(track(*SCALE, (1, b"\xb0\x40\x00"), END))).song
    assert clip_of(song.tracks[0]).events == (Control(Ticks(3840), 64, 0),)


@given(st.integers(1, 0x7FFF), st.lists(st.integers(0, 1 << 31)))
def test_any_division_is_mapped_to_the_nearest_tick(division: int, ticks: list[int]) -> None:
    for tick, found in zip(ticks, to_ticks(ticks, division), strict=True):
        assert found == Division(division).to_ticks(tick)
        assert abs(found - Fraction(960 * tick, division)) <= Fraction(1, 2)


def test_a_piece_of_four_hours_is_read_and_endless_ones_are_not() -> None:
    quarters = 4 * 60 * 120
    last = (0, b"\xff\x2f\x00")
    song = read_song(midi(track((0, on(60)), (480, off(60)), ((quarters - 1) * 480, last[1])))).song
    assert float(song.tempo.seconds_at(song.end)) == 4 * 3600
    with pytest.raises(UnreadableFile, match=r"lasts 13\.9 hours, more than the 12"):
        read_song(midi(track((0, meta(0x51, b"\x98\x96\x80")), (480 * 5000, last[1]))))
    with pytest.raises(UnreadableFile, match="is 20,001 bars long, more than the 20,000"):
        read_song(midi(track((480 * 4 * 20_000 + 200, last[1]))))


def song_or_reason(raw: RawMidi) -> MidiReading | EngineError:
    try:
        return understand(raw)
    except EngineError as error:
        return error


@given(raw_files())
def test_any_file_is_a_song_or_an_error_in_words(raw: RawMidi) -> None:
    reading = song_or_reason(raw)
    if isinstance(reading, EngineError):
        assert reading.message
        assert reading.hint
        return
    assert reading == understand(raw)
    for part, origin in zip(reading.song.tracks, reading.origins, strict=True):
        assert len(clip_of(part).notes) == len(origin.on) == len(origin.off)
        starts = [n.start for n in clip_of(part).notes]
        assert starts == sorted(starts)


def mido_notes(data: bytes) -> list[tuple[int, ...]]:
    """(track, channel, start, end, pitch, velocity) as an independent reader has them, in ticks of the file."""
    found = []
    for index, events in enumerate(mido.MidiFile(file=io.BytesIO(data)).tracks):
        now = 0
        sounding: defaultdict[tuple[int, int], deque[tuple[int, int]]] = defaultdict(deque)
        for message in events:
            now += message.time
            if message.type == "note_on" and message.velocity:
                sounding[message.channel, message.note].append((now, message.velocity))
            elif message.type in ("note_on", "note_off") and sounding[message.channel, message.note]:
                start, velocity = sounding[message.channel, message.note].popleft()
                found.append((index, message.channel, start, now, message.note, velocity))
    return sorted(found)


plain_messages = st.one_of(
    st.builds(on, st.integers(60, 63), st.integers(0, 127), st.integers(0, 2)),
    st.builds(off, st.integers(60, 63), st.integers(0, 127), st.integers(0, 2)),
    st.builds(lambda tempo: b"\xff\x51" + tempo.to_bytes(3, "big"), st.integers(100_000, 900_000)),
    st.builds(lambda top, power: bytes((0xFF, 0x58, top, power, 24, 8)), st.integers(1, 12), st.integers(1, 4)),
)


@given(st.lists(raw_tracks(plain_messages), min_size=1, max_size=3))
def test_an_independent_reader_finds_the_same_music(tracks: list[RawTrack]) -> None:
    raw = RawMidi(1, 960, tuple(replace(each, tail=b"") for each in tracks))
    data = write_midi(raw)
    reading = song_or_reason(raw)
    assume(isinstance(reading, MidiReading))  # it may have more bars than are read
    assert isinstance(reading, MidiReading)
    ours = sorted(
        (origin.track, n.channel, n.start, n.end, n.pitch, n.velocity)
        for part, origin in zip(reading.song.tracks, reading.origins, strict=True)
        for n, end in zip(clip_of(part).notes, origin.off, strict=True)
        if end >= 0
    )
    theirs = [(*row[:3], max(row[3], row[2] + 1), *row[4:]) for row in mido_notes(data)]
    assert ours == sorted(theirs)
    merged = mido.merge_tracks(mido.MidiFile(file=io.BytesIO(data)).tracks)
    now, tempi, meters = 0, {0: 500_000}, {0: (4, 4)}
    for message in merged:
        now += message.time
        if message.type == "set_tempo":
            tempi[now] = message.tempo
        if message.type == "time_signature":
            meters[now] = (message.numerator, message.denominator)
    assert {c.tick: c.midi_tempo for c in reading.song.tempo.changes} == tempi
    assert {c.tick: (c.meter.numerator, c.meter.denominator) for c in reading.song.meter.changes} == meters


def test_loading_from_disk(tmp_path: Path) -> None:
    (tmp_path / "scale.mid").write_bytes(midi(track(*SCALE, END)))
    assert load(tmp_path / "scale.mid").song.bars == 1
    (tmp_path / "empty.mid").write_bytes(b"")
    (tmp_path / "text.mid").write_text("| Am7 | D7 |\n", encoding="utf-8")
    os.mkfifo(tmp_path / "pipe.mid")
    for name, said in [
        ("empty.mid", "The file is empty."),
        ("text.mid", "This is text, not a MIDI file."),
        ("none.mid", "There is no file none.mid here."),
        ("pipe.mid", "pipe.mid is no ordinary file."),
        ("x\0y.mid", "'x\\x00y.mid' cannot be read: embedded null byte."),
        (".", f"{tmp_path.name} is a folder."),
    ]:
        with pytest.raises(UnreadableFile) as caught:
            load(tmp_path / name)
        assert caught.value.message == said
        assert caught.value.hint


def test_a_file_too_large_is_refused_before_it_is_read(tmp_path: Path) -> None:
    with (tmp_path / "huge.mid").open("wb") as file:
        file.truncate(64 * 1024 * 1024 + 1)
    with pytest.raises(UnreadableFile, match="more than any piece needs"):
        load(tmp_path / "huge.mid")


def test_a_header_may_say_type_0_and_hold_two_tracks() -> None:
    reading = read_song(header(0, 2) + track(*SCALE, END) + track((0, on(72, 80, 1)), (9, off(72, 0, 1)), END))
    assert [t.name for t in reading.song.tracks] == ["Track 1", "Track 2"]
    assert "W_TYPE" in codes(reading)
