"""What results do to a project: all of it or nothing, one undo point, and only where it may."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import pytest

from tests.reaper.double.model import Item
from tests.reaper.scripts.room import Room

CHOICES = ["", "", "1"]


def ask(room: Room) -> dict[str, Any]:
    return room.ask("arrange_selected_melody", CHOICES)


def begin(room: Room) -> dict[str, Any]:
    """A melody in an item, and a request for it."""
    room.project.add_track("Lead", selected=True).add_midi(0, 8, [(i, 1, 60, 90) for i in range(8)])
    return ask(room)


def notes(item: Item, take: int | None = None) -> list[tuple[float, int]]:
    """Onsets in quarter notes from the source's start, and pitches."""
    pool = item.takes[item.active if take is None else take].pool
    assert pool is not None
    return [(e.ppq / 960, e.message[1]) for e in pool.events if e.message[0] & 0xF0 == 0x90 and e.message[2]]


def test_a_take_comes_beside_the_original_with_a_source_of_its_own(room: Room) -> None:
    request = begin(room)
    lead = room.project.items[0]
    clip = room.clip(request["id"], "fill-1.mid", (0, 1, 72), (7, 1, 74))
    room.answer(request, [{"op": "take", "item": lead.guid, "file": clip, "name": "Fill 1"}], label="Fill")
    assert [take.name for take in lead.takes] == ["", "Fill 1"]
    assert lead.active == 1
    assert notes(lead) == [(0, 72), (7, 74)]
    assert notes(lead, 0) == [(i, 60) for i in range(8)]
    assert lead.takes[1].ext["partimento.job"] == request["id"]
    assert lead.ext == {}
    room.project.step(-1)
    assert len(room.project.items[0].takes) == 1


def test_a_merge_changes_the_mask_and_leaves_pooled_twins_alone(room: Room) -> None:
    lead = room.project.add_track("Lead", selected=True)
    one, two = lead.add_midi(0, 8, [(i, 1, 60, 90) for i in range(8)]), lead.add_midi(8, 16, [(0, 1, 60, 90)])
    assert one.active_take is not None
    assert two.active_take is not None
    assert two.active_take.source is not None
    two.active_take.source.pool = one.active_take.pool
    twin = two.snapshot()
    request = ask(room)
    clip = room.clip(request["id"], "fill.mid", (4.5, 0.5, 72))
    mask = {
        "schema": "mask/1",
        "cells": [{"track": "Lead", "from": [2, 1.0], "to": [3, 1.0], "pitch": None}],
        "keep": [],
        "curves": {},
    }
    room.answer(request, [{"op": "merge", "item": one.guid, "mask": mask, "file": clip}])
    assert notes(one) == [(0, 60), (1, 60), (2, 60), (3, 60), (4.5, 72)]
    assert notes(one, 0) == [(i, 60) for i in range(8)]
    assert two.snapshot() == twin


def test_an_item_of_ours_is_renewed_until_the_musician_changes_it(room: Room) -> None:
    request = begin(room)
    clip = room.clip(request["id"], "a.mid", (0, 1, 48))
    track = {"op": "track", "key": "b", "name": "Bass"}
    room.answer(
        request,
        [track, {"op": "item", "track": "b", "from_qn": 0.0, "to_qn": 4.0, "takes": [{"name": "Bass", "file": clip}]}],
    )
    bass = room.project.track("Bass").items[0]
    for pitch, expected in ((50, [(0.0, 50)]), (52, [(0.0, 52)])):
        request = ask(room)
        clip = room.clip(request["id"], "a.mid", (0, 1, pitch))
        renewal = {
            "op": "item",
            "track": "b",
            "guid": bass.guid,
            "from_qn": 0.0,
            "to_qn": 6.0,
            "takes": [{"name": "Bass", "file": clip}],
        }
        room.answer(request, [renewal])
        assert notes(bass) == expected
        assert bass.to_qn == pytest.approx(6)
    pool = bass.takes[0].pool
    assert pool is not None
    pool.events[0] = pool.events[0]._replace(message=b"\x90\x35\x50")
    request = ask(room)
    clip = room.clip(request["id"], "a.mid", (0, 1, 40))
    room.answer(request, [renewal])
    assert notes(bass) == [(0.0, 53)]


