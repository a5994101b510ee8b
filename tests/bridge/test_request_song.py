"""What a script sends, as a song: offset, rate and loop included."""

from __future__ import annotations

from typing import Any

import pytest

from bridge.request_song import to_song
from bridge.wire import Request1, decode, encode
from engines.errors import InvalidMusic, SchemaError, UnknownChord
from engines.music.notes import Control, PitchBend, Pressure, Program
from engines.music.song import AudioClip, MidiClip
from engines.music.time import PPQ

TWO_NOTES = [[0.0, "90 3c 64"], [1.0, "80 3c 40"], [2.0, "913e50"], [3.0, "913e00"], [4.0, "b0 7b 00"]]


def song_of(item: dict[str, Any], **more: Any) -> Any:
    whole = {"guid": "{I}", "from_qn": 8.0, "to_qn": 12.0, "events": TWO_NOTES, **item}
    message = {
        "schema": "request/1",
        "id": "a",
        "verb": "detect",
        "project": {"id": "p", "name": "Song.rpp"},
        "tracks": [{"guid": "{T}", "name": "Lead", "items": [whole]}],
        **more,
    }
    return to_song(decode(Request1, encode(message)))


def sounding(item: dict[str, Any]) -> list[tuple[float, float, int]]:
    track = song_of(item).tracks[0]
    return [(n.start / PPQ, n.end / PPQ, n.pitch) for n in track.notes()]


def test_an_item_lies_where_the_project_has_it() -> None:
    assert sounding({}) == [(8, 9, 60), (10, 11, 62)]


def test_a_trimmed_item_starts_later_in_its_source() -> None:
    assert sounding({"offset_qn": 0.5}) == [(8, 8.5, 60), (9.5, 10.5, 62)]


def test_a_faster_take_is_shorter() -> None:
    assert sounding({"rate": 2.0}) == [(8, 8.5, 60), (9, 9.5, 62)]


def test_a_loop_repeats_until_the_item_ends() -> None:
    assert sounding({"looped": True, "to_qn": 14.5}) == [(8, 9, 60), (10, 11, 62), (12, 13, 60), (14, 14.5, 62)]


def test_a_note_that_is_never_let_go_ends_with_the_item() -> None:
    assert sounding({"events": [[1.0, "90 3c 64"]]}) == [(9, 12, 60)]


def test_controllers_and_bends_come_along() -> None:
    clip = (
        song_of({"events": [[0.0, "c0 05"], [1.0, "b0 40 7f"], [2.0, "e0 00 40"], [3.0, "d0 10"], [3.5, "a0 3c 11"]]})
        .tracks[0]
        .placements[0]
        .clip
    )
    assert isinstance(clip, MidiClip)
    assert clip.events == (
        Program(0, 5),
        Control(PPQ, 64, 127),
        PitchBend(2 * PPQ, 0),
        Pressure(3 * PPQ, 16),
        Pressure(3 * PPQ + PPQ // 2, 17, 60),
    )


def test_what_was_set_before_the_left_edge_still_holds() -> None:
    events = [[0.0, "c0 05"], [0.0, "b0 40 7f"], [0.5, "b0 40 00"], [0.5, "b0 07 64"], [2.0, "b0 07 65"]]
    clip = song_of({"events": events, "offset_qn": 1.0}).tracks[0].placements[0].clip
    assert clip.events == (Program(0, 5), Control(0, 64, 0), Control(0, 7, 100), Control(PPQ, 7, 101))


def test_audio_counts_though_nothing_of_it_is_sent() -> None:
    clip = song_of({"source": "audio", "events": []}).tracks[0].placements[0].clip
    assert isinstance(clip, AudioClip)


def test_time_regions_markers_and_chords_are_the_projects() -> None:
    song = song_of(
        {},
        time={"tempo": [{"qn": 0, "qpm": 90}, {"qn": 8, "qpm": 120, "linear": True}], "meter": [{"qn": 0, "meter": "6/8"}]},
        regions=[{"name": "Verse", "from_qn": 0, "to_qn": 12}],
        markers=[{"name": "hit", "qn": 3}],
        chords=[{"qn": 0, "symbol": "Am7"}],
    )  # fmt: skip
    assert song.tempo.qpm_at(0) == 90
    assert str(song.meter.meter_at(0)) == "6/8"
    assert [(s.name, s.end) for s in song.sections] == [("Verse", 12 * PPQ)]
    assert song.markers[0].tick == 3 * PPQ
    assert str(song.chords.at(0)) == "Am7"


def test_of_two_markers_at_one_tick_the_later_holds() -> None:
    tempo = [{"qn": 0, "qpm": 90}, {"qn": 1e-7, "qpm": 100}, {"qn": 8, "qpm": 120}]
    meter = [{"qn": 0, "meter": "3/4"}, {"qn": 1e-7, "meter": "4/4"}]
    song = song_of({}, time={"tempo": tempo, "meter": meter})
    assert [change.qpm for change in song.tempo.changes] == [100, 120]
    assert [str(change.meter) for change in song.meter.changes] == ["4/4"]


@pytest.mark.parametrize(
    "item",
    [
        {"events": [[0.0, "xyz"]]},
        {"events": [[0.0, ""]]},
        {"events": [[0.0, "b0 40 ff"]]},
        {"from_qn": 8, "to_qn": 8},
        {"looped": True, "to_qn": 900_000.0, "events": [[0.0, "90 3c 64"], [0.01, "80 3c 40"]]},
    ],
)
def test_what_makes_no_sense_is_one_sentence(item: dict[str, Any]) -> None:
    with pytest.raises(SchemaError) as caught:
        song_of(item)
    assert caught.value.hint


def test_a_wrong_chord_or_meter_is_named() -> None:
    with pytest.raises(UnknownChord):
        song_of({}, chords=[{"qn": 4, "symbol": "Hm"}])
    with pytest.raises(InvalidMusic):
        song_of({}, time={"meter": [{"qn": 0, "meter": "0/4"}]})
