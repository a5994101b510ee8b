"""Engines are found by entry point, ours like everyone's."""

from __future__ import annotations

from importlib.metadata import EntryPoint

import pytest

from bridge import registry, resources
from bridge.registry import GROUP, Registry
from engines.api import Engine
from engines.errors import Unavailable


def points(**named: str) -> list[EntryPoint]:
    return [EntryPoint(name, value, GROUP) for name, value in named.items()]


def test_the_built_in_engine_registers_like_any_other() -> None:
    found = Registry()
    assert "analyze" in found.tasks()
    engine = found.build("analyze", resources.standard())
    assert isinstance(engine, Engine)
    assert engine.task == "analyze"


def test_an_engine_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(Unavailable, match="'sing'") as caught:
        Registry(points(analyze="x:Y")).load("sing")
    assert "analyze" in caught.value.hint


def test_a_broken_engine_is_a_line_and_the_others_go_on() -> None:
    found = Registry(points(sing="no_such_module:Singer", analyze="engines.analysis.analyst:Analyst"))
    with pytest.raises(Unavailable, match="no_such_module"):
        found.load("sing")
    states = {f.name: f.problem for f in found.check()}
    assert states["analyze"] is None
    assert states["sing"] is not None
    assert "no_such_module" in states["sing"]


def test_what_is_no_engine_is_refused() -> None:
    with pytest.raises(Unavailable, match="not an engine"):
        Registry(points(sing="math:pi")).load("sing")


def test_loading_waits_until_the_engine_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "entry_points", lambda group: points(sing="no_such_module:Singer"))
    assert Registry().tasks() == ("sing",)
