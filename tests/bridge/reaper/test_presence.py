"""One bridge a mailbox; who does not beat is taken over."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import msgspec
import pytest

from bridge.clock import ManualClock, SystemClock
from bridge.reaper.mailbox import Mailbox
from bridge.reaper.presence import Company, Presence
from bridge.wire import encode
from bridge.wire.presence import Bridge1
from engines.errors import Unavailable, WriteFailed

SAID = Bridge1(state="ready", pid=4711, token="", version="0.1.0", beat=0.0, heartbeat="")


@pytest.fixture
def mailbox(tmp_path: Path) -> Mailbox:
    return Mailbox.below(tmp_path)


@pytest.fixture
def presence(mailbox: Mailbox) -> Iterator[Callable[[], Presence]]:
    with ExitStack() as held:

        def another() -> Presence:
            one = Presence(mailbox, SystemClock())
            held.callback(one.release)
            return one

        yield another


def test_the_heartbeat_carries_a_token_and_the_time(mailbox: Mailbox, presence: Callable[[], Presence]) -> None:
    one = presence()
    one.claim()
    assert one.beat(SAID)
    said = mailbox.read_presence()
    assert said is not None
    assert said.token == one.token
    assert said.beat > 1_600_000_000
    assert said.heartbeat.endswith("+00:00")


@contextmanager
def ticking(one: Presence) -> Iterator[None]:
    """Its heart beats meanwhile."""
    stop = threading.Event()

    def beat() -> None:
        while not stop.wait(0.1):
            one.beat(SAID)

    heart = threading.Thread(target=beat)
    heart.start()
    try:
        yield
    finally:
        stop.set()
        heart.join()


def test_a_second_one_is_refused_while_the_first_beats(presence: Callable[[], Presence]) -> None:
    one = presence()
    one.claim()
    with ticking(one), pytest.raises(Unavailable) as caught:
        presence().claim()
    assert "4711" in caught.value.message


def test_one_of_a_later_version_that_says_more_is_not_taken_over(
    mailbox: Mailbox, presence: Callable[[], Presence], monkeypatch: pytest.MonkeyPatch
) -> None:
    one = presence()
    one.claim()
    write = Mailbox.write_presence

    def more(self: Mailbox, data: bytes) -> None:
        said = msgspec.json.decode(data)
        write(self, encode(said | {"mood": "fine", "jobs": said.get("jobs", {}) | {"done": 7}}))

    monkeypatch.setattr(Mailbox, "write_presence", more)
    with ticking(one), pytest.raises(Unavailable):
        presence().claim()
    assert one.beat(SAID)


def test_one_that_hangs_is_taken_over_and_goes_when_it_wakes(
    mailbox: Mailbox, presence: Callable[[], Presence]
) -> None:
    hangs, other = presence(), presence()
    hangs.claim()
    assert hangs.beat(SAID)
    other.claim()
    assert other.beat(SAID)
    assert not hangs.beat(SAID)
    assert other.beat(SAID)


def test_a_late_heartbeat_of_one_that_was_taken_over_ends_nobody_else(
    mailbox: Mailbox, presence: Callable[[], Presence]
) -> None:
    hangs, other = presence(), presence()
    hangs.claim()
    assert hangs.beat(SAID)
    late = mailbox.read_presence()
    other.claim()
    assert other.beat(SAID)
    mailbox.write_presence(encode(late))
    assert other.beat(SAID)
    assert not hangs.beat(SAID)


def test_without_locks_the_name_in_the_heartbeat_says_who_goes(
    presence: Callable[[], Presence], monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(handle: object) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr("bridge.reaper.presence._lock_file", unknown)
    hangs, other = presence(), presence()
    hangs.claim()
    assert hangs.beat(SAID)
    other.claim()
    assert other.beat(SAID)
    assert not hangs.beat(SAID)
    assert other.beat(SAID)


def test_the_next_one_comes_in_at_once_after_a_release(mailbox: Mailbox, presence: Callable[[], Presence]) -> None:
    one = presence()
    one.claim()
    one.beat(SAID)
    one.release()
    slept: list[float] = []
    after = Presence(mailbox, SystemClock(), slept.append)
    after.claim()
    after.release()
    assert slept == []


@pytest.mark.parametrize("pid", [os.getpid(), 2**22 + 1], ids=["taken", "free"])
def test_the_heartbeat_of_a_dead_one_holds_nobody_up_whoever_has_its_number(mailbox: Mailbox, pid: int) -> None:
    left = msgspec.structs.replace(SAID, pid=pid, token="dead", beat=time.time())  # noqa: S106  a name, no secret
    mailbox.write_presence(encode(left))
    slept: list[float] = []
    one = Presence(mailbox, SystemClock(), slept.append)
    one.claim()
    assert one.beat(SAID)
    one.release()
    assert slept == []


def test_a_mailbox_that_cannot_be_written_is_a_sentence(mailbox: Mailbox, presence: Callable[[], Presence]) -> None:
    (mailbox.root / "bridge.lock").mkdir()
    with pytest.raises(WriteFailed) as caught:
        presence().claim()
    assert "bridge.lock" not in caught.value.message
    assert caught.value.hint


def test_where_no_file_can_be_locked_the_heartbeat_alone_decides(
    mailbox: Mailbox, presence: Callable[[], Presence], monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(handle: object) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr("bridge.reaper.presence._lock_file", unknown)
    one = presence()
    one.claim()
    with ticking(one), pytest.raises(Unavailable):
        presence().claim()


def test_a_heartbeat_that_cannot_be_written_is_no_end(mailbox: Mailbox, presence: Callable[[], Presence]) -> None:
    one = presence()
    one.claim()
    (mailbox.root / "bridge.json").mkdir()
    assert one.beat(SAID)
    (mailbox.root / "bridge.json").rmdir()
    assert one.beat(SAID)
    assert mailbox.read_presence() is not None


def test_nobody_is_taken_over_who_could_not_see_it(
    mailbox: Mailbox, presence: Callable[[], Presence], monkeypatch: pytest.MonkeyPatch
) -> None:
    hangs = presence()
    hangs.claim()
    assert hangs.beat(SAID)

    def full(self: Mailbox, data: bytes) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(Mailbox, "write_presence", full)
    with pytest.raises(WriteFailed):
        presence().claim()


def test_reaper_has_left_when_its_sign_stands_still(mailbox: Mailbox) -> None:
    clock = ManualClock()
    company = Company(mailbox, clock, 120.0)
    sign = mailbox.root / "reaper.json"
    for second in range(0, 600, 5):  # REAPER is there
        clock.advance(5)
        sign.write_text("{}")
        os.utime(sign, (second, second))
        assert not company.has_left(busy=False)
    clock.advance(119)
    assert not company.has_left(busy=False)
    clock.advance(2)
    assert company.has_left(busy=False)


def test_a_reaper_that_never_gave_a_sign_is_waited_for_as_long(mailbox: Mailbox) -> None:
    clock = ManualClock()
    company = Company(mailbox, clock, 120.0)
    clock.advance(119)
    assert not company.has_left(busy=False)
    clock.advance(2)
    assert company.has_left(busy=False)


def test_work_is_finished_first(mailbox: Mailbox) -> None:
    clock = ManualClock()
    company = Company(mailbox, clock, 120.0)
    clock.advance(500)
    assert not company.has_left(busy=True)
    clock.advance(119)
    assert not company.has_left(busy=False)
    clock.advance(2)
    assert company.has_left(busy=False)


def test_a_bridge_that_a_person_started_stays(mailbox: Mailbox) -> None:
    clock = ManualClock()
    company = Company(mailbox, clock, None)
    clock.advance(10**6)
    assert not company.has_left(busy=False)
