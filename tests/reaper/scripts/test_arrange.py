"""Arrange selected melody, from the key press to the items."""

from __future__ import annotations

import json
import time

from bridge.request_song import to_song
from bridge.wire import Request1, decode
from tests.reaper.double import Event
from tests.reaper.scripts.lua import SCRIPTS
from tests.reaper.scripts.room import Room

CHOICES = ["pop", "", "2"]


def melody(room: Room) -> None:
    lead = room.project.add_track("Lead", selected=True)
    lead.add_midi(0, 16, [(i, 1, 60 + i % 8, 100) for i in range(16)])


def test_a_key_press_sends_a_request_and_starts_the_bridge(room: Room) -> None:
    (room.mailbox / "bridge.json").unlink()
    melody(room)
    request = room.ask("arrange_selected_melody", CHOICES)
    assert request["verb"] == "arrange"
    assert request["options"] == {"style": "pop", "takes": 2, "seed": 1}
    song = to_song(decode(Request1, (room.job(request["id"]) / "request.json").read_bytes()))
    assert [note.pitch for note in song.tracks[0].notes()] == [60 + i % 8 for i in range(16)]
    (command, _) = room.reaper.desktop.processes[0]
    assert "serve --resource-path" in command
    assert command.endswith(" --leave-after 120")
    assert "Größe" in command


def test_a_bridge_that_lives_is_shown_that_reaper_does(room: Room) -> None:
    sign = room.mailbox / "reaper.json"
    room.reaper.run(SCRIPTS / "partimento_agent.lua")
    room.reaper.tick(2)
    first = json.loads(sign.read_bytes())
    assert (first["schema"], first["scripts"]) == ("reaper/1", "0.1.0")
    assert abs(first["beat"] - time.time()) < 60
    sign.unlink()
    room.reaper.tick(149)  # five seconds are 150 ticks
    assert not sign.exists()
    room.reaper.tick(3)
    assert sign.exists()


def test_without_a_bridge_nothing_is_written_for_it(room: Room) -> None:
    (room.mailbox / "bridge.json").unlink()
    room.reaper.run(SCRIPTS / "partimento_agent.lua")
    room.reaper.tick(400)
    assert not (room.mailbox / "reaper.json").exists()


def test_a_bridge_that_lives_is_not_started_again(room: Room) -> None:
    melody(room)
    room.ask("arrange_selected_melody", CHOICES)
    room.reaper.tick(30)
    assert room.reaper.desktop.processes == []


def test_the_result_stands_in_new_tracks_one_undo_away(room: Room) -> None:
    melody(room)
    foreign = room.project.items[0].snapshot()
    request = room.ask("arrange_selected_melody", CHOICES)
    labels = room.project.undo_labels()
    first = room.clip(request["id"], "piano-1.mid", (0, 4, 48), (4, 4, 55))
    second = room.clip(request["id"], "piano-2.mid", (0, 8, 50))
    takes = [
        {"name": "Piano take 1", "file": first, "hash": "", "provenance": {"seed": "1", "engine": "accompany"}},
        {"name": "Piano take 2", "file": second, "hash": "", "provenance": {"seed": "2"}},
    ]
    piano = {"op": "track", "key": "t1", "name": "Piano", "role": "comp", "colour": "#3a77cc", "folder": "Arrangement"}
    room.answer(
        request,
        [
            piano | {"program": 0, "after": request["selection"]["tracks"][0]},
            {"op": "item", "track": "t1", "guid": None, "from_qn": 0.0, "to_qn": 8.0, "takes": takes, "active": 0},
            {"op": "item", "track": "t1", "guid": None, "from_qn": 8.0, "to_qn": 16.0, "takes": takes, "active": 1},
        ],
    )
    assert [track.name for track in room.project.tracks] == ["Lead", "Arrangement", "Piano"]
    assert [track.values.get("I_FOLDERDEPTH", 0) for track in room.project.tracks] == [0, 1, -1]
    one, two = room.project.track("Piano").items
    assert [(item.from_qn, item.to_qn) for item in (one, two)] == [(0, 8), (8, 16)]
    assert [take.name for take in one.takes] == ["Piano take 1", "Piano take 2"]
    assert (one.active, two.active) == (0, 1)
    assert [pool.length for take in one.takes if (pool := take.pool)] == [8 * 960] * 2
    assert one.values["C_BEATATTACHMODE"] == 1
    assert one.takes[0].ext["partimento.engine"] == "accompany"
    assert one.ext["partimento.job"] == request["id"]
    assert room.project.undo_labels() == [*labels, "Arrange: piano"]
    assert room.settled(request) == "written"
    assert room.project.items[0].snapshot() == foreign
    room.project.step(-1)
    assert [track.name for track in room.project.tracks] == ["Lead"]


