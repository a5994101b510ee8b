"""REAPER's transport: what it says over OSC, and what it is sent."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bridge.osc import Argument, Message
from bridge.reaper.transport import Playing, Ports, Transport
from engines.errors import SchemaError
from engines.music.time import Seconds

REAPER = ("127.0.0.1", 50_000)


@pytest.fixture
def sent() -> list[tuple[str, tuple[Argument, ...]]]:
    return []


@pytest.fixture
def transport(sent: list[tuple[str, tuple[Argument, ...]]]) -> Transport:
    return Transport(lambda address, arguments: sent.append((address, arguments)))


def says(transport: Transport, *messages: tuple[str, object]) -> Playing:
    for address, value in messages:
        transport.hear(Message(address, (value,)), REAPER)
    return transport.now


@pytest.mark.parametrize(
    ("line", "ports"),
    [
        (b'csurf_1=OSC "partimento" 3 7441 "127.0.0.1" 7442 1024 10 "partimento"', Ports(7441, 7442)),
        (b'csurf_0=OSC "TouchOSC" 3 8000 "192.168.0.7" 9000 1024 10 ""', Ports()),
        (b'csurf_0=OSC "partimento" 3 0 "127.0.0.1" 99999 1024 10 "partimento"', Ports()),
        (b'csurf_2=OSC "partimento" 3 7441 "127.0.0.1" 7442 1024 10 "partimento"', Ports()),
        (b'[other]\r\ncsurf_0=OSC "partimento" 3 7441 "127.0.0.1" 7442 1024 10 "partimento"', Ports()),
        (b"\xff\xfe", Ports()),
    ],
)
def test_the_ports_are_those_of_our_surface_in_reaper(tmp_path: Path, line: bytes, ports: Ports) -> None:
    assert Ports.of(tmp_path) == Ports(7341, 7342)
    (tmp_path / "reaper.ini").write_bytes(b"[REAPER]\r\ncsurf_cnt=2\r\n" + line + b"\r\n")
    assert Ports.of(tmp_path) == ports


@pytest.mark.parametrize("data", [b"", b"\xff\xfe[\x00r\x00", b"[reaper]\ncsurf_cnt=many\n"])
def test_settings_that_cannot_be_read_keep_nobody_from_the_usual_ports(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "reaper.ini").write_bytes(data)
    assert Ports.of(tmp_path) == Ports()


def test_nothing_is_known_before_reaper_says_it(transport: Transport) -> None:
    assert transport.now.known() == {}


def test_what_reaper_says_is_known(transport: Transport) -> None:
    now = says(
        transport, ("/play", 1.0), ("/tempo/raw", 96.0), ("/time", 2.5), ("/beat/str", "2.1.00"), ("/repeat", 1.0),
        ("/loop/start/time", 4.0), ("/loop/end/time", 8.0),
    )  # fmt: skip
    assert now == Playing(
        playing=True, qpm=96.0, position=2.5, beat="2.1.00", repeat=True, loop_start=4.0, loop_end=8.0
    )  # type: ignore[arg-type]


def test_stop_ends_recording_too(transport: Transport) -> None:
    now = says(transport, ("/play", 1.0), ("/record", 1.0), ("/stop", 1.0))
    assert (now.playing, now.recording) == (False, False)


@pytest.mark.parametrize(
    ("address", "value"),
    [("/play", "yes"), ("/tempo/raw", float("nan")), ("/beat/str", 3), ("/track/1/vu", 0.5), ("/time", None)],
)
def test_what_makes_no_sense_is_left_out(transport: Transport, address: str, value: object) -> None:
    assert says(transport, (address, value)) == Playing()


def test_a_script_may_say_the_same(transport: Transport) -> None:
    transport.told({"playing": True, "qpm": 90, "meter": "4/4"})
    assert transport.now.known() == {"playing": True, "qpm": 90}


@pytest.mark.parametrize("facts", [{"playing": "yes"}, {"qpm": "fast"}, {"beat": 3}, {"position": float("inf")}])
def test_a_script_that_makes_no_sense_is_told_so(transport: Transport, facts: dict[str, Any]) -> None:
    with pytest.raises(SchemaError):
        transport.told(facts)
    assert transport.now == Playing()


def test_orders_are_what_reapers_surface_reads(transport: Transport, sent: list[Any]) -> None:
    transport.play()
    transport.stop()
    transport.set_tempo(120)
    transport.set_loop(Seconds(1), Seconds(3.5))
    transport.action(40044)
    transport.action("_RS7d3c")
    assert sent == [
        ("/play", (1,)),
        ("/stop", (1,)),
        ("/tempo/raw", (120.0,)),
        ("/loop/start/time", (1.0,)),
        ("/loop/end/time", (3.5,)),
        ("/action", (40044,)),
        ("/action/str", ("_RS7d3c",)),
    ]


def test_play_is_not_sent_to_one_that_plays(transport: Transport, sent: list[Any]) -> None:
    says(transport, ("/play", 1.0))
    transport.play()
    assert sent == []


def test_orders_that_make_no_sense_are_not_sent(transport: Transport, sent: list[Any]) -> None:
    for order in (
        lambda: transport.set_tempo(0),
        lambda: transport.set_loop(Seconds(3), Seconds(3)),
        lambda: transport.action("40044"),
        lambda: transport.action("_" + "x" * 2000),
    ):
        with pytest.raises(SchemaError):
            order()
    assert sent == []
