"""What a request says of the project."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bridge.request_song import to_song
from bridge.wire import Request1, decode, encode
from engines.music.song import MidiClip
from tests.reaper.double.model import Take
from tests.reaper.scripts.lua import SCRIPTS
from tests.reaper.scripts.room import Room

CHOICES = ["", "", "1"]


def ask(room: Room) -> dict[str, Any]:
    return room.ask("arrange_selected_melody", CHOICES)


def heard(request: dict[str, Any], track: int = 0) -> list[tuple[float, int]]:
    """Onsets in quarter notes and pitches, as the bridge understands the request."""
    song = to_song(decode(Request1, encode(request)))
    return [(note.start / 960, note.pitch) for note in song.tracks[track].notes()]


def item_of(request: dict[str, Any], track: int = 0, item: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = request["tracks"][track]["items"][item]
    return found


def first_take(room: Room) -> Take:
    take = room.project.items[0].active_take
    assert take is not None
    return take


def test_tempo_and_meter_and_signs_are_in_quarter_notes(room: Room) -> None:
    project = room.project
    project.add_tempo(0, 90, "3/4")
    project.add_tempo(12, 120, "6/8")
    project.add_tempo(24, 140, linear=True)
    project.add_region("Verse", 0, 12)
    project.add_marker("chord:Am7", 12)
    project.add_track("Lead", selected=True).add_midi(0, 12, [(0, 1, 60, 90)])
    request = ask(room)
    assert request["time"]["meter"] == [{"qn": 0, "meter": "3/4"}, {"qn": 12, "meter": "6/8"}]
    assert [point["qn"] for point in request["time"]["tempo"]] == pytest.approx([0, 12, 24])
    assert [point["qpm"] for point in request["time"]["tempo"]] == pytest.approx([90, 120, 140])
    assert [point["linear"] for point in request["time"]["tempo"]] == [False, False, True]
    assert request["regions"] == [{"name": "Verse", "from_qn": 0, "to_qn": pytest.approx(12)}]
    assert request["markers"] == [{"name": "chord:Am7", "qn": pytest.approx(12)}]


def test_a_project_without_markers_has_the_tempo_of_its_map(room: Room) -> None:
    room.project.add_track("Lead", selected=True).add_midi(0, 4, [(0, 1, 60, 90)])
    request = ask(room)
    assert request["time"]["tempo"] == [{"qn": 0, "qpm": pytest.approx(120), "linear": False}]
    assert request["time"]["meter"] == [{"qn": 0, "meter": "4/4"}]


def test_a_trimmed_faster_take_is_sent_as_it_lies(room: Room) -> None:
    room.project.add_track("Lead", selected=True).add_midi(4, 8, [(0, 1, 60, 90), (2, 1, 62, 90), (4, 1, 64, 90)])
    room.project.items[0].values["B_LOOPSRC"] = 0.0
    take = first_take(room)
    take.values["D_PLAYRATE"] = 2.0
    take.values["D_STARTOFFS"] = 1.0  # two of the source's own quarter notes at 120
    request = ask(room)
    assert (item_of(request)["rate"], item_of(request)["offset_qn"]) == (2.0, pytest.approx(2.0))
    assert heard(request) == [(4, 62), (5, 64)]


def test_a_looped_item_repeats_for_the_bridge(room: Room) -> None:
    room.project.add_track("Lead", selected=True).add_midi(0, 4, [(0, 1, 60, 90), (2, 1, 62, 90)])
    item = room.project.items[0]
    item.values["D_LENGTH"] *= 2
    request = ask(room)
    assert item_of(request)["looped"] is True
    assert heard(request) == [(0, 60), (2, 62), (4, 60), (6, 62)]


def test_pooled_items_are_known_as_such(room: Room) -> None:
    lead = room.project.add_track("Lead", selected=True)
    one, two = lead.add_midi(0, 4, [(0, 1, 60, 90)]), lead.add_midi(4, 8, [(0, 1, 60, 90)])
    lead.add_midi(8, 12, [(0, 1, 62, 90)])
    assert one.active_take is not None
    assert two.active_take is not None
    assert two.active_take.source is not None
    two.active_take.source.pool = one.active_take.pool
    request = ask(room)
    assert [item["pooled"] for item in request["tracks"][0]["items"]] == [True, True, False]


def test_a_chord_track_speaks_by_its_empty_items_and_texts(room: Room) -> None:
    chords = room.project.add_track("chords")
    chords.add_item(0, 4, "Am7")
    chords.add_item(4, 8, "D7")
    room.project.add_track("Lead", selected=True).add_midi(0, 8, [(0, 1, 60, 90)])
    request = ask(room)
    assert request["chords"] == [{"qn": 0, "symbol": "Am7"}, {"qn": 4, "symbol": "D7"}]
    assert request["tracks"][0]["items"] == []


COMMAS = """
local format = string.format
string.format = function(pattern, ...)
  local text = format(pattern, ...)
  return pattern:find("[gf]") and text:gsub("(%d)%.(%d)", "%1,%2") or text
