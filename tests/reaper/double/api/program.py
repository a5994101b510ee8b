"""The program itself: versions, scripts and actions, ticks, dialogs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.reaper.double.dispatch import does
from tests.reaper.double.pointers import Window, new_guid
from tests.reaper.double.project import Project
from tests.reaper.double.rules import Refused

if TYPE_CHECKING:
    from tests.reaper.double.reaper import Reaper
    from tests.reaper.double.script import Script


def _script(reaper: Reaper) -> Script:
    assert reaper.current is not None
    return reaper.current


@does("APIExists")
def _exists(reaper: Reaper, name: str) -> bool:
    return reaper.desk.there(name)


@does("GetAppVersion")
def _app_version(reaper: Reaper) -> str:
    return f"{reaper.version_text}/{'linux-x86_64' if reaper.system == 'Other' else 'x64'}"


@does("GetOS")
def _system(reaper: Reaper) -> str:
    return reaper.system


@does("genGuid")
def _new_guid(_reaper: Reaper) -> str:
    return new_guid()


@does("time_precise")
def _now(reaper: Reaper) -> float:
    return reaper.now()


@does("defer", "runloop")
def _defer(reaper: Reaper, function: Any) -> bool:
    script = _script(reaper)
    script.deferred.append(function)
    script.ever_deferred = True
    return True


@does("atexit")
def _at_exit(reaper: Reaper, function: Any) -> bool:
    _script(reaper).at_exit.append(function)
    return True


@does("set_action_options")
def _options(reaper: Reaper, flag: int) -> None:
    if not 0 <= flag <= 15:
        raise Refused(
            f"{flag} is no set of options: 1 ends the running one, 2 starts it again, 4 and 8 set the toggle state"
        )
    script = _script(reaper)
    script.options = flag & 3
    if flag & 12 and script.command:
        reaper.actions.toggles[script.command] = int(bool(flag & 4))


@does("get_action_context")
def _context(reaper: Reaper) -> tuple[bool, str, int, int, int, int, float, str]:
    script = _script(reaper)
    if script.value is None:
        return False, script.path, 0, script.command, -1, -1, -1.0, ""
    return True, script.path, 0, script.command, 0, 16383, script.value * 16383, ""


@does("AddRemoveReaScript")
def _add_script(reaper: Reaper, add: bool, section: int, path: str, _commit: bool) -> int:
    if section != 0:
        raise Refused(f"the double has the main section (0) alone, not {section}")
    return reaper.actions.add(path) if add else int(reaper.actions.remove(path))


@does("NamedCommandLookup")
def _named(reaper: Reaper, name: str) -> int:
    return reaper.actions.named(name)


@does("ReverseNamedCommandLookup")
def _name_of(reaper: Reaper, command: int) -> str | None:
    name = reaper.actions.names.get(command)
    return name.removeprefix("_") if name else None


@does("Main_OnCommand")
def _command(reaper: Reaper, command: int, _flag: int) -> None:
    reaper.actions.do(command, reaper.project)


@does("Main_OnCommandEx")
def _command_in(reaper: Reaper, command: int, _flag: int, project: Project) -> None:
    reaper.actions.do(command, project)


@does("GetToggleCommandState")
def _toggle(reaper: Reaper, command: int) -> int:
    return reaper.actions.toggles.get(command, -1)


@does("GetToggleCommandStateEx")
def _toggle_in(reaper: Reaper, _section: int, command: int) -> int:
    return reaper.actions.toggles.get(command, -1)


@does("SetToggleCommandState")
def _set_toggle(reaper: Reaper, _section: int, command: int, state: int) -> bool:
    reaper.actions.toggles[command] = state
    return command in reaper.actions.scripts


@does("RefreshToolbar2")
def _refresh_toolbar(_reaper: Reaper, _section: int, _command: int) -> None:
    return None


@does("RefreshToolbar")
def _refresh_main_toolbar(_reaper: Reaper, _command: int) -> None:
    return None


@does("GetMainHwnd")
def _main_window(reaper: Reaper) -> Window:
    return reaper.main_window


@does("ShowConsoleMsg")
def _console(reaper: Reaper, words: str) -> None:
    reaper.desktop.console += words


@does("ClearConsole")
def _clear_console(reaper: Reaper) -> None:
    reaper.desktop.console = ""


@does("Help_Set")
def _help(reaper: Reaper, words: str, _temporary: bool) -> None:
    reaper.desktop.help_line = words


BUTTONS = {
    0: ("ok",),
    1: ("ok", "cancel"),
    2: ("abort", "retry", "ignore"),
    3: ("yes", "no", "cancel"),
    4: ("yes", "no"),
    5: ("retry", "cancel"),
}
ANSWERS = {"ok": 1, "cancel": 2, "abort": 3, "retry": 4, "ignore": 5, "yes": 6, "no": 7}


@does("ShowMessageBox", "MB")
def _box(reaper: Reaper, words: str, title: str, kind: int) -> int:
    if kind not in BUTTONS:
        raise Refused(f"{kind} is no kind of message box (0 to 5)")
    return ANSWERS[reaper.desktop.answer_box(title, words, BUTTONS[kind])]


@does("GetUserInputs")
def _inputs(reaper: Reaper, title: str, count: int, captions: str, values: str) -> tuple[bool, str]:
    if not 1 <= count <= 16:
        raise Refused(f"it has 1 to 16 fields, not {count}")
    fields = captions.split(",")
    separator = next((f.removeprefix("separator=") for f in fields if f.startswith("separator=")), ",")
    named = [f for f in fields if not f.startswith(("extrawidth=", "separator="))]
    if len(named) > count:
        raise Refused(f"{len(named)} captions for {count} fields (a comma inside a caption ends it)")
    if len(values.split(separator)) > count:
        raise Refused(
            f"{len(values.split(separator))} values for {count} fields (a {separator!r} inside a value ends it)"
        )
    answer = reaper.desktop.answer_inputs(title, captions, values.split(separator))
    if answer is None:
        return False, values
    if len(answer) != count:
        raise Refused(f"the test answers {len(answer)} fields, the dialog has {count}")
    return True, separator.join(answer)


@does("GetUserFileNameForRead")
def _ask_file(reaper: Reaper, name: str, title: str, _extension: str) -> tuple[bool, str]:
    answer = reaper.desktop.answer_file(title)
    return answer is not None, name if answer is None else answer


@does("ExecProcess")
def _process(reaper: Reaper, command: str, timeout: int) -> str:
    if timeout >= 0:
        raise Refused(f"REAPER waits up to {timeout} ms here and nothing else happens; -1 or -2 goes on at once")
    reaper.desktop.processes.append((command, timeout))
    if reaper.desktop.on_process:
        reaper.desktop.on_process(command)
    return ""


@does("GetResourcePath")
def _resource_path(reaper: Reaper) -> str:
    return str(reaper.resource_path)


@does("GetExePath")
def _exe_path(reaper: Reaper) -> str:
    return str(reaper.resource_path / "bin")


@does("PreventUIRefresh")
def _refresh(reaper: Reaper, count: int) -> None:
    reaper.refresh_stops += count
    if reaper.refresh_stops < 0:
        raise Refused("it is let go more often than it was held")


@does("UpdateArrange", "UpdateTimeline", "TrackList_UpdateAllExternalSurfaces")
def _redraw(_reaper: Reaper) -> None:
    return None


@does("TrackList_AdjustWindows")
def _adjust(_reaper: Reaper, _minor: bool) -> None:
    return None


@does("GetNumMIDIInputs", "GetNumMIDIOutputs")
def _no_ports(_reaper: Reaper) -> int:
    return 0


@does("MIDI_GetRecentInputEvent", raw=True)
def _recent(reaper: Reaper, index: int) -> tuple[int, bytes, int, int, float, int]:
    heard = reaper.desktop.midi_in
    if not 0 <= index < len(heard):
        return 0, b"", 0, 0, 0.0, 0
    number, message, samples_ago = heard[-1 - index]
    return number, message, -samples_ago, 0, reaper.project.play_position, 0


@does("StuffMIDIMessage")
def _stuff(reaper: Reaper, mode: int, first: int, second: int, third: int) -> None:
    reaper.desktop.midi_out.append((mode, first, second, third))
