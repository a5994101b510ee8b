"""Undo blocks and points."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.reaper.double.dispatch import does
from tests.reaper.double.model import Item
from tests.reaper.double.project import ITEMS, Project, fingerprint
from tests.reaper.double.rules import Refused

if TYPE_CHECKING:
    from tests.reaper.double.reaper import Reaper

ALL = -1


@does("Undo_BeginBlock2")
def _begin(reaper: Reaper, project: Project) -> None:
    if reaper.current:
        reaper.current.used_undo = True
    if not project.blocks:
        project.touched = 0
    project.blocks.append((reaper.where(), project.photograph()))


@does("Undo_BeginBlock")
def _begin_front(reaper: Reaper) -> None:
    _begin(reaper, reaper.project)


@does("Undo_EndBlock2")
def _end(_reaper: Reaper, project: Project, label: str, flags: int) -> None:
    if not project.blocks:
        raise Refused("no undo block is open")
    _, before = project.blocks.pop()
    if project.blocks:
        return  # an inner block is part of the outer one
    missing = project.touched if flags == 0 else project.touched & ~flags
    if flags == 0:
        if fingerprint(before) != fingerprint(project.state):
            raise Refused("the block changed the project and says (flags 0) that there is nothing to undo")
        return
    if missing:
        raise Refused(f"the block changed state {missing}, its flags are {flags}: undo would leave that changed")
    if not label.strip():
        raise Refused("the undo point has no name")
    project.remember(label, flags, before)


@does("Undo_EndBlock")
def _end_front(reaper: Reaper, label: str, flags: int) -> None:
    _end(reaper, reaper.project, label, flags)


@does("Undo_OnStateChange2")
def _point(reaper: Reaper, project: Project, label: str) -> None:
    if reaper.current:
        reaper.current.used_undo = True
    project.remember(label, ALL, project.last_known())


@does("Undo_OnStateChange_Item")
def _point_item(reaper: Reaper, project: Project, label: str, _item: Item) -> None:
    if reaper.current:
        reaper.current.used_undo = True
    project.remember(label, ITEMS, project.last_known())


@does("Undo_CanUndo2")
def _can_undo(_reaper: Reaper, project: Project) -> str | None:
    return project.history[project.position - 1].label if project.position else None


@does("Undo_CanRedo2")
def _can_redo(_reaper: Reaper, project: Project) -> str | None:
    return project.history[project.position].label if project.position < len(project.history) else None


@does("Undo_DoUndo2")
def _undo(_reaper: Reaper, project: Project) -> int:
    if project.blocks:
        raise Refused("an undo block is open")
    return int(project.step(-1))


@does("Undo_DoRedo2")
def _redo(_reaper: Reaper, project: Project) -> int:
    if project.blocks:
        raise Refused("an undo block is open")
    return int(project.step(1))
