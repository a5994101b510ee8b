"""`detect`: what the project is made of, as a Chords track of named items and as regions."""

from __future__ import annotations

from dataclasses import replace

import msgspec

from bridge import app, hearing, request_song
from bridge.handlers.outcome import COLOURS, SECTIONS, Outcome
from bridge.handlers.stated import with_readable_chords
from bridge.wire import Request1, Result1, encode
from bridge.wire.writes import ItemWrite, RegionWrite, TakeContent, TrackWrite, Write, plain
from engines.api import Analysis, Reporter
from engines.errors import NotThere
from engines.music.song import Song
from engines.music.time import PPQ

CHORDS = "Chords"
STATED = ("chord track", "markers")
"""Chords from here stand in the project already."""


def run(request: Request1, report: Reporter) -> Outcome:
    """Listen to what is selected, or to everything."""
    empty = _empty_chord_track(request)
    request, notices = with_readable_chords(request)
    song = _heard_tracks(request)
    heard = app.analyze(song, report=report)
    writes: list[Write] = []
    if heard.chords_from not in STATED:
        writes += _chord_track(heard, empty)
    if not request.regions:
        writes += _regions(heard)
    return Outcome(
        encode(
            Result1(
                id=request.id,
                verb=request.verb,
                label="Detect chords and phrases",
                report={"analysis": msgspec.to_builtins(hearing.to_wire(heard, notices))},
                writes=plain(writes),
                expects={"project": request.project.id, "targets": [empty] if empty else []},
            )
        ),
        {},
    )


def _heard_tracks(request: Request1) -> Song:
    song = request_song.to_song(request)
    wanted = {track.guid for track in request.tracks if track.guid in request.selection.tracks}
    if wanted:
        chosen = tuple(t for t, said in zip(song.tracks, request.tracks, strict=True) if said.guid in wanted)
        song = replace(song, tracks=chosen)
    if not any(track.notes() for track in song.tracks):
        what = "The selected tracks hold" if wanted else "This project holds"
        raise NotThere(f"{what} no notes to listen to.", "Select tracks with MIDI items, or none to hear them all.")
    return song


def _empty_chord_track(request: Request1) -> str | None:
    """A Chords track that waits for its chords, by GUID: a second one would only stand in the way."""
    if request.chords:
        return None
    named = (track for track in request.tracks if track.name.strip().casefold() == CHORDS.casefold())
    return next((track.guid for track in named if not track.items and not track.muted), None)


def _chord_track(heard: Analysis, there: str | None) -> list[Write]:
    song = heard.song
    spans = [span for span in heard.chords.spans(song.meter.bar_end(song.bars)) if not span.chord.is_none]
    if not spans:
        return []
    items = (
        ItemWrite(
            track=there or "chords",
            from_qn=span.start / PPQ,
            to_qn=span.end / PPQ,
            takes=(TakeContent(name=str(span.chord), provenance={"verb": "detect"}),),
        )
        for span in spans
    )
    new = TrackWrite(key="chords", name=CHORDS, role="chords", colour=COLOURS["chords"])
    return [*items] if there else [new, *items]


def _regions(heard: Analysis) -> list[Write]:
    """Phrases as regions; equal letters have one colour."""
    labels = sorted({section.label.casefold() for section in heard.sections})
    return [
        RegionWrite(
            name=section.name,
            from_qn=section.start / PPQ,
            to_qn=section.end / PPQ,
            colour=SECTIONS[labels.index(section.label.casefold()) % len(SECTIONS)],
        )
        for section in heard.sections
    ]
