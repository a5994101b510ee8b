"""What ships, where it goes, and who starts it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import bridge
from bridge import resources
from bridge.reaper import install
from bridge.reaper.install import shipment
from bridge.reaper.install.running import Look
from tests.bridge.reaper.install.fake_reaper import everything, resource_folder, scripts


def test_every_kind_has_its_place(tmp_path: Path) -> None:
    ships = scripts(tmp_path)
    for name in ("FXChains/Bass.RfxChain", "TrackTemplates/Kit.RTrackTemplate", "lib/panel/draw.lua", "lib/.draft.lua"):
        (ships / name).parent.mkdir(parents=True, exist_ok=True)
        (ships / name).write_text("")
    places = dict(shipment.places(ships))
    assert places["FXChains/Bass.RfxChain"] == "FXChains/partimento/Bass.RfxChain"
    assert places["TrackTemplates/Kit.RTrackTemplate"] == "TrackTemplates/partimento/Kit.RTrackTemplate"
    assert places["lib/panel/draw.lua"] == "Scripts/partimento/lib/panel/draw.lua"
    assert places["Effects/Sketch/partimento_drums.jsfx"] == "Effects/partimento/Sketch/partimento_drums.jsfx"
    assert places["partimento.ReaperOSC"] == "OSC/partimento.ReaperOSC"
    assert not [name for name in places if name.endswith((".md", ".draft.lua", ".luacheckrc"))]


def test_what_ships_has_distinct_places_and_plain_names() -> None:
    places = [place for _, place in shipment.places(resources.shipped("reaper_scripts"))]
    assert len({place.lower() for place in places}) == len(places)
    assert all(place.isascii() and " " not in place and len(place) < 100 for place in places)


def test_the_scripts_get_a_command_that_starts_us_from_anywhere(tmp_path: Path) -> None:
    command = install.own_command()
    said = subprocess.run([*command, "--version"], cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    assert said == f"partimento {bridge.__version__}\n"


def test_what_was_installed_goes_even_when_our_own_scripts_are_lost(tmp_path: Path) -> None:
    home, ships = resource_folder(tmp_path / "REAPER"), scripts(tmp_path / "ships")
    before = everything(home)
    install.carry_out(home, install.plan_install(home, ships), Look(()))
    (ships / "partimento_agent.lua").unlink()
    install.carry_out(home, install.plan_remove(home, ships), Look(()))
    assert everything(home) == before
