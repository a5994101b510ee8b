"""Which music of the project a musician means: the selected melody, and what plays around it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import msgspec

from bridge import request_song
from bridge.handlers.excerpt import excerpt, names_a_chord
from bridge.handlers.stated import with_readable_chords
from bridge.request_song import ticks
from bridge.wire import Request1
from bridge.wire.jobs import Item, RequestTrack
from engines.errors import Notice, NotThere
from engines.music.song import Song, Track

MELODY, OURS = "melody", "comp"
"""The role of what is selected; and of what `arrange` wrote before, whose chords are no evidence for the next run."""
SELECT = "Select the melody's item or its track, then run the action again."


@dataclass(frozen=True)
class Lead:
    """The selected melody in the bars it fills."""

    song: Song
    """Those bars, counted from their first."""
    start: int
    """Where they begin in the project, in ticks."""
    first_bar: int
    """The same as the project's ruler counts."""
    targets: tuple[str, ...]
    """GUIDs of the tracks that were selected."""
    notices: tuple[Notice, ...] = ()
    """What was passed over."""


def lead_of(request: Request1) -> Lead:
    """The melody that is selected: the notes of the selected items, or else of the selected tracks.

    One selected track is the melody, and the others are heard beside it. Of several, the engine finds out which one sings.
    """
    request, notices = with_readable_chords(request)
    chosen = _chosen(request)
    _check(chosen)
    targets = tuple(track.guid for track in chosen)
    others = () if len(chosen) > 1 else tuple(t for t in request.tracks if t.guid not in targets and t.role != OURS)
    song = request_song.to_song(msgspec.structs.replace(request, tracks=(*chosen, *others)))
    seats = [_as_lead(track, len(chosen) == 1) for track in song.tracks[: len(chosen)]]
    rest = [_as_context(track) for track in song.tracks[len(chosen) :]]
    song = replace(song, tracks=(*seats, *rest))
    first, last = _reach(request, chosen)
    last = min(last, _silent_from(song, song.tracks[: len(chosen)], first, last))
    bar = song.meter.bar_at(first)
    start, end = song.meter.bar_start(bar), song.meter.bar_end(song.meter.bar_at(last - 1))
    lead = excerpt(song, start, end)
    return Lead(lead, start, bar, targets, notices)


def _chosen(request: Request1) -> tuple[RequestTrack, ...]:
    """The selected tracks; where items are selected, with those alone."""
    selection = request.selection
    if selection.items:
        wanted = frozenset(selection.items)
        picked = (_only(track, [item for item in track.items if item.guid in wanted]) for track in request.tracks)
        found = tuple(track for track in picked if track.items)
    else:
        found = tuple(track for track in request.tracks if track.guid in selection.tracks)
    if not found and (selection.items or selection.tracks):
        raise NotThere("What is selected holds no music.", SELECT)
    if not found:
        raise NotThere("Nothing is selected.", SELECT)
    return found


def _silent_from(song: Song, chosen: Sequence[Track], first: int, last: int) -> int:
    """Where the selected music ends, with the last chord that is stated for it: an item may go on for long in silence."""
    ends = [note.end for track in chosen for note in track.notes() if first <= note.start < last]
    if not ends:
        raise NotThere("What is selected holds no notes.", SELECT)
    stated = [change.tick for change in song.chords.changes] if song.chords is not None else []
    stated += [marker.tick for marker in song.markers if names_a_chord(marker)]
    return max(*ends, first + 1, *(tick + 1 for tick in stated if first <= tick < last))


def _only(track: RequestTrack, items: Sequence[Item]) -> RequestTrack:
    return msgspec.structs.replace(track, items=tuple(items))


def _check(chosen: Sequence[RequestTrack]) -> None:
    items = [item for track in chosen for item in track.items]
    name = chosen[0].name or "The selected track"
    if not items:
        raise NotThere(f"{name} has no items.", SELECT)
    if all(item.source == "audio" for item in items):
        raise NotThere(f"{name} holds audio; a melody is read from MIDI.", "Select an item with MIDI notes.")


def _as_lead(track: Track, alone: bool) -> Track:
    """A sketch that was muted while others play is still the one that is meant."""
    return replace(track, role=MELODY if alone else track.role, muted=False)


def _as_context(track: Track) -> Track:
    return replace(track, role=None) if track.role == MELODY else track


def _reach(request: Request1, chosen: Sequence[RequestTrack]) -> tuple[int, int]:
    """From which tick to which the selection reaches: all of its items, or the part of them that is selected in time."""
    items = [item for track in chosen for item in track.items if item.source == "midi"]
    first, last = min(ticks(item.from_qn) for item in items), max(ticks(item.to_qn) for item in items)
    begin, end = ticks(request.selection.from_qn), ticks(request.selection.to_qn)
    if max(first, begin) < min(last, end):
        first, last = max(first, begin), min(last, end)
    return max(0, first), max(1, last)
