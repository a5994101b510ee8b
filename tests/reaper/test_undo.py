"""Undo in the double: one entry a block, and everything back."""

from __future__ import annotations

from tests.reaper.double import Project, Reaper
from tests.reaper.double.project import fingerprint


def block(at: int) -> str:
    """A script that writes one track at that place."""
    return f"""
reaper.Undo_BeginBlock2(0)
reaper.InsertTrackAtIndex({at}, true)
local track = reaper.GetTrack(0, {at})
reaper.GetSetMediaTrackInfo_String(track, "P_NAME", "Bass", true)
local item = reaper.CreateNewMIDIItemInProj(track, 0, 16, true)
reaper.SetMediaItemInfo_Value(item, "C_BEATATTACHMODE", 1)
reaper.Undo_EndBlock2(0, "Arrange: pop band", -1)
reaper.defer(function() end)
"""


def test_a_block_is_one_entry_and_undo_brings_all_back(reaper: Reaper, project: Project) -> None:
    project.add_track("Lead").add_midi(0, 16, [(0, 1, 60, 100)])
    before = fingerprint(project.state)
    reaper.run("arrange.lua", block(1))
    after = fingerprint(project.state)
    assert project.undo_labels() == ["Arrange: pop band"]
    assert reaper.lua("return reaper.Undo_CanUndo2(0), reaper.Undo_DoUndo2(0)") == ("Arrange: pop band", 1)
    assert fingerprint(project.state) == before
    assert reaper.lua("return reaper.Undo_CanRedo2(0), reaper.Undo_DoRedo2(0)") == ("Arrange: pop band", 1)
    assert fingerprint(project.state) == after != before


def test_pools_stay_shared_through_undo(reaper: Reaper, project: Project) -> None:
    track = project.add_track("Lead")
    track.add_midi(4, 8, pool_of=track.add_midi(0, 4, [(0, 1, 60, 100)]))
    reaper.run("arrange.lua", block(1))
    reaper.lua("reaper.Undo_DoUndo2(0)")
    first, second = project.track("Lead").items
    assert first.takes[0].pool is second.takes[0].pool


def test_blocks_inside_blocks_are_one(reaper: Reaper, project: Project) -> None:
    reaper.run(
        "a.lua",
        f"reaper.Undo_BeginBlock2(0) {block(0)} reaper.Undo_EndBlock2(0, 'All', -1)",
    )
    assert project.undo_labels() == ["All"]


def test_a_block_that_took_everything_back_leaves_no_entry(reaper: Reaper, project: Project) -> None:
    reaper.run(
        "a.lua",
        """
        reaper.Undo_BeginBlock2(0)
        reaper.InsertTrackAtIndex(0, true)
        reaper.DeleteTrack(reaper.GetTrack(0, 0))
        reaper.Undo_EndBlock2(0, "", 0)
        """,
    )
    assert project.undo_labels() == []


def test_a_script_that_only_asks_leaves_a_point_unless_it_defers(reaper: Reaper, project: Project) -> None:
    reaper.run("count.lua", "local n = reaper.CountTracks(0)")
    assert project.undo_labels() == ["ReaScript: count.lua"]
    reaper.run("count.lua", "local n = reaper.CountTracks(0) reaper.defer(function() end)")
    assert project.undo_labels() == ["ReaScript: count.lua"]


def test_changes_outside_a_block_are_told(reaper: Reaper, project: Project) -> None:
    reaper.run("loose.lua", "reaper.InsertTrackAtIndex(0, true) reaper.defer(function() end)")
    assert (project.loose, project.undo_labels()) == (["InsertTrackAtIndex"], [])


def test_the_state_count_moves_with_every_change(reaper: Reaper, project: Project) -> None:
    count = "return reaper.GetProjectStateChangeCount(0)"
    first = reaper.lua(count)
    assert reaper.lua(count) == first
    reaper.run("arrange.lua", block(0))
    assert reaper.lua(count) > first


def test_ext_state_of_the_project_is_beyond_undo_and_that_of_items_is_not(reaper: Reaper, project: Project) -> None:
    project.add_track().add_midi(0, 4)
    reaper.lua(
        """
        reaper.Undo_BeginBlock2(0)
        reaper.SetProjExtState(0, "partimento", "id", "abc")
        reaper.GetSetMediaItemInfo_String(reaper.GetMediaItem(0, 0), "P_EXT:partimento.seed", "7", true)
        reaper.Undo_EndBlock2(0, "Mark", -1)
        """
    )
    assert project.items[0].ext == {"partimento.seed": "7"}
    reaper.lua("reaper.Undo_DoUndo2(0)")
    assert (project.items[0].ext, project.ext) == ({}, {("partimento", "id"): "abc"})