def test_a_copy_of_an_item_of_ours_is_foreign(room: Room) -> None:
    request = begin(room)
    clip = room.clip(request["id"], "a.mid", (0, 1, 48))
    track = {"op": "track", "key": "b", "name": "Bass"}
    item = {"op": "item", "track": "b", "from_qn": 0.0, "to_qn": 4.0, "takes": [{"name": "Bass", "file": clip}]}
    room.answer(request, [track, item])
    bass = room.project.track("Bass")
    copy = bass.add_midi(4, 8, [(0, 1, 48, 80)])
    copy.ext.update(bass.items[0].ext)
    before = copy.snapshot()
    request = ask(room)
    clip = room.clip(request["id"], "a.mid", (0, 1, 40))
    room.answer(request, [{"op": "delete", "guid": copy.guid}, {"op": "delete", "guid": bass.items[0].guid}])
    assert [item.guid for item in bass.items] == [copy.guid]
    assert copy.snapshot() == before


def test_regions_markers_and_tempo_are_written_and_undone(room: Room) -> None:
    request = begin(room)
    room.answer(
        request,
        [
            {"op": "tempo", "qn": 4.0, "qpm": 60.0, "linear": False, "meter": "3/4"},
            {"op": "region", "name": "Verse", "from_qn": 0.0, "to_qn": 8.0, "colour": "#ff0000"},
            {"op": "marker", "name": "chord:Am7", "qn": 4.0},
        ],
    )
    assert [marker.name for marker in room.project.state.markers] == ["Verse", "chord:Am7"]
    assert room.project.time.to_seconds(8) == pytest.approx(2 + 4)
    room.project.step(-1)
    assert room.project.state.markers == []
    assert room.project.time.to_seconds(8) == pytest.approx(4)


def test_a_chords_track_gets_items_of_words(room: Room) -> None:
    request = begin(room)
    words = [
        {"op": "item", "track": "c", "from_qn": i * 4.0, "to_qn": i * 4.0 + 4, "takes": [{"name": n, "file": None}]}
        for i, n in enumerate(("Am7", "D7"))
    ]
    room.answer(
        request,
        [{"op": "track", "key": "c", "name": "Chords", "role": "chords"}, *words],
        label="Detect chords and phrases",
    )
    chords = room.project.track("Chords")
    assert [(item.from_qn, item.notes, item.takes) for item in chords.items] == [(0, "Am7", []), (4, "D7", [])]
    assert chords.fx == []
    assert room.project.tracks[0] is chords
    assert ask(room)["chords"] == [{"qn": 0, "symbol": "Am7"}, {"qn": 4, "symbol": "D7"}]


def placed(track: str, file: str | None, to_qn: float = 4.0) -> list[dict[str, Any]]:
    """An item as a result asks for it."""
    takes = [{"name": "x", "file": file}]
    return [{"op": "item", "track": track, "from_qn": 0.0, "to_qn": to_qn, "takes": takes}]


BROKEN: list[tuple[str, list[dict[str, Any]], str]] = [
    ("a clip is missing", placed("b", "clips/no.mid"), "clips/no.mid is missing"),
    ("a clip is damaged", placed("b", "clips/bad.mid"), "no MIDI file"),
    ("a file lies elsewhere", placed("b", "../../x.mid"), "outside its folder"),
    ("something unknown", [{"op": "launch"}], "something unknown"),
    ("an item that ends first", placed("b", None, 0.0), "ends before it starts"),
    ("a field is missing", [{"op": "region", "from_qn": 0.0, "to_qn": 4.0}], "has no name"),
    ("a track that is nowhere", placed("nobody", None), "no longer there"),
    (
        "an item that is gone",
        [{"op": "take", "item": "{GONE}", "name": "x", "file": "clips/good.mid"}],
        "no longer there",
    ),
]


@pytest.mark.parametrize(("writes", "word"), [case[1:] for case in BROKEN], ids=[case[0] for case in BROKEN])
def test_a_result_that_cannot_be_used_writes_nothing_and_says_why(
    room: Room, writes: list[dict[str, Any]], word: str
) -> None:
    request = begin(room)
    room.clip(request["id"], "good.mid", (0, 1, 60))
    (room.job(request["id"]) / "clips" / "bad.mid").write_bytes(b"not MIDI")
    before, labels = [item.snapshot() for item in room.project.items], room.project.undo_labels()
    room.answer(request, [{"op": "track", "key": "b", "name": "Bass"}, *writes])
    assert word in room.boxes()[-1]
    assert [track.name for track in room.project.tracks] == ["Lead"]
    assert [item.snapshot() for item in room.project.items] == before
    assert room.project.undo_labels() == labels
    assert room.settled(request) == "failed"


