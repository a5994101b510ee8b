"""Effects and instruments of tracks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.reaper.double.dispatch import does
from tests.reaper.double.model import Fx, Track
from tests.reaper.double.project import FX
from tests.reaper.double.rules import Refused

if TYPE_CHECKING:
    from tests.reaper.double.reaper import Reaper


@does("TrackFX_GetCount")
def _count(_reaper: Reaper, track: Track) -> int:
    return len(track.fx)


@does("TrackFX_GetInstrument")
def _instrument(_reaper: Reaper, track: Track) -> int:
    return next((i for i, fx in enumerate(track.fx) if fx.instrument), -1)


def _at(track: Track, index: int) -> Fx | None:
    return track.fx[index] if 0 <= index < len(track.fx) else None


@does("TrackFX_GetFXName")
def _name(_reaper: Reaper, track: Track, index: int) -> tuple[bool, str]:
    fx = _at(track, index)
    return (True, fx.name) if fx else (False, "")


@does("TrackFX_GetFXGUID")
def _guid(_reaper: Reaper, track: Track, index: int) -> str | None:
    fx = _at(track, index)
    return fx.guid if fx else None


@does("TrackFX_AddByName")
def _add(reaper: Reaper, track: Track, name: str, input_fx: bool, how: int) -> int:
    """0 only looks, 1 adds where it is missing, -1 always adds; -1000 and below adds at a place."""
    if input_fx:
        raise Refused("the double has no input effects")
    known = next((i for i, fx in enumerate(track.fx) if reaper.rack.same(fx.name, name)), -1)
    if how == 0 or (how == 1 and known >= 0):
        return known
    if how not in (1, -1) and how > -1000:
        raise Refused(f"{how} is no way to add an effect")
    made = reaper.rack.make(name)
    if not made:
        return -1
    place = min(len(track.fx), -1000 - how) if how <= -1000 else len(track.fx)
    track.fx[place:place] = made
    reaper.change("TrackFX_AddByName", FX, [track])
    return place


@does("TrackFX_Delete", changes=FX)
def _delete(_reaper: Reaper, track: Track, index: int) -> bool:
    if not _at(track, index):
        return False
    track.fx.pop(index)
    return True


@does("TrackFX_GetEnabled")
def _enabled(_reaper: Reaper, track: Track, index: int) -> bool:
    fx = _at(track, index)
    return bool(fx and fx.enabled)


@does("TrackFX_SetEnabled", changes=FX)
def _enable(_reaper: Reaper, track: Track, index: int, on: bool) -> None:
    fx = _at(track, index)
    if fx:
        fx.enabled = on


@does("TrackFX_GetPreset")
def _preset(_reaper: Reaper, track: Track, index: int) -> tuple[bool, str]:
    fx = _at(track, index)
    return (bool(fx.preset), fx.preset) if fx else (False, "")


@does("TrackFX_SetPreset", changes=FX)
def _set_preset(reaper: Reaper, track: Track, index: int, name: str) -> bool:
    fx = _at(track, index)
    if not fx or name not in reaper.rack.presets.get(fx.name, ()):
        return False
    fx.preset = name
    return True


@does("TrackFX_SetParamNormalized", "TrackFX_SetParam", changes=FX)
def _set_parameter(_reaper: Reaper, track: Track, index: int, parameter: int, value: float) -> bool:
    fx = _at(track, index)
    if not fx:
        return False
    fx.parameters[parameter] = value
    return True


@does("TrackFX_GetParamNormalized")
def _parameter(_reaper: Reaper, track: Track, index: int, parameter: int) -> float:
    fx = _at(track, index)
    return fx.parameters.get(parameter, 0.0) if fx else -1.0
