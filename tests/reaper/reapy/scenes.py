"""What the process that plays REAPER does between two ticks, as a test asks: it builds projects, looks at them, goes wrong."""

from __future__ import annotations

import json
import os
import shutil
import time
from dataclasses import replace
from typing import Any

from tests.reaper.double import Event, Reaper
from tests.reaper.double.dispatch import PARTS
from tests.reaper.double.model import Source
from tests.reaper.scripts.lua import SCRIPTS

CHAIN = 'BYPASS 0 0 0\n<VST "VSTi: ReaSynth (Cockos)" x.so 0 ""\n>\n'
TEMPLATE = f'<TRACK\n  NAME "Warm"\n  PEAKCOL 33554431\n  <FXCHAIN\n{CHAIN}  >\n>\n'
MARKERS = PARTS["AddProjectMarker2"]


def start_anew(reaper: Reaper) -> None:
    """An empty project, in a REAPER with our instruments."""
    effects = reaper.resource_path / "Effects" / "partimento"
    shutil.copytree(SCRIPTS / "Effects", effects, dirs_exist_ok=True)
    (reaper.resource_path / "Data" / "partimento" / "instruments.json").unlink(missing_ok=True)
    for project in list(reaper.projects):
        reaper.close(project)


def a_song(reaper: Reaper) -> None:
    project = reaper.project
    project.name = "Lied für dich"
    project.add_tempo(0, 90, "3/4")
    project.add_tempo(12, 120, "4/4", linear=True)
    project.add_region("Strophe", 0, 12)
    project.add_marker("chord:Am7", 12)
    lead = project.add_track("Flöte", selected=True)
    lead.add_midi(0, 12, [(0, 1, 60, 90), (1, 1, 64, 91), (4, 2, 67, 92)])
    lead.add_midi(12, 20, [(0, 1, 72, 100), (2.5, 0.25, 71, 3)])
    bass = project.add_track("Bass")
    bass.values["B_MUTE"] = 1.0
    bass.add_midi(0, 4, [(0, 4, 36, 80)])
    project.add_track("Gesang").add_audio(0, 8)


def nothing(reaper: Reaper) -> None:
    pass


def odd_items(reaper: Reaper) -> None:
    """Trimmed, looped, faster, pooled, locked, muted, with a tempo of its own, and one that is far away."""
    project = reaper.project
    project.add_tempo(0, 100)
    project.add_tempo(8, 160)
    track = project.add_track("Lead")
    notes = [(0, 1, 60, 90), (1, 1, 62, 91), (3.5, 0.5, 64, 92)]
    trimmed = track.add_midi(0, 4, notes)
    fast = track.add_midi(4, 8, notes)
    looped = track.add_midi(8, 20, notes)
    locked = track.add_midi(20, 24, notes)
    muted = track.add_midi(24, 28, notes)
    own = track.add_midi(6, 12, notes)
    for item, name, value in ((trimmed, "D_STARTOFFS", 0.6), (fast, "D_PLAYRATE", 2.0)):
        item.takes[0].values[name] = value
    looped.values["B_LOOPSRC"] = 1.0
    locked.values["C_LOCK"] = 1.0
    muted.values["B_MUTE"] = 1.0
    assert own.takes[0].pool
    assert trimmed.takes[0].pool
    own.takes[0].pool.own_qpm = 120.0
    own.values["B_LOOPSRC"] = 0.0
    track.add_midi(9, 9)
    track.add_midi(30, 34).takes[0].give(Source("MIDI", trimmed.takes[0].pool))
    far = track.add_midi(400, 404, notes)
    assert far.takes[0].pool
    trimmed.takes[0].pool.insert(Event(100, 2, b"\x90\x50\x50"), Event(200, 0, b"\xf0\x01\xf7"), sort=True)
    project.select_time(4, 12)


def a_chord_track(reaper: Reaper) -> None:
    chords = reaper.project.add_track(" Chords ")
    chords.add_item(0, 4, "Am7")
    chords.add_item(4, 6)
    chords.add_item(6, 8, "D7\nthink of the rain")
    chords.add_item(16, 20, "remarks " * 20)
    reaper.project.add_marker("words " * 300, 4)
    reaper.project.add_track("name " * 300)
    item = chords.add_midi(8, 16)
    assert item.takes[0].pool
    item.takes[0].pool.insert(Event(960, 0, b"\xff\x01D7"), sort=True)


