"""The other actions, each from its key press on."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import mido
import pytest

from bridge.wire import Control1, Request1, decode, encode
from tests.reaper.double.model import Item
from tests.reaper.scripts.lua import SCRIPTS, Library
from tests.reaper.scripts.room import Room

NO_CHOICE = ["", "", "1"]


def melody(room: Room) -> Item:
    return room.project.add_track("Lead", selected=True).add_midi(0, 16, [(i, 1, 60, 90) for i in range(16)])


def arranged(room: Room, takes: int = 3) -> Item:
    """An item of ours with several takes, selected."""
    melody(room)
    request = room.ask("arrange_selected_melody", NO_CHOICE)
    ready = [
        {
            "name": f"Bass take {k}",
            "file": room.clip(request["id"], f"{k}.mid", (0, 1, 40 + k)),
            "provenance": {"seed": str(k)},
        }
        for k in range(1, takes + 1)
    ]
    item = {"op": "item", "track": "b", "from_qn": 0.0, "to_qn": 4.0, "takes": ready}
    room.answer(request, [{"op": "track", "key": "b", "name": "Bass", "role": "bass"}, item])
    bass = room.project.track("Bass").items[0]
    for one in room.project.items:
        one.values["B_UISEL"] = float(one is bass)
    return bass


def _age(path: Path) -> int:
    return path.stat().st_mtime_ns


def controls(room: Room) -> list[Control1]:
    return [decode(Control1, path.read_bytes()) for path in sorted((room.mailbox / "control").glob("*.json"), key=_age)]


ASKING: list[tuple[str, list[str] | None, str, dict[str, Any]]] = [
    ("orchestrate_selection", ["pop", "", "2"], "orchestrate", {"band": "pop", "takes": 2}),
    ("reduce_to_piano", None, "orchestrate", {"to": "piano"}),
    ("add_drums", ["swing", "1"], "orchestrate", {"add": "drums", "style": "swing", "takes": 1}),
    ("plan_song", ["a waltz, sad at first"], "plan", {"prompt": "a waltz, sad at first"}),
    ("keep_last_bars", ["4"], "live-capture", {"bars": 4}),
    ("detect_chords_and_phrases", None, "detect", {}),
]


@pytest.mark.parametrize(("action", "inputs", "verb", "options"), ASKING, ids=[case[0] for case in ASKING])
def test_each_verb_sends_its_request(
    room: Room, action: str, inputs: list[str] | None, verb: str, options: dict[str, Any]
) -> None:
    melody(room)
    request = room.ask(action, *([inputs] if inputs else []))
    assert request["verb"] == verb
    assert request["options"] == options | {"seed": 1}
    assert decode(Request1, encode(request)).verb == verb


@pytest.mark.parametrize(
    ("action", "task"), [("fill_time_selection", "fill"), ("vary", "vary"), ("continue", "continue")]
)
def test_a_fill_has_the_bars_of_the_time_selection_as_its_mask(room: Room, action: str, task: str) -> None:
    melody(room)
    room.project.select_time(5, 8)
    request = room.ask(action, ["4", ""])
    assert request["options"]["task"] == task
    assert request["options"]["takes"] == 4
    assert request["options"]["grid"]["division"] == 0.25
    assert request["mask"]["cells"] == [{"track": "Lead", "from": [2, 2.0], "to": [3, 1.0]}]
    assert decode(Request1, encode(request)).mask is not None


def test_a_swung_grid_is_told_to_a_fill(room: Room) -> None:
    melody(room)
    room.project.select_time(4, 8)
    room.project.grid = (0, 0.125, 1, 0.6)
    assert room.ask("vary", ["1", ""])["options"]["grid"] == {"division": 0.125, "swing": pytest.approx(0.6)}
    room.project.grid = (0, 0.125, 0, 0.6)
    assert room.ask("vary", ["1", ""])["options"]["grid"]["swing"] == 0


def test_a_frozen_track_is_not_filled(room: Room) -> None:
    melody(room).track.values["I_FREEZECOUNT"] = 1.0
    room.project.select_time(4, 8)
    room.act("fill_time_selection")
    assert room.boxes() == ["Track “Lead” is frozen.\n\nUnfreeze it, then ask again."]


def test_what_is_not_selected_is_named(room: Room) -> None:
    for action in (
        "fill_time_selection",
        "orchestrate_selection",
        "next_take",
        "accept",
        "reject",
        "replan_selected_region",
        "insert_clip",
        "again",
        "cancel",
        "apply_plan",
    ):
        room.act(action)
    assert [text.split("\n")[0] for text in room.boxes()] == [
        "No time is selected.",
        "Nothing is selected.",
        "No selected item has several takes.",
        "No item of partimento is selected.",
        "No item of partimento is selected.",
        "The cursor is in no region.",
        "No clip was chosen yet.",
        "Nothing was asked for in this project yet.",
        "Nothing is running.",
        "This project has no plan yet.",
    ]
    assert room.jobs() == []


def test_an_engine_that_is_not_there_yet_is_one_sentence(room: Room) -> None:
    melody(room)
    request = room.ask("add_drums", ["", "1"])
    sentence = "`orchestrate` is not in this version yet."
    room.say(
        request["id"], "failed", error={"code": "E_UNAVAILABLE", "message": sentence, "hint": "Update partimento."}
    )
    room.reaper.tick(3)
    assert room.boxes() == [sentence + "\n\nUpdate partimento."]


def test_again_repeats_with_the_next_seed_on_what_is_there_now(room: Room) -> None:
    lead = melody(room).track
    room.ask("arrange_selected_melody", ["pop", "", "2"])
    lead.name = "Voice"
    for seed in (2, 3):
        request = room.ask("again")
        assert request["options"] == {"style": "pop", "takes": 2, "seed": seed}
    assert request["tracks"][0]["name"] == "Voice"


def test_again_among_its_own_takes_works_on_the_melody_that_was_asked_for(room: Room) -> None:
    bass = arranged(room)
    first = json.loads((room.job(room.jobs()[0]) / "request.json").read_bytes())["selection"]
    assert first["tracks"] == [room.project.track("Lead").guid]
    room.act("next_take")
    assert room.ask("again")["selection"] == first
    bass.values["B_UISEL"] = 0.0
    room.project.track("Lead").values["I_SELECTED"] = 0.0
    room.project.track("Bass").values["I_SELECTED"] = 1.0
    assert room.ask("again")["selection"] == first


def test_again_takes_another_melody_when_one_is_selected(room: Room) -> None:
    arranged(room)
    other = room.project.add_track("Voice").add_midi(0, 16, [(0, 4, 72, 90)])
    other.values["B_UISEL"] = 1.0
    assert other.guid in room.ask("again")["selection"]["items"]


def test_a_plan_is_kept_in_the_project_and_planned_anew_by_region(room: Room) -> None:
    request = room.ask("plan_song", ["a waltz"])
    room.answer(request, [], label="Plan", report={"plan": {"schema": "plan/1", "title": "Größe"}})
    room.project.add_region("Verse", 0, 16)
    again = room.ask("replan_selected_region")
    assert again["plan"] == {"schema": "plan/1", "title": "Größe"}
    assert again["options"] == {"regenerate": "section:Verse", "seed": 1}
    assert room.ask("apply_plan")["plan"] == again["plan"]


# Takes


def test_takes_are_stepped_through_in_both_directions(room: Room) -> None:
    bass = arranged(room)
    for action, expected in (("next_take", 1), ("next_take", 2), ("next_take", 0), ("previous_take", 2)):
        room.act(action)
        assert bass.active == expected
    assert room.project.undo_labels()[-1] == "Previous take"
    assert room.reaper.desktop.help_line.endswith("Bass take 3")


def test_accepting_keeps_the_active_take_alone(room: Room) -> None:
    bass = arranged(room)
    room.act("next_take")
    room.act("accept")
    assert [take.name for take in bass.takes] == ["Bass take 2"]
    assert room.project.undo_labels()[-1] == "Accept takes"
    assert bass.selected
    assert bass.takes[0].ext["partimento.seed"] == "2"


@pytest.mark.parametrize(
    ("action", "inputs"),
    [("accept", []), ("reject", []), ("next_take", []), ("set_up_live", []), ("edit_chords", [["| C |"]])],
)
def test_nothing_is_changed_by_hand_while_the_tape_runs(room: Room, action: str, inputs: list[list[str]]) -> None:
    bass = arranged(room)
    before, tracks = bass.snapshot(), len(room.project.tracks)
    room.project.play_state = 5
    room.act(action, *inputs)
    assert room.boxes() == ["REAPER is recording.\n\nStop the recording, then ask again."]
    assert (bass.snapshot(), len(room.project.tracks)) == (before, tracks)


def test_accepting_lets_go_of_nothing_that_the_musician_made(room: Room) -> None:
    bass = arranged(room)
    assert bass.takes[0].pool
    bass.takes[0].pool.events[0] = bass.takes[0].pool.events[0]._replace(message=b"\x90\x30\x40")
    bass.add_take("My own", [(0, 1, 50, 80)])
    room.act("next_take")
    room.act("accept")
    assert [take.name for take in bass.takes] == ["Bass take 1", "Bass take 2", "My own"]
    assert bass.active == 1
    assert room.reaper.desktop.help_line == "partimento: 2 takes of yours stay beside them"


def test_accepting_a_fill_keeps_what_was_there_before(room: Room) -> None:
    melody(room)
    lead = room.project.items[0]
    before = lead.takes[0]
    request = room.ask("arrange_selected_melody", NO_CHOICE)
    for turn in (1, 2):
        clip = room.clip(request["id"], f"{turn}.mid", (0, 1, 72))
        room.answer(request, [{"op": "take", "item": lead.guid, "name": f"Fill {turn}", "file": clip}])
        request = room.ask("again")
    lead.values["B_UISEL"] = 1.0
    room.act("accept")
    assert [take.name for take in lead.takes] == ["", "Fill 2"]
    assert lead.takes[0] is before
    assert lead.active == 1


def test_rejecting_an_item_of_ours_leaves_a_take_that_was_recorded_into_it(room: Room) -> None:
    bass = arranged(room)
    bass.add_take("My own", [(0, 1, 50, 80)])
    room.act("reject")
    assert [take.name for take in bass.takes] == ["My own"]


def test_rejecting_sends_away_our_items_and_our_takes_only(room: Room) -> None:
    arranged(room)
    lead = room.project.track("Lead").items[0]
    request = room.ask("again")
    room.answer(
        request,
        [{"op": "take", "item": lead.guid, "name": "Fill", "file": room.clip(request["id"], "f.mid", (0, 1, 72))}],
    )
    for item in room.project.items:
        item.values["B_UISEL"] = 1.0
    room.act("reject")
    assert [len(track.items) for track in room.project.tracks] == [1, 0]
    assert [take.name for take in lead.takes] == [""]
    before = lead.snapshot()
    room.act("reject")
    assert lead.snapshot() == before
    assert room.boxes() == ["No item of partimento is selected.\n\nSelect items that it wrote, then ask again."]


def test_a_copy_of_ours_is_the_musicians_and_is_not_sent_away(room: Room) -> None:
    bass = arranged(room, takes=1)
    copy = bass.track.add_midi(4, 8, [(0, 1, 41, 80)])
    copy.ext.update(bass.ext)
    copy.takes[0].ext.update(bass.takes[0].ext)
    for item in room.project.items:
        item.values["B_UISEL"] = float(item is copy)
    room.project.remember("Duplicate items", -1, room.project.photograph())
    before = copy.snapshot()
    for action in ("reject", "accept"):
        room.act(action)
        assert copy.snapshot() == before
    assert len(room.boxes()) == 2


def test_rejecting_right_after_a_result_takes_all_of_it_back(room: Room) -> None:
    arranged(room)
    for item in room.project.items:
        item.values["B_UISEL"] = 0.0
    room.act("reject")
    assert [track.name for track in room.project.tracks] == ["Lead"]


# Chords


def chord_items(room: Room) -> list[tuple[float, float, str]]:
    return [(round(item.from_qn, 6), round(item.to_qn, 6), item.notes) for item in room.project.track("Chords").items]


def test_chords_are_written_as_named_items_a_bar_between_two_lines(room: Room) -> None:
    melody(room)
    room.act("edit_chords", ["| Am7 D7 | Gmaj7 | . . F#m7b5 . | % |"])
    assert chord_items(room) == [(0, 2, "Am7"), (2, 4, "D7"), (4, 10, "Gmaj7"), (10, 14, "F#m7b5"), (14, 16, "F#m7b5")]
    assert room.project.undo_labels()[-1] == "Edit chords"
    assert room.ask("arrange_selected_melody", NO_CHOICE)["chords"][1] == {"qn": 2, "symbol": "D7"}


def test_one_bar_of_chords_is_edited_and_the_others_stay(room: Room) -> None:
    room.act("edit_chords", ["| C | F | G | C |"])
    others = [item.guid for item in room.project.items if item.notes != "F"]
    room.project.select_time(4, 8)
    room.act("edit_chords", ["| Dm7 F/G |"])
    assert chord_items(room) == [(0, 4, "C"), (4, 6, "Dm7"), (6, 8, "F/G"), (8, 12, "G"), (12, 16, "C")]
    assert {item.guid for item in room.project.items} > set(others)


EDITED_IN_BAR_2 = [
    ([(0, 16, "C")], "| F |", [(0, 4, "C"), (4, 8, "F"), (8, 16, "C")]),
    ([(0, 4, "C"), (4, 16, "D7")], "| E7 |", [(0, 4, "C"), (4, 8, "E7"), (8, 16, "D7")]),
    ([(0, 6, "C"), (6, 10, "G7")], "| . . F . |", [(0, 6, "C"), (6, 8, "F"), (8, 10, "G7")]),
    ([(0, 4, "C"), (8, 12, "G")], "| F | |", [(0, 4, "C"), (4, 12, "F")]),
    ([], "| F |", [(4, 8, "F")]),
]


@pytest.mark.parametrize(("before", "text", "after"), EDITED_IN_BAR_2)
def test_outside_the_edited_bars_everything_sounds_as_before(
    room: Room, before: list[tuple[float, float, str]], text: str, after: list[tuple[float, float, str]]
) -> None:
    chords = room.project.add_track("Chords")
    for span in before:
        chords.add_item(*span)
    room.project.select_time(4, 8)
    room.act("edit_chords", [text])
    assert chord_items(room) == after
    assert [track.name for track in room.project.tracks] == ["Chords"]


def test_chords_that_stay_keep_their_items(room: Room) -> None:
    room.act("edit_chords", ["| C | F | G | C |"])
    before = {item.from_qn: item.snapshot() for item in room.project.items}
    room.act("edit_chords", ["| C | Dm7 | G | C |"])
    after = {item.from_qn: item.snapshot() for item in room.project.items}
    assert [at for at in before if before[at] != after[at]] == [4]
    labels = room.project.undo_labels()
    room.act("edit_chords", ["| C | Dm7 | G | C |"])
    assert room.project.undo_labels() == labels


@pytest.mark.parametrize(("where", "key", "word"), [("item", "C_LOCK", "locked"), ("track", "I_FREEZECOUNT", "frozen")])
def test_locked_chords_are_not_edited(room: Room, where: str, key: str, word: str) -> None:
    room.act("edit_chords", ["| C | F | G |"])
    track = room.project.track("Chords")
    (track.items[1] if where == "item" else track).values[key] = 1.0
    room.act("edit_chords", ["| C | Dm7 | G |"])
    assert word in room.boxes()[-1]
    assert [symbol for *_, symbol in chord_items(room)] == ["C", "F", "G"]
    room.project.select_time(0, 4)
    room.act("edit_chords", ["| Am |"])
    assert (chord_items(room)[0][2] == "Am") is (where == "item")


@pytest.mark.parametrize(("first", "shown"), [(0, 2), (-4, -2), (100, 102)])
def test_the_bar_that_is_named_is_the_rulers(room: Room, first: int, shown: int) -> None:
    room.project.start_measure = first
    room.project.select_time(4, 8)
    room.act("edit_chords", None)
    assert room.reaper.desktop.seen[-1].title == f"Edit chords from bar {shown}"


def test_the_window_shows_what_stands_there(room: Room) -> None:
    room.project.add_tempo(0, 120, "3/4")
    chords = room.project.add_track("Chords")
    for at, to, words in ((0, 3, "C"), (3, 4, "F"), (4, 6, "G7"), (9, 12, "C")):
        chords.add_item(at, to, words)
    room.act("edit_chords", None)
    assert room.reaper.desktop.seen[-1].proposed == ("| C | F G7 . |  | C |",)
    assert chord_items(room) == [(0, 3, "C"), (3, 4, "F"), (4, 6, "G7"), (9, 12, "C")]


@pytest.mark.parametrize("meter", ["4/4", "3/4", "6/8", "7/8"])
def test_a_selected_bar_is_shown_alone_and_looking_changes_nothing(room: Room, meter: str) -> None:
    room.project.add_tempo(0, 120, meter)
    bar = 4 * int(meter[0]) / int(meter[2])
    chords = room.project.add_track("Chords")
    for i, symbol in enumerate(("C", "F", "G", "Am")):
        chords.add_item(i * bar / 2, (i + 1) * bar / 2, symbol)
    before = [item.snapshot() for item in room.project.items]
    room.project.select_time(bar, 2 * bar)
    room.act("edit_chords", None)
    (shown,) = room.reaper.desktop.seen[-1].proposed
    assert shown == "| G Am |"
    room.act("edit_chords", [shown])
    assert [item.snapshot() for item in room.project.items] == before


@pytest.mark.parametrize("text", ["| Am7 | Hello |", "| C | 7 |", "| c |"])
def test_a_word_that_is_no_chord_is_named(room: Room, text: str) -> None:
    room.act("edit_chords", [text])
    assert "is no chord" in room.boxes()[-1]
    assert room.project.tracks == []


# Live, settings, doctor, cancel


def test_improvise_starts_and_stops(room: Room) -> None:
    room.act("improvise")
    room.act("improvise")
    room.act("panic")
    assert [control.verb for control in controls(room)] == ["live-start", "live-stop", "panic"]
    assert controls(room)[0].args == {"mode": "accompany"}


def test_the_bridges_no_to_a_control_message_is_shown(room: Room) -> None:
    room.act("improvise")
    (name,) = [path.stem for path in (room.mailbox / "control").glob("*.json")]
    error = {"code": "E_UNAVAILABLE", "message": "There is no improviser yet.", "hint": "Update partimento."}
    room.beat(answers=[{"id": name, "verb": "live-start", "ok": False, "error": error}])
    room.reaper.tick(30)
    assert room.boxes() == ["There is no improviser yet.\n\nUpdate partimento."]
    room.reaper.tick(60)
    assert [control.verb for control in controls(room)] == ["live-start"]  # and no word about the transport any more


def test_the_live_track_is_armed_and_made_once(room: Room) -> None:
    room.act("set_up_live")
    (track,) = room.project.tracks
    assert (track.values["I_RECARM"], track.values["I_RECMON"], track.values["I_RECINPUT"]) == (1, 1, 6112)
    room.act("set_up_live")
    assert len(room.project.tracks) == 1
    assert "already" in room.boxes()[-1]


def test_cancel_puts_the_word_into_every_open_job(room: Room) -> None:
    melody(room)
    request = room.ask("arrange_selected_melody", NO_CHOICE)
    room.act("cancel")
    assert (room.job(request["id"]) / "cancel").exists()
    room.say(request["id"], "cancelled")
    room.reaper.tick(3)
    assert room.settled(request) == "cancelled"
    assert room.boxes() == []


def test_settings_are_what_the_next_window_proposes(room: Room) -> None:
    room.act("settings", ["swing", "trio", "3", "2", "0,5", "16", "trade"])
    assert room.reaper.ext["partimento", "choice.style"] == "swing"
    assert room.reaper.ext["partimento", "choice.mode"] == "trade"
    room.act("settings", ["swing", "trio", "3", "2", "much", "16", "trade"])
    assert room.boxes() == ["“much” must be a number from 0 to 1.\n\nAsk again and change it."]


def test_doctor_says_what_works(room: Room) -> None:
    room.act("doctor")
    page = room.reaper.desktop.console
    assert "on Linux, scripts 0.1.0." in page
    assert "✓ The mailbox can be written" in page
    assert "✓ The bridge runs: version 0.1.0" in page
    (room.mailbox / "bridge.json").unlink()
    room.act("doctor")
    assert "– The bridge has not run for this REAPER yet" in room.reaper.desktop.console


# The clip panel


def opened(room: Room) -> dict[str, Any]:
    melody(room)
    request = room.ask("arrange_selected_melody", NO_CHOICE)
    room.clip(request["id"], "bass-1.mid", (0, 1, 40), (2, 1, 41))
    room.clip(request["id"], "bass-2.mid", (0, 1, 50))
    room.answer(request, [], label="Arrange: bass")
    room.act("show_clips")
    room.reaper.tick(5)
    return request


def test_the_panel_lists_the_clips_of_the_last_jobs(room: Room) -> None:
    opened(room)
    words = room.reaper.gfx.words()
    assert {"bass-1", "bass-2", "Arrange: bass"} <= set(words)


def shelved(room: Room, label: str, takes: int, phrases: tuple[str, ...], part: str = "Piano") -> None:
    """A result on the shelf, as the bridge leaves one."""
    melody(room)
    request = room.ask("arrange_selected_melody", NO_CHOICE)
    writes: list[dict[str, Any]] = [{"op": "track", "key": "1-piano", "name": part}]
    for number, phrase in enumerate(phrases, 1):
        files = [room.clip(request["id"], f"1-piano-{number}-{turn}.mid", (0, 1, 60)) for turn in range(1, takes + 1)]
        ready = [{"name": f"{part} take {turn} {phrase}", "file": file} for turn, file in enumerate(files, 1)]
        at = 4.0 * number
        writes.append({"op": "item", "track": "1-piano", "from_qn": at, "to_qn": at + 4, "takes": ready})
    room.answer(request, writes, label=label)
    room.reaper.until(lambda: room.settled(request) == "written")


def test_clips_go_by_the_names_that_their_takes_have_in_the_order_of_the_song(room: Room) -> None:
    shelved(room, "Arrange: piano", 1, (*"ABCDEFGHI", "A", "J"))
    room.act("show_clips")
    room.reaper.tick(5)
    names = [word.removeprefix("Piano take 1 ") for word in room.reaper.gfx.words() if word.startswith("Piano")]
    assert names == [*"ABCDEFGHI", "A (2)", "J"]
    room.reaper.gfx.keys.append(13)
    room.reaper.tick(3)
    assert room.project.undo_labels()[-1] == "Insert clip Piano take 1 A"


def test_whose_clips_they_are_stands_once_beside_each_result(room: Room) -> None:
    for label in ("Arrange: piano", "Add drums"):
        shelved(room, label, 2, ("A", "B"))
    room.act("show_clips")
    room.reaper.tick(5)
    words = room.reaper.gfx.words()
    assert [words.count(label) for label in ("Arrange: piano", "Add drums")] == [1, 1]


@pytest.mark.parametrize("width", [400, 120])
def test_no_word_of_the_panel_leaves_its_window(room: Room, width: int) -> None:
    shelved(
        room, "Arrange: piano, bass, drums, strings and a choir of sixteen voices", 3, ("Bridge",) * 9, "Klavier Größe"
    )
    room.act("show_clips")
    room.reaper.gfx.values["w"] = float(width)
    room.reaper.tick(5)
    drawn = [one for one in room.reaper.gfx.frame if one.function == "drawstr"]
    assert any(one.arguments[0].endswith("…") for one in drawn)
    for one in drawn:
        assert one.pen[0] + len(one.arguments[0]) * one.advance <= width


def test_a_clip_is_dragged_into_the_arrangement(room: Room) -> None:
    opened(room)
    gfx, view = room.reaper.gfx, room.project.view
    gfx.move(*gfx.place_of("bass-1"))
    gfx.press()
    room.reaper.tick(2)
    gfx.move(-200, 100)
    room.reaper.desktop.mouse = (view.left + 10, view.top + 5)
    gfx.press(0)
    room.reaper.tick(2)
    lead = room.project.track("Lead")
    assert [take.name for take in lead.items[-1].takes] == ["bass-1"]
    assert len(lead.items) == 2
    assert room.project.undo_labels()[-1].startswith("Insert clip")


def test_the_same_is_done_by_key_and_by_action(room: Room) -> None:
    opened(room)
    room.reaper.gfx.keys.extend([1685026670, 13])
    room.reaper.tick(3)
    lead = room.project.track("Lead")
    assert len(lead.items) == 2
    room.act("insert_clip")
    assert len(lead.items) == 3
    assert lead.items[1].takes[0].name == lead.items[2].takes[0].name


def drums_to_drag(tmp_path: Path) -> Room:
    """A panel with one clip of a drum track, and a REAPER that knows what lies under the mouse."""
    room = Room(tmp_path, version="7.2")
    (room.mailbox / "instruments.json").write_text('{"drums": "ReaSynth"}')
    melody(room)
    request = room.ask("arrange_selected_melody", NO_CHOICE)
    takes = [{"name": "Drums Verse", "file": room.clip(request["id"], "1-drums-1-1.mid", (0, 1, 36))}]
    item = {"op": "item", "track": "d", "from_qn": 0.0, "to_qn": 4.0, "takes": takes}
    room.answer(request, [{"op": "track", "key": "d", "name": "Drums", "role": "drums"}, item])
    room.act("show_clips")
    room.reaper.tick(5)
    for track in room.project.tracks:
        track.values["I_SELECTED"] = 0.0
    return room


def dragged_below_the_last_track(room: Room) -> None:
    gfx, view = room.reaper.gfx, room.project.view
    gfx.move(20, 58)
    gfx.press()
    room.reaper.tick(2)
    gfx.move(-200, 600)
    room.reaper.desktop.mouse = (view.left + 10, view.top + 600)
    gfx.press(0)
    room.reaper.tick(2)


def by_key(room: Room) -> None:
    room.reaper.gfx.keys.append(13)
    room.reaper.tick(3)


def by_action(room: Room) -> None:
    room.reaper.gfx.keys.append(1685026670)
    room.reaper.tick(2)
    room.act("insert_clip")


@pytest.mark.parametrize("way", [dragged_below_the_last_track, by_key, by_action])
def test_below_the_last_track_a_clip_gets_a_track_that_sounds(tmp_path: Path, way: Callable[[Room], None]) -> None:
    room = drums_to_drag(tmp_path)
    assert "Drums Verse" in room.reaper.gfx.words()
    way(room)
    new = room.project.tracks[-1]
    assert [track.name for track in room.project.tracks] == ["Lead", "Drums", "Drums Verse"]
    assert len(new.fx) == 1
    assert [take.name for take in new.items[0].takes] == ["Drums Verse"]
    assert room.project.undo_labels()[-1] == "Insert clip Drums Verse"
    assert room.boxes() == []


def test_a_clip_is_not_put_on_a_frozen_track(room: Room) -> None:
    opened(room)
    room.project.track("Lead").values["I_FREEZECOUNT"] = 1.0
    by_key(room)
    assert room.boxes() == ["Track “Lead” is frozen.\n\nUnfreeze it, then ask again."]
    assert len(room.project.items) == 1


def test_a_clip_is_as_long_as_it_was_played(room: Room) -> None:
    melody(room)
    request = room.ask("arrange_selected_melody", NO_CHOICE)
    clip = room.job(request["id"]) / room.clip(request["id"], "rest.mid", (0, 1, 40))
    file = mido.MidiFile(clip)
    file.tracks[0].append(mido.MetaMessage("end_of_track", time=15 * 960))
    file.save(clip)
    room.answer(request, [], label="Arrange: bass")
    room.act("show_clips")
    room.reaper.tick(5)
    by_key(room)
    assert room.project.items[-1].to_qn == pytest.approx(16)


def test_the_panel_closes_by_escape_and_by_its_window(room: Room) -> None:
    opened(room)
    room.reaper.gfx.keys.append(27)
    room.reaper.tick(2)
    assert not any(script.path.endswith("show_clips.lua") for script in room.reaper.scripts)
    room.act("show_clips")
    room.reaper.gfx.close()
    room.reaper.tick(2)
    assert not any(script.path.endswith("show_clips.lua") for script in room.reaper.scripts)


# All of them


def test_every_action_has_its_header_and_says_a_version() -> None:
    versions = set()
    for path in SCRIPTS.glob("*.lua"):
        tags = dict(line[4:].split(" ", 1) for line in path.read_text().splitlines() if line.startswith("-- @"))
        assert tags["description"].startswith("partimento: ")
        versions.add(tags["version"])
    assert versions == {Library().run("return (require('lib.version'))")}


def test_a_result_that_was_not_wanted_can_still_be_had_as_a_whole(room: Room) -> None:
    melody(room)
    request = room.ask("arrange_selected_melody", NO_CHOICE)
    room.project.play_state = 5
    item = {"op": "item", "track": "b", "from_qn": 0.0, "to_qn": 4.0}
    takes = [{"name": "Bass", "file": room.clip(request["id"], "bass.mid", (0, 1, 40))}]
    room.answer(request, [{"op": "track", "key": "b", "name": "Bass"}, item | {"takes": takes}])
    room.project.play_state = 0
    room.reaper.desktop.boxes.append("no")
    room.reaper.tick(6)
    assert room.settled(request) == "offered"
    room.act("show_clips")
    room.reaper.tick(5)
    room.reaper.gfx.keys.append(ord("w"))
    room.reaper.tick(12)
    assert [track.name for track in room.project.tracks] == ["Lead", "Bass"]
    assert room.settled(request) == "written"


def test_a_result_of_another_project_is_not_had_as_a_whole_here(room: Room) -> None:
    request = opened(room)
    room.reaper.project = room.reaper.add_project("other")
    room.reaper.gfx.keys.append(ord("w"))
    room.reaper.tick(30)
    assert room.boxes()[-1].startswith("This result belongs to another project.")
    assert room.settled(request) == "written"


def test_the_transport_is_told_while_the_improviser_plays(room: Room) -> None:
    room.project.add_tempo(0, 90)
    room.act("improvise")
    room.reaper.tick(60)
    told = [control.args for control in controls(room) if control.verb == "transport"]
    assert len(told) == 1  # nothing has changed since
    assert told[0]["playing"] is False
    assert told[0]["qpm"] == 90
    room.project.play_state = 1
    room.beat(transport={"beat": "1.1.00"})
    room.reaper.tick(60)
    assert len([control for control in controls(room) if control.verb == "transport"]) == 1  # OSC says it
