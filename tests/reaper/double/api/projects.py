"""Project tabs and what is said about them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tests.reaper.double.dispatch import does
from tests.reaper.double.pointers import Pointer
from tests.reaper.double.project import Project
from tests.reaper.double.rules import Refused

if TYPE_CHECKING:
    from tests.reaper.double.reaper import Reaper


@does("EnumProjects")
def _enum(reaper: Reaper, index: int) -> tuple[Project | None, str | None]:
    if index == -1:
        found: Project | None = reaper.project
    elif index == 0x40000000:
        raise Refused("the double renders nothing")
    else:
        found = reaper.projects[index] if 0 <= index < len(reaper.projects) else None
    return found, found.path if found else None


@does("SelectProjectInstance")
def _select(reaper: Reaper, project: Project) -> None:
    reaper.project = project


@does("GetProjectName")
def _name(_reaper: Reaper, project: Project) -> str:
    return project.name or Path(project.path).name


@does("GetProjectPathEx")
def _path(reaper: Reaper, project: Project) -> str:
    return str(Path(project.path).parent) if project.path else str(reaper.resource_path / "media")


@does("GetProjectPath")
def _front_path(reaper: Reaper) -> str:
    return _path(reaper, reaper.project)  # type: ignore[no-any-return]


@does("GetProjectStateChangeCount")
def _changes(_reaper: Reaper, project: Project) -> int:
    return project.changes


@does("GetProjectLength")
def _length(_reaper: Reaper, project: Project) -> float:
    return project.length


@does("IsProjectDirty")
def _dirty(_reaper: Reaper, project: Project) -> int:
    return int(project.dirty)


@does("MarkProjectDirty")
def _mark(_reaper: Reaper, project: Project) -> None:
    project.dirty = True
    project.changes += 1


@does("GetProjectTimeOffset")
def _offset(_reaper: Reaper, project: Project, _round: bool) -> float:
    return project.start_offset


@does("GetSetProjectNotes")
def _notes(_reaper: Reaper, project: Project, write: bool, words: str) -> str:
    if write:
        project.notes = words
    return project.notes


_TEXTS = {"PROJECT_NAME", "PROJECT_TITLE", "PROJECT_AUTHOR"}


@does("GetSetProjectInfo_String")
def _info_text(_reaper: Reaper, project: Project, what: str, value: str, write: bool) -> tuple[bool, str]:
    head, _, tail = what.partition(":")
    if head == "MARKER_GUID":
        markers = project.state.markers
        if write:
            raise Refused("a marker's GUID is REAPER's to give")
        known = tail.isdigit() and int(tail) < len(markers)
        return known, markers[int(tail)].guid if known else ""
    if what not in _TEXTS:
        raise Refused(f"the double does not know {what!r}")
    if write:
        project.texts[what] = value
    return True, project.texts.get(what, project.name if what == "PROJECT_NAME" else "")


@does("ValidatePtr2")
def _valid_in(reaper: Reaper, project: Project, pointer: Pointer | None, kind: str) -> bool:
    if not kind.endswith("*"):
        raise Refused(f"types are written with a star: '{kind}*'")
    if pointer is None or not pointer.alive or pointer.kind != kind[:-1] or not reaper.owns(pointer):
        return False
    owner = getattr(pointer, "project", None)
    return owner is None or owner is project or kind == "ReaProject*"


@does("ValidatePtr")
def _valid(reaper: Reaper, pointer: Pointer | None, kind: str) -> bool:
    return _valid_in(reaper, reaper.project, pointer, kind)  # type: ignore[no-any-return]


@does("GetPlayStateEx")
def _play_state(_reaper: Reaper, project: Project) -> int:
    return project.play_state


@does("GetPlayState")
def _front_play_state(reaper: Reaper) -> int:
    return reaper.project.play_state


@does("GetPlayPositionEx", "GetPlayPosition2Ex")
def _play_position(_reaper: Reaper, project: Project) -> float:
    return project.play_position


@does("GetPlayPosition", "GetPlayPosition2")
def _front_play_position(reaper: Reaper) -> float:
    return reaper.project.play_position


@does("GetCursorPositionEx")
def _cursor(_reaper: Reaper, project: Project) -> float:
    return project.cursor


@does("GetCursorPosition")
def _front_cursor(reaper: Reaper) -> float:
    return reaper.project.cursor


@does("SetEditCurPos2")
def _set_cursor(_reaper: Reaper, project: Project, seconds: float, _move: bool, _seek: bool) -> None:
    project.cursor = max(0.0, seconds)


@does("SetEditCurPos")
def _set_front_cursor(reaper: Reaper, seconds: float, _move: bool, _seek: bool) -> None:
    reaper.project.cursor = max(0.0, seconds)


@does("GetSet_LoopTimeRange2")
def _range(
    _reaper: Reaper, project: Project, write: bool, loop: bool, start: float, end: float, _seek: bool
) -> tuple[float, float]:
    state = project.state
    if write:
        if end < start:
            raise Refused(f"the range ends at {end} before it starts at {start}")
        if loop:
            state.loop = (start, end)
        else:
            state.time_selection = (start, end)
    return state.loop if loop else state.time_selection


@does("GetSet_LoopTimeRange")
def _front_range(reaper: Reaper, write: bool, loop: bool, start: float, end: float, seek: bool) -> tuple[float, float]:
    return _range(reaper, reaper.project, write, loop, start, end, seek)  # type: ignore[no-any-return]


@does("GetSetRepeatEx")
def _repeat(_reaper: Reaper, project: Project, value: int) -> int:
    if value >= 0:
        project.repeat = (1 - project.repeat) if value > 1 else value
    return project.repeat


@does("GetSetProjectGrid")
def _grid(
    _reaper: Reaper, project: Project, write: bool, division: float | None, mode: int | None, amount: float | None
) -> tuple[int, float, int, float]:
    if write:
        flags, old, old_mode, old_amount = project.grid
        project.grid = (
            flags,
            old if division is None else division,
            old_mode if mode is None else mode,
            old_amount if amount is None else amount,
        )
    return project.grid


@does("OnPlayButtonEx")
def _play(_reaper: Reaper, project: Project) -> None:
    project.play_state = 1


@does("OnStopButtonEx")
def _stop(_reaper: Reaper, project: Project) -> None:
    project.play_state = 0
