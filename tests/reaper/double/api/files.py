"""Files and folders: real ones."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tests.reaper.double.dispatch import does
from tests.reaper.double.rules import Refused

if TYPE_CHECKING:
    from tests.reaper.double.reaper import Reaper


@does("file_exists")
def _file_exists(_reaper: Reaper, path: str) -> bool:
    return Path(path).is_file()


@does("RecursiveCreateDirectory")
def _create(_reaper: Reaper, path: str, _ignored: int) -> int:
    if not path:
        raise Refused("no folder is named")
    folder = Path(path)
    if folder.is_dir():
        return 0
    try:
        folder.mkdir(parents=True)
    except OSError:
        return 0
    return 1


def _listed(reaper: Reaper, path: str, index: int, kind: str) -> str | None:
    """REAPER reads a folder once and answers from memory until index -1 makes it forget."""
    key = (kind, path)
    if index < 0:
        reaper.folders.pop(key, None)
        return None
    if key not in reaper.folders:
        folder = Path(path)
        found = sorted(folder.iterdir()) if folder.is_dir() else []
        reaper.folders[key] = [entry.name for entry in found if entry.is_file() == (kind == "files")]
    names = reaper.folders[key]
    return names[index] if index < len(names) else None


@does("EnumerateFiles")
def _files(reaper: Reaper, path: str, index: int) -> str | None:
    return _listed(reaper, path, index, "files")


@does("EnumerateSubdirectories")
def _folders(reaper: Reaper, path: str, index: int) -> str | None:
    return _listed(reaper, path, index, "folders")


@does("OpenMediaExplorer")
def _explorer(reaper: Reaper, path: str, _play: bool) -> None:
    reaper.desktop.opened.append(path)
