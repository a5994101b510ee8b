"""Time in a REAPER project: seconds in the file, ticks with us.

Tempo and meter stand in the `TEMPO` line and, where they change, as `PT` points of the tempo envelope. A project
measures tempo in quarter notes a minute whatever the meter, and a linear point glides evenly in time to the next, as
our `TempoMap` does.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from bridge.files.rpp.text import Block, fixed, number, senseless, whole
from engines.music.time import PPQ, Meter, MeterChange, MeterMap, TempoChange, TempoMap, Ticks

MAX_SECONDS = 10_000_000.0
"""Positions beyond this (four months) are damage, not music."""
_LINEAR, _SQUARE = 0, 1
_METER_ONLY, _SHORT_BAR = 2, 4
"""Flags of a point with a meter: 1 is always set; 2 leaves the tempo as it is; 4 lets the bar before it be short."""
_SAME_TEMPO = 1e-6
"""Relative difference below which a point that only sets the meter lies on the tempo around it."""


@dataclass(frozen=True, slots=True)
class TempoPoint:
    """From here on the project moves at this tempo."""

    seconds: float
    qpm: float
    linear: bool


@dataclass(frozen=True)
class ProjectTime:
    """A project's own time map. Positions go through it unrounded, so that no error adds up along the tempo points."""

    points: tuple[TempoPoint, ...]
    """In order of time, the first at 0."""
    meters: tuple[tuple[float, Meter], ...]
    """Seconds and meter; the first at 0."""

    @cached_property
    def _seconds(self) -> list[float]:
        return [point.seconds for point in self.points]

    @cached_property
    def _quarters(self) -> list[float]:
        out = [0.0]
        for a, b in zip(self.points, self.points[1:], strict=False):
            mean = (a.qpm + b.qpm) / 2 if a.linear else a.qpm
            out.append(out[-1] + (b.seconds - a.seconds) * mean / 60.0)
        return out

    def qpm_at(self, seconds: float) -> float:
        """The tempo at a moment, inside a glide too."""
        i = max(0, bisect_right(self._seconds, seconds) - 1)
        point = self.points[i]
        if not point.linear or i + 1 == len(self.points):
            return point.qpm
        after = self.points[i + 1]
        return point.qpm + (after.qpm - point.qpm) * (seconds - point.seconds) / (after.seconds - point.seconds)

    def quarters_at(self, seconds: float) -> float:
        """Quarter notes from the start of the project; before it, at the first tempo."""
        i = max(0, bisect_right(self._seconds, seconds) - 1)
        elapsed = seconds - self._seconds[i]
        tempo = self.points[i].qpm if seconds < 0 else (self.points[i].qpm + self.qpm_at(seconds)) / 2
        return self._quarters[i] + elapsed * tempo / 60.0

    def ticks_at(self, seconds: float) -> Ticks:
        """The nearest tick."""
        return Ticks(math.floor(self.quarters_at(seconds) * PPQ + 0.5))

    def tempo_map(self) -> TempoMap:
        """The same in ticks, every change at the nearest."""
        changes = {tick: TempoChange(tick, p.qpm, p.linear) for p in self.points for tick in [self.ticks_at(p.seconds)]}
        return TempoMap(tuple(changes.values()))

    def meter_map(self) -> MeterMap:
        """The meters in ticks."""
        changes = {tick: MeterChange(tick, meter) for s, meter in self.meters for tick in [self.ticks_at(s)]}
        return MeterMap(tuple(changes.values()))


def read_time(project: Block) -> ProjectTime:
    """The time map of a project block."""
    base = project.row("TEMPO") or ["TEMPO"]
    qpm = number(base, 1, 120.0)
    envelope = next(project.blocks("TEMPOENVEX"), None)
    rows = [] if envelope is None else sorted((r for r in envelope.rows() if r[0] == "PT"), key=position)
    default = whole((envelope and envelope.row("DEFSHAPE")) or ["DEFSHAPE"], 1, _SQUARE)
    points = {0.0: TempoPoint(0.0, qpm, linear=False)}
    meters = {0.0: Meter(whole(base, 2, 4), whole(base, 3, 4))}
    meter_only: list[TempoPoint] = []
    for row in rows:
        shape = whole(row, 3, -1)
        point = TempoPoint(position(row), number(row, 2), (default if shape < 0 else shape) == _LINEAR)
        packed, flags = whole(row, 4, 0), whole(row, 6, 1)
        if packed > 0:
            meters[point.seconds] = Meter(packed & 0xFFFF, packed >> 16)
        if packed > 0 and flags & _METER_ONLY and point.seconds > 0:
            meter_only.append(point)
        else:
            points[point.seconds] = point
    return ProjectTime(_settled(points, meter_only), tuple(meters.items()))


def _settled(points: dict[float, TempoPoint], meter_only: list[TempoPoint]) -> tuple[TempoPoint, ...]:
    """The points that shape the tempo. One that only sets the meter counts when its tempo says otherwise."""
    for point in points.values():
        TempoChange(Ticks(0), point.qpm)  # refuses a tempo that nobody can play
    around = ProjectTime(tuple(points.values()), ())
    for point in meter_only:
        if abs(around.qpm_at(point.seconds) - point.qpm) > _SAME_TEMPO * abs(point.qpm):
            TempoChange(Ticks(0), point.qpm)
            points[point.seconds] = point
    return tuple(points[s] for s in sorted(points))


def position(row: list[str], index: int = 1) -> float:
    """A moment in a project, in seconds: never before its start, never absurdly late."""
    seconds = number(row, index)
    if not -1e-9 <= seconds <= MAX_SECONDS:
        raise senseless(row)
    return max(0.0, seconds)


def write_time(tempo: TempoMap, meter: MeterMap, envelope_id: str) -> Iterator[str]:
    """The `TEMPO` line and the tempo envelope."""
    first, bars = tempo.changes[0], meter.changes[0].meter
    yield f"  TEMPO {fixed(float(first.qpm))} {bars.numerator} {bars.denominator}"
    points = list(_points(tempo, meter)) if len(tempo.changes) > 1 or len(meter.changes) > 1 else []
    yield "  <TEMPOENVEX"
    yield f"    EGUID {envelope_id}"
    yield f"    ACT {int(bool(points))} -1"
    yield from ("    VIS 1 0 1", "    LANEHEIGHT 0 0", "    ARM 0", "    DEFSHAPE 1 -1 -1")
    yield from points
    yield "  >"


def _points(tempo: TempoMap, meter: MeterMap) -> Iterator[str]:
    changes = {change.tick: change for change in tempo.changes}
    meters = {change.tick: change.meter for change in meter.changes}
    pairs = zip(meter.changes, meter.changes[1:], strict=False)
    short = {after.tick for before, after in pairs if (after.tick - before.tick) % before.meter.bar}
    linear = False
    for tick in sorted(changes.keys() | meters.keys()):
        change = changes.get(tick)
        linear = linear if change is None else change.linear
        qpm = tempo.qpm_at(tick) if change is None else float(change.qpm)
        line = f"    PT {fixed(tempo.seconds_at(tick))} {fixed(qpm)} {_LINEAR if linear else _SQUARE}"
        bars = meters.get(tick)
        if bars is not None:
            flags = 1 | (0 if change else _METER_ONLY) | (_SHORT_BAR if tick in short else 0)
            line += f" {bars.numerator + (bars.denominator << 16)} 0 {flags}"
        yield line
