"""One item per part and section: a long item cut where the form turns."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from engines.music.edits import in_force, shift_event, shift_note
from engines.music.notes import Program
from engines.music.song import Clip, MidiClip, Placement, Section, Song, Track
from engines.music.time import Ticks


def split_by_sections(song: Song) -> Song:
    """The same song with its MIDI items cut at the edges of the sections.

    Nothing that sounds changes. A note belongs to the section it starts in and keeps its length; the item it lies in
    then reaches over the edge as far as the note rings. Each new item begins with the controllers, bends and programs
    in force there, so that it can be moved or played alone. A part that is silent in a section has no item there.
    Looped items, audio and empty items (places for words) stay whole.
    """
    edges = sorted({int(edge) for section in song.sections for edge in (section.start, section.end)})
    if not edges:
        return song
    return replace(song, tracks=tuple(_split_track(track, edges, song.sections) for track in song.tracks))


def _split_track(track: Track, edges: list[int], sections: tuple[Section, ...]) -> Track:
    placements: list[Placement] = []
    for placement in track.placements:
        inside = [edge for edge in edges if placement.start < edge < placement.end]
        if inside and _can_be_cut(placement):
            placements.extend(_pieces(track, placement, inside, sections))
        else:
            placements.append(placement)
    return replace(track, placements=tuple(placements))


def _can_be_cut(placement: Placement) -> bool:
    clips = [take.clip for take in placement.takes]
    midi = [clip for clip in clips if isinstance(clip, MidiClip)]
    return not placement.looped and len(midi) == len(clips) and any(clip.notes or clip.events for clip in midi)


def _pieces(track: Track, placement: Placement, edges: list[int], sections: tuple[Section, ...]) -> Iterator[Placement]:
    cuts = [int(placement.start), *edges, int(placement.end)]
    takes = [list(_slices(take.clip, [cut - placement.start for cut in cuts])) for take in placement.takes]
    for i, (start, end) in enumerate(pairwise(cuts)):
        clips = [slices[i] for slices in takes]
        if not any(clips):
            continue
        within = next((section.name for section in sections if section.start <= start < section.end), "")
        pieces = []
        for take, clip in zip(placement.takes, clips, strict=True):
            name = f"{take.name or take.clip.name or track.name} {within}".strip()
            whole = clip or MidiClip(Ticks(end - start))
            pieces.append(replace(take, clip=replace(whole, name=name), name=name))
        rings = max(end - start, *(piece.clip.length for piece in pieces))
        length = min(rings, placement.end - start)
        yield replace(placement, start=Ticks(start), length=Ticks(length), takes=tuple(pieces))


def _slices(clip: Clip, cuts: list[int]) -> Iterator[MidiClip | None]:
    """The clip between neighbouring cuts; None where it has nothing of its own. The last one keeps the clip's end."""
    assert isinstance(clip, MidiClip)
    starts = [note.start for note in clip.notes]
    ticks = [event.tick for event in clip.events]
    last = len(cuts) - 2
    for i, (start, end) in enumerate(pairwise(cuts)):
        upto = clip.length if i == last else min(end, clip.length)  # what starts behind a clip's end never sounds
        notes = clip.notes[bisect_left(starts, start) : bisect_left(starts, upto)]
        before = bisect_left(ticks, start)
        own = clip.events[before : None if i == last else bisect_left(ticks, end)]
        if not notes and all(isinstance(event, Program) for event in own):
            yield None  # a program alone plays nothing; the next item that does begins with it
            continue
        rings = max((note.end for note in notes), default=end)
        length = max(upto, start + 1) if i == last else max(end, rings)
        events = (*in_force(clip.events[:before]), *(shift_event(event, -start) for event in own))
        yield MidiClip(Ticks(length - start), tuple(shift_note(note, -start) for note in notes), events, clip.name)
