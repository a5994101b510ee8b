"""How the double opens: actions from the key file, the startup script, surfaces from the ini file."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from tests.reaper.double import Reaper
from tests.reaper.double.chunks import project_file
from tests.reaper.osc_peer import surfaces_of


@pytest.fixture
def home(reaper: Reaper) -> Path:
    scripts = reaper.resource_path / "Scripts" / "ours"
    scripts.mkdir(parents=True)
    (scripts / "agent.lua").write_text(
        "reaper.SetExtState('test', 'agent', 'here', false) local function go() reaper.defer(go) end go()"
    )
    (reaper.resource_path / "reaper-kb.ini").write_text(
        'SCR 4 0 RS7d3c00 "Custom: agent.lua" ours\\agent.lua\n'
        'KEY 1 65 _RS7d3c00 0\nSCR 516 32060 RSother "Custom: x.lua" x.lua\n'
    )
    (reaper.resource_path / "Scripts" / "__startup.lua").write_text(
        "reaper.Main_OnCommand(reaper.NamedCommandLookup('_RS7d3c00'), 0) reaper.defer(function() end)"
    )
    return reaper.resource_path


def test_the_startup_script_starts_an_action_by_its_name(reaper: Reaper, home: Path) -> None:
    reaper.start()
    assert list(reaper.actions.names.values()) == ["_RS7d3c00"]
    reaper.tick(2)
    assert ([Path(s.path).name for s in reaper.scripts], reaper.ext) == (["agent.lua"], {("test", "agent"): "here"})


def test_a_restart_forgets_what_was_not_to_last(reaper: Reaper, home: Path) -> None:
    reaper.start()
    reaper.lua("reaper.SetExtState('test', 'style', 'jazz', true) reaper.SetExtState('test', 'mood', 'low', false)")
    old = reaper.project
    reaper.restart()
    assert reaper.ext == {("test", "style"): "jazz", ("test", "agent"): "here"}
    assert (old.alive, len(reaper.projects)) == (False, 1)


def test_surfaces_are_those_of_the_ini_file(reaper: Reaper, home: Path) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (home / "OSC").mkdir()
    (home / "OSC" / "partimento.ReaperOSC").write_text("DEVICE_TRACK_COUNT 64\nPLAY t/play\n")
    (home / "reaper.ini").write_text(
        "[REAPER]\ncsurf_cnt=2\ncsurf_0=HTTP 0 2307 '' 'index.html' 0 ''\n"
        f'csurf_1=OSC "partimento" 3 {port} "127.0.0.1" 9000 1024 10 "partimento"\n'
    )
    (surface,) = surfaces_of(reaper)
    assert (surface.port, surface.banks["TRACK"], [p.key for p in surface.patterns.patterns]) == (port, 64, ["PLAY"])
    surface.close()


def test_a_project_file_opens_as_it_was_saved(reaper: Reaper, tmp_path: Path) -> None:
    first = reaper.project
    first.add_tempo(0, 90, "3/4")
    first.add_tempo(12, 120, linear=True)
    first.add_region("Verse", 0, 12)
    first.add_marker("Break", 12)
    first.add_track("Lead", selected=True).add_midi(0, 12, [(0, 1, 60, 90), (1, 2, 64, 80)], name="Tune")
    first.add_track("Chords").add_item(0, 12, "Am7")
    (tmp_path / "song.rpp").write_text(project_file(first), "utf-8")
    opened = reaper.open(tmp_path / "song.rpp")
    assert (reaper.project, reaper.projects, first.alive) == (opened, [opened], False)
    assert project_file(opened) == (tmp_path / "song.rpp").read_text("utf-8")
