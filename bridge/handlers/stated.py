"""What stands in a request beside the notes and may hold slips of the pen: chord symbols."""

from __future__ import annotations

import msgspec

from bridge.request_song import ticks
from bridge.wire import Request1
from bridge.wire.jobs import ChordPoint
from engines.errors import Notice, UnknownChord
from engines.music.chord_markers import is_chord_marker


def with_readable_chords(request: Request1) -> tuple[Request1, tuple[Notice, ...]]:
    """The request with the chords that can be read, one for each position, and a word about the others.

    A chord track holds whatever its items are called; one slip must not cost the musician the whole run.
    """
    chords: dict[int, ChordPoint] = {}
    unread = []
    for point in request.chords:
        try:
            chord = is_chord_marker(point.symbol, in_chord_track=True)
        except UnknownChord:
            chord = None
        if chord is not None:
            place = max(0, ticks(point.qn))
            chords[place] = ChordPoint(qn=max(0.0, point.qn), symbol=str(chord))
        elif point.symbol.strip():
            unread.append(point.symbol.strip())
    in_order = tuple(chords[place] for place in sorted(chords))
    return msgspec.structs.replace(request, chords=in_order), _notices(unread)


def _notices(unread: list[str]) -> tuple[Notice, ...]:
    if not unread:
        return ()
    shown = ", ".join(repr(text) for text in unread[:5])
    said = f"Among the chords stand words that name none: {shown}."
    return (Notice("W_CHORD_SYMBOL", said, "Correct or remove them."),)
