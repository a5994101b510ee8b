"""Actions: the scripts of ours that REAPER lists, and their lines in `reaper-kb.ini`.

A line is `SCR <flags> <section> <command id> "Custom: <file>" <path below Scripts>`. The command id is a hash of the
file's name, so that it is the same on every machine: toolbars, key bindings and OSC messages may rely on it. REAPER
changes the flags when the user answers its question about a script that is already running: such a line stays as it is.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from bridge.reaper.install.lines import Lines
from engines.errors import UnreadableFile

FILE = "reaper-kb.ini"
FOLDER = "partimento"
MAIN_SECTION = b"0"
_LINE = re.compile(rb'^SCR\s+\S+\s+(\S+)\s+(\S+)\s+(?:"[^"]*"|\S+)\s+(?:"([^"]*)"|(\S+))\s*$')
_TAG = re.compile(r"^\s*--\s*@(\w+)\s*(.*?)\s*$")


@dataclass(frozen=True)
class Action:
    """A script that REAPER lists among its actions."""

    file: str
    """Its name; it lies at the top of `reaper_scripts`."""
    description: str
    """What it does, from its header."""
    version: str

    @property
    def command(self) -> str:
        """The command id, as `NamedCommandLookup` and OSC want it."""
        return "_" + command_id(self.file)

    def line(self, windows: bool) -> bytes:
        """The line that registers it."""
        path = f"{FOLDER}\\{self.file}" if windows else f"{FOLDER}/{self.file}"
        place = f'"{path}"' if " " in path else path
        return f'SCR 4 0 {command_id(self.file)} "Custom: {self.file}" {place}'.encode()


def command_id(file: str) -> str:
    """REAPER's name of a script of ours, without the underscore in front."""
    return "RS" + hashlib.sha1(f"{FOLDER}/{file}".encode(), usedforsecurity=False).hexdigest()


def shipped(scripts: Path) -> tuple[Action, ...]:
    """Every action that lies in the scripts' folder, by name."""
    found = (_read(path) for path in sorted(scripts.glob("*.lua")))
    return tuple(action for action in found if action is not None)


def _read(path: Path) -> Action | None:
    """The action a file holds; None for a script that says it is no action (`@noindex`)."""
    tags: dict[str, str] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.startswith("--"):
            break
        if tag := _TAG.match(line):
            tags.setdefault(tag[1].lower(), tag[2])
    if "noindex" in tags:
        return None
    if not tags.get("description") or not tags.get("version"):
        raise UnreadableFile(f"{path.name} has no header with @description and @version.", "Install partimento again.")
    return Action(path.name, tags["description"], tags["version"])


def register(keys: Lines, actions: Sequence[Action], windows: bool = False) -> Lines:
    """With a line for every action that has none. A script that the user registered keeps the user's line."""
    wanted = {action.file for action in actions}
    for number in reversed(_ours(keys)):
        if _file_of(keys.text(number)) not in wanted:
            keys = keys.take_out(number)
    there = registered(keys)
    new = [action.line(windows) for action in actions if action.file not in there]
    # Behind the other definitions and before the keys, which refer to them.
    definitions = keys.find(lambda text: text.startswith((b"SCR ", b"ACT ")))
    return keys.put_in(definitions[-1] + 1 if definitions else 0, new)


def unregister(keys: Lines) -> Lines:
    """Without our lines. Keys that the user bound to our actions stay: they come alive again with the next install."""
    for number in reversed(_ours(keys)):
        keys = keys.take_out(number)
    return keys


def registered(keys: Lines) -> dict[str, str]:
    """Which scripts of our folder REAPER lists in its main section, and under which command."""
    found = {}
    for number in keys.find(_LINE.match):
        match = _LINE.match(keys.text(number))
        if match and match[1] == MAIN_SECTION and (file := _file_of(keys.text(number))):
            found[file] = "_" + match[2].decode("ascii", "replace")
    return found


def _ours(keys: Lines) -> tuple[int, ...]:
    """Lines that carry the command id we give to the file they name: nobody else has such."""

    def is_ours(text: bytes) -> bool:
        match, file = _LINE.match(text), _file_of(text)
        return bool(match and file and match[2].decode("ascii", "replace") == command_id(file))

    return keys.find(is_ours)


def _file_of(line: bytes) -> str | None:
    """The script of our folder that a line names."""
    match = _LINE.match(line)
    if match is None:
        return None
    path = PurePosixPath((match[3] or match[4]).decode("utf-8", "replace").replace("\\", "/"))
    is_below_scripts = path.parent == PurePosixPath(FOLDER) or path.parts[-3:-1] == ("Scripts", FOLDER)
    return path.name if is_below_scripts else None
