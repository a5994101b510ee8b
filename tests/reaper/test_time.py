"""The double's time map against the product's, and what a new tempo moves."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines.music.time import Meter, MeterMap, Seconds, TempoChange, TempoMap, Ticks
from tests.reaper.double import Project, Reaper, RuleBroken
from tests.reaper.double.timemap import TempoMarker, TimeMap


@given(
    st.lists(st.tuples(st.integers(1, 16), st.integers(30, 300), st.booleans()), min_size=1, max_size=6),
    st.floats(0, 120, allow_nan=False),
)
def test_it_agrees_with_the_products_tempo_map(steps: list[tuple[int, int, bool]], qn: float) -> None:
    at, changes = 0, [TempoChange(Ticks(0), 120.0, False)]
    for step, qpm, linear in steps:
        at += step * 960
        changes.append(TempoChange(Ticks(at), float(qpm), linear))
    product = TempoMap(tuple(changes))
    markers = [TempoMarker(product.seconds_at(c.tick), float(c.qpm), linear=c.linear) for c in changes]
    double = TimeMap(markers)
    tick = Ticks(round(qn * 960))
    assert double.to_seconds(tick / 960) == pytest.approx(product.seconds_at(tick), abs=1e-6)
    assert double.to_qn(product.seconds_at(tick)) == pytest.approx(tick / 960, abs=1e-5)
    assert product.ticks_at(Seconds(double.to_seconds(tick / 960))) == tick


@given(
    st.lists(st.tuples(st.integers(1, 7), st.sampled_from(["4/4", "3/4", "6/8", "5/4", "7/8"])), max_size=5),
    st.integers(0, 60),
)
def test_measures_agree_with_the_products_meter_map(steps: list[tuple[int, str]], qn: int) -> None:
    at, changes = 0, [(0, "4/4")]
    for quarters, meter in steps:
        at += quarters
        changes.append((at * 960, meter))
    product = MeterMap.of(*changes)
    meters = [(tick / 1920, Meter.parse(meter)) for tick, meter in changes]
    double = TimeMap([TempoMarker(seconds, 120.0, m.numerator, m.denominator) for seconds, m in meters])
    measure = double.measure_at(qn)
    assert measure.index + 1 == product.bar_at(qn * 960)
    assert measure.start_qn * 960 == product.bar_start(product.bar_at(qn * 960))


def test_lua_sees_bars_and_beats(reaper: Reaper, project: Project) -> None:
    project.add_tempo(0, 90, "6/8")
    project.start_measure = 4
    assert reaper.lua(
        """
        local t = reaper.TimeMap2_QNToTime(0, 4.5)
        return reaper.format_timestr_pos(t, "", 2), reaper.TimeMap_GetTimeSigAtTime(0, t)
        """
    ) == ("6.4.00", 6, 8, 90.0)


def test_the_grid_swings(reaper: Reaper, project: Project) -> None:
    project.grid = (0, 1 / 8, 0, 0.0)
    assert reaper.lua("return reaper.SnapToGrid(0, 0.26)") == 0.25
    project.grid = (0, 1 / 8, 1, 0.5)
    assert reaper.lua("return reaper.SnapToGrid(0, 0.26), reaper.SnapToGrid(0, 0.48)") == (0.3125, 0.5)
    assert reaper.lua("return reaper.GetSetProjectGrid(0, false)") == (0, 0.125, 1, 0.5)


def test_what_hangs_on_beats_moves_with_the_tempo(reaper: Reaper, project: Project) -> None:
    track = project.add_track()
    on_beats, in_time = track.add_midi(4, 8), track.add_audio(4, 8)
    in_time.values["C_BEATATTACHMODE"] = 0.0
    region = project.add_region("Verse", 4, 8)
    reaper.lua("reaper.SetTempoTimeSigMarker(0, -1, 0, -1, -1, 60, 0, 0, false)")
    assert (on_beats.seconds, on_beats.length, in_time.seconds, region.seconds, region.end) == (4.0, 4.0, 2.0, 4.0, 8.0)


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        ("-1, 0, -1, -1, 0, 0, 0, false", "no tempo"),
        ("-1, 0, -1, -1, 120, 4, 3, false", "no meter"),
        ("2, 0, -1, -1, 120, 0, 0, false", "none is 2"),
        ("-1, -1, -1, 0, 120, 0, 0, false", "neither a time nor"),
    ],
)
def test_a_tempo_that_cannot_be_is_refused(reaper: Reaper, arguments: str, why: str) -> None:
    with pytest.raises(RuleBroken, match=why):
        reaper.lua(f"reaper.SetTempoTimeSigMarker(0, {arguments})")
