"""How scripts run in the double: ticks, defer, exits, actions, dialogs, and what each turn costs."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.reaper.double import Reaper, RuleBroken
from tests.reaper.double.desktop import Dialog

AGENT = """
count = 0
local function turn()
  count = count + 1
  if count < 5 then reaper.defer(turn) end
end
reaper.atexit(function() reaper.SetExtState("test", "turns", tostring(count), false) end)
turn()
"""


def test_what_is_deferred_runs_once_a_tick_until_nothing_is(reaper: Reaper) -> None:
    script = reaper.run("agent.lua", AGENT)
    reaper.tick(3)
    assert (script.running, reaper.ext) == (True, {})
    reaper.until(lambda: not script.running, ticks=5)
    assert (reaper.ticks, reaper.ext) == (4, {("test", "turns"): "5"})


def test_waiting_for_what_never_comes_fails(reaper: Reaper) -> None:
    with pytest.raises(AssertionError, match="20 ticks passed"):
        reaper.until(lambda: False, ticks=20)


def test_a_script_is_a_real_file_with_a_real_library(reaper: Reaper, tmp_path: Path) -> None:
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "words.lua").write_text("return { greeting = 'Grüße' }", encoding="utf-8")
    action = tmp_path / "hello.lua"
    action.write_text(
        """
        local here = ({ reaper.get_action_context() })[2]:match("^(.*[/\\\\])")
        package.path = here .. "lib/?.lua"
        reaper.ShowConsoleMsg(require("words").greeting)
        local file = assert(io.open(here .. "note.part", "wb"))
        file:write("a\\0b")
        file:close()
        assert(os.rename(here .. "note.part", here .. "note.txt"))
        reaper.defer(function() end)
        """,
        encoding="utf-8",
    )
    reaper.run(action)
    assert (reaper.desktop.console, (tmp_path / "note.txt").read_bytes()) == ("Grüße", b"a\0b")


def test_an_action_gets_a_number_and_can_be_run_by_it(reaper: Reaper, tmp_path: Path) -> None:
    action = tmp_path / "mark.lua"
    action.write_text("reaper.SetExtState('test', 'ran', 'yes', false) reaper.defer(function() end)", encoding="utf-8")
    number, again = reaper.lua(
        f"""
        local id = reaper.AddRemoveReaScript(true, 0, {str(action)!r}, true)
        reaper.Main_OnCommand(id, 0)
        return id, reaper.NamedCommandLookup("_" .. reaper.ReverseNamedCommandLookup(id))
        """
    )
    assert (number, reaper.ext) == (again, {("test", "ran"): "yes"})


def test_time_goes_on_by_ticks(reaper: Reaper) -> None:
    first = reaper.lua("return reaper.time_precise()")
    reaper.tick(30)
    assert reaper.lua("return reaper.time_precise()") - first == pytest.approx(1.0, abs=0.1)


def test_lua_time_is_measured_without_the_doubles_own(reaper: Reaper) -> None:
    reaper.lua("for i = 1, 20000 do reaper.CountTracks(0) end")
    reaper.lua("local x = 0 for i = 1, 2000000 do x = x + i % 7 end return x")
    calls, sums = reaper.steps[-2:]
    assert (calls.calls, sums.calls) == (20000, 0)
    assert calls.reaper_ms > calls.lua_ms
    assert reaper.slowest() is sums
    assert sums.lua_ms > 100 * max(0.001, sums.reaper_ms)


def test_a_turn_that_takes_too_long_is_told(reaper: Reaper) -> None:
    reaper.turn_limit_ms = 5.0
    reaper.lua("for i = 1, 1000 do reaper.CountTracks(0) end")
    with pytest.raises(RuleBroken, match=r"a turn took Lua .* 5 are allowed"):
        reaper.lua("local x = 0 for i = 1, 3000000 do x = x + i % 7 end")


def test_dialogs_are_answered_before_they_come(reaper: Reaper) -> None:
    reaper.desktop.inputs.append(["jazz", "trio", "4"])
    reaper.desktop.boxes.append("yes")
    assert reaper.lua(
        """
        local ok, answers = reaper.GetUserInputs("Arrange", 3, "Style,Band,Takes", "pop,pop,1")
        return ok, answers, reaper.ShowMessageBox("Sure?", "Arrange", 4)
        """
    ) == (True, "jazz,trio,4", 6)
    assert reaper.desktop.seen == [
        Dialog("inputs", "Arrange", "Style,Band,Takes", "pop,pop,1"),
        Dialog("box", "Arrange", "Sure?"),
    ]


def test_a_cancelled_dialog_says_so(reaper: Reaper) -> None:
    reaper.desktop.inputs.append(None)
    assert reaper.lua("return (reaper.GetUserInputs('Arrange', 1, 'Style', 'pop'))") is False


@pytest.mark.parametrize(
    ("captions", "values", "why"),
    [("Style, or none,Takes", "pop,1", "a comma inside a caption"), ("Style,Takes", "a,b,1", "inside a value")],
)
def test_commas_in_a_dialog_are_a_mistake(reaper: Reaper, captions: str, values: str, why: str) -> None:
    with pytest.raises(RuleBroken, match=why):
        reaper.lua(f"reaper.GetUserInputs('Arrange', 2, {captions!r}, {values!r})")


def test_started_programs_are_written_down_and_run_when_a_test_says_how(reaper: Reaper) -> None:
    started: list[str] = []
    reaper.lua("reaper.ExecProcess('partimento serve', -1)")
    reaper.desktop.on_process = started.append
    reaper.lua("reaper.ExecProcess('partimento doctor', -2)")
    assert reaper.desktop.processes == [("partimento serve", -1), ("partimento doctor", -2)]
    assert started == ["partimento doctor"]


def test_folders_are_listed_from_memory_until_it_is_told_to_forget(reaper: Reaper, tmp_path: Path) -> None:
    look = f"reaper.EnumerateFiles({str(tmp_path)!r}, 0)"
    assert reaper.lua(f"return {look}") is None
    (tmp_path / "result.json").write_text("{}", encoding="utf-8")
    assert reaper.lua(f"return {look}") is None
    assert reaper.lua(f"reaper.EnumerateFiles({str(tmp_path)!r}, -1) return {look}") == "result.json"


def test_on_windows_nothing_is_renamed_onto_a_file_that_is_there(tmp_path: Path) -> None:
    for name in ("new", "old"):
        (tmp_path / name).write_text(name, encoding="utf-8")
    rename = f"return os.rename({str(tmp_path / 'new')!r}, {str(tmp_path / 'old')!r})"
    ok, why, _ = Reaper(tmp_path, system="Win64").lua(rename)
    assert (ok, "File exists" in why) == (None, True)
    assert Reaper(tmp_path).lua(rename) is True
    assert (tmp_path / "old").read_text(encoding="utf-8") == "new"


def test_on_a_full_disk_files_open_and_writing_fails(reaper: Reaper, tmp_path: Path) -> None:
    reaper.disk_is_full = True
    assert reaper.lua(
        f"""
        local file = assert(io.open({str(tmp_path / "request.json")!r}, "wb"))
        file:write(string.rep("x", 100))
        local ok, why = file:close()
        return ok, why
        """
    ) == (None, "No space left on device")
    assert (tmp_path / "request.json").read_bytes() == b""
    reaper.disk_is_full = False
    reaper.lua(f"local f = io.open({str(tmp_path / 'request.json')!r}, 'wb') f:write('{{}}') assert(f:close())")
    assert (tmp_path / "request.json").read_bytes() == b"{}"


def test_an_extension_is_there_when_a_test_installs_it(reaper: Reaper) -> None:
    reaper.desk.install("JS_Mouse_GetState", "flags integer -> retval integer", lambda flags: flags & 1)
    assert reaper.lua("return reaper.APIExists('JS_Mouse_GetState'), reaper.JS_Mouse_GetState(95)") == (True, 1)
    with pytest.raises(RuleBroken, match="integer expected"):
        reaper.lua("reaper.JS_Mouse_GetState('all')")
