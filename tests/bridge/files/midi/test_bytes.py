"""MIDI files without loss: what is read is written again; what is damaged is refused, and says where."""

from __future__ import annotations

import pytest
from hypothesis import given

from bridge.files.midi import events as midi_events
from bridge.files.midi.bytes import read_midi, write_midi
from bridge.files.midi.raw import END_OF_TRACK, RawMidi, RawTrack
from engines.errors import InvalidMusic, UnreadableFile
from tests.bridge.files.midi.examples import END, SCALE, header, meta, midi, off, on, raw_files, track


def codes(raw: RawMidi) -> list[str]:
    return [notice.code for notice in raw.notices]


@given(raw_files())
def test_every_event_comes_back(raw: RawMidi) -> None:
    again = read_midi(write_midi(raw))
    for before, after in zip(raw.tracks, again.tracks, strict=True):
        assert list(before.events()) == list(after.events())
        assert before.tail == after.tail
    assert (again.type, again.division, again.chunks) == (raw.type, raw.division, raw.chunks)
    assert (again.header_tail, again.trailing) == (raw.header_tail, raw.trailing)


@given(raw_files())
def test_what_we_wrote_comes_back_to_the_byte(raw: RawMidi) -> None:
    written = write_midi(raw)
    assert write_midi(read_midi(written)) == written


def test_running_status_is_kept_and_so_is_doing_without() -> None:
    spelled_out = midi(track((0, on(60)), (10, on(60, 0)), (0, on(64)), (10, on(64, 0)), END))
    shortened = midi(track((0, on(60)), (10, on(60, 0)[1:]), (0, on(64)[1:]), (10, on(64, 0)[1:]), END))
    assert list(read_midi(spelled_out).tracks[0].events()) == list(read_midi(shortened).tracks[0].events())
    assert write_midi(read_midi(spelled_out)) == spelled_out
    assert write_midi(read_midi(shortened)) == shortened


def test_system_exclusive_in_pieces_and_escapes_stay_as_they_are() -> None:
    data = midi(track((0, b"\xf0\x03\x43\x12\x00"), (200, b"\xf7\x02\x43\xf7"), (5, b"\xf7\x01\xfa"), END))
    assert read_midi(data).tracks[0].messages[:3] == (b"\xf0\x43\x12\x00", b"\xf7\x43\xf7", b"\xf7\xfa")
    assert write_midi(read_midi(data)) == data


def test_unknown_meta_events_broken_keys_and_foreign_chunks_are_kept() -> None:
    foreign = b"XFKM\0\0\0\x03abc"
    data = header(1, 2) + foreign + track((0, meta(0x4B, b"\0\xff")), (9, meta(0x59, b"\x63\x07")), END) + track(END)
    raw = read_midi(data)
    assert raw.tracks[0].messages[0] == b"\xff\x4b\x00\xff"
    assert raw.chunks[0].kind == b"XFKM"
    assert not raw.notices
    assert write_midi(raw) == data


def test_status_that_runs_on_past_a_meta_event_is_read_and_noted() -> None:
    raw = read_midi(midi(track((0, on(60)), (5, meta(0x05, "la")), (5, b"\x3c\x00"), END)))
    assert raw.tracks[0].messages[2] == on(60, 0)
    assert codes(raw) == ["W_RUNNING_STATUS"]
    assert read_midi(write_midi(raw)) == raw


def test_a_missing_end_of_track_is_added() -> None:
    raw = read_midi(midi(track(*SCALE)))
    assert raw.tracks[0].end == 4 * 480
    assert codes(raw) == ["W_NO_TRACK_END"]


def test_bytes_behind_the_end_are_kept() -> None:
    data = midi(track(*SCALE, END, (0, b"\x01\x02"))) + b"\x1a\x1a"
    raw = read_midi(data)
    assert codes(raw) == ["W_TRACK_TAIL", "W_TRAILING"]
    assert write_midi(raw) == data


def test_a_wrong_number_of_tracks_is_noted() -> None:
    raw = read_midi(header(1, 7) + track(*SCALE, END) + track(END))
    assert len(raw.tracks) == 2
    assert codes(raw) == ["W_TRACK_COUNT"]


def test_a_length_beyond_the_file_does_no_harm_when_the_music_is_complete() -> None:
    first = bytearray(track(*SCALE, END))
    first[4:8] = b"\xff\xff\xff\xff"
    raw = read_midi(header(1, 2) + bytes(first) + track((0, on(72)), (9, off(72)), END))
    assert [len(each) for each in raw.tracks] == [9, 3]
    assert "W_TRACK_LENGTH" in codes(raw)


def test_a_riff_wrapper_is_taken_off() -> None:
    inner = midi(track(*SCALE, END))
    body = b"RMID" + b"LIST\x01\0\0\0x\0" + b"data" + len(inner).to_bytes(4, "little") + inner
    raw = read_midi(b"RIFF" + len(body).to_bytes(4, "little") + body)
    assert codes(raw) == ["W_RIFF"]
    assert write_midi(raw) == inner


