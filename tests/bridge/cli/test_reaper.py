"""`reaper install|status|remove`, as a musician meets it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from bridge import cli, resources
from bridge.reaper.install import running
from bridge.reaper.install.running import Look
from tests.bridge.reaper.install.fake_reaper import everything, resource_folder, scripts

Partimento = Callable[..., tuple[int, str, str]]


@pytest.fixture
def partimento(capsys: pytest.CaptureFixture[str]) -> Partimento:
    def run(*arguments: object) -> tuple[int, str, str]:
        code = cli.run([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        return code, out, err

    return run


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A resource folder where the platform keeps it, REAPER closed, and stand-in scripts to install."""
    ships = scripts(tmp_path / "ships")
    monkeypatch.setattr(resources, "shipped", lambda kind: ships)
    monkeypatch.setattr(running, "look", lambda: Look(()))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("APPDATA", str(tmp_path))
    return resource_folder(tmp_path / "REAPER")


def test_a_dry_run_shows_every_line_and_changes_none(partimento: Partimento, home: Path) -> None:
    before = everything(home)
    code, out, err = partimento("reaper", "install", "--dry-run", "--resource-path", home)
    assert (code, err) == (0, "")
    assert f"REAPER's folder: {home}" in out
    assert "  would add Scripts/partimento/partimento_arrange.lua\n" in out
    assert "  would change reaper.ini\n" in out
    assert "-csurf_cnt=1\n" in out
    assert "+csurf_cnt=2\n" in out
    assert "+SCR 4 0 RS" in out
    assert "+reaper.Main_OnCommand(" in out
    assert everything(home) == before


def test_in_status_and_out_again(partimento: Partimento, home: Path) -> None:
    before = everything(home)
    code, out, _ = partimento("reaper", "status", "--resource-path", home)
    assert code == 0
    assert "installed: no" in out
    assert "partimento reaper install" in out
    code, out, _ = partimento("reaper", "install", "--resource-path", home)
    assert code == 0
    assert "  added 1 file in OSC\n" in out
    assert "Start REAPER" in out
    code, out, _ = partimento("reaper", "status", "--resource-path", home)
    assert "✓ actions: 3 actions in REAPER's list" in out
    assert "✓ OSC: REAPER listens on 7341 and tells 127.0.0.1:7342" in out
    assert "as it should be" in partimento("reaper", "install", "--resource-path", home)[1]
    code, out, _ = partimento("reaper", "remove", "--resource-path", home)
    assert "  changed reaper.ini\n" in out
    assert "  removed 5 files in Scripts/partimento\n" in out
    assert everything(home) == before
    assert "Nothing of ours" in partimento("reaper", "remove", "--resource-path", home)[1]


def test_the_usual_folder_is_found(partimento: Partimento, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bridge.paths.reaper_resource_path", lambda environment, platform: home)
    assert json.loads(partimento("reaper", "status", "--json")[1])["resource_path"] == str(home)


def test_json_says_the_same(partimento: Partimento, home: Path) -> None:
    where = ("--resource-path", home, "--json")
    told = json.loads(partimento("reaper", "install", *where, "--dry-run")[1])
    assert (told["schema"], told["dry_run"]) == ("reaper-install/1", True)
    assert {"file": "reaper.ini", "does": "change"} in told["changes"]
    assert "+csurf_cnt=2" in told["diff"]
    told = json.loads(partimento("reaper", "install", *where)[1])
    told = json.loads(partimento("reaper", "status", *where)[1])
    assert (told["schema"], told["whole"], told["running"]) == ("reaper-status/1", True, [])
    assert [part["state"] for part in told["parts"]] == ["ok"] * 4
    assert json.loads(partimento("reaper", "remove", *where)[1])["schema"] == "reaper-remove/1"


@pytest.mark.parametrize(
    ("file", "old", "new", "part"),
    [
        ("reaper.ini", b'partimento" 3 ', b'partimento" 1 ', "OSC"),
        ("reaper-kb.ini", b"partimento/partimento_again.lua", b"elsewhere.lua", "actions"),
        ("reaper-kb.ini", b"partimento/partimento_agent.lua", b"elsewhere.lua", "start-up"),
        ("Scripts/partimento/lib/json.lua", b"return", b"RETURN", "files"),
    ],
)
def test_status_sees_what_is_not_as_it_should_be(
    partimento: Partimento, home: Path, file: str, old: bytes, new: bytes, part: str
) -> None:
    partimento("reaper", "install", "--resource-path", home)
    data = (home / file).read_bytes().replace(b"\\", b"/")
    assert old in data
    (home / file).write_bytes(data.replace(old, new))
    told = json.loads(partimento("reaper", "status", "--resource-path", home, "--json")[1])
    assert {one["name"]: one["state"] for one in told["parts"]}[part] == "changed"
    assert not told["whole"]


def test_a_running_reaper_is_named_and_nothing_is_done(
    partimento: Partimento, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "look", lambda: Look(("process 4711 (/opt/REAPER/reaper)",)))
    before = everything(home)
    code, _, err = partimento("reaper", "install", "--resource-path", home)
    assert code == 1
    assert "process 4711 (/opt/REAPER/reaper)" in err
    assert "hint: Close REAPER" in err
    code, out, err = partimento("reaper", "install", "--dry-run", "--resource-path", home)
    assert code == 0
    assert "would add" in out
    assert "note: REAPER is running" in err
    assert "REAPER runs: process 4711" in partimento("reaper", "status", "--resource-path", home)[1]
    assert everything(home) == before


def test_wrong_usage_and_a_wrong_folder(partimento: Partimento, home: Path, tmp_path: Path) -> None:
    assert partimento("reaper")[0] == 2
    assert partimento("reaper", "instal")[0] == 2
    code, _, err = partimento("reaper", "install", "--resource-path", tmp_path / "nowhere")
    assert code == 1
    assert "hint: In REAPER: Options" in err
