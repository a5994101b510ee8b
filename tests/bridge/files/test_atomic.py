"""All files or none."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from bridge.files.atomic import write_files
from engines.errors import WriteFailed


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, hidden ones too."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def failing(number: int, calls: int, real: Callable[..., object]) -> Callable[..., object]:
    """Like `real` until it has been called so often, then an OSError."""
    count = 0

    def call(*arguments: object) -> object:
        nonlocal count
        count += 1
        if count == calls:
            raise OSError(number, os.strerror(number))
        return real(*arguments)

    return call


def test_files_and_folders_are_made(tmp_path: Path) -> None:
    made = write_files(tmp_path / "out" / "deep", {"song.mid": b"MThd", "parts/Piano.mid": b"x"})
    assert made == (tmp_path / "out/deep/song.mid", tmp_path / "out/deep/parts/Piano.mid")
    assert contents(tmp_path) == {"out/deep/song.mid": b"MThd", "out/deep/parts/Piano.mid": b"x"}
    assert sorted(p.name for p in (tmp_path / "out/deep").iterdir()) == ["parts", "song.mid"]


def test_what_was_there_is_replaced(tmp_path: Path) -> None:
    write_files(tmp_path, {"a.mid": b"old", "b.mid": b"stays"})
    write_files(tmp_path, {"a.mid": b"new"})
    assert contents(tmp_path) == {"a.mid": b"new", "b.mid": b"stays"}


def test_nothing_to_write_is_fine(tmp_path: Path) -> None:
    assert write_files(tmp_path / "out", {}) == ()


@pytest.mark.parametrize("calls", [1, 2, 3])
def test_a_full_disk_leaves_nothing_and_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, calls: int
) -> None:
    write_files(tmp_path, {"a.mid": b"old"})
    monkeypatch.setattr(os, "fsync", failing(errno.ENOSPC, calls, os.fsync))
    with pytest.raises(WriteFailed) as caught:
        write_files(tmp_path, {"a.mid": b"new", "new/b.mid": b"new", "c.mid": b"new"})
    assert caught.value.message == f"Nothing was written to {tmp_path.name}: the disk is full."
    assert caught.value.hint == "Free some space, or choose another folder."
    assert contents(tmp_path) == {"a.mid": b"old"}
    assert [p.name for p in tmp_path.iterdir()] == ["a.mid"]


@pytest.mark.parametrize("calls", range(1, 6))
def test_a_rename_that_fails_is_taken_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, calls: int) -> None:
    before = {"a.mid": b"old a", "sub/b.mid": b"old b"}
    write_files(tmp_path, before)
    monkeypatch.setattr(os, "replace", failing(errno.EACCES, calls, os.replace))
    with pytest.raises(WriteFailed, match="the folder cannot be written to"):
        write_files(tmp_path, {"a.mid": b"new", "sub/b.mid": b"new", "more/c.mid": b"new"})
    assert contents(tmp_path) == before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.mid", "sub"]


def test_stopping_in_between_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", stop)
    with pytest.raises(KeyboardInterrupt):
        write_files(tmp_path / "new", {"a.mid": b"x"})
    assert list(tmp_path.iterdir()) == []


def test_a_file_in_the_way_of_a_folder(tmp_path: Path) -> None:
    (tmp_path / "out").write_bytes(b"mine")
    for folder in (tmp_path / "out", tmp_path / "out" / "deeper"):
        with pytest.raises(WriteFailed, match="a file is in the way of a folder"):
            write_files(folder, {"a.mid": b"x"})
    with pytest.raises(WriteFailed, match="a file is in the way of a folder"):
        write_files(tmp_path, {"first.mid": b"x", "out/a.mid": b"x"})
    assert contents(tmp_path) == {"out": b"mine"}


def test_a_folder_in_the_way_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "a.mid").mkdir()
    with pytest.raises(WriteFailed, match="a folder is in the way of a file"):
        write_files(tmp_path, {"b.mid": b"x", "a.mid": b"x"})
    assert contents(tmp_path) == {}


def test_a_folder_that_is_only_linked_is_written_through(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    write_files(tmp_path / "link", {"a.mid": b"x"})
    assert contents(tmp_path / "real") == {"a.mid": b"x"}


@pytest.mark.parametrize("name", ["", ".", "/etc/x", "../x", "a/../../x", "a\\b", "C:x", "x\0y", "away/x"])
def test_names_that_leave_the_folder_are_refused(tmp_path: Path, name: str) -> None:
    home = tmp_path / "out"
    home.mkdir()
    (tmp_path / "elsewhere").mkdir()
    (home / "away").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(WriteFailed, match="does not name a file inside the output folder"):
        write_files(home, {"good.mid": b"x", name: b"x"})
    assert contents(tmp_path) == {}


def test_a_name_too_long_and_a_folder_that_is_no_path(tmp_path: Path) -> None:
    with pytest.raises(WriteFailed, match="a name is too long"):
        write_files(tmp_path, {"x" * 300: b"x"})
    with pytest.raises(WriteFailed, match="embedded null byte"):
        write_files(str(tmp_path / "x\0y"), {"a.mid": b"x"})
    assert contents(tmp_path) == {}
