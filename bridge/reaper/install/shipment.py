"""What we ship for REAPER, and where in its folder each file belongs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from bridge.reaper.install.actions import FOLDER, Action, shipped
from bridge.reaper.install.startup import AGENT
from engines.errors import NotThere

_OWN_SHELVES = ("Effects", "FXChains", "TrackTemplates")
PATTERNS = f"{FOLDER}.ReaperOSC"


@dataclass(frozen=True)
class Shipment:
    """Everything that is copied, and what of it REAPER lists as actions."""

    files: dict[str, bytes]
    """By path below REAPER's folder, with slashes."""
    actions: tuple[Action, ...]


def pack(scripts: Path) -> Shipment:
    """Read the scripts' folder."""
    actions = shipped(scripts)
    if not any(action.file == AGENT for action in actions):
        raise NotThere(
            f"The agent, {AGENT}, is missing from this installation.",
            "Install partimento again: `uv tool install --reinstall partimento`.",
        )
    return Shipment({place: (scripts / file).read_bytes() for file, place in places(scripts)}, actions)


def places(scripts: Path) -> Iterator[tuple[str, str]]:
    """Every file that ships, and its place below REAPER's folder."""
    for path in sorted(scripts.rglob("*")):
        file = PurePosixPath(path.relative_to(scripts).as_posix())
        if not path.is_file() or any(part.startswith((".", "__")) for part in file.parts) or file.suffix == ".md":
            continue
        if file.parts[0] in _OWN_SHELVES:
            yield str(file), str(PurePosixPath(file.parts[0], FOLDER, *file.parts[1:]))
        elif file.suffix == ".ReaperOSC":
            yield str(file), f"OSC/{file.name}"
        else:
            yield str(file), f"Scripts/{FOLDER}/{file}"