def test_a_result_that_is_cut_off_is_refused(room: Room) -> None:
    request = begin(room)
    (room.job(request["id"]) / "result.json").write_text('{"schema":"result/1",')
    room.say(request["id"], "done")
    room.reaper.tick(3)
    assert "cannot be used" in room.boxes()[-1]


def test_a_target_deleted_meanwhile_is_said(room: Room) -> None:
    request = begin(room)
    lead = room.project.track("Lead")
    room.reaper.lua("reaper.DeleteTrack(reaper.GetTrack(reaper.EnumProjects(-1), 0))")
    room.answer(
        request,
        [{"op": "track", "key": "b", "name": "Bass", "after": lead.guid}],
        expects={"project": request["project"]["id"], "targets": [lead.guid]},
    )
    assert "no longer there" in room.boxes()[-1]
    assert room.project.tracks == []


def test_a_new_track_may_stand_below_a_frozen_one(room: Room) -> None:
    request = begin(room)
    lead = room.project.track("Lead")
    room.project.add_track("Other")
    lead.values["I_FREEZECOUNT"] = 1.0
    room.answer(request, [{"op": "track", "key": "b", "name": "Bass", "after": lead.guid}])
    assert [track.name for track in room.project.tracks] == ["Lead", "Bass", "Other"]
    assert room.boxes() == []


@pytest.mark.parametrize(("what", "word"), [("C_LOCK", "locked"), ("I_FREEZECOUNT", "frozen")])
def test_locked_items_and_frozen_tracks_are_not_written_to(room: Room, what: str, word: str) -> None:
    request = begin(room)
    lead = room.project.items[0]
    (lead if what == "C_LOCK" else lead.track).values[what] = 1.0
    clip = room.clip(request["id"], "a.mid", (0, 1, 72))
    before = lead.snapshot()
    room.answer(request, [{"op": "take", "item": lead.guid, "name": "x", "file": clip}])
    assert word in room.boxes()[-1]
    assert lead.snapshot() == before


def test_what_fails_in_the_middle_is_taken_back(room: Room) -> None:
    request = begin(room)
    lead = room.project.items[0]
    clip = room.clip(request["id"], "a.mid", (0, 1, 72))
    before, labels = lead.snapshot(), room.project.undo_labels()
    room.answer(
        request,
        [
            {"op": "track", "key": "b", "name": "Bass", "folder": "Arrangement"},
            {"op": "item", "track": "b", "from_qn": 0.0, "to_qn": 4.0, "takes": [{"name": "Bass", "file": clip}]},
            {"op": "take", "item": lead.guid, "name": "x", "file": clip},
            {"op": "region", "name": "Verse", "from_qn": 0.0, "to_qn": 4.0},
            {"op": "tempo", "qn": 4.0, "qpm": 60.0},
            {"op": "track", "key": "d", "name": "Drums", "after": "{GONE}"},
        ],
    )
    assert "no longer there" in room.boxes()[-1]
    assert [track.name for track in room.project.tracks] == ["Lead"]
    assert room.project.items[0].snapshot() == before
    assert room.project.state.markers == []
    assert room.project.time.to_seconds(8) == pytest.approx(4)
    assert room.project.undo_labels() == labels


# When it is written


def test_a_result_waits_while_the_musician_records_and_is_then_offered(room: Room) -> None:
    request = begin(room)
    room.project.play_state = 5
    room.answer(request, [{"op": "track", "key": "b", "name": "Bass"}])
    assert len(room.project.tracks) == 1
    room.project.play_state = 0
    room.reaper.desktop.boxes.append("yes")
    room.reaper.tick(6)
    assert room.boxes()[-1].startswith("“Arrange: piano” is ready for this project.")
    assert [track.name for track in room.project.tracks] == ["Lead", "Bass"]


