"""The mailbox, with files as scripts put them there."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path

import msgspec
import pytest

from bridge.reaper.mailbox import MAX_CONTROL, Mailbox
from bridge.wire import Control1, encode
from bridge.wire.presence import Bridge1
from engines.errors import NotThere, SchemaError, WriteFailed


@pytest.fixture
def mailbox(tmp_path: Path) -> Mailbox:
    return Mailbox.below(tmp_path)


def control(mailbox: Mailbox, name: str, text: str, at: int = 0) -> Path:
    path = mailbox.control / name
    path.write_text(text, encoding="utf-8")
    os.utime(path, ns=(at, at))
    return path


def no_one(name: str) -> bool:
    return False


def said(verb: str = "ping") -> str:
    return json.dumps({"schema": "control/1", "verb": verb})


def test_it_is_made_below_the_resource_path(tmp_path: Path) -> None:
    mailbox = Mailbox.below(tmp_path)
    assert mailbox.root == tmp_path / "Data" / "partimento"
    assert mailbox.jobs.is_dir()
    assert Mailbox.below(tmp_path) == mailbox


def test_a_resource_path_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(NotThere):
        Mailbox.below(tmp_path / "none")
    assert list(tmp_path.iterdir()) == []


def test_a_file_in_the_way_is_said(tmp_path: Path) -> None:
    (tmp_path / "Data").write_text("in the way")
    with pytest.raises(WriteFailed):
        Mailbox.below(tmp_path)


def test_a_job_is_seen_once_its_request_has_arrived(mailbox: Mailbox) -> None:
    (mailbox.jobs / "a").mkdir()
    (mailbox.jobs / "a" / "request.new").touch()
    (mailbox.jobs / "stray.txt").touch()
    assert mailbox.requests(no_one) == ()
    (mailbox.jobs / "a" / "request.new").rename(mailbox.jobs / "a" / "request.json")
    assert mailbox.requests(no_one) == ("a",)
    assert mailbox.requests({"a"}.__contains__) == ()


def test_a_mailbox_that_was_taken_away_is_empty(mailbox: Mailbox) -> None:
    mailbox.jobs.rmdir()
    mailbox.control.rmdir()
    assert mailbox.requests(no_one) == ()
    assert list(mailbox.controls()) == []


def test_control_files_are_read_in_order_and_removed(mailbox: Mailbox) -> None:
    control(mailbox, "b.json", said("ping"), at=1)
    control(mailbox, "a.json", said("panic"), at=2)
    control(mailbox, "c.new", said())
    read = list(mailbox.controls())
    assert [(name, each.verb) for name, each in read if isinstance(each, Control1)] == [("b", "ping"), ("a", "panic")]
    assert [path.name for path in mailbox.control.iterdir()] == ["c.new"]


def test_control_files_of_another_day_are_forgotten(mailbox: Mailbox) -> None:
    control(mailbox, "old.json", said("live-start"), at=1_000_000_000)
    control(mailbox, "new.json", said("ping"), at=9_000_000_000)
    assert mailbox.forget_controls(before=5.0) == ("old",)
    assert [name for name, _ in mailbox.controls()] == ["new"]
    mailbox.control.rmdir()
    assert mailbox.forget_controls(before=5.0) == ()


@pytest.mark.parametrize(
    "data", [b"", b"{", b'{"schema":"control/2"}', said("dance").encode(), b"x" * (MAX_CONTROL + 1), b"\xff"]
)
def test_a_control_file_that_makes_no_sense_is_removed_too(mailbox: Mailbox, data: bytes) -> None:
    (mailbox.control / "a.json").write_bytes(data)
    ((name, problem),) = mailbox.controls()
    assert name == "a"
    assert isinstance(problem, SchemaError)
    assert list(mailbox.control.iterdir()) == []


def test_a_presence_is_read_back(mailbox: Mailbox) -> None:
    assert mailbox.read_presence() is None
    one = Bridge1(state="ready", pid=1, token="t-1", version="0.1.0", beat=1.5, heartbeat="then")  # noqa: S106  a name, no secret
    mailbox.write_presence(encode(one))
    assert mailbox.read_presence() == one
    (mailbox.root / "bridge.json").write_text("{")
    assert mailbox.read_presence() is None
    assert sorted(path.name for path in mailbox.root.iterdir()) == ["bridge.json", "control", "jobs"]


def test_on_a_full_disk_a_presence_goes_over_the_last_one(mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    one = Bridge1(state="ready", pid=1000, token="t-1", version="0.1.0", beat=1.5, heartbeat="then")  # noqa: S106
    mailbox.write_presence(encode(one))

    def full(path: Path, data: bytes) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    shorter = msgspec.structs.replace(one, pid=1)
    mailbox.write_presence(encode(shorter))
    assert mailbox.read_presence() == shorter
    with pytest.raises(OSError, match="No space left"):
        mailbox.write_presence(encode(one) + b" " * 100)
    assert mailbox.read_presence() == shorter
