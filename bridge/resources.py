"""Shipped data, and what the user lays over it.

An installed wheel holds the data in `bridge/_data/`; a checkout has it beside the packages. Both are looked for, in that
order. What lies in the user folder shadows built-ins by name.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bridge import paths
from engines.api import Resources
from engines.errors import NotThere

_HERE = Path(__file__).resolve().parent


def shipped(kind: str, packages: Path = _HERE) -> Path:
    """The folder of shipped `presets` or `reaper_scripts`."""
    for root in (packages / "_data", packages.parent):
        if (root / kind).is_dir():
            return root / kind
    raise NotThere(
        f"The shipped folder {kind!r} is missing from this installation.",
        "Install partimento again: `uv tool install --reinstall partimento`.",
    )


def published(name: str, packages: Path = _HERE) -> str:
    """One of the recorded result tables; empty where this installation does not have it."""
    for root in (packages / "_data", packages.parent):
        path = root / "benchmarks" / "results" / name
        if path.is_file():
            return path.read_text(encoding="utf-8")
    return ""


@dataclass(frozen=True)
class FolderShelf:
    """A shelf made of folders, the user's first."""

    folders: tuple[Path, ...]
    what: str
    """What stands here, in words: "song", "style"."""

    def ids(self) -> tuple[str, ...]:
        """The names of everything here, without what only describes it (LICENSE, SOURCE)."""
        found = {
            entry.name
            for folder in self.folders
            if folder.is_dir()
            for entry in folder.iterdir()
            if not entry.name.startswith((".", "_")) and entry.name not in ("LICENSE", "SOURCE")
        }
        return tuple(sorted(found))

    def path(self, name: str) -> str:
        """Where a file lies; a name that leads out of the shelf is not there."""
        for folder in self.folders:
            place = _inside(folder, name)
            if place is not None:
                return str(place)
        have = ", ".join(self.ids()) or "none"
        raise NotThere(f"There is no {self.what} named {name!r}.", f"There are: {have}.")

    def read(self, name: str) -> bytes:
        """What a file holds."""
        return Path(self.path(name)).read_bytes()


def _inside(folder: Path, name: str) -> Path | None:
    """What has that name in a folder; None where nothing has, where the name means the folder itself or leads out of it."""
    try:
        home, place = folder.resolve(), (folder / name).resolve()
        return place if place != home and place.is_relative_to(home) and place.exists() else None
    except (OSError, RuntimeError, ValueError):  # a name that is too long, a link that leads to itself, a NUL
        return None


def standard(user: Path | None = None) -> Resources:
    """The resources of this installation under this user's own."""
    presets = shipped("presets")
    mine = user or paths.home()

    def shelf(kind: str, what: str) -> FolderShelf:
        return FolderShelf((mine / kind, presets / kind), what)

    return Resources(
        models=shelf("models", "model"),
        styles=shelf("styles", "style"),
        bands=shelf("bands", "band"),
        forms=shelf("forms", "form"),
        songs=shelf("songs", "song"),
        analysis=FolderShelf((presets / "analysis",), "analysis table"),
    )
