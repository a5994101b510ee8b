"""Tabs, tracks, items, markers, effects, the view: the double's project as a script sees it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.reaper.double import Project, Reaper, RuleBroken


def test_tabs_are_counted_and_brought_to_the_front(reaper: Reaper) -> None:
    reaper.project.name = "Song.rpp"
    other = reaper.add_project("Other.rpp", "/music/Other.rpp")
    assert reaper.lua(
        """
        local first, second = reaper.EnumProjects(0), reaper.EnumProjects(1)
        assert(reaper.EnumProjects(-1) == first and reaper.EnumProjects(2) == nil)
        reaper.SelectProjectInstance(second)
        return reaper.GetProjectName(0), (select(2, reaper.EnumProjects(-1)))
        """
    ) == ("Other.rpp", "/music/Other.rpp")
    assert reaper.project is other


def test_a_closed_tab_takes_its_pointers_along(reaper: Reaper) -> None:
    other = reaper.add_project()
    other.add_track("Lead")
    script = reaper.run(
        "keep.lua",
        "local p = reaper.EnumProjects(1) function count() return reaper.CountTracks(p) end reaper.defer(function() end)",
    )
    reaper.close(other)
    with pytest.raises(RuleBroken, match="was deleted"), reaper.playing(script):
        script.lua.globals()[b"count"]()


def test_pointers_are_the_same_value_each_time(reaper: Reaper, project: Project) -> None:
    project.add_track("Lead")
    assert reaper.lua(
        """
        local seen = { [reaper.GetTrack(0, 0)] = "known" }
        local track = reaper.GetTrack(0, 0)
        return seen[track], track == reaper.GetTrack(0, 0), type(track), tostring(track):match("^userdata: 0x%x+$") ~= nil
        """
    ) == ("known", True, "userdata", True)


def test_folders_have_depth_and_parents(reaper: Reaper, project: Project) -> None:
    for name, change in (("Band", 1), ("Bass", 0), ("Drums", -1), ("Lead", 0)):
        project.add_track(name).values["I_FOLDERDEPTH"] = float(change)
    assert reaper.lua(
        """
        local out = {}
        for i = 0, reaper.CountTracks(0) - 1 do
          local track = reaper.GetTrack(0, i)
          local parent = reaper.GetParentTrack(track)
          out[i + 1] = reaper.GetTrackDepth(track) .. (parent and select(2, reaper.GetTrackName(parent)) or "")
        end
        return out
        """
    ) == ["0", "1Band", "1Band", "0"]


def test_numbers_come_as_reaper_gives_them(reaper: Reaper, project: Project) -> None:
    project.add_track().add_midi(0, 4)
    assert reaper.lua(
        """
        local item = reaper.GetMediaItem(0, 0)
        return math.type(reaper.GetMediaItemInfo_Value(item, "B_LOOPSRC")), math.type(reaper.CountTakes(item)),
          math.type(reaper.TimeMap2_QNToTime(0, 4)), math.type(reaper.MIDI_GetPPQPosFromProjQN(reaper.GetActiveTake(item), 0))
        """
    ) == ("float", "integer", "float", "float")


def test_items_stand_in_order_of_time(reaper: Reaper, project: Project) -> None:
    track = project.add_track()
    late, early = track.add_midi(8, 12), track.add_midi(0, 4)
    reaper.lua("reaper.SetMediaItemInfo_Value(reaper.GetMediaItem(0, 0), 'D_POSITION', 10)")
    assert track.items == [late, early]


@pytest.mark.parametrize(
    ("call", "why"),
    [
        ("reaper.SetMediaItemInfo_Value(item, 'D_LENGTH', -1)", "D_LENGTH is -1"),
        ("reaper.SetMediaItemInfo_Value(item, 'B_LOOPSRC', 2)", "0 or 1"),
        ("reaper.SetMediaItemInfo_Value(item, 'I_CURTAKE', 3)", "has 1 takes"),
        ("reaper.SetMediaItemInfo_Value(item, 'C_BEATATTACHMODE', 7)", "-1, 0, 1 or 2"),
        ("reaper.SetMediaItemTakeInfo_Value(reaper.GetActiveTake(item), 'D_PLAYRATE', 0)", "plays nothing"),
        ("reaper.SetMediaTrackInfo_Value(track, 'IP_TRACKNUMBER', 1)", "REAPER's to set"),
        ("reaper.SetMediaTrackInfo_Value(track, 'I_CUSTOMCOLOR', 0.5)", "whole number"),
        ("reaper.GetMediaItemInfo_Value(item, 'P_TRACK')", "is a pointer"),
        ("reaper.GetSetMediaItemInfo_String(item, 'P_NAME', '', false)", "no parameter"),
        ("reaper.InsertTrackAtIndex(7, true)", "none can come at 7"),
        ("reaper.CreateNewMIDIItemInProj(track, 4, 4, true)", "ends at 4"),
        ("reaper.DeleteTrackMediaItem(reaper.GetTrack(0, 1), item)", "on another track"),
        ("reaper.AddProjectMarker2(0, true, 4, 2, 'Verse', -1, 0)", "ends at 2"),
        ("reaper.AddProjectMarker2(0, true, 0, 2, 'Verse', -1, 255)", "lacks 0x1000000"),
        ("reaper.ValidatePtr2(0, item, 'MediaItem')", "with a star"),
    ],
)
def test_values_that_make_no_sense_are_refused(reaper: Reaper, project: Project, call: str, why: str) -> None:
    project.add_track("Lead").add_midi(0, 4)
    project.add_track("Bass")
    with pytest.raises(RuleBroken, match=why):
        reaper.lua(f"local track = reaper.GetTrack(0, 0) local item = reaper.GetTrackMediaItem(track, 0) {call}")


def test_regions_and_markers_are_listed_in_order(reaper: Reaper, project: Project) -> None:
    project.add_marker("chord:Am7", 4)
    project.add_region("Verse", 0, 16)
    assert reaper.lua(
        """
        local out = {}
        for i = 0, reaper.CountProjectMarkers(0) - 1 do
          local _, region, at, till, name, number = reaper.EnumProjectMarkers3(0, i)
          out[#out + 1] = string.format("%s %s %.1f %.1f %d", name, region, at, till, number)
        end
        return out
        """
    ) == ["Verse true 0.0 8.0 1", "chord:Am7 false 2.0 0.0 1"]


def test_instruments_are_added_by_name_by_file_and_by_chain(reaper: Reaper, project: Project) -> None:
    effects, chains = reaper.resource_path / "Effects" / "partimento", reaper.resource_path / "FXChains"
    effects.mkdir(parents=True)
    chains.mkdir()
    (effects / "drums.jsfx").write_text("desc:partimento drums\nin_pin:none\n", encoding="utf-8")
    (chains / "Bass.RfxChain").write_text(
        'BYPASS 0 0 0\n<VST "VSTi: ReaSynth (Cockos)" x.so 0 ""\n>\n', encoding="utf-8"
    )
    for _ in range(4):
        project.add_track()
    assert reaper.lua(
        """
        local function add(i, name) return reaper.TrackFX_AddByName(reaper.GetTrack(0, i), name, false, -1) end
        local added = { add(0, "ReaSynth"), add(1, "JS: partimento/drums.jsfx"), add(2, "Bass.RfxChain"), add(3, "Nothing") }
        for i = 0, 3 do added[#added + 1] = reaper.TrackFX_GetInstrument(reaper.GetTrack(0, i)) end
        return added
        """
    ) == [0, 0, 0, -1, 0, 0, 0, -1]


def test_a_template_becomes_a_track(reaper: Reaper, project: Project) -> None:
    project.add_track("Old")
    template = (
        '<TRACK\nNAME "Warm Bass"\nPEAKCOL 33554431\n<FXCHAIN\n<VST "VSTi: ReaSynth (Cockos)" x.so 0 ""\n>\n>\n>\n'
    )
    reaper.lua(f"assert(reaper.SetTrackStateChunk(reaper.GetTrack(0, 0), {template!r}, false))")
    track = project.tracks[0]
    assert (track.name, [fx.name for fx in track.fx], track.fx[0].instrument) == (
        "Warm Bass",
        ["VSTi: ReaSynth (Cockos)"],
        True,
    )


def test_a_template_may_not_bring_anothers_guid(reaper: Reaper, project: Project) -> None:
    project.add_track("Old")
    project.add_track("New")
    with pytest.raises(RuleBroken, match="already has the GUID"):
        reaper.lua(
            """
            local _, chunk = reaper.GetTrackStateChunk(reaper.GetTrack(0, 0), "", false)
            reaper.SetTrackStateChunk(reaper.GetTrack(0, 1), chunk, false)
            """
        )


def test_a_chunk_read_back_is_the_same_chunk(reaper: Reaper, project: Project, tmp_path: Path) -> None:
    track = project.add_track('The "big" one')
    track.ext["partimento.role"] = "bass"
    item = track.add_midi(0, 4, [(0, 1, 60, 100), (1, 1, 64, 90)])
    item.ext["partimento.0.seed"] = "7"
    item.add_take("second", [(0, 2, 67, 80)])
    track.add_item(4, 8, "Am7")
    copy = """
    local track = reaper.GetTrack(0, 0)
    local _, before = reaper.GetTrackStateChunk(track, "", false)
    reaper.SetTrackStateChunk(track, before, false)
    return before, (select(2, reaper.GetTrackStateChunk(track, "", false)))
    """
    before, after = reaper.lua(copy)
    assert "E 960 80 3c 00" in before
    assert [line for line in after.splitlines() if "GUID" not in line] == [
        line for line in before.splitlines() if "GUID" not in line
    ]


def test_the_view_turns_pixels_into_tracks_and_seconds(reaper: Reaper, project: Project) -> None:
    project.add_track("Lead")
    project.add_track("Bass").add_midi(0, 16)
    view = project.view
    reaper.desktop.mouse = (view.left + 100, view.top + view.track_height + 5)
    asked = """
    local x, y = reaper.GetMousePosition()
    local track = reaper.GetTrackFromPoint(x, y)
    local from = reaper.GetSet_ArrangeView2(0, false, x, x + 1)
    return (select(2, reaper.GetTrackName(track))), from, reaper.SnapToGrid(0, 1.1), reaper.GetItemFromPoint(x, y, true) ~= nil
    """
    assert reaper.lua(asked) == ("Bass", 5.0, 1.0, True)


def test_things_under_points_are_named(tmp_path: Path) -> None:
    reaper = Reaper(tmp_path, version="7.02")
    reaper.project.add_track("Lead")
    view = reaper.project.view
    assert reaper.lua(
        f"""
        local _, arrange = reaper.GetThingFromPoint({view.left + 5}, {view.top + 5})
        local _, panel = reaper.GetThingFromPoint({view.left - 5}, {view.top + 5})
        local nowhere, word = reaper.GetThingFromPoint(0, 0)
        return arrange, panel, nowhere == nil and word
        """
    ) == ("arrange", "tcp", "")
