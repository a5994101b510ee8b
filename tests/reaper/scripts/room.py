"""A REAPER with our scripts in it, and a bridge that the test plays: it puts results where the real one would."""

from __future__ import annotations

import io
import json
import time
from pathlib import Path
from typing import Any

import mido

from tests.reaper.double.project import Project
from tests.reaper.double.reaper import Reaper
from tests.reaper.scripts.lua import SCRIPTS

OFF = b"\xb0\x7b\x00"


class Room:
    """One session of a musician."""

    def __init__(
        self, resource_path: Path, *, bridge: bool = True, version: str = "7.0", system: str = "Other"
    ) -> None:
        self.reaper = Reaper(resource_path, version=version, system=system)
        self.mailbox = resource_path / "Data" / "partimento"
        self.mailbox.mkdir(parents=True, exist_ok=True)
        self.has_bridge = bridge
        self.beat()

    @property
    def project(self) -> Project:
        return self.reaper.project

    def beat(self, **more: Any) -> None:
        """The bridge's sign of life."""
        if self.has_bridge:
            said = {
                "schema": "bridge/1",
                "state": "ready",
                "pid": 1,
                "token": "t",
                "version": "0.1.0",
                "beat": time.time(),
            }
            (self.mailbox / "bridge.json").write_text(json.dumps(said | {"heartbeat": ""} | more))

    def act(self, action: str, *inputs: list[str] | None) -> None:
        """Press the key of an action; `inputs` answers its window."""
        self.reaper.desktop.inputs.extend(inputs)
        self.reaper.run(SCRIPTS / f"partimento_{action}.lua")
        self.reaper.tick(6)

    def ask(self, action: str, *inputs: list[str] | None) -> dict[str, Any]:
        """The same for one that sends a request, which is given back."""
        before = set(self.jobs())
        self.act(action, *inputs)
        self.reaper.until(lambda: set(self.jobs()) - before)
        (new,) = set(self.jobs()) - before
        request: dict[str, Any] = json.loads((self.job(new) / "request.json").read_bytes())
        return request

    def jobs(self) -> list[str]:
        """Every job whose request is there."""
        return sorted(path.parent.name for path in self.mailbox.glob("jobs/*/request.json"))

    def job(self, name: str) -> Path:
        return self.mailbox / "jobs" / name

    def say(self, job: str, state: str, **more: Any) -> None:
        """`status.json`."""
        status = {
            "schema": "status/1",
            "id": job,
            "state": state,
            "progress": 0.0,
            "message": "",
            "error": None,
            "updated": "",
        }
        (self.job(job) / "status.json").write_text(json.dumps(status | more))

    def answer(self, request: dict[str, Any], writes: list[dict[str, Any]], **more: Any) -> None:
        """The result in place, and some ticks for the agent."""
        self.answer_quietly(request, writes, **more)
        self.reaper.tick(12)

    def answer_quietly(self, request: dict[str, Any], writes: list[dict[str, Any]], **more: Any) -> None:
        """The result in place."""
        result = {
            "schema": "result/1",
            "id": request["id"],
            "verb": request["verb"],
            "label": "Arrange: piano",
            "report": {},
            "writes": writes,
            "expects": {"project": request["project"]["id"], "targets": []},
        }
        (self.job(request["id"]) / "result.json").write_text(json.dumps(result | more))
        self.say(request["id"], "done", progress=1.0)

    def clip(self, job: str, name: str, *notes: tuple[float, float, int]) -> str:
        """A clip of `(qn, length in qn, pitch)` in the job's folder; its name."""
        path = self.job(job) / "clips" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(midi(*notes))
        return f"clips/{name}"

    def settled(self, request: dict[str, Any]) -> str | None:
        path = self.job(request["id"]) / "settled"
        return path.read_text() if path.exists() else None

    def boxes(self) -> list[str]:
        """What message boxes said."""
        return [dialog.text for dialog in self.reaper.desktop.seen if dialog.kind == "box"]


def midi(*notes: tuple[float, float, int]) -> bytes:
    """A clip as the bridge writes it."""
    events = [(round(at * 960), 1, pitch) for at, _, pitch in notes]
    events += [(round((at + length) * 960), 0, pitch) for at, length, pitch in notes]
    track, before = mido.MidiTrack(), 0
    for tick, on, pitch in sorted(events):
        track.append(mido.Message("note_on", note=pitch, velocity=80 * on, time=tick - before))
        before = tick
    file = mido.MidiFile(type=1, ticks_per_beat=960)
    file.tracks.append(track)
    out = io.BytesIO()
    file.save(file=out)
    return out.getvalue()
