"""Time behind a protocol."""

from __future__ import annotations

from bridge.clock import ManualClock, Stopwatch, SystemClock


def test_a_stopwatch_adds_up_its_laps() -> None:
    clock = ManualClock()
    watch = Stopwatch(clock)
    for stage, seconds in (("load", 0.25), ("analyse", 0.5), ("load", 0.25)):
        clock.advance(seconds)
        watch.lap(stage)
    assert watch.timing() == {"load": 500.0, "analyse": 500.0, "total": 1000.0}


def test_the_system_clock_never_runs_backwards() -> None:
    clock = SystemClock()
    assert clock.now() <= clock.now()
    assert clock.stamp().endswith("+00:00")


def test_a_manual_clock_stands_still() -> None:
    clock = ManualClock(60.0)
    assert clock.now() == clock.now() == 60.0
    assert clock.stamp() == "1970-01-01T00:01:00.000+00:00"
