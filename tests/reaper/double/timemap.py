"""Tempo and meter as REAPER's time map has them: markers at seconds, tempo steps or ramps, meters that start a measure."""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class TempoMarker:
    """One tempo or meter change."""

    seconds: float
    qpm: float
    """Quarter notes per minute, whatever the meter."""
    numerator: int = 0
    """0 where the meter goes on."""
    denominator: int = 0
    linear: bool = False
    """Whether the tempo moves in a straight line (over time) to that of the next marker."""


@dataclass(frozen=True, slots=True)
class Measure:
    """Where a measure lies."""

    index: int
    """From 0."""
    start_qn: float
    numerator: int
    denominator: int

    @property
    def length_qn(self) -> float:
        return self.numerator * 4 / self.denominator


class TimeMap:
    """Seconds, quarter notes and measures of one project."""

    def __init__(
        self, markers: list[TempoMarker], qpm: float = 120.0, numerator: int = 4, denominator: int = 4
    ) -> None:
        self.markers = sorted(markers, key=lambda m: m.seconds)
        first = TempoMarker(0.0, qpm, numerator, denominator)
        if self.markers and self.markers[0].seconds <= 1e-9:
            head = self.markers[0]
            self._points = [
                replace(head, numerator=head.numerator or numerator, denominator=head.denominator or denominator),
                *self.markers[1:],
            ]
        else:
            self._points = [first, *self.markers]
        self._starts = [point.seconds for point in self._points]
        self._quarters = [0.0]
        for i in range(1, len(self._points)):
            self._quarters.append(self._quarters[-1] + self._quarters_in(i - 1, self._starts[i] - self._starts[i - 1]))

    def _slope(self, i: int) -> float:
        """How the tempo changes in quarter notes per minute and second."""
        if not self._points[i].linear or i + 1 == len(self._points):
            return 0.0
        span = self._starts[i + 1] - self._starts[i]
        return (self._points[i + 1].qpm - self._points[i].qpm) / span if span > 0 else 0.0

    def _quarters_in(self, i: int, seconds: float) -> float:
        return (self._points[i].qpm * seconds + self._slope(i) * seconds * seconds / 2) / 60

    def _at(self, seconds: float) -> int:
        return max(0, bisect_right(self._starts, seconds + 1e-12) - 1)

    def to_qn(self, seconds: float) -> float:
        """Quarter notes from the project's start."""
        i = self._at(seconds)
        if seconds < 0:
            return seconds * self._points[0].qpm / 60
        return self._quarters[i] + self._quarters_in(i, seconds - self._starts[i])

    def to_seconds(self, qn: float) -> float:
        """The inverse of `to_qn`."""
        if qn < 0:
            return qn * 60 / self._points[0].qpm
        i = max(0, bisect_right(self._quarters, qn + 1e-12) - 1)
        start, slope, rest = self._points[i].qpm, self._slope(i), (qn - self._quarters[i]) * 60
        if slope == 0:
            return self._starts[i] + rest / start
        return self._starts[i] + (math.sqrt(max(0.0, start * start + 2 * slope * rest)) - start) / slope

    def qpm_at(self, seconds: float) -> float:
        """The tempo there."""
        i = self._at(seconds)
        return self._points[i].qpm + self._slope(i) * max(0.0, seconds - self._starts[i])

    def meter_at(self, seconds: float) -> tuple[int, int]:
        """The meter there."""
        here = self.measure_at(self.to_qn(seconds))
        return here.numerator, here.denominator

    def _meters(self) -> list[Measure]:
        """The measures at which a meter begins."""
        out: list[Measure] = []
        for point, qn in zip(self._points, self._quarters, strict=True):
            if not point.numerator:
                continue
            index = 0
            if out:
                before = out[-1]
                index = before.index + max(0, math.ceil((qn - before.start_qn) / before.length_qn - 1e-9))
            out.append(Measure(index, qn, point.numerator, point.denominator))
        return out

    def measure_at(self, qn: float) -> Measure:
        """The measure that a position lies in."""
        meters = self._meters()
        i = max(0, bisect_right([m.start_qn for m in meters], qn + 1e-9) - 1)
        base = meters[i]
        passed = math.floor((qn - base.start_qn) / base.length_qn + 1e-9)
        return Measure(base.index + passed, base.start_qn + passed * base.length_qn, base.numerator, base.denominator)

    def measure(self, index: int) -> Measure:
        """A measure by its number, from 0."""
        meters = self._meters()
        base = [m for m in meters if m.index <= index][-1] if index >= 0 else meters[0]
        steps = index - base.index
        return Measure(index, base.start_qn + steps * base.length_qn, base.numerator, base.denominator)

    def measure_end(self, measure: Measure) -> float:
        """Where a measure ends: a new meter may cut it short."""
        end = measure.start_qn + measure.length_qn
        return min([end, *(m.start_qn for m in self._meters() if m.start_qn > measure.start_qn + 1e-9)])

    def next_change(self, seconds: float) -> float | None:
        """Where the next tempo or meter marker stands."""
        return next((start for start in self._starts if start > seconds + 1e-12), None)
