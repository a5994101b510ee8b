"""Tracks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.reaper.double.api.values import checked, ext, guid, known, line
from tests.reaper.double.dispatch import does
from tests.reaper.double.model import Track
from tests.reaper.double.project import ITEMS, TRACKS, Project
from tests.reaper.double.rules import Refused

if TYPE_CHECKING:
    from tests.reaper.double.reaper import Reaper

FIXED = frozenset(
    ("I_TCPH", "I_TCPY", "I_WNDH", "I_FREEZECOUNT", "I_MCPW", "I_MCPH", "I_MCPX", "I_MCPY", "I_TCPSCREENY")
)


@does("CountTracks")
def _count(_reaper: Reaper, project: Project) -> int:
    return len(project.tracks)


@does("GetNumTracks")
def _count_front(reaper: Reaper) -> int:
    return len(reaper.project.tracks)


@does("GetTrack")
def _get(_reaper: Reaper, project: Project, index: int) -> Track | None:
    return project.tracks[index] if 0 <= index < len(project.tracks) else None


@does("GetMasterTrack")
def _master(_reaper: Reaper, project: Project) -> Track:
    return project.master


@does("GetTrackGUID")
def _guid(_reaper: Reaper, track: Track) -> str:
    return track.guid


@does("GetTrackName")
def _name(_reaper: Reaper, track: Track) -> tuple[bool, str]:
    return True, track.name or f"Track {track.index + 1}"


def _selected(project: Project, master: bool) -> list[Track]:
    first = [project.master] if master and project.master.selected else []
    return first + [track for track in project.tracks if track.selected]


@does("CountSelectedTracks")
def _count_selected(_reaper: Reaper, project: Project) -> int:
    return len(_selected(project, False))


@does("CountSelectedTracks2")
def _count_selected_too(_reaper: Reaper, project: Project, master: bool) -> int:
    return len(_selected(project, master))


@does("GetSelectedTrack")
def _get_selected(_reaper: Reaper, project: Project, index: int) -> Track | None:
    found = _selected(project, False)
    return found[index] if 0 <= index < len(found) else None


@does("GetSelectedTrack2")
def _get_selected_too(_reaper: Reaper, project: Project, index: int, master: bool) -> Track | None:
    found = _selected(project, master)
    return found[index] if 0 <= index < len(found) else None


@does("IsTrackSelected")
def _is_selected(_reaper: Reaper, track: Track) -> bool:
    return track.selected


@does("SetTrackSelected")
def _select(_reaper: Reaper, track: Track, selected: bool) -> None:
    track.values["I_SELECTED"] = float(selected)


@does("SetOnlyTrackSelected")
def _select_only(_reaper: Reaper, track: Track) -> None:
    for other in [*track.project.tracks, track.project.master]:
        other.values["I_SELECTED"] = float(other is track)


@does("InsertTrackAtIndex", changes=TRACKS)
def _insert(reaper: Reaper, index: int, _defaults: bool) -> None:
    project = reaper.project
    if not 0 <= index <= len(project.tracks):
        raise Refused(f"there are {len(project.tracks)} tracks, none can come at {index}")
    project.add_track(at=index)


@does("DeleteTrack", changes=TRACKS | ITEMS)
def _delete(_reaper: Reaper, track: Track) -> None:
    if track is track.project.master:
        raise Refused("the master track cannot be deleted")
    track.project.tracks.remove(track)
    track.die()


def depths(project: Project) -> list[int]:
    """How many folders each track lies in."""
    out, depth = [], 0
    for track in project.tracks:
        out.append(depth)
        depth = max(0, depth + int(track.values.get("I_FOLDERDEPTH", 0)))
    return out


@does("GetTrackDepth")
def _depth(_reaper: Reaper, track: Track) -> int:
    return depths(track.project)[track.index]


@does("GetParentTrack")
def _parent(_reaper: Reaper, track: Track) -> Track | None:
    if track is track.project.master:
        return None
    levels = depths(track.project)
    here = levels[track.index]
    above = [i for i in range(track.index) if levels[i] == here - 1]
    return track.project.tracks[above[-1]] if above and here else None


@does("GetMediaTrackInfo_Value")
def _get_value(reaper: Reaper, track: Track, name: str) -> float:
    known("GetMediaTrackInfo_Value", name)
    if name == "IP_TRACKNUMBER":
        return -1 if track is track.project.master else track.index + 1
    if name in ("I_TCPH", "I_WNDH"):
        return track.project.view.track_height
    if name == "I_TCPY":
        return 0 if track is track.project.master else track.index * track.project.view.track_height
    return track.values.get(name, 0.0)


@does("SetMediaTrackInfo_Value", changes=TRACKS)
def _set_value(_reaper: Reaper, track: Track, name: str, value: float) -> bool:
    track.values[name] = checked("SetMediaTrackInfo_Value", name, value, FIXED)
    if name == "I_FOLDERDEPTH" and value > 1:
        raise Refused(f"one track opens one folder (1), not {value:.0f}")
    return True


@does("GetSetMediaTrackInfo_String")
def _text(reaper: Reaper, track: Track, name: str, value: str, write: bool) -> tuple[bool, str]:
    if write:
        reaper.change("GetSetMediaTrackInfo_String", TRACKS, [track])
    if name == "P_NAME":
        track.name = line(value, name) if write else track.name
        return True, track.name
    if name == "GUID":
        track.guid = guid(value) if write else track.guid
        return True, track.guid
    if name.startswith("P_EXT:"):
        return ext(track.ext, name, value, write=write)
    if name.split(":")[0] not in (
        "P_ICON",
        "P_LANENAME",
        "P_MCP_LAYOUT",
        "P_TCP_LAYOUT",
        "P_RAZOREDITS",
        "P_RAZOREDITS_EXT",
    ):
        raise Refused(f"there is no parameter {name!r}")
    if write:
        track.texts[name] = value
    return True, track.texts.get(name, "")


@does("SetTrackColor", changes=TRACKS)
def _colour(_reaper: Reaper, track: Track, colour: int) -> None:
    track.values["I_CUSTOMCOLOR"] = float(colour | 0x1000000)


@does("GetTrackColor")
def _get_colour(_reaper: Reaper, track: Track) -> int:
    return int(track.values.get("I_CUSTOMCOLOR", 0))


@does("ColorToNative")
def _native(reaper: Reaper, red: int, green: int, blue: int) -> int:
    """Windows and Linux count from red, macOS from blue."""
    if not all(0 <= part <= 255 for part in (red, green, blue)):
        raise Refused("colours go from 0 to 255")
    if reaper.system.startswith(("macOS", "OSX")):
        return blue | green << 8 | red << 16
    return red | green << 8 | blue << 16


@does("ColorFromNative")
def _from_native(reaper: Reaper, colour: int) -> tuple[int, int, int]:
    parts = colour & 255, colour >> 8 & 255, colour >> 16 & 255
    return (parts[2], parts[1], parts[0]) if reaper.system.startswith(("macOS", "OSX")) else parts
