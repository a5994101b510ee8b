"""LICENSE and SOURCE of a style pack."""

from __future__ import annotations

from pathlib import Path

from training.notices import HOLDERS, MIT

SONGS = Path(__file__).parents[2] / "presets" / "songs"


def cc0(what: str, command: str) -> dict[str, bytes]:
    """The papers of a pack whose donors all are in the public domain or under CC0."""
    source = f"{what}\n\nThis makes the files, byte for byte the same on every machine:\n\n    {command}\n"
    return {"LICENSE": (SONGS / "LICENSE").read_bytes(), "SOURCE": source.encode()}


def learned(what: str, archive: str, command: str) -> dict[str, bytes]:
    """The papers of a pack that was learned from an archive under the MIT licence."""
    licence = (
        "This style is part of partimento and under its MIT licence. It holds learned numbers and rhythms, no notes of\n"
        f"any piece. The notice of the collection that it was learned from follows.\n\nMIT License\n\n"
        f"{HOLDERS[archive][1]}\n\n{MIT}"
    )
    source = f"{what}\n\nThis makes the files, with the texture model that lies in presets/models:\n\n    {command}\n"
    return {"LICENSE": licence.encode(), "SOURCE": source.encode()}
