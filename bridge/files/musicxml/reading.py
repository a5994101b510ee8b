"""Lead sheets and scores in MusicXML, plain or compressed, as a song: repeats played out, ties joined, transposition undone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import PurePath
from typing import NamedTuple
from xml.etree.ElementTree import Element

from bridge.files.musicxml.notes import WrittenNote, WrittenPart, read_parts
from bridge.files.musicxml.order import MAX_PLAYED, played_order
from bridge.files.musicxml.text import first_text, open_score
from bridge.files.musicxml.walk import Written, WrittenBar, walk
from engines.errors import Notice, UnreadableFile
from engines.music.harmony import NO_CHORD, Chord, ChordChange, ChordTrack, KeyChange, KeyTrack
from engines.music.notes import DRUM_CHANNEL, Note
from engines.music.song import MidiClip, Placement, Section, Song, Take, Track
from engines.music.time import DEFAULT_QPM, PPQ, MeterChange, MeterMap, TempoChange, TempoMap, Ticks

MAX_PLAYED_NOTES = 400_000


@dataclass(frozen=True)
class ScoreReading:
    """What a score holds."""

    song: Song
    notices: tuple[Notice, ...] = ()
    """What was odd."""


class Played(NamedTuple):
    """One bar in the order of playing."""

    start: Ticks
    written: int
    """Which written bar, from 0."""
    bar: WrittenBar


def read_musicxml(data: bytes, name: str) -> Song:
    """The song in a `.musicxml` or `.mxl` file; `name` is what errors call it."""
    return read_score(data, name).song


def read_score(data: bytes, name: str) -> ScoreReading:
    """The song, and what was odd about the file."""
    root = open_score(data, name)
    written = walk(root, name)
    parts = read_parts(root, name)
    played = _play(written, name)
    end = Ticks(played[-1].start + _ticks(played[-1].bar.length))
    chords = _chords(played, end)
    tracks = [_track(part, played, end, i, bool(chords), len(parts)) for i, part in enumerate(parts) if part.notes]
    song = Song(
        tuple(tracks) or (_empty(end),),
        _tempo(played),
        _meter(played),
        _keys(played),
        chords,
        _sections(played, end),
        name=_title(root) or PurePath(name).stem,
    )
    return ScoreReading(song, _notices(written))


def _title(root: Element) -> str:
    return " ".join((first_text(root, "work/work-title") or first_text(root, "movement-title")).split())


def _play(written: Written, name: str) -> list[Played]:
    """The bars in the order of playing, each with its start."""
    order = played_order([bar.signs for bar in written.bars])
    if len(order) >= MAX_PLAYED:
        raise UnreadableFile(
            f"The repeats of {name} never end, or make more than {MAX_PLAYED:,} bars.", "Write them out."
        )
    now, out = 0, []
    for index in order:
        bar = written.bars[index]
        out.append(Played(Ticks(now), index, bar))
        now += _ticks(bar.length)
    return out


def _ticks(quarters: Fraction) -> int:
    return (2 * quarters.numerator * PPQ + quarters.denominator) // (2 * quarters.denominator)


def _track(part: WrittenPart, played: Sequence[Played], end: Ticks, number: int, chords: bool, parts: int) -> Track:
    notes = _joined(part.notes, played)
    if len(notes) > MAX_PLAYED_NOTES:
        raise UnreadableFile(
            f"Played out, {part.name or 'a part'} has {len(notes):,} notes.", "Export a shorter excerpt."
        )
    leads = number == 0 and (chords or parts == 1)
    channel = number % 15
    clip = MidiClip(end, tuple(notes))
    return Track(
        part.name or ("MELODY" if leads else f"Part {number + 1}"),
        (Placement(Ticks(0), end, (Take(clip),)),),
        "melody" if leads else None,
        part.program,
        channel if channel < DRUM_CHANNEL else channel + 1,
    )


def _empty(end: Ticks) -> Track:
    return Track("MELODY", (Placement(Ticks(0), end, (Take(MidiClip(end)),)),), "melody")


def _joined(notes: Sequence[WrittenNote], played: Sequence[Played]) -> list[Note]:
    """The notes as played. A tie holds where its two notes follow each other in playing too."""
    by_bar: dict[int, list[WrittenNote]] = {}
    for note in notes:
        by_bar.setdefault(note.bar, []).append(note)
    sounding: list[list[int]] = []  # start, end, pitch
    held: dict[tuple[int, int], list[int]] = {}  # by end and pitch: what waits to be continued
    for start, index, _ in played:
        for note in by_bar.get(index, ()):
            begin = start + _ticks(note.place)
            stop = start + _ticks(note.place + note.length)
            before = held.pop((begin, note.pitch), None) if note.tied_from else None
            row = before if before is not None else [begin, stop, note.pitch]
            if before is None:
                sounding.append(row)
            row[1] = max(stop, row[0] + 1)
            if note.tied_on:
                held[stop, note.pitch] = row
    return sorted(Note(Ticks(start), Ticks(stop - start), pitch) for start, stop, pitch in sounding)


def _meter(played: Sequence[Played]) -> MeterMap:
    """A change wherever the meter changes or a bar is not as long as its meter says. Halves of a split bar are one bar."""
    changes = [MeterChange(Ticks(0), played[0].bar.meter)]
    expected, half = 0, 0
    for i, (start, _, bar) in enumerate(played):
        full, length = bar.meter.bar, _ticks(bar.length)
        if half and half + length == full and bar.meter == changes[-1].meter:
            half = 0  # it completes the bar that a repeat sign had split
            expected = start + length
            continue
        if (start != expected or bar.meter != changes[-1].meter) and start > changes[-1].tick:
            changes.append(MeterChange(start, bar.meter))
        half = length if i > 0 and length < full else 0
        expected = start + full
    return MeterMap(tuple(changes))


def _keys(played: Sequence[Played]) -> KeyTrack | None:
    """The keys as they hold in playing: a repeat goes back to the key that its first bar has on the page."""
    changes: list[KeyChange] = []
    for start, _, bar in played:
        if bar.key and (not changes or changes[-1].key != bar.key):
            changes.append(KeyChange(start if changes else Ticks(0), bar.key))
    return KeyTrack(tuple(changes)) if changes else None


def _chords(played: Sequence[Played], end: Ticks) -> ChordTrack | None:
    """The chords. After a jump the one that holds on the page holds again."""
    changes: dict[Ticks, Chord] = {}
    now = NO_CHORD
    for (start, _, bar), leapt in zip(played, _leaps(played), strict=True):
        if leapt and now != bar.chord_before:
            changes[start] = now = bar.chord_before
        for place, chord in bar.chords:
            changes[_inside(start, place, bar)] = now = chord
    if all(chord.is_none for chord in changes.values()):
        return None
    return ChordTrack(tuple(ChordChange(tick, chord) for tick, chord in sorted(changes.items())), end)


def _tempo(played: Sequence[Played]) -> TempoMap:
    """The tempi, likewise."""
    changes: dict[Ticks, float] = {}
    now = DEFAULT_QPM
    for (start, _, bar), leapt in zip(played, _leaps(played), strict=True):
        if (leapt and now != bar.tempo_before) or start == 0:
            changes[start] = now = bar.tempo_before
        for place, qpm in bar.tempi:
            changes[_inside(start, place, bar)] = now = qpm
    return TempoMap(tuple(TempoChange(tick, qpm) for tick, qpm in sorted(changes.items())))


def _leaps(played: Sequence[Played]) -> list[bool]:
    """Whether each bar follows another than the one before it on the page."""
    return [i > 0 and one.written != played[i - 1].written + 1 for i, one in enumerate(played)]


def _inside(start: Ticks, place: Fraction, bar: WrittenBar) -> Ticks:
    return Ticks(start + min(_ticks(place), max(0, _ticks(bar.length) - 1)))


def _sections(played: Sequence[Played], end: Ticks) -> tuple[Section, ...]:
    """A section from each rehearsal mark to the next; a mark that is met again opens the same section again."""
    starts = [(_inside(p.start, place, p.bar), words) for p in played for place, words in p.bar.marks]
    ends = [*(start for start, _ in starts[1:]), end][: len(starts)]
    return tuple(
        Section(words, start, Ticks(stop - start), words)
        for (start, words), stop in zip(starts, ends, strict=True)
        if stop > start
    )


def _notices(written: Written) -> tuple[Notice, ...]:
    out = []
    if written.unknown_chords:
        bars = ", ".join(str(bar) for bar in written.unknown_chords[:12])
        out.append(
            Notice("W_CHORD", f"Chord symbols that are no chords were left out, in bar {bars}.", "Correct them.")
        )
    if written.odd_tempi:
        bars = ", ".join(str(bar) for bar in written.odd_tempi[:12])
        out.append(Notice("W_TEMPO", f"Tempi that cannot be played were left out, in bar {bars}.", "Correct them."))
    return tuple(out)
