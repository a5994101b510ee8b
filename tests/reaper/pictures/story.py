"""A musician's first arrangement, played from the first look to the last in the double, with a picture of every screen."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import redirect_stdout
from pathlib import Path

from bridge import cli
from tests.reaper.double import Project, Reaper
from tests.reaper.pictures.arrangement import arrangement
from tests.reaper.pictures.windows import console, drawn, inputs, message
from tests.reaper.studio import SECONDS, TICK, press, studio

SONG = "harbour_bossa.mid"
HOME = "~/.config/REAPER"
"""What stands for the folder of the double."""
RECORDING, STOPPED = 5, 0

Screen = tuple[str, str]
"""A picture's name, and the picture as SVG."""


def screens(folder: Path) -> Iterator[Screen]:
    """Every screen, in the order of the guide. `folder` is empty and may be thrown away afterwards."""
    home = folder / "REAPER"
    home.mkdir()
    (home / "reaper.ini").write_text("[REAPER]\n")
    with redirect_stdout(io.StringIO()):
        assert cli.run(["demo", "--song", SONG, "--out", str(folder / "first")]) == 0
    with studio(home) as reaper:
        reaper.start()
        reaper.tick(3)
        press(reaper, "doctor")
        yield "doctor", _console(reaper)
        song = reaper.open(folder / "first/arrangement.rpp")
        yield from _asking(reaper, song)
        yield from _choosing(reaper, song)
        yield from _when_it_says_no(reaper, song)


def _asking(reaper: Reaper, song: Project) -> Iterator[Screen]:
    melody = song.track("MELODY")
    melody.values["I_SELECTED"] = 1.0
    yield "melody", arrangement(song, 12, "")
    song.select_time(16, 32)
    press(reaper, "edit_chords", ["| Am7 | D7b9 | Gm7 | Gm7 C7 |"])
    yield "edit-chords", inputs(reaper.desktop.seen[-1])
    song.select_time(0, 0)
    press(reaper, "arrange_selected_melody", ["bossa", "", "3"])
    yield "arrange", inputs(reaper.desktop.seen[-1])
    _wait_for(reaper, "Arrange: piano")
    yield "arranged", arrangement(song, 12, reaper.desktop.help_line)


def _choosing(reaper: Reaper, song: Project) -> Iterator[Screen]:
    song.track("MELODY").values["I_SELECTED"] = 0.0
    for item in song.track("Piano").items:
        item.values["B_UISEL"] = 1.0
    press(reaper, "next_take")
    yield "takes", arrangement(song, 8, reaper.desktop.help_line)
    press(reaper, "show_clips")
    reaper.tick(5)
    for key in (1685026670, 1685026670):  # down
        reaper.gfx.keys.append(key)
        reaper.tick(2)
    yield "clips", drawn(reaper.gfx)
    reaper.gfx.close()
    reaper.tick(2)
    press(reaper, "settings", None)
    yield "settings", inputs(reaper.desktop.seen[-1])


def _when_it_says_no(reaper: Reaper, song: Project) -> Iterator[Screen]:
    for item in song.items:
        item.values["B_UISEL"] = 0.0
    press(reaper, "arrange_selected_melody")
    yield "no-melody", message(reaper.desktop.seen[-1])
    song.track("MELODY").values["I_SELECTED"] = 1.0
    press(reaper, "arrange_selected_melody", ["bossa", "", "1"])
    song.play_state = RECORDING
    reaper.until(lambda: "done" in _states(reaper), ticks=int(SECONDS / TICK), pace=TICK)
    reaper.tick(3)
    song.play_state = STOPPED
    reaper.desktop.boxes.append("no")
    reaper.until(lambda: reaper.desktop.seen[-1].kind == "box")
    yield "write-now", message(reaper.desktop.seen[-1])
    reaper.desktop.boxes.append("yes")
    press(reaper, "self_test")
    yield "self-test-asks", message(reaper.desktop.seen[-1])
    reaper.desktop.console = ""
    reaper.until(lambda: reaper.desktop.console, ticks=int(SECONDS / TICK))
    yield "self-test", _console(reaper)


def _console(reaper: Reaper) -> str:
    return console(reaper.desktop.console.replace(str(reaper.resource_path), HOME))


def _wait_for(reaper: Reaper, label: str) -> None:
    reaper.until(lambda: label in reaper.project.undo_labels(), ticks=int(SECONDS / TICK), pace=TICK)
    reaper.tick(3)


def _states(reaper: Reaper) -> str:
    """What the newest job's status says."""
    newest = max((reaper.resource_path / "Data/partimento/jobs").iterdir())
    status = newest / "status.json"
    return status.read_text() if status.exists() else ""
