"""From a piece that was heard to a donor: whose notes are the accompaniment, which hand plays them, what may be borrowed."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from itertools import groupby, pairwise

from engines.accompaniment.donors import LEFT, RIGHT, Donor, Harmony, Span, Stroke
from engines.accompaniment.sheet import harmony_of, meters_of, on_the_beat
from engines.api import Analysis, PartSeen
from engines.errors import InvalidMusic
from engines.music.notes import Note
from engines.music.song import Track
from engines.music.time import PPQ, Ticks

GRID = PPQ // 12
"""Onsets stand on twelfths of a quarter, which holds sixteenths and triplets; what they lie beside it is kept as lateness."""
BORROWED = ("chords", "arp", "comp", "pad", "piano", "stab")
"""Roles that are an accompaniment; a bass joins them where it is a part of its own."""
LONGEST_BAR = 2**16 - 1
"""Ticks that a place in a bar may have."""
LONGEST = 32
"""Bars of the longest phrase that is borrowed."""
_LEFT = re.compile(r"\b(left|lh|l\.h\.|bass clef)\b|_lh\b", re.IGNORECASE)
_RIGHT = re.compile(r"\b(right|rh|r\.h\.|treble)\b|_rh\b", re.IGNORECASE)


def donor_of(
    heard: Analysis, name: str, licence: str, *, tracks: Collection[str] | None = None, tags: tuple[str, ...] = ()
) -> Donor:
    """A donor out of a piece; `tracks` names the accompaniment where it is known."""
    song = heard.song
    mine = [
        t for t in song.tracks if (t.name in tracks if tracks is not None else t.name in _accompaniment(heard.tracks))
    ]
    first = 2 if song.meter.has_pickup() else 1
    begin = song.meter.bar_start(first)
    meters = meters_of(song.meter, song.meter.bars_until(song.end))[first - 1 :]
    end = Ticks(song.meter.bar_start(first + len(meters)) - begin)
    lines = [song.meter.bar_start(bar) for bar in range(1, first + len(meters) + 1)]
    if any(meter.bar > LONGEST_BAR for meter in meters):
        raise InvalidMusic(
            f"{name} has bars of more than {LONGEST_BAR // PPQ} quarters.", "Give it bars that can be counted."
        )
    strokes = _strokes(mine, begin, end)
    if not strokes:
        raise InvalidMusic(f"{name} has no accompaniment to borrow.", "It needs a part that plays chords.")
    return Donor(
        name=name,
        licence=licence,
        bars=meters,
        strokes=strokes,
        harmony=tuple(
            h._replace(tick=Ticks(max(0, h.tick - begin)))
            for h, after in _with_next(on_the_beat(harmony_of(heard.chords, Ticks(begin + end)), lines))
            if after is None or after.tick > begin
        ),
        spans=tuple(
            Span(p.start_bar - first, min(p.bars, LONGEST))
            for p in heard.phrases
            if p.start_bar >= first and p.start_bar - first + p.bars <= len(meters) and not p.label.startswith("x")
        ),
        tune=tuple((Ticks(n.start - begin), n.length) for n in heard.melody if begin <= n.start < begin + end),
        tags=tags,
    )


def _with_next(items: Sequence[Harmony]) -> Iterable[tuple[Harmony, Harmony | None]]:
    return zip(items, (*items[1:], None), strict=True)


def _accompaniment(parts: Sequence[PartSeen]) -> set[str]:
    chords = {part.name for part in parts if part.role in BORROWED and part.notes}
    return chords | {
        part.name for part in parts if part.role == "bass" and part.notes and not _reaches_down(parts, chords)
    }


def _reaches_down(parts: Sequence[PartSeen], chords: set[str]) -> bool:
    """Whether the accompaniment has a left hand of its own."""
    return any(_LEFT.search(part.name) for part in parts if part.name in chords)


def _strokes(tracks: Sequence[Track], begin: Ticks, end: Ticks) -> tuple[Stroke, ...]:
    """Notes on the grid, every pitch once at a time."""
    found: dict[tuple[int, int], Stroke] = {}
    quiet = all(len({note.velocity for note in track.notes()}) <= 1 for track in tracks)
    for track in tracks:
        notes = [n for n in track.notes() if begin <= n.start < begin + end and not n.is_drum]
        for note, hand in zip(notes, hands(track.name, notes), strict=True):
            tick = min((note.start - begin + GRID // 2) // GRID * GRID, end - 1)
            late = note.start - begin - tick
            stroke = Stroke(Ticks(tick), note.length, note.pitch, 0 if quiet else note.velocity, hand, late)
            other = found.get((tick, note.pitch))
            if other is None or other.length < stroke.length:
                found[tick, note.pitch] = stroke
    return tuple(sorted(found.values(), key=lambda s: (s.tick, s.pitch)))


def hands(name: str, notes: Sequence[Note]) -> list[int]:
    """The hand of every note: by the part's name, else by pitch around a point that follows the music."""
    if _LEFT.search(name):
        return [LEFT] * len(notes)
    if _RIGHT.search(name):
        return [RIGHT] * len(notes)
    if not notes:
        return []
    split, out = float(_first_split(notes)), []
    for _, group in groupby(notes, key=lambda n: n.start // (PPQ // 2)):
        chord = list(group)
        low, high = min(n.pitch for n in chord), max(n.pitch for n in chord)
        # A wide chord is split in its widest gap near the point; a narrow one lies on one side of it.
        if high - low > 12:
            split += 0.5 * (_gap([n.pitch for n in chord], split) - split)
        else:
            split += 0.15 * (min(max(split, 52), 62) - split)
        out += [LEFT if n.pitch < split else RIGHT for n in chord]
    return out


def _first_split(notes: Sequence[Note]) -> int:
    pitches = sorted(note.pitch for note in notes)
    return min(max((pitches[len(pitches) // 10] + pitches[9 * len(pitches) // 10]) // 2, 50), 62)


def _gap(pitches: Sequence[int], near: float) -> float:
    """The middle of the widest gap, a gap near the point counting for more."""
    edges = sorted(set(pitches))
    pairs = list(pairwise(edges))
    low, high = max(pairs, key=lambda pair: pair[1] - pair[0] - 0.35 * abs((pair[0] + pair[1]) / 2 - near))
    return min(max((low + high) / 2, 45.0), 67.0)
