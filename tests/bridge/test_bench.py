"""The bench measures what it says, whatever the clock."""

from __future__ import annotations

import json

import pytest

from bridge import app, bench, resources
from bridge.cli import run
from engines.models import tokens as t
from engines.models.package import open_package


class Ticking:
    """A clock that moves a millisecond whenever somebody looks."""

    def __init__(self) -> None:
        self._now = 0.0

    def __call__(self) -> float:
        self._now += 0.001
        return self._now


def test_every_row_is_there_and_counted_in_yardsticks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "STEPS", 10)
    package = open_package(app.shelves().models, "notes-tiny-1")
    found = bench.measure(package, app.rack("cpu"), Ticking(), "int8-fused")
    assert (found.model, found.variant, found.provider, found.threads) == ("notes-tiny-1", "int8-fused", "cpu", 1)
    assert len(found.timings) == len(bench.CONTEXTS) + 3
    for timing in found.timings:
        assert timing.p50 == pytest.approx(1.0)  # one look before, one after
        assert timing.p50 <= timing.p95 <= timing.p99
        assert timing.ratio == pytest.approx(timing.p50 / found.yardstick_ms)


def test_practice_is_as_busy_as_a_band() -> None:
    window = bench.practice()
    assert 30 <= len(window.rows) / len(window.bar_steps) <= 45
    assert set(window.programs.tolist()) >= {1, t.DRUM_PROGRAM}


def test_one_variant_is_left(capsys: pytest.CaptureFixture[str]) -> None:
    package = open_package(app.shelves().models, "notes-tiny-1")
    assert bench.variants(package) == ("int8-fused", "int8-portable")
    left = bench.only(package, "int8-portable").card
    assert {graph.variant for graph in left.of_role("lower")} == {"int8-portable"}
    assert left.of_role("position")


def test_the_verb_prints_this_machine_beside_the_published_one(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bench, "STEPS", 4)
    assert run(["bench", "--model", "notes-tiny-1", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["schema"] == "bench/1"
    assert [one["variant"] for one in found["benches"]] == ["int8-fused", "int8-portable"]
    assert found["published"] == resources.published("latency.md")


def test_a_model_that_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["bench", "--model", "notes-huge-9"]) == 1
    assert "notes-tiny-1" in capsys.readouterr().err


def test_no_threads_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["bench", "--threads", "0"]) == 2
    assert "one is the fewest" in capsys.readouterr().err
