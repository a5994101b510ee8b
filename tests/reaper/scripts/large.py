"""A large selection and a large result, as a full song brings them."""

from __future__ import annotations

from typing import Any

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