def test_a_result_finds_its_tab_and_is_offered_never_forced(room: Room) -> None:
    request = begin(room)
    home = room.project
    room.reaper.project = room.reaper.add_project("other")
    room.answer(request, [{"op": "track", "key": "b", "name": "Bass"}])
    room.reaper.tick(30)
    assert room.boxes() == []
    assert room.project.tracks == []
    room.reaper.project = home
    room.reaper.desktop.boxes.append("no")
    room.reaper.tick(10)
    assert [track.name for track in home.tracks] == ["Lead"]
    assert room.settled(request) == "offered"
    room.reaper.tick(10)
    assert len(room.boxes()) == 1


@pytest.mark.parametrize("answer", ["yes", "no"])
def test_with_a_copy_of_the_project_open_beside_it_a_result_is_offered(room: Room, answer: str) -> None:
    request = begin(room)
    home = room.project
    room.reaper.project = room.reaper.add_project("copy.rpp")
    room.project.ext.update(home.ext)
    room.reaper.desktop.boxes.append(answer)
    room.answer(request, [{"op": "track", "key": "b", "name": "Bass"}])
    room.reaper.tick(30)
    assert len(room.boxes()) == 1
    assert [track.name for track in room.project.tracks] == (["Bass"] if answer == "yes" else [])
    assert [track.name for track in home.tracks] == ["Lead"]


def test_a_result_waits_for_a_mouse_that_moves_over_the_arrangement(room: Room) -> None:
    request = begin(room)
    view = room.project.view
    room.answer_quietly(request, [{"op": "track", "key": "b", "name": "Bass"}])
    for i in range(10):
        room.reaper.desktop.mouse = (view.left + 50 + i, view.top + 5)
        room.reaper.tick()
    assert len(room.project.tracks) == 1
    room.reaper.tick(20)
    assert len(room.project.tracks) == 2
    assert room.boxes() == []


def test_nobody_waits_for_ever_for_a_mouse_that_never_rests(room: Room) -> None:
    request = begin(room)
    room.answer_quietly(request, [{"op": "track", "key": "b", "name": "Bass"}])
    for i in range(12 * 30):
        room.reaper.desktop.mouse = (room.project.view.left + i % 500, room.project.view.top + 5)
        room.reaper.tick()
    assert len(room.project.tracks) == 2


def test_where_an_extension_tells_a_result_waits_as_long_as_a_button_is_down(room: Room) -> None:
    down = [1]
    room.reaper.desk.install("JS_Mouse_GetState", "flags integer -> retval integer", lambda flags: down[0] & flags)
    request = begin(room)
    room.answer_quietly(request, [{"op": "track", "key": "b", "name": "Bass"}])
    room.reaper.tick(15 * 30)  # held still, and for longer than we would wait otherwise
    assert len(room.project.tracks) == 1
    down[0] = 0
    room.reaper.tick(3)
    assert len(room.project.tracks) == 2
    assert room.boxes() == []


def test_a_result_of_an_earlier_session_is_offered_when_reaper_is_there_again(room: Room, tmp_path: Path) -> None:
    request = begin(room)
    lead = room.project
    room.answer_quietly(request, [{"op": "track", "key": "b", "name": "Bass"}])
    later = Room(room.reaper.resource_path)
    later.reaper.projects[:] = [lead]
    later.reaper.project = lead
    later.reaper.desktop.boxes.append("yes")
    later.act("agent")
    later.reaper.tick(60)
    assert [track.name for track in lead.tracks] == ["Lead", "Bass"]


def test_a_bridge_that_does_not_come_is_said_once(room: Room) -> None:
    room.has_bridge = False
    (room.mailbox / "bridge.json").unlink()
    begin(room)
    room.reaper.tick(900)
    assert len(room.reaper.desktop.processes) == 1
    assert [text.split("\n")[0] for text in room.boxes()] == ["The bridge did not start."]


@pytest.mark.parametrize("pid", [os.getpid(), 2**22 + 1], ids=["taken", "free"])
def test_a_heartbeat_that_stands_still_is_no_bridge_whoever_has_its_number(room: Room, pid: int) -> None:
    room.beat(beat=time.time() - 60, pid=pid)
    begin(room)
    room.reaper.tick(30)
    assert len(room.reaper.desktop.processes) == 1


