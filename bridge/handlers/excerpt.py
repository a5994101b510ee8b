"""A stretch of a song as a song of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from engines.errors import UnknownChord
from engines.music.chord_markers import is_chord_marker
from engines.music.edits import slice_clip
from engines.music.song import Marker, MidiClip, Placement, Section, Song, Track
from engines.music.time import MeterChange, MeterMap, TempoChange, TempoMap, Ticks


def excerpt(song: Song, start: int, end: int) -> Song:
    """What stands between two ticks, the first a bar line. The chord, tempo and meter that hold there go on holding."""
    chords = song.chords.between(start, end) if song.chords is not None else None
    return replace(
        song,
        tracks=tuple(replace(track, placements=tuple(_places(track, start, end))) for track in song.tracks),
        tempo=_tempo(song.tempo, start, end),
        meter=_meter(song.meter, start, end),
        chords=chords if chords is not None and len(chords) else None,
        sections=tuple(_sections(song.sections, start, end)),
        markers=tuple(_markers(song.markers, start, end)),
    )


def _places(track: Track, start: int, end: int) -> Iterator[Placement]:
    for place in track.placements:
        first, last = max(start, place.start), min(end, place.end)
        if first < last:
            yield _trimmed(place, first, last, start)


def _trimmed(place: Placement, first: int, last: int, start: int) -> Placement:
    """A place between two ticks; its clips are as long as it is, as those of a request are."""
    takes = []
    for take in place.takes:
        clip = take.clip
        if isinstance(clip, MidiClip):
            clip = slice_clip(clip, first - place.start, min(last - place.start, clip.length))
        takes.append(replace(take, clip=replace(clip, length=Ticks(last - first))))
    return replace(place, start=Ticks(first - start), length=Ticks(last - first), takes=tuple(takes))


def _tempo(tempo: TempoMap, start: int, end: int) -> TempoMap:
    held = [change for change in tempo.changes if change.tick <= start][-1]
    first = held if held.tick == start else replace(held, qpm=tempo.qpm_at(start))
    inside = (change for change in tempo.changes if start < change.tick < end)
    changes = [replace(first, tick=Ticks(0)), *(replace(c, tick=Ticks(c.tick - start)) for c in inside)]
    after = next((change for change in tempo.changes if change.tick >= end), None)
    if changes[-1].linear and after is not None:  # a ramp that goes on behind the end needs somewhere to go
        changes.append(TempoChange(Ticks(end - start), tempo.qpm_at(end)))
    return TempoMap(tuple(changes))


def _meter(meter: MeterMap, start: int, end: int) -> MeterMap:
    inside = (MeterChange(Ticks(c.tick - start), c.meter) for c in meter.changes if start < c.tick < end)
    return MeterMap((MeterChange(Ticks(0), meter.meter_at(start)), *inside))


def _sections(sections: Sequence[Section], start: int, end: int) -> Iterator[Section]:
    for section in sections:
        first, last = max(start, section.start), min(end, section.end)
        if first < last:
            yield replace(section, start=Ticks(first - start), length=Ticks(last - first))


def _markers(markers: Sequence[Marker], start: int, end: int) -> Iterator[Marker]:
    """The markers inside, and at the start the last chord that was named before."""
    held = [marker for marker in markers if marker.tick < start and names_a_chord(marker)]
    if held:
        yield Marker(Ticks(0), max(held, key=lambda marker: marker.tick).name)
    yield from (Marker(Ticks(m.tick - start), m.name) for m in markers if start <= m.tick < end)


def names_a_chord(marker: Marker) -> bool:
    """Whether a marker states a chord."""
    try:
        return is_chord_marker(marker.name) is not None
    except UnknownChord:
        return False
