"""Time, behind one protocol, so that everything that waits can be tested without waiting."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from engines.api import Reporter
from engines.music.time import Seconds


class Clock(Protocol):
    """Where the bridge gets its time from."""

    def now(self) -> Seconds:
        """Monotonic seconds; only differences mean anything."""
        ...

    def stamp(self) -> str:
        """The date and time of day in UTC, ISO 8601, to the millisecond."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> Seconds:
        """Monotonic seconds."""
        return Seconds(time.perf_counter())

    def stamp(self) -> str:
        """Now, in UTC."""
        return datetime.now(UTC).isoformat(timespec="milliseconds")


@dataclass
class ManualClock:
    """A clock that a test moves by hand."""

    seconds: float = 0.0

    def now(self) -> Seconds:
        """The time it was set to."""
        return Seconds(self.seconds)

    def stamp(self) -> str:
        """The time it was set to, counted from 1970."""
        return datetime.fromtimestamp(self.seconds, UTC).isoformat(timespec="milliseconds")

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self.seconds += seconds


class Stopwatch:
    """Milliseconds for each stage of a piece of work, for `timing_ms` in reports."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._begin = self._last = clock.now()
        self._laps: dict[str, float] = {}

    def lap(self, stage: str) -> None:
        """What happened since the last lap was this stage."""
        now = self._clock.now()
        self._laps[stage] = round(self._laps.get(stage, 0.0) + (now - self._last) * 1000, 1)
        self._last = now

    def stages(self, report: Reporter, names: Mapping[str, str]) -> Reporter:
        """A reporter that hands on what it hears, and takes a lap whenever another stage begins; `names` says what a stage's
        message is called in the timing.
        """
        now: list[str] = []

        def heard(progress: float, message: str) -> None:
            if now != [message]:
                if now:
                    self.lap(names.get(now[0], now[0]))
                now[:] = [message]
            report(progress, message)

        return heard

    def timing(self) -> dict[str, float]:
        """Every stage so far, and the total."""
        return {**self._laps, "total": round((self._clock.now() - self._begin) * 1000, 1)}
