"""The module `reaper_python` as Python inside REAPER finds it: `RPR_*` functions over the addresses of C functions.

They take every argument of C, one that only gives something back among them; handles are text (`(MediaTrack*)0x…`), strings go
as UTF-8 and end at a zero byte. What breaks a rule of the double raises here, where a real REAPER would answer with nothing.
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Callable
from types import ModuleType
from typing import TYPE_CHECKING, Any

from tests.reaper.double.c_side import BIG, HANDLES, PLAIN, TEXT_OUT, CSide, Function, Parameter, c_functions
from tests.reaper.double.rules import RuleBroken

if TYPE_CHECKING:
    from tests.reaper.double.reaper import Reaper

SCALAR = frozenset(("EnumInstalledFX", "EnumPitchShiftModes", "joystick_enum", "kbd_enumerateActions", "PCM_Sink_Enum"))
"""Functions that give back one value although C writes more."""


def reaper_python(reaper: Reaper) -> ModuleType:
    """The module, for one REAPER."""
    module = ModuleType("reaper_python")
    space: dict[str, Any] = vars(module)
    space |= {
        "_ft": CSide(reaper),
        "rpr_packp": _pack_handle,
        "rpr_unpackp": lambda kind, address: f"({kind})0x{address:016X}",
        "rpr_packs": lambda text: ctypes.create_string_buffer(str(text).encode(), BIG),
        "rpr_packsc": lambda text: ctypes.c_char_p(str(text).encode()),
        "rpr_unpacks": lambda buffer: buffer.value.decode(),
    }
    for name, function in c_functions().items():
        space[f"RPR_{name}"] = _wrapper(reaper, space, name, function)
    return module


def _pack_handle(kind: str, text: object) -> int:
    matched = re.match(r"^\((\w+\*|HWND)\)0x([0-9A-F]+)$", str(text))
    return int(matched[2], 16) if matched and matched[1] in (kind, "void*") else 0


def _wrapper(reaper: Reaper, space: dict[str, Any], name: str, function: Function) -> Callable[..., Any]:
    parameters = function.parameters
    together = name not in SCALAR and any(p.points_to_number or p.type in TEXT_OUT for p in parameters)
    types = [PLAIN.get(p.type, ctypes.c_uint64 if p.handle else ctypes.c_void_p) for p in parameters]
    text_back = function.returns == "const char*"
    returns = None if function.returns == "void" else ctypes.c_char_p if text_back else _result(function.returns)

    def call(*given: Any) -> Any:
        if len(given) != len(parameters):
            raise TypeError(f"RPR_{name}() takes {len(parameters)} positional arguments but {len(given)} were given")
        packed = [_pack(space, parameter, value) for parameter, value in zip(parameters, given, strict=True)]
        at_call = [ctypes.byref(v) if p.points_to_number else v for p, v in zip(parameters, packed, strict=True)]
        before = len(reaper.rules.broken)
        answer = ctypes.CFUNCTYPE(returns, *types)(space["_ft"][name])(*at_call)
        if len(reaper.rules.broken) > before:
            broken, reaper.rules.broken[before:] = reaper.rules.broken[before:], []
            raise RuleBroken(broken)
        if text_back:
            answer = (answer or b"").decode()
        elif function.returns.rstrip("*") in HANDLES:
            answer = space["rpr_unpackp"](function.returns, answer)
        if not together:
            return answer
        back = [_unpack(space, *one) for one in zip(parameters, packed, given, strict=True)]
        return tuple(back if returns is None else [answer, *back])

    return call


def _result(kind: str) -> Any:
    return PLAIN.get(kind, ctypes.c_uint64)


def _pack(space: dict[str, Any], parameter: Parameter, value: Any) -> Any:
    if parameter.handle:
        return space["rpr_packp"](parameter.type, value)
    if parameter.number is not None:
        return parameter.number(value)
    if parameter.type in TEXT_OUT:
        return space["rpr_packs"](value)
    return space["rpr_packsc"](value)


def _unpack(space: dict[str, Any], parameter: Parameter, packed: Any, given: Any) -> Any:
    if parameter.type in TEXT_OUT:
        return space["rpr_unpacks"](packed)
    if parameter.points_to_number:
        return packed.value
    return given
