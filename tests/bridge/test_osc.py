"""OSC packets, and the socket that reads them: real UDP on the loopback interface."""

from __future__ import annotations

import contextlib
import random
import socket
import struct
from collections.abc import Iterator

import pytest
from pythonosc.osc_bundle_builder import IMMEDIATELY, OscBundleBuilder
from pythonosc.osc_message import OscMessage
from pythonosc.osc_message_builder import OscMessageBuilder

from bridge.clock import SystemClock
from bridge.osc import LARGEST, LONGEST, LOOPBACK, Address, Message, OscSocket, decode, encode
from engines.errors import NotThere, SchemaError, Unavailable


def bundle(*elements: bytes, time: float = IMMEDIATELY) -> bytes:
    parts = b"".join(struct.pack(">i", len(each)) + each for each in elements)
    return bytes(OscBundleBuilder(time).build().dgram[:16]) + parts


def test_a_message_has_an_address_and_arguments_of_every_type() -> None:
    builder = OscMessageBuilder("/a")
    for kind, value in (("i", 7), ("f", 0.5), ("s", "Ü"), ("h", 1 << 40), ("d", 0.1), ("T", True), ("N", None)):
        builder.add_arg(value, kind)
    assert decode(builder.build().dgram) == (Message("/a", (7, 0.5, "Ü", 1 << 40, 0.1, True, None)),)


def test_a_message_without_type_tags_has_no_arguments() -> None:
    assert decode(b"/partimento/ping\0\0\0\0") == (Message("/partimento/ping"),)


def test_what_we_send_python_osc_reads() -> None:
    message = OscMessage(encode("/partimento/job/a", "running", 0.25, "3 % \0 done", 7))
    assert (message.address, message.params) == ("/partimento/job/a", ["running", 0.25, "3 %   done", 7])
    assert OscMessage(encode("/a", "\udcff")).params == ["?"]


