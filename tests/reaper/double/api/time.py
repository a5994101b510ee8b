"""Tempo, meter and the ways between seconds, quarter notes and measures."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tests.reaper.double.dispatch import does
from tests.reaper.double.project import MISC, Project
from tests.reaper.double.rules import Refused
from tests.reaper.double.timemap import TempoMarker

if TYPE_CHECKING:
    from tests.reaper.double.reaper import Reaper


@does("TimeMap2_timeToQN")
def _to_qn(_reaper: Reaper, project: Project, seconds: float) -> float:
    return project.time.to_qn(seconds)


@does("TimeMap2_QNToTime")
def _to_seconds(_reaper: Reaper, project: Project, qn: float) -> float:
    return project.time.to_seconds(qn)


@does("TimeMap_timeToQN_abs")
def _to_qn_abs(_reaper: Reaper, project: Project, seconds: float) -> float:
    return project.time.to_qn(seconds)


@does("TimeMap_QNToTime_abs")
def _to_seconds_abs(_reaper: Reaper, project: Project, qn: float) -> float:
    return project.time.to_seconds(qn)


@does("TimeMap_timeToQN")
def _front_to_qn(reaper: Reaper, seconds: float) -> float:
    return reaper.project.time.to_qn(seconds)


@does("TimeMap_QNToTime")
def _front_to_seconds(reaper: Reaper, qn: float) -> float:
    return reaper.project.time.to_seconds(qn)


@does("TimeMap2_timeToBeats")
def _beats(_reaper: Reaper, project: Project, seconds: float) -> tuple[float, int, int, float, int]:
    """Beats are those of the meter: an eighth in 6/8."""
    qn = project.time.to_qn(seconds)
    measure = project.time.measure_at(qn)
    unit = 4 / measure.denominator
    return (qn - measure.start_qn) / unit, measure.index, measure.numerator, qn / unit, measure.denominator


@does("TimeMap2_beatsToTime")
def _from_beats(_reaper: Reaper, project: Project, beats: float, measure: int | None) -> float:
    time = project.time
    if measure is None:
        return time.to_seconds(beats * 4 / time.measure(0).denominator)
    found = time.measure(measure)
    return time.to_seconds(found.start_qn + beats * 4 / found.denominator)


@does("TimeMap_QNToMeasures")
def _measures(_reaper: Reaper, project: Project, qn: float) -> tuple[int, float, float]:
    measure = project.time.measure_at(qn)
    return measure.index + 1, measure.start_qn, project.time.measure_end(measure)


@does("TimeMap_GetMeasureInfo")
def _measure(_reaper: Reaper, project: Project, index: int) -> tuple[float, float, float, int, int, float]:
    time = project.time
    found = time.measure(index)
    seconds = time.to_seconds(found.start_qn)
    return seconds, found.start_qn, time.measure_end(found), found.numerator, found.denominator, time.qpm_at(seconds)


@does("TimeMap_GetTimeSigAtTime")
def _meter(_reaper: Reaper, project: Project, seconds: float) -> tuple[int, int, float]:
    return *project.time.meter_at(seconds), project.time.qpm_at(seconds)


@does("TimeMap_GetDividedBpmAtTime")
def _bpm(reaper: Reaper, seconds: float) -> float:
    return _bpm_in(reaper, reaper.project, seconds)  # type: ignore[no-any-return]


@does("TimeMap2_GetDividedBpmAtTime")
def _bpm_in(_reaper: Reaper, project: Project, seconds: float) -> float:
    return project.time.qpm_at(seconds) * project.time.meter_at(seconds)[1] / 4


@does("TimeMap2_GetNextChangeTime")
def _next(_reaper: Reaper, project: Project, seconds: float) -> float:
    found = project.time.next_change(seconds)
    return -1.0 if found is None else found


@does("Master_GetTempo")
def _tempo(reaper: Reaper) -> float:
    return reaper.project.time.qpm_at(reaper.project.cursor)


@does("GetProjectTimeSignature2")
def _signature(_reaper: Reaper, project: Project) -> tuple[float, float]:
    return project.state.base[0], float(project.time.meter_at(project.cursor)[0])


@does("CountTempoTimeSigMarkers")
def _count(_reaper: Reaper, project: Project) -> int:
    return len(project.state.tempo)


@does("GetTempoTimeSigMarker")
def _get(_reaper: Reaper, project: Project, index: int) -> tuple[bool, float, int, float, float, int, int, bool]:
    if not 0 <= index < len(project.state.tempo):
        return False, 0.0, 0, 0.0, 0.0, 0, 0, False
    marker = project.state.tempo[index]
    qn = project.time.to_qn(marker.seconds)
    measure = project.time.measure_at(qn)
    beat = (qn - measure.start_qn) * measure.denominator / 4
    return True, marker.seconds, measure.index, beat, marker.qpm, marker.numerator, marker.denominator, marker.linear


@does("FindTempoTimeSigMarker")
def _find(_reaper: Reaper, project: Project, seconds: float) -> int:
    return sum(marker.seconds <= seconds + 1e-9 for marker in project.state.tempo) - 1


@does("SetTempoTimeSigMarker", changes=MISC)
def _set(
    _reaper: Reaper,
    project: Project,
    index: int,
    seconds: float,
    measure: int,
    beat: float,
    qpm: float,
    numerator: int,
    denominator: int,
    linear: bool,
) -> bool:
    if not -1 <= index < len(project.state.tempo):
        raise Refused(f"there are {len(project.state.tempo)} tempo markers, none is {index}; -1 makes one")
    if seconds < 0:
        if measure < 0 or beat < 0:
            raise Refused("neither a time nor a measure and beat is given")
        found = project.time.measure(measure)
        seconds = project.time.to_seconds(found.start_qn + beat * 4 / found.denominator)
    _put(project, index, seconds, qpm, (numerator, denominator), linear)
    return True


@does("AddTempoTimeSigMarker", changes=MISC)
def _add(
    _reaper: Reaper, project: Project, seconds: float, qpm: float, numerator: int, denominator: int, linear: bool
) -> bool:
    _put(project, -1, seconds, qpm, (numerator, denominator), linear)
    return True


def _put(project: Project, index: int, seconds: float, qpm: float, meter: tuple[int, int], linear: bool) -> None:
    if not 1 <= qpm <= 960:
        raise Refused(f"{qpm} is no tempo (1 to 960)")
    if meter not in ((0, 0), (-1, -1)) and (not 1 <= meter[0] <= 255 or meter[1] not in (1, 2, 4, 8, 16, 32, 64)):
        raise Refused(f"{meter[0]}/{meter[1]} is no meter; 0 and 0 keep the one there is")
    markers = list(project.state.tempo)
    if index >= 0:
        markers.pop(index)
    numerator, denominator = (max(0, part) for part in meter)
    made = TempoMarker(max(0.0, seconds), qpm, numerator, denominator, linear)
    markers = [marker for marker in markers if abs(marker.seconds - made.seconds) > 1e-9]
    moved(project, sorted([*markers, made], key=lambda m: m.seconds))


@does("DeleteTempoTimeSigMarker", changes=MISC)
def _delete(_reaper: Reaper, project: Project, index: int) -> bool:
    if not 0 <= index < len(project.state.tempo):
        raise Refused(f"there are {len(project.state.tempo)} tempo markers, none is {index}")
    moved(project, [marker for i, marker in enumerate(project.state.tempo) if i != index])
    return True


def moved(project: Project, markers: list[TempoMarker]) -> None:
    """A new tempo map: what is attached to beats goes along, what is attached to time stays; so do the markers."""
    old = project.time
    beats = [
        (item, old.to_qn(item.seconds), old.to_qn(item.seconds + item.length))
        for item in project.items
        if item.values["C_BEATATTACHMODE"] != 0
    ]
    signs = [(m, old.to_qn(m.seconds), None if m.end is None else old.to_qn(m.end)) for m in project.state.markers]
    later = [old.to_qn(marker.seconds) for marker in project.state.tempo]
    known = {id(marker): qn for marker, qn in zip(project.state.tempo, later, strict=True)}
    project.state.tempo = []
    for marker in markers:
        at = known.get(id(marker))
        place = marker if at is None else replace(marker, seconds=project.time.to_seconds(at))
        project.state.tempo = sorted([*project.state.tempo, place], key=lambda m: m.seconds)
    new = project.time
    for item, from_qn, to_qn in beats:
        start = new.to_seconds(from_qn)
        item.values["D_POSITION"] = start
        if item.values["C_BEATATTACHMODE"] != 2:
            item.values["D_LENGTH"] = new.to_seconds(to_qn) - start
    for sign, from_qn, end_qn in signs:
        sign.seconds = new.to_seconds(from_qn)
        sign.end = None if end_qn is None else new.to_seconds(end_qn)


@does("SetCurrentBPM", changes=MISC)
def _set_bpm(_reaper: Reaper, project: Project, qpm: float, _undo: bool) -> None:
    if project.state.tempo:
        raise Refused("the project has tempo markers: set those")
    project.state.base = (qpm, *project.state.base[1:])


@does("format_timestr_pos")
def _format(reaper: Reaper, seconds: float, _buffer: str, mode: int) -> str:
    project = reaper.project
    if mode in (1, 2):
        qn = project.time.to_qn(seconds)
        measure = project.time.measure_at(qn)
        beats = (qn - measure.start_qn) * measure.denominator / 4 + 1e-9
        return f"{measure.index + 1 + project.start_measure}.{int(beats) + 1}.{int(beats % 1 * 100):02d}"
    if mode in (-1, 0):
        shown = seconds + project.start_offset
        return f"{int(shown // 60)}:{shown % 60:06.3f}"
    if mode == 3:
        return f"{seconds:.14f}".rstrip("0")
    raise Refused(f"the double does not write times in mode {mode}")


@does("SnapToGrid")
def _snap(_reaper: Reaper, project: Project, seconds: float) -> float:
    """The nearest line of the grid; with swing, every second line of a measure comes late by half the amount of a step."""
    time, (_, division, mode, amount) = project.time, project.grid
    qn = time.to_qn(seconds)
    measure, step = time.measure_at(qn), division * 4
    first = int((qn - measure.start_qn) / step)
    late = amount * step / 2 if mode == 1 else 0.0
    lines = [measure.start_qn + i * step + late * (i % 2) for i in range(first - 1, first + 3)]
    return time.to_seconds(min(lines, key=lambda line: abs(line - qn)))
