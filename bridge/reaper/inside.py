"""What runs inside REAPER when Python outside reads or writes the open project.

The adapter sends this file as text with each order, and reapy's server runs it on REAPER's own thread: one request does a whole
piece of work, nothing in it waits for the network, and a write is whole or not at all even when whoever asked dies meanwhile.
So it knows nothing but reapy's functions and the standard library, and keeps to Python 3.8, whatever REAPER was given.
"""

from __future__ import annotations

import base64
import ctypes
import struct
import time
from typing import Any

from reapy import reascript_api

RPR: Any = reascript_api
"""REAPER's functions without their `RPR_`; reapy makes them from what REAPER offers."""

LARGEST = 64 * 1024 * 1024
"""Bytes of a take's events that are still read."""
BIG = 4 * 1024 * 1024
"""Bytes that REAPER's Python keeps for a text."""
AROUND_QN = 64.0
"""Quarter notes on each side of what is selected: engines look that far."""
BEATS = 1
"""Timebase: position, length and rate follow the tempo map."""
RECORDING = 4
FRONT = -1
EVERYTHING = -1
NEAR = 0.25
"""Ticks that a place may be off: no event is moved by it."""


class Fault(Exception):
    """Nothing is done: what stands in the way, and where."""


def run(order: dict[str, Any]) -> dict[str, Any]:
    """Carry out one order. What stands in the way is answered, not raised."""
    work = {"survey": survey, "items": items, "write": write}[order["do"]]
    try:
        return work(order)
    except Fault as fault:
        return {"fault": list(fault.args)}


# Reading


def survey(_order: dict[str, Any]) -> dict[str, Any]:
    """The project in front, all but its items."""
    project, path = _front()
    return {
        "project": project,
        "id": RPR.GetProjExtState(project, "partimento", "id", "", 256)[4],
        "name": RPR.GetProjectName(project, "", 1024)[1],
        "path": path,
        "state": RPR.GetProjectStateChangeCount(project),
        "ruler": RPR.format_timestr_pos(0.0, "", 64, 2)[1],
        "resources": RPR.GetResourcePath(),
        "first_qpm": 60 / (RPR.TimeMap2_QNToTime(project, 1.0) - RPR.TimeMap2_QNToTime(project, 0.0)),
        "first_meter": list(RPR.TimeMap_GetTimeSigAtTime(project, 0.0, 0, 0, 0.0)[2:4]),
        "length_qn": _qn(project, RPR.GetProjectLength(project)),
        "tempo": [_tempo(project, i) for i in range(RPR.CountTempoTimeSigMarkers(project))],
        "signs": _signs(project),
        "selection": _selection(project),
        "tracks": [_track(RPR.GetTrack(project, i)) for i in range(RPR.CountTracks(project))],
    }


def _front() -> tuple[str, str]:
    answer = RPR.EnumProjects(FRONT, "", 4096)
    return answer[0], answer[2]


def _qn(project: str, seconds: float) -> float:
    return max(0.0, float(RPR.TimeMap2_timeToQN(project, seconds)))


def _tempo(project: str, index: int) -> list[Any]:
    _, _, _, seconds, _, _, qpm, above, below, linear = RPR.GetTempoTimeSigMarker(project, index, 0, 0, 0, 0, 0, 0, 0)
    return [_qn(project, seconds), qpm, bool(linear), above, below]


def _signs(project: str) -> list[list[Any]]:
    found: list[list[Any]] = []
    while True:
        answer = RPR.EnumProjectMarkers3(project, len(found), 0, 0, 0, "", 0, 0)
        if not answer[0]:
            return found
        is_region, begin, end, name = answer[3:7]
        found.append([name, _qn(project, begin), _qn(project, end) if is_region else None])


def _selection(project: str) -> dict[str, Any]:
    begin, end = RPR.GetSet_LoopTimeRange2(project, 0, 0, 0, 0, 0)[3:5]
    chosen = [RPR.GetSelectedMediaItem(project, i) for i in range(RPR.CountSelectedMediaItems(project))]
    tracks = [RPR.GetSelectedTrack(project, i) for i in range(RPR.CountSelectedTracks(project))]
    return {
        "span": [_qn(project, begin), _qn(project, end)] if end > begin else None,
        "items": [[_item_guid(item), *_span(project, item)] for item in chosen],
        "tracks": [_track_guid(track) for track in tracks],
    }


