"""What an installation, or its removal, changes in REAPER's folder. Nothing is written here: a plan is shown, or made."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from bridge.reaper.install import actions, receipt, startup, surfaces
from bridge.reaper.install.changes import Change, read
from bridge.reaper.install.lines import Lines
from bridge.reaper.install.receipt import BACKUP, Edited, Receipt, digest
from bridge.reaper.install.shipment import Shipment
from engines.errors import Notice

KEPT = "Data/partimento/changed"
SETTINGS = (surfaces.FILE, actions.FILE, startup.FILE)
_TAKE_OUT: dict[str, Callable[[Lines], Lines]] = {
    surfaces.FILE: surfaces.remove,
    actions.FILE: actions.unregister,
    startup.FILE: startup.remove,
}


@dataclass(frozen=True)
class Plan:
    """Changes that belong together."""

    changes: tuple[Change, ...]
    folders: tuple[str, ...]
    """Folders that may go once they are empty."""
    notices: tuple[Notice, ...] = ()

    def of_settings(self) -> tuple[Change, ...]:
        """Changes to files that are not ours alone."""
        return tuple(change for change in self.changes if change.name in SETTINGS)


def install(home: Path, ships: Shipment, command: tuple[str, ...], version: str, windows: bool = False) -> Plan:
    """Everything that is not as it should be."""
    old = receipt.read(read(home, receipt.FILE))
    desk = _Desk(home, old)
    for name, data in ships.files.items():
        desk.put(name, data)
    for name in sorted(set(old.files if old else ()) - set(ships.files)):
        desk.take_away(name)
    end = b"\r\n" if windows else b"\n"
    keys, settings, script = (
        Lines.of(desk.now(name) or b"", name, end) for name in (actions.FILE, surfaces.FILE, startup.FILE)
    )
    keys = actions.register(keys, ships.actions, windows)
    desk.edit(actions.FILE, keys)
    settings = surfaces.add(settings)
    desk.edit(surfaces.FILE, settings)
    desk.notices += _crossed(settings)
    desk.edit(startup.FILE, startup.add(script, actions.registered(keys)[startup.AGENT]))
    return desk.plan(command, version)


def remove(home: Path, ships: Shipment | None) -> Plan:
    """Everything of ours that is there. Without a receipt, what equals a file that ships is ours."""
    old = receipt.read(read(home, receipt.FILE))
    desk = _Desk(home, old)
    ours = old.files if old else {name: digest(data) for name, data in (ships.files if ships else {}).items()}
    for name in ours:
        desk.take_away(name, ours[name])
    for name in dict.fromkeys((*SETTINGS, *(old.edited if old else ()))):
        now = desk.now(name)
        if now is not None:
            desk.change(name, desk.original(name, now))
    desk.change(receipt.FILE, None)
    for name in old.edited if old else ():
        desk.change(f"{BACKUP}/{name}", None)
    return Plan(tuple(desk.changes), desk.empty_folders(), tuple(desk.notices))


def _crossed(settings: Lines) -> list[Notice]:
    """Surfaces that want the port on which REAPER hears us."""
    ours = surfaces.ours(settings)
    others = [one for one in surfaces.surfaces(settings) if one.name != surfaces.NAME]
    return [
        Notice(
            "W_PORT_TAKEN",
            f"REAPER's surface {one.name!r} listens on port {one.port} too, and only one of both will hear.",
            "Give one of them another port in Preferences > Control/OSC/web.",
        )
        for one in others
        if ours and one.flags & 1 and one.port == ours.port
    ]


class _Desk:
    """Where a plan is drawn up."""

    def __init__(self, home: Path, old: Receipt | None) -> None:
        self.home = home
        self.old = old
        self.changes: list[Change] = []
        self.notices: list[Notice] = []
        self.files: dict[str, str] = {}
        self.edited: dict[str, Edited] = {}

    def now(self, name: str) -> bytes | None:
        return read(self.home, name)

    def change(self, name: str, after: bytes | None) -> None:
        before = self.now(name)
        if before != after:
            self.changes.append(Change(name, before, after))

    def put(self, name: str, data: bytes) -> None:
        """A file of ours. One that is in its place and not ours comes back when ours goes."""
        before = self.now(name)
        was_edited = self.old.edited.get(name) if self.old else None
        known = self.old.files.get(name) if self.old else None
        if was_edited:
            self.edited[name] = Edited(was_edited.before, digest(data))
        elif before is not None and known is None and before != data:
            self.edited[name] = Edited(digest(before), digest(data))
            self.change(f"{BACKUP}/{name}", before)
        else:
            self.files[name] = digest(data)
        expected = was_edited.after if was_edited else known
        if before is not None and before != data and expected not in (None, digest(before)):
            self._keep(name, before)
        self.change(name, data)

    def _keep(self, name: str, data: bytes) -> None:
        """The user's version of a file of ours."""
        place = f"{KEPT}/{digest(data)[:8]}/{name}"
        self.change(place, data)
        self.notices.append(
            Notice("W_CHANGED", f"{name} was changed by hand and is replaced.", f"Your version is in {place}.")
        )

    def take_away(self, name: str, expected: str | None = None) -> None:
        """A file of ours that is no longer wanted, unless somebody has changed it."""
        data = self.now(name)
        known = expected or (self.old.files.get(name) if self.old else None)
        if data is None:
            return
        if digest(data) == known:
            self.change(name, None)
        else:
            self.notices.append(
                Notice("W_CHANGED", f"{name} was changed by hand and stays.", "Delete it when you need it no more.")
            )

    def edit(self, name: str, lines: Lines) -> None:
        """Lines of ours in a file of the user's."""
        before, after = self.now(name), lines.data()
        entry = self.old.edited.get(name) if self.old else None
        if before == after and entry is not None:
            self.edited[name] = entry
            return
        original = None if before is None else self.original(name, before)
        if original is not None:
            self.change(f"{BACKUP}/{name}", original)
        self.edited[name] = Edited(None if original is None else digest(original), digest(after))
        self.change(name, after)

    def original(self, name: str, now: bytes) -> bytes | None:
        """The file without what is ours: the very bytes from before, when nothing else was changed since."""
        entry = self.old.edited.get(name) if self.old else None
        if entry is not None and digest(now) == entry.after:
            backup = self.now(f"{BACKUP}/{name}")
            if entry.before is None:
                return None
            if backup is not None and digest(backup) == entry.before:
                return backup
        if name not in _TAKE_OUT:
            return now
        without = _TAKE_OUT[name](Lines.of(now, name)).data()
        was_made_by_us = entry is not None and entry.before is None
        return None if was_made_by_us and not without else without

    def plan(self, command: tuple[str, ...], version: str) -> Plan:
        folders = tuple(dict.fromkeys((*(self.old.folders if self.old else ()), *self._new_folders())))
        paper = Receipt(version, command, self.files, self.edited, folders)
        self.change(receipt.FILE, receipt.write(paper))
        return Plan(tuple(self.changes), (), tuple(self.notices))

    def _new_folders(self) -> Iterable[str]:
        names = (*(change.name for change in self.changes), receipt.FILE)
        parents = (str(parent) for name in names for parent in reversed(PurePosixPath(name).parents[:-1]))
        return sorted({parent for parent in parents if not (self.home / parent).is_dir()})

    def empty_folders(self) -> tuple[str, ...]:
        """Where something went: folders that we made, and those below one of our name."""
        made = set(self.old.folders) if self.old else set()
        gone = (PurePosixPath(change.name) for change in self.changes if change.after is None)
        parents = {parent for path in gone for parent in path.parents[:-1]}
        return tuple(sorted(made | {str(parent) for parent in parents if "partimento" in parent.parts}))