@pytest.mark.parametrize("letter", ["x", "ß", "音", "\U0001f3b9"])
def test_a_text_is_cut_where_a_letter_ends(letter: str) -> None:
    (text,) = OscMessage(encode("/a", letter * 10_000)).params
    assert text == letter * (LONGEST // len(letter.encode()))
    assert len(encode("/partimento/error", "E_CODE", letter * 10_000, letter * 10_000)) < LARGEST


def test_numbers_that_32_bits_cannot_hold_are_written_out() -> None:
    sent = OscMessage(encode("/a", 1 << 31, -(1 << 31), 1e39, -1e39, float("inf"))).params
    assert sent == ["2147483648", -2147483648, "1e+39", "-1e+39", float("inf")]


def test_a_bundle_is_its_messages_in_order_whatever_its_time_says() -> None:
    far = 2_000_000_000.0
    packet = bundle(encode("/a"), bundle(encode("/b"), time=far), encode("/c"), time=far)
    assert [message.address for message in decode(packet)] == ["/a", "/b", "/c"]


def deep(levels: int) -> bytes:
    packet = encode("/a")
    for _ in range(levels):
        packet = bundle(packet)
    return packet


MALFORMED = {
    "nothing": b"",
    "no address": b"partimento/ping\0,\0\0\0",
    "an address without an end": b"/partimento/ping",
    "type tags without a comma": b"/a\0\0ii\0\0\0\0\0\1",
    "type tags without an end": b"/a\0\0,iii",
    "an unknown type": b"/a\0\0,q\0\0",
    "an argument that is missing": b"/a\0\0,i\0\0",
    "a number that is cut off": b"/a\0\0,i\0\0\0\0",
    "text without an end": b"/a\0\0,s\0\0abcd",
    "text that is no UTF-8": b"/a\0\0,s\0\0\xff\xfe\xfd\0",
    "a blob": b"/a\0\0,b\0\0\x7f\xff\xff\xff",
    "a blob of negative length": b"/a\0\0,b\0\0\xff\xff\xff\xff",
    "an array that is not closed": b"/a\0\0,[i\0\0\0\0\1",
    "arrays in arrays": b"/a\0\0," + b"[" * 200 + b"]" * 200 + b"\0\0\0",
    "very many arguments": b"/a\0\0," + b"T" * 60_000 + b"\0\0\0",
    "a bundle without a time": b"#bundle\0",
    "a bundle that is cut off": b"#bundle\0" + b"\0" * 8 + b"\0\0",
    "a bundle with an element beyond its end": b"#bundle\0" + b"\0" * 8 + b"\0\0\x7f\0/a\0\0",
    "a bundle with an element of negative size": b"#bundle\0" + b"\0" * 8 + b"\xff\xff\xff\xfc/a\0\0",
    "a bundle with an odd element": b"#bundle\0" + b"\0" * 8 + b"\0\0\0\5/a\0\0\0",
    "bundles in bundles": deep(1000),
    "a bundle of too many messages": bundle(*[encode("/a")] * 1000),
}


@pytest.mark.parametrize("packet", MALFORMED.values(), ids=MALFORMED.keys())
def test_a_malformed_packet_is_one_sentence(packet: bytes) -> None:
    with pytest.raises(SchemaError) as caught:
        decode(packet)
    assert caught.value.code == "E_OSC"
    assert caught.value.hint


def test_no_bytes_make_it_raise_anything_else() -> None:
    chance = random.Random(1)
    good = [encode("/partimento/arrange", "a"), bundle(encode("/a", 1, 2.0), encode("/b", "x"))]
    for _ in range(5000):
        packet = bytearray(chance.choice(good))
        for _ in range(chance.randrange(1, 6)):
            packet[chance.randrange(len(packet))] = chance.randrange(256)
        with contextlib.suppress(SchemaError):
            decode(bytes(packet[: chance.randrange(len(packet) + 1)]))


@pytest.fixture
def heard() -> list[Message]:
    return []


@pytest.fixture
def server(heard: list[Message]) -> Iterator[OscSocket]:
    def hear(message: Message, sender: Address) -> None:
        if message.address == "/bug":
            raise ZeroDivisionError
        if message.address != "/ping":
            raise NotThere("There is no such address.", "Send /ping.", code="E_OSC")
        heard.append(message)
        listening.send(sender, "/pong")

    listening = OscSocket(0, hear, SystemClock())
    listening.start()
    yield listening
    listening.stop()


@pytest.fixture
def peer(server: OscSocket) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as own:
        own.settimeout(5)
        own.connect((LOOPBACK, server.port))
        yield own


def ask(peer: socket.socket, packet: bytes) -> OscMessage:
    peer.send(packet)
    return OscMessage(peer.recv(65_507))


def test_a_ping_is_answered_to_its_sender(peer: socket.socket) -> None:
    assert ask(peer, encode("/ping")).address == "/pong"


@pytest.mark.parametrize("packet", [b"nonsense", encode("/nowhere"), b"", MALFORMED["bundles in bundles"]])
def test_what_makes_no_sense_is_answered_once_and_costs_nothing_else(peer: socket.socket, packet: bytes) -> None:
    answer = ask(peer, packet)
    assert answer.address == "/partimento/error"
    assert answer.params[0] == "E_OSC"
    assert ask(peer, encode("/ping")).address == "/pong"


def test_in_a_bundle_what_is_refused_costs_the_others_nothing(peer: socket.socket) -> None:
    peer.send(bundle(encode("/nowhere"), encode("/bug"), encode("/ping")))
    answers = [OscMessage(peer.recv(65_507)) for _ in range(3)]
    assert [answer.address for answer in answers] == ["/partimento/error", "/partimento/error", "/pong"]
    assert [answer.params[0] for answer in answers[:2]] == ["E_OSC", "E_INTERNAL"]


def test_a_bug_behind_an_address_is_answered_and_logged(
    peer: socket.socket, caplog: pytest.LogCaptureFixture
) -> None:  # fmt: skip
    assert ask(peer, encode("/bug")).params[0] == "E_INTERNAL"
    assert "ZeroDivisionError" in caplog.text
    assert ask(peer, encode("/ping")).address == "/pong"


def test_a_large_packet_arrives_whole(peer: socket.socket, heard: list[Message]) -> None:
    builder = OscMessageBuilder("/ping")
    builder.add_arg("x" * 60_000)
    assert ask(peer, builder.build().dgram).address == "/pong"
    assert len(str(heard[0].arguments[0])) == 60_000


def test_a_sender_that_has_gone_harms_nobody(server: OscSocket, peer: socket.socket) -> None:
    for _ in range(20):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as gone:
            gone.sendto(encode("/ping"), (LOOPBACK, server.port))
    assert ask(peer, encode("/ping")).address == "/pong"


def test_a_flood_is_a_line_in_the_log_and_not_a_thousand(peer: socket.socket, caplog: pytest.LogCaptureFixture) -> None:
    for _ in range(200):
        assert ask(peer, b"nonsense").address == "/partimento/error"
    assert len([record for record in caplog.records if "refused" in record.message]) == 1


def test_only_this_machine_is_heard(server: OscSocket) -> None:
    assert server._socket.getsockname()[0] == LOOPBACK


def test_a_port_that_is_taken_is_said(server: OscSocket) -> None:
    with pytest.raises(Unavailable) as caught:
        OscSocket(server.port, lambda message, sender: None, SystemClock())
    assert str(server.port) in caught.value.message
    assert "--osc-port" in caught.value.hint
