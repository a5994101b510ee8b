"""What a large selection and a large result cost inside REAPER: Lua's time in each tick, and how long the musician waits.

    OPENBLAS_NUM_THREADS=1 python -m benchmarks.reaper_pace            prints the table
    OPENBLAS_NUM_THREADS=1 python -m benchmarks.reaper_pace --record   writes benchmarks/results/reaper_pace.{json,md} too

The shipped scripts run in the strict double at 30 ticks a second of real time. Reading goes from the key press to the request
on the disk: a hundred selected items with 3,200 notes. Writing goes from the result on the disk to the items: twenty of them
with 5,000 notes on five new tracks. Lua's time is processor time in Lua alone; the wait contains what the double's own
functions take, which are Python and not REAPER's.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.machine import describe
from bridge.reaper.reapy_adapter import open_project
from engines.music.notes import Note
from engines.music.song import MidiClip, Placement, Take, Track
from engines.music.time import PPQ, Ticks
from tests.reaper.double.reaper import TICK
from tests.reaper.reapy import scenes
from tests.reaper.reapy.host import Host
from tests.reaper.scripts import large
from tests.reaper.scripts.lua import SCRIPTS
from tests.reaper.scripts.room import Room

RESULTS = Path(__file__).parent / "results"
ROUNDS = 25


@dataclass(frozen=True)
class Watch:
    """Looks at a room from now on."""

    room: Room
    first_step: int
    began: float

    @classmethod
    def start(cls, room: Room) -> Watch:
        """From this moment."""
        return cls(room, len(room.reaper.steps), time.perf_counter())

    def until(self, done: Callable[[], object]) -> dict[str, float]:
        """Ticks at REAPER's pace until it is done; what it took."""
        self.room.reaper.until(done, pace=TICK)
        wait = time.perf_counter() - self.began
        ticks: dict[int, float] = defaultdict(float)
        for step in self.room.reaper.steps[self.first_step :]:
            ticks[step.tick] += step.lua_ms
        return {"longest_tick_ms": max(ticks.values()), "lua_ms": sum(ticks.values()), "wait_ms": wait * 1000}


READ: dict[str, Callable[[Room], None]] = {
    "100 selected items, 3,200 notes: key press to request": large.large_selection,
    "one item with 25,000 notes": large.a_long_recording,
    "1,000 selected items": large.many_selected_items,
    "2,000 markers, 500 tempo markers": large.many_signs,
}


def reading(build: Callable[[Room], None], room: Room) -> dict[str, float]:
    """From the key press to the request."""
    build(room)
    room.reaper.desktop.inputs.append(large.CHOICES)
    watch = Watch.start(room)
    room.reaper.run(SCRIPTS / "partimento_arrange_selected_melody.lua")
    return watch.until(room.jobs)


def twenty_items(room: Room) -> str:
    """The large result, ready to be written; the job's name."""
    room.project.add_track("Lead", selected=True).add_midi(0, 4, [(0, 1, 60, 90)])
    request = room.ask("arrange_selected_melody", large.CHOICES)
    room.answer_quietly(request, large.large_result(room, request["id"]))
    return str(request["id"])


WRITTEN: dict[str, Callable[[Room], str]] = {
    "20 items, 5,000 notes: result to items": twenty_items,
    "3,000 notes into an item with 6,000": large.a_fill_in_a_long_item,
    "further takes for 40 items, 12,000 notes": large.again_over_many_items,
}


def writing(build: Callable[[Room], str], room: Room) -> dict[str, float]:
    """From the result to its items."""
    settled = room.job(build(room)) / "settled"
    return Watch.start(room).until(settled.exists)


def through_reapy(folder: Path, rounds: int) -> dict[str, list[float]]:
    """Milliseconds that Python outside waits for the same amount of music, each connection made before."""
    notes = tuple(Note(Ticks(k * 120), Ticks(120), 40 + k % 40, 90) for k in range(250))
    clip = MidiClip(Ticks(32 * PPQ), notes)
    places = tuple(Placement(Ticks(i * 32 * PPQ), Ticks(32 * PPQ), (Take(clip),)) for i in range(4))
    parts = [Track(f"Part {number}", places, role="pad") for number in range(5)]
    waits: dict[str, list[float]] = {"reading": [], "writing": []}
    host = Host(folder)
    for _ in range(rounds):
        host.ask(scenes.start_anew)
        host.ask(scenes.many_items)
        with open_project(host.web_port) as project:
            for name, work in (
                ("reading", project.request),
                ("writing", lambda: project.write(parts, label="Five parts")),
            ):
                began = time.perf_counter()
                work()
                waits[name].append((time.perf_counter() - began) * 1000)
    host.close()
    return waits


def report(rounds: int) -> dict[str, Any]:
    """Everything."""
    works = {what: partial(reading, build) for what, build in READ.items()}
    works |= {what: partial(writing, build) for what, build in WRITTEN.items()}
    found: dict[str, Any] = {"machine": describe(), "rounds": rounds, "inside": {}}
    with tempfile.TemporaryDirectory() as folder:
        for number, (what, work) in enumerate(works.items()):
            work(Room(Path(folder) / f"{number}-warm"))  # the double reads its facts
            each = [work(Room(Path(folder) / f"{number}-{turn}")) for turn in range(rounds)]
            found["inside"][what] = {key: _spread([one[key] for one in each]) for key in each[0]}
        reapy = through_reapy(Path(folder) / "reapy", rounds)
        found["through_reapy_ms"] = {name: _spread(waits) for name, waits in reapy.items()}
    return found


def _spread(values: list[float]) -> dict[str, float]:
    return {"median": round(statistics.median(values), 1), "max": round(max(values), 1)}


def render(found: dict[str, Any]) -> str:
    """The table in Markdown."""
    machine = found["machine"]
    lines = [
        f"{machine['processor']}, {machine['cores']} cores, Python {machine['python']}; REAPER is our double, "
        f"30 ticks a second; {found['rounds']} rounds, median (slowest).",
        "",
        "| | Lua in all, ms | Lua in the longest tick, ms | wait, ms |",
        "|---|---|---|---|",
    ]
    for what, measured in found["inside"].items():
        spreads = (measured[key] for key in ("lua_ms", "longest_tick_ms", "wait_ms"))
        cells = (f"{spread['median']} ({spread['max']})" for spread in spreads)
        lines.append(f"| {what} | {' | '.join(cells)} |")
    read, written = (found["through_reapy_ms"][name] for name in ("reading", "writing"))
    lines += [
        "",
        "Asked: 15 ms in a tick; 150 ms of waiting for 100 items read, and for 20 items written.",
        "",
        f"Python outside, through reapy: 100 items with 1,600 notes read in {read['median']} ms ({read['max']}), "
        f"20 items with 5,000 notes written in {written['median']} ms ({written['max']}).",
        "",
    ]
    return "\n".join(lines)


def main() -> None:
    """Measure, print, and record if asked."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--record", action="store_true")
    args = parser.parse_args()
    found = report(args.rounds)
    print(render(found))
    if args.record:
        (RESULTS / "reaper_pace.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
        (RESULTS / "reaper_pace.md").write_text(render(found), encoding="utf-8")


if __name__ == "__main__":
    main()
