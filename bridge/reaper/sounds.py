"""A sound for a new track: the musician's own for its role first, then what the scripts use."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bridge import resources
from bridge.files.rpp import text
from engines.errors import EngineError

LARGEST = 4 * 1024 * 1024
"""Bytes of a table or template that are still read."""


def sounds_for(role: str | None, resource_path: Path) -> Iterator[dict[str, Any]]:
    """Ways to make a track sound, best first: an effect with its parameters, or an FX chain."""
    own = _table(resource_path / "Data" / "partimento" / "instruments.json").get(role or "")
    if isinstance(own, str) and own.lower().endswith(".rtracktemplate"):
        chain = _chain(resource_path / "TrackTemplates" / own)
        if chain:
            yield {"fx": None, "params": [], "chain": chain}
    elif isinstance(own, str):
        yield {"fx": own, "params": [], "chain": None}
    shipped = _table(resources.shipped("reaper_scripts") / "lib" / "instruments.json")
    wish = shipped.get("roles", {}).get(role or "") or shipped.get("otherwise")
    if wish:
        yield {"fx": wish["fx"], "params": wish.get("params", []), "chain": None}


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes() if path.stat().st_size <= LARGEST else b""
    except OSError:
        return b""


def _table(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(_read(path))
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _chain(template: Path) -> str:
    """The FX chain of a track template: its name and colour are not wanted."""
    try:
        document = text.parse(_read(template))
    except EngineError:
        return ""
    tracks = (node for node in document.body if isinstance(node, text.Block) and node.head[0] == "TRACK")
    chains = (chain for track in tracks for chain in track.blocks("FXCHAIN"))
    chain = next(chains, None)
    return text.Document([chain]).to_bytes().decode("utf-8", "replace") if chain else ""
