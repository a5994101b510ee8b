"""The wire is strict: what follows its schema comes back equal, everything else gets one sentence."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.wire import (
    Analysis1,
    Brief1,
    Control1,
    Error1,
    Mask1,
    Report1,
    Request1,
    Result1,
    Status1,
    decode,
    encode,
    fault,
)
from engines.errors import EngineError, SchemaError

REQUEST = {
    "schema": "request/1",
    "id": "20261121-101530-1a2b",
    "verb": "fill",
    "scripts": "0.1.0",
    "project": {
        "id": "{GUID}",
        "name": "Song.rpp",
        "path": "/home/me/Söng.rpp",
        "state": 12,
        "start_measure_offset": -1,
    },
    "options": {"band": "pop", "density": 0.5, "takes": 4, "seed": 1},
    "time": {
        "tempo": [{"qn": 0.0, "qpm": 120.0, "linear": False}],
        "meter": [{"qn": 0.0, "meter": "6/8"}],
        "length_qn": 256.0,
    },
    "selection": {"from_qn": 32.0, "to_qn": 48.0, "tracks": ["{A}"], "items": ["{B}"]},
    "regions": [{"name": "Verse", "from_qn": 0.0, "to_qn": 32.0}],
    "markers": [{"name": "chord:Am7", "qn": 0.0}],
    "chords": [{"qn": 0.0, "symbol": "Am7"}],
    "tracks": [
        {
            "guid": "{A}",
            "name": "Lead",
            "role": None,
            "muted": False,
            "has_instrument": True,
            "items": [
                {
                    "guid": "{B}",
                    "take": "{C}",
                    "from_qn": 0.0,
                    "to_qn": 32.0,
                    "offset_qn": 0.0,
                    "rate": 1.0,
                    "looped": False,
                    "pooled": False,
                    "locked": False,
                    "source": "midi",
                    "events": [[0.0, "90 3c 64"], [1.0, "80 3c 00"]],
                }
            ],
        }
    ],
    "plan": None,
    "mask": {
        "schema": "mask/1",
        "cells": [{"track": "Piano", "from": [9, 1.0], "to": [13, 1.0], "pitch": ["C2", "G5"]}],
        "keep": [{"track": "Piano", "at": [9, 2.5], "pitch": "E4"}],
        "curves": {"density": [[[9, 1.0], 0.2], [[13, 1.0], 0.8]]},
    },
}
STATUS = {
    "schema": "status/1",
    "id": "a",
    "state": "failed",
    "progress": 0.25,
    "message": "no",
    "error": {"code": "E_X", "message": "no", "hint": "yes", "path": "a.b", "suggests": ["bars"]},
    "updated": "2026-11-21T10:15:30Z",
}
RESULT = {
    "schema": "result/1",
    "id": "a",
    "verb": "arrange",
    "label": "Arrange: pop band",
    "report": {},
    "writes": [{"op": "take", "item": "{B}", "file": "clips/fill-1.mid", "name": "Fill 1"}],
    "expects": {"project": "{GUID}", "targets": []},
}
BRIEF = {
    "schema": "brief/1",
    "prompt": "a waltz",
    "library": [
        {
            "id": "u1",
            "kind": "audio",
            "role": "kick",
            "loop": True,
            "bars": 1.0,
            "bpm": 125.0,
            "key": None,
            "file": None,
        }
    ],
    "themes": [{"id": "m1", "ppq": 480, "meter": "4/4", "notes": [[0, 480, 64, 90]]}],
    "lyrics": {"verse1": ["la"]},
    "tempo": {"qpm": 124.0, "min": None, "max": None, "exact": True},
    "bars": {"target": 32, "min": None, "max": None},
}
CASES: list[tuple[type[Any], dict[str, Any]]] = [
    (Request1, REQUEST),
    (Mask1, REQUEST["mask"]),  # type: ignore[list-item]
    (Status1, STATUS),
    (Result1, RESULT),
    (Control1, {"schema": "control/1", "verb": "cancel", "args": {"id": "a"}}),
    (Brief1, BRIEF),
    (Error1, {"schema": "error/1", "error": STATUS["error"]}),
]


@pytest.mark.parametrize(("kind", "message"), CASES, ids=lambda c: getattr(c, "__name__", ""))
def test_a_message_goes_round_unchanged(kind: type[Any], message: dict[str, Any]) -> None:
    read = decode(kind, json.dumps(message))
    written = json.loads(encode(read))
    assert {key: written[key] for key in message} == message
    assert decode(kind, encode(read)) == read


@pytest.mark.parametrize(("kind", "message"), CASES, ids=lambda c: getattr(c, "__name__", ""))
def test_an_unknown_field_is_an_error_that_names_it(kind: type[Any], message: dict[str, Any]) -> None:
    with pytest.raises(SchemaError, match="surprise"):
        decode(kind, json.dumps({**message, "surprise": 1}))


def test_what_is_missing_has_its_default() -> None:
    short = decode(Request1, '{"schema":"request/1","id":"a","verb":"plan","project":{"id":"p"}}')
    assert short.time.tempo == ()
    assert short.mask is None


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"schema": "request/2"}, "schema"),
        ({"id": "../../x"}, "id"),
        ({"id": ""}, "id"),
        ({"verb": "sing"}, "verb"),
        ({"time": {"tempo": [{"qn": 0, "qpm": 0}]}}, "time.tempo[0].qpm"),
        ({"time": {"tempo": [{"qn": "0", "qpm": 90}]}}, "time.tempo[0].qn"),
        ({"time": {"meter": [{"qn": 0, "meter": "four"}]}}, "time.meter[0].meter"),
        ({"tracks": [{"guid": "g", "items": [{"guid": "i", "from_qn": 0, "to_qn": 1, "rate": 0}]}]}, "tracks[0].items[0].rate"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_named_by_its_path(change: dict[str, Any], path: str) -> None:
    with pytest.raises(SchemaError) as caught:
        decode(Request1, json.dumps({**REQUEST, **change}))
    assert caught.value.path == path
    assert caught.value.hint


@given(st.text() | st.binary())
def test_rubbish_is_one_sentence(data: str | bytes) -> None:
    with pytest.raises(SchemaError):
        decode(Request1, data)


@pytest.mark.parametrize("data", ["[" * 100_000, '{"a":' * 100_000, "x" * (33 * 1024 * 1024), "1e999", '"\\ud800"'])
def test_deep_long_and_odd_messages_cost_nothing(data: str) -> None:
    with pytest.raises(SchemaError):
        decode(Request1, data)


def test_an_error_travels_with_all_it_says() -> None:
    error = EngineError("Too long.", "Cut it.", code="E_DURATION_CONFLICT", path="brief.bars", suggests=("bars",))
    wire = decode(Error1, encode(Error1(error=fault(error))))
    assert wire.error.code == "E_DURATION_CONFLICT"
    assert wire.error.suggests == ("bars",)


def test_reports_and_analyses_round_trip() -> None:
    report = Report1(verb="arrange", seed=1, version="0.1.0", timing_ms={"total": 1.5})
    assert decode(Report1, encode(report)) == report
    analysis = Analysis1(meter=(), tempo=(), key=(), chords=(), chords_from="recognition", phrases=(), tracks=())
    assert decode(Analysis1, encode(analysis)) == analysis
