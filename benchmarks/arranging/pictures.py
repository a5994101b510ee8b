"""What arrangers make of one song, drawn: melody, piano and chord names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks.arranging.arrangers import Arrangement, Player
from benchmarks.arranging.leads import READERS, Lead
from bridge.files.picture import draw_song, png_from_svg
from engines.errors import EngineError, NotThere
from engines.music.song import MidiClip, Placement, Section, Song, Take, Track
from engines.music.time import Ticks


def arranged(lead: Lead, made: Arrangement) -> Song:
    """Lead sheet and part as one song, with the arranger's phrases as sections."""
    length = Ticks(max(lead.song.end, *(note.end for note in made.notes)) if made.notes else lead.song.end)
    piano = Track(
        "Piano", (Placement(Ticks(0), length, (Take(MidiClip(length, made.notes)),)),), role="comp", program=0
    )
    meter = lead.song.meter
    sections = tuple(
        Section(str(one), begin, Ticks(meter.bar_start(one.start_bar + one.bars) - begin), one.label)
        for one in made.phrases
        for begin in (meter.bar_start(one.start_bar),)
    )
    return replace(lead.song, tracks=(*lead.song.tracks, piano), sections=sections)


def find(data: Path, name: str) -> Lead:
    """The lead sheet of that name, of the list or not."""
    archive, _, id_ = name.partition("/")
    if archive not in READERS:
        raise NotThere(f"There is no archive called {archive!r}.", f"There are: {', '.join(READERS)}.")
    found = next(READERS[archive](data, id_.__eq__), None)
    if found is None:
        raise NotThere(
            f"{archive} has no lead sheet {id_!r}.", "Take one that stands in benchmarks/arranging/songs.json."
        )
    return found


def draw(data: Path, name: str, players: Sequence[Player], folder: Path, seed: int = 1) -> Iterator[Path]:
    """One PNG for each arranger that can play the song."""
    lead = find(data, name)
    folder.mkdir(parents=True, exist_ok=True)
    for one in players:
        if (one.needs_people and lead.real is None) or one.judged_by is not None:
            continue
        try:
            made = one.arrange(lead, seed)
        except EngineError as problem:
            print(f"{one.name}: {problem.message}")
            continue
        path = folder / f"{lead.archive}-{lead.id}-{one.name.replace(', ', '-').replace(' ', '-')}.png"
        path.write_bytes(png_from_svg(draw_song(arranged(lead, made), title=f"{lead.name}: {one.name}"), scale=1.0))
        yield path