def test_an_old_bridge_is_named_with_its_remedy(room: Room) -> None:
    room.beat(version="0.0.9", pid=4711)
    begin(room)
    room.reaper.tick(60)
    assert room.boxes() == [
        "The bridge is version 0.0.9, these scripts are 0.1.0.\n\nEnd the bridge (process 4711), "
        "update it with `uv tool upgrade partimento`, then ask again."
    ]


@pytest.mark.parametrize("version", ["0.2.0", "1.0.0", "0.10.0"])
def test_old_scripts_are_named_with_their_remedy(room: Room, version: str) -> None:
    room.beat(version=version)
    begin(room)
    room.reaper.tick(60)
    assert room.boxes() == [
        f"The bridge is version {version}, these scripts are 0.1.0.\n\n"
        "Close REAPER, run `partimento reaper install`, and start REAPER again."
    ]


@pytest.mark.parametrize("first", ["job", "bridge"])
def test_of_versions_that_do_not_fit_one_word_is_said(room: Room, first: str) -> None:
    room.beat(version="0.2.0")
    request = begin(room)
    if first == "bridge":
        room.reaper.tick(60)
    error = {"code": "E_VERSION", "message": "The scripts are version 0.1.0, the bridge is 0.2.0.", "hint": "Update."}
    room.say(request["id"], "failed", error=error)
    room.reaper.tick(60)
    assert len(room.boxes()) == 1
    assert room.settled(request) == "failed"


def test_a_bridge_that_is_gone_leaves_its_word_on_versions_to_be_said(room: Room) -> None:
    request = begin(room)
    (room.mailbox / "bridge.json").unlink()
    error = {"code": "E_VERSION", "message": "The scripts are version 0.1.0, the bridge is 0.2.0.", "hint": "Update."}
    room.say(request["id"], "failed", error=error)
    room.reaper.tick(3)
    assert room.boxes() == ["The scripts are version 0.1.0, the bridge is 0.2.0.\n\nUpdate."]


def test_new_tracks_sound_by_the_musicians_own_mapping(room: Room) -> None:
    (room.mailbox / "instruments.json").write_text('{"bass": "ReaSynth"}')
    request = begin(room)
    clip = room.clip(request["id"], "a.mid", (0, 1, 48))
    item = {"op": "item", "track": "b", "from_qn": 0.0, "to_qn": 4.0, "takes": [{"name": "Bass", "file": clip}]}
    room.answer(request, [{"op": "track", "key": "b", "name": "Bass", "role": "bass"}, item])
    assert len(room.project.track("Bass").fx) == 1
    assert room.project.track("Lead").fx == []


def test_a_track_template_gives_its_instrument_and_nothing_else(room: Room) -> None:
    templates = room.reaper.resource_path / "TrackTemplates"
    templates.mkdir()
    chain = '<FXCHAIN\n    <VST "VSTi: ReaSynth (Cockos)" x.so 0 ""\n    >\n  >'
    (templates / "Kit.RTrackTemplate").write_text(f'<TRACK\n  NAME "Kit"\n  MUTESOLO 1 0 0\n  {chain}\n>\n')
    (room.mailbox / "instruments.json").write_text('{"bass": "Kit.RTrackTemplate"}')
    request = begin(room)
    clip = room.clip(request["id"], "a.mid", (0, 1, 48))
    item = {"op": "item", "track": "b", "from_qn": 0.0, "to_qn": 4.0, "takes": [{"name": "Bass", "file": clip}]}
    room.answer(request, [{"op": "track", "key": "b", "name": "Bass", "role": "bass"}, item])
    track = room.project.tracks[-1]
    assert (track.name, track.values.get("B_MUTE", 0.0)) == ("Bass", 0.0)
    assert [fx.name for fx in track.fx] == ["VSTi: ReaSynth (Cockos)"]
    assert len(track.items) == 1


def test_a_track_that_stays_silent_is_named(room: Room) -> None:
    request = begin(room)
    room.answer(request, bass(room, request, 40))
    assert room.reaper.desktop.help_line == "partimento: Arrange: piano · written · no instrument was found for Bass"


