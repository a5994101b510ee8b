"""Writing results so that a folder holds all of them or none.

Everything is written aside first, in a hidden folder on the same file system, and brought to disk; only then it is
renamed into place. When anything goes wrong, what was there before is there again.
"""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath, PureWindowsPath

from engines.errors import WriteFailed

_REASONS = {
    errno.ENOSPC: ("the disk is full", "Free some space, or choose another folder."),
    errno.EDQUOT: ("the disk quota is used up", "Free some space, or choose another folder."),
    errno.EACCES: ("the folder cannot be written to", "Choose a folder of your own, or change its permissions."),
    errno.EPERM: ("the folder cannot be written to", "Choose a folder of your own, or change its permissions."),
    errno.EROFS: ("the disk is read-only", "Choose a folder on another disk."),
    errno.ENOTDIR: ("a file is in the way of a folder", "Choose another folder, or move that file."),
    errno.EEXIST: ("a file is in the way of a folder", "Choose another folder, or move that file."),
    errno.EISDIR: ("a folder is in the way of a file", "Choose another folder, or move that one."),
    errno.ENAMETOOLONG: ("a name is too long", "Choose shorter names."),
}


def write_files(folder: str | os.PathLike[str], files: Mapping[str, bytes]) -> tuple[Path, ...]:
    """Write files by their names relative to a folder, which is made when it is not there; all of them or none."""
    home = Path(folder)
    with _plainly(home):
        targets = {_inside(home, name): data for name, data in files.items()}
        made = _make_folders(home)
        try:
            aside = Path(tempfile.mkdtemp(prefix=".partimento-", dir=home))
            try:
                made += _put(home, targets, aside)
            finally:
                shutil.rmtree(aside, ignore_errors=True)
        except BaseException:  # here and below: Ctrl-C, too, leaves all of the files or none
            _remove_folders(made)
            raise
    return tuple(targets)


def _inside(home: Path, name: str) -> Path:
    """The place of a file, if its name keeps it inside the folder."""
    parts = PurePosixPath(name).parts
    escapes = not parts or name.startswith("/") or ".." in parts or bool({"\\", ":", "\0"} & set(name))
    target = home.joinpath(*parts)
    if escapes or not target.resolve().is_relative_to(home.resolve()) or PureWindowsPath(name).is_absolute():
        raise WriteFailed(f"{name!r} does not name a file inside the output folder.", "Use a plain file name.")
    return target


def _put(home: Path, targets: Mapping[Path, bytes], aside: Path) -> list[Path]:
    """Write everything aside, then rename it into place; the folders that were made on the way."""
    made: list[Path] = []
    for number, data in enumerate(targets.values()):
        _write_through(aside / f"{number}.new", data)
    placed: list[tuple[Path, Path | None]] = []
    try:
        for number, target in enumerate(targets):
            made += _make_folders(target.parent)
            if target.is_dir():
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(target))
            before = aside / f"{number}.old" if os.path.lexists(target) else None
            placed.append((target, before))
            if before:
                os.replace(target, before)
            os.replace(aside / f"{number}.new", target)
    except BaseException:
        _take_back(placed)
        _remove_folders(made)
        raise
    for parent in sorted({home, *(target.parent for target in targets)}):
        _sync_folder(parent)
    return made


def _write_through(path: Path, data: bytes) -> None:
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _take_back(placed: list[tuple[Path, Path | None]]) -> None:
    """Undo renames, the last first."""
    for target, before in reversed(placed):
        if before is None:
            target.unlink(missing_ok=True)
        elif os.path.lexists(before):
            os.replace(before, target)


def _make_folders(folder: Path) -> list[Path]:
    """Make a folder and those above it; which ones were not there, the outermost first."""
    missing = []
    while not os.path.lexists(folder):
        missing.append(folder)
        folder = folder.parent
    if not folder.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder))
    missing.reverse()
    made: list[Path] = []
    try:
        for each in missing:
            each.mkdir(exist_ok=True)
            made.append(each)
    except BaseException:
        _remove_folders(made)
        raise
    return made


def _remove_folders(made: list[Path]) -> None:
    """Remove folders we made, as far as nobody else has put something there since."""
    for folder in reversed(made):
        with suppress(OSError):
            folder.rmdir()


def _sync_folder(folder: Path) -> None:
    """Bring renames to disk. Not every system can do that to a folder; the files stand in their places all the same."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextmanager
def _plainly(home: Path) -> Iterator[None]:
    """Say in plain words why writing failed."""
    try:
        yield
    except (OSError, ValueError) as error:  # ValueError: a path with a NUL in it
        number = error.errno if isinstance(error, OSError) else None
        spare = (getattr(error, "strerror", None) or str(error), "Check the folder, or choose another one.")
        reason, hint = _REASONS.get(number or 0, spare)
        raise WriteFailed(f"Nothing was written to {home.name or home}: {reason}.", hint) from error
