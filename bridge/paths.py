"""Where a user's own things lie on this machine."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

USER_FOLDERS = ("models", "styles", "bands", "forms", "songs", "log")


def home(environment: Mapping[str, str] = os.environ) -> Path:
    """The user folder of partimento: `PARTIMENTO_HOME`, or the platform's place for application data."""
    override = environment.get("PARTIMENTO_HOME")
    if override:
        return Path(override).expanduser()
    import platformdirs  # only here: it costs start-up time, and most verbs never ask

    return Path(platformdirs.user_data_dir("partimento", appauthor=False))


def reaper_resource_path(environment: Mapping[str, str] = os.environ, platform: str = sys.platform) -> Path | None:
    """REAPER's resource folder where it keeps one by default, or None when there is none."""
    user = Path(environment.get("HOME") or environment.get("USERPROFILE") or "~").expanduser()
    candidates = {
        "win32": [Path(environment.get("APPDATA", user / "AppData/Roaming")) / "REAPER"],
        "darwin": [user / "Library/Application Support/REAPER"],
    }.get(platform, [Path(environment.get("XDG_CONFIG_HOME", user / ".config")) / "REAPER"])
    return next((path for path in candidates if (path / "reaper.ini").is_file()), None)