def test_what_a_report_warns_of_is_said_in_one_line_with_the_rest(room: Room) -> None:
    request = begin(room)
    room.answer(request, bass(room, request, 40))
    room.project.track("Bass").items[0].values["C_LOCK"] = 1.0
    request = room.ask("again")
    warnings = [{"code": "W_NO_BAND", "message": "This version has no band yet.", "hint": ""}]
    room.answer(request, bass(room, request, 50), report={"warnings": warnings})
    said = "partimento: Arrange: piano · written · 1 item was left as you have it · This version has no band yet."
    assert room.reaper.desktop.help_line == said


@pytest.mark.parametrize("report", [None, [], {"warnings": 3}, {"warnings": [3, {}, None]}, {"source": []}])
def test_a_report_that_makes_no_sense_harms_nothing(room: Room, report: object) -> None:
    request = begin(room)
    room.answer(request, bass(room, request, 40), report=report)
    assert room.settled(request) == "written"
    assert room.boxes() == []
    assert "nil" not in room.reaper.desktop.help_line


def test_a_result_without_writes_is_said_and_leaves_no_undo_point(room: Room) -> None:
    request = begin(room)
    labels = room.project.undo_labels()
    room.answer(request, [], label="Detect chords and phrases")
    assert room.reaper.desktop.help_line.endswith("there was nothing to write")
    assert room.project.undo_labels() == labels
    assert room.settled(request) == "written"


def test_a_fill_for_an_audio_take_is_refused(room: Room) -> None:
    request = begin(room)
    voice = room.project.add_track("Voice").add_audio(0, 8)
    before = voice.snapshot()
    clip = room.clip(request["id"], "a.mid", (0, 1, 72))
    room.answer(request, [{"op": "merge", "item": voice.guid, "mask": {"cells": []}, "file": clip}])
    assert "plays audio" in room.boxes()[-1]
    assert voice.snapshot() == before


def test_a_new_reaper_knows_whether_the_mouse_is_over_the_arrangement(tmp_path: Path) -> None:
    room = Room(tmp_path, version="7.2")
    request = begin(room)
    room.answer_quietly(request, [{"op": "track", "key": "b", "name": "Bass"}])
    for i in range(10):
        room.reaper.desktop.mouse = (room.project.view.left + 5000 + i, 5)
        room.reaper.tick()
    assert len(room.project.tracks) == 2


# Again


def bass(room: Room, request: dict[str, Any], pitch: int, to_qn: float = 4.0) -> list[dict[str, Any]]:
    """A track Bass with an item for each of two bars."""
    clip = room.clip(request["id"], "bass.mid", (0, 1, pitch))
    track = {"op": "track", "key": "b", "name": "Bass", "role": "bass", "folder": "Arrangement", "after": None}
    spans = ((0.0, to_qn), (to_qn, 8.0))
    takes = [{"name": "Bass", "file": clip, "provenance": {}}]
    return [
        track,
        *({"op": "item", "track": "b", "guid": None, "from_qn": a, "to_qn": b, "takes": takes} for a, b in spans),
    ]


def test_again_comes_as_further_takes_and_what_was_edited_goes_on_playing(room: Room) -> None:
    request = begin(room)
    room.answer(request, bass(room, request, 40))
    one, two = room.project.track("Bass").items
    pool = two.takes[0].pool
    assert pool is not None
    pool.events[0] = pool.events[0]._replace(message=b"\x90\x35\x50")
    request = room.ask("again")
    room.answer(request, bass(room, request, 50))
    assert [track.name for track in room.project.tracks] == ["Lead", "Arrangement", "Bass"]
    assert [len(item.takes) for item in (one, two)] == [2, 2]
    assert notes(one) == [(0, 50)]
    assert notes(two) == [(0, 53)]
    assert notes(two, 1) == [(0, 50)]
    assert "1 item was left as you have it" in room.reaper.desktop.help_line
    request = room.ask("again")
    room.answer(request, bass(room, request, 60))
    assert notes(one) == [(0, 60)]
    assert notes(two) == [(0, 53)]
    assert [len(item.takes) for item in (one, two)] == [3, 3]


def test_again_joins_items_whose_last_notes_ring_longer_and_makes_room_for_them(room: Room) -> None:
    request = begin(room)
    room.answer(request, bass(room, request, 40))
    whole, cut = room.project.track("Bass").items
    cut.values["D_LENGTH"] -= 0.25
    request = room.ask("again")
    ringing = bass(room, request, 50)
    for item in ringing[1:]:
        item["to_qn"] += 0.5
    room.answer(request, ringing)
    assert [track.name for track in room.project.tracks] == ["Lead", "Arrangement", "Bass"]
    assert [len(item.takes) for item in (whole, cut)] == [2, 2]
    assert (whole.from_qn, whole.to_qn) == (0, 4.5)
    assert (cut.from_qn, cut.to_qn) == (4, 7.5)


