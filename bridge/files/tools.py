"""Running a program of this machine on a file: found on PATH, started without a shell, held to a time and a size."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from engines.errors import Unavailable

_LOOK_EVERY = 0.05
_LAST_WORDS = 300
"""How much of a program's complaint is passed on."""


def find_tool(*names: str, environment: Mapping[str, str] = os.environ) -> Path | None:
    """The first of these programs that PATH has."""
    for name in names:
        place = shutil.which(name, path=environment.get("PATH", os.defpath))
        if place:
            return Path(place)
    return None


def run_tool(command: Sequence[str], *, makes: Path, seconds: float, at_most: int) -> bytes:
    """Run a program until it is done, and return the file it made.

    It is ended when it takes too long or makes too much, and in any case before this returns. Its working folder is the
    one of the file it makes.
    """
    name = Path(command[0]).stem
    words = makes.with_name("words.txt")
    with words.open("wb") as heard:
        try:
            process = subprocess.Popen(  # noqa: S603  # a list of arguments, no shell; the paths in it are ours
                list(command), stdin=subprocess.DEVNULL, stdout=heard, stderr=heard, cwd=makes.parent
            )
        except OSError as error:
            raise Unavailable(f"{name} cannot be started: {error.strerror}.", "Install it again.") from error
        try:
            _wait(process, name, makes, seconds, at_most)
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
    if process.returncode != 0 or not _size(makes):
        with words.open("rb") as heard:
            heard.seek(max(0, words.stat().st_size - _LAST_WORDS))
            last = " ".join(heard.read().decode("utf-8", "replace").split())
        raise Unavailable(
            f"{name} did not do its work (exit {process.returncode}).",
            f"It said: {last}" if last else "It said nothing; try it by hand.",
        )
    return makes.read_bytes()


def _wait(process: subprocess.Popen[bytes], name: str, makes: Path, seconds: float, at_most: int) -> None:
    deadline = time.monotonic() + seconds
    while process.poll() is None:
        if time.monotonic() > deadline:
            raise Unavailable(
                f"{name} was not done after {seconds:g} seconds.", "Try a shorter song, or allow more time."
            )
        if _size(makes) > at_most:
            break
        try:
            process.wait(_LOOK_EVERY)
        except subprocess.TimeoutExpired:
            continue
    if _size(makes) > at_most:
        raise Unavailable(f"{name} made more than {at_most:,} bytes and was stopped.", "Try a shorter song.")


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except FileNotFoundError:
        return 0
