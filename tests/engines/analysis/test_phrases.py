"""Reading phrases off songs of our own."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from engines.analysis.phrases import PhraseReading, PhraseTables, segment
from engines.analysis.score import Grid, Notes, Score
from engines.music.notes import Note
from engines.music.time import PPQ, MeterMap, Ticks

SHIPPED = Path(__file__).parents[3] / "presets" / "analysis" / "phrases.json"
EIGHTH = PPQ // 2
PITCH = dict(zip("cdefgabCDEFGAB", (60, 62, 64, 65, 67, 69, 71, 72, 74, 76, 77, 79, 81, 83), strict=True))

# One token a note: the pitch (capitals an octave up, r a rest) and the length in eighths. Eight bars of 4/4 each.
VERSE = "e2g2a2g2 e2d2c4 d2e2f2d2 e6r2 e2g2a2b2 C2b2a4 g2f2d2e2 c6r2"
BRIDGE = "a3b1C4 b2a2g4 a3b1C2D2 b6r2 E3D1C4 D2C2b4 C2b2a2f2 g6r2"
VERSE_CHORDS, BRIDGE_CHORDS = "CCGCCFGC", "FGFGaFFG"
TRIADS = {"C": (48, 52, 55), "F": (41, 48, 57), "G": (43, 50, 59), "a": (45, 52, 60)}


def sing(tokens: str, start: int = 0) -> tuple[list[Note], int]:
    """The notes of a line, and where it ends."""
    notes, at = [], start
    line = tokens.replace(" ", "")
    for name, eighths in zip(line[::2], line[1::2], strict=True):
        length = int(eighths) * EIGHTH
        if name != "r":
            notes.append(Note(Ticks(at), Ticks(length), PITCH[name], 96))
        at += length
    return notes, at


def comp(chords: str, start: int, bar: int = 8) -> list[Note]:
    """A bass note and an off-beat chord in each half of a bar of so many eighths."""
    notes = []
    for i, chord in enumerate(chords):
        for half in (0, 1):
            at = start + i * bar * EIGHTH + half * bar * EIGHTH // 2
            low, *high = TRIADS[chord]
            notes.append(Note(Ticks(at), Ticks(EIGHTH), low - 12, 80))
            notes += [Note(Ticks(at + EIGHTH), Ticks(EIGHTH), pitch + 12, 60) for pitch in high]
    return notes


def score(melody: list[Note], backing: list[Note], meter: MeterMap | None = None, bars: int = 0) -> Score:
    meter = meter or MeterMap()
    notes = Notes.of([melody, backing])
    end = max(int(notes.end.max(initial=1)), meter.bar_start(bars + 1) if bars else 1)
    return Score(notes, Grid.of(meter, end), meter)


def song(form: str, *, intro: int = 0, outro: int = 0, transpose: int = 0) -> Score:
    """A song in 4/4: A is the verse, B the bridge, eight bars each."""
    melody: list[Note] = []
    backing = comp("CFGC" * (intro // 4), 0)
    at = intro * 8 * EIGHTH
    for part in form:
        line, end = sing({"A": VERSE, "B": BRIDGE}[part], at)
        melody += [replace(note, pitch=note.pitch + transpose) for note in line]
        backing += comp({"A": VERSE_CHORDS, "B": BRIDGE_CHORDS}[part], at)
        at = end
    backing += comp("CFGC" * (outro // 4), at)
    return score(melody, [replace(note, pitch=note.pitch + transpose) for note in backing])


def starts(reading: PhraseReading) -> list[int]:
    return [phrase.start_bar for phrase in reading.phrases]


def label_at(reading: PhraseReading, bar: int) -> str:
    phrase = reading.phrase_at(bar)
    assert phrase is not None
    return phrase.label


@pytest.fixture(scope="session")
def tables() -> PhraseTables:
    return PhraseTables.from_json(SHIPPED.read_text(encoding="utf-8"))


def test_a_song_form(tables: PhraseTables) -> None:
    reading = segment(song("AABA"), tables, 0)
    print(reading.string)
    assert {1, 9, 17, 25} <= set(starts(reading))