def _track_guid(track: str) -> str:
    return str(RPR.GetSetMediaTrackInfo_String(track, "GUID", "", 0)[3])  # GetTrackGUID may give Python an address


def _track(track: str) -> dict[str, Any]:
    instrument = RPR.TrackFX_GetInstrument(track) >= 0 or RPR.GetMediaTrackInfo_Value(track, "I_MIDIHWOUT") >= 0
    return {
        "guid": _track_guid(track),
        "name": RPR.GetTrackName(track, "", 1024)[2],
        "role": RPR.GetSetMediaTrackInfo_String(track, "P_EXT:partimento.role", "", 0)[3],
        "muted": bool(RPR.GetMediaTrackInfo_Value(track, "B_MUTE")),
        "has_instrument": instrument,
    }


def items(order: dict[str, Any]) -> dict[str, Any]:
    """Items from a place on, as many as the time allows. REAPER's window stands still meanwhile."""
    project, _ = _front()
    if project != order["project"] or RPR.GetProjectStateChangeCount(project) != order["state"]:
        raise Fault("changed")
    until = time.perf_counter() + order["seconds"]
    track_number, number = order["next"]
    found: list[list[Any]] = []
    while track_number < RPR.CountTracks(project):
        track = RPR.GetTrack(project, track_number)
        while number < RPR.GetTrackNumMediaItems(track):
            if time.perf_counter() > until:
                return {"items": found, "next": [track_number, number]}
            read = _item(project, RPR.GetTrackMediaItem(track, number), order["span"])
            if read:
                found.append([track_number, read])
            number += 1
        track_number, number = track_number + 1, 0
    return {"items": found, "next": None}


def _item_guid(item: str) -> str:
    return str(RPR.GetSetMediaItemInfo_String(item, "GUID", "", 0)[3])


def _span(project: str, item: str) -> list[float]:
    begin = RPR.GetMediaItemInfo_Value(item, "D_POSITION")
    end = begin + RPR.GetMediaItemInfo_Value(item, "D_LENGTH")
    return [RPR.TimeMap2_timeToQN(project, begin), RPR.TimeMap2_timeToQN(project, end)]


def _item(project: str, item: str, span: list[float] | None) -> dict[str, Any] | None:
    begin, end = _span(project, item)
    if end <= begin:
        return None
    if span and (begin >= span[1] + AROUND_QN or end <= span[0] - AROUND_QN):
        return None
    take = RPR.GetActiveTake(item)
    read: dict[str, Any] = {
        "guid": _item_guid(item),
        "span": [begin, end],
        "muted": bool(RPR.GetMediaItemInfo_Value(item, "B_MUTE")),
    }
    if _is_null(take) or _is_null(RPR.GetMediaItemTake_Source(take)):
        notes = RPR.GetSetMediaItemInfo_String(item, "P_NOTES", "", 0)[3]
        read["words"] = notes or ("" if _is_null(take) else RPR.GetTakeName(take))
        return read
    read["take"] = RPR.GetSetMediaItemTakeInfo_String(take, "GUID", "", 0)[3]
    read["rate"] = RPR.GetMediaItemTakeInfo_Value(take, "D_PLAYRATE")
    read["looped"] = bool(RPR.GetMediaItemInfo_Value(item, "B_LOOPSRC"))
    read["locked"] = bool(int(RPR.GetMediaItemInfo_Value(item, "C_LOCK")) & 1)
    if RPR.TakeIsMIDI(take):
        chunk = RPR.GetItemStateChunk(item, "", BIG, 0)[2]
        read["pool"] = chunk.partition("POOLEDEVTS ")[2].partition("\n")[0].strip()
        read.update(_music(take, begin, end, read["rate"], read["looped"]))
    return read


