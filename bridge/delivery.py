"""What a verb hands over: the files of an arrangement, its report, a picture, a preview."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from bridge.files import midi, preview, rpp
from engines.api import Analysis
from engines.errors import Notice, Unavailable
from engines.music.signposts import sections_of, without_chords
from engines.music.song import MidiClip, Placement, Song, Take, Track
from engines.music.time import Ticks


def annotated(heard: Analysis) -> Song:
    """The song with what was heard in it written down: keys, chords, and sections from markers or, failing those, phrases."""
    song = heard.song
    sections = song.sections or sections_of(song.markers, song.meter, song.end) or heard.sections
    return replace(
        song,
        keys=heard.lead_sheet.keys,
        chords=heard.chords,
        sections=sections,
        markers=tuple(
            marker for marker in without_chords(song.markers) if marker.tick not in {s.start for s in sections}
        ),
    )


def take_stem(number: int) -> str:
    """`arrangement`, `arrangement-2`, …; takes count from 0."""
    return f"arrangement-{number + 1}" if number else "arrangement"


def take_files(song: Song, stem: str) -> dict[str, bytes]:
    """The song as `.mid` and as `.rpp`."""
    project = replace(song, tracks=(*_chord_track(song), *song.tracks))
    return {
        f"{stem}.mid": midi.write_song(song),
        f"{stem}.rpp": rpp.write_project(rpp.split_by_sections(project)),
    }


def arrangement_files(song: Song, stem: str = "arrangement") -> dict[str, bytes]:
    """The same, and each part alone."""
    files = take_files(song, stem)
    for name, track in named_parts(song.tracks):
        files[name] = midi.write_song(replace(song, tracks=(track,)))
    return files


def _chord_track(song: Song) -> tuple[Track, ...]:
    """The chords as REAPER shows them: a track of empty items named by their symbols, which we read again as chords.

    A song that has a chord track of its own keeps that one.
    """
    if song.chords is None or not len(song.chords) or song.track("Chords") is not None:
        return ()
    end = song.meter.bar_end(song.bars)
    places = tuple(
        Placement(span.start, length, (Take(MidiClip(length, name=str(span.chord)), str(span.chord)),))
        for span in song.chords.spans(end)
        for length in (Ticks(span.end - span.start),)
    )
    return (Track("Chords", places),)


def plain_name(name: str) -> str:
    """A name that every file system bears."""
    return re.sub(r"[^\w\-+ .#()]", "_", name).strip(" .")[:60]


def named_parts(tracks: Iterable[Track]) -> tuple[tuple[str, Track], ...]:
    """`parts/NAME.mid` for each track; names that a file system or another part would not bear are mended."""
    taken: set[str] = set()
    out = []
    for track in tracks:
        base = plain_name(track.name) or "Part"
        name, number = base, 2
        while name.casefold() in taken:
            name, number = f"{base} {number}", number + 1
        taken.add(name.casefold())
        out.append((f"parts/{name}.mid", track))
    return tuple(out)


def picture_files(song: Song, stem: str = "arrangement") -> tuple[dict[str, bytes], tuple[Notice, ...]]:
    """The piano roll as SVG, and as PNG where this machine can; a notice where it cannot."""
    from bridge.files import picture  # only here: most verbs draw nothing, and it costs start-up time

    svg = picture.draw_song(song)
    files = {f"{stem}.svg": svg.encode()}
    try:
        files[f"{stem}.png"] = picture.png_from_svg(svg)
    except Unavailable as why:
        return files, (Notice("W_NO_PNG", f"No PNG was made: {why.message}", why.hint),)
    return files, ()


def preview_files(song: Song, stem: str = "preview") -> tuple[dict[str, bytes], tuple[Notice, ...]]:
    """A sounding preview where there is a synthesiser; a notice where there is none."""
    try:
        return {f"{stem}.wav": preview.render_preview(midi.write_song(song))}, ()
    except Unavailable as why:
        return {}, (Notice("W_NO_PREVIEW", f"No audio preview was made: {why.message}", why.hint),)
