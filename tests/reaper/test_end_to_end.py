"""From a key press to items, with nothing played by the test: installed scripts, the bridge they start, its engines."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import reaper_parser
import rpp

from bridge.reaper import install
from bridge.reaper.install.running import Look
from tests.bridge.reaper.install.fake_reaper import resource_folder
from tests.reaper.double import Reaper
from tests.reaper.double.chunks import project_file
from tests.reaper.double.project import fingerprint

SECONDS = 60
TICK = 1 / 30


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Reaper]:
    """A REAPER with partimento installed. What it starts is really started, and ends with the test."""
    home = resource_folder(tmp_path / "REAPER Größe")
    (home / "Scripts/__startup.lua").unlink()  # what this user starts needs more than a fake folder
    install.carry_out(home, install.plan_install(home, command=("partimento",)), Look(()))
    reaper = Reaper(home)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    command = [sys.executable, "-m", "bridge", "serve", "--resource-path", str(home), "--osc-port", port]
    started: list[subprocess.Popen[bytes]] = []
    reaper.desktop.on_process = lambda _: started.append(subprocess.Popen(command, stdout=subprocess.DEVNULL))
    yield reaper
    for process in started:
        process.terminate()
    assert all(process.wait(timeout=20) == 0 for process in started)


def test_a_melody_becomes_an_arrangement_that_one_undo_takes_back(studio: Reaper) -> None:
    project = studio.project
    lead = project.add_track("Lead", selected=True)
    tune = [(i, 1, 60 + (0, 2, 4, 5, 7, 5, 4, 2)[i % 8], 90) for i in range(32)]
    item = lead.add_midi(0, 32, tune)
    item.values["B_UISEL"] = 1.0
    studio.start()
    before, heard = fingerprint(project.state), item.snapshot()
    points = len(project.undo_labels())

    studio.desktop.inputs.append(["", "", "1"])
    studio.run(studio.resource_path / "Scripts/partimento/partimento_arrange_selected_melody.lua")
    studio.until(lambda: len(project.tracks) > 1, ticks=int(SECONDS / TICK), pace=TICK)

    assert item.snapshot() == heard
    made = [other for track in project.tracks[1:] for other in track.items]
    assert made
    assert all(other.takes[0].pool and other.takes[0].pool.notes() for other in made)
    assert all(other.values["C_BEATATTACHMODE"] == 1 for other in made)
    assert all(track.fx for track in project.tracks[1:] if track.items)
    assert project.undo_labels()[points:] == ["Arrange: piano"]

    text = project_file(project)
    assert rpp.loads(text).tag == "REAPER_PROJECT"
    assert reaper_parser.emit(reaper_parser.parse(text)) == text

    studio.lua("reaper.Undo_DoUndo2(0)")
    assert fingerprint(project.state) == before
