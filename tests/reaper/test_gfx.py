"""The graphics window in the double: what was drawn, a person's mouse and keys, and a picture of it."""

from __future__ import annotations

import shutil
import struct
from pathlib import Path

import pytest

from tests.reaper.double import Reaper
from tests.reaper.double.picture import save

PANEL = """
gfx.init("Clips", 300, 200)
gfx.setfont(1, "Arial", 20)
local clicked = 0
local function turn()
  if gfx.getchar() < 0 then return end
  gfx.set(0.2, 0.3, 0.4)
  gfx.rect(10, 10, 280, 40)
  gfx.set(1, 1, 1)
  gfx.x, gfx.y = 20, 18
  gfx.drawstr("Bass take 1 & more")
  gfx.circle(150, 120, 30, 1)
  gfx.arc(150, 120, 40, 0, 3)
  gfx.line(0, 199, 299, 199)
  if gfx.mouse_cap & 1 == 1 then clicked = clicked + 1 end
  reaper.SetExtState("test", "clicked", clicked .. " at " .. gfx.mouse_x, false)
  gfx.update()
  reaper.defer(turn)
end
turn()
"""


def test_what_was_drawn_is_known(reaper: Reaper) -> None:
    reaper.run("panel.lua", PANEL)
    assert (reaper.gfx.open, reaper.gfx.title, reaper.gfx.words()) == (True, "Clips", ["Bass take 1 & more"])
    box = reaper.gfx.frame[0]
    assert (box.function, box.arguments[:4], box.colour) == ("rect", (10.0, 10.0, 280.0, 40.0), (0.2, 0.3, 0.4, 1.0))
    assert reaper.gfx.place_of("Bass") == (20.0, 18.0)


def test_a_person_clicks_and_closes(reaper: Reaper) -> None:
    panel = reaper.run("panel.lua", PANEL)
    reaper.gfx.move(42, 20)
    reaper.gfx.press()
    reaper.tick(2)
    reaper.gfx.press(0)
    reaper.tick()
    assert reaper.ext["test", "clicked"] == "2 at 42.0"
    reaper.gfx.close()
    reaper.tick()
    assert panel.running is False


def test_the_window_goes_with_its_script(reaper: Reaper) -> None:
    reaper.run("once.lua", "gfx.init('Clips', 100, 100) reaper.defer(function() end)")
    assert reaper.gfx.open
    reaper.tick(2)
    assert not reaper.gfx.open


def test_each_script_has_a_window_of_its_own(reaper: Reaper) -> None:
    reaper.run("panel.lua", PANEL)
    clips = reaper.gfx
    reaper.run("other.lua", PANEL.replace("Clips", "Settings"))
    assert (clips.title, reaper.gfx.title) == ("Clips", "Settings")


def test_menus_are_answered(reaper: Reaper) -> None:
    reaper.desktop.menus.append(2)
    assert reaper.lua("gfx.init('m', 10, 10) return gfx.showmenu('Accept|Reject')") == 2.0


def test_the_frame_becomes_svg(reaper: Reaper, tmp_path: Path) -> None:
    reaper.run("panel.lua", PANEL)
    save(reaper.gfx.frame, 300, 200, tmp_path / "panel.svg")
    text = (tmp_path / "panel.svg").read_text(encoding="utf-8")
    assert "Bass take 1 &amp; more" in text
    assert text.count("<circle") == text.count("<path") == text.count("<line") == 1


@pytest.mark.needs_tool
def test_the_frame_becomes_a_picture(reaper: Reaper, tmp_path: Path) -> None:
    if shutil.which("rsvg-convert") is None:
        pytest.skip("rsvg-convert is not installed")
    reaper.run("panel.lua", PANEL)
    save(reaper.gfx.frame, 300, 200, tmp_path / "panel.png")
    assert struct.unpack(">ii", (tmp_path / "panel.png").read_bytes()[16:24]) == (300, 200)
