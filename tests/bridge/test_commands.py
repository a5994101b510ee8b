"""What is asked by OSC or by a control file, as commands."""

from __future__ import annotations

from typing import Any

import pytest

from bridge.commands import Cancel, Command, Live, Moved, Panic, Ping, Run, from_control, from_osc
from bridge.osc import Message
from bridge.wire import Control1, decode, encode
from engines.errors import EngineError, SchemaError

ME = ("127.0.0.1", 9000)


@pytest.mark.parametrize(
    ("address", "arguments", "command"),
    [
        ("ping", (), Ping()),
        ("arrange", ("a",), Run("arrange", "a", ME)),
        ("detect", ("a",), Run("detect", "a", ME)),
        ("cancel", ("a",), Cancel("a")),
        ("cancel", (), Cancel(None)),
        ("panic", (), Panic()),
        ("live/start", ("harmonize",), Live("start", ("harmonize",))),
        ("live/panic", (), Panic()),
        ("live/stop", (), Live("stop")),
    ],
)
def test_an_address_is_a_command(address: str, arguments: tuple[object, ...], command: Command) -> None:
    assert from_osc(Message(f"/partimento/{address}", arguments), ME) == command


@pytest.mark.parametrize("address", ["pong", "error", "job/a", "live/stats"])
def test_answers_are_not_answered(address: str) -> None:
    assert from_osc(Message(f"/partimento/{address}", ("a",)), ME) is None


@pytest.mark.parametrize(
    ("address", "arguments"),
    [
        ("/partimento/arrange", ()),
        ("/partimento/arrange", (7,)),
        ("/partimento/arrange", ("a", "b")),
        ("/partimento/cancel", (7,)),
        ("/partimento/dance", ()),
        ("/partimento", ()),
        ("/", ()),
        ("/play", (1,)),
    ],
)
def test_everything_else_is_refused(address: str, arguments: tuple[object, ...]) -> None:
    with pytest.raises(EngineError) as caught:
        from_osc(Message(address, arguments), ME)
    assert caught.value.code == "E_OSC"


@pytest.mark.parametrize(
    ("verb", "args", "command"),
    [
        ("ping", {}, Ping()),
        ("panic", {}, Panic()),
        ("cancel", {"job": "a"}, Cancel("a")),
        ("cancel", {}, Cancel(None)),
        ("transport", {"playing": True}, Moved({"playing": True})),
        ("live-start", {"mode": "trade"}, Live("start", (("mode", "trade"),))),
        ("keep-last", {"bars": 8}, Live("keep-last", (("bars", 8),))),
    ],
)
def test_a_control_file_is_a_command(verb: str, args: dict[str, Any], command: Command) -> None:
    control = decode(Control1, encode({"schema": "control/1", "verb": verb, "args": args}))
    assert from_control(control) == command


def test_cancel_takes_an_id() -> None:
    with pytest.raises(SchemaError):
        from_control(Control1(schema="control/1", verb="cancel", args={"job": 7}))
