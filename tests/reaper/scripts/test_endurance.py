"""Two hundred jobs in a row, a quarter of them with mishaps: nothing is lost without a word, nothing half written."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.reaper.scripts.room import Room

JOBS = 200
MISHAPS = {
    "cancelled": range(3, 200, 10),
    "killed": range(5, 200, 20),
    "full": range(7, 200, 20),
    "deleted": range(9, 200, 20),
}


def mishap(job: int) -> str:
    return next((name for name, jobs in MISHAPS.items() if job in jobs), "")


def writes(room: Room, request: dict[str, Any], job: int) -> list[dict[str, Any]]:
    clip = room.clip(request["id"], "part.mid", (0, 1, 40 + job % 40))
    takes = [{"name": f"Part {job}", "file": clip, "provenance": {"seed": str(job)}}]
    return [
        {"op": "track", "key": "p", "name": f"Part {job}", "after": request["selection"]["tracks"][0]},
        {"op": "item", "track": "p", "from_qn": 400.0, "to_qn": 404.0, "takes": takes},
    ]


def play(room: Room, job: int) -> str | None:
    """One job; how it was settled (None for one that could not even be asked for)."""
    kind = mishap(job)
    if kind == "full":
        room.reaper.disk_is_full, before = True, len(room.boxes())
        room.act("arrange_selected_melody", ["", "", "1"])
        room.reaper.until(lambda: len(room.boxes()) > before)
        room.reaper.disk_is_full = False
        return None
    request = room.ask("arrange_selected_melody", ["", "", "1"])
    room.say(request["id"], "running", progress=0.5, message="playing")
    room.reaper.tick(2)
    if kind == "cancelled":
        room.act("cancel")
        assert (room.job(request["id"]) / "cancel").exists()
        room.say(request["id"], "cancelled")
        room.reaper.tick(3)
    elif kind == "killed":  # the next bridge finds the job again and does it
        room.has_bridge = False
        (room.mailbox / "bridge.json").unlink()
        room.reaper.until(lambda: room.reaper.desktop.processes)
        room.reaper.desktop.processes.clear()
        room.has_bridge = True
        room.beat()
        room.answer(request, writes(room, request, job))
    elif kind == "deleted":
        target = room.project.add_track("Target")
        room.reaper.lua(
            "local p = reaper.EnumProjects(-1); reaper.DeleteTrack(reaper.GetTrack(p, reaper.CountTracks(p) - 1))"
        )
        expects = {"project": request["project"]["id"], "targets": [target.guid]}
        room.answer(request, writes(room, request, job), expects=expects)
    else:
        room.answer(request, writes(room, request, job))
    return room.settled(request)


def test_two_hundred_jobs(tmp_path: Path) -> None:
    room = Room(tmp_path)
    lead = room.project.add_track("Lead", selected=True)
    mine = lead.add_midi(0, 16, [(i, 1, 60, 90) for i in range(16)])
    mine.values["B_UISEL"] = 1.0
    foreign = mine.snapshot()
    written: list[int] = []
    for job in range(JOBS):
        room.beat()
        boxes, labels = len(room.boxes()), room.project.undo_labels().count("Arrange: piano")
        tracks = len(room.project.tracks)
        how = play(room, job)
        kind = mishap(job)
        success = kind in ("", "killed")
        assert how == {"cancelled": "cancelled", "full": None, "deleted": "failed"}.get(kind, "written"), (job, kind)
        assert len(room.boxes()) - boxes == (kind in ("full", "deleted"))
        assert room.project.undo_labels().count("Arrange: piano") - labels == success
        assert len(room.project.tracks) - tracks == success
        assert mine.snapshot() == foreign
        if success:
            written.append(job)
    assert [track.name for track in room.project.tracks] == ["Lead", *(f"Part {job}" for job in reversed(written))]
    assert len(written) == JOBS - 20 - 10 - 10
    assert room.reaper.ext["partimento", "open"] == ""


def test_a_full_disk_is_said_and_the_next_time_works(room: Room) -> None:
    room.project.add_track("Lead", selected=True).add_midi(0, 4, [(0, 1, 60, 90)])
    room.reaper.disk_is_full = True
    room.act("arrange_selected_melody", ["", "", "1"])
    assert room.boxes()[0].startswith("The request could not be written")
    assert room.jobs() == []
    assert list(room.mailbox.glob("jobs/*/*")) == []
    room.reaper.disk_is_full = False
    assert room.ask("arrange_selected_melody", ["", "", "1"])["verb"] == "arrange"


def test_the_agent_outlives_a_full_disk_while_it_tells_where_the_player_is(room: Room) -> None:
    room.project.add_track("Lead", selected=True).add_midi(0, 4, [(0, 1, 60, 90)])
    room.act("improvise")
    request = room.ask("arrange_selected_melody", ["", "", "1"])
    room.reaper.disk_is_full = True
    for position in range(10):
        room.project.cursor = float(position)
        room.beat()
        room.reaper.tick(20)
    room.reaper.disk_is_full = False
    room.answer(request, writes(room, request, 1))
    assert room.settled(request) == "written"
    assert room.boxes() == []


@pytest.mark.parametrize("system", ["Win64", "macOS-arm64"])
def test_elsewhere_it_works_the_same(tmp_path: Path, system: str) -> None:
    room = Room(tmp_path, system=system)
    room.project.add_track("Lead", selected=True).add_midi(0, 4, [(0, 1, 60, 90)])
    request = room.ask("arrange_selected_melody", ["", "", "1"])
    room.answer(request, writes(room, request, 1))
    assert [track.name for track in room.project.tracks] == ["Lead", "Part 1"]
    assert room.settled(request) == "written"


DAMAGED = [
    b"",
    b"\x00\xff",
    b"[]",
    b'{"state":5}',
    b'{"state":"running","progress":"x","message":[]}',
    b'{"state":"failed","error":"x"}',
    b'{"state":"done"',
    b'{"state":"done"}',
    b'{"state":"failed"}',
    b'{"state":"nowhere"}',
]


@pytest.mark.parametrize("data", DAMAGED)
def test_a_damaged_status_never_ends_the_agent(room: Room, data: bytes) -> None:
    room.project.add_track("Lead", selected=True).add_midi(0, 4, [(0, 1, 60, 90)])
    request = room.ask("arrange_selected_melody", ["", "", "1"])
    (room.job(request["id"]) / "status.json").write_bytes(data)
    room.reaper.tick(10)
    another = room.ask("arrange_selected_melody", ["", "", "1"])
    room.answer(another, writes(room, another, 1))
    assert room.settled(another) == "written"
    assert len(room.boxes()) <= 1


def test_a_shelf_that_was_cleared_leaves_nothing_waiting(room: Room) -> None:
    room.project.add_track("Lead", selected=True).add_midi(0, 4, [(0, 1, 60, 90)])
    request = room.ask("arrange_selected_melody", ["", "", "1"])
    shutil.rmtree(room.job(request["id"]))
    room.reaper.tick(3)
    assert room.reaper.ext["partimento", "open"] == ""
    assert room.boxes() == []


def test_a_failure_is_not_shown_into_a_recording(room: Room) -> None:
    room.project.add_track("Lead", selected=True).add_midi(0, 4, [(0, 1, 60, 90)])
    request = room.ask("arrange_selected_melody", ["", "", "1"])
    room.project.play_state = 5
    room.say(request["id"], "failed", error={"code": "E_X", "message": "No chord fits.", "hint": ""})
    room.reaper.tick(30)
    assert room.boxes() == []
    room.project.play_state = 0
    room.reaper.tick(2)
    assert room.boxes() == ["No chord fits."]


@pytest.mark.parametrize("data", [b"", b"[]", b"7", b'{"beat":"x"}', b'{"state":"ready","beat":1e300,"answers":5}'])
def test_a_damaged_bridge_json_is_no_bridge(room: Room, data: bytes) -> None:
    room.project.add_track("Lead", selected=True).add_midi(0, 4, [(0, 1, 60, 90)])
    (room.mailbox / "bridge.json").write_bytes(data)
    room.ask("arrange_selected_melody", ["", "", "1"])
    room.act("improvise")
    room.act("doctor")
    room.reaper.tick(30)
    assert room.reaper.desktop.processes
    assert "✗" in room.reaper.desktop.console or "–" in room.reaper.desktop.console


def test_a_second_reaper_leaves_the_jobs_of_the_first_alone(tmp_path: Path) -> None:
    first, second = Room(tmp_path), Room(tmp_path)
    first.project.add_track("Lead", selected=True).add_midi(0, 4, [(0, 1, 60, 90)])
    request = first.ask("arrange_selected_melody", ["", "", "1"])
    first.answer_quietly(request, writes(first, request, 1))
    second.act("agent")
    second.reaper.tick(30)
    assert second.project.tracks == []
    assert second.boxes() == []
    first.reaper.tick(12)
    assert [track.name for track in first.project.tracks] == ["Lead", "Part 1"]
    second.project.ext.update(first.project.ext)  # the same project is opened there, too
    second.reaper.tick(30)
    assert second.project.tracks == []
    assert second.boxes() == []


def test_a_second_reaper_neither_tells_nor_cancels_the_jobs_of_the_first(tmp_path: Path) -> None:
    first, second = Room(tmp_path), Room(tmp_path)
    first.project.add_track("Lead", selected=True).add_midi(0, 4, [(0, 1, 60, 90)])
    running = first.ask("arrange_selected_melody", ["", "", "1"])
    failing = first.ask("arrange_selected_melody", ["", "", "1"])
    for request in (running, failing):
        first.say(request["id"], "running", progress=0.3, message="playing")
    second.act("agent")
    second.reaper.tick(60)
    assert second.reaper.desktop.help_line == ""
    second.act("cancel")
    assert second.boxes() == ["Nothing is running.\n\nThere is nothing to cancel."]
    assert not (first.job(running["id"]) / "cancel").exists()
    first.say(failing["id"], "failed", error={"code": "E_X", "message": "No chord fits.", "hint": ""})
    second.reaper.tick(30)
    assert len(second.boxes()) == 1
    first.reaper.tick(30)
    assert first.boxes() == ["No chord fits."]


def test_a_job_that_nobody_here_asked_for_starts_no_bridge(room: Room) -> None:
    room.project.add_track("Lead", selected=True).add_midi(0, 4, [(0, 1, 60, 90)])
    request = room.ask("arrange_selected_melody", ["", "", "1"])
    room.say(request["id"], "queued")
    (room.mailbox / "bridge.json").unlink()
    later = Room(room.reaper.resource_path, bridge=False)
    later.act("agent")
    later.reaper.tick(90)
    assert later.reaper.desktop.processes == []


def test_the_agent_runs_once_however_often_it_is_started(room: Room) -> None:
    for _ in range(3):
        room.act("agent")
    assert [Path(script.path).name for script in room.reaper.scripts] == ["partimento_agent.lua"]
