"""The receipt: what was installed, and what stood there before. It lies in `Data/partimento/install.json`.

The scripts read one thing of it, `command`: how to start the bridge.
"""

from __future__ import annotations

import hashlib
import json

import msgspec

from engines.errors import UnreadableFile

FILE = "Data/partimento/install.json"


class Edited(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file of the user's that we put lines into."""

    before: str | None
    """SHA-256 of what it held; None when there was no such file. The backup of that name holds the same."""
    after: str
    """SHA-256 of what it holds with our lines."""


class Receipt(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="schema", tag="install/1"):
    """`install/1`."""

    version: str
    command: tuple[str, ...]
    """The words that start partimento; a verb follows."""
    files: dict[str, str]
    """Files of ours, by path below REAPER's folder, with their SHA-256."""
    edited: dict[str, Edited]
    folders: tuple[str, ...]
    """Folders that were not there before."""


def digest(data: bytes) -> str:
    """What a file is known by."""
    return hashlib.sha256(data).hexdigest()


def write(receipt: Receipt) -> bytes:
    """The receipt as a file that people can read, too."""
    return json.dumps(msgspec.to_builtins(receipt), ensure_ascii=False, indent=1).encode() + b"\n"


def read(data: bytes | None) -> Receipt | None:
    """The receipt in a file; None where there is none."""
    if data is None:
        return None
    try:
        return msgspec.json.decode(data, type=Receipt)
    except msgspec.MsgspecError as problem:
        raise UnreadableFile(
            f"{FILE} is damaged: {problem}.", "Delete it and install again; the settings' backups lie beside it."
        ) from problem
