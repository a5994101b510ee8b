"""The arrange view: what lies under a point of the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.reaper.double.dispatch import does
from tests.reaper.double.model import Item, Take, Track
from tests.reaper.double.project import Project
from tests.reaper.double.rules import Refused

if TYPE_CHECKING:
    from tests.reaper.double.reaper import Reaper


@does("GetMousePosition")
def _mouse(reaper: Reaper) -> tuple[int, int]:
    return reaper.desktop.mouse


@does("GetSet_ArrangeView2")
def _arrange(
    _reaper: Reaper, project: Project, write: bool, left: int, right: int, start: float | None, end: float | None
) -> tuple[float, float]:
    view = project.view
    if write:
        if start is None or end is None or end <= start:
            raise Refused(f"the view would go from {start} to {end}")
        view.start, view.end = start, end
    if left == 0 and right == 0:
        return view.start, view.end
    if right <= left:
        raise Refused(f"from pixel {left} to {right} there is nothing; 0 and 0 ask for the whole view")
    scale = (view.end - view.start) / view.width
    return view.start + (left - view.left) * scale, view.start + (right - view.left) * scale


def _under(project: Project, x: int, y: int) -> tuple[Track | None, str]:
    view = project.view
    if not view.top <= y < view.top + view.height:
        return None, ""
    if view.left <= x < view.left + view.width:
        area = "arrange"
    elif view.left - view.panel <= x < view.left:
        area = "tcp"
    else:
        return None, ""
    row = (y - view.top) // view.track_height
    return (project.tracks[row] if row < len(project.tracks) else None), area


@does("GetThingFromPoint")
def _thing(reaper: Reaper, x: int, y: int) -> tuple[Track | None, str]:
    return _under(reaper.project, x, y)


@does("GetTrackFromPoint")
def _track(reaper: Reaper, x: int, y: int) -> tuple[Track | None, int]:
    return _under(reaper.project, x, y)[0], 0


@does("GetItemFromPoint")
def _item(reaper: Reaper, x: int, y: int, locked: bool) -> tuple[Item | None, Take | None]:
    track, area = _under(reaper.project, x, y)
    if track is None or area != "arrange":
        return None, None
    view = reaper.project.view
    at = view.start + (x - view.left) * (view.end - view.start) / view.width
    for item in track.items:
        if item.seconds <= at < item.seconds + item.length and (locked or not item.values.get("C_LOCK")):
            return item, item.active_take
    return None, None


@does("GetCursorContext")
def _context(_reaper: Reaper) -> int:
    return 1
