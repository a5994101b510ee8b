"""OSC packets as REAPER's surface reads and writes them: few types, one level of bundles, short messages."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

MAX_MESSAGE = 1024
"""Bytes of the longest message REAPER reads."""
IMMEDIATELY = b"\0\0\0\0\0\0\0\1"

Value = int | float | str


@dataclass(frozen=True, slots=True)
class Message:
    """One message."""

    address: str
    values: tuple[Value, ...] = ()


class Unreadable(Exception):
    """A message REAPER drops."""


class TooLong(Exception):
    """A message so long that REAPER stops reading its queue for this turn."""


def _padded(data: bytes) -> bytes:
    return data + b"\0" * (4 - len(data) % 4)


def encode(message: Message) -> bytes:
    """One message as bytes."""
    tags, body = ",", b""
    for value in message.values:
        if isinstance(value, str):
            tags, body = tags + "s", body + _padded(value.encode("utf-8", "surrogateescape"))
        elif isinstance(value, float):
            tags, body = tags + "f", body + struct.pack(">f", value)
        else:
            tags, body = tags + "i", body + struct.pack(">i", value)
    return _padded(message.address.encode()) + _padded(tags.encode()) + body


def bundles(messages: list[Message], limit: int = MAX_MESSAGE) -> Iterator[bytes]:
    """Packets for what changed in one tick: a single message bare, several as bundles no longer than `limit`."""
    if len(messages) == 1:
        yield encode(messages[0])
        return
    packet = b""
    for data in map(encode, messages):
        part = struct.pack(">i", len(data)) + data
        if packet and len(packet) + len(part) > limit:
            yield packet
            packet = b""
        packet = (packet or b"#bundle\0" + IMMEDIATELY) + part
    if packet:
        yield packet


def parts(packet: bytes) -> Iterator[bytes]:
    """The messages of a packet, undecoded. A bundle inside a bundle stays one unreadable message."""
    if not packet.startswith(b"#bundle\0"):
        yield packet
        return
    at = 16
    while at + 4 <= len(packet):
        (size,) = struct.unpack_from(">i", packet, at)
        if size < 0 or at + 4 + size > len(packet):
            return
        yield packet[at + 4 : at + 4 + size]
        at += 4 + size


def decode(data: bytes) -> Message:
    """One message; a type other than i, f and s makes all of it unreadable."""
    if len(data) > MAX_MESSAGE:
        raise TooLong(f"{len(data)} bytes")
    address, at = _text(data, 0)
    if not address.startswith("/"):
        raise Unreadable(f"an address begins with a slash: {address!r}")
    if at >= len(data):
        return Message(address)
    tags, at = _text(data, at)
    if not tags.startswith(","):
        raise Unreadable("no type tags where they belong")
    values: list[Value] = []
    for tag in tags[1:]:
        if tag == "s":
            value, at = _text(data, at)
            values.append(value)
            continue
        if tag not in "if":
            raise Unreadable(f"REAPER reads no type {tag!r}")
        if at + 4 > len(data):
            raise Unreadable("it breaks off")
        values.append(struct.unpack_from(">i" if tag == "i" else ">f", data, at)[0])
        at += 4
    return Message(address, tuple(values))


def _text(data: bytes, at: int) -> tuple[str, int]:
    end = data.find(b"\0", at)
    if end < 0:
        raise Unreadable("a text has no end")
    return data[at:end].decode("utf-8", "surrogateescape"), end + 4 - (end - at) % 4
