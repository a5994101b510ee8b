"""Two hundred arrangements in a row, from the key press to the items, while everything goes wrong around them.

    OPENBLAS_NUM_THREADS=1 python -m benchmarks.reaper_endurance            prints what became of them
    OPENBLAS_NUM_THREADS=1 python -m benchmarks.reaper_endurance --record   writes benchmarks/results/reaper_endurance.{json,md}

The shipped scripts run in the double of REAPER, a real bridge with its real engines beside it. Of every twenty jobs two are
cancelled, one loses its bridge to SIGKILL, one meets a full disk, and of one the melody's track is deleted meanwhile. After
every job: a success is exactly one undo point, which takes all of it back; anything else has left the project as it was and
has said why; items that are not ours are what they were. The full disk is a small tmpfs, which takes root.
"""

from __future__ import annotations

import argparse
import json
import signal
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from benchmarks.bridge_endurance import small_disk
from benchmarks.machine import describe
from tests.bridge.serving import TIMEOUT, Served, launch
from tests.reaper.scripts.room import Room

RESULTS = Path(__file__).parent / "results"
JOBS = 200
CANCEL, KILL, FULL, DELETED, PLAIN = "cancelled", "bridge killed", "disk full", "target deleted", "plain"
TROUBLE = {2: CANCEL, 5: KILL, 8: FULL, 11: CANCEL, 14: DELETED}
"""Which of twenty jobs meets what."""
NOTES = [(2 * i, 2, 60 + (0, 4, 7, 12, 11, 7, 5, 2)[i % 8], 100) for i in range(16)]
CHOICES = ["", "", "2"]
DELETE = """
local project = reaper.EnumProjects(-1)
reaper.Undo_BeginBlock2(project)
reaper.DeleteTrack(reaper.GetTrack(project, 0))
reaper.Undo_EndBlock2(project, "Delete track", -1)
"""
PAUSE = 0.01


class Session:
    """A musician's session, with the bridge that its scripts would start."""

    def __init__(self, place: Path, home: Path, can_fill: bool) -> None:
        self.place, self.home, self.can_fill = place, home, can_fill
        self.room = Room(place, bridge=False)
        self.served: Served = launch(place, home)
        self.ended = Counter[tuple[str, str]]()
        self.wrong: list[str] = []
        self.waits: list[float] = []
        """Seconds from the key press to the items, less what the engine took."""
        self.first_waits: list[float] = []
        """The same for the first one after a start of the bridge, which still opens its engines."""
        self.is_fresh = True
        lead = self.room.project.add_track("Lead", selected=True)
        lead.add_midi(0, 32, NOTES)
        self.room.project.add_track("Guitar").add_midi(0, 32, [(i, 1, 48, 90) for i in range(32)])

    def run(self, number: int) -> None:
        """One arrangement with its trouble, and a look at what it left."""
        trouble = TROUBLE.get(number % 20, PLAIN)
        trouble = PLAIN if trouble == FULL and not self.can_fill else trouble
        before = self._project()
        boxes, begin = len(self.room.boxes()), time.perf_counter()
        if trouble not in (PLAIN, KILL):
            self.served.process.send_signal(signal.SIGSTOP)  # so that the trouble comes before the result
        request = self.room.ask("arrange_selected_melody", CHOICES)
        self._trouble(trouble, request)
        self._until(lambda: self.room.settled(request), request)
        how = str(self.room.settled(request))
        self.ended[trouble, how] += 1
        if how == "written":
            self._written(request, before, begin, trouble)
        else:
            self._left_alone(request, before, trouble, said=len(self.room.boxes()) > boxes or how == "cancelled")
        if trouble == DELETED:
            self.room.project.step(-1)

    def _trouble(self, trouble: str, request: dict[str, Any]) -> None:
        process = self.served.process
        if trouble == CANCEL:
            self.room.act("cancel")
        if trouble == KILL:
            self.served.wait(request["id"], "running", "done")
            process.kill()
            process.communicate(timeout=TIMEOUT)
            self.served = launch(self.place, self.home)
            self.is_fresh = True
            return
        if trouble == DELETED:
            self.room.reaper.run("delete.lua", DELETE)
            self.room.reaper.tick(1)
        if trouble == FULL:
            self._fill_the_disk()
        process.send_signal(signal.SIGCONT)
        if trouble == FULL:
            end = time.monotonic() + 3.0
            while time.monotonic() < end:
                self.room.reaper.tick(1)
                time.sleep(PAUSE)
            for filler in self.place.glob("filler*"):
                filler.unlink()

    def _fill_the_disk(self) -> None:
        for name, size in (("filler", 65536), ("filler-2", 1)):
            with suppress(OSError), (self.place / name).open("wb", buffering=0) as file:
                while True:
                    file.write(bytes(size))

    def _until(self, there: Callable[[], object], request: dict[str, Any]) -> None:
        end = time.monotonic() + TIMEOUT
        while not there():
            if time.monotonic() > end:
                raise AssertionError(f"{request['id']} was never settled: {self.served.status(request['id'])}")
            self.room.reaper.tick(1)
            time.sleep(PAUSE)

    def _project(self) -> tuple[list[str], list[str], list[object]]:
        """What must not change: the tracks, the undo history, the items."""
        project = self.room.project
        return [t.name for t in project.tracks], project.undo_labels(), [item.snapshot() for item in project.items]

    def _written(self, request: dict[str, Any], before: Any, begin: float, trouble: str) -> None:
        result = json.loads((self.room.job(request["id"]) / "result.json").read_bytes())
        if trouble == PLAIN:
            waits = self.first_waits if self.is_fresh else self.waits
            waits.append(time.perf_counter() - begin - result["report"]["timing_ms"]["total"] / 1000)
            self.is_fresh = False
        tracks, labels, items = self._project()
        if labels != [*before[1], result["label"]]:
            self.wrong.append(f"{request['id']}: the undo history says {labels[len(before[1]) :]}")
        if [item for item in before[2] if item not in items]:
            self.wrong.append(f"{request['id']}: items that are not ours were changed")
        if len(tracks) <= len(before[0]) or len(items) <= len(before[2]):
            self.wrong.append(f"{request['id']}: written, and nothing is there")
        self.room.project.step(-1)
        if self._project()[0] != before[0] or self._project()[2] != before[2]:
            self.wrong.append(f"{request['id']}: one undo did not take it back")

    def _left_alone(self, request: dict[str, Any], before: Any, trouble: str, said: bool) -> None:
        now = self._project()
        expected = before if trouble != DELETED else (before[0][1:], [*before[1], "Delete track"], before[2][1:])
        if now != expected:
            self.wrong.append(f"{request['id']}: not written, and the project changed")
        if not said:
            self.wrong.append(f"{request['id']}: not written, and nothing was said")


