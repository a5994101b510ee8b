"""Open Sound Control over UDP: packets in and out, and a socket that nothing from outside can bring down.

One socket of our own reads whole datagrams; python-osc reads the single message. What is malformed costs one error answer.
Bundles are obeyed at once: a time tag in the future would make somebody wait.
"""

from __future__ import annotations

import contextlib
import logging
import math
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pythonosc.osc_message import OscMessage
from pythonosc.osc_message_builder import OscMessageBuilder

from bridge.clock import Clock
from engines.errors import EngineError, SchemaError, Unavailable

log = logging.getLogger(__name__)

LOOPBACK = "127.0.0.1"
Address = tuple[str, int]
"""Host and port."""
Argument = int | float | str
DATAGRAM = 65_507
"""Bytes of the largest UDP packet."""
BUFFER = 4 * 1024 * 1024
"""Bytes that the system may keep for us while we are busy."""
DEPTH = 8
"""Bundles may lie this deep in bundles, arrays in arrays."""
MOST = 256
"""Messages in a packet, and arguments in a message."""
LONGEST = 400
"""Bytes of a text that we send."""
LARGEST = 1024
"""Bytes of a message that we send: all that REAPER and small devices read."""
INTEGERS, FLOATS = 1 << 31, 3.4e38
"""What a number of 32 bits can hold."""
QUIET = 10.0
"""Seconds between two lines about bad packets in the log."""
_BUNDLE = b"#bundle\x00"
_TAGS = frozenset(b"ifshdTFN[]")
"""Whole numbers, fractions, text, yes, no, nothing, lists. Blobs and the like mean nothing to any address of ours."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message."""

    address: str
    arguments: tuple[object, ...] = ()


def decode(packet: bytes) -> tuple[Message, ...]:
    """The messages of a packet, or one sentence on why it is none."""
    messages = []
    try:
        for body in _bodies(packet, 0):
            messages.append(_message(body))
            if len(messages) > MOST:
                raise _bad(f"it holds over {MOST} messages")
    except SchemaError:
        raise
    except Exception as problem:  # a parser that is fed anything may raise anything
        raise _bad(f"{type(problem).__name__}") from problem
    return tuple(messages)


def _bad(why: str) -> SchemaError:
    return SchemaError(f"This is no OSC packet: {why}.", "Send OSC 1.0 messages or bundles.", code="E_OSC")


def _bodies(packet: bytes, depth: int) -> Iterator[bytes]:
    if packet.startswith(b"/"):
        yield packet
        return
    if not packet.startswith(_BUNDLE) or len(packet) < 16:
        raise _bad("it begins with neither an address nor a bundle")
    if depth == DEPTH:
        raise _bad(f"bundles lie over {DEPTH} deep")
    place = 16
    while place < len(packet):
        if place + 4 > len(packet):
            raise _bad("a bundle is cut off")
        (size,) = struct.unpack_from(">i", packet, place)
        place += 4
        if size < 4 or size % 4 or place + size > len(packet):
            raise _bad("a bundle's element has a wrong size")
        yield from _bodies(packet[place : place + size], depth + 1)
        place += size


def _message(body: bytes) -> Message:
    _check_tags(body)
    read = OscMessage(body)
    return Message(read.address, tuple(read.params))