def test_a_second_run_joins_the_folder_of_the_first(room: Room) -> None:
    melody(room)
    drums = room.project.add_track("Drums")
    for name in ("Piano", "Bass"):
        request = room.ask("arrange_selected_melody", CHOICES)
        clip = room.clip(request["id"], "a.mid", (0, 4, 48))
        lead = request["selection"]["tracks"][0]
        room.answer(
            request,
            [
                {"op": "track", "key": "k", "name": name, "folder": "Arrangement", "after": lead},
                {"op": "item", "track": "k", "from_qn": 0.0, "to_qn": 4.0, "takes": [{"name": name, "file": clip}]},
            ],
        )
    assert [track.name for track in room.project.tracks] == ["Lead", "Arrangement", "Piano", "Bass", "Drums"]
    assert [track.values.get("I_FOLDERDEPTH", 0) for track in room.project.tracks] == [0, 1, 0, -1, 0]
    assert drums.items == []


def test_how_far_it_is_stands_in_the_help_line(room: Room) -> None:
    melody(room)
    request = room.ask("arrange_selected_melody", CHOICES)
    for message, progress, line in (("", 0.0, "running 0 %"), ("playing", 0.617, "playing 61 %")):
        room.say(request["id"], "running", progress=progress, message=message)
        room.reaper.tick(2)
        assert room.reaper.desktop.help_line == f"partimento: {line}"


def test_a_failure_says_its_sentence_and_writes_nothing(room: Room) -> None:
    melody(room)
    request = room.ask("arrange_selected_melody", CHOICES)
    before = room.project.undo_labels()
    error = {"code": "E_X", "message": "No chord fits.", "hint": "Give chords.", "path": None, "suggests": []}
    room.say(request["id"], "failed", error=error)
    room.reaper.tick(3)
    assert room.boxes() == ["No chord fits.\n\nGive chords."]
    assert room.project.undo_labels() == before
    assert room.settled(request) == "failed"


def test_what_the_bridge_has_to_say_beside_the_music_stays_in_the_line_below(room: Room) -> None:
    melody(room)
    request = room.ask("arrange_selected_melody", CHOICES)
    room.say(request["id"], "running", progress=0.4, message="playing")
    room.reaper.tick(3)
    assert room.reaper.desktop.help_line == "partimento: playing 40 %"
    clip = room.clip(request["id"], "a.mid", (0, 4, 48))
    takes = [{"name": "Piano", "file": clip}]
    writes = [
        {"op": "track", "key": "k", "name": "Piano"},
        {"op": "item", "track": "k", "from_qn": 0.0, "to_qn": 4.0, "takes": takes},
    ]
    no_band = {"code": "W_NO_BAND", "message": "This version has no band yet.", "hint": ""}
    room.answer(request, writes, report={"warnings": [no_band]})
    said = room.reaper.desktop.help_line.split(" · ")
    assert (said[:2], said[-1]) == (["partimento: Arrange: piano", "written"], "This version has no band yet.")


def test_a_job_that_waits_says_so(room: Room) -> None:
    melody(room)
    request = room.ask("arrange_selected_melody", CHOICES)
    room.say(request["id"], "queued")
    room.reaper.tick(3)
    assert room.reaper.desktop.help_line == "partimento: queued 0 %"


def test_nothing_selected_says_what_to_select(room: Room) -> None:
    room.project.add_track("Lead")
    room.act("arrange_selected_melody")
    assert room.boxes() == ["No melody is selected.\n\nSelect its item or its track, then ask again."]
    assert room.jobs() == []


def test_thinking_better_of_it_sends_nothing(room: Room) -> None:
    melody(room)
    room.act("arrange_selected_melody", None)
    assert room.jobs() == []
    assert room.boxes() == []


def test_a_strange_number_of_takes_is_said(room: Room) -> None:
    melody(room)
    room.act("arrange_selected_melody", ["pop", "", "many"])
    assert room.boxes()[0].startswith("“many” must be a whole number from 1 to 16.")


def test_the_window_proposes_what_was_chosen_last(room: Room) -> None:
    melody(room)
    room.ask("arrange_selected_melody", ["bossa", "", "3"])
    room.act("arrange_selected_melody", None)
    assert room.reaper.desktop.seen[-1].proposed == ("bossa", "", "3")


def test_a_result_leaves_the_sound_of_a_track_that_is_there(room: Room) -> None:
    melody(room)
    lead = room.project.track("Lead")
    room.reaper.lua("reaper.TrackFX_AddByName(reaper.GetTrack(0, 0), 'ReaSynth', false, -1)")
    lead.values.update({"D_VOL": 0.5, "D_PAN": -0.25})
    program = Event(0, 0, b"\xc0\x28")
    pool = lead.items[0].takes[0].pool
    assert pool is not None
    pool.insert(program, sort=True)
    before = (dict(lead.values), [(fx.guid, dict(fx.parameters)) for fx in lead.fx])
    request = room.ask("arrange_selected_melody", CHOICES)
    clip = room.clip(request["id"], "fill.mid", (0, 1, 72))
    room.answer(request, [{"op": "take", "item": lead.items[0].guid, "name": "Fill", "file": clip}])
    assert len(lead.items[0].takes) == 2
    assert (dict(lead.values), [(fx.guid, dict(fx.parameters)) for fx in lead.fx]) == before
    assert program in pool.events
