"""The action list: REAPER's own commands as far as our scripts use them, and scripts that were added to it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from tests.reaper.double.chunk_reader import words
from tests.reaper.double.project import ITEMS, TRACKS, Project
from tests.reaper.double.rules import Refused

if TYPE_CHECKING:
    from tests.reaper.double.reaper import Reaper

FIRST_SCRIPT = 53000
NEW_TAB = 41929
"""New project tab (ignore default template)."""


def _undo(project: Project) -> None:
    project.step(-1)


def _redo(project: Project) -> None:
    project.step(1)


def _select_items(on: bool) -> Callable[[Project], None]:
    def act(project: Project) -> None:
        for item in project.items:
            item.values["B_UISEL"] = float(on)

    return act


def _select_tracks(on: bool) -> Callable[[Project], None]:
    def act(project: Project) -> None:
        for track in project.tracks:
            track.values["I_SELECTED"] = float(on)

    return act


def _crop_to_active(project: Project) -> None:
    for item in project.items:
        if item.selected and item.active_take:
            kept = item.active_take
            for take in item.takes:
                if take is not kept:
                    take.die()
            item.takes, item.active = [kept], 0


def _delete_active(project: Project) -> None:
    for item in list(project.items):
        if not item.selected or not item.active_take:
            continue
        if len(item.takes) == 1:
            item.track.items.remove(item)
            item.die()
            continue
        item.takes.pop(item.active).die()
        item.active = max(0, min(item.active, len(item.takes) - 1))


def _step_take(by: int) -> Callable[[Project], None]:
    def act(project: Project) -> None:
        for item in project.items:
            if item.selected and item.takes:
                item.active = (item.active + by) % len(item.takes)

    return act


def _unpool(project: Project) -> None:
    for item in project.items:
        take = item.active_take
        if item.selected and take and take.source and take.source.pool:
            take.source.pool = take.source.pool.copy()


def _play(project: Project) -> None:
    project.play_state = 1


def _stop(project: Project) -> None:
    project.play_state = 0


def _record(project: Project) -> None:
    project.play_state = 5


def _delete_items(project: Project) -> None:
    for item in [item for item in project.items if item.selected]:
        item.track.items.remove(item)
        item.die()


COMMANDS: dict[int, tuple[str, int, Callable[[Project], None]]] = {
    1007: ("Transport: Play", 0, _play),
    1013: ("Transport: Record", 0, _record),
    1016: ("Transport: Stop", 0, _stop),
    40006: ("Item: Remove items", ITEMS, _delete_items),
    40029: ("Edit: Undo", 0, _undo),
    40030: ("Edit: Redo", 0, _redo),
    40125: ("Take: Switch items to next take", ITEMS, _step_take(1)),
    40126: ("Take: Switch items to previous take", ITEMS, _step_take(-1)),
    40129: ("Take: Delete active take from items", ITEMS, _delete_active),
    40131: ("Take: Crop to active take in items", ITEMS, _crop_to_active),
    40182: ("Item: Select all items", ITEMS, _select_items(True)),
    40289: ("Item: Unselect (clear selection of) all items", ITEMS, _select_items(False)),
    40296: ("Track: Select all tracks", TRACKS, _select_tracks(True)),
    40297: ("Track: Unselect (clear selection of) all tracks", TRACKS, _select_tracks(False)),
    41613: ("Item: Remove active take from MIDI source data pool (AKA un-pool, un-ghost, make unique)", ITEMS, _unpool),
}
"""Name, what it changes as undo flags, and what it does. What changes anything makes an undo point of its own."""


class Actions:
    """Command ids of one REAPER."""

    def __init__(self, reaper: Reaper) -> None:
        self._reaper = reaper
        self.scripts: dict[int, str] = {}
        """Files of scripts by command id."""
        self.names: dict[int, str] = {}
        """Their names, `_RS…`."""
        self.toggles: dict[int, int] = {1157: 1}
        """Toggle states; 1157 is snapping to the grid, 1135 locking."""
        self.done: list[int] = []
        """Commands that were run, in order."""

    def add(self, path: str, name: str = "") -> int:
        """A script in the list: the same file always gets the same number and, when none is given, the same name."""
        command = self.command_of(path)
        if not command:
            command = max(self.scripts, default=FIRST_SCRIPT - 1) + 1
            self.scripts[command] = path
            digest = hashlib.sha1(path.encode("utf-8", "replace"), usedforsecurity=False).hexdigest()
            self.names[command] = name or f"_RS{digest}"
        return command

    def remove(self, path: str) -> bool:
        """Take a script out of the list."""
        command = self.command_of(path)
        self.names.pop(command, None)
        return self.scripts.pop(command, None) is not None

    def command_of(self, path: str) -> int:
        """The number of a script; 0 when it is not in the list."""
        return next((command for command, known in self.scripts.items() if known == path), 0)

    def name_of(self, path: str) -> str:
        """The name that stays the same from one start of REAPER to the next; empty when it is not in the list."""
        return self.names.get(self.command_of(path), "")

    def named(self, name: str) -> int:
        """The number for `_RS…`; 0 when there is none."""
        return next((command for command, known in self.names.items() if known == name), 0)

    def read(self, keys: Path, scripts: Path) -> None:
        """The scripts that `reaper-kb.ini` lists, each by its name: `SCR 4 0 RS… "Custom: a.lua" folder/a.lua`."""
        for row in map(words, keys.read_text("utf-8", "surrogateescape").splitlines()):
            if row[:1] == ["SCR"] and len(row) == 6 and row[2] == "0":
                self.add(str(scripts / row[5].replace("\\", "/")), f"_{row[3]}")

    def do(self, command: int, project: Project) -> None:
        """Run one."""
        self.done.append(command)
        if command in self.scripts:
            self._reaper.launch(self.scripts[command], None)
            return
        if command == NEW_TAB:
            self._reaper.new_tab()
            return
        if command not in COMMANDS:
            raise Refused(f"the double does not know command {command}")
        name, kinds, act = COMMANDS[command]
        before = project.photograph() if kinds and not project.blocks else None
        act(project)
        if before is not None:
            project.remember(name, kinds, before)
        elif kinds:
            project.touched |= kinds
