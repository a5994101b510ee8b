"""Requests as scripts write them, for tests of everything that reads them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

TUNE = (60, 64, 67, 72, 71, 67, 65, 62, 64, 60, 62, 64, 65, 67, 69, 67)
"""Eight bars of half notes in C."""


def events(pitches: Sequence[int], length: float = 2.0) -> list[list[Any]]:
    """One note after another, and the end of the source."""
    out: list[list[Any]] = []
    for number, pitch in enumerate(pitches):
        out += [[number * length, f"90 {pitch:02x} 60"], [(number + 1) * length, f"80 {pitch:02x} 00"]]
    return [*out, [len(pitches) * length, "b0 7b 00"]]


def item(at: float = 0.0, pitches: Sequence[int] = TUNE, guid: str = "{I1}", **more: Any) -> dict[str, Any]:
    """An item of half notes."""
    return {
        "guid": guid,
        "take": "{K}",
        "from_qn": at,
        "to_qn": at + 2.0 * len(pitches),
        "events": events(pitches),
        **more,
    }


def track(items: Sequence[dict[str, Any]], guid: str = "{T1}", name: str = "Lead", **more: Any) -> dict[str, Any]:
    """A track."""
    return {"guid": guid, "name": name, "items": list(items), **more}


def request(job: str = "job-1", verb: str = "arrange", **more: Any) -> dict[str, Any]:
    """A project with one melody, which is selected."""
    return {
        "schema": "request/1",
        "id": job,
        "verb": verb,
        "scripts": "0.1.0",
        "project": {"id": "{P}", "name": "Song.rpp"},
        "time": {"tempo": [{"qn": 0.0, "qpm": 100.0}], "meter": [{"qn": 0.0, "meter": "4/4"}]},
        "selection": {"tracks": ["{T1}"], "items": ["{I1}"]},
        "tracks": [track([item()])],
        **more,
    }
