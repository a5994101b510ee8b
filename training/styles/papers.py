"""LICENSE and SOURCE of a style pack."""

from __future__ import annotations

from pathlib import Path

SONGS = Path(__file__).parents[2] / "presets" / "songs"


def cc0(what: str, command: str) -> dict[str, bytes]:
    """The papers of a pack whose donors all are in the public domain or under CC0."""
    source = f"{what}\n\nThis makes the files, byte for byte the same on every machine:\n\n    {command}\n"
    return {"LICENSE": (SONGS / "LICENSE").read_bytes(), "SOURCE": source.encode()}
