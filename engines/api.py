"""What the bridge and an engine say to each other.

An engine is a class with a `task`, built with `Resources` and run with a request. It owns no thread, no clock and no file:
luck, models and time are handed to it. Engines do not call each other; where one needs another's music, the bridge gives it
a `ClipSource`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, ClassVar, Protocol, runtime_checkable

from engines.errors import Notice
from engines.music.chance import Chance
from engines.music.edits import Mask
from engines.music.harmony import ChordTrack, Key, KeyTrack
from engines.music.notes import Event, Note
from engines.music.song import MidiClip, Section, Song
from engines.music.time import MeterMap, Seconds, TempoMap, Ticks


class Shelf(Protocol):
    """One kind of shipped or user-made data. What the user put there shadows what was shipped, by id."""

    def ids(self) -> tuple[str, ...]:
        """What stands here, sorted."""
        ...

    def read(self, name: str) -> bytes:
        """A file's content, or NotThere."""
        ...

    def path(self, name: str) -> str:
        """A file's place on disk, for what is mapped instead of read."""
        ...


@dataclass(frozen=True)
class Resources:
    """Everything an engine may draw on, put together by the bridge."""

    models: Shelf
    """Model packages."""
    styles: Shelf
    """Style packs: phrase databases."""
    bands: Shelf
    """Who plays in which band."""
    forms: Shelf
    """Song forms."""
    songs: Shelf
    """Songs and house clips."""
    analysis: Shelf
    """Tables of the listening side: keys, chords, phrases."""
    rack: object = None
    """Where models are opened: an `engines.models.rack.Rack`, which `Rack.of(resources)` takes out. This page stands below
    that one and cannot name it."""


class Reporter(Protocol):
    """Progress on its way to the musician. Raises Cancelled when the musician has had enough."""

    def __call__(self, progress: float, message: str) -> None:
        """How far (0 to 1), and what is being done."""
        ...


def unheard(progress: float, message: str) -> None:
    """A reporter that nobody listens to."""


@dataclass(frozen=True)
class Request:
    """What every task gets."""

    song: Song
    """The music there is."""
    seed: int = 1
    takes: int = 1
    """How many alternatives. Take 1 of a seed is the same however many are asked for."""


@dataclass(frozen=True)
class AnalyzeRequest(Request):
    """What is this?"""

    chords: ChordTrack | None = None
    """Chords that the musician stated; they win over everything found."""
    key: Key | None = None


@dataclass(frozen=True)
class ArrangeRequest(Request):
    """Accompany this lead sheet."""

    chords: ChordTrack | None = None
    key: Key | None = None
    phrases: str | None = None
    """`A8A8B8`."""
    style: str | None = None
    density: float = 0.5
    faithful: float = 0.5
    humanise: float = 1.0
    """How much of the donors' lateness is played; 0 puts every note on the grid."""
    by_rule: bool = False
    """Without a model: rules put the donors' notes on the chords."""
    like: Song | None = None
    """Music of the musician's own to play like; the style is for meters that it has not."""
    first_bar: int = 1
    """What the musician's ruler calls the song's first bar, for words that name bars."""


@dataclass(frozen=True)
class OrchestrateRequest(Request):
    """Give this texture to these players."""

    band: str | None = None
    parts: tuple[str, ...] = ()
    to_piano: bool = False
    add_drums: bool = False
    style: str | None = None
    density: float = 0.5
    faithful: float = 0.5


@dataclass(frozen=True)
class FillRequest(Request):
    """Write what is missing here."""

    mask: Mask = Mask(())
    task: str = "fill"
    key: Key | None = None
    density: float | None = None
    register: tuple[int, int] | None = None
    polyphony: int | None = None
    similarity: float | None = None


@dataclass(frozen=True)
class PlanRequest(Request):
    """Plan a song."""

    brief: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True)