def _is_null(handle: str) -> bool:
    return int(handle.split(")")[1], 16) == 0


def _address(handle: str) -> ctypes.c_uint64:
    return ctypes.c_uint64(int(handle.split(")")[1], 16))


def _music(take: str, begin: float, end: float, rate: float, looped: bool) -> dict[str, Any]:
    """A take's events, and how its ticks lie in the project."""
    packed = _get_events(take)
    zero = RPR.MIDI_GetProjQNFromPPQPos(take, 0.0)
    division = int(RPR.MIDI_GetPPQPosFromProjQN(take, zero + 1) / rate + 0.5)
    straight = division > 0
    for qn in (begin, (begin + end) / 2, end):
        there = RPR.MIDI_GetPPQPosFromProjQN(take, qn)
        straight = straight and abs((qn - zero) * division * rate - there) <= NEAR
    music = {"events": base64.b64encode(packed).decode("ascii"), "zero": zero, "division": division}
    if not straight and looped:
        raise Fault("own_tempo", RPR.GetTakeName(take))
    if not straight:  # the source keeps a tempo of its own: REAPER says where each event lies
        music["division"] = None
        music["places"] = [RPR.MIDI_GetProjQNFromPPQPos(take, float(tick)) for tick in _ticks(packed)]
    return music


def _ticks(packed: bytes) -> list[int]:
    """Where each event of a packed buffer stands."""
    found, place, tick = [], 0, 0
    while place < len(packed):
        step, _flags, size = struct.unpack_from("<iBi", packed, place)
        tick += step
        found.append(tick)
        place += 9 + size
    return found


# REAPER's own wrappers of these two send bytes as text and damage what is above 127; the addresses below them do not.


def _get_events(take: str) -> bytes:
    address = RPR._RPR._ft["MIDI_GetAllEvts"]
    call = ctypes.CFUNCTYPE(ctypes.c_byte, ctypes.c_uint64, ctypes.c_char_p, ctypes.c_void_p)(address)
    room = 1 << 16
    while room <= LARGEST:
        buffer, size = ctypes.create_string_buffer(room), ctypes.c_int(room)
        if call(_address(take), buffer, ctypes.byref(size)) and size.value < room:
            return buffer.raw[: size.value]
        room *= 4
    raise Fault("too_long", RPR.GetTakeName(take))


def _set_events(take: str, packed: bytes) -> None:
    address = RPR._RPR._ft["MIDI_SetAllEvts"]
    call = ctypes.CFUNCTYPE(ctypes.c_byte, ctypes.c_uint64, ctypes.c_char_p, ctypes.c_int)(address)
    if not call(_address(take), packed, len(packed)):
        raise RuntimeError("REAPER took no events")
    RPR.MIDI_Sort(take)


# Writing


def write(order: dict[str, Any]) -> dict[str, Any]:
    """New tracks, items, regions and markers under one undo point, or nothing."""
    project, _ = _front()
    if project != order["project"]:
        raise Fault("other_project")
    if RPR.GetPlayStateEx(project) & RECORDING:
        raise Fault("recording")
    there = {_track_guid(track): track for track in (RPR.GetTrack(project, i) for i in range(RPR.CountTracks(project)))}
    for wish in order["tracks"]:
        if wish["guid"] and wish["guid"] not in there:
            raise Fault("track_gone", wish["name"])
        if wish["guid"] and RPR.GetMediaTrackInfo_Value(there[wish["guid"]], "I_FREEZECOUNT") > 0:
            raise Fault("frozen", wish["name"])
    label = order["label"]
    RPR.Undo_BeginBlock2(project)
    RPR.PreventUIRefresh(1)
    try:
        written = _write(project, order, there)
    except BaseException:  # whatever it was, an open undo block would swallow the musician's next edits
        RPR.PreventUIRefresh(-1)
        RPR.Undo_EndBlock2(project, label + " (given up)", EVERYTHING)
        if RPR.Undo_CanUndo2(project) == label + " (given up)":
            RPR.Undo_DoUndo2(project)
        raise
    RPR.PreventUIRefresh(-1)
    RPR.Undo_EndBlock2(project, label, EVERYTHING)
    RPR.UpdateArrange()
    RPR.TrackList_AdjustWindows(0)
    return written


