"""Large selections and large results: as a full song brings them, and beyond."""

from __future__ import annotations

from typing import Any

from tests.reaper.double.model import Marker
from tests.reaper.double.timemap import TempoMarker
from tests.reaper.scripts.room import Room

CHOICES = ["", "", "1"]
ITEMS, WRITTEN = 100, 20


def large_selection(room: Room) -> None:
    """A hundred items with 3,200 notes on a selected track, no two alike."""
    lead = room.project.add_track("Lead", selected=True)
    for i in range(ITEMS):
        lead.add_midi(i * 4, i * 4 + 4, [(k / 8, 1 / 8, 60 + k % 12, 20 + i) for k in range(32)])


def large_result(room: Room, job: str) -> list[dict[str, Any]]:
    """Twenty items with 5,000 notes on five new tracks."""
    writes: list[dict[str, Any]] = [
        {"op": "track", "key": f"t{k}", "name": f"Part {k}", "folder": "Arrangement"} for k in range(5)
    ]
    for i in range(WRITTEN):
        clip = room.clip(job, f"{i}.mid", *((k / 8, 1 / 8, 40 + k % 40) for k in range(250)))
        takes = [{"name": f"Part {i}", "file": clip, "provenance": {"seed": "1", "version": "0.1.0"}}]
        at = (i // 5) * 32.0
        writes.append({"op": "item", "track": f"t{i % 5}", "from_qn": at, "to_qn": at + 32, "takes": takes})
    return writes


def a_long_recording(room: Room) -> None:
    """One item with 25,000 notes."""
    notes = [(k / 4, 1 / 4, 60 + k % 12, 90) for k in range(25_000)]
    room.project.add_track("Lead", selected=True).add_midi(0, 6250, notes)


def many_selected_items(room: Room) -> None:
    """A thousand of them."""
    lead = room.project.add_track("Lead", selected=True)
    for i in range(1000):
        lead.add_midi(i, i + 1, [(0, 1, 60, 90)]).values["B_UISEL"] = 1.0


def many_signs(room: Room) -> None:
    """Two thousand markers and five hundred tempo markers."""
    room.project.add_track("Lead", selected=True).add_midi(0, 4, [(0, 1, 60, 90)])
    room.project.state.markers = [Marker(i + 1, f"Take {i}", i * 0.1) for i in range(2000)]
    room.project.state.tempo = [TempoMarker(i * 0.5, 100 + i % 40, 0, 0, False) for i in range(500)]


def a_fill_in_a_long_item(room: Room) -> str:
    """Three thousand notes for the middle of six thousand, ready to be written; the job's name."""
    notes = [(k / 4, 1 / 4, 60 + k % 12, 90) for k in range(6000)]
    item = room.project.add_track("Lead", selected=True).add_midi(0, 1500, notes)
    request = room.ask("arrange_selected_melody", CHOICES)
    clip = room.clip(request["id"], "fill.mid", *((k / 8, 1 / 8, 40 + k % 40) for k in range(3000)))
    mask = {"cells": [{"track": "Lead", "from": [1, 1.0], "to": [90, 1.0]}]}
    room.answer_quietly(request, [{"op": "merge", "item": item.guid, "mask": mask, "file": clip}])
    return str(request["id"])


def again_over_many_items(room: Room) -> str:
    """Forty items that were written, and forty further takes for them, ready to be written; the job's name."""
    room.project.add_track("Lead", selected=True).add_midi(0, 4, [(0, 1, 60, 90)])
    request = room.ask("arrange_selected_melody", CHOICES)
    room.answer(request, _forty_items(room, request["id"]))
    room.reaper.until(lambda: room.settled(request))
    request = room.ask("again")
    room.answer_quietly(request, _forty_items(room, request["id"]))
    return str(request["id"])


def _forty_items(room: Room, job: str) -> list[dict[str, Any]]:
    writes: list[dict[str, Any]] = [{"op": "track", "key": "b", "name": "Bass"}]
    for i in range(40):
        clip = room.clip(job, f"{i}.mid", *((k / 8, 1 / 8, 40 + k % 40) for k in range(300)))
        span = {"from_qn": i * 40.0, "to_qn": i * 40.0 + 40}
        writes.append({"op": "item", "track": "b", "takes": [{"name": "Bass", "file": clip}]} | span)
    return writes
