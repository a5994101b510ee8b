"""Changes to files in REAPER's folder: shown before they are made, and made together or not at all."""

from __future__ import annotations

import difflib
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from engines.errors import WriteFailed

ASIDE = ".partimento-aside"
"""Where files lie until all are written."""


@dataclass(frozen=True)
class Change:
    """What happens to one file."""

    name: str
    """Its path below REAPER's folder, with slashes."""
    before: bytes | None
    """What it holds; None where there is no such file."""
    after: bytes | None
    """What it will hold; None when it goes."""

    @property
    def verb(self) -> str:
        """`add`, `change` or `remove`."""
        return "add" if self.before is None else "remove" if self.after is None else "change"


def read(home: Path, name: str) -> bytes | None:
    """What a file holds; None where there is none."""
    try:
        return (home / name).read_bytes()
    except FileNotFoundError:
        return None
    except OSError as problem:
        raise WriteFailed(f"{name} cannot be read: {problem.strerror}.", "Check its permissions.") from problem


def diff(changes: Sequence[Change]) -> str:
    """A unified diff of files that are changed, added or removed."""
    return "".join(text for change in changes for text in _diff(change))


def _diff(change: Change) -> Iterator[str]:
    old, new = (side.splitlines() if side is not None else [] for side in (change.before, change.after))
    names = (
        "/dev/null" if change.before is None else change.name,
        "/dev/null" if change.after is None else change.name,
    )
    lines = difflib.diff_bytes(difflib.unified_diff, old, new, names[0].encode(), names[1].encode(), lineterm=b"")
    for line in lines:
        yield line.decode("utf-8", "replace") + "\n"


def make(home: Path, changes: Sequence[Change]) -> None:
    """Make all changes or none, in their order.

    Everything is written aside first, what was there before too: going back needs no room on the disk. A link is
    followed, so that settings kept elsewhere stay there. A file keeps its permissions. Folders that hold nothing any
    more stay: `tidy` takes them away.
    """
    aside = home / ASIDE
    folders: list[str] = []
    new: dict[str, Path] = {}
    old: dict[str, Path] = {}
    done: list[str] = []
    try:
        shutil.rmtree(aside, ignore_errors=True)  # of somebody who was interrupted
        aside.mkdir()
        for change in changes:
            if read(home, change.name) != change.before:
                raise WriteFailed(f"{change.name} has just been changed by somebody else.", "Try again.")
            if change.before is not None:
                old[change.name] = _written_aside(aside, home / change.name, change.before)
            if change.after is not None:
                new[change.name] = _written_aside(aside, home / change.name, change.after)
        for change in changes:
            done.append(change.name)
            folders += _make_folders(home, change.name)
            _put(home, change.name, new)
    except BaseException as problem:
        for name in reversed(done):
            _put(home, name, old)
        tidy(home, folders)
        if isinstance(problem, OSError):
            said = problem.strerror or str(problem)
            raise WriteFailed(
                f"Nothing was changed in {home}: {said}.", "Check the folder's permissions and the free space."
            ) from problem
        raise
    finally:
        for path in (*new.values(), *old.values()):
            path.unlink(missing_ok=True)
        shutil.rmtree(aside, ignore_errors=True)


def tidy(home: Path, folders: Sequence[str]) -> None:
    """Take away folders that are empty now, the innermost first."""
    for folder in sorted(folders, key=lambda name: name.count("/"), reverse=True):
        with suppress(OSError):  # somebody keeps something there
            (home / folder).rmdir()


def _make_folders(home: Path, name: str) -> list[str]:
    missing = []
    folder = (home / name).parent
    while folder != home and not folder.is_dir():
        missing.append(folder)
        folder = folder.parent
    for each in reversed(missing):
        each.mkdir()
    return [each.relative_to(home).as_posix() for each in reversed(missing)]


def _written_aside(aside: Path, target: Path, data: bytes) -> Path:
    """The data on the disk that it is for: a link may lead to another one, and files are renamed only within one."""
    place = target.resolve()
    is_elsewhere = place.exists() and place.stat().st_dev != aside.stat().st_dev
    handle, name = tempfile.mkstemp(prefix=ASIDE, dir=place.parent if is_elsewhere else aside)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if place.exists():
            shutil.copymode(place, name)
        else:
            umask = os.umask(0)
            os.umask(umask)
            os.chmod(name, 0o666 & ~umask)
    except BaseException:  # Ctrl-C too leaves no half file behind
        os.unlink(name)
        raise
    return Path(name)


def _put(home: Path, name: str, written: dict[str, Path]) -> None:
    """Bring what was written aside into its place; what was not goes."""
    target = (home / name).resolve()
    if name in written:
        os.replace(written[name], target)
        del written[name]
    else:
        target.unlink(missing_ok=True)