def test_again_makes_a_new_track_when_its_items_were_moved(room: Room) -> None:
    request = begin(room)
    room.answer(request, bass(room, request, 40))
    moved = room.project.track("Bass").items[1]
    moved.values["D_POSITION"] += 1
    request = room.ask("again")
    room.answer(request, bass(room, request, 50))
    assert [track.name for track in room.project.tracks] == ["Lead", "Arrangement", "Bass", "Bass"]
    assert [len(item.takes) for item in room.project.items] == [1, 1, 1, 1, 1]


def test_what_is_locked_stays_and_the_others_get_their_takes(room: Room) -> None:
    request = begin(room)
    room.answer(request, bass(room, request, 40))
    one, two = room.project.track("Bass").items
    one.values["C_LOCK"] = 1.0
    before = one.snapshot()
    request = room.ask("again")
    room.answer(request, bass(room, request, 50))
    assert one.snapshot() == before
    assert notes(two) == [(0, 50)]
    assert [track.name for track in room.project.tracks] == ["Lead", "Arrangement", "Bass"]
    assert "1 item was left as you have it" in room.reaper.desktop.help_line


def test_a_clip_that_is_longer_than_its_item_is_no_edit(room: Room) -> None:
    request = begin(room)
    room.answer(request, bass(room, request, 40, to_qn=0.5))
    one, _ = room.project.track("Bass").items
    pool = one.takes[0].pool
    assert pool is not None
    assert [(event.ppq, event.message) for event in pool.events] == [(0, b"\x90(P"), (480, b"\x80(\x00")]
    request = room.ask("again")
    room.answer(request, bass(room, request, 50, to_qn=0.5))
    assert notes(one) == [(0, 50)]


def test_a_take_that_was_only_chosen_is_no_edit(room: Room) -> None:
    request = begin(room)
    writes = bass(room, request, 40)
    takes = [{"name": "Bass 2", "file": room.clip(request["id"], "other.mid", (0, 1, 45)), "provenance": {"seed": "2"}}]
    for item in writes[1:]:
        item["takes"] = item["takes"] + takes
    room.answer(request, writes)
    one, _ = room.project.track("Bass").items
    one.active = 1
    request = room.ask("again")
    room.answer(request, bass(room, request, 50))
    assert notes(one) == [(0, 50)]
    assert "left" not in room.reaper.desktop.help_line


# Again after a chord was changed

SONG = {0: "C", 4: "F", 8: "G", 12: "C"}


def chorded(room: Room, changed: dict[int, str]) -> None:
    """Edits single chords by name, as a musician does on the Chords track."""
    chords = next((track for track in room.project.tracks if track.name == "Chords"), None)
    if chords is None:
        chords = room.project.add_track("Chords")
        for at, symbol in SONG.items():
            chords.add_item(at, at + 4, symbol)
    for item in chords.items:
        item.notes = changed.get(round(item.from_qn), item.notes)
    room.project.changes += 1


def roots(room: Room, request: dict[str, Any], pitches: list[int], take: str = "Bass") -> list[dict[str, Any]]:
    """Bass, a note for each of four bars, in two items of two bars; the report says what was played."""
    track = {"op": "track", "key": "b", "name": "Bass", "role": "bass"}
    files = [
        room.clip(request["id"], f"{take}-{i}.mid", (0, 4, pitches[2 * i]), (4, 4, pitches[2 * i + 1])) for i in (0, 1)
    ]
    spans = [{"op": "item", "track": "b", "from_qn": i * 8.0, "to_qn": i * 8.0 + 8} for i in (0, 1)]
    return [track, *(span | {"takes": [{"name": take, "file": file}]} for span, file in zip(spans, files, strict=True))]


def played(room: Room, request: dict[str, Any], pitches: list[int], chords: dict[int, str]) -> None:
    source = {"chords": [{"qn": float(at), "symbol": symbol} for at, symbol in chords.items()]}
    room.answer(request, roots(room, request, pitches), report={"source": source})