WHOLE = midi(track((0, meta(0x51, b"\x07\xa1\x20")), END), track(*SCALE, END))

FIRST_TRACK_ENDS = 33


@pytest.mark.parametrize("size", range(len(WHOLE)))
def test_a_file_that_is_cut_short_is_never_taken_for_whole(size: int) -> None:
    if size == FIRST_TRACK_ENDS:  # the header alone tells that there should be more
        assert codes(read_midi(WHOLE[:size])) == ["W_TRACK_COUNT"]
        return
    with pytest.raises(UnreadableFile) as caught:
        read_midi(WHOLE[:size])
    assert caught.value.hint


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "The file is empty."),
        (b"| Am7 D7 | Gmaj7 |\n", "This is text, not a MIDI file."),
        (b"\x89PNG\r\n\x1a\n\0\0", "This is not a MIDI file."),
        (b"RIFF\x04\0\0\0WAVE", "This is a RIFF file without MIDI data, such as a wave file."),
        (b"MThd\0\0\0\x06\0\x01", "The MIDI file is damaged at byte 4: its header is cut short."),
        (midi(track(END), kind=2), "This is a MIDI file of type 2; only types 0 and 1 are read."),
        (midi(track(END), division=0xE728), "This MIDI file counts video frames instead of quarter notes."),
        (midi(track(END), division=0), "The MIDI file is damaged at byte 12: it has 0 ticks per quarter note."),
        (midi(), "The MIDI file is damaged: it holds no tracks."),
        (midi(track((0, b"\x40\x40"), END)), "Track 1 is damaged at byte 23: an event has no status."),
        (
            midi(track(END), track((0, b"\x90\x3c\x90"), END)),
            "Track 2 is damaged at byte 34: a status byte stands where a value belongs.",
        ),
        (midi(track((0, b"\xf5"), END)), "Track 1 is damaged at byte 22: status F5 does not belong into a file."),
        (midi(track((0, b"\xff\x01\x7fhello"))), "Track 1 is damaged at byte 22: it ends in the middle of an event."),
        (
            midi(track((0, b"\xff\x01\xff\xff\xff\xff\x01"))),
            "Track 1 is damaged at byte 22: a meta or system exclusive event is malformed.",
        ),
        (
            midi(b"MTrk\0\0\0\x09" + b"\xff\xff\xff\xff\x01" + on(60) + b"\0"),
            "Track 1 is damaged at byte 22: a time step has more than four bytes.",
        ),
        (WHOLE[:-2], "Track 2 is damaged at byte 77: it ends in the middle of an event."),
        (midi(track(END), b"MTrk\0\0"), "The MIDI file is damaged at byte 26: the file ends before track 2 of 2 does."),
        (
            header(1, 1) + b"MTrk\0\0\0\x04\0" + on(60) + b"\x81\x00" + off(60),
            "Track 1 is damaged at byte 26: the track goes on behind the length it declares.",
        ),
    ],
    ids=lambda value: value[:40] if isinstance(value, str) else "",
)
def test_what_cannot_be_read_is_refused_with_the_place(data: bytes, said: str) -> None:
    with pytest.raises(UnreadableFile) as caught:
        read_midi(data)
    assert caught.value.message == said
    assert caught.value.hint
    assert caught.value.code == "E_FILE"


def test_a_file_larger_than_any_music_is_not_looked_at() -> None:
    with pytest.raises(UnreadableFile, match="more than any piece needs"):
        read_midi(bytes(64 * 1024 * 1024 + 1))


def test_too_many_events_tracks_or_ticks_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UnreadableFile, match="more than 4096 tracks"):
        read_midi(midi(*[track(END)] * 4097))
    far = [(0x0FFFFFFF, meta(0x01, ""))] * 9
    with pytest.raises(UnreadableFile, match="Track 1 runs past tick"):
        read_midi(midi(track(*far, END)))
    monkeypatch.setattr(midi_events, "MAX_EVENTS", 8)
    with pytest.raises(UnreadableFile, match="more than 8 events"):
        read_midi(midi(track(*SCALE, END)))


def test_a_gap_too_wide_for_one_step_is_bridged() -> None:
    wide = RawTrack((0, 1 << 29, 1 << 30), (on(60), on(62), END_OF_TRACK))
    (again,) = read_midi(write_midi(RawMidi(1, 480, (wide,)))).tracks
    assert [event for event in again.events() if event[1] != b"\xff\x7f"] == list(wide.events())


def test_events_that_run_backwards_are_an_error_when_writing() -> None:
    with pytest.raises(InvalidMusic, match="A step of -1 ticks does not fit into a MIDI file"):
        midi_events.write_events(RawTrack((1, 0), (on(60), END_OF_TRACK)))
