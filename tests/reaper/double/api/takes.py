"""Takes and their sources."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.reaper.double.api.values import checked, ext, guid, known, line
from tests.reaper.double.dispatch import does
from tests.reaper.double.midi import Pool
from tests.reaper.double.model import Item, Source, Take, Track
from tests.reaper.double.project import ITEMS, Project
from tests.reaper.double.rules import Refused

if TYPE_CHECKING:
    from tests.reaper.double.reaper import Reaper

FIXED = frozenset(("I_LASTY", "I_LASTH"))


@does("CountTakes", "GetMediaItemNumTakes")
def _count(_reaper: Reaper, item: Item) -> int:
    return len(item.takes)


@does("GetMediaItemTake", "GetTake")
def _get(_reaper: Reaper, item: Item, index: int) -> Take | None:
    if index == -1:
        return item.active_take
    return item.takes[index] if 0 <= index < len(item.takes) else None


@does("GetActiveTake")
def _active(_reaper: Reaper, item: Item) -> Take | None:
    return item.active_take


@does("SetActiveTake", changes=ITEMS)
def _activate(_reaper: Reaper, take: Take) -> None:
    take.item.active = take.item.takes.index(take)


@does("GetMediaItemTake_Item")
def _item(_reaper: Reaper, take: Take) -> Item:
    return take.item


@does("GetMediaItemTake_Track")
def _track(_reaper: Reaper, take: Take) -> Track:
    return take.item.track


@does("GetMediaItemTakeByGUID")
def _by_guid(_reaper: Reaper, project: Project, wanted: str) -> Take | None:
    return next((take for item in project.items for take in item.takes if take.guid == wanted), None)


@does("GetTakeName")
def _name(_reaper: Reaper, take: Take) -> str:
    return take.name


@does("TakeIsMIDI")
def _is_midi(_reaper: Reaper, take: Take) -> bool:
    return take.pool is not None


@does("AddTakeToMediaItem", changes=ITEMS)
def _add(_reaper: Reaper, item: Item) -> Take:
    """The new take has no source: nothing can be written into it before it is given one."""
    return item.add_take()


@does("PCM_Source_CreateFromType")
def _new_source(_reaper: Reaper, kind: str) -> Source:
    if kind != "MIDI":
        raise Refused(f"the double makes sources of type MIDI, not {kind!r}")
    return Source("MIDI", Pool(0))


@does("GetMediaItemTake_Source")
def _source(_reaper: Reaper, take: Take) -> Source | None:
    return take.source


@does("SetMediaItemTake_Source", changes=ITEMS)
def _give(_reaper: Reaper, take: Take, source: Source) -> bool:
    if source.take is not None and source.take is not take:
        raise Refused("the source belongs to another take: both would free it")
    take.give(source)
    return True


@does("PCM_Source_Destroy")
def _destroy(_reaper: Reaper, source: Source) -> None:
    if source.take is not None:
        raise Refused("a take still plays this source")
    source.die()


@does("GetMediaSourceType")
def _type(_reaper: Reaper, source: Source) -> str:
    return source.type


@does("GetMediaSourceFileName")
def _file(_reaper: Reaper, source: Source) -> str:
    return source.file


@does("GetMediaSourceLength")
def _length(_reaper: Reaper, source: Source) -> tuple[float, bool]:
    if source.pool:
        return source.pool.length / source.pool.ppq, True
    return source.seconds, False


@does("GetMediaItemTakeInfo_Value")
def _get_value(_reaper: Reaper, take: Take, name: str) -> float:
    known("GetMediaItemTakeInfo_Value", name)
    if name == "IP_TAKENUMBER":
        return take.item.takes.index(take)
    return take.values.get(name, 0.0)


@does("SetMediaItemTakeInfo_Value", changes=ITEMS)
def _set_value(_reaper: Reaper, take: Take, name: str, value: float) -> bool:
    value = checked("SetMediaItemTakeInfo_Value", name, value, FIXED)
    if name == "D_PLAYRATE" and value <= 0:
        raise Refused(f"a rate of {value} plays nothing")
    take.values[name] = value
    return True


@does("GetSetMediaItemTakeInfo_String")
def _text(reaper: Reaper, take: Take, name: str, value: str, write: bool) -> tuple[bool, str]:
    if write:
        reaper.change("GetSetMediaItemTakeInfo_String", ITEMS, [take])
    if name == "P_NAME":
        take.name = line(value, name) if write else take.name
        return True, take.name
    if name == "GUID":
        take.guid = guid(value) if write else take.guid
        return True, take.guid
    if name.startswith("P_EXT:"):
        return ext(take.ext, name, value, write=write)
    raise Refused(f"there is no parameter {name!r}")
