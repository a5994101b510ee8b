"""REAPER's functions as C has them, at addresses that `ctypes` can call: what Python inside REAPER stands on.

Arguments and results go through the same desk as those of Lua, so every check holds here, too.
"""

from __future__ import annotations

import ctypes
import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.reaper.double.dispatch import FAIL
from tests.reaper.double.facts import functions
from tests.reaper.double.pointers import Pointer

if TYPE_CHECKING:
    from tests.reaper.double.reaper import Reaper

FACTS = Path(__file__).parents[1] / "facts" / "reascript_c.json"
BIG = 4 * 1024 * 1024
"""Bytes of a text buffer whose size nobody says."""

PLAIN: dict[str, Any] = {
    "int": ctypes.c_int,
    "unsigned int": ctypes.c_uint,
    "size_t": ctypes.c_size_t,
    "double": ctypes.c_double,
    "bool": ctypes.c_byte,
}
HANDLES = frozenset(
    ("ReaProject", "MediaTrack", "MediaItem", "MediaItem_Take", "TrackEnvelope", "PCM_source", "HWND", "AudioAccessor")
)
TEXT_OUT = ("char*", "const char**")


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a C function."""

    name: str
    type: str

    @property
    def plain_name(self) -> str:
        """Its name in Lua, where only some of C's decorations are kept."""
        return re.sub(r"(InOut|Out|In)?(NeedBig)?(Optional)?$", "", self.name)

    @property
    def handle(self) -> bool:
        return self.type.rstrip("*") in HANDLES

    @property
    def size_of_text(self) -> bool:
        """Whether it says how long the text before it may be or is."""
        return self.name.endswith("_sz")

    @property
    def number(self) -> Any:
        """The ctypes type of the number that it is or points to; None for anything else."""
        return PLAIN.get(self.type.removeprefix("const ").rstrip("*"))

    @property
    def points_to_number(self) -> bool:
        return self.type.endswith("*") and self.number is not None

    @property
    def out(self) -> bool:
        """Whether the function writes there."""
        if self.size_of_text or (self.type.startswith("const ") and self.type != "const char**"):
            return False
        return self.type in TEXT_OUT or self.points_to_number

    @property
    def known(self) -> bool:
        return self.handle or self.number is not None or self.type in (*TEXT_OUT, "const char*", "void*")


@dataclass(frozen=True, slots=True)
class Function:
    """A C function."""

    parameters: tuple[Parameter, ...]
    returns: str

    @property
    def known(self) -> bool:
        """Whether what it returns can be given back; a pointer to a GUID, say, cannot."""
        return self.returns in ("void", "const char*", *PLAIN) or self.returns.rstrip("*") in HANDLES


@cache
def c_functions() -> dict[str, Function]:
    """Every function whose parameters this double can play, by name."""
    found = {}
    for name, text in json.loads(FACTS.read_text(encoding="utf-8"))["functions"].items():
        arguments, returns = f" {text}".split(" -> ")
        pairs = (part.split(" ", 1) for part in arguments.strip().split(", ") if part)
        function = Function(tuple(Parameter(one, kind) for one, kind in pairs), returns)
        if function.known and all(parameter.known for parameter in function.parameters):
            found[name] = function
    return found


class CSide(dict[str, int]):
    """The addresses of functions by name, made as they are asked for. REAPER calls this table `_ft`."""

    def __init__(self, reaper: Reaper) -> None:
        super().__init__()
        self._reaper = reaper
        self._pointers: dict[int, Pointer] = {}
        """What was handed out, by address."""
        self._kept: list[Any] = []
        """Callbacks and returned texts, which C reaches by their addresses alone."""

    def __missing__(self, name: str) -> int:
        function = c_functions()[name]
        types = [_passed(parameter) for parameter in function.parameters]
        returns = _returned(function.returns)
        callback = ctypes.CFUNCTYPE(returns, *types)(self._play(name, function, returns))
        self._kept.append(callback)
        self[name] = ctypes.cast(callback, ctypes.c_void_p).value or 0
        return self[name]

    def _play(self, name: str, function: Function, returns: Any) -> Callable[..., Any]:
        def play(*raw: Any) -> Any:
            answer = self._reaper.desk.call(name.encode(), *self._given(name, function, raw))
            if isinstance(answer, tuple) and answer and answer[0] is FAIL:
                return None if returns is None else 0
            values = list(answer) if isinstance(answer, tuple) else [answer]
            first = None if returns is None else self._for_c(values.pop(0))
            outs = (i for i, parameter in enumerate(function.parameters) if parameter.out)
            for place, value in zip(outs, values, strict=False):
                if raw[place] and value is not None:
                    _write(function.parameters, raw, place, value)
            return first

        return play

    def _given(self, name: str, function: Function, raw: Sequence[Any]) -> Iterator[Any]:
        """The arguments that Lua would give."""
        wanted = [value.name for value in functions()[name].arguments]
        for place, parameter in enumerate(function.parameters):
            if not wanted:
                return
            if parameter.plain_name == Parameter(wanted[0], "").plain_name:
                wanted.pop(0)
                yield self._read(function.parameters, raw, place)
        assert not wanted, f"{name}: C has no {wanted}"

    def _read(self, parameters: Sequence[Parameter], raw: Sequence[Any], place: int) -> Any:
        parameter, value = parameters[place], raw[place]
        if parameter.handle or parameter.type == "void*":
            return self._pointers.get(value, Dangling(value)) if value else None
        if parameter.type == "bool":
            return bool(value)
        if not parameter.type.endswith("*"):
            return value
        if not value:
            return None
        if parameter.points_to_number:
            number = parameter.number.from_address(value).value
            return bool(number) if parameter.type.removeprefix("const ") == "bool*" else number
        follows = parameters[place + 1] if place + 1 < len(parameters) else None
        if parameter.type == "const char*" and follows and follows.size_of_text:
            return ctypes.string_at(value, raw[place + 1])
        return ctypes.string_at(value)

    def _for_c(self, value: Any) -> Any:
        if isinstance(value, Pointer):
            self._pointers[value.address] = value
            return value.address
        if isinstance(value, bytes):
            text = ctypes.create_string_buffer(value)
            self._kept.append(text)
            return ctypes.addressof(text)
        return 0 if value is None else value


class Dangling(Pointer):
    """An address that REAPER never gave out."""

    kind = "void"

    def __init__(self, address: int) -> None:
        super().__init__()
        self.alive = False


def _passed(parameter: Parameter) -> Any:
    return PLAIN.get(parameter.type, ctypes.c_void_p)


def _returned(kind: str) -> Any:
    return None if kind == "void" else PLAIN.get(kind, ctypes.c_void_p)


def _write(parameters: Sequence[Parameter], raw: Sequence[Any], place: int, value: Any) -> None:
    parameter = parameters[place]
    if parameter.points_to_number:
        parameter.number.from_address(raw[place]).value = value
        return
    follows = parameters[place + 1] if place + 1 < len(parameters) else None
    if follows and follows.size_of_text and follows.type == "int*":
        _write_sized(raw[place], raw[place + 1], value)
        return
    room = raw[place + 1] if follows and follows.size_of_text else BIG
    ctypes.memmove(raw[place], value[: room - 1] + b"\0", min(len(value) + 1, room))


def _write_sized(text: int, size: int, value: bytes) -> None:
    """Bytes into a buffer whose size is told, and their number beside it."""
    room = ctypes.c_int.from_address(size)
    written = value[: room.value]
    ctypes.memmove(text, written, len(written))
    room.value = len(written)
