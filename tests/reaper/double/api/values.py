"""The Get/Set…Info functions: parameters by name, known or refused."""

from __future__ import annotations

from tests.reaper.double.facts import parameters
from tests.reaper.double.rules import Refused


def known(function: str, name: str) -> str:
    """The parameter's C type, or `Refused`: REAPER would answer 0 and say nothing."""
    kinds = parameters(function)
    kind = kinds.get(name)
    if kind is None and ":" in name:
        kind = kinds.get(name.split(":")[0] + ":N")
    if kind is None:
        raise Refused(f"there is no parameter {name!r}")
    if "*" in kind or kind in ("MediaTrack", "MediaItem", "PCM_source"):
        raise Refused(f"{name} is a pointer, which Lua gets by a function of its own")
    return kind


def checked(function: str, name: str, value: float, fixed: frozenset[str]) -> float:
    """A value to keep, or `Refused`."""
    kind = known(function, name)
    if name in fixed or name.startswith("IP_"):
        raise Refused(f"{name} is REAPER's to set")
    if kind == "bool" and value not in (0, 1):
        raise Refused(f"{name} is 0 or 1, not {value}")
    if kind in ("int", "char") and not value.is_integer():
        raise Refused(f"{name} is a whole number, not {value}")
    if name == "I_CUSTOMCOLOR" and value and not int(value) & 0x1000000:
        raise Refused(f"colour {int(value):#x} lacks 0x1000000, without which REAPER ignores it")
    return value


def ext(entries: dict[str, str], name: str, value: str, *, write: bool) -> tuple[bool, str]:
    """`P_EXT:key`: an empty value takes the entry away."""
    key = name.removeprefix("P_EXT:")
    if not key:
        raise Refused("P_EXT: names no key")
    if write:
        if value:
            entries[key] = line(value, name)
        else:
            entries.pop(key, None)
        return True, value
    return key in entries, entries.get(key, "")


def line(words: str, what: str) -> str:
    """Words for one line of a project file."""
    if any(mark in words for mark in "\r\n"):
        raise Refused(f"{what}: it is saved as one line, so it has no line breaks")
    return words


def guid(value: str) -> str:
    """A GUID that is written, or `Refused`."""
    if len(value) != 38 or value[0] != "{" or value[-1] != "}":
        raise Refused(f"{value!r} is no GUID")
    return value.upper()
