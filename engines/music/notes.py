"""What a clip holds: notes, and the events that shape them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NoReturn

from engines.errors import InvalidMusic
from engines.music.time import Ticks

DRUM_CHANNEL = 9
"""General MIDI's drum channel, channel 10 as musicians count."""


@dataclass(frozen=True, slots=True, order=True)
class Note:
    """One note, placed from the start of its clip (or of the song, where a function says so)."""

    start: Ticks
    """Onset."""
    length: Ticks
    """Sounding length, at least one tick."""
    pitch: int
    """MIDI pitch, 60 = middle C."""
    velocity: int = 80
    """1 to 127."""
    channel: int = 0
    """0 to 15."""
    release: int = 0
    """Note-off velocity, 0 to 127."""

    def __post_init__(self) -> None:
        if not (
            0 <= self.pitch <= 127
            and 1 <= self.velocity <= 127
            and self.length >= 1
            and 0 <= self.channel <= 15
            and 0 <= self.release <= 127
        ):
            _reject(self)

    @property
    def end(self) -> Ticks:
        """The tick at which it has stopped."""
        return Ticks(self.start + self.length)

    @property
    def is_drum(self) -> bool:
        """Whether it is a stroke on the General MIDI kit."""
        return self.channel == DRUM_CHANNEL


def _reject(note: Note) -> NoReturn:
    raise InvalidMusic(
        f"Not a playable note: {note}.",
        "Pitch and release are 0 to 127, velocity 1 to 127, channel 0 to 15, length at least one tick.",
    )


def _check(what: str, value: int, low: int, high: int) -> None:
    if not low <= value <= high:
        raise InvalidMusic(f"A {what} of {value} is out of range.", f"Use {low} to {high}.")


@dataclass(frozen=True, slots=True, order=True)
class Control:
    """A controller value, such as pedal (64) or expression (11)."""

    tick: Ticks
    controller: int
    """0 to 127; 120 and above are channel-mode messages."""
    value: int
    """0 to 127."""
    channel: int = 0

    def __post_init__(self) -> None:
        _check("controller", self.controller, 0, 127)
        _check("controller value", self.value, 0, 127)
        _check("channel", self.channel, 0, 15)


@dataclass(frozen=True, slots=True, order=True)
class PitchBend:
    """A bend of the whole channel."""

    tick: Ticks
    value: int
    """-8192 to 8191, 0 in the middle."""
    channel: int = 0

    def __post_init__(self) -> None:
        _check("pitch bend", self.value, -8192, 8191)
        _check("channel", self.channel, 0, 15)


@dataclass(frozen=True, slots=True, order=True)
class Program:
    """A change of instrument."""

    tick: Ticks
    program: int
    """0 to 127, General MIDI counted from 0."""
    channel: int = 0

    def __post_init__(self) -> None:
        _check("program", self.program, 0, 127)
        _check("channel", self.channel, 0, 15)


@dataclass(frozen=True, slots=True, order=True)
class Pressure:
    """Aftertouch, of one key or of the whole channel."""

    tick: Ticks
    value: int
    """0 to 127."""
    pitch: int | None = None
    """The key, or None for channel pressure."""
    channel: int = 0

    def __post_init__(self) -> None:
        _check("pressure", self.value, 0, 127)
        if self.pitch is not None:
            _check("pitch", self.pitch, 0, 127)
        _check("channel", self.channel, 0, 15)


@dataclass(frozen=True, slots=True, order=True)
class Text:
    """Words at a moment: a lyric, a cue, a remark."""

    tick: Ticks
    text: str
    kind: str = "text"
    """`text`, `lyric` or `cue`."""


Event = Control | PitchBend | Program | Pressure | Text
"""Everything in a clip that is not a note."""