end
"""


def test_a_plug_ins_decimal_commas_spoil_no_request(room: Room) -> None:
    room.project.add_tempo(0, 97.5)
    room.project.add_track("Lead", selected=True).add_midi(0, 4, [(0.5, 0.25, 60, 90), (1.75, 1, 62, 90)])
    room.reaper.desktop.inputs.append(CHOICES)
    action = SCRIPTS / "partimento_arrange_selected_melody.lua"
    room.reaper.run(action, COMMAS + action.read_text())
    room.reaper.until(room.jobs)
    request = json.loads((room.job(room.jobs()[0]) / "request.json").read_bytes())
    assert heard(request) == [(0.5, 60), (1.75, 62)]
    assert request["time"]["tempo"][0]["qpm"] == pytest.approx(97.5)


def test_muted_events_and_muted_items_are_left_out(room: Room) -> None:
    lead = room.project.add_track("Lead", selected=True)
    lead.add_midi(0, 4, [(0, 1, 60, 90), (1, 1, 62, 90)])
    lead.add_midi(4, 8, [(0, 1, 64, 90)]).values["B_MUTE"] = 1.0
    pool = first_take(room).pool
    assert pool is not None
    pool.events[:] = [e._replace(flags=2) if e.message[1] == 62 else e for e in pool.events]
    request = ask(room)
    assert heard(request) == [(0, 60)]


def test_audio_counts_as_a_part_without_notes(room: Room) -> None:
    room.project.add_track("Lead", selected=True).add_midi(0, 8, [(0, 1, 60, 90)])
    room.project.add_track("Bass DI").add_audio(0, 8)
    request = ask(room)
    assert item_of(request, 1)["source"] == "audio"
    assert item_of(request, 1)["events"] == []


def test_the_active_take_is_the_one_that_is_meant(room: Room) -> None:
    room.project.add_track("Lead", selected=True).add_midi(0, 4, [(0, 1, 60, 90)])
    item = room.project.items[0]
    item.add_take("second", [(0, 1, 72, 90)])
    item.active = 1
    assert heard(ask(room)) == [(0, 72)]


def test_selected_items_and_time_selection_say_where(room: Room) -> None:
    lead = room.project.add_track("Lead", selected=True)
    for at in (0, 8, 16):
        lead.add_midi(at, at + 8, [(0, 1, 60, 90)])
    room.project.items[1].values["B_UISEL"] = 1.0
    request = ask(room)
    assert request["selection"]["items"] == [room.project.items[1].guid]
    assert (request["selection"]["from_qn"], request["selection"]["to_qn"]) == (8, 16)
    room.project.select_time(4, 6)
    request = ask(room)
    assert (request["selection"]["from_qn"], request["selection"]["to_qn"]) == (4, 6)


def test_music_far_from_the_selection_is_not_read(room: Room) -> None:
    lead = room.project.add_track("Lead", selected=True)
    lead.add_midi(0, 8, [(0, 1, 60, 90)]).values["B_UISEL"] = 1.0
    lead.add_midi(400, 408, [(0, 1, 60, 90)])
    assert [item["from_qn"] for item in ask(room)["tracks"][0]["items"]] == [0]


def test_names_of_any_bytes_are_sent(room: Room) -> None:
    room.project.add_track("Größe 音 \udcff", selected=True).add_midi(0, 4, [(0, 1, 60, 90)])
    assert ask(room)["tracks"][0]["name"] == "Größe 音 \ufffd"


def test_whole_lyrics_in_a_name_and_remarks_among_the_chords_spoil_no_request(room: Room) -> None:
    room.project.add_region("ä" * 3000, 0, 4)
    room.project.add_marker("la " * 2000, 2)
    chords = room.project.add_track("Chords")
    chords.add_item(0, 2, "\n Am7 \nthe pianist waits here")
    chords.add_item(2, 4, "all together now, " * 20)
    room.project.add_track("音" * 2000, selected=True).add_midi(0, 4, [(0, 1, 60, 90)])
    request = decode(Request1, encode(ask(room)))
    assert request.chords[0].symbol == "Am7"
    assert request.regions[0].name.startswith("ää")
    assert len(request.tracks[1].name) > 300


@pytest.mark.parametrize("path", ["", "/home/Größe/音/Lied ♫.rpp"])
def test_a_project_is_read_saved_or_not(room: Room, path: str) -> None:
    room.project.path, room.project.name = path, path.rpartition("/")[2]
    room.project.add_track("Lead", selected=True).add_midi(0, 4, [(0, 1, 60, 90)])
    project = decode(Request1, encode(ask(room))).project
    assert (project.path, project.name) == (path, room.project.name)
    assert project.id


def test_a_source_with_a_tempo_of_its_own_is_asked_event_by_event(room: Room) -> None:
    room.project.add_tempo(0, 120)
    room.project.add_tempo(2, 60)
    room.project.add_track("Lead", selected=True).add_midi(0, 4, [(0, 1, 60, 90), (2, 1, 62, 90), (3, 1, 64, 90)])
    pool = first_take(room).pool
    assert pool is not None
    pool.own_qpm = 120.0
    room.project.items[0].values["B_LOOPSRC"] = 0.0
    assert [at for at, _ in heard(ask(room))] == pytest.approx([0, 2, 2.5], abs=1e-3)


def test_frozen_tracks_and_audio_say_what_to_do(room: Room) -> None:
    lead = room.project.add_track("Lead", selected=True)
    lead.add_audio(0, 8)
    room.act("arrange_selected_melody")
    lead.values["I_FREEZECOUNT"] = 1.0
    room.act("arrange_selected_melody")
    assert [text.split("\n")[0] for text in room.boxes()] == [
        "The selection holds audio only.",
        "Track “Lead” is frozen.",
    ]


def test_a_melody_without_notes_is_said(room: Room) -> None:
    room.project.add_track("Lead", selected=True).add_midi(0, 4, [])
    room.act("arrange_selected_melody", CHOICES)
    assert room.boxes()[0].startswith("The selection holds no notes.")
    assert room.jobs() == []


def test_looking_leaves_no_undo_point(room: Room) -> None:
    room.project.add_track("Lead", selected=True).add_midi(0, 4, [(0, 1, 60, 90)])
    before = room.project.undo_labels()
    ask(room)
    assert room.project.undo_labels() == before


def test_a_copy_of_a_project_beside_it_gets_an_id_of_its_own(room: Room) -> None:
    room.project.add_track("Lead", selected=True).add_midi(0, 4, [(0, 1, 60, 90)])
    first = ask(room)["project"]["id"]
    assert ask(room)["project"]["id"] == first
    other = room.reaper.add_project("copy.rpp")
    other.ext.update(room.project.ext)
    room.reaper.project = other
    other.add_track("Lead", selected=True).add_midi(0, 4, [(0, 1, 60, 90)])
    assert ask(room)["project"]["id"] != first


def test_a_mailbox_that_cannot_be_written_is_said(room: Room) -> None:
    room.project.add_track("Lead", selected=True).add_midi(0, 4, [(0, 1, 60, 90)])
    (room.mailbox / "jobs").write_text("a file where the folder should be")
    room.act("arrange_selected_melody", CHOICES)
    assert room.boxes()[0].startswith("The request could not be written")


def test_the_song_that_the_bridge_gets_has_one_clip_an_item(room: Room) -> None:
    lead = room.project.add_track("Lead", selected=True)
    lead.add_midi(0, 4, [(0, 1, 60, 90)])
    lead.add_midi(4, 8, [(1, 1, 62, 90)])
    song = to_song(decode(Request1, encode(ask(room))))
    assert [type(placement.clip) for placement in song.tracks[0].placements] == [MidiClip, MidiClip]
