"""Where a plan is drawn up: what each file is now, what it was before us, and what it shall be."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path, PurePosixPath

from bridge.reaper.install import actions, receipt, startup, surfaces
from bridge.reaper.install.changes import Change, read
from bridge.reaper.install.lines import Lines
from bridge.reaper.install.receipt import Edited, Receipt, digest
from engines.errors import Notice

PAPERS = "Data/partimento/"
BACKUP = f"{PAPERS}backup/"
CHANGED = f"{PAPERS}changed/"
SETTINGS: dict[str, Callable[[Lines], Lines]] = {
    surfaces.FILE: surfaces.remove,
    actions.FILE: actions.unregister,
    startup.FILE: startup.remove,
}
"""Files of the user's with lines of ours, and how those are taken out."""


class Desk:
    """Collects changes. Nothing is written."""

    def __init__(self, home: Path) -> None:
        self.home = home
        old = receipt.read(self.now(receipt.FILE))
        self.was_installed = old is not None
        self.old_files = dict(old.files) if old else {}
        self.old_edited = dict(old.edited) if old else {}
        self.old_folders = old.folders if old else ()
        self.files: dict[str, str] = {}
        self.edited: dict[str, Edited] = {}
        self.changes: list[Change] = []
        self.notices: list[Notice] = []

    def now(self, name: str) -> bytes | None:
        """What a file holds; None where there is none."""
        return read(self.home, name)

    def change(self, name: str, after: bytes | None) -> None:
        """Note what a file shall hold."""
        before = self.now(name)
        if before != after:
            self.changes.append(Change(name, before, after))

    def put(self, name: str, data: bytes) -> None:
        """A file of ours. Somebody else's that is in its place comes back when ours goes."""
        now, replaced, known = self.now(name), self.old_edited.get(name), self.old_files.get(name)
        stamp = None if now is None or now == data else digest(now)
        before = replaced.before if replaced else None
        if (stamp and stamp == before) or (stamp and not replaced and known is None):
            before = stamp
            self.change(BACKUP + name, now)
        elif stamp and now is not None and stamp != (replaced.after if replaced else known):
            self.change(f"{CHANGED}{stamp[:8]}/{name}", now)
            said = f"{name} was changed by hand and is replaced."
            self.notices.append(Notice("W_CHANGED", said, f"Your version is in {CHANGED}{stamp[:8]}."))
        if before:
            self.edited[name] = Edited(before, digest(data))
        else:
            self.files[name] = digest(data)
        self.change(name, data)

    def take_away(self, name: str, ours: str) -> None:
        """A file of ours that is wanted no more, unless somebody has changed it."""
        now = self.now(name)
        if now is not None and digest(now) == ours:
            self.change(name, None)
        elif now is not None:
            said = f"{name} was changed by hand and stays."
            self.notices.append(Notice("W_CHANGED", said, "Delete it when you need it no more."))

    def edit(self, name: str, lines: Lines) -> None:
        """Lines of ours in a file of the user's."""
        now, after = self.now(name), lines.data()
        if now == after and name in self.old_edited:
            self.edited[name] = self.old_edited[name]
            return
        original = None if now is None else self.original(name, now)
        if original is not None:
            self.change(BACKUP + name, original)
        self.edited[name] = Edited(None if original is None else digest(original), digest(after))
        self.change(name, after)

    def give_back(self, name: str) -> None:
        """A file of somebody else's, without what is ours."""
        now = self.now(name)
        if now is not None:
            self.change(name, self.original(name, now))

    def original(self, name: str, now: bytes) -> bytes | None:
        """A file without what is ours: the very bytes from before, when nothing else was changed since."""
        entry = self.old_edited.get(name)
        if entry is not None and digest(now) == entry.after:
            backup = self.now(BACKUP + name)
            if entry.before is None:
                return None
            if backup is not None and digest(backup) == entry.before:
                return backup
        if name not in SETTINGS:
            return now
        without = SETTINGS[name](Lines.of(now, name)).data()
        was_made_by_us = entry is not None and entry.before is None
        return None if was_made_by_us and not without else without

    def sign(self, command: tuple[str, ...], version: str) -> tuple[Change, ...]:
        """Everything noted, with a receipt, which comes first: whoever is interrupted knows what was there before."""
        folders = tuple(dict.fromkeys((*self.old_folders, *self._new_folders())))
        self.change(receipt.FILE, receipt.write(Receipt(version, command, self.files, self.edited, folders)))
        papers = [change for change in self.changes if change.name.startswith(PAPERS)]
        others = [change for change in self.changes if not change.name.startswith(PAPERS)]
        return (*reversed(papers), *others)

    def _new_folders(self) -> list[str]:
        names = (*(change.name for change in self.changes), receipt.FILE)
        parents = {str(parent) for name in names for parent in PurePosixPath(name).parents[:-1]}
        return sorted(parent for parent in parents if not (self.home / parent).is_dir())

    def empty_folders(self) -> tuple[str, ...]:
        """Where something went: folders that we made, and those below one of our name."""
        gone = (PurePosixPath(change.name) for change in self.changes if change.after is None)
        parents = {parent for path in gone for parent in path.parents[:-1]}
        ours = {str(parent) for parent in parents if actions.FOLDER in parent.parts}
        return tuple(sorted({*self.old_folders, *ours}))
