"""Shipped data, and the user's over it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bridge import paths, resources
from bridge.resources import FolderShelf, shipped
from engines.errors import NotThere


def test_a_wheel_has_the_data_inside_and_a_checkout_beside(tmp_path: Path) -> None:
    package = tmp_path / "bridge"
    (tmp_path / "presets").mkdir()
    package.mkdir()
    assert shipped("presets", package) == tmp_path / "presets"
    (package / "_data/presets").mkdir(parents=True)
    assert shipped("presets", package) == package / "_data/presets"
    with pytest.raises(NotThere):
        shipped("reaper_scripts", package)


def test_what_the_user_has_shadows_what_is_shipped(tmp_path: Path) -> None:
    mine, ours = tmp_path / "mine", tmp_path / "ours"
    for folder, names in ((ours, ("a.mid", "b.mid", "LICENSE", "SOURCE", ".hidden")), (mine, ("b.mid", "c.mid"))):
        folder.mkdir()
        for name in names:
            (folder / name).write_text(folder.name)
    shelf = FolderShelf((mine, ours), "song")
    assert shelf.ids() == ("a.mid", "b.mid", "c.mid")
    assert shelf.read("b.mid") == b"mine"
    assert shelf.read("a.mid") == b"ours"


@pytest.mark.parametrize("name", ["../secret", "/etc/passwd", "none.mid", ".", "", "x" * 5000, "a\0b"])
def test_a_name_cannot_lead_off_the_shelf(tmp_path: Path, name: str) -> None:
    (tmp_path / "songs").mkdir()
    (tmp_path / "secret").write_text("x")
    with pytest.raises(NotThere):
        FolderShelf((tmp_path / "songs",), "song").read(name)


def test_a_link_to_itself_is_nothing(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(NotThere):
        FolderShelf((tmp_path,), "song").path("loop")


def test_this_checkout_has_its_songs_and_tables() -> None:
    shelves = resources.standard()
    assert shelves.songs.ids()
    assert shelves.analysis.ids()


def test_the_user_folder_can_be_moved() -> None:
    assert paths.home({"PARTIMENTO_HOME": "/tmp/elsewhere"}) == Path("/tmp/elsewhere")  # noqa: S108  # never touched
    assert paths.home({}).name == "partimento"


@pytest.mark.parametrize(
    ("platform", "variable", "place"),
    [
        ("linux", "XDG_CONFIG_HOME", "REAPER"),
        ("win32", "APPDATA", "REAPER"),
        ("darwin", "HOME", "Library/Application Support/REAPER"),
    ],
)
def test_reaper_is_found_where_it_keeps_its_things(tmp_path: Path, platform: str, variable: str, place: str) -> None:
    environment = {"HOME": str(tmp_path / "nobody"), variable: str(tmp_path)}
    assert paths.reaper_resource_path(environment, platform) is None
    (tmp_path / place).mkdir(parents=True)
    (tmp_path / place / "reaper.ini").touch()
    assert paths.reaper_resource_path(environment, platform) == tmp_path / place
