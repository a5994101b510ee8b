"""An output folder: what we wrote there may be written anew, what somebody else wrote or changed since may not.

A hidden file beside the results keeps their checksums, so that a project which was opened in REAPER and saved there, a MIDI
file that went through another program, or a lead sheet that happens to lie in the folder is never lost to a second run.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import msgspec

from bridge.files.atomic import write_files
from bridge.wire import Wire, decode, encode
from engines.errors import SchemaError, WriteFailed

RECORD = ".partimento.json"
MAX_RECORD = 16 * 1024 * 1024


class Written1(Wire, frozen=True, kw_only=True):
    """`written/1`: what was written into this folder."""

    schema: Literal["written/1"] = "written/1"
    files: dict[str, str] = msgspec.field(default_factory=dict)
    """SHA-256 by name."""


def deliver(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write results into a folder, all of them or none; nothing that is not ours is replaced."""
    record = _read(folder)
    sums = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    for name in files:
        there = _checksum(folder / name)
        if there not in (None, record.get(name), sums[name]):
            raise WriteFailed(
                f"{name} in {folder.name or folder} is not as we wrote it, so nothing was written.",
                "Choose another folder with --out, or give that file another name.",
            )
    note = encode(Written1(files=dict(sorted({**record, **sums}.items()))))
    write_files(folder, {**files, RECORD: note})


def _checksum(path: Path) -> str | None:
    """Of a file that is there; what cannot be read is somebody else's."""
    if not os.path.lexists(path):
        return None
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def _read(folder: Path) -> dict[str, str]:
    """What was written before; nothing where the record is missing or damaged, so that every file there counts as foreign."""
    try:
        path = folder / RECORD
        if path.stat().st_size > MAX_RECORD:
            return {}
        return decode(Written1, path.read_bytes(), "record").files
    except (OSError, SchemaError):
        return {}
