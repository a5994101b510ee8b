"""A surface's pattern file: which addresses mean what, and which arguments they take."""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from tests.reaper.osc_wire import Message, Value

FACTS = Path(__file__).parent / "facts" / "osc_patterns.json"


@cache
def known_keys() -> dict[str, tuple[str, str, str]]:
    """Direction (`in`, `out`, `both`), patterns and default of every key."""
    rows = json.loads(FACTS.read_text(encoding="utf-8"))["patterns"]
    return {key: (row[0], row[1], row[2] if len(row) > 2 else "") for key, row in rows.items()}


@cache
def expression(key: str, address: str) -> re.Pattern[str]:
    """An address with `@` standing for a number, or for a command's name where it is about actions.

    REAPER also takes lists of numbers there, which the peer does not.
    """
    wild = "(_[^/]+|[0-9]{1,9})" if key.startswith("ACTION") else "([0-9]{1,9})"
    return re.compile("/".join(re.escape(part).replace("@", wild) for part in address.split("/")))


@dataclass(frozen=True, slots=True)
class Pattern:
    """One way to say one thing."""

    key: str
    flag: str
    """n 0..1, f raw, b 0 or 1, t trigger, r rotary, s words, i whole number."""
    address: str

    def filled(self, *numbers: int) -> str:
        """The address with its wildcards filled, the first first."""
        address = self.address
        for one in numbers:
            address = address.replace("@", str(one), 1)
        return address


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a message means here."""

    key: str
    flag: str
    numbers: tuple[str, ...]
    """What stood in the place of each `@`."""
    value: Value | None
    """The argument, as the pattern takes it; None for a trigger."""
    values: tuple[Value, ...] = ()


@dataclass
class Patterns:
    """One pattern file."""

    patterns: list[Pattern] = field(default_factory=list)
    settings: dict[str, str] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)
    """Keys REAPER does not know: it skips them without a word."""

    @classmethod
    def read(cls, text: str) -> Patterns:
        """A `.ReaperOSC` file. An empty one stands for the default."""
        made = cls()
        for line in text.splitlines():
            key, *rest = line.split("#")[0].split() if not line.startswith("#") else ("",)
            if not key:
                continue
            if key not in known_keys():
                made.unknown.append(key)
            elif rest and rest[0][0] in "nfbtrsi" and "/" in rest[0]:
                made.patterns += [Pattern(key, word[0], word[1:]) for word in rest]
            elif rest:
                made.settings[key] = rest[0]
        return made if made.patterns else cls.default()

    @classmethod
    def default(cls) -> Patterns:
        """REAPER's own."""
        rows = known_keys().items()
        patterns = [Pattern(key, word[0], word[1:]) for key, (_, words, _) in rows for word in words.split()]
        return cls(patterns, {key: default for key, (_, _, default) in rows if default})

    def setting(self, key: str) -> int:
        """A number such as `DEVICE_TRACK_COUNT`."""
        return int(self.settings.get(key) or known_keys()[key][2])

    def sends(self, key: str, flag: str) -> Pattern | None:
        """The pattern under which a value goes out; None where the file has none."""
        return next((p for p in self.patterns if p.key == key and p.flag == flag), None)

    def understand(self, message: Message) -> Meaning | None:
        """What a message means; None when REAPER takes no notice."""
        for pattern in self.patterns:
            found = expression(pattern.key, pattern.address).fullmatch(message.address)
            if found is None or known_keys()[pattern.key][0] == "out":
                continue
            taken = _taken(pattern.flag, message.values)
            if taken is not None:
                return Meaning(pattern.key, pattern.flag, found.groups(), taken[0], message.values)
        return None


def _taken(flag: str, values: tuple[Value, ...]) -> tuple[Value | None] | None:
    """The argument as the flag takes it, or None when it does not."""
    first = values[0] if values else None
    if flag == "t":
        return (None,) if first is None or first == 1 else None
    if first is None:
        return None
    if flag == "s":
        return (first if isinstance(first, str) else str(first),)
    if isinstance(first, str):
        try:
            first = float(first)
        except ValueError:
            return None
    if not math.isfinite(first):
        return None
    if flag == "b":
        return (int(first),) if first in (0, 1) else None
    if flag == "i":
        return (int(first),)
    return (float(first),)
