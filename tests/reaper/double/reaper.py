"""The double itself: REAPER as a script sees it, and as a test plays it.

reaper = Reaper(tmp_path)
lead = reaper.project.add_track("Lead", selected=True)
lead.add_midi(0, 16, [(0, 1, 60, 100)])
reaper.run("reaper_scripts/partimento_arrange.lua")
reaper.until(lambda: len(reaper.project.tracks) > 1)
assert reaper.project.undo_labels() == ["Arrange: piano"]

A test builds a project with `project.add_track/add_tempo/add_region/add_marker` and `track.add_midi/add_audio/add_item`, in
quarter notes; asks whether something was touched with `item.snapshot()`; answers dialogs before they come in
`reaper.desktop`; runs some Lua of its own with `reaper.lua`; and reads in `reaper.steps` what each turn cost.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import tests.reaper.double.api  # noqa: F401  (the functions register themselves)
from tests.reaper.double.actions import Actions
from tests.reaper.double.chunk_reader import into_project, parse
from tests.reaper.double.desktop import Desktop
from tests.reaper.double.dispatch import Desk
from tests.reaper.double.facts import version as as_version
from tests.reaper.double.gfx import Gfx
from tests.reaper.double.model import Item, Source, Take, Track
from tests.reaper.double.pointers import Pointer, Window
from tests.reaper.double.project import ITEMS, TRACKS, Project
from tests.reaper.double.rack import Rack
from tests.reaper.double.rules import Refused, Rules
from tests.reaper.double.script import STRIDE, Script, Step

RECORDING = 4
TICK = 1 / 30
"""Seconds from tick to tick."""
SECONDS_AN_INSTRUCTION, SECONDS_A_CALL = 30e-9, 3e-6
"""The pace of a `paced` REAPER, slower than most machines."""
TOO_LONG = 10.0
"""Seconds after which a single turn of a script counts as hung."""


class ControlSurface(Protocol):
    """What a control surface does."""

    def run(self) -> None:
        """Once a tick."""


class Reaper:
    """One running REAPER."""

    def __init__(self, resource_path: Path | str, *, version: str = "7.0", system: str = "Other") -> None:
        self.resource_path = Path(resource_path)
        self.version_text = version
        self.version = as_version(version)
        self.system = system
        """As `GetOS` says it: `Win64`, `macOS-arm64`, `Other` for Linux."""
        self.rules = Rules()
        self.desk = Desk(self)
        self.gfx = Gfx(self)
        self.desktop = Desktop()
        """Dialogs, mouse, console: what a person sees and answers."""
        self.actions = Actions(self)
        self.rack = Rack(self.resource_path)
        """The effects that are installed."""
        self.ext: dict[tuple[str, str], str] = {}
        self.persistent: set[tuple[str, str]] = set()
        """Which of `ext` outlive the program."""
        self.projects: list[Project] = [Project()]
        self.project = self.projects[0]
        """The tab in front."""
        self.main_window = Window("REAPER")
        self.scripts: list[Script] = []
        self.surfaces: list[ControlSurface] = []
        """Control surfaces, which run once a tick before the scripts."""
        self.steps: list[Step] = []
        """What each turn of each script cost."""
        self.turn_limit_ms: float | None = None
        """How long one turn of a script may take in Lua; None where a test does not ask."""
        self.lua_seconds = 0.0
        self.paced = False
        """Whether time inside a turn goes by the work that is done, at a slow machine's pace, and not by the clock. To be set
        before a script starts."""
        self._looks = 0
        self._calls_before = 0
        self.disk_is_full = False
        """Whether scripts find no room for what they write: files open, and writing fails."""
        self.ticks = 0
        self.in_tick = False
        self.current: Script | None = None
        self.refresh_stops = 0
        self.folders: dict[tuple[str, str], list[str]] = {}
        """Folder listings that REAPER remembers."""
        self._now = 1000.0
        self._turn_began = 0.0

    # Playing it

    def start(self) -> None:
        """What REAPER does as it opens: it reads which scripts are actions, and runs `Scripts/__startup.lua`."""
        keys, scripts = self.resource_path / "reaper-kb.ini", self.resource_path / "Scripts"
        if keys.is_file():
            self.actions.read(keys, scripts)
        if (scripts / "__startup.lua").is_file():
            self.run(scripts / "__startup.lua")

    def restart(self) -> None:
        """Quit and open again: scripts leave, an empty project stands there, ext-state that was not to last is gone."""
        for script in list(self.scripts):
            script.end()
        self.scripts.clear()
        self.rules.reckon()
        for project in list(self.projects):
            self.close(project)
        self.ext = {place: value for place, value in self.ext.items() if place in self.persistent}
        self.actions = Actions(self)
        self.start()

    def run(self, path: Path | str, text: str | None = None) -> Script:
        """Run an action, as a key press does: one turn now, the rest in later ticks."""
        script = self.launch(str(path), text)
        self.rules.reckon()
        return script

    def lua(self, text: str) -> Any:
        """Run some Lua as a script of its own and give back what it returns, as Python has it.

        Unlike an action it leaves no undo point.
        """
        script = Script(self, "test.lua", 0)
        self.scripts.append(script)
        value = script.start(text)
        self._settle(script)
        self.rules.reckon()
        return _as_python(value)

    def press(self, command: int, value: float | None = None) -> None:
        """A key, button or message for an action; a knob says how far it is turned, from 0 to 1."""
        path = self.actions.scripts.get(command)
        if path is None:
            self.actions.do(command, self.project)
        else:
            self.launch(path, value=value)

    def launch(self, path: str, text: str | None = None, *, value: float | None = None) -> Script:
        """Start a script, without the reckoning that ends a turn of the test."""
        command = self.actions.command_of(path)
        twin = next((s for s in self.scripts if s.running and s.path == path), None)
        if twin is not None:
            if not twin.options & 1:
                self.rules.note(f"{path} was started while it runs, and did not say with set_action_options what then")
            twin.end()
            if not twin.options & 2:
                return twin
        script = Script(self, path, command)
        script.value = value
        self.scripts.append(script)
        self._start(script, text)
        return script

    def _start(self, script: Script, text: str | None) -> None:
        """A script that neither defers nor says what to undo gets an undo point from REAPER, whatever it did."""
        project, before = self.project, self.project.photograph()
        script.start(text)
        if not script.ever_deferred and not script.used_undo and project.alive:
            project.remember(f"ReaScript: {Path(script.path).name}", -1, before)
        self._settle(script)

    def _settle(self, script: Script) -> None:
        if script.running and not script.deferred:
            script.end()
        if not script.running and script in self.scripts:
            self.scripts.remove(script)

    def tick(self, count: int = 1, *, pace: float = 0.0) -> None:
        """Let `count` ticks pass, each at least `pace` seconds of real time long."""
        for _ in range(count):
            began = time.perf_counter()
            self.ticks += 1
            for surface in list(self.surfaces):
                surface.run()
            for script in list(self.scripts):
                script.resume()
                self._settle(script)
            self._now += TICK
            self.rules.reckon()
            if pace:
                time.sleep(max(0.0, pace - (time.perf_counter() - began)))

    def until(self, condition: Callable[[], object], ticks: int = 300, *, pace: float = 0.0) -> None:
        """Tick until the condition holds; an error when it never does."""
        for _ in range(ticks):
            if condition():
                return
            self.tick(pace=pace)
        assert condition(), (
            f"{ticks} ticks passed and it did not happen; last dialogs: {self.desktop.seen[-3:]}, "
            f"console: {self.desktop.console!r}"
        )

    @contextmanager
    def playing(self, script: Script) -> Iterator[None]:
        """A turn in which a test calls functions of a script itself."""
        try:
            with self.turn_of(script):
                yield
        finally:
            self.rules.reckon()

    def slowest(self) -> Step:
        """The turn that took Lua longest."""
        return max(self.steps, key=lambda step: step.lua_ms)

    # What stands around the scripts

    def add_project(self, name: str = "", path: str = "") -> Project:
        """One more project tab, which does not come to the front."""
        self.projects.append(Project(name, path))
        return self.projects[-1]

    def open(self, file: Path) -> Project:
        """Open a project file in place of the tab in front."""
        node = parse(file.read_text("utf-8"))
        assert node is not None, f"{file} is no project"
        opened = Project(file.name, str(file))
        into_project(opened, node)
        self.projects.append(opened)
        self.close(self.project)
        self.project = opened
        return opened

    def new_tab(self) -> Project:
        """An empty tab in front."""
        self.project = self.add_project()
        return self.project

    def close(self, project: Project) -> None:
        """Close a tab."""
        self.projects.remove(project)
        project.die()
        for track in project.tracks:
            track.die()
        if not self.projects:
            self.projects.append(Project())
        if self.project is project:
            self.project = self.projects[0]

    # For the functions of the double

    def now(self) -> float:
        """`time_precise`: a tick is a thirtieth of a second, and inside a turn real time passes."""
        if self.paced:
            return self._now + self.work()
        return self._now + (time.perf_counter() - self._turn_began if self.in_tick else 0.0)

    def work(self) -> float:
        """Seconds of the turn at the pace of a `paced` REAPER."""
        return self._looks * STRIDE * SECONDS_AN_INSTRUCTION + (self.desk.calls - self._calls_before) * SECONDS_A_CALL

    def where(self) -> str:
        """Which script is at it, for messages."""
        return f"{Path(self.current.path).name}: " if self.current else ""

    def late(self) -> object:
        """Called from Lua every so often: a script that never comes back hangs REAPER."""
        self._looks += 1
        if time.perf_counter() - self._turn_began > TOO_LONG:
            return self.desk.refuse(f"a turn took over {TOO_LONG:.0f} seconds: REAPER hangs")
        return None

    def owns(self, pointer: Pointer) -> bool:
        """Whether a pointer belongs to this REAPER."""
        project = getattr(pointer, "project", None)
        return project in self.projects or (project is None and isinstance(pointer, Source | Window))

    def check_change(self, kinds: int, arguments: list[Any]) -> Project:
        """The project that a call is about to change, if now is the time for it."""
        owners = (getattr(argument, "project", None) for argument in arguments if isinstance(argument, Pointer))
        project = next((owner for owner in owners if owner is not None), self.project)
        if project.play_state & RECORDING:
            raise Refused("the musician is recording in this project: wait until the take is over")
        if not project.blocks and any(other.blocks for other in self.projects):
            raise Refused("it changes a project, and the undo block is open in another")
        if kinds & ITEMS and any(item.locked for item in _items_of(kinds, arguments)):
            raise Refused("the musician locked the item")
        return project

    def changed(self, name: str, kinds: int, project: Project) -> None:
        """A function changed a project: remember whether an undo block was open for it."""
        if project.blocks:
            project.touched |= kinds
            return
        project.loose.append(name)
        project.changes += 1
        if self.current and self.current.late:
            raise Refused("a deferred turn changes the project outside an undo block: nobody can take it back")

    def change(self, name: str, kinds: int, arguments: list[Any]) -> None:
        """Both, for functions that change something only now and then."""
        self.changed(name, kinds, self.check_change(kinds, arguments))

    @contextmanager
    def turn_of(self, script: Script) -> Iterator[None]:
        """A script's turn: what it opened must be closed at its end."""
        outer = self.current, self.in_tick, self._turn_began, self.refresh_stops, self._looks, self._calls_before
        self.current, self.in_tick, self._turn_began, self.refresh_stops = script, True, time.perf_counter(), 0
        self._looks, self._calls_before = 0, self.desk.calls
        for project in self.projects:
            project.first = project.first or project.photograph()
        open_before = {id(project): len(project.blocks) for project in self.projects}
        try:
            yield
        finally:
            for project in self.projects:
                while len(project.blocks) > open_before.get(id(project), 0):
                    project.blocks.pop()
                    self.rules.note(f"{self.where()}an undo block was opened and not closed in the same turn")
            if self.refresh_stops:
                self.rules.note(
                    f"{self.where()}PreventUIRefresh is left at {self.refresh_stops:+d} at the end of a turn"
                )
            for project in self.projects:
                for item in project.items:
                    for take in item.takes:
                        if take.pool and take.pool.unsorted:
                            take.pool.sort()
                            self.rules.note(f"{self.where()}events were put in unsorted and MIDI_Sort did not follow")
            self.current, self.in_tick, self._turn_began, self.refresh_stops, self._looks, self._calls_before = outer


def _items_of(kinds: int, arguments: list[Any]) -> list[Item]:
    """The items that a call is about: one it names, or all on a track where it changes the track as a whole."""
    for argument in arguments:
        if isinstance(argument, Item | Take):
            return [argument.item if isinstance(argument, Take) else argument]
    tracks = (argument for argument in arguments if isinstance(argument, Track))
    return [item for track in tracks for item in track.items] if kinds & TRACKS else []


def _as_python(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.decode("utf-8", "surrogateescape")
    if isinstance(value, tuple):
        return tuple(_as_python(one) for one in value)
    if type(value).__name__ == "_LuaTable":
        pairs = {_as_python(k): _as_python(v) for k, v in value.items()}
        if pairs and set(pairs) == set(range(1, len(pairs) + 1)):
            return [pairs[i] for i in range(1, len(pairs) + 1)]
        return pairs
    return value
