"""The job folder's files: request, mask, status, result, control."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec

from bridge.wire.codec import JobId, Name, Quarters, Unit, Wire

Verb = Literal["arrange", "orchestrate", "fill", "plan", "apply", "live-capture", "detect"]
MeterText = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{1,3}/[0-9]{1,3}$")]
Position = tuple[int, float]
"""[bar, beat], both from 1."""


class Project(Wire, frozen=True, kw_only=True):
    """The project tab that a job belongs to."""

    id: Name
    name: Name = ""
    path: Annotated[str, msgspec.Meta(max_length=8192)] = ""
    state: int = 0
    start_measure_offset: int = 0


class TempoPoint(Wire, frozen=True, kw_only=True):
    """A tempo marker."""

    qn: Quarters
    qpm: Annotated[float, msgspec.Meta(ge=1.0, le=2000.0)]
    linear: bool = False


class MeterPoint(Wire, frozen=True, kw_only=True):
    """A meter marker."""

    qn: Quarters
    meter: MeterText


class Time(Wire, frozen=True, kw_only=True):
    """The project's tempo and meter map."""

    tempo: tuple[TempoPoint, ...] = ()
    meter: tuple[MeterPoint, ...] = ()
    length_qn: Quarters = 0.0


class Selection(Wire, frozen=True, kw_only=True):
    """What the musician has selected."""

    from_qn: Quarters = 0.0
    to_qn: Quarters = 0.0
    tracks: tuple[Name, ...] = ()
    items: tuple[Name, ...] = ()


class Region(Wire, frozen=True, kw_only=True):
    """A named span."""

    name: Name
    from_qn: Quarters
    to_qn: Quarters


class NamedPoint(Wire, frozen=True, kw_only=True):
    """A marker."""

    name: Name
    qn: Quarters


class ChordPoint(Wire, frozen=True, kw_only=True):
    """A chord from here on."""

    qn: Quarters
    symbol: Annotated[str, msgspec.Meta(max_length=64)]


class Item(Wire, frozen=True, kw_only=True):
    """An item with the events of its active take."""

    guid: Name
    take: Name = ""
    from_qn: Quarters
    to_qn: Quarters
    offset_qn: Quarters = 0.0
    rate: Annotated[float, msgspec.Meta(gt=0.0, le=1000.0)] = 1.0
    looped: bool = False
    pooled: bool = False
    locked: bool = False
    source: Literal["midi", "audio"] = "midi"
    events: tuple[tuple[Quarters, Annotated[str, msgspec.Meta(max_length=65536)]], ...] = ()
    """[quarter notes from the start of the source, bytes in hex]."""


class RequestTrack(Wire, frozen=True, kw_only=True):
    """A track of the project."""

    guid: Name
    name: Name = ""
    role: Name | None = None
    muted: bool = False
    has_instrument: bool = False
    items: tuple[Item, ...] = ()


class Cell(Wire, frozen=True, kw_only=True):
    """A stretch of one track."""

    track: Name
    start: Position = msgspec.field(name="from")
    end: Position = msgspec.field(name="to")
    pitch: tuple[Name, Name] | None = None


class Kept(Wire, frozen=True, kw_only=True):
    """A note that stays."""

    track: Name
    at: Position
    pitch: Name


class Mask1(Wire, frozen=True, kw_only=True):
    """`mask/1`: what a fill may change."""

    schema: Literal["mask/1"] = "mask/1"
    cells: tuple[Cell, ...] = ()
    keep: tuple[Kept, ...] = ()
    curves: dict[Name, tuple[tuple[Position, float], ...]] = {}


class Request1(Wire, frozen=True, kw_only=True):
    """`request/1`: what a script asks for."""

    schema: Literal["request/1"]
    id: JobId
    verb: Verb
    scripts: Name = ""
    """Version of the scripts that wrote it."""
    project: Project
    options: dict[Name, Any] = {}
    time: Time = Time()
    selection: Selection = Selection()
    regions: tuple[Region, ...] = ()
    markers: tuple[NamedPoint, ...] = ()
    chords: tuple[ChordPoint, ...] = ()
    tracks: tuple[RequestTrack, ...] = ()
    plan: dict[str, Any] | None = None
    mask: Mask1 | None = None


State = Literal["queued", "running", "done", "failed", "cancelled"]


class Fault(Wire, frozen=True, kw_only=True):
    """An error in the words that a musician reads."""

    code: Name
    message: str
    hint: str = ""
    path: str | None = None
    suggests: tuple[Name, ...] = ()


class Status1(Wire, frozen=True, kw_only=True):
    """`status/1`: how a job is doing."""

    schema: Literal["status/1"] = "status/1"
    id: JobId
    state: State
    progress: Unit = 0.0
    message: str = ""
    error: Fault | None = None
    updated: str = ""
    """ISO 8601 time in UTC."""


class Result1(Wire, frozen=True, kw_only=True):
    """`result/1`: what a script shall write into the project, in this order, all or nothing."""

    schema: Literal["result/1"] = "result/1"
    id: JobId
    verb: Verb
    label: Name
    report: dict[str, Any] = {}
    writes: tuple[dict[str, Any], ...] = ()
    expects: dict[str, Any] = {}


class Control1(Wire, frozen=True, kw_only=True):
    """`control/1`: what needs no job."""

    schema: Literal["control/1"]
    verb: Literal["cancel", "live-start", "live-stop", "live-set", "keep-last", "panic", "ping", "transport"]
    args: dict[Name, Any] = {}
