"""Musical time: ticks, meters, tempo, and the ways between them.

Inside the product every position is a whole number of ticks, 960 to the quarter note. Seconds appear only at the edges
(a preview, a cue, a live port) and always through a `TempoMap`.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from typing import NewType

from engines.errors import InvalidMusic

Ticks = NewType("Ticks", int)
Seconds = NewType("Seconds", float)

PPQ = 960
"""Ticks per quarter note."""

MIN_QPM, MAX_QPM = 1.0, 2000.0
"""Tempi outside this range are mistakes in a file, not music."""


@dataclass(frozen=True, slots=True)
class Meter:
    """A time signature."""

    numerator: int
    """How many units fill a bar."""
    denominator: int
    """The unit as a fraction of a whole note, a power of two."""

    def __post_init__(self) -> None:
        if not 1 <= self.numerator <= 255 or self.denominator not in (1, 2, 4, 8, 16, 32, 64, 128):
            raise InvalidMusic(
                f"{self.numerator}/{self.denominator} is not a meter.",
                "Use 1 to 255 over a power of two up to 128, such as 4/4, 6/8 or 5/4.",
            )

    @classmethod
    def parse(cls, text: str) -> Meter:
        """`6/8`, and nothing else."""
        above, slash, below = text.strip().partition("/")
        if not slash or not above.isascii() or not above.isdigit() or not below.isascii() or not below.isdigit():
            raise InvalidMusic(f"{text!r} is not a meter.", "Write it as 4/4, 6/8 or 5/4.")
        return cls(int(above[:6]), int(below[:6]))

    def __str__(self) -> str:
        return f"{self.numerator}/{self.denominator}"

    @property
    def unit(self) -> Ticks:
        """One denominator unit: the beat that a ruler counts (an eighth in 6/8)."""
        return Ticks(4 * PPQ // self.denominator)

    @property
    def bar(self) -> Ticks:
        """One whole bar."""
        return Ticks(self.numerator * self.unit)

    @property
    def is_compound(self) -> bool:
        """Whether the felt beat divides in three: 6/8, 9/8, 12/8, and 3/8 counted in one."""
        return self.denominator >= 8 and self.numerator % 3 == 0

    @property
    def pulse(self) -> Ticks:
        """The felt beat: a dotted quarter in 6/8, a quarter in 4/4 and 5/4, the plain unit otherwise."""
        return Ticks(self.unit * 3) if self.is_compound else self.unit

    @property
    def is_triple(self) -> bool:
        """Whether a bar holds three felt beats (3/4, 9/8), or one that divides in three (3/8)."""
        pulses = self.bar // self.pulse
        return pulses == 3 or (pulses == 1 and self.is_compound)


COMMON_TIME = Meter(4, 4)


@dataclass(frozen=True, slots=True)
class MeterChange:
    """From this tick on, bars have this meter. A change always starts a bar."""

    tick: Ticks
    meter: Meter


@dataclass(frozen=True, slots=True)
class BarBeat:
    """A position as a musician says it: bar and beat from 1, and ticks after that beat."""

    bar: int
    beat: int
    tick: Ticks = Ticks(0)

    def __str__(self) -> str:
        return f"{self.bar}.{self.beat}" + (f".{self.tick}" if self.tick else "")


@dataclass(frozen=True)
class MeterMap:
    """Where bars begin. A change inside a bar cuts that bar short, as REAPER's ruler does.

    Bars count from 1. A pickup written as a short first bar is bar 1.
    """

    changes: tuple[MeterChange, ...] = (MeterChange(Ticks(0), COMMON_TIME),)
    """In order of time, the first at tick 0."""

    def __post_init__(self) -> None:
        if not self.changes or self.changes[0].tick != 0:
            raise InvalidMusic("A meter map starts at tick 0.", "Give the first meter at the very start.")
        if any(a.tick >= b.tick for a, b in pairwise(self.changes)):
            raise InvalidMusic("Meter changes are out of order.", "Sort them by time, one for each position.")

    @classmethod
    def of(cls, *changes: tuple[int, str]) -> MeterMap:
        """`MeterMap.of((0, "3/4"), (8640, "4/4"))`."""
        return cls(tuple(MeterChange(Ticks(tick), Meter.parse(meter)) for tick, meter in changes))

    @cached_property
    def _starts(self) -> list[int]:
        return [change.tick for change in self.changes]

    @cached_property
    def _first_bars(self) -> list[int]:
        """The bar number at each change."""
        bars = [1]
        for before, after in pairwise(self.changes):
            bars.append(bars[-1] + -(-(after.tick - before.tick) // before.meter.bar))
        return bars

    def _index_at(self, tick: int) -> int:
        return max(0, bisect_right(self._starts, tick) - 1)

    def meter_at(self, tick: int) -> Meter:
        """The meter that is in force at a tick."""
        return self.changes[self._index_at(tick)].meter

    def bar_at(self, tick: int) -> int:
        """The number of the bar that a tick lies in; ticks before 0 count down from bar 1."""
        i = self._index_at(tick)
        return self._first_bars[i] + (tick - self._starts[i]) // self.changes[i].meter.bar

    def bar_start(self, bar: int) -> Ticks:
        """The tick at which a bar begins. Bars after the last change go on for ever, bars before 1 likewise."""
        i = max(0, bisect_right(self._first_bars, bar) - 1)
        return Ticks(self._starts[i] + (bar - self._first_bars[i]) * self.changes[i].meter.bar)

    def bar_end(self, bar: int) -> Ticks:
        """The tick at which the next bar begins."""
        return self.bar_start(bar + 1)

    def meter_of(self, bar: int) -> Meter:
        """The meter of a bar. A bar that a change cuts short still has the meter it was written in."""
        return self.meter_at(self.bar_start(bar))

    def position(self, tick: int) -> BarBeat:
        """Bar, beat and rest of a tick; beats are denominator units."""
        bar = self.bar_at(tick)
        start = self.bar_start(bar)
        unit = self.meter_at(start).unit
        beat, rest = divmod(tick - start, unit)
        return BarBeat(bar, beat + 1, Ticks(rest))

    def tick_of(self, position: BarBeat) -> Ticks:
        """The inverse of `position`."""
        start = self.bar_start(position.bar)
        return Ticks(start + (position.beat - 1) * self.meter_at(start).unit + position.tick)

    def bars_until(self, end: int) -> int:
        """How many bars it takes to hold everything before `end`; at least one."""
        return max(1, self.bar_at(max(0, end - 1)))

    def bar_lines(self, end: int) -> list[Ticks]:
        """The start of every bar that begins before `end`, and the line that closes the last."""
        return [self.bar_start(bar) for bar in range(1, self.bars_until(end) + 2)]

    def pulses(self, end: int) -> list[Ticks]:
        """Every felt beat before `end`, in order, and the line that closes the last bar."""
        out: list[Ticks] = []
        last = self.bars_until(end)
        for bar in range(1, last + 1):
            start, stop = self.bar_start(bar), self.bar_end(bar)
            out.extend(Ticks(t) for t in range(start, stop, self.meter_at(start).pulse))
        out.append(self.bar_end(last))
        return out

    def has_pickup(self) -> bool:
        """Whether bar 1 is shorter than the bar that follows it because a change cuts it or its meter is smaller."""
        if len(self.changes) < 2:
            return False
        first = self.bar_end(1)
        return first == self.changes[1].tick and first < self.meter_of(2).bar


@dataclass(frozen=True, slots=True)
class TempoChange:
    """From this tick on the music moves at this tempo."""

    tick: Ticks
    qpm: float | Fraction
    """Quarter notes per minute, whatever the meter. A Fraction where the source is exact."""
    linear: bool = False
    """Whether the tempo glides to the next change (evenly in time, as REAPER does) instead of holding."""

    def __post_init__(self) -> None:
        if not MIN_QPM <= self.qpm <= MAX_QPM:
            raise InvalidMusic(
                f"A tempo of {float(self.qpm):.6g} is not playable.",
                f"Use {MIN_QPM:.0f} to {MAX_QPM:.0f} quarter notes per minute.",
            )

    @classmethod
    def from_midi(cls, tick: int, microseconds: int) -> TempoChange:
        """The tempo of a MIDI set-tempo event, kept exactly."""
        if microseconds <= 0:
            raise InvalidMusic(
                "A tempo of 0 microseconds per quarter note is not playable.", "Correct the tempo event."
            )
        return cls(Ticks(tick), Fraction(60_000_000, microseconds))

    @property
    def midi_tempo(self) -> int:
        """Microseconds per quarter note, as a MIDI file stores it."""
        return max(1, min(0xFFFFFF, round(60_000_000 / Fraction(self.qpm))))


DEFAULT_QPM = 120.0


@dataclass(frozen=True)
class TempoMap:
    """Ticks to seconds and back.

    Steps convert exactly (rational arithmetic); ramps within one microsecond and one tick. Before tick 0 the first tempo
    is taken to have held for ever.
    """

    changes: tuple[TempoChange, ...] = field(default=(TempoChange(Ticks(0), DEFAULT_QPM),))
    """In order of time, the first at tick 0. `linear` on the last one has nowhere to go and means nothing."""

    def __post_init__(self) -> None:
        if not self.changes or self.changes[0].tick != 0:
            raise InvalidMusic("A tempo map starts at tick 0.", "Give the first tempo at the very start.")
        if any(a.tick >= b.tick for a, b in pairwise(self.changes)):
            raise InvalidMusic("Tempo changes are out of order.", "Sort them by time, one for each position.")

    @classmethod
    def constant(cls, qpm: float | Fraction) -> TempoMap:
        """One tempo throughout."""
        return cls((TempoChange(Ticks(0), qpm),))

    @cached_property
    def _ticks(self) -> list[int]:
        return [change.tick for change in self.changes]

    @cached_property
    def _exact(self) -> list[Fraction]:
        """Seconds at each change. A ramp takes as long as its mean tempo would: the glide is even in time."""
        out = [Fraction(0)]
        for a, b in pairwise(self.changes):
            quarters = Fraction(b.tick - a.tick, PPQ)
            mean = (Fraction(a.qpm) + Fraction(b.qpm)) / 2 if a.linear else Fraction(a.qpm)
            out.append(out[-1] + quarters * 60 / mean)
        return out

    @cached_property
    def _seconds(self) -> list[float]:
        return [float(s) for s in self._exact]

    def _ramp(self, i: int) -> tuple[float, float, float] | None:
        """(start qpm, end qpm, seconds) of segment i when it glides."""
        change = self.changes[i]
        if not change.linear or i + 1 == len(self.changes) or self.changes[i + 1].qpm == change.qpm:
            return None
        return float(change.qpm), float(self.changes[i + 1].qpm), float(self._exact[i + 1] - self._exact[i])

    def qpm_at(self, tick: int) -> float:
        """The tempo at a tick, inside a ramp too."""
        i = max(0, bisect_right(self._ticks, tick) - 1)
        ramp = self._ramp(i)
        if ramp is None or tick < 0:
            return float(self.changes[i].qpm)
        start, end, seconds = ramp
        return start + (end - start) * (self.seconds_at(tick) - self._seconds[i]) / seconds

    def exact_seconds_at(self, tick: int) -> Fraction:
        """Seconds as a fraction; inside a ramp, the float result as one."""
        i = max(0, bisect_right(self._ticks, tick) - 1)
        if self._ramp(i) is not None and tick >= 0:
            return Fraction(self.seconds_at(tick))
        return self._exact[i] + Fraction((tick - self._ticks[i]) * 60, PPQ) / Fraction(self.changes[i].qpm)

    def seconds_at(self, tick: int) -> Seconds:
        """When a tick sounds."""
        i = max(0, bisect_right(self._ticks, tick) - 1)
        quarters = (tick - self._ticks[i]) / PPQ
        ramp = self._ramp(i)
        if ramp is None or quarters < 0:
            return Seconds(self._seconds[i] + quarters * 60.0 / float(self.changes[i].qpm))
        start, end, length = ramp
        # quarters(t) = (start·t + slope·t²/2) / 60, solved for t in the form that stays exact for small slopes.
        slope = (end - start) / length
        root = math.sqrt(max(0.0, start * start + 2.0 * slope * 60.0 * quarters))
        return Seconds(self._seconds[i] + 120.0 * quarters / (start + root))

    def ticks_at(self, seconds: float) -> Ticks:
        """The nearest tick to a moment: the inverse of `seconds_at`."""
        i = max(0, bisect_right(self._seconds, seconds) - 1)
        elapsed = seconds - self._seconds[i]
        ramp = self._ramp(i)
        if ramp is None or elapsed < 0:
            quarters = elapsed * float(self.changes[i].qpm) / 60.0
        else:
            start, end, length = ramp
            quarters = elapsed * (start + (end - start) / length * elapsed / 2.0) / 60.0
        return Ticks(self._ticks[i] + math.floor(quarters * PPQ + 0.5))


@dataclass(frozen=True, slots=True)
class Division:
    """The ticks per quarter note of a file, and the way from them to ours.

    Files of up to 960 per quarter map there and back without loss. Finer files are rounded on the way in; their own ticks
    stay with the raw events, which is where untouched music is written back from.
    """

    per_quarter: int

    def __post_init__(self) -> None:
        if not 1 <= self.per_quarter <= 0x7FFF:
            raise InvalidMusic(
                f"{self.per_quarter} ticks per quarter note is not a division.", "A file has 1 to 32767 of them."
            )

    def to_ticks(self, file_tick: int) -> Ticks:
        """A file's tick in ours, to the nearest."""
        return Ticks((2 * file_tick * PPQ + self.per_quarter) // (2 * self.per_quarter))

    def from_ticks(self, tick: int) -> int:
        """Our tick in the file's, to the nearest."""
        return (2 * tick * self.per_quarter + PPQ) // (2 * PPQ)


def spans(boundaries: list[Ticks]) -> Iterator[tuple[Ticks, Ticks]]:
    """Neighbouring pairs: the bars between bar lines, the beats between pulses."""
    return pairwise(boundaries)
