"""What can be asked of a running bridge, by OSC or by a control file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from bridge.osc import Address, Message
from bridge.wire import Control1
from engines.errors import EngineError, NotThere, SchemaError

ROOT = "/partimento/"
PING, PONG = f"{ROOT}ping", f"{ROOT}pong"
JOB = f"{ROOT}job/"
"""Feedback on a job: state, progress, message."""
ANSWERS = (PONG, f"{ROOT}error", JOB, f"{ROOT}live/stats")
"""What we send ourselves. It is never answered, or two bridges could talk for ever."""
JOB_VERBS = ("arrange", "orchestrate", "fill", "plan", "apply", "detect", "live-capture")

Answer = Callable[[EngineError | None], None]
"""Told once what became of a command: None, or why it was refused."""


def _nobody(problem: EngineError | None) -> None:
    """Nobody waits for an answer."""


@dataclass(frozen=True)
class Command:
    """What everything that is asked has."""

    answer: Answer = field(default=_nobody, kw_only=True, compare=False)


@dataclass(frozen=True)
class Run(Command):
    """Do a job whose request lies in its folder."""

    verb: str
    job: str
    sender: Address | None = None
    """Who wants to hear how it goes."""


@dataclass(frozen=True)
class Cancel(Command):
    """Give up a job, or all."""

    job: str | None = None


@dataclass(frozen=True)
class Panic(Command):
    """Silence."""


@dataclass(frozen=True)
class Live(Command):
    """Something about live play."""

    what: str
    arguments: tuple[object, ...] = ()


@dataclass(frozen=True)
class Ping(Command):
    """Are you there?"""


@dataclass(frozen=True)
class Moved(Command):
    """REAPER's transport, as a script sees it."""

    facts: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True)
class Stop(Command):
    """End the bridge."""

    reason: str


def from_osc(message: Message, sender: Address) -> Command | None:
    """The command of a message; None for one that is an answer itself."""
    address, arguments = message.address, message.arguments
    name = address.removeprefix(ROOT)
    if address.startswith(ANSWERS):
        return None
    if address == PING:
        return Ping()
    if address.startswith(ROOT) and name in JOB_VERBS:
        return Run(name, _job(address, arguments, required=True) or "", sender)
    if address == f"{ROOT}cancel":
        return Cancel(_job(address, arguments, required=False))
    if address in (f"{ROOT}panic", f"{ROOT}live/panic"):
        return Panic()
    if address.startswith(f"{ROOT}live/"):
        return Live(name.removeprefix("live/"), arguments)
    raise NotThere(f"There is no OSC address {address[:80]!r} here.", "docs/wire.md lists them.", code="E_OSC")


def _job(address: str, arguments: tuple[object, ...], required: bool) -> str | None:
    if not arguments and not required:
        return None
    if len(arguments) != 1 or not isinstance(arguments[0], str):
        raise SchemaError(f"{address} takes one text, the job's id.", "See docs/wire.md.", code="E_OSC")
    return arguments[0]


def from_control(control: Control1) -> Command:
    """The command of a control file."""
    match control.verb:
        case "ping":
            return Ping()
        case "panic":
            return Panic()
        case "transport":
            return Moved(MappingProxyType(control.args))
        case "cancel":
            job = control.args.get("job", control.args.get("id"))
            if job is not None and not isinstance(job, str):
                raise SchemaError("`cancel` takes a job's id.", 'Write {"job": "…"}, or {} for all jobs.')
            return Cancel(job)
        case _:
            return Live(control.verb.removeprefix("live-"), tuple(control.args.items()))
