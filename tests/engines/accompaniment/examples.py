"""Small music that the tests of the accompaniment share."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from bridge import app
from bridge.resources import FolderShelf
from engines.accompaniment.donors import LEFT, RIGHT, Donor, Harmony, Span, Stroke
from engines.accompaniment.pack import Pack, pack_of
from engines.accompaniment.packing import packed
from engines.accompaniment.sheet import Sheet, Strain, harmony_of
from engines.accompaniment.tape import Origin
from engines.accompaniment.transfer import Touch
from engines.analysis.analyst import Tables, listen
from engines.api import Analysis, KeySpan, unheard
from engines.music.harmony import Chord, ChordTrack, Key
from engines.music.notes import Note
from engines.music.song import MidiClip, Placement, Song, Take, Track
from engines.music.time import Meter, MeterMap, Ticks

Q = 960
FOUR, THREE = Meter(4, 4), Meter(3, 4)


def harmony(*changes: tuple[int, str]) -> tuple[Harmony, ...]:
    """`harmony((0, "C"), (3840, "G7"))`."""
    return harmony_of(ChordTrack.of(*changes), Ticks(10**9))


def oompah(name: str, chords: Sequence[str], meter: Meter = FOUR, *, busy: bool = False, tune: bool = True) -> Donor:
    """Bass on the bar, close chords on the beats (on the eighths where busy); a chord a bar, one phrase."""
    strokes, changes = list[Stroke](), list[tuple[int, str]]()
    for bar, symbol in enumerate(chords):
        chord, at = Chord.parse(symbol), bar * meter.bar
        changes.append((at, symbol))
        assert chord.bass_pc is not None
        strokes.append(Stroke(Ticks(at), Ticks(meter.bar), 36 + chord.bass_pc, 70, LEFT))
        step = Q // 2 if busy else Q
        for tick in range(at + step, at + meter.bar, step):
            strokes += [Stroke(Ticks(tick), Ticks(step), 60 + pc, 60 + pc, RIGHT) for pc in sorted(chord.tones)]
    return Donor(
        name=name,
        licence="CC0-1.0",
        bars=(meter,) * len(chords),
        strokes=tuple(strokes),
        harmony=harmony(*changes),
        spans=(Span(0, len(chords)),),
        tune=tuple((Ticks(bar * meter.bar), Ticks(2 * Q)) for bar in range(len(chords))) if tune else (),
        tags=("busy",) if busy else ("calm",),
    )


def pack(*donors: Donor, name: str = "test", adapts: bool = False) -> Pack:
    """A pack of these."""
    return pack_of(files(*donors, name=name, adapts=adapts))


def files(*donors: Donor, name: str = "test", adapts: bool = False) -> dict[str, bytes]:
    """Its files."""
    origin = Origin(name="tests", licence="CC0-1.0")
    return packed(name, [(donor, 0) for donor in donors], (origin,), adapts=adapts)


def shelf(packs: dict[str, dict[str, bytes]], home: Path | None = None) -> FolderShelf:
    """Packs in a folder."""
    folder = home or Path(tempfile.mkdtemp())
    for name, content in packs.items():
        (folder / name).mkdir()
        for file, data in content.items():
            (folder / name / file).write_bytes(data)
    return FolderShelf((folder,), "style")


def sheet(
    chords: Sequence[str],
    tune: Sequence[tuple[int, int, int]] = (),
    *,
    meter: Meter = FOUR,
    strains: Sequence[tuple[str, int]] = (),
    key: str = "C major",
) -> Sheet:
    """A chord a bar; the tune as (tick, length, pitch); strains as (label, bars), or one over all."""
    lines = tuple(Ticks(bar * meter.bar) for bar in range(len(chords) + 1))
    out, at = list[Strain](), 0
    for label, bars in strains or (("A", len(chords)),):
        out.append(Strain(label, at, bars))
        at += bars
    return Sheet(
        lines,
        (meter,) * len(chords),
        tuple(Note(Ticks(t), Ticks(n), p) for t, n, p in tune),
        harmony(*((bar * meter.bar, symbol) for bar, symbol in enumerate(chords))),
        (KeySpan(Ticks(0), Key.parse(key), 1.0),),
        tuple(out),
    )


def touch(tick: int, pitch: int, length: int = Q, hand: int = RIGHT, *, bass: bool = False, velocity: int = 0) -> Touch:
    """A note of an accompaniment."""
    return Touch(tick, length, pitch, velocity, hand, 0, bass)


def lead(tune: Sequence[tuple[int, int, int]], chords: ChordTrack | None, meter: str = "4/4") -> Song:
    """A lead sheet."""
    notes = tuple(Note(Ticks(t), Ticks(n), p) for t, n, p in tune)
    end = Ticks(max((n.end for n in notes), default=0))
    clip = MidiClip(end, notes)
    track = Track("MELODY", (Placement(Ticks(0), end, (Take(clip),)),), "melody", 73)
    return Song((track,), meter=MeterMap.of((0, meter)), chords=chords)


@cache
def tables() -> Tables:
    """What listening needs."""
    return Tables(app.shelves().analysis)


def heard(song: Song) -> Analysis:
    """A song, listened to."""
    return listen(song, tables(), None, None, unheard)
