"""Arguments as REAPER wants them, and returned values as REAPER gives them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from tests.reaper.double.facts import Signature, Value
from tests.reaper.double.pointers import Pointer
from tests.reaper.double.rules import Refused

if TYPE_CHECKING:
    from tests.reaper.double.reaper import Reaper

INT_MIN, INT_MAX = -(2**31), 2**31 - 1
WIDE = {"ignored", "options"}
"""Integer arguments that are wider than 32 bits."""


def text(value: bytes) -> str:
    """Bytes of Lua as text; what is no UTF-8 survives the way back."""
    return value.decode("utf-8", "surrogateescape")


def data(value: str) -> bytes:
    """Text as bytes for Lua."""
    return value.encode("utf-8", "surrogateescape")


def said(value: object) -> str:
    """A value as an error message names it."""
    if isinstance(value, bytes):
        return f"string {text(value)[:40]!r}"
    if isinstance(value, Pointer):
        return value.kind
    kinds = {type(None): "nil", bool: "boolean", int: "integer", float: "number"}
    return f"{kinds.get(type(value), type(value).__name__)}" + (f" {value}" if isinstance(value, int | float) else "")


def check_arguments(reaper: Reaper, signature: Signature, given: Sequence[Any], *, raw: bool = False) -> list[Any]:
    """The arguments for the function of the double, or `Refused`."""
    wanted, count = signature.arguments, len(given)
    if wanted and wanted[-1].name == "...":
        wanted = wanted[:-1] + (Value("...", wanted[-1].type, True),) * max(0, len(given) - len(wanted) + 1)
    if count > len(wanted):
        raise Refused(f"{count} arguments given, it takes {len(wanted)}")
    if count < signature.required:
        raise Refused(f"{count} arguments given, it needs {signature.required}")
    return [_argument(reaper, value, given[i] if i < count else None, i + 1, raw) for i, value in enumerate(wanted)]


def _argument(reaper: Reaper, wanted: Value, given: Any, place: int, raw: bool) -> Any:
    def wrong(why: str = "") -> Refused:
        return Refused(f"argument {place} ({wanted.name}): {wanted.type} expected, got {said(given)}{why}")

    kind = wanted.type
    if kind == "ReaProject":
        if given is None or (type(given) is int and given == 0):
            return reaper.project
    elif given is None:
        if wanted.optional or kind in ("userdata", "any"):
            return None
        raise wrong()
    match kind:
        case "integer":
            return _integer(given, wanted, wrong)
        case "number":
            if type(given) not in (int, float):
                raise wrong()
            if not math.isfinite(given):
                raise wrong(", which is no time and no amount")
            return float(given)
        case "string":
            if not isinstance(given, bytes):
                raise wrong()
            if raw:
                return given
            if b"\0" in given:
                raise wrong(": it holds a zero byte, where REAPER's text would end")
            return text(given)
        case "boolean":
            if not isinstance(given, bool):
                raise wrong()
            return given
        case "function":
            if not callable(given):
                raise wrong()
            return given
        case "any" | "void":
            return given
        case "userdata":
            if not isinstance(given, Pointer):
                raise wrong()
            return given
        case _:
            if not isinstance(given, Pointer) or given.kind != kind:
                raise wrong()
            if not given.alive or not reaper.owns(given):
                raise wrong(": what it points to was deleted" if not given.alive else ": it is from elsewhere")
            return given


def _integer(given: Any, wanted: Value, wrong: Any) -> int:
    if isinstance(given, bool) or not isinstance(given, int | float):
        raise wrong()
    if isinstance(given, float):
        if not given.is_integer():
            raise wrong(": it has no integer representation")
        given = int(given)
    if not INT_MIN <= given <= INT_MAX and wanted.name not in WIDE:
        raise wrong(": it does not fit 32 bits")
    return int(given)


def check_returns(signature: Signature, result: Any) -> tuple[Any, ...]:
    """What Lua gets: every value of the signature, in its type. A mistake here is one of the double."""
    wanted = signature.returns
    if not wanted:
        assert result is None, f"the double's {signature.name} returns {result!r}, REAPER's nothing"
        return ()
    if len(wanted) == 1 and not isinstance(result, tuple):
        return (_returned(signature, wanted[0], result),)
    values = result if isinstance(result, tuple) else (result,)
    assert len(values) <= len(wanted), f"the double's {signature.name} returns {values!r}"
    values += (None,) * (len(wanted) - len(values))
    return tuple(_returned(signature, value, given) for value, given in zip(wanted, values, strict=True))


def _returned(signature: Signature, wanted: Value, given: Any) -> Any:
    if given is None:
        return None
    match wanted.type:
        case "integer":
            good, given = type(given) is int, given
        case "number":
            good, given = isinstance(given, int | float) and not isinstance(given, bool), float(given)
        case "boolean":
            good = type(given) is bool
        case "string":
            good, given = isinstance(given, str | bytes), data(given) if isinstance(given, str) else given
        case "any" | "void" | "reaper.array":
            good = True
        case kind:
            good = isinstance(given, Pointer) and given.kind == kind
    assert good, f"the double's {signature.name} gives {given!r} for {wanted}"
    return given
