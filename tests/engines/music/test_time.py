"""Ticks, bars, beats, seconds."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines.errors import InvalidMusic
from engines.music.time import (
    PPQ,
    BarBeat,
    Division,
    Meter,
    MeterChange,
    MeterMap,
    TempoChange,
    TempoMap,
    Ticks,
    spans,
)

meters = st.builds(Meter, st.integers(1, 33), st.sampled_from([1, 2, 4, 8, 16, 32, 64]))


@st.composite
def meter_maps(draw: st.DrawFn) -> MeterMap:
    tick, changes = 0, []
    for meter in draw(st.lists(meters, min_size=1, max_size=5)):
        changes.append(MeterChange(Ticks(tick), meter))
        tick += draw(st.integers(1, 4)) * meter.bar - draw(st.sampled_from([0, 0, 0, meter.bar // 2]))
        tick = max(tick, changes[-1].tick + 1)
    return MeterMap(tuple(changes))


@st.composite
def tempo_maps(draw: st.DrawFn, ramps: bool = True) -> TempoMap:
    tick, changes = 0, []
    qpm = st.floats(20, 400) | st.integers(150_000, 3_000_000).map(lambda us: Fraction(60_000_000, us))
    for _ in range(draw(st.integers(1, 6))):
        changes.append(TempoChange(Ticks(tick), draw(qpm), ramps and draw(st.booleans())))
        tick += draw(st.integers(1, 40 * PPQ))
    return TempoMap(tuple(changes))


@pytest.mark.parametrize(
    ("text", "bar", "pulse", "compound", "triple"),
    [
        ("4/4", 3840, 960, False, False),
        ("3/4", 2880, 960, False, True),
        ("6/8", 2880, 1440, True, False),
        ("12/8", 5760, 1440, True, False),
        ("9/8", 4320, 1440, True, True),
        ("3/8", 1440, 1440, True, True),
        ("5/4", 4800, 960, False, False),
        ("7/8", 3360, 480, False, False),
        ("2/2", 3840, 1920, False, False),
        ("33/64", 1980, 180, True, False),
    ],
)
def test_a_meter_knows_its_bar_and_its_felt_beat(text: str, bar: int, pulse: int, compound: bool, triple: bool) -> None:
    meter = Meter.parse(text)
    assert (meter.bar, meter.pulse, meter.is_compound, meter.is_triple) == (bar, pulse, compound, triple)
    assert str(meter) == text


@pytest.mark.parametrize("text", ["0/4", "4/0", "4/3", "256/4", "4/256", "4", "", "-3/4", "4/4/4", "٣/٤"])
def test_what_is_no_meter_is_refused_with_a_hint(text: str) -> None:
    with pytest.raises(InvalidMusic) as caught:
        Meter.parse(text)
    assert caught.value.hint


def test_bars_count_through_a_meter_change() -> None:
    meter = MeterMap.of((0, "4/4"), (2 * 3840, "3/4"), (2 * 3840 + 2880, "6/8"))
    assert [meter.bar_start(bar) for bar in (1, 2, 3, 4, 5)] == [0, 3840, 7680, 10560, 13440]
    assert meter.position(10560 + 1440) == BarBeat(4, 4)
    assert str(meter.position(3840 + 961)) == "2.2.1"


def test_a_change_inside_a_bar_cuts_that_bar_short() -> None:
    meter = MeterMap.of((0, "4/4"), (3840 + 960, "3/4"))
    assert meter.bar_lines(12000) == [0, 3840, 4800, 7680, 10560, 13440]


def test_a_short_first_bar_is_a_pickup() -> None:
    assert MeterMap.of((0, "1/4"), (960, "4/4")).has_pickup()
    assert MeterMap.of((0, "4/4"), (960, "4/4")).has_pickup()
    assert not MeterMap.of((0, "4/4"), (3840, "3/4")).has_pickup()
    assert not MeterMap().has_pickup()


@given(meter_maps(), st.integers(-20_000, 200_000))
def test_bar_and_beat_come_back_as_the_same_tick(meter: MeterMap, tick: int) -> None:
    position = meter.position(tick)
    assert meter.tick_of(position) == tick
    assert meter.bar_start(position.bar) <= tick < meter.bar_end(position.bar)


@given(meter_maps(), st.integers(0, 100_000))
def test_bar_lines_leave_no_gap(meter: MeterMap, end: int) -> None:
    lines = meter.bar_lines(end)
    assert lines[0] == 0
    assert lines[-1] >= end
    assert all(0 < stop - start <= meter.meter_at(start).bar for start, stop in spans(lines))
    assert set(lines) <= set(meter.pulses(end))


def test_a_tempo_step_is_exact() -> None:
    tempo = TempoMap((TempoChange.from_midi(0, 500_000), TempoChange.from_midi(960, 333_333)))
    assert tempo.exact_seconds_at(1920) == Fraction(1, 2) + Fraction(333_333, 1_000_000)
    assert tempo.ticks_at(float(tempo.exact_seconds_at(1920))) == 1920


def test_a_ramp_takes_as_long_as_its_mean_tempo() -> None:
    tempo = TempoMap((TempoChange(Ticks(0), 60, linear=True), TempoChange(Ticks(8 * PPQ), 180)))
    assert tempo.seconds_at(8 * PPQ) == pytest.approx(4.0)
    assert (tempo.qpm_at(0), tempo.qpm_at(8 * PPQ)) == (60, 180)
    # Half the time has passed at the mean tempo of 120, after a quarter of the way and one more eighth: 60..120 in 2 s.
    assert tempo.seconds_at(3 * PPQ) == pytest.approx(2.0)
    assert tempo.qpm_at(3 * PPQ) == pytest.approx(120)


@given(tempo_maps(), st.integers(-5_000, 400 * PPQ))
def test_ticks_and_seconds_invert_over_any_tempo_map(tempo: TempoMap, tick: int) -> None:
    assert tempo.ticks_at(tempo.seconds_at(tick)) == tick


@given(tempo_maps(ramps=False), st.integers(0, 4 * 3600 * 5 * PPQ))
def test_steps_agree_with_exact_arithmetic_for_hours(tempo: TempoMap, tick: int) -> None:
    assert abs(tempo.seconds_at(tick) - float(tempo.exact_seconds_at(tick))) < 1e-6
    assert tempo.ticks_at(float(tempo.exact_seconds_at(tick))) == tick


@given(tempo_maps(), st.integers(0, 100 * PPQ), st.integers(1, 100 * PPQ))
def test_time_only_moves_forward(tempo: TempoMap, tick: int, later: int) -> None:
    assert tempo.seconds_at(tick) < tempo.seconds_at(tick + later)


@pytest.mark.parametrize("qpm", [0, -120, float("nan"), float("inf"), 1e9])
def test_unplayable_tempi_are_refused(qpm: float) -> None:
    with pytest.raises(InvalidMusic):
        TempoChange(Ticks(0), qpm)


def test_maps_start_at_zero_and_run_in_order() -> None:
    with pytest.raises(InvalidMusic):
        TempoMap((TempoChange(Ticks(960), 100),))
    with pytest.raises(InvalidMusic):
        TempoMap((TempoChange(Ticks(0), 100), TempoChange(Ticks(0), 90)))
    with pytest.raises(InvalidMusic):
        MeterMap(())
    with pytest.raises(InvalidMusic):
        MeterMap.of((0, "4/4"), (10, "3/4"), (10, "4/4"))


def test_a_midi_tempo_survives() -> None:
    assert TempoChange.from_midi(0, 612_345).midi_tempo == 612_345


@given(st.integers(1, PPQ), st.integers(0, 10**7))
def test_a_coarse_division_maps_there_and_back(per_quarter: int, tick: int) -> None:
    division = Division(per_quarter)
    assert division.from_ticks(division.to_ticks(tick)) == tick


@given(st.integers(1, 0x7FFF), st.integers(0, 10**6), st.integers(0, 10**4))
def test_divisions_keep_order(per_quarter: int, tick: int, later: int) -> None:
    division = Division(per_quarter)
    assert division.to_ticks(tick) <= division.to_ticks(tick + later)
    assert abs(division.to_ticks(tick) / PPQ - tick / per_quarter) <= 0.5 / PPQ + 1e-9
