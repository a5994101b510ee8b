"""State chunks and project files: the double's contents as REAPER writes them."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator

from tests.reaper.double.midi import ALL_NOTES_OFF, MUTED, SELECTED, Event, Pool
from tests.reaper.double.model import Fx, Item, Marker, Take, Track
from tests.reaper.double.project import Project

NO_COLOUR = 16576


def number(value: float) -> str:
    """A number without needless zeros."""
    text = f"{value:.14f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def quoted(words: str) -> str:
    """In the first kind of quotes that it does not hold itself."""
    words = words.replace("\r", " ").replace("\n", " ")
    if words and not any(mark in words for mark in " \"'`"):
        return words
    mark = next((mark for mark in "\"'`" if mark not in words), None)
    return f"{mark}{words}{mark}" if mark else "`" + words.replace("`", "'") + "`"


def indented(lines: Iterable[str]) -> Iterator[str]:
    """Two spaces for every block."""
    depth = 0
    for line in lines:
        depth -= line == ">"
        yield "  " * depth + line
        depth += line.startswith("<")


def track_chunk(track: Track) -> str:
    """As `GetTrackStateChunk` gives it, without indentation."""
    return "\n".join(_track(track)) + "\n"


def item_chunk(item: Item) -> str:
    """As `GetItemStateChunk` gives it."""
    return "\n".join(_item(item)) + "\n"


def project_file(project: Project) -> str:
    """The whole project as a `.RPP`."""
    return "\n".join(indented(_project(project))) + "\n"


def _project(project: Project) -> Iterator[str]:
    qpm, numerator, denominator = project.state.base
    yield '<REAPER_PROJECT 0.1 "7.0/linux-x86_64" 0'
    yield "RIPPLE 0"
    yield f"PROJOFFS {number(project.start_offset)} {project.start_measure} 0"
    yield "TIMELOCKMODE 1"
    yield f"LOOP {project.repeat}"
    yield "SAMPLERATE 48000 0 0"
    yield f"TEMPO {number(qpm)} {numerator} {denominator}"
    yield "PLAYRATE 1 0 0.25 4"
    yield "SELECTION {} {}".format(*map(number, project.state.time_selection))
    if project.state.tempo:
        yield from ("<TEMPOENVEX", "ACT 1 -1", "VIS 1 0 1", "LANEHEIGHT 0 0", "ARM 0", "DEFSHAPE 1 -1 -1")
        for point in project.state.tempo:
            meter = f" {point.numerator + 65536 * point.denominator}" if point.numerator else " 0"
            flags = " 0 1" if point.numerator else ""
            yield f"PT {number(point.seconds)} {number(point.qpm)} {0 if point.linear else 1}{meter}{flags}"
        yield ">"
    for marker in project.state.markers:
        yield from _marker(marker)
    for track in project.tracks:
        yield from _track(track)
    if project.ext:
        yield "<EXTSTATE"
        for section in sorted({section for section, _ in project.ext}):
            yield f"<{section.upper()}"
            yield from (f"{key} {quoted(value)}" for (where, key), value in project.ext.items() if where == section)
            yield ">"
        yield ">"
    yield ">"


def _marker(marker: Marker) -> Iterator[str]:
    region = int(marker.is_region)
    head = f"MARKER {marker.number} {number(marker.seconds)} {quoted(marker.name)}"
    yield f"{head} {region} {marker.colour} 1 R {marker.guid} 0"
    if marker.end is not None:
        yield f'MARKER {marker.number} {number(marker.end)} "" 1'


def _track(track: Track) -> Iterator[str]:
    value = track.values
    depth = int(value.get("I_FOLDERDEPTH", 0))
    yield f"<TRACK {track.guid}"
    yield f"NAME {quoted(track.name)}"
    yield f"PEAKCOL {int(value.get('I_CUSTOMCOLOR', 0)) or NO_COLOUR}"
    yield f"BEAT {number(value['C_BEATATTACHMODE'])}"
    yield f"VOLPAN {number(value['D_VOL'])} {number(value.get('D_PAN', 0))} -1 -1 1"
    yield f"MUTESOLO {number(value.get('B_MUTE', 0))} {number(value.get('I_SOLO', 0))} 0"
    yield f"ISBUS {1 if depth > 0 else 2 if depth < 0 else 0} {depth}"
    yield f"SEL {int(track.selected)}"
    yield f"REC {number(value.get('I_RECARM', 0))} {number(value['I_RECINPUT'])} {number(value.get('I_RECMON', 0))} 0 0 0 0 0"
    yield f"NCHAN {number(value['I_NCHAN'])}"
    yield f"TRACKID {track.guid}"
    yield from _ext(track.ext)
    if track.fx:
        yield from ("<FXCHAIN", "SHOW 0", "LASTSEL 0", "DOCKED 0")
        for fx in track.fx:
            yield from _fx(fx)
        yield ">"
    for item in track.items:
        yield from _item(item)
    yield ">"


def _fx(fx: Fx) -> Iterator[str]:
    kind = fx.name.split(":")[0]
    yield f"BYPASS {int(not fx.enabled)} 0 0"
    if kind == "JS":
        yield from (f"<JS {quoted(fx.file or fx.name.removeprefix('JS: '))} {quoted('')}", ">")
    else:
        yield from (f"<{kind.rstrip('i3')} {quoted(fx.name)} plugin.so 0 {quoted('')}", ">")
    if fx.preset:
        yield f"PRESETNAME {quoted(fx.preset)}"
    yield f"FXID {fx.guid}"


def _ext(entries: dict[str, str]) -> Iterator[str]:
    if entries:
        yield from ("<EXT", *(f"{quoted(key)} {quoted(value)}" for key, value in entries.items()), ">")


def _item(item: Item) -> Iterator[str]:
    value = item.values
    yield "<ITEM"
    yield f"POSITION {number(item.seconds)}"
    yield f"SNAPOFFS {number(value.get('D_SNAPOFFSET', 0))}"
    yield f"LENGTH {number(item.length)}"
    yield f"LOOP {number(value['B_LOOPSRC'])}"
    yield "ALLTAKES 0"
    if value["C_BEATATTACHMODE"] >= 0:
        yield f"BEAT {number(value['C_BEATATTACHMODE'])}"
    if value.get("I_CUSTOMCOLOR"):
        yield f"COLOR {int(value['I_CUSTOMCOLOR'])} B"
    yield f"MUTE {number(value.get('B_MUTE', 0))} 0"
    if value.get("C_LOCK"):
        yield f"LOCK {number(value['C_LOCK'])}"
    yield f"SEL {int(item.selected)}"
    yield from (f"IGUID {item.guid}", "IID 1")
    yield from _ext(item.ext)
    if item.notes:
        yield from ("<NOTES", *(f"|{line}" for line in item.notes.splitlines()), ">", "IMGRESOURCEFLAGS 0")
    for index, take in enumerate(item.takes):
        if index:
            yield "TAKE SEL" if index == item.active else "TAKE"
        yield from _take(take)
    yield ">"


def _take(take: Take) -> Iterator[str]:
    value = take.values
    yield f"NAME {quoted(take.name)}"
    offset = value.get("D_STARTOFFS", 0.0)
    yield f"SOFFS {number(offset)}"
    yield f"PLAYRATE {number(value['D_PLAYRATE'])} 1 {number(value.get('D_PITCH', 0))} -1 0 0.0025"
    yield f"GUID {take.guid}"
    yield from _ext(take.ext)
    if take.source is None:
        yield from ("<SOURCE EMPTY", ">")
    elif take.pool is None:
        yield from (f"<SOURCE {take.source.type}", f"FILE {quoted(take.source.file)}", ">")
    else:
        yield from _midi(take.pool, take)


def _midi(pool: Pool, take: Take) -> Iterator[str]:
    numerator, denominator = take.project.time.meter_at(take.item.seconds)
    qpm = pool.own_qpm or take.project.time.qpm_at(take.item.seconds)
    yield from ("<SOURCE MIDI", f"HASDATA 1 {pool.ppq} QN", "CCINTERP 32", f"POOLEDEVTS {pool.guid}")
    at = 0
    for event in [*pool.events, Event(pool.length, 0, ALL_NOTES_OFF)]:
        yield from _event(event, event.ppq - at)
        at = event.ppq
    yield f"IGNTEMPO {int(pool.own_qpm is not None)} {number(qpm)} {numerator} {denominator}"
    yield from ("SRCCOLOR 0", ">")


def _event(event: Event, step: int) -> Iterator[str]:
    selected, muted = event.flags & SELECTED, "m" if event.flags & MUTED else ""
    if event.message[0] < 0xF0:
        first, second, third = (event.message + b"\0\0")[:3]
        yield f"{'e' if selected else 'E'}{muted} {step} {first:02x} {second:02x} {third:02x}"
        return
    yield f"<{'x' if selected else 'X'}{muted} {step} 0"
    data = base64.b64encode(event.message).decode()
    yield from (data[i : i + 128] for i in range(0, len(data), 128))
    yield ">"