class KeySpan:
    """A key from here on."""

    tick: Ticks
    key: Key
    confidence: float
    """0 to 1."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """One phrase, in whole bars."""

    start_bar: int
    """Its first bar, from 1 as the ruler counts."""
    bars: int
    """Its length."""
    label: str
    """A capital with melody, lower case without, equal letters for equal material; `i` before the melody enters, `o` after
    it has left, `X` and `x` where the alphabet is used up."""
    confidence: float = 1.0
    """How likely a phrase starts here, 0 to 1; 1 where a piece or a meter begins."""
    pickup: Ticks = Ticks(0)
    """How long before its first bar line its melody begins."""

    @property
    def has_melody(self) -> bool:
        """Whether the melody plays in it."""
        return self.label.isupper()

    def __str__(self) -> str:
        return f"{self.label}{self.bars}"


@dataclass(frozen=True)
class PartSeen:
    """A track and what it seems to do."""

    name: str
    role: str
    confidence: float
    reason: str
    """Why, in words."""
    program: int | None
    notes: int


@dataclass(frozen=True)
class Analysis:
    """What a piece is made of."""

    song: Song
    """The piece."""
    keys: tuple[KeySpan, ...]
    chords: ChordTrack
    chords_from: str
    """Where the chords come from: `given`, `chord track`, `markers`, `block chords`, `recognition`, `harmonisation`."""
    phrases: tuple[Phrase, ...]
    tracks: tuple[PartSeen, ...]
    melody: tuple[Note, ...]
    """The tune, in song ticks; empty when there is none."""
    lead_sheet: Song
    """Melody, chords and keys alone, with the piece's time and sections."""
    notices: tuple[Notice, ...] = ()

    @property
    def form(self) -> str:
        """The phrase string, `i4A8A8B8o4`."""
        return "".join(map(str, self.phrases))

    @property
    def sections(self) -> tuple[Section, ...]:
        """The phrases as sections of the song."""
        meter = self.song.meter
        return tuple(
            Section(phrase.label, start, Ticks(meter.bar_start(phrase.start_bar + phrase.bars) - start), phrase.label)
            for phrase in self.phrases
            for start in (meter.bar_start(phrase.start_bar),)
        )


@dataclass(frozen=True)
class ModelUse:
    """A model that took part."""

    id: str
    sha256: str
    provider: str


@dataclass(frozen=True)
class Take:
    """One finished alternative."""

    song: Song
    seed: int
    facts: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    """What the report says of this take alone."""


@dataclass(frozen=True)
class Result:
    """What an engine hands back."""

    takes: tuple[Take, ...]
    models: tuple[ModelUse, ...] = ()
    analysis: Analysis | None = None
    """What the engine heard in the request's song, where it listened."""
    notices: tuple[Notice, ...] = ()
    report: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    """What the report says beside seed, version and files: phrases, donors."""


@runtime_checkable
class Engine(Protocol):
    """Turns a request into takes."""

    task: ClassVar[str]
    """The verb it serves."""

    def __init__(self, resources: Resources) -> None: ...

    def run(self, request: Any, chance: Chance, report: Reporter) -> Result:
        """Do the work. The same request and chance give the same result, to the byte."""
        ...


@dataclass(frozen=True, slots=True)
class Played:
    """A moment of live music: bytes of one MIDI message and when it happened or shall happen."""

    when: Seconds
    message: bytes


@runtime_checkable
class Improviser(Protocol):
    """A partner in live play: a state machine that is told the time and never asks for it."""

    task: ClassVar[str]

    def __init__(self, resources: Resources) -> None: ...

    def feed(self, event: Played, now: Seconds) -> None:
        """The player did something."""
        ...

    def offer(self, prediction: Any, now: Seconds) -> None:
        """The model has an idea; it may come too late."""
        ...

    def due(self, now: Seconds) -> Sequence[Played]:
        """What is to be played by now."""
        ...

    def next_deadline(self) -> Seconds | None:
        """When `due` should be called next."""
        ...

    def release_all(self, now: Seconds) -> Iterable[Played]:
        """Let go of everything that sounds. Always safe, any number of times."""
        ...


@dataclass(frozen=True)
class ClipRequest:
    """What a planner asks of a clip source."""

    role: str
    bars: int
    key: Key
    chords: ChordTrack
    tempo: TempoMap
    meter: MeterMap
    energy: float = 0.5
    phrase_position: float = 0.0
    """Where in its phrase the clip begins, 0 to 1."""
    theme: tuple[Note, ...] = ()
    """A melody to develop."""
    seed: int = 1


class ClipSource(Protocol):
    """Where a planner gets its clips from; composed by the bridge out of engines and libraries."""

    def clip(self, request: ClipRequest, report: Reporter) -> MidiClip | None:
        """A clip that fits, or None when this source has none."""
        ...


__all__ = [
    "Analysis",
    "AnalyzeRequest",
    "ArrangeRequest",
    "Chance",
    "ClipRequest",
    "ClipSource",
    "Engine",
    "Event",
    "FillRequest",
    "Improviser",
    "KeySpan",
    "KeyTrack",
    "ModelUse",
    "OrchestrateRequest",
    "PartSeen",
    "Phrase",
    "PlanRequest",
    "Played",
    "Reporter",
    "Request",
    "Resources",
    "Result",
    "Shelf",
    "Take",
    "Ticks",
    "unheard",
]