def _check_tags(body: bytes) -> None:
    """Type tags that python-osc would skip with a line in the log, or take too long over, are refused before."""
    end = body.find(b"\x00")
    if end < 0:
        raise _bad("its address has no end")
    place = (end // 4 + 1) * 4
    if place >= len(body):
        return
    stop = body.find(b"\x00", place)
    tags = body[place : stop if stop >= 0 else len(body)]
    if stop < 0 or not tags.startswith(b",") or not _TAGS.issuperset(tags[1:]):
        raise _bad("its type tags cannot be read")
    if len(tags) > MOST or tags.count(b"[") > DEPTH:
        raise _bad("it has too many arguments")


def encode(address: str, *arguments: Argument) -> bytes:
    """One message as a packet: whole numbers, fractions and text, which everybody reads."""
    builder = OscMessageBuilder(address)
    for argument in arguments:
        match argument:
            case str():
                text = argument.replace("\x00", " ").encode("utf-8", "replace")[:LONGEST].decode("utf-8", "ignore")
                builder.add_arg(text, builder.ARG_TYPE_STRING)
            case float() if abs(argument) < FLOATS or not math.isfinite(argument):
                builder.add_arg(argument, builder.ARG_TYPE_FLOAT)
            case int() if -INTEGERS <= argument < INTEGERS:
                builder.add_arg(int(argument), builder.ARG_TYPE_INT)
            case _:  # what does not fit into 32 bits is written out
                builder.add_arg(str(argument), builder.ARG_TYPE_STRING)
    return builder.build().dgram


Hearer = Callable[[Message, Address], None]
"""What is done with a message and its sender. An EngineError that it raises is answered."""
ERROR = "/partimento/error"
"""Where errors are sent: code, sentence, hint."""


class OscSocket:
    """A UDP socket on the loopback interface and the thread that reads it."""

    def __init__(
        self, port: int, hearer: Hearer, clock: Clock, answers_errors: bool = True, reply_port: int | None = None
    ) -> None:
        """Port 0 takes any that is free. Answers go to who asked, or all to one port where that is fixed."""
        self._hearer = hearer
        self._clock = clock
        self._answers_errors = answers_errors
        self._reply_port = reply_port
        self._bad, self._told = 0, -QUIET
        self._stopping = threading.Event()
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            with contextlib.suppress(OSError):
                self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER)
            self._socket.bind((LOOPBACK, port))
        except (OSError, OverflowError) as problem:
            self._socket.close()
            raise Unavailable(
                f"OSC port {port} cannot be opened: {getattr(problem, 'strerror', None) or problem}.",
                "End the program that uses it, or choose another with --osc-port N.",
            ) from problem
        self._socket.settimeout(0.2)
        self.port: int = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._listen, name=f"osc-{self.port}", daemon=True)

    def start(self) -> None:
        """Listen."""
        self._thread.start()

    def stop(self) -> None:
        """Listen no more."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()
        self._socket.close()

    def send(self, to: Address, address: str, *arguments: Argument) -> None:
        """Send one message. Whether anybody hears it is never known."""
        with contextlib.suppress(OSError):
            self._socket.sendto(encode(address, *arguments), to)

    def _listen(self) -> None:
        while not self._stopping.is_set():
            try:
                packet, sender = self._socket.recvfrom(DATAGRAM)
            except TimeoutError:
                continue
            except OSError:  # an earlier answer found nobody at home (Windows says so here)
                continue
            if sender != (LOOPBACK, self.port):  # a forged packet could make us talk to ourselves for ever
                self._hear(packet, (sender[0], self._reply_port or sender[1]))

    def _hear(self, packet: bytes, sender: Address) -> None:
        try:
            messages = decode(packet)
        except EngineError as problem:
            self._refuse(problem, sender)
            return
        for message in messages:  # one that is refused costs the others of its bundle nothing
            self._hand_on(message, sender)

    def _hand_on(self, message: Message, sender: Address) -> None:
        try:
            self._hearer(message, sender)
        except EngineError as problem:
            self._refuse(problem, sender)
        except Exception as bug:
            if self._clock.now() - self._told >= QUIET:
                log.exception("an OSC message from port %d", sender[1])
            said = f"The bridge stumbled over this message ({type(bug).__name__})."
            self._refuse(EngineError(said, "The log has the details; please report it.", code="E_INTERNAL"), sender)

    def _refuse(self, problem: EngineError, sender: Address) -> None:
        """Answer once, and count it in the log now and then: a flood must not fill the disk."""
        self._bad += 1
        now = self._clock.now()
        if now - self._told >= QUIET:
            log.warning("%d OSC packets refused; the last: %s", self._bad, problem.message)
            self._bad, self._told = 0, now
        if self._answers_errors:
            self.send(sender, ERROR, problem.code, problem.message, problem.hint)
