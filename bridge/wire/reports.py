"""What verbs print and write: report, analysis, error; and the brief that `plan` reads."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec

from bridge.installing import fitted
from bridge.wire.codec import Name, Unit, Wire
from bridge.wire.jobs import Fault, MeterText
from engines.errors import EngineError


class Error1(Wire, frozen=True, kw_only=True):
    """`error/1`: printed with `--json` when a verb fails."""

    schema: Literal["error/1"] = "error/1"
    error: Fault


def fault(error: EngineError) -> Fault:
    """An error in wire form."""
    return Fault(
        code=error.code, message=error.message, hint=fitted(error.hint), path=error.path, suggests=tuple(error.suggests)
    )


class Warned(Wire, frozen=True, kw_only=True):
    """A notice as reports carry it."""

    code: Name
    message: str
    hint: str = ""


class MeterAt(Wire, frozen=True, kw_only=True):
    """A meter from a bar on."""

    bar: int
    meter: MeterText


class TempoAt(Wire, frozen=True, kw_only=True):
    """A tempo from a beat on."""

    bar: int
    beat: float
    qpm: float


class KeyAt(Wire, frozen=True, kw_only=True):
    """A key from a bar on."""

    bar: int
    tonic: Name
    mode: Name
    confidence: Unit


class ChordAt(Wire, frozen=True, kw_only=True):
    """A chord from a beat on."""

    bar: int
    beat: float
    symbol: Name


class PhraseAt(Wire, frozen=True, kw_only=True):
    """A phrase."""

    label: Name
    start_bar: int
    bars: int


class TrackSeen(Wire, frozen=True, kw_only=True):
    """A track and what it seems to do."""

    name: str
    role: Name
    program: int | None
    notes: int


class Analysis1(Wire, frozen=True, kw_only=True):
    """`analysis/1`: what `analyze --json` prints."""

    schema: Literal["analysis/1"] = "analysis/1"
    meter: tuple[MeterAt, ...]
    tempo: tuple[TempoAt, ...]
    key: tuple[KeyAt, ...]
    chords: tuple[ChordAt, ...]
    chords_from: Name
    phrases: tuple[PhraseAt, ...]
    tracks: tuple[TrackSeen, ...]
    warnings: tuple[Warned, ...] = ()


class ModelUsed(Wire, frozen=True, kw_only=True):
    """A model that took part."""

    id: Name
    sha256: Name
    provider: Name


class Report1(Wire, frozen=True, kw_only=True):
    """`report/1`: written beside every result. The parts that only one verb has are plain JSON."""

    schema: Literal["report/1"] = "report/1"
    verb: Name
    seed: int
    version: Name
    source: dict[str, Any] = {}
    models: tuple[ModelUsed, ...] = ()
    timing_ms: dict[Name, float] = {}
    phrases: tuple[dict[str, Any], ...] = ()
    parts: tuple[dict[str, Any], ...] = ()
    takes: tuple[dict[str, Any], ...] = ()
    warnings: tuple[Warned, ...] = ()


class LibraryClip(Wire, frozen=True, kw_only=True):
    """A clip of the user's own that a plan may use."""

    id: Name
    kind: Literal["audio", "midi"]
    role: Name
    loop: bool = False
    bars: Annotated[float, msgspec.Meta(gt=0)] | None = None
    bpm: float | None = None
    key: str | None = None
    file: str | None = None


class Theme(Wire, frozen=True, kw_only=True):
    """A melody that must return."""

    id: Name
    ppq: Annotated[int, msgspec.Meta(ge=1, le=32767)]
    meter: MeterText = "4/4"
    notes: tuple[tuple[int, int, int, int], ...] = ()
    """[onset, duration, pitch, velocity]."""


class BriefTempo(Wire, frozen=True, kw_only=True):
    """The tempo a brief asks for."""

    qpm: Annotated[float, msgspec.Meta(gt=0)] | None = None
    min: float | None = None
    max: float | None = None
    exact: bool = False


class BriefKey(Wire, frozen=True, kw_only=True):
    """The key a brief asks for."""

    tonic: Name
    mode: Name = "major"


class BriefDuration(Wire, frozen=True, kw_only=True):
    """The length a brief asks for, in seconds."""

    target: float | None = None
    tol: float | None = None


class BriefBars(Wire, frozen=True, kw_only=True):
    """The length a brief asks for, in bars."""

    target: int | None = None
    min: int | None = None
    max: int | None = None


class FormEntry(Wire, frozen=True, kw_only=True):
    """One section of the form a brief asks for."""

    type: Name | None = None
    label: Name | None = None
    bars: Annotated[int, msgspec.Meta(ge=1)] | None = None


class BriefRoles(Wire, frozen=True, kw_only=True):
    """Parts that must or must not be there."""

    require: tuple[Name, ...] = ()
    forbid: tuple[Name, ...] = ()


class BriefCue(Wire, frozen=True, kw_only=True):
    """A moment that bars must meet."""

    label: Name
    time: Annotated[str, msgspec.Meta(pattern=r"^[0-9]+/[1-9][0-9]*$")]
    """Seconds as a fraction, `41/1`."""
    on: Literal["bar", "beat", "free"] = "bar"


class Brief1(Wire, frozen=True, kw_only=True):
    """`brief/1`: a prompt with everything that is already decided.

    A field that a plan's brief has too overrides the prompt; None leaves it to the prompt.
    """

    schema: Literal["brief/1"]
    prompt: str = ""
    library: tuple[LibraryClip, ...] = ()
    themes: tuple[Theme, ...] = ()
    lyrics: dict[Name, tuple[str, ...]] = {}
    style: Name | None = None
    tempo: BriefTempo | None = None
    meter: MeterText | None = None
    key: BriefKey | None = None
    duration_s: BriefDuration | None = None
    bars: BriefBars | None = None
    form: tuple[FormEntry, ...] | None = None
    roles: BriefRoles | None = None
    cues: tuple[BriefCue, ...] | None = None
    energy: tuple[Unit, ...] | None = None
    feel: Literal["straight", "swing8", "swing16", "shuffle", "triplet", "halftime"] | None = None
    loop: bool | None = None
    sources: tuple[Literal["user", "library", "engine", "factory"], ...] | None = None
