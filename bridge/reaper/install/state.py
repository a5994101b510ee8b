"""What of ours is in REAPER's folder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bridge.reaper.install import actions, receipt, startup, surfaces
from bridge.reaper.install.changes import read
from bridge.reaper.install.lines import Lines
from bridge.reaper.install.receipt import digest
from bridge.reaper.install.shipment import Shipment


@dataclass(frozen=True)
class Part:
    """One of the things that an installation consists of."""

    name: str
    state: str
    """`ok`, `missing` or `changed`: there, yet not as this version has it."""
    says: str


@dataclass(frozen=True)
class State:
    """How far REAPER knows us."""

    home: Path
    version: str | None
    """Which version was installed; None where none was."""
    parts: tuple[Part, ...]

    @property
    def whole(self) -> bool:
        """Everything is there, and of this version."""
        return all(part.state == "ok" for part in self.parts)


def examine(home: Path, ships: Shipment) -> State:
    """Look at every part. Nothing is written."""
    paper = receipt.read(read(home, receipt.FILE))
    parts = (_files(home, ships), _actions(home, ships), _startup(home), _surface(home))
    return State(home, paper.version if paper else None, parts)


def _files(home: Path, ships: Shipment) -> Part:
    there = {name: read(home, name) for name in ships.files}
    missing = [name for name, data in there.items() if data is None]
    other = [name for name, data in there.items() if data is not None and digest(data) != digest(ships.files[name])]
    if len(missing) == len(there):
        return Part("files", "missing", "no scripts of ours")
    if missing:
        return Part("files", "changed", f"{len(missing)} of {len(there)} files are missing: {_few(missing)}")
    if other:
        return Part("files", "changed", f"{len(other)} of {len(there)} files are of another version: {_few(other)}")
    return Part("files", "ok", f"{len(there)} files")


def _actions(home: Path, ships: Shipment) -> Part:
    keys = Lines.of(read(home, actions.FILE) or b"", actions.FILE)
    there = actions.registered(keys)
    missing = [action.file for action in ships.actions if action.file not in there]
    if len(missing) == len(ships.actions):
        return Part("actions", "missing", "REAPER lists no action of ours")
    if missing:
        return Part("actions", "changed", f"REAPER does not list {_few(missing)}")
    return Part("actions", "ok", f"{len(ships.actions)} actions in REAPER's list")


def _startup(home: Path) -> Part:
    script = Lines.of(read(home, startup.FILE) or b"", startup.FILE)
    keys = Lines.of(read(home, actions.FILE) or b"", actions.FILE)
    command = startup.started(script)
    if command is None:
        return Part("start-up", "missing", "the agent does not start with REAPER")
    if command != actions.registered(keys).get(startup.AGENT):
        return Part("start-up", "changed", "the start-up line names an action that REAPER does not list")
    return Part("start-up", "ok", "the agent starts with REAPER")


def _surface(home: Path) -> Part:
    settings = Lines.of(read(home, surfaces.FILE) or b"", surfaces.FILE)
    ours = surfaces.ours(settings)
    if ours is None:
        return Part("OSC", "missing", "REAPER has no surface of ours")
    ports = f"REAPER listens on {ours.port} and tells {ours.host}:{ours.feedback_port}"
    both = surfaces.RECEIVE | surfaces.SEND
    if ours.flags & both != both or ours.pattern != surfaces.NAME:
        return Part("OSC", "changed", f"{ports}, but one way only or with another pattern file")
    return Part("OSC", "ok", ports)


def _few(names: list[str]) -> str:
    short = [name.rpartition("/")[2] for name in names]
    return ", ".join(short[:3]) + (f" and {len(short) - 3} more" if len(short) > 3 else "")
