"""Items."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.reaper.double.api.values import checked, ext, guid, known
from tests.reaper.double.dispatch import does
from tests.reaper.double.midi import PPQ, Pool
from tests.reaper.double.model import Item, Source, Take, Track
from tests.reaper.double.project import ITEMS, Project
from tests.reaper.double.rules import Refused

if TYPE_CHECKING:
    from tests.reaper.double.reaper import Reaper

FIXED = frozenset(("I_LASTY", "I_LASTH"))


@does("CountMediaItems")
def _count(_reaper: Reaper, project: Project) -> int:
    return len(project.items)


@does("GetMediaItem")
def _get(_reaper: Reaper, project: Project, index: int) -> Item | None:
    found = project.items
    return found[index] if 0 <= index < len(found) else None


@does("CountTrackMediaItems", "GetTrackNumMediaItems")
def _count_on(_reaper: Reaper, track: Track) -> int:
    return len(track.items)


@does("GetTrackMediaItem")
def _get_on(_reaper: Reaper, track: Track, index: int) -> Item | None:
    return track.items[index] if 0 <= index < len(track.items) else None


@does("CountSelectedMediaItems")
def _count_selected(_reaper: Reaper, project: Project) -> int:
    return sum(item.selected for item in project.items)


@does("GetSelectedMediaItem")
def _get_selected(_reaper: Reaper, project: Project, index: int) -> Item | None:
    found = [item for item in project.items if item.selected]
    return found[index] if 0 <= index < len(found) else None


@does("IsMediaItemSelected")
def _is_selected(_reaper: Reaper, item: Item) -> bool:
    return item.selected


@does("SetMediaItemSelected")
def _select(_reaper: Reaper, item: Item, selected: bool) -> None:
    item.values["B_UISEL"] = float(selected)


@does("SelectAllMediaItems")
def _select_all(_reaper: Reaper, project: Project, selected: bool) -> None:
    for item in project.items:
        item.values["B_UISEL"] = float(selected)


@does("GetMediaItem_Track", "GetMediaItemTrack")
def _track(_reaper: Reaper, item: Item) -> Track:
    return item.track


@does("GetItemProjectContext")
def _project(_reaper: Reaper, item: Item) -> Project:
    return item.project


@does("AddMediaItemToTrack", changes=ITEMS)
def _add(_reaper: Reaper, track: Track) -> Item:
    item = Item(track, 0.0, 0.0)
    item.values["B_LOOPSRC"] = 0.0
    track.place(item)
    return item


@does("CreateNewMIDIItemInProj", changes=ITEMS)
def _create(_reaper: Reaper, track: Track, start: float, end: float, in_qn: bool | None) -> Item:
    time = track.project.time
    if end <= start:
        raise Refused(f"the item ends at {end} and starts at {start}")
    if start < 0:
        raise Refused(f"the item starts {-start} before the project")
    from_qn, to_qn = (start, end) if in_qn else (time.to_qn(start), time.to_qn(end))
    seconds = time.to_seconds(from_qn)
    item = Item(track, seconds, time.to_seconds(to_qn) - seconds)
    item.takes.append(Take(item, Source("MIDI", Pool(round((to_qn - from_qn) * PPQ)))))
    track.place(item)
    return item


@does("DeleteTrackMediaItem", changes=ITEMS)
def _delete(_reaper: Reaper, track: Track, item: Item) -> bool:
    if item.track is not track:
        raise Refused("the item is on another track")
    track.items.remove(item)
    item.die()
    return True


@does("MoveMediaItemToTrack", changes=ITEMS)
def _move(_reaper: Reaper, item: Item, track: Track) -> bool:
    if item.project is not track.project:
        raise Refused("the track is in another project")
    item.track.items.remove(item)
    track.place(item)
    return True


@does("GetMediaItemInfo_Value")
def _get_value(_reaper: Reaper, item: Item, name: str) -> float:
    known("GetMediaItemInfo_Value", name)
    if name == "I_CURTAKE":
        return item.active
    if name == "IP_ITEMNUMBER":
        return item.track.items.index(item)
    return item.values.get(name, 0.0)


@does("SetMediaItemInfo_Value", changes=ITEMS)
def _set_value(_reaper: Reaper, item: Item, name: str, value: float) -> bool:
    value = checked("SetMediaItemInfo_Value", name, value, FIXED)
    if name == "I_CURTAKE":
        if not 0 <= value < len(item.takes):
            raise Refused(f"the item has {len(item.takes)} takes, none is {value:.0f}")
        item.active = int(value)
        return True
    if name in ("D_POSITION", "D_LENGTH") and value < 0:
        raise Refused(f"{name} is {value}")
    if name == "C_BEATATTACHMODE" and value not in (-1, 0, 1, 2):
        raise Refused(f"{name} is -1, 0, 1 or 2")
    item.values[name] = value
    if name == "D_POSITION":
        item.track.items.sort(key=lambda i: i.seconds)
    return True


@does("SetMediaItemPosition", changes=ITEMS)
def _set_position(reaper: Reaper, item: Item, seconds: float, _refresh: bool) -> bool:
    return _set_value(reaper, item, "D_POSITION", seconds)  # type: ignore[no-any-return]


@does("SetMediaItemLength", changes=ITEMS)
def _set_length(reaper: Reaper, item: Item, seconds: float, _refresh: bool) -> bool:
    return _set_value(reaper, item, "D_LENGTH", seconds)  # type: ignore[no-any-return]


@does("GetSetMediaItemInfo_String")
def _text(reaper: Reaper, item: Item, name: str, value: str, write: bool) -> tuple[bool, str]:
    if write:
        reaper.change("GetSetMediaItemInfo_String", ITEMS, [item])
    if name == "P_NOTES":
        item.notes = value if write else item.notes
        return True, item.notes
    if name == "GUID":
        item.guid = guid(value) if write else item.guid
        return True, item.guid
    if name.startswith("P_EXT:"):
        return ext(item.ext, name, value, write=write)
    raise Refused(f"there is no parameter {name!r}")


@does("UpdateItemInProject")
def _update(_reaper: Reaper, _item: Item) -> None:
    return None