def _write(project: str, order: dict[str, Any], there: dict[str, str]) -> dict[str, Any]:
    written: dict[str, list[str]] = {"tracks": [], "items": [], "silent": []}
    for wish in order["tracks"]:
        if wish["guid"]:
            track = there[wish["guid"]]
        else:
            track, sounds = _new_track(project, wish)
            written["silent"] += [] if sounds else [wish["name"]]
        written["tracks"].append(_track_guid(track))
        written["items"] += [_new_item(track, item) for item in wish["items"]]
    for name, begin, end, colour in order["signs"]:
        is_region = end is not None
        seconds = [RPR.TimeMap2_QNToTime(project, qn) for qn in (begin, end if is_region else 0.0)]
        if RPR.AddProjectMarker2(project, is_region, seconds[0], seconds[1], name, -1, _native(colour)) < 0:
            raise RuntimeError("REAPER took no marker")
    return written


def _native(colour: list[int] | None) -> int:
    return RPR.ColorToNative(*colour) | 0x1000000 if colour else 0


def _new_track(project: str, wish: dict[str, Any]) -> tuple[str, bool]:
    at = RPR.CountTracks(project)
    RPR.InsertTrackAtIndex(at, 0)
    track = RPR.GetTrack(project, at)
    RPR.GetSetMediaTrackInfo_String(track, "P_NAME", wish["name"], 1)
    if wish["role"]:
        RPR.GetSetMediaTrackInfo_String(track, "P_EXT:partimento.role", wish["role"], 1)
    if wish["colour"]:
        RPR.SetMediaTrackInfo_Value(track, "I_CUSTOMCOLOR", _native(wish["colour"]))
    return track, not wish["items"] or any(_put_sound(track, sound) for sound in wish["sounds"])


def _put_sound(track: str, sound: dict[str, Any]) -> bool:
    """Whether this sound could be put on the track."""
    if sound["chain"]:
        chunk = RPR.GetTrackStateChunk(track, "", BIG, 0)[2].rstrip()
        return chunk.endswith(">") and bool(RPR.SetTrackStateChunk(track, chunk[:-1] + sound["chain"] + "\n>", 0))
    fx = RPR.TrackFX_AddByName(track, sound["fx"], 0, -1)
    for parameter, value in sound["params"] if fx >= 0 else ():
        RPR.TrackFX_SetParamNormalized(track, fx, parameter, value)
    return bool(fx >= 0)


def _new_item(track: str, wish: dict[str, Any]) -> str:
    item = RPR.CreateNewMIDIItemInProj(track, wish["span"][0], wish["span"][1], 1)[0]
    RPR.SetMediaItemInfo_Value(item, "C_BEATATTACHMODE", BEATS)
    RPR.SetMediaItemInfo_Value(item, "B_LOOPSRC", wish["looped"])
    RPR.SetMediaItemInfo_Value(item, "B_MUTE", wish["muted"])
    for number, take_wish in enumerate(wish["takes"]):
        take = RPR.GetActiveTake(item) if number == 0 else _further_take(item)
        _set_events(take, base64.b64decode(take_wish["events"]))
        RPR.GetSetMediaItemTakeInfo_String(take, "P_NAME", take_wish["name"], 1)
        for key, value in take_wish["provenance"].items():
            RPR.GetSetMediaItemTakeInfo_String(take, "P_EXT:partimento." + key, value, 1)
    if len(wish["takes"]) > 1:
        RPR.SetActiveTake(RPR.GetMediaItemTake(item, wish["active"]))
    RPR.SetMediaItemInfo_Value(item, "C_LOCK", wish["locked"])
    return _item_guid(item)


def _further_take(item: str) -> str:
    take = RPR.AddTakeToMediaItem(item)  # has no source: one of its own is given
    RPR.SetMediaItemTake_Source(take, RPR.PCM_Source_CreateFromType("MIDI"))
    return str(take)
