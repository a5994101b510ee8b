"""What no outside process can bring about: parts of the bridge that fail from within."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from bridge.clock import SystemClock
from bridge.job_folder import JobShelf
from bridge.jobs import Jobs, Listener
from bridge.reaper.mailbox import Mailbox
from bridge.reaper.transport import Ports
from bridge.serve import Bridge
from bridge.wire.presence import Bridge1
from tests.bridge.serving import Peer, until


@pytest.fixture
def mailbox(tmp_path: Path) -> Mailbox:
    return Mailbox.below(tmp_path)


@pytest.fixture
def said(mailbox: Mailbox) -> Iterator[Bridge1]:
    """A bridge in a thread of this process; what it said when it was ready."""
    clock = SystemClock()

    def jobs(listener: Listener) -> Jobs:
        return Jobs(JobShelf(mailbox.jobs, clock), "tests.bridge.jobs_handlers:hum", listener, clock)

    bridge = Bridge(mailbox, jobs, clock, 0, (), Ports(feedback=0))
    ready = threading.Event()
    heard: list[Bridge1] = []

    def note(one: Bridge1) -> None:
        heard.append(one)
        ready.set()

    thread = threading.Thread(target=bridge.run, args=(note,))
    thread.start()
    assert ready.wait(10)
    yield heard[0]
    bridge.stop("the test is over")
    thread.join(10)
    assert not thread.is_alive()


def test_a_look_that_fails_is_one_traceback_and_the_next_look_comes(
    said: Bridge1, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    looks = 0

    def fail(self: Mailbox, known: object) -> tuple[str, ...]:
        nonlocal looks
        looks += 1
        raise RuntimeError("a bug")

    with monkeypatch.context() as patched:
        patched.setattr(Mailbox, "requests", fail)
        until(lambda: looks > 5, "it looks no more")
    assert len([record for record in caplog.records if "stumbled" in record.message]) == 1
    before = mailbox.read_presence()
    assert before is not None
    until(lambda: (now := mailbox.read_presence()) and now.beat > before.beat, "its heart stands still")


def test_a_heart_that_fails_beats_again(said: Bridge1, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    failed = threading.Event()

    def fail(self: Mailbox, data: bytes) -> None:
        failed.set()
        raise RuntimeError("a bug")

    with monkeypatch.context() as patched:
        patched.setattr(Mailbox, "write_presence", fail)
        assert failed.wait(10)
    before = mailbox.read_presence()
    assert before is not None
    until(lambda: (now := mailbox.read_presence()) and now.beat > before.beat, "its heart stands still")


def test_osc_goes_on_whatever_the_mailbox_does(said: Bridge1, mailbox: Mailbox) -> None:
    mailbox.control.rmdir()
    mailbox.jobs.rmdir()
    assert said.osc_port is not None
    peer = Peer(said.osc_port)
    assert peer.ask("/partimento/arrange", "a")[1][0] == "E_NOT_FOUND"
    assert peer.ask("/partimento/ping")[0] == "/partimento/pong"
    peer.close()
