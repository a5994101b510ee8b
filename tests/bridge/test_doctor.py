"""The doctor looks at everything and blames nothing that is only not installed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bridge import app, doctor, midi_ports, paths, resources
from bridge.clock import SystemClock
from bridge.doctor import Finding
from bridge.midi_ports import BackEnd, MidiPorts
from bridge.reaper import install
from bridge.reaper.install.running import Look
from bridge.reaper.mailbox import Mailbox
from bridge.reaper.presence import Presence, own
from bridge.registry import Found, Registry
from tests.bridge.reaper.install.fake_reaper import resource_folder, scripts


def finding(subject: str) -> Finding:
    return next(f for f in doctor.examine() if f.subject == subject)


def test_this_checkout_is_in_order() -> None:
    findings = doctor.examine()
    assert [f for f in findings if f.state == "broken"] == []
    subjects = {f.subject for f in findings}
    assert {
        "python",
        "packages",
        "data",
        "engine",
        "runtime",
        "style",
        "midi",
        "preview",
        "pictures",
        "musicxml",
    } <= subjects
    assert {"reaper", "user folder", "temporary folder"} <= subjects


def test_whatever_is_not_in_order_has_a_remedy(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    monkeypatch.setattr(midi_ports, "look", lambda: MidiPorts((BackEnd("ALSA", problem="no sequencer"),), None))
    lacking = [f for f in doctor.examine() if f.state != "ok"]
    assert {"midi", "preview", "pictures", "reaper"} <= {f.subject for f in lacking}
    assert all(f.remedy for f in lacking)


def test_two_runtimes_at_once_are_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    class Installed:
        def __init__(self, name: str) -> None:
            self.name = name

    monkeypatch.setattr(doctor, "distributions", lambda: [Installed("onnxruntime"), Installed("onnxruntime-gpu")])
    assert finding("runtime").state == "broken"
    assert "pip uninstall" in finding("runtime").remedy
    monkeypatch.setattr(doctor, "distributions", list)
    assert finding("runtime").state == "missing"


def test_a_broken_engine_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Registry, "check", lambda self: (Found("sing", "choir", "The engine cannot be loaded."),))
    assert finding("engine") == Finding("engine", "broken", "The engine cannot be loaded.", "Update or remove choir.")


def test_a_folder_that_cannot_be_written_is_found_by_trying(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("")
    monkeypatch.setattr(paths, "home", lambda: in_the_way)
    assert finding("user folder").state == "broken"
    assert "PARTIMENTO_HOME" in finding("user folder").remedy
    assert list(tmp_path.iterdir()) == [in_the_way]


def test_reaper_is_found_by_its_ini(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "REAPER").mkdir()
    (tmp_path / "REAPER/reaper.ini").touch()
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert finding("reaper").says.endswith("REAPER")


def test_a_portable_reaper_is_found_where_install_finds_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "opt/REAPER").mkdir(parents=True)
    (tmp_path / "opt/REAPER/reaper.ini").touch()
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    assert finding("reaper").says == f"resource folder {tmp_path / 'opt/REAPER'}"


def test_how_far_reaper_knows_us(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    ships = scripts(tmp_path / "ships")
    monkeypatch.setattr(resources, "shipped", lambda kind: ships)
    home = resource_folder(tmp_path / "REAPER")
    monkeypatch.setattr(paths, "reaper_resource_path", lambda *_: home)

    def looked() -> Finding:
        return next(found for found in doctor._reaper() if found.subject == "reaper scripts")

    assert looked().state == "missing"
    assert "partimento reaper install" in looked().remedy
    install.carry_out(home, install.plan_install(home), Look(()))
    assert looked().state == "ok"
    assert "3 actions" in looked().says
    (home / "Scripts/__startup.lua").unlink()
    assert looked().state == "broken"
    assert "the agent does not start with REAPER" in looked().says
    (home / "reaper.ini").write_bytes(b"")
    assert "no section" in looked().says


def test_whether_the_bridge_runs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    home = resource_folder(tmp_path / "REAPER")
    monkeypatch.setattr(paths, "reaper_resource_path", lambda *_: home)

    def looked() -> Finding:
        return next(found for found in doctor._reaper() if found.subject == "bridge")

    assert looked().state == "missing"
    presence = Presence(Mailbox.below(home), SystemClock())
    presence.claim()
    presence.beat(own("ready"))
    assert looked().state == "ok"
    assert str(os.getpid()) in looked().says
    presence.beat(own("stopped"))
    presence.release()
    assert looked().state == "missing"


def test_styles_are_named_and_damaged_ones_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARTIMENTO_HOME", str(tmp_path))
    (tmp_path / "styles" / "mine").mkdir(parents=True)
    (tmp_path / "styles" / "mine" / "pack.json").write_text("{")
    app.shelves.cache_clear()
    found = {finding.says.partition(" ")[0]: finding for finding in doctor._styles()}
    app.shelves.cache_clear()
    assert found["house"].state == "ok"
    assert found["mine/pack.json"].state == "broken"
    assert found["mine/pack.json"].remedy
