"""`partimento serve` as a process of its own, beside a folder that plays REAPER's."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pythonosc.osc_message import OscMessage

from bridge.osc import LOOPBACK, Argument, encode
from bridge.reaper.mailbox import Mailbox
from bridge.wire import Status1
from bridge.wire import decode as read
from bridge.wire.presence import Bridge1
from tests.bridge.requests import request

TIMEOUT = 30.0


@dataclass
class Served:
    """A running bridge and what scripts do with its mailbox."""

    process: subprocess.Popen[str]
    mailbox: Mailbox
    home: Path
    ready: dict[str, Any]

    def ask(self, job: str, **more: Any) -> Path:
        """Put a request there, as a script does: under another name, then renamed."""
        return self.put(job, json.dumps(request(job, **more)))

    def put(self, job: str, text: str) -> Path:
        """Put any text there as a request."""
        folder = self.mailbox.jobs / job
        folder.mkdir()
        (folder / "request.json.new").write_text(text, encoding="utf-8")
        (folder / "request.json.new").rename(folder / "request.json")
        return folder

    def status(self, job: str) -> Status1 | None:
        """A job's status, as a script reads it."""
        try:
            return read(Status1, (self.mailbox.jobs / job / "status.json").read_bytes())
        except FileNotFoundError:
            return None

    def wait(self, job: str, *states: str) -> Status1:
        """Its status once it is in one of these states (any that is an end)."""
        wanted = states or ("done", "failed", "cancelled")

        def there() -> Status1 | None:
            status = self.status(job)
            return status if status is not None and status.state in wanted else None

        return until(there, f"{job} never was {' or '.join(wanted)}")

    def control(self, name: str, verb: str, **args: Any) -> None:
        """Put a control file there."""
        aside = self.mailbox.control / f"{name}.new"
        aside.write_text(json.dumps({"schema": "control/1", "verb": verb, "args": args}), encoding="utf-8")
        aside.rename(self.mailbox.control / f"{name}.json")

    def presence(self) -> Bridge1:
        """What the bridge says of itself."""
        said = self.mailbox.read_presence()
        assert said is not None
        return said

    def log(self) -> str:
        """Its log."""
        return (self.home / "log" / "serve.log").read_text(encoding="utf-8")

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Send a signal; the exit code."""
        self.process.send_signal(number)
        return self.process.wait(TIMEOUT)


def until(there: Callable[[], Any], otherwise: str, timeout: float = TIMEOUT) -> Any:
    """Look again and again until something is there."""
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        found = there()
        if found:
            return found
        time.sleep(0.01)
    raise AssertionError(otherwise)


def launch(resource_path: Path, home: Path, *arguments: str) -> Served:
    """Start a bridge and wait until it says that it is ready."""
    command = [
        sys.executable,
        "-m",
        "bridge",
        "serve",
        "--json",
        "--osc-port",
        "0",
        "--resource-path",
        str(resource_path),
    ]
    environment = os.environ | {"PARTIMENTO_HOME": str(home), "OMP_NUM_THREADS": "1"}
    process = subprocess.Popen(
        [*command, *arguments], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line or '"error"' in line:
        raise AssertionError(process.communicate()[1])
    return Served(process, Mailbox.below(resource_path), home, json.loads(line))


@contextmanager
def serving(resource_path: Path, home: Path, *arguments: str) -> Iterator[Served]:
    """A bridge that is gone afterwards."""
    resource_path.mkdir(exist_ok=True)
    served = launch(resource_path, home, *arguments)
    try:
        yield served
    finally:
        if served.process.poll() is None:
            served.process.kill()
        served.process.communicate(timeout=TIMEOUT)


class Peer:
    """A program that speaks OSC to the bridge."""

    def __init__(self, port: int) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.settimeout(10)
        self.socket.connect((LOOPBACK, port))

    def send(self, address: str, *arguments: Argument) -> None:
        """Send a message."""
        self.socket.send(encode(address, *arguments))

    def hear(self) -> tuple[str, list[Any]]:
        """The next message that comes."""
        message = OscMessage(self.socket.recv(65_507))
        return message.address, message.params

    def ask(self, address: str, *arguments: Argument) -> tuple[str, list[Any]]:
        """Send one and hear one."""
        self.send(address, *arguments)
        return self.hear()

    def close(self) -> None:
        """Hang up."""
        self.socket.close()
