"""Finding REAPER's folder: named, usual, portable; and never one of several by chance."""

from __future__ import annotations

from pathlib import Path

import pytest

from bridge.reaper.install import place
from engines.errors import NotThere


def reaper(folder: Path) -> Path:
    folder.mkdir(parents=True)
    (folder / "reaper.ini").touch()
    return folder


def test_a_folder_that_is_named_wins(tmp_path: Path) -> None:
    usual, portable = reaper(tmp_path / ".config/REAPER"), reaper(tmp_path / "stick/REAPER ♫")
    environment = {"HOME": str(tmp_path)}
    assert place.find(None, environment, "linux") == usual
    assert place.find(portable, environment, "linux") == portable
    assert place.find(portable / "reaper.ini", environment, "linux") == portable


def test_a_portable_one_is_found_when_it_is_the_only_one(tmp_path: Path) -> None:
    environment = {"HOME": str(tmp_path), "PATH": ""}
    with pytest.raises(NotThere, match="usual places"):
        place.find(None, environment, "linux")
    first = reaper(tmp_path / "opt/REAPER")
    assert place.find(None, environment, "linux") == first
    second = reaper(tmp_path / "Desktop/REAPER")
    with pytest.raises(NotThere) as several:
        place.find(None, environment, "linux")
    assert str(first) in several.value.message
    assert str(second) in several.value.message


def test_a_portable_one_lies_beside_its_program(tmp_path: Path) -> None:
    folder = reaper(tmp_path / "music/daw")
    program = folder / "reaper"
    program.touch()
    program.chmod(0o755)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/reaper").symlink_to(program)
    assert place.portables({"HOME": str(tmp_path), "PATH": str(tmp_path / "bin")}, "linux") == (folder,)


@pytest.mark.parametrize(
    ("platform", "variable", "folder"),
    [
        ("win32", "SYSTEMDRIVE", "REAPER"),
        ("win32", "USERPROFILE", "Desktop/REAPER"),
        ("darwin", "HOME", "Desktop/REAPER"),
    ],
)
def test_other_systems_have_their_places(tmp_path: Path, platform: str, variable: str, folder: str) -> None:
    there = reaper(tmp_path / folder)
    assert place.portables({variable: str(tmp_path)}, platform) == (there,)


def test_another_folder_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(NotThere, match=r"holds no reaper\.ini"):
        place.find(tmp_path)
    with pytest.raises(NotThere, match="is no folder"):
        place.find(tmp_path / "none")
