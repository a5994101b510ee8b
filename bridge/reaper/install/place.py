"""Where REAPER keeps its things: the usual folder, or beside the program in a portable installation."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from bridge import paths
from engines.errors import NotThere

INI = "reaper.ini"


def find(wished: Path | None, environment: Mapping[str, str] = os.environ, platform: str = sys.platform) -> Path:
    """REAPER's resource folder: the one that was named, else the usual one, else the only portable one."""
    if wished is not None:
        return _named(wished)
    usual = paths.reaper_resource_path(environment, platform)
    if usual is not None:
        return usual
    portable = portables(environment, platform)
    if len(portable) == 1:
        return portable[0]
    if portable:
        places = ", ".join(map(str, portable))
        raise NotThere(f"There are several portable REAPERs: {places}.", "Say which one: `--resource-path DIR`.")
    raise NotThere(
        "There is no REAPER resource folder in the usual places.",
        "Start REAPER once and close it. For a portable one say `--resource-path DIR`, the folder that holds reaper.ini.",
    )


def _named(wished: Path) -> Path:
    """The folder that was named; its reaper.ini will do as well."""
    folder = wished.expanduser()
    if folder.name.lower() == INI and folder.is_file():
        folder = folder.parent
    if (folder / INI).is_file():
        return folder.absolute()
    what = "holds no reaper.ini" if folder.is_dir() else "is no folder"
    raise NotThere(
        f"{wished} {what}, so it is not REAPER's resource folder.",
        "In REAPER: Options > Show REAPER resource path. A new REAPER must have been started and closed once.",
    )


def portables(environment: Mapping[str, str] = os.environ, platform: str = sys.platform) -> tuple[Path, ...]:
    """Portable installations in the places where people put them: a program with its reaper.ini beside it."""
    user = Path(environment.get("HOME") or environment.get("USERPROFILE") or "~").expanduser()
    if platform == "win32":
        drives = [Path(environment.get(name, "")) for name in ("SYSTEMDRIVE", "PROGRAMFILES") if environment.get(name)]
        homes = [*drives, user, user / "Desktop", user / "Documents"]
        folders = [home / name for home in homes for name in ("REAPER", "REAPER (x64)")]
    elif platform == "darwin":
        folders = [home / "REAPER" for home in (Path("/Applications"), user / "Applications", user, user / "Desktop")]
    else:
        program = shutil.which("reaper", path=environment.get("PATH", ""))
        beside = [Path(program).resolve().parent] if program else []
        folders = [*beside, *(home / "REAPER" for home in (user / "opt", user, user / "Desktop", Path("/opt")))]
    return tuple(dict.fromkeys(folder for folder in folders if (folder / INI).is_file()))
