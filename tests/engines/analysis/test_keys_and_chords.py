"""Keys and chords by ear: hand-made bars whose harmony is plain to hear."""

from __future__ import annotations

import pytest

from bridge import resources
from engines.analysis.chord_columns import BeatColumns
from engines.analysis.chord_tables import ChordTables
from engines.analysis.chords import ChordReading, read_chords, recognise_chords
from engines.analysis.keys import KeyReading, KeyTables, find_keys
from engines.analysis.score import Grid, Notes, Score
from engines.errors import SchemaError
from engines.music.harmony import Chord, ChordTrack, Key, KeyTrack
from engines.music.notes import Note
from engines.music.time import MeterMap, Ticks

SHELF = resources.standard().analysis
CHORDS = ChordTables.from_json(SHELF.read("chords.json").decode())
KEYS = KeyTables.from_json(SHELF.read("keys.json").decode())


def played(symbols: str, meter: str = "4/4", shift: int = 0, early: int = 0) -> Score:
    """One chord a bar: its bass held, its tones struck on the beat; `early` moves all but the first ahead of the bar line."""
    bars = MeterMap.of((0, meter))
    notes = []
    for i, symbol in enumerate(symbols.split()):
        chord = Chord.parse(symbol).transpose(shift)
        start, end = int(bars.bar_start(i + 1)) - (early if i else 0), int(bars.bar_end(i + 1))
        assert chord.bass_pc is not None
        notes.append(Note(Ticks(start), Ticks(end - start), 36 + chord.bass_pc))
        for tone in sorted(set(chord.tones)):
            pitch = 60 + tone % 12
            notes.append(Note(Ticks(start), Ticks((end - start) // 2), pitch))
            notes.append(Note(Ticks((start + end) // 2), Ticks(end - (start + end) // 2), pitch))
    count = len(symbols.split())
    return Score(Notes.of([sorted(notes)]), Grid.of(bars, bars.bar_end(count)), bars)


def chords_of(score: Score) -> ChordReading:
    return recognise_chords(score, CHORDS)


def keys_of(score: Score, stated: KeyTrack | None = None) -> KeyReading:
    columns = BeatColumns.of(score)
    return find_keys(columns, read_chords(columns, score.grid, CHORDS), score.grid, KEYS, stated)


def track_of(score: Score, key: str = "C") -> ChordTrack:
    return chords_of(score).track(KeyTrack.constant(Key.parse(key)))


@pytest.mark.parametrize("shift", range(12))
def test_a_progression_is_heard_in_every_key(shift: int) -> None:
    symbols = "C Am F G C Am F G"
    heard = chords_of(played(symbols, shift=shift))
    wanted = [Chord.parse(s).transpose(shift) for s in symbols.split()]
    assert heard.root.tolist() == [chord.root_pc for chord in wanted for _ in range(4)]


@pytest.mark.parametrize("meter", ["3/4", "6/8", "5/4", "12/8"])
def test_every_meter_changes_on_its_bar_lines(meter: str) -> None:
    symbols = "Dm G C Am Dm G C C"
    score = played(symbols, meter)
    heard = track_of(score)
    assert [heard.at(int(tick)).root_pc for tick in score.grid.bars[:-1]] == [
        Chord.parse(s).root_pc for s in symbols.split()
    ]


@pytest.mark.parametrize("early", [240, 480])
def test_a_pushed_chord_belongs_to_the_bar_it_pushes_into(early: int) -> None:
    symbols = "C F G Am F G C C"
    heard = track_of(played(symbols, early=early))
    assert [heard.at(bar * 3840).root_pc for bar in range(8)] == [Chord.parse(s).root_pc for s in symbols.split()]
    assert all(change.tick % 3840 == 0 for change in heard.changes)


def test_a_bass_that_is_not_the_root_is_named() -> None:
    heard = track_of(played("C C/E F F/A G G/B C C"))
    assert [heard.at(bar * 3840).bass_pc for bar in range(8)] == [0, 4, 5, 9, 7, 11, 0, 0]


def test_sevenths_and_suspensions_are_told_from_triads() -> None:
    heard = track_of(played("Dm7 G7 Cmaj7 Cmaj7 Dm7 Gsus4 G C"))
    assert [str(heard.at(bar * 3840)) for bar in range(8)] == ["Dm7", "G7", "Cmaj7", "Cmaj7", "Dm7", "Gsus4", "G", "C"]


def test_silence_has_no_chord() -> None:
    empty = Score(Notes.of([]), Grid.of(MeterMap(), 3840), MeterMap())
    assert len(track_of(empty)) == 0
    assert [span.tick for span in keys_of(empty).spans] == [0]


@pytest.mark.parametrize("shift", [0, 3, 7, 10])
@pytest.mark.parametrize(("symbols", "minor"), [("C F G C Am Dm G7 C", False), ("Am Dm E7 Am F Dm E7 Am", True)])
def test_the_key_follows_the_cadence(symbols: str, minor: bool, shift: int) -> None:
    (span,) = keys_of(played(symbols, shift=shift)).spans
    assert span.key.tonic.pc == (shift + (9 if minor else 0)) % 12
    assert span.key.is_major_like is not minor
    assert 0 <= span.confidence <= 1


def test_a_song_that_goes_up_is_followed() -> None:
    there = "C F G C Am Dm G7 C " * 2
    up = "D G A D Bm Em A7 D " * 2
    keys = keys_of(played(there + up)).spans
    assert [span.key.tonic.pc for span in keys] == [0, 2]
    assert abs(int(keys[1].tick) // 3840 - 16) <= 2


@pytest.mark.parametrize(
    ("symbols", "names"),
    [
        ("C F G C C F G7 C", "C Db D Eb E F Gb G Ab A Bb B"),
        ("Cm Fm G Cm Cm Fm G7 Cm", "C C# D Eb E F F# G G# A Bb B"),
    ],
    ids=["major", "minor"],
)
def test_every_key_has_the_name_that_musicians_write(symbols: str, names: str) -> None:
    keys = [keys_of(played(symbols, shift=shift)).spans[0].key for shift in range(12)]
    assert [str(key.tonic) for key in keys] == names.split()


@pytest.mark.parametrize("name", ["F# major", "Gb major", "D# minor", "Eb minor", "C# major", "Cb major"])
def test_a_stated_key_that_is_heard_keeps_its_name(name: str) -> None:
    key = Key.parse(name)
    symbols = "C F G C C F G7 C" if key.is_major_like else "Cm Fm G Cm Cm Fm G7 Cm"
    assert keys_of(played(symbols, shift=key.tonic.pc), KeyTrack.constant(key)).spans[0].key == key


def test_the_c_major_that_programs_write_by_default_is_not_believed() -> None:
    score = played("D G A D Bm Em A7 D")
    assert keys_of(score, KeyTrack.constant(Key.parse("C major"))).spans[0].key == Key.parse("D major")


@pytest.mark.parametrize("kind", [ChordTables, KeyTables])
@pytest.mark.parametrize("text", ["", "{}", "[]", '{"schema":"other/1"}', '{"schema":"keys/1","weights":[1]}'])
def test_damaged_tables_are_refused(kind: type[ChordTables] | type[KeyTables], text: str) -> None:
    with pytest.raises(SchemaError):
        kind.from_json(text)