def report(jobs: int) -> dict[str, Any]:
    """Everything."""
    with tempfile.TemporaryDirectory() as name, small_disk(Path(name) / "REAPER") as can_fill:
        begin = time.perf_counter()
        session = Session(Path(name) / "REAPER", Path(name) / "home", can_fill)
        try:
            for number in range(jobs):
                session.run(number)
        finally:
            session.served.process.send_signal(signal.SIGCONT)
            code = session.served.stop()
            session.served.process.communicate(timeout=TIMEOUT)
        seconds = time.perf_counter() - begin
    waits = sorted(wait * 1000 for wait in session.waits)
    return {
        "machine": describe(),
        "jobs": jobs,
        "seconds": round(seconds, 1),
        "full_disk_measured": can_fill,
        "ended": [{"met": met, "ended": how, "jobs": n} for (met, how), n in sorted(session.ended.items())],
        "beside_the_engine_ms": {
            "n": len(waits),
            "p50": round(statistics.median(waits)),
            "p95": round(waits[int(len(waits) * 0.95)]),
            "first_after_a_start": round(statistics.median(session.first_waits) * 1000),
        },
        "wrong": session.wrong,
        "exit_code": code,
    }


def render(found: dict[str, Any]) -> str:
    """The table in Markdown."""
    machine, waits = found["machine"], found["beside_the_engine_ms"]
    disk = "" if found["full_disk_measured"] else " A full disk was not measured: no small file system could be made."
    lines = [
        f"{machine['processor']}, {machine['cores']} cores, Python {machine['python']}; REAPER is our double.",
        "",
        f"{found['jobs']} arrangements in {found['seconds']} s.{disk}",
        "",
        "| met | ended | jobs |",
        "|---|---|---|",
        *(f"| {row['met']} | {row['ended']} | {row['jobs']} |" for row in found["ended"]),
        "",
        f"From the key press to the items, beside the engine's own time, over {waits['n']}: p50 {waits['p50']} ms, "
        f"p95 {waits['p95']} ms; for the first after the bridge has started, which waits for the engines to open, "
        f"{waits['first_after_a_start']} ms (median).",
        "",
        f"Lost, half written, not one undo point, or foreign items changed: {len(found['wrong'])}.",
        *(f"- {one}" for one in found["wrong"]),
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Run, print, and record if asked."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--jobs", type=int, default=JOBS)
    parser.add_argument("--record", action="store_true")
    args = parser.parse_args()
    found = report(args.jobs)
    print(render(found))
    if args.record:
        RESULTS.mkdir(exist_ok=True)
        (RESULTS / "reaper_endurance.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
        (RESULTS / "reaper_endurance.md").write_text(render(found), encoding="utf-8")


if __name__ == "__main__":
    main()
