"""Reading phrases off songs of our own."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engines.analysis.phrases import Phrase, PhraseReading, PhraseTables, read_form, segment
from engines.analysis.score import Grid, Notes, Score
from engines.errors import InvalidMusic
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


def retimed(line: str, chords: str, form_bars: int, bar: int, repeats: int) -> tuple[list[Note], list[Note]]:
    """A line and its chords, several times over; `bar` is in eighths."""
    melody: list[Note] = []
    backing: list[Note] = []
    for i in range(repeats):
        at = i * form_bars * bar * EIGHTH
        melody += sing(line, at)[0]
        backing += comp(chords, at, bar)
    return melody, backing


WALTZ = "e2g2a2 g4e2 f2a2b2 a6 g2e2d2 e4c2 d2e2d2 c4r2"
FIVE = "e2g2a2g2 e2d2c4 d2e2f2d2 e2d2e2g2 c6r2"


@pytest.mark.parametrize("form", ["AABA", "ABAB", "AABAAB", "AA", "A"])
def test_the_form_of_a_song_is_read(form: str, tables: PhraseTables) -> None:
    assert segment(song(form), tables, 0).string == "".join(f"{letter}8" for letter in form)


def test_intro_and_outro_are_what_comes_before_and_after_the_melody(tables: PhraseTables) -> None:
    assert segment(song("AABA", intro=4, outro=4), tables, 0).string == "i4A8A8B8A8o4"


def test_a_lead_sheet_reads_like_the_full_song(tables: PhraseTables) -> None:
    full = song("AABA")
    alone = replace(full, notes=full.notes.of_track(0))
    assert segment(alone, tables, 0).string == "A8A8B8A8"


def test_without_a_named_melody_the_top_line_leads(tables: PhraseTables) -> None:
    reading = segment(song("AABA"), tables)
    assert {1, 9, 17, 25} <= set(starts(reading))
    assert label_at(reading, 1) == label_at(reading, 9) == label_at(reading, 25) != label_at(reading, 17)


@pytest.mark.parametrize("meter", ["3/4", "6/8"])
def test_bars_of_three(meter: str, tables: PhraseTables) -> None:
    melody, backing = retimed(WALTZ, VERSE_CHORDS, 8, 6, 3)
    assert segment(score(melody, backing, MeterMap.of((0, meter))), tables, 0).string == "A8A8A8"


def test_phrases_need_not_have_eight_bars(tables: PhraseTables) -> None:
    melody, backing = retimed(FIVE, "CCGFC", 5, 8, 4)
    assert segment(score(melody, backing), tables, 0).string == "A5A5A5A5"


def upbeats(form: str, at: int) -> tuple[list[Note], list[Note]]:
    """Every phrase of a song begins with two eighths before its bar line; the first bar line is at `at`."""
    full = song(form).notes
    melody = [Note(Ticks(s + at), Ticks(e - s), p) for s, e, p in rows(full.of_track(0))]
    backing = [Note(Ticks(s + at), Ticks(e - s), p, 60) for s, e, p in rows(full.of_track(1))]
    for i in range(len(form)):
        line = at + i * 64 * EIGHTH
        melody += [Note(Ticks(line - 2 * EIGHTH), Ticks(EIGHTH), 67), Note(Ticks(line - EIGHTH), Ticks(EIGHTH), 69)]
    return melody, backing


def rows(notes: Notes) -> list[tuple[int, int, int]]:
    return list(zip(notes.start.tolist(), notes.end.tolist(), notes.pitch.tolist(), strict=True))


def test_a_pickup_belongs_to_the_phrase_that_follows(tables: PhraseTables) -> None:
    reading = segment(score(*upbeats("AABA", 8 * EIGHTH)), tables, 0)
    assert reading.string == "i1A8A8B8A8"
    assert [phrase.pickup for phrase in reading.phrases] == [0, PPQ, PPQ, PPQ, PPQ]


def test_a_pickup_written_as_a_short_bar_is_no_phrase(tables: PhraseTables) -> None:
    meter = MeterMap.of((0, "1/4"), (PPQ, "4/4"))
    reading = segment(score(*upbeats("AABA", PPQ), meter), tables, 0)
    assert reading.string == "A8A8B8A8"
    assert reading.phrases[0].start_bar == 2
    assert reading.phrases[0].pickup == PPQ


def test_a_change_of_meter_is_a_border(tables: PhraseTables) -> None:
    change = 16 * 6 * EIGHTH
    melody, backing = retimed(WALTZ, VERSE_CHORDS, 8, 6, 2)
    for i in (0, 1):
        at = change + i * 64 * EIGHTH
        melody += sing(VERSE, at)[0]
        backing += comp(VERSE_CHORDS, at)
    reading = segment(score(melody, backing, MeterMap.of((0, "3/4"), (change, "4/4"))), tables, 0)
    assert reading.string == "A8A8B8B8"
    assert reading.phrases[2].confidence == 1.0


def test_music_without_melody_has_small_letters(tables: PhraseTables) -> None:
    reading = segment(score([], comp("CFGC" * 6, 0)), tables, 0)
    assert {phrase.label for phrase in reading.phrases} == {"a"}
    assert not any(phrase.has_melody for phrase in reading.phrases)


def test_an_empty_piece_is_one_phrase(tables: PhraseTables) -> None:
    assert segment(score([], []), tables, 0).string == "a1"
    assert segment(score([], []), tables).string == "a1"


def test_one_bar_is_one_phrase(tables: PhraseTables) -> None:
    assert segment(score(sing("e2g2a2g2")[0], []), tables, 0).string == "A1"


def test_silence_is_cut_only_where_it_has_to_be(tables: PhraseTables) -> None:
    reading = segment(score([], [], bars=20), tables, 0)
    assert sum(phrase.bars for phrase in reading.phrases) == 20
    assert len(reading.phrases) == 2


def test_empty_bars_between_two_verses_are_no_verse(tables: PhraseTables) -> None:
    later = 20 * 8 * EIGHTH
    melody = sing(VERSE)[0] + sing(VERSE, later)[0]
    backing = comp(VERSE_CHORDS, 0) + comp(VERSE_CHORDS, later)
    reading = segment(score(melody, backing), tables, 0)
    assert [label_at(reading, bar) for bar in (1, 12, 18, 21)] == ["A", "a", "a", "A"]


def test_drums_change_nothing(tables: PhraseTables) -> None:
    full = song("AABA")
    stroke = np.arange(0, int(full.grid.bars[-1]), PPQ)
    n = len(full.notes) + len(stroke)
    order = np.argsort(np.append(full.notes.start, stroke), kind="stable")
    columns = {
        "start": stroke, "end": stroke + 10, "pitch": stroke * 0 + 42, "velocity": stroke * 0 + 90, "track": stroke * 0 + 2
    }  # fmt: skip
    notes = Notes(
        **{name: np.append(getattr(full.notes, name), more)[order] for name, more in columns.items()},
        drum=(np.arange(n) >= len(full.notes))[order],
    )
    assert segment(replace(full, notes=notes), tables, 0) == segment(full, tables, 0)


@given(st.integers(-12, 12), st.sampled_from(["AB", "AABA"]))
@settings(max_examples=8)
def test_the_key_does_not_matter(tables: PhraseTables, transpose: int, form: str) -> None:
    assert segment(song(form, intro=4, transpose=transpose), tables, 0) == segment(song(form, intro=4), tables, 0)


@st.composite
def pieces(draw: st.DrawFn) -> Score:
    """Any notes on any grid."""
    meters = draw(st.lists(st.sampled_from(["4/4", "3/4", "6/8", "5/4", "2/4", "12/8", "1/4"]), min_size=1, max_size=4))
    gaps = draw(st.lists(st.integers(1, 20 * PPQ), min_size=len(meters), max_size=len(meters)))
    changes, tick = [], 0
    for meter, gap in zip(meters, gaps, strict=True):
        changes.append((tick, meter))
        tick += gap
    note = st.builds(
        lambda start, length, pitch: Note(Ticks(start), Ticks(length), pitch),
        st.integers(0, 60 * PPQ), st.integers(1, 8 * PPQ), st.integers(0, 127),
    )  # fmt: skip
    melody, backing = draw(st.lists(note, max_size=25)), draw(st.lists(note, max_size=25))
    return score(melody, backing, MeterMap.of(*changes), bars=draw(st.integers(0, 40)))


@given(pieces(), st.sampled_from([0, 1, 7, None]))
@settings(max_examples=25)
def test_phrases_cover_every_full_bar_once(tables: PhraseTables, piece: Score, melody: int | None) -> None:
    reading = segment(piece, tables, melody)
    first = 2 if piece.meter.has_pickup() and piece.grid.n_bars > 1 else 1
    assert reading.phrases[0].start_bar == first
    assert sum(phrase.bars for phrase in reading.phrases) == piece.grid.n_bars - first + 1
    for phrase, following in zip(reading.phrases, reading.phrases[1:], strict=False):
        assert following.start_bar == phrase.start_bar + phrase.bars
    assert all(
        1 <= phrase.bars <= 16 and 0 <= phrase.confidence <= 1 and phrase.pickup >= 0 for phrase in reading.phrases
    )
    changes = {piece.meter.bar_at(c.tick) for c in piece.meter.changes if first <= piece.meter.bar_at(c.tick)}
    same = {bar for bar in changes if bar > first and piece.meter.meter_of(bar) == piece.meter.meter_of(bar - 1)}
    assert {bar for bar in changes - same if bar <= piece.grid.n_bars} <= set(starts(reading))
    assert read_form(reading.string) == tuple((phrase.label, phrase.bars) for phrase in reading.phrases)
    assert segment(piece, tables, melody) == reading


def test_a_very_long_piece_is_read_in_bounded_memory(tables: PhraseTables) -> None:
    # 800 bars with more material than there are letters: what is left over is called X.
    rng = np.random.default_rng(5)
    melody = [
        Note(Ticks(int(bar * 8 + 2 * i) * EIGHTH), Ticks(EIGHTH), int(pitch))
        for bar in range(800)
        for i, pitch in enumerate(rng.integers(55, 80, 4))
    ]
    reading = segment(score(melody, []), tables, 0)
    assert sum(phrase.bars for phrase in reading.phrases) == 800
    assert {phrase.label for phrase in reading.phrases} <= set("ABCDEFGHJKLMNPQRSTUVWXYZ")


def test_a_phrase_is_found_by_its_bar() -> None:
    reading = PhraseReading((Phrase(2, 4, "i"), Phrase(6, 8, "A")))
    assert [reading.phrase_at(bar) for bar in (1, 2, 5, 6, 13, 14)] == [
        None, reading.phrases[0], reading.phrases[0], reading.phrases[1], reading.phrases[1], None
    ]  # fmt: skip
    assert reading.string == "i4A8"


def test_a_form_is_read_from_text() -> None:
    assert read_form("i4A8A12o1") == (("i", 4), ("A", 8), ("A", 12), ("o", 1))


@pytest.mark.parametrize("text", ["", "8A", "A8 B", "A0", "A8-B8", "A", "Ä8", "A٣"])
def test_what_is_no_form_is_refused(text: str) -> None:
    with pytest.raises(InvalidMusic):
        read_form(text)
