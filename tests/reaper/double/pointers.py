"""Pointers: what REAPER hands to Lua as userdata. The object itself is the pointer; it can die, and then nobody may use it."""

from __future__ import annotations

import itertools
import uuid
from typing import ClassVar

_ADDRESSES = itertools.count(0x55D0_0000_1000, 0x40)


def new_guid() -> str:
    """A GUID as REAPER writes it."""
    return "{" + str(uuid.uuid4()).upper() + "}"


class Pointer:
    """Something in REAPER's memory."""

    kind: ClassVar[str]
    """REAPER's name of the type, as `ValidatePtr` takes it without the star."""

    def __init__(self) -> None:
        self.alive = True
        self.address = next(_ADDRESSES)

    def die(self) -> None:
        """It is deleted: using it from here on is a mistake."""
        self.alive = False

    def __str__(self) -> str:
        return f"userdata: 0x{self.address:012x}"

    def __repr__(self) -> str:
        return f"<{self.kind} 0x{self.address:012x}{'' if self.alive else ' (dead)'}>"


class Window(Pointer):
    """A window of REAPER or of the system."""

    kind = "HWND"

    def __init__(self, title: str) -> None:
        super().__init__()
        self.title = title