def test_after_a_chord_was_changed_again_plays_that_chord_anew_and_nothing_else(room: Room) -> None:
    chorded(room, {})
    request = begin(room)
    played(room, request, [36, 41, 43, 36], SONG)
    one, two = room.project.track("Bass").items
    before = two.snapshot()
    chorded(room, {4: "Dm7"})
    request = room.ask("again")
    assert request["options"]["seed"] == 1
    played(room, request, [36, 38, 43, 36], SONG | {4: "Dm7"})
    assert notes(one) == [(0, 36), (4, 38)]
    assert notes(one, 0) == [(0, 36), (4, 41)]
    assert two.snapshot() == before
    request = room.ask("again")  # no chord was changed since: another way to play it
    assert request["options"]["seed"] == 2


def test_a_hand_edit_elsewhere_in_the_same_item_stays(room: Room) -> None:
    chorded(room, {})
    request = begin(room)
    played(room, request, [36, 41, 43, 36], SONG)
    one, two = room.project.track("Bass").items
    for item, at in ((one, 0), (two, 4)):  # a note of my own in the first and in the last bar
        pool = item.takes[0].pool
        assert pool is not None
        mine = [
            e._replace(message=bytes([e.message[0], 30, e.message[2]])) if e.ppq // 960 // 4 * 4 == at else e
            for e in pool.events
        ]
        pool.events[:] = [e if e.message[0] & 0xF0 != 0xB0 else old for e, old in zip(mine, pool.events, strict=True)]
    before = two.snapshot()
    chorded(room, {4: "Dm7"})
    request = room.ask("again")
    played(room, request, [36, 38, 43, 36], SONG | {4: "Dm7"})
    assert notes(one) == [(0, 30), (4, 38)]
    assert two.snapshot() == before
    request = room.ask("again")
    played(room, request, [48, 50, 55, 48], SONG | {4: "Dm7"})
    assert notes(one) == [(0, 30), (4, 38)]  # what holds an edit of mine goes on playing
    assert [len(item.takes) for item in (one, two)] == [3, 2]


def test_a_chord_that_nothing_hangs_on_changes_nothing(room: Room) -> None:
    chorded(room, {})
    request = begin(room)
    played(room, request, [36, 41, 43, 36], SONG)
    labels = room.project.undo_labels()
    chorded(room, {12: "Am"})
    request = room.ask("again")
    played(room, request, [36, 41, 43, 36], SONG | {12: "Am"})
    assert room.project.undo_labels() == labels
    assert room.settled(request) == "written"
    assert room.reaper.desktop.help_line.endswith("there was nothing to write")


def test_chords_that_were_found_and_then_written_down_are_not_changed_chords(room: Room) -> None:
    request = begin(room)
    played(room, request, [36, 41, 43, 36], SONG)
    chorded(room, {})
    assert room.ask("again")["options"]["seed"] == 2
    chorded(room, {8: "E7"})
    request = room.ask("again")
    assert request["options"]["seed"] == 2
    assert (room.job(request["id"]) / "again").read_text() == '[{"from":8.0,"to":12.0}]'


def test_asking_anew_makes_new_tracks(room: Room) -> None:
    request = begin(room)
    room.answer(request, bass(room, request, 40))
    request = ask(room)
    room.answer(request, bass(room, request, 50))
    assert [track.name for track in room.project.tracks] == ["Lead", "Arrangement", "Bass", "Bass"]


def test_a_pooled_item_of_ours_is_renewed_alone(room: Room) -> None:
    request = begin(room)
    room.answer(request, bass(room, request, 40))
    ours = room.project.track("Bass").items[0]
    twin = room.project.track("Lead").add_midi(8, 12, [(0, 1, 60, 90)])
    assert twin.active_take is not None
    assert twin.active_take.source is not None
    twin.active_take.source.pool = ours.takes[0].pool
    before = twin.snapshot()
    request = ask(room)
    clip = room.clip(request["id"], "a.mid", (0, 1, 50))
    renewal = {"op": "item", "track": "b", "guid": ours.guid, "from_qn": 0.0, "to_qn": 4.0}
    room.answer(request, [renewal | {"takes": [{"name": "Bass", "file": clip}]}])
    assert notes(ours) == [(0, 50)]
    assert twin.snapshot() == before
