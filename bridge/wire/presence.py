"""`bridge/1`: what the bridge says of itself in `bridge.json`, once a second.

Bridges of other versions read it too, to see whether it lives: of what it says beyond this they are not to stumble.
"""

from __future__ import annotations

from typing import Any, Literal

from bridge.wire.codec import Name, Wire
from bridge.wire.jobs import Fault
from bridge.wire.reports import Warned


class Answer(Wire, frozen=True, kw_only=True, forbid_unknown_fields=False):
    """What became of a control file."""

    id: Name
    """Its name without `.json`."""
    verb: Name = ""
    ok: bool = True
    error: Fault | None = None


class JobsNow(Wire, frozen=True, kw_only=True, forbid_unknown_fields=False):
    """The queue."""

    queued: int = 0
    running: Name | None = None


class Bridge1(Wire, frozen=True, kw_only=True, forbid_unknown_fields=False):
    """The bridge beside a mailbox. One whose `beat` is older than five seconds is not there any more."""

    schema: Literal["bridge/1"] = "bridge/1"
    state: Literal["ready", "stopped"]
    pid: int
    token: Name
    """A word that only this run of the bridge uses."""
    version: Name
    beat: float
    """Seconds since 1970."""
    heartbeat: Name
    """The same moment, ISO 8601 in UTC."""
    osc_port: int | None = None
    feedback_port: int | None = None
    """Where REAPER's own OSC messages are heard."""
    jobs: JobsNow = JobsNow()
    transport: dict[Name, Any] = {}
    live: dict[Name, Any] = {}
    notices: tuple[Warned, ...] = ()
    answers: tuple[Answer, ...] = ()
    """To the last control files, the newest last."""
