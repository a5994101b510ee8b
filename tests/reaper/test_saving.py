"""Projects of the double as files: the independent judges take them, and the product reads the same music back."""

from __future__ import annotations

from pathlib import Path

import pytest
import reaper_parser
import rpp

from bridge.files.rpp import read_project
from engines.music.song import MidiClip
from tests.reaper.double import Project, Reaper, RuleBroken

WRITE = r"""
reaper.Undo_BeginBlock2(0)
reaper.InsertTrackAtIndex(1, true)
local track = reaper.GetTrack(0, 1)
reaper.GetSetMediaTrackInfo_String(track, "P_NAME", 'Bass "low"', true)
reaper.SetMediaTrackInfo_Value(track, "I_CUSTOMCOLOR", reaper.ColorToNative(58, 119, 204) | 0x1000000)
local item = reaper.CreateNewMIDIItemInProj(track, 0, 8, true)
reaper.SetMediaItemInfo_Value(item, "C_BEATATTACHMODE", 1)
reaper.GetSetMediaItemInfo_String(item, "P_EXT:partimento.0.seed", "7", true)
local take = reaper.GetActiveTake(item)
reaper.GetSetMediaItemTakeInfo_String(take, "P_NAME", "Bass take 1", true)
local events = {}
for i = 0, 7 do
  events[#events + 1] = string.pack("i4Bs4", i == 0 and 0 or 480, 0, string.char(0x90, 36 + i, 90))
  events[#events + 1] = string.pack("i4Bs4", 480, 0, string.char(0x80, 36 + i, 0))
end
events[#events + 1] = string.pack("i4Bs4", 0, 0, string.char(0xB0, 0x7B, 0))
reaper.MIDI_SetAllEvts(take, table.concat(events))
reaper.Undo_EndBlock2(0, "Arrange", -1)
reaper.Main_SaveProject(0, false)
reaper.defer(function() end)
"""


def song(project: Project, path: Path) -> Project:
    project.path = str(path)
    project.add_tempo(0, 120, "3/4")
    project.add_tempo(12, 90, linear=True)
    project.add_tempo(24, 150, "4/4")
    project.add_region("Verse", 0, 12)
    project.add_marker("chord:Am7", 3)
    project.add_track("Lead").add_midi(0, 12, [(0, 1, 60, 100), (1.5, 0.25, 64, 90)])
    return project


def test_the_judges_take_what_a_script_wrote(reaper: Reaper, project: Project, tmp_path: Path) -> None:
    path = tmp_path / "Söng.rpp"
    song(project, path)
    reaper.run("write.lua", WRITE)
    text = path.read_text(encoding="utf-8")
    assert rpp.loads(text).tag == "REAPER_PROJECT"
    assert reaper_parser.emit(reaper_parser.parse(text)) == text


def test_the_product_reads_the_same_music_back(reaper: Reaper, project: Project, tmp_path: Path) -> None:
    path = tmp_path / "song.rpp"
    song(project, path)
    reaper.run("write.lua", WRITE)
    read = read_project(path.read_bytes()).song
    assert [(track.name, track.colour) for track in read.tracks] == [("Lead", None), ('Bass "low"', "#3a77cc")]
    assert [(s.name, s.start, s.length) for s in read.sections] == [("Verse", 0, 12 * 960)]
    assert [(change.tick, str(change.meter)) for change in read.meter.changes] == [(0, "3/4"), (24 * 960, "4/4")]
    assert read.tempo.seconds_at(24 * 960) == pytest.approx(project.time.to_seconds(24)) == pytest.approx(12.0)
    (bass,) = read.tracks[1].placements
    assert isinstance(bass.clip, MidiClip)
    assert [(n.start, n.length, n.pitch) for n in bass.clip.notes] == [(i * 960, 480, 36 + i) for i in range(8)]
    assert bass.takes[0].provenance == {"seed": "7"}


def test_a_project_without_a_file_asks_where(reaper: Reaper) -> None:
    with pytest.raises(RuleBroken, match="ask where"):
        reaper.lua("reaper.Main_SaveProject(0, false)")
