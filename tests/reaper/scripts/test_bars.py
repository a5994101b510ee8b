"""Bars and beats on the ruler."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines.music.time import PPQ, Meter, MeterChange, MeterMap, Ticks
from tests.reaper.scripts.lua import Library

LIBRARY = Library()
WALTZ_THEN_SIX = [{"qn": 0.0, "meter": "3/4"}, {"qn": 12.0, "meter": "6/8"}]


def position(meter: list[dict[str, object]], qn: float) -> tuple[int, float]:
    bar, beat = LIBRARY.run(
        "local b = require('lib.bars'); local meter, qn = ...; return b.position(b.ruler(meter), qn)", meter, qn
    )
    return bar, beat


def test_beats_are_units_of_the_meter() -> None:
    assert position(WALTZ_THEN_SIX, 0) == (1, 1.0)
    assert position(WALTZ_THEN_SIX, 5) == (2, 3.0)
    assert position(WALTZ_THEN_SIX, 12) == (5, 1.0)
    assert position(WALTZ_THEN_SIX, 13.5) == (5, 4.0)
    assert position(WALTZ_THEN_SIX, 15) == (6, 1.0)


def test_a_meter_change_in_mid_bar_begins_a_bar() -> None:
    meter: list[dict[str, object]] = [{"qn": 0.0, "meter": "4/4"}, {"qn": 6.0, "meter": "3/4"}]
    assert position(meter, 5.5) == (2, 2.5)
    assert position(meter, 6) == (3, 1.0)
    assert LIBRARY.run("local b = require('lib.bars'); return b.length(b.ruler(...), 2)", meter) == 2


def test_a_position_a_hair_before_the_line_is_on_it() -> None:
    assert position(WALTZ_THEN_SIX, 2.99999999) == (2, 1.0)


def test_the_ruler_of_reaper_may_begin_elsewhere() -> None:
    assert LIBRARY.run("return require('lib.bars').shown(1, -2)") == -1


@pytest.mark.parametrize(("qn", "last"), [(0, 1), (0.5, 1), (3, 1), (3.01, 2), (12, 4), (12.5, 5), (15, 5)])
def test_the_last_bar_before_a_bar_line_is_the_one_that_ends_there(qn: float, last: int) -> None:
    code = "local b = require('lib.bars'); local m, qn = ...; return b.last_before(b.ruler(m), qn)"
    assert LIBRARY.run(code, WALTZ_THEN_SIX, qn) == last


@pytest.mark.parametrize(("bar", "beats"), [(1, 3), (4, 3), (5, 6), (9, 6)])
def test_a_bar_has_the_beats_of_its_meter(bar: int, beats: int) -> None:
    code = "local b = require('lib.bars'); local m, bar = ...; return b.beats(b.ruler(m), bar)"
    assert LIBRARY.run(code, WALTZ_THEN_SIX, bar) == beats


@given(
    st.lists(st.sampled_from(["4/4", "3/4", "6/8", "5/4", "7/8", "2/2"]), min_size=1, max_size=5), st.integers(0, 200)
)
def test_bars_are_those_of_the_domain(meters: list[str], eighths: int) -> None:
    at, spelled, changes = 0.0, [], []
    for text in meters:
        meter = Meter.parse(text)
        spelled.append({"qn": at, "meter": text})
        changes.append(MeterChange(Ticks(round(at * PPQ)), meter))
        at += 3 * meter.bar / PPQ
    qn = eighths / 2
    domain = MeterMap(tuple(changes))
    bar, beat = position(spelled, qn)
    assert bar == domain.bar_at(Ticks(round(qn * PPQ)))
    start = LIBRARY.run("local b = require('lib.bars'); local m, n = ...; return b.start(b.ruler(m), n)", spelled, bar)
    assert start * PPQ == pytest.approx(domain.bar_start(bar))
    there = LIBRARY.run(
        "local b = require('lib.bars'); local m, n, k = ...; return b.qn(b.ruler(m), n, k)", spelled, bar, beat
    )
    assert there == pytest.approx(qn)