def a_long_item(reaper: Reaper) -> None:
    notes = [(i / 4, 0.25, 40 + i % 40, 60 + i % 60) for i in range(6000)]
    reaper.project.add_track("Lead").add_midi(0, 1500, notes)


def own_instruments(reaper: Reaper) -> None:
    folder = reaper.resource_path / "Data" / "partimento"
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in (("FXChains/Upright.RfxChain", CHAIN), ("TrackTemplates/Warm.RTrackTemplate", TEMPLATE)):
        (reaper.resource_path / name).parent.mkdir(exist_ok=True)
        (reaper.resource_path / name).write_text(text)
    (folder / "instruments.json").write_text('{"bass": "Upright.RfxChain", "pad": "Warm.RTrackTemplate"}')


def remove(reaper: Reaper) -> None:
    track = next(track for track in reaper.project.tracks if track.name == "Bass")
    reaper.project.tracks.remove(track)
    track.die()


def take_no_markers(_reaper: Reaper) -> None:
    PARTS["AddProjectMarker2"] = replace(MARKERS, function=lambda *_: -1)


def take_markers_again(_reaper: Reaper) -> None:
    PARTS["AddProjectMarker2"] = MARKERS


def crash_at_the_next_write(_reaper: Reaper) -> None:
    PARTS["Undo_BeginBlock2"] = replace(PARTS["Undo_BeginBlock2"], function=lambda *_: os._exit(1))


def open_dialog_at_the_next_call(_reaper: Reaper) -> None:
    PARTS["EnumProjects"] = replace(PARTS["EnumProjects"], function=lambda *_: time.sleep(60))


def many_items(reaper: Reaper) -> None:
    track = reaper.project.add_track("Lead", selected=True)
    for number in range(100):
        track.add_midi(number * 4, number * 4 + 4, [(i / 4, 0.25, 40 + i, 60 + number % 60) for i in range(16)])


def with_scripts(reaper: Reaper) -> dict[str, Any]:
    """What the scripts' own reader writes into a job folder."""
    text = reaper.lua(f"""
        package.path = [[{SCRIPTS}/?.lua]]
        return require("lib.json").encode(require("lib.reader").read("arrange", {{}}))
    """)
    request: dict[str, Any] = json.loads(text)
    return request


def undo_labels(reaper: Reaper) -> list[str]:
    return reaper.project.undo_labels()


def snapshots(reaper: Reaper) -> list[Any]:
    return [item.snapshot() for item in reaper.project.items]


def tracks(reaper: Reaper) -> list[tuple[str, list[list[tuple[int, str]]]]]:
    """Every track with the events of its items' active takes."""
    found = []
    for track in reaper.project.tracks:
        takes = [item.active_take for item in track.items]
        events = [
            [(event.ppq, event.message.hex(" ")) for event in take.pool.events] for take in takes if take and take.pool
        ]
        found.append((track.name, events))
    return found


def guid_of(reaper: Reaper, name: str) -> str:
    return next(track.guid for track in reaper.project.tracks if track.name == name)


def signs(reaper: Reaper) -> list[tuple[str, bool]]:
    return sorted((marker.name, marker.is_region) for marker in reaper.project.state.markers)


def freeze(reaper: Reaper) -> None:
    next(t for t in reaper.project.tracks if t.name == "Bass").values["I_FREEZECOUNT"] = 1.0


def record(reaper: Reaper) -> None:
    reaper.project.play_state = 5


def another_tab(reaper: Reaper) -> None:
    reaper.project = reaper.add_project("Other")


def take_of(reaper: Reaper, number: int) -> tuple[list[str], int, dict[str, str]]:
    item = reaper.project.items[number]
    take = item.active_take
    assert take
    return [one.name for one in item.takes], item.takes.index(take), dict(take.ext)


def instruments(reaper: Reaper) -> list[list[str]]:
    return [[fx.name for fx in track.fx] for track in reaper.project.tracks]
