"""Every rule of the double: what a script may not do fails the test, `pcall` or not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.reaper.double import Project, Reaper, RuleBroken, ScriptFailed

CALLS = {
    "a name nobody knows": ("reaper.GetTrak(0, 0)", "no such function"),
    "a name nobody knows, only looked at": ("local there = reaper.MIDI_GetNotes", "no such function"),
    "too few arguments": ("reaper.GetTrack(0)", "it needs 2"),
    "too many arguments": ("reaper.GetTrack(0, 0, 0)", "it takes 2"),
    "a string where a number belongs": ("reaper.GetTrack(0, '0')", "integer expected"),
    "a number where a string belongs": ("reaper.GetExtState('a', 1)", "string expected"),
    "a number where a boolean belongs": ("reaper.SetTrackSelected(reaper.GetTrack(0, 0), 1)", "boolean expected"),
    "half a track": ("reaper.GetTrack(0, 0.5)", "no integer representation"),
    "more than 32 bits": ("reaper.GetTrack(0, 2^40)", "32 bits"),
    "no number at all": ("reaper.TimeMap2_QNToTime(0, 0/0)", "no time"),
    "nil where something must be": ("reaper.GetTrackGUID(nil)", "got nil"),
    "a pointer of another kind": ("reaper.GetTrackMediaItem(reaper.EnumProjects(-1), 0)", "MediaTrack expected"),
    "a table": ("reaper.ShowConsoleMsg({})", "string expected"),
    "a zero byte in text": ("reaper.ShowConsoleMsg('a\\0b')", "zero byte"),
    "assigning to REAPER's table": ("reaper.mine = 1", "that table is REAPER's"),
    "a field of a pointer": ("local n = reaper.GetTrack(0, 0).name", "no fields"),
    "leaving through os.exit": ("os.exit()", "stops REAPER"),
    "waiting for a process": ("reaper.ExecProcess('sleep 1', 1000)", "nothing else happens"),
    "a dialog nobody answers": ("reaper.ShowMessageBox('Sure?', 'Arrange', 4)", "nobody answers"),
    "a parameter nobody knows": ("reaper.GetMediaTrackInfo_Value(reaper.GetTrack(0, 0), 'B_LOUD')", "no parameter"),
    "line breaks in lasting ext-state": ("reaper.SetExtState('partimento', 'style', 'a\\nb', true)", "no line breaks"),
    "line breaks in a project's ext-state": (
        "reaper.SetProjExtState(0, 'partimento', 'style', 'a\\nb')",
        "no line breaks",
    ),
    "line breaks in a name": (
        "reaper.GetSetMediaTrackInfo_String(reaper.GetTrack(0, 0), 'P_NAME', 'a\\nb', true)",
        "no line breaks",
    ),
    "line breaks in a track's ext-state": (
        "reaper.GetSetMediaTrackInfo_String(reaper.GetTrack(0, 0), 'P_EXT:partimento', 'a\\nb', true)",
        "no line breaks",
    ),
    "a colour that REAPER ignores": (
        "reaper.SetMediaTrackInfo_Value(reaper.GetTrack(0, 0), 'I_CUSTOMCOLOR', 255)",
        "lacks 0x1000000",
    ),
    "an unknown action": ("reaper.Main_OnCommand(41234567, 0)", "does not know command"),
    "an unknown gfx variable": ("gfx.mouse_z = 1", "no such variable"),
    "a gfx variable of REAPER's": ("gfx.mouse_x = 1", "REAPER's to set"),
    "drawing without a window": ("gfx.rect(0, 0, 10, 10)", "no window"),
}


@pytest.mark.parametrize("what", CALLS)
@pytest.mark.parametrize("how", ["plainly", "inside pcall"])
def test_a_forbidden_call_fails_the_test(reaper: Reaper, project: Project, what: str, how: str) -> None:
    project.add_track("Lead")
    call, why = CALLS[what]
    with pytest.raises((RuleBroken, ScriptFailed), match=why) as failed:
        reaper.lua(call if how == "plainly" else f"local ok, err = pcall(function() {call} end) error(err, 0)")
    assert what == "a field of a pointer" or isinstance(failed.value, RuleBroken)


def test_a_rule_broken_inside_pcall_is_raised_even_when_the_script_goes_on(reaper: Reaper) -> None:
    with pytest.raises(RuleBroken, match="no such function"):
        reaper.lua("pcall(function() reaper.GetTrak(0, 0) end)")


def test_the_message_names_the_line(reaper: Reaper, tmp_path: Path) -> None:
    script = tmp_path / "wrong.lua"
    script.write_text(
        "local function count()\n  local n = reaper.CountTracks('all')\nend\npcall(count)\n", encoding="utf-8"
    )
    with pytest.raises(RuleBroken, match=r"ReaProject expected, got string 'all' \(at wrong\.lua:2\)"):
        reaper.run(script)


def test_a_broken_rule_in_a_deferred_turn_fails_the_tick(reaper: Reaper) -> None:
    reaper.run("late.lua", "reaper.defer(function() pcall(reaper.GetTrack, 0) end)")
    with pytest.raises(RuleBroken, match=r"late\.lua: reaper\.GetTrack"):
        reaper.tick()


def test_what_was_deleted_may_not_be_used(reaper: Reaper, project: Project) -> None:
    project.add_track("Lead").add_midi(0, 4)
    code = """
    local track = reaper.GetTrack(0, 0)
    local item = reaper.GetTrackMediaItem(track, 0)
    reaper.Undo_BeginBlock2(0)
    reaper.DeleteTrack(track)
    reaper.Undo_EndBlock2(0, "Away", -1)
    """
    reaper.lua(code + "assert(not reaper.ValidatePtr2(0, item, 'MediaItem*'))")
    project.add_track("Lead").add_midi(0, 4)
    with pytest.raises(RuleBroken, match="was deleted"):
        reaper.lua(code + "reaper.GetActiveTake(item)")


def test_after_undo_the_old_pointers_are_dead(reaper: Reaper, project: Project) -> None:
    project.add_track("Lead")
    with pytest.raises(RuleBroken, match="was deleted"):
        reaper.lua("""
        local track = reaper.GetTrack(0, 0)
        reaper.Undo_BeginBlock2(0)
        reaper.GetSetMediaTrackInfo_String(track, "P_NAME", "Tune", true)
        reaper.Undo_EndBlock2(0, "Name", -1)
        reaper.Undo_DoUndo2(0)
        reaper.GetTrackGUID(track)
        """)
    assert project.tracks[0].name == "Lead"


def test_a_pointer_of_another_reaper_is_foreign(reaper: Reaper, tmp_path: Path) -> None:
    other = Reaper(tmp_path / "elsewhere")
    other.project.add_track("Lead")
    stray = other.project.tracks[0]
    script = reaper.run(
        "keep.lua", "function take(track) return reaper.GetTrackGUID(track) end reaper.defer(function() end)"
    )
    take = script.lua.globals()[b"take"]
    with pytest.raises(RuleBroken, match="from elsewhere"), reaper.playing(script):
        take(stray)


def test_nobody_calls_outside_a_tick(reaper: Reaper) -> None:
    script = reaper.run("keep.lua", "function count() return reaper.CountTracks(0) end reaper.defer(function() end)")
    with pytest.raises(Exception, match="outside a tick"):
        script.lua.globals()[b"count"]()
    with pytest.raises(RuleBroken, match="outside a tick"):
        reaper.tick()


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("reaper.Undo_BeginBlock2(0)", "not closed in the same turn"),
        ("reaper.Undo_EndBlock2(0, 'Arrange', -1)", "no undo block is open"),
        ("reaper.PreventUIRefresh(1)", r"left at \+1"),
        ("reaper.PreventUIRefresh(-1)", "more often than it was held"),
        ("reaper.Undo_BeginBlock2(0) reaper.Undo_EndBlock2(0, '', -1)", "no name"),
        (
            "reaper.Undo_BeginBlock2(0) reaper.InsertTrackAtIndex(0, true) reaper.Undo_EndBlock2(0, '', 0)",
            "nothing to undo",
        ),
        (
            "reaper.Undo_BeginBlock2(0) reaper.InsertTrackAtIndex(0, true) reaper.Undo_EndBlock2(0, 'Items', 4)",
            "undo would leave that changed",
        ),
    ],
)
def test_what_is_opened_is_closed(reaper: Reaper, code: str, why: str) -> None:
    with pytest.raises(RuleBroken, match=why):
        reaper.lua(code)


def test_a_deferred_turn_changes_nothing_outside_a_block(reaper: Reaper) -> None:
    reaper.run("loose.lua", "reaper.defer(function() reaper.InsertTrackAtIndex(0, true) end)")
    with pytest.raises(RuleBroken, match="nobody can take it back"):
        reaper.tick()


def test_the_block_is_open_in_the_project_that_changes(reaper: Reaper) -> None:
    reaper.add_project()
    with pytest.raises(RuleBroken, match="open in another"):
        reaper.lua(
            """
            local other = reaper.EnumProjects(1)
            reaper.Undo_BeginBlock2(other)
            pcall(reaper.InsertTrackAtIndex, 0, true)
            reaper.Undo_EndBlock2(other, "Arrange", -1)
            """
        )


def test_nothing_is_written_while_the_musician_records(reaper: Reaper, project: Project) -> None:
    project.play_state = 5
    with pytest.raises(RuleBroken, match="is recording"):
        reaper.lua("reaper.InsertTrackAtIndex(0, true)")
    assert project.tracks == []


@pytest.mark.parametrize(
    "call",
    [
        "reaper.DeleteTrackMediaItem(reaper.GetTrack(0, 0), item)",
        "reaper.DeleteTrack(reaper.GetTrack(0, 0))",
        "reaper.SetMediaItemInfo_Value(item, 'D_POSITION', 4)",
        "reaper.MIDI_InsertNote(take, false, false, 0, 960, 0, 60, 90, false)",
        "reaper.AddTakeToMediaItem(item)",
        "reaper.SetMediaItemTakeInfo_Value(take, 'D_PLAYRATE', 2)",
    ],
)
def test_a_locked_item_stays_as_it_is(reaper: Reaper, project: Project, call: str) -> None:
    item = project.add_track("Lead").add_midi(0, 4, [(0, 1, 60, 100)])
    item.values["C_LOCK"] = 1.0
    before = item.snapshot()
    with pytest.raises(RuleBroken, match="locked"):
        reaper.lua(f"local item = reaper.GetMediaItem(0, 0) local take = reaper.GetActiveTake(item) {call}")
    assert (item.alive, item.snapshot()) == (True, before)


def test_beside_a_locked_item_there_is_room(reaper: Reaper, project: Project) -> None:
    track = project.add_track("Lead")
    track.add_midi(0, 4).values["C_LOCK"] = 1.0
    reaper.lua("reaper.CreateNewMIDIItemInProj(reaper.GetTrack(0, 0), 4, 8, true)")
    assert len(track.items) == 2


def test_a_script_that_defers_more_and_more_floods_reaper(reaper: Reaper) -> None:
    reaper.run("flood.lua", "local function go() reaper.defer(go) reaper.defer(go) end go()")
    with pytest.raises(RuleBroken, match="more and more"):
        reaper.tick(12)


def test_the_mouse_wheel_is_zeroed_by_who_reads_it(reaper: Reaper) -> None:
    wheel = (
        "gfx.init('Clips', 100, 100) local function go() local turned = gfx.mouse_wheel {} reaper.defer(go) end go()"
    )
    reaper.run("good.lua", wheel.format("gfx.mouse_wheel = 0"))
    reaper.gfx.turn(120)
    reaper.tick(2)
    reaper.run("bad.lua", wheel.format(""))
    reaper.gfx.turn(120)
    with pytest.raises(RuleBroken, match="mouse_wheel"):
        reaper.tick(2)


def test_a_function_newer_than_this_reaper_is_not_there(tmp_path: Path) -> None:
    old = Reaper(tmp_path / "elsewhere", version="7.0")
    assert old.lua("return reaper.GetThingFromPoint, reaper.APIExists('GetThingFromPoint')") == (None, False)
    new = Reaper(tmp_path / "elsewhere", version="7.02")
    assert new.lua("return reaper.APIExists('GetThingFromPoint')") is True


def test_functions_of_extensions_are_not_there(reaper: Reaper) -> None:
    assert reaper.lua("return reaper.JS_Window_Find == nil and reaper.BR_GetMouseCursorContext == nil") is True


def test_a_script_that_never_comes_back_hangs_reaper(reaper: Reaper, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.reaper.double.reaper.TOO_LONG", 0.05)
    with pytest.raises(RuleBroken, match="REAPER hangs"):
        reaper.lua("while true do pcall(function() local x = 1 end) end")


def test_an_error_in_lua_fails_the_test(reaper: Reaper) -> None:
    with pytest.raises(ScriptFailed, match="attempt to index a nil value"):
        reaper.lua("local nothing; return nothing.more")


def test_every_script_has_a_state_of_its_own(reaper: Reaper) -> None:
    reaper.lua("shared = 1")
    assert reaper.lua("return shared") is None


def test_starting_a_script_that_runs_needs_a_decision(reaper: Reaper) -> None:
    forever = "local function go() reaper.defer(go) end go()"
    reaper.run("agent.lua", forever)
    with pytest.raises(RuleBroken, match="set_action_options"):
        reaper.run("agent.lua", forever)


def test_a_script_that_said_so_is_replaced(reaper: Reaper) -> None:
    forever = "reaper.set_action_options(3) local function go() reaper.defer(go) end go()"
    first = reaper.run("agent.lua", forever)
    second = reaper.run("agent.lua", forever)
    assert (first.running, second.running) == (False, True)
