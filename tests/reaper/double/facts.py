"""What REAPER offers: names, signatures and first versions, read from the facts that lie beside the double."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

FACTS = Path(__file__).parents[1] / "facts" / "reascript_api.json"

EXTENSIONS = ("BR_", "CF_", "FNG_", "ImGui_", "JS_", "NF_", "ReaPack_", "SN_", "SNM_", "ULT_", "Xen_", "osara_")
"""How the functions of extensions begin. A stock REAPER has none of them, so asking whether one is there gives nil."""


@dataclass(frozen=True, slots=True)
class Value:
    """One argument or one returned value."""

    name: str
    type: str
    """`integer`, `number`, `string`, `boolean`, `function`, `any`, or the name of a pointer type."""
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Signature:
    """One function as Lua sees it."""

    name: str
    arguments: tuple[Value, ...]
    returns: tuple[Value, ...]
    since: tuple[int, ...] = ()
    """The first version that surely has it; empty where nobody wrote it down."""
    required: int = field(init=False)
    """How many arguments must be given: all before the trailing optional ones."""

    def __post_init__(self) -> None:
        needed = [i for i, value in enumerate(self.arguments) if not value.optional and value.name != "..."]
        object.__setattr__(self, "required", needed[-1] + 1 if needed else 0)


def version(text: str) -> tuple[int, ...]:
    """`7.02` as (7, 2): REAPER counts in hundredths, so 7.1 would be 7.10; 5.974 is 5.97 and a bit."""
    whole, _, part = text.partition(".")
    return (int(whole), int(part[:2].ljust(2, "0")), int(part[2:] or 0)) if part else (int(whole), 0, 0)


@cache
def _facts() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(FACTS.read_text(encoding="utf-8"))
    return found


def _values(text: str) -> tuple[Value, ...]:
    pairs = (part.rsplit(" ", 1) for part in text.strip().split(", ") if part.strip())
    return tuple(Value(name, kind.rstrip("?"), kind.endswith("?")) for name, kind in pairs)


def signature(name: str, text: str, since: str = "") -> Signature:
    arguments, returns = f" {text} ".split("->")
    return Signature(name, _values(arguments), _values(returns), version(since) if since else ())


@cache
def functions() -> dict[str, Signature]:
    """Every stock function of `reaper`, by name."""
    return {name: signature(name, *row) for name, row in _facts()["functions"].items()}


@cache
def gfx_functions() -> dict[str, Signature]:
    """Every function of `gfx`, by name."""
    return {name: signature(name, text) for name, text in _facts()["gfx"].items()}


@cache
def gfx_variables() -> dict[str, bool]:
    """Every variable of `gfx`, and whether a script may set it."""
    return {name: how != "ro" for name, how in _facts()["gfx_variables"].items()}


@cache
def parameters(function: str) -> dict[str, str]:
    """The parameter names that a Get/Set…Info function knows, with their C types."""
    found: dict[str, str] = _facts()["parameters"][function]
    return found
