"""From a key press to items, with nothing played by the test: installed scripts, the bridge they start, its engines."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import reaper_parser
import rpp

from tests.bridge.reaper.install.fake_reaper import resource_folder
from tests.reaper.double import Reaper
from tests.reaper.double.chunks import project_file
from tests.reaper.double.project import fingerprint
from tests.reaper.studio import SECONDS, TICK, press, studio


@pytest.fixture
def reaper(tmp_path: Path) -> Iterator[Reaper]:
    home = resource_folder(tmp_path / "REAPER Größe")
    (home / "Scripts/__startup.lua").unlink()  # what this user starts needs more than a fake folder
    with studio(home) as opened:
        yield opened


def test_a_melody_becomes_an_arrangement_that_one_undo_takes_back(reaper: Reaper) -> None:
    project = reaper.project
    lead = project.add_track("Lead", selected=True)
    tune = [(i, 1, 60 + (0, 2, 4, 5, 7, 5, 4, 2)[i % 8], 90) for i in range(32)]
    item = lead.add_midi(0, 32, tune)
    item.values["B_UISEL"] = 1.0
    reaper.start()
    before, heard = fingerprint(project.state), item.snapshot()

    press(reaper, "arrange_selected_melody", ["", "", "1"])
    reaper.until(lambda: len(project.tracks) > 1, ticks=int(SECONDS / TICK), pace=TICK)

    assert item.snapshot() == heard
    made = [other for track in project.tracks[1:] for other in track.items]
    assert made
    assert all(other.takes[0].pool and other.takes[0].pool.notes() for other in made)
    assert all(other.values["C_BEATATTACHMODE"] == 1 for other in made)
    assert all(track.fx for track in project.tracks[1:] if track.items)
    assert project.undo_labels() == ["Arrange: piano"]

    text = project_file(project)
    assert rpp.loads(text).tag == "REAPER_PROJECT"
    assert reaper_parser.emit(reaper_parser.parse(text)) == text

    reaper.lua("reaper.Undo_DoUndo2(0)")
    assert fingerprint(project.state) == before
