"""REAPER's transport over OSC: what it plays, and what it is asked to do.

REAPER listens on one port and tells another (both in its OSC surface); it never acknowledges, and it obeys once a tick. It
reads whole numbers, fractions and text only, and one message of over 1,024 bytes makes it drop all that wait behind it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from bridge.osc import LARGEST, Address, Argument, Message, encode
from bridge.reaper.install import surfaces
from bridge.reaper.install.lines import Lines
from engines.errors import SchemaError, UnreadableFile
from engines.music.time import MAX_QPM, MIN_QPM, Seconds

_NAMED = re.compile(r"_[A-Za-z0-9_]{1,255}")


@dataclass(frozen=True, slots=True)
class Ports:
    """Where REAPER and we hear each other over OSC."""

    reaper: int = surfaces.REAPER_PORT
    """Where REAPER listens."""
    feedback: int = surfaces.FEEDBACK_PORT
    """Where REAPER sends what it plays."""

    @classmethod
    def of(cls, resource_path: Path) -> Ports:
        """As `reaper.ini` has them, where a musician may have changed them; the usual ones where it has no surface of ours."""
        try:
            settings = Lines.of((resource_path / surfaces.FILE).read_bytes(), surfaces.FILE)
            ours = surfaces.ours(settings)
        except (OSError, UnreadableFile):
            return cls()
        if ours is None or not all(0 < port < 65536 for port in (ours.port, ours.feedback_port)):
            return cls()
        return cls(ours.port, ours.feedback_port)


Send = Callable[[str, tuple[Argument, ...]], None]


@dataclass(frozen=True, slots=True)
class Playing:
    """What REAPER's transport does. None where it has not said."""

    playing: bool | None = None
    paused: bool | None = None
    recording: bool | None = None
    repeat: bool | None = None
    qpm: float | None = None
    position: Seconds | None = None
    beat: str | None = None
    """Bar, beat and hundredths, as REAPER's ruler shows them."""
    loop_start: Seconds | None = None
    loop_end: Seconds | None = None

    def known(self) -> dict[str, Any]:
        """What it has said."""
        return {name: value for name, value in asdict(self).items() if value is not None}


_SWITCHES = {"/play": "playing", "/pause": "paused", "/record": "recording", "/repeat": "repeat"}
_NUMBERS = {"/tempo/raw": "qpm", "/time": "position", "/loop/start/time": "loop_start", "/loop/end/time": "loop_end"}


class Transport:
    """The transport of the REAPER beside us."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.now = Playing()

    def hear(self, message: Message, sender: Address) -> None:
        """REAPER says something. What is not about the transport is somebody else's; what makes no sense is left out."""
        value = message.arguments[0] if message.arguments else None
        if message.address == "/beat/str":
            if isinstance(value, str):
                self.now = replace(self.now, beat=value[:40])
        elif isinstance(value, int | float) and math.isfinite(value):
            if message.address == "/stop" and value:
                self.now = replace(self.now, playing=False, paused=False, recording=False)
            elif message.address in _SWITCHES:
                self._note({_SWITCHES[message.address]: bool(value)})
            elif message.address in _NUMBERS:
                self._note({_NUMBERS[message.address]: float(value)})

    def told(self, facts: Mapping[str, Any]) -> None:
        """The same from a script, where REAPER has no OSC surface."""
        known = {name: facts[name] for name in Playing.__slots__ if name in facts}
        for name, value in known.items():
            wanted = bool if name in _SWITCHES.values() else str if name == "beat" else (int, float)
            if not isinstance(value, wanted) or (isinstance(value, float) and not math.isfinite(value)):
                raise SchemaError(f"`transport` says {name} = {value!r}.", "See docs/wire.md.", path=f"args.{name}")
        self._note(known)

    def _note(self, facts: Mapping[str, Any]) -> None:
        self.now = replace(self.now, **facts)

    def play(self) -> None:
        """Start, unless it plays: REAPER's key would stop it."""
        if not self.now.playing:
            self._say("/play", 1)

    def stop(self) -> None:
        """Stop."""
        self._say("/stop", 1)

    def set_tempo(self, qpm: float) -> None:
        """The tempo in quarter notes per minute."""
        if not MIN_QPM <= qpm <= MAX_QPM:
            raise SchemaError(f"A tempo of {qpm:g} cannot be played.", f"Use {MIN_QPM:g} to {MAX_QPM:g}.")
        self._say("/tempo/raw", float(qpm))

    def set_loop(self, start: Seconds, end: Seconds) -> None:
        """The loop, in seconds of the project."""
        if not (math.isfinite(end) and 0 <= start < end):
            raise SchemaError(f"{start:g} to {end:g} seconds is no loop.", "Give a start before the end.")
        self._say("/loop/start/time", float(start))
        self._say("/loop/end/time", float(end))

    def action(self, command: int | str) -> None:
        """One of REAPER's actions, by number, or by name (`_RS…`)."""
        if isinstance(command, int):
            self._say("/action", command)
        elif _NAMED.fullmatch(command):
            self._say("/action/str", command)
        else:
            raise SchemaError(f"{command!r} names no action.", "Give its number, or its name from `_` on.")

    def _say(self, address: str, *arguments: Argument) -> None:
        assert len(encode(address, *arguments)) <= LARGEST, "longer ones would take others with them"
        self._send(address, arguments)
