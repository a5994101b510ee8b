"""The rules a script must keep, and what happens when it breaks one.

A broken rule is an error in Lua at once. Because a script may catch that, it is also written down here and raised again in
Python when the tick ends: no `pcall` hides it.
"""

from __future__ import annotations

from dataclasses import dataclass, field


class RuleBroken(AssertionError):
    """A script did what REAPER forbids, or what no careful script does."""

    def __init__(self, broken: list[str]) -> None:
        super().__init__("\n".join(broken))
        self.broken = tuple(broken)


class Refused(Exception):
    """Raised by a function of the double: the call breaks a rule."""


class ScriptFailed(AssertionError):
    """An error in Lua that the script did not catch: REAPER would end the script and show it."""


@dataclass
class Rules:
    """What was broken since the last reckoning."""

    broken: list[str] = field(default_factory=list)

    def note(self, what: str) -> None:
        """Write down one broken rule."""
        self.broken.append(what)

    def locate(self, place: str) -> None:
        """Say where the last one happened."""
        if self.broken:
            self.broken[-1] += f" (at {place})"

    def reckon(self) -> None:
        """Raise what was written down."""
        if self.broken:
            broken, self.broken = self.broken, []
            raise RuleBroken(broken)
