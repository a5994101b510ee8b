"""ReaPack's index: well formed, complete, and every address pinned."""

from __future__ import annotations

import xml.etree.ElementTree as Xml
from pathlib import Path
from urllib.parse import unquote

import pytest

import bridge
from bridge import resources
from bridge.reaper import reapack
from bridge.reaper.install.actions import shipped
from engines.errors import SchemaError
from tests.bridge.reaper.install import fake_reaper

URL = "https://example.org/partimento/raw"
COMMIT = "0123456789abcdef0123456789abcdef01234567"
TIME = "2026-11-21T10:00:00Z"


def read(scripts: Path) -> Xml.Element:
    return Xml.fromstring(reapack.index(scripts, URL, COMMIT, TIME))  # noqa: S314  # our own


@pytest.fixture(params=["shipped", "stand-ins"])
def scripts(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return resources.shipped("reaper_scripts") if request.param == "shipped" else fake_reaper.scripts(tmp_path)


def test_it_has_the_form_that_reapack_reads(scripts: Path) -> None:
    root = read(scripts)
    assert (root.tag, root.get("version"), root.get("name"), root.get("commit")) == ("index", "1", "partimento", COMMIT)
    packages = root.findall("category/reapack")
    assert {one.get("type") for one in packages} == {"script", "effect"}
    assert len({(one.get("type"), one.get("name")) for one in packages}) == len(packages)
    for version in root.findall("category/reapack/version"):
        assert (version.get("name"), version.get("time")) == (bridge.__version__, TIME)
        assert version.findall("source")


def test_every_address_is_pinned_and_names_a_file_that_ships(scripts: Path) -> None:
    addresses = [source.text or "" for source in read(scripts).iter("source")]
    assert len(set(addresses)) == len(addresses)
    for address in addresses:
        begin, _, file = address.partition(f"/{COMMIT}/reaper_scripts/")
        assert begin == URL
        assert (scripts / unquote(file)).is_file()


def test_actions_are_listed_and_libraries_are_not(tmp_path: Path) -> None:
    root = read(fake_reaper.scripts(tmp_path))
    sources = {source.get("file"): source.get("main") for source in root.findall("category[@name='Actions']//source")}
    assert sources == {
        "lib/instruments.json": None, "lib/json.lua": None, "partimento_again.lua": "main",
        "partimento_agent.lua": "main", "partimento_arrange.lua": "main",
    }  # fmt: skip


def test_instruments_come_to_the_place_where_scripts_look(scripts: Path) -> None:
    effects = read(scripts).findall("category[@name='Sketch']/reapack[@type='effect']")
    assert "partimento_drums.jsfx" in {effect.get("name") for effect in effects}


@pytest.mark.parametrize(("url", "commit"), [("http://example.org", COMMIT), (URL, "main"), (URL, COMMIT[:7])])
def test_an_address_that_can_change_is_refused(url: str, commit: str, tmp_path: Path) -> None:
    with pytest.raises(SchemaError):
        reapack.index(fake_reaper.scripts(tmp_path), url, commit, TIME)


def test_scripts_that_ship_are_of_this_version() -> None:
    assert {action.version for action in shipped(resources.shipped("reaper_scripts"))} <= {bridge.__version__}


def test_it_is_written_by_a_command(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert reapack.main(["--url", URL, "--commit", COMMIT]) == 0
    assert capsysbinary.readouterr().out.startswith(b'<?xml version="1.0" encoding="utf-8"?>\n<index ')
