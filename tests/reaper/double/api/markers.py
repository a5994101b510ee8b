"""Markers and regions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.reaper.double.dispatch import does
from tests.reaper.double.model import Marker
from tests.reaper.double.project import MISC, Project
from tests.reaper.double.rules import Refused

if TYPE_CHECKING:
    from tests.reaper.double.reaper import Reaper

Row = tuple[int, bool, float, float, str, int]


@does("CountProjectMarkers")
def _count(_reaper: Reaper, project: Project) -> tuple[int, int, int]:
    regions = sum(marker.is_region for marker in project.state.markers)
    every = len(project.state.markers)
    return every, every - regions, regions


def _row(project: Project, index: int) -> tuple[Marker | None, Row]:
    markers = project.state.markers
    if not 0 <= index < len(markers):
        return None, (0, False, 0.0, 0.0, "", 0)
    m = markers[index]
    return m, (index + 1, m.is_region, m.seconds, m.end or 0.0, m.name, m.number)


@does("EnumProjectMarkers")
def _enum(reaper: Reaper, index: int) -> Row:
    return _row(reaper.project, index)[1]


@does("EnumProjectMarkers2")
def _enum_in(_reaper: Reaper, project: Project, index: int) -> Row:
    return _row(project, index)[1]


@does("EnumProjectMarkers3")
def _enum_coloured(_reaper: Reaper, project: Project, index: int) -> tuple[int, bool, float, float, str, int, int]:
    marker, row = _row(project, index)
    return *row, marker.colour if marker else 0


@does("AddProjectMarker2", changes=MISC)
def _add(
    _reaper: Reaper, project: Project, region: bool, start: float, end: float, name: str, wish: int, colour: int
) -> int:
    if region and end <= start:
        raise Refused(f"the region ends at {end} and starts at {start}")
    if colour and not colour & 0x1000000:
        raise Refused(f"colour {colour:#x} lacks 0x1000000, without which REAPER ignores it")
    taken = {m.number for m in project.state.markers if m.is_region == region}
    number = wish if wish >= 0 and wish not in taken else project.next_number(region=region)
    project.place_marker(Marker(number, name, start, end if region else None, colour))
    return number


@does("AddProjectMarker", changes=MISC)
def _add_plain(reaper: Reaper, project: Project, region: bool, start: float, end: float, name: str, wish: int) -> int:
    return _add(reaper, project, region, start, end, name, wish, 0)  # type: ignore[no-any-return]


def _find(project: Project, number: int, region: bool) -> Marker | None:
    return next((m for m in project.state.markers if m.number == number and m.is_region == region), None)


@does("SetProjectMarker4", changes=MISC)
def _set(
    _reaper: Reaper,
    project: Project,
    number: int,
    region: bool,
    start: float,
    end: float,
    name: str,
    colour: int,
    flags: int,
) -> bool:
    marker = _find(project, number, region)
    if marker is None:
        return False
    if region and end <= start:
        raise Refused(f"the region ends at {end} and starts at {start}")
    marker.seconds, marker.end = start, end if region else None
    if name or flags & 1:
        marker.name = name
    if colour:
        marker.colour = colour
    project.state.markers.sort(key=lambda m: (m.seconds, m.is_region))
    return True


@does("SetProjectMarker3", changes=MISC)
def _set_plain(
    reaper: Reaper, project: Project, number: int, region: bool, start: float, end: float, name: str, colour: int
) -> bool:
    return _set(reaper, project, number, region, start, end, name, colour, 0)  # type: ignore[no-any-return]


@does("DeleteProjectMarker", changes=MISC)
def _delete(_reaper: Reaper, project: Project, number: int, region: bool) -> bool:
    marker = _find(project, number, region)
    if marker:
        project.state.markers.remove(marker)
    return marker is not None


@does("DeleteProjectMarkerByIndex", changes=MISC)
def _delete_at(_reaper: Reaper, project: Project, index: int) -> bool:
    if not 0 <= index < len(project.state.markers):
        return False
    project.state.markers.pop(index)
    return True


@does("GetLastMarkerAndCurRegion")
def _around(_reaper: Reaper, project: Project, seconds: float) -> tuple[int, int]:
    last = here = -1
    for i, marker in enumerate(project.state.markers):
        if marker.end is None:
            last = i if marker.seconds <= seconds else last
        elif marker.seconds <= seconds < marker.end:
            here = i
    return last, here
