"""REAPER projects in: the file's text, and the song in it.

The text stays as it is (`Project.document` writes it back byte for byte); the song is what we understand of it. What is
not understood is left alone, and reported where a musician would miss it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from bridge.files.rpp.items import EXT_PREFIX, Findings, ItemReader
from bridge.files.rpp.text import Block, Document, as_text, number, parse, whole
from bridge.files.rpp.time import ProjectTime, position, read_time
from engines.errors import Notice
from engines.music.notes import Program
from engines.music.song import Marker, MidiClip, Placement, Section, Song, Track
from engines.music.time import Ticks

HAS_COLOUR = 0x1000000
"""Set in a colour that somebody chose; the rest is blue, green, red from the top."""
_REGION = 1
_LANES = 2


@dataclass(frozen=True)
class Project:
    """A project that was read."""

    document: Document
    """Its text, for editing and for writing back."""
    song: Song
    notices: tuple[Notice, ...] = ()
    """What the song leaves out."""
    shown_from_bar: int = 1
    """The number that REAPER's ruler gives to the first bar. Only shown: bars count from 1 everywhere else."""
    shown_from_seconds: float = 0.0
    """The time that the ruler shows at the start. Only shown as well."""


def read_project(data: bytes) -> Project:
    """Read a `.RPP` file."""
    document = parse(data)
    project = document.project
    time, findings = read_time(project), Findings()
    sections, markers = _signposts(project, time, findings)
    title = project.row("TITLE") or ["TITLE"]
    song = Song(
        tracks=_tracks(project, time, findings),
        tempo=time.tempo_map(),
        meter=time.meter_map(),
        sections=sections,
        markers=markers,
        name=as_text(title[1]) if len(title) > 1 else "",
    )
    shown = project.row("PROJOFFS") or ["PROJOFFS"]
    return Project(document, song, findings.notices(), 1 + whole(shown, 2, 0), number(shown, 1, 0))


def _tracks(project: Block, time: ProjectTime, findings: Findings) -> tuple[Track, ...]:
    blocks = list(project.blocks("TRACK"))
    reader = ItemReader(time, findings)
    reader.learn_pools(item for block in blocks for item in block.blocks("ITEM"))
    out: list[Track] = []
    folders: list[str] = []
    for block in blocks:
        rows = {row[0]: row for row in block.rows()}
        track = _track(block, rows, reader, folders[-1] if folders else None)
        bus = rows.get("ISBUS", ["ISBUS"])
        opens, change = whole(bus, 1, 0) == 1, whole(bus, 2, 0)
        if not (opens and _is_bare(track)):
            out.append(track)
        if opens:
            folders.append(track.name)
        elif change < 0:
            del folders[max(0, len(folders) + change) :]
    return tuple(out)


def _is_bare(track: Track) -> bool:
    """Whether a folder track says nothing beyond its name, which its children carry as well."""
    return not (track.placements or track.colour or track.folder or track.muted or track.role)


def _track(block: Block, rows: dict[str, list[str]], reader: ItemReader, folder: str | None) -> Track:
    plays = _lanes(rows)
    placements = sorted((reader.read(item, plays) for item in block.blocks("ITEM")), key=lambda p: p.start)
    spoken = next(block.blocks("NAME"), None)  # a name that has all three kinds of quotes in it
    name = spoken.notes() if spoken else as_text((*rows.get("NAME", ()), "", "")[1])
    role = next((row[1] for ext in block.blocks("EXT") for row in ext.rows() if row[0] == EXT_PREFIX + "role"), None)
    program = _first_program(placements)
    return Track(
        name,
        tuple(placements) if program is None else tuple(_without(p, program) for p in placements),
        as_text(role) if role else None,
        None if program is None else program.program,
        _first_channel(placements) if program is None else program.channel,
        colour_of(whole(rows.get("PEAKCOL", ["PEAKCOL"]), 1, 0)),
        folder,
        whole(rows.get("MUTESOLO", ["MUTESOLO"]), 1, 0) != 0,
    )


def _lanes(rows: dict[str, list[str]]) -> Callable[[Block], bool]:
    """Whether an item is heard, where a track has fixed lanes and only some of them play."""
    playing = rows.get("LANESOLO")
    if playing is None or whole(rows.get("FREEMODE", ["FREEMODE"]), 1, 0) != _LANES:
        return lambda item: True
    mask = whole(playing, 1, 0)

    def plays(item: Block) -> bool:
        row = item.row("YPOS") or ["YPOS"]
        top, height = number(row, 1, 0), number(row, 2, 1)
        lane = round(top / height) if height > 0 and 0 <= top < 32 * height else 0
        return bool(mask >> lane & 1)

    return plays


def _clips(placements: list[Placement]) -> Iterator[MidiClip]:
    return (take.clip for p in placements for take in p.takes if isinstance(take.clip, MidiClip))


def _first_program(placements: list[Placement]) -> Program | None:
    """The instrument that the track's clips call for as they begin."""
    events = (event for clip in _clips(placements) for event in clip.events if event.tick == 0)
    return next((event for event in events if isinstance(event, Program)), None)


def _first_channel(placements: list[Placement]) -> int:
    return next((clip.notes[0].channel for clip in _clips(placements) if clip.notes), 0)


def _without(placement: Placement, program: Program) -> Placement:
    """The placement without the call for the track's own instrument: the track says it, and writing puts it back."""
    takes = []
    for take in placement.takes:
        clip = take.clip
        if isinstance(clip, MidiClip) and program in clip.events:
            events = tuple(event for event in clip.events if event != program)
            take = replace(take, clip=MidiClip(clip.length, clip.notes, events, clip.name))
        takes.append(take)
    return replace(placement, takes=tuple(takes))


def _signposts(project: Block, time: ProjectTime, findings: Findings) -> tuple[tuple[Section, ...], tuple[Marker, ...]]:
    """Regions and markers. A region is two lines with one number: where it begins, and where it ends."""
    sections: list[Section] = []
    markers: list[Marker] = []
    begun: dict[str, list[str]] = {}
    labels = _labels(project)
    for row in (row for row in project.rows() if row[0] == "MARKER" and len(row) > 2):
        name = as_text(row[3]) if len(row) > 3 else ""
        if not whole(row, 4, 0) & _REGION:
            markers.append(Marker(time.ticks_at(position(row, 2)), name))
        elif (first := begun.pop(row[1], None)) is None:
            begun[row[1]] = row
        else:
            start, end = sorted((time.ticks_at(position(first, 2)), time.ticks_at(position(row, 2))))
            colour, label = colour_of(whole(first, 5, 0)), labels.get(first[8] if len(first) > 8 else "", "")
            sections.append(Section(as_text((*first, "")[3]), start, Ticks(end - start), label, colour))
    findings.counts["W_REGION"] += len(begun)
    return tuple(sorted(sections, key=lambda s: s.start)), tuple(sorted(markers, key=lambda m: m.tick))


def _labels(project: Block) -> dict[str, str]:
    """The letters of the form (A, B, …) that we store by region, as REAPER's regions have no place for them."""
    own = (block for state in project.blocks("EXTSTATE") for block in state.blocks("PARTIMENTO"))
    rows = (row for block in own for row in block.rows())
    return {row[0][6:]: as_text(row[1]) for row in rows if row[0].startswith("LABEL:") and len(row) > 1}


def colour_of(value: int) -> str | None:
    """A colour number as `#rrggbb`; None where the theme chooses."""
    if not value & HAS_COLOUR:
        return None
    return f"#{value & 255:02x}{value >> 8 & 255:02x}{value >> 16 & 255:02x}"
