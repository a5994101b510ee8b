"""Whether REAPER runs. It writes its settings when it closes, over whatever was written meanwhile."""

from __future__ import annotations

import csv
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

NAMES = frozenset({"reaper", "reaper.exe"})
PATIENCE_SECONDS = 5.0


@dataclass(frozen=True)
class Look:
    """What was seen of REAPER among the running programs."""

    found: tuple[str, ...]
    """One entry a process, in words."""
    problem: str | None = None
    """Why nobody could look; None when somebody did."""


def look(platform: str = sys.platform, processes: Path = Path("/proc")) -> Look:
    """Look among this machine's programs."""
    try:
        if platform == "win32":
            return Look(_tasklist())
        if platform == "darwin" or not (processes / "self").exists():
            return Look(_pgrep())
        return Look(_proc(processes))
    except (OSError, subprocess.SubprocessError) as problem:
        return Look((), str(problem))


def _proc(processes: Path) -> tuple[str, ...]:
    found = []
    for folder in processes.iterdir():
        if not folder.name.isdigit():
            continue
        try:
            name = (folder / "comm").read_text(encoding="utf-8", errors="replace").strip()
            state = (folder / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[0]
        except (OSError, IndexError):  # it has ended meanwhile
            continue
        if name.lower() in NAMES and state != "Z":
            found.append(f"process {folder.name} ({_program(folder) or name})")
    return tuple(sorted(found))


def _program(folder: Path) -> str | None:
    try:
        return str((folder / "exe").readlink())
    except OSError:  # another user's
        return None


def _pgrep() -> tuple[str, ...]:
    if shutil.which("pgrep") is None:
        raise FileNotFoundError("there is no pgrep")
    done = _run(["pgrep", "-x", "-i", "reaper"])
    if done.returncode not in (0, 1):  # 1: nothing found
        raise OSError(f"pgrep says: {done.stderr.strip()}")
    return tuple(f"process {number}" for number in done.stdout.split())


def _tasklist() -> tuple[str, ...]:
    done = _run(["tasklist", "/FI", "IMAGENAME eq reaper.exe", "/FO", "CSV", "/NH"])
    if done.returncode != 0:
        raise OSError(f"tasklist says: {done.stderr.strip()}")
    rows = csv.reader(done.stdout.splitlines())
    return tuple(f"process {row[1]} ({row[0]})" for row in rows if len(row) > 1 and row[0].lower() in NAMES)


def _run(command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603  # fixed words, nothing of the user's
        command, capture_output=True, text=True, errors="replace", timeout=PATIENCE_SECONDS, check=False
    )
