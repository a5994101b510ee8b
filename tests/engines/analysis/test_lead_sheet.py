"""Stated chords, chord naming, pushed melodies, and the lead sheet of an arrangement."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines.analysis.lead_sheet import extract_lead_sheet
from engines.analysis.lead_sheet_chords import (
    BLOCK_CHORDS,
    CHORD_TRACK,
    MARKERS,
    block_chords,
    read_symbols,
    stated_chords,
)
from engines.analysis.lead_sheet_names import name_chord
from engines.analysis.lead_sheet_onsets import push_again, settle_onsets
from engines.analysis.melody import FROM_TRACK, Melody
from engines.analysis.score import Grid
from engines.music.harmony import NO_CHORD, Chord, ChordTrack, Key, KeyTrack
from engines.music.notes import Note, Text
from engines.music.song import Marker, MidiClip, Placement, Section, Song, Take, Track
from engines.music.time import PPQ, MeterMap, Ticks

BAR = 4 * PPQ
BEAT, EIGHTH, SIXTEENTH = PPQ, PPQ // 2, PPQ // 4


def note(start: int, length: int, pitch: int, velocity: int = 80) -> Note:
    return Note(Ticks(start), Ticks(length), pitch, velocity)


def track(name: str, notes: list[Note], bars: int = 4, **more: object) -> Track:
    clip = MidiClip(Ticks(bars * BAR), tuple(sorted(notes)))
    return replace(Track(name, (Placement(Ticks(0), Ticks(bars * BAR), (Take(clip),)),)), **more)  # type: ignore[arg-type]


def chord(start: int, length: int, *pitches: int) -> list[Note]:
    return [note(start, length, pitch) for pitch in pitches]


def label(bar: int, symbol: str, bars: float = 1) -> Placement:
    """An empty item with a name, as on a REAPER chord track."""
    length = Ticks(int(bars * BAR))
    return Placement(Ticks((bar - 1) * BAR), length, (Take(MidiClip(length, name=symbol)),))


LANTERN_BLOCKS = [
    *chord(0, BAR, 45, 60, 64, 67),  # Am7
    *chord(BAR, BAR, 50, 60, 65, 69),  # Dm7
    *chord(2 * BAR, BAR, 43, 59, 62, 65),  # G7
    *chord(3 * BAR, BAR, 52, 60, 67),  # C/E
]


def symbols(chords: ChordTrack) -> list[str]:
    return [str(change.chord) for change in chords.changes]


# --- naming -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pitch_classes", "bass", "symbol"),
    [
        ({0, 4, 7}, 0, "C"),
        ({0, 4, 7}, 4, "C/E"),
        ({9, 0, 4, 7}, 9, "Am7"),
        ({9, 0, 4, 7}, 0, "C6"),
        ({11, 2, 5, 9}, 11, "Bm7b5"),
        ({11, 2, 5, 9}, 2, "Dm6"),
        ({0, 3, 6, 9}, 3, "Ebdim7"),
        ({0, 4, 8}, 4, "Eaug"),
        ({0, 5, 7}, 0, "Csus4"),
        ({5, 0, 7}, 5, "Fsus2"),
        ({0, 2, 4, 7}, 0, "Cadd9"),
        ({0, 4, 7, 10, 1}, 0, "C7b9"),
        ({0, 4, 10, 9}, 0, "C13"),
        ({5, 9, 0}, 7, "F/G"),
        ({0, 7}, 0, "C5"),
        ({0, 4}, 0, "C"),
        ({1, 4, 8}, 1, "C#m"),
        ({1, 5, 8}, 1, "Db"),
    ],
)
def test_played_chords_get_the_name_a_lead_sheet_gives_them(pitch_classes: set[int], bass: int, symbol: str) -> None:
    assert str(name_chord(pitch_classes, bass)) == symbol


def test_the_key_decides_between_sharps_and_flats() -> None:
    assert str(name_chord({6, 10, 1}, 6, Key.parse("B major"))) == "F#"
    assert str(name_chord({6, 10, 1}, 6, Key.parse("Bb minor"))) == "Gb"
    assert str(name_chord({8, 0, 3}, 0, Key.parse("F minor"))) == "Ab/C"


def test_one_pitch_class_is_no_chord() -> None:
    assert name_chord({7}, 7) == NO_CHORD


@given(st.sets(st.integers(0, 11), min_size=2, max_size=8), st.data())
def test_nothing_that_sounds_is_left_out_of_the_name(pitch_classes: set[int], data: st.DataObject) -> None:
    bass = data.draw(st.sampled_from(sorted(pitch_classes)))
    named = name_chord(pitch_classes, bass)
    assert pitch_classes <= named.pitch_classes
    assert named.bass_pc == bass
    assert Chord.parse(str(named)) == named


@given(st.sampled_from(["", "m", "7", "maj7", "m7", "m7b5", "9", "m9", "maj9", "7b9", "add9"]), st.integers(0, 11))
def test_a_chord_in_root_position_is_named_back(quality: str, up: int) -> None:
    meant = Chord.parse(f"C{quality}").transpose(up)
    named = name_chord(meant.pitch_classes, meant.bass_pc or 0)
    assert (named.root_pc, named.degrees) == (meant.root_pc, meant.degrees)


# --- stated chords ----------------------------------------------------------------------------------------------------


def test_a_chord_track_of_empty_items() -> None:
    chords = Track("Chords", (label(1, "Am7"), label(2, "D7"), label(3, "G", 2)))
    found = stated_chords(Song((track("Vox", [note(0, BAR, 69)]), chords)))
    assert found is not None
    assert (found.source, found.track) == (CHORD_TRACK, 1)
    assert symbols(found.chords) == ["Am7", "D7", "G"]  # a lone letter is a chord here
    assert found.chords.end == 4 * BAR


def test_a_chord_track_of_words_tells_what_it_could_not_read() -> None:
    words = (Text(Ticks(0), "F"), Text(Ticks(BAR), "slower"), Text(Ticks(2 * BAR), "Bb/C", "lyric"))
    place = Placement(Ticks(0), Ticks(4 * BAR), (Take(MidiClip(Ticks(4 * BAR), events=words)),))
    found = stated_chords(Song((Track(" chords ", (place,)),)))
    assert found is not None
    assert symbols(found.chords) == ["F", "Bb/C"]
    assert found.unread == ("slower",)


def test_a_chord_track_that_plays() -> None:
    found = stated_chords(Song((track("CHORDS", LANTERN_BLOCKS),)))
    assert found is not None
    assert found.source == CHORD_TRACK
    assert symbols(found.chords) == ["Am7", "Dm7", "G7", "C/E"]


def test_markers_name_chords_and_lone_letters_are_rehearsal_marks() -> None:
    markers = [(0, "A"), (0, "Am"), (BAR, "chord:F"), (2 * BAR, "C/E"), (3 * BAR, "Verse 2"), (3 * BAR, "chord:Hmm")]
    song = Song((track("Keys", [note(0, BAR, 60)]),), markers=tuple(Marker(Ticks(t), name) for t, name in markers))
    found = stated_chords(song)
    assert found is not None
    assert found.source == MARKERS
    assert symbols(found.chords) == ["Am", "F", "C/E"]
    assert found.rehearsal == ("A",)
    assert found.unread == ("chord:Hmm",)


def test_rehearsal_marks_alone_state_no_chords() -> None:
    song = Song((track("Keys", [note(0, BAR, 60)]),), markers=(Marker(Ticks(0), "A"), Marker(Ticks(BAR), "B")))
    assert stated_chords(song) is None


def test_block_chords_in_any_track() -> None:
    tune = [note(i * BEAT, BEAT, 72 + i % 5) for i in range(16)]
    found = stated_chords(Song((track("Flute", tune), track("Harmonium", LANTERN_BLOCKS))))
    assert found is not None
    assert (found.source, found.track) == (BLOCK_CHORDS, 1)
    assert symbols(found.chords) == ["Am7", "Dm7", "G7", "C/E"]


def test_blocks_played_a_little_unevenly_fall_on_the_beat_and_repeats_are_merged() -> None:
    loose = [note(max(0, n.start + 7 * i % 40 - 20), n.length - 60, n.pitch) for i, n in enumerate(LANTERN_BLOCKS)]
    again = [note(n.start + BAR // 2, BAR // 2, n.pitch) for n in LANTERN_BLOCKS]
    halves = [*(replace(n, length=Ticks(BAR // 2 - 60)) for n in loose), *again]
    chords = block_chords(halves, MeterMap(), None, 4 * BAR)
    assert chords is not None
    assert [(int(c.tick), str(c.chord)) for c in chords.changes] == [
        (0, "Am7"),
        (BAR, "Dm7"),
        (2 * BAR, "G7"),
        (3 * BAR, "C/E"),
    ]


def test_a_broken_accompaniment_is_no_block_chords() -> None:
    broken = [note(i * EIGHTH, EIGHTH, (48, 55, 60, 64)[i % 4]) for i in range(32)]
    assert stated_chords(Song((track("Piano", broken),))) is None


def test_the_chord_track_wins_over_markers_and_blocks() -> None:
    song = Song(
        (track("Keys", LANTERN_BLOCKS), Track("Chords", (label(1, "Em"), label(3, "A7")))),
        markers=(Marker(Ticks(0), "chord:Db"),),
    )
    found = stated_chords(song)
    assert found is not None
    assert symbols(found.chords) == ["Em", "A7"]
    without = stated_chords(replace(song, tracks=song.tracks[:1]))
    assert without is not None
    assert without.source == MARKERS


def test_chords_that_the_song_already_has_come_first() -> None:
    stated = ChordTrack.of((0, "Gm"), (BAR, "C7"), end=2 * BAR)
    found = stated_chords(Song((track("Keys", LANTERN_BLOCKS),), chords=stated))
    assert found is not None
    assert found.chords == stated


def test_words_of_a_track_without_notes() -> None:
    found = read_symbols([(BAR, "G"), (0, "C")], 2 * BAR, in_chord_track=True, source=CHORD_TRACK)
    assert found is not None
    assert symbols(found.chords) == ["C", "G"]
    assert read_symbols([(0, "intro")], BAR, in_chord_track=True, source=CHORD_TRACK) is None


# --- pushed melodies --------------------------------------------------------------------------------------------------

FOUR_BARS = Grid.of(MeterMap(), 4 * BAR)


def test_a_note_pushed_by_an_eighth_belongs_to_the_beat_it_is_held_over() -> None:
    tune = (note(0, BEAT, 67), note(BAR - EIGHTH, EIGHTH + 2 * BEAT, 69), note(BAR + 3 * BEAT, BEAT, 71))
    settled, residual = settle_onsets(tune, FOUR_BARS)
    assert [n.start for n in settled] == [0, BAR, BAR + 3 * BEAT]
    assert settled[1].end == tune[1].end
    assert residual == (0, -EIGHTH, 0)


def test_a_push_by_a_sixteenth() -> None:
    settled, residual = settle_onsets((note(2 * BEAT - SIXTEENTH, BEAT, 64),), FOUR_BARS)
    assert (settled[0].start, residual) == (2 * BEAT, (-SIXTEENTH,))


@pytest.mark.parametrize(
    ("tune", "why"),
    [
        ((note(BEAT - EIGHTH, EIGHTH, 67), note(BEAT, BEAT, 69)), "the next note takes the beat"),
        ((note(BEAT - EIGHTH, EIGHTH, 67),), "it ends at the beat"),
        ((note(BEAT - EIGHTH, EIGHTH + 60, 67),), "it hardly reaches over the beat"),
        ((note(EIGHTH // 2, 2 * BEAT, 67),), "three sixteenths early is no push"),
        ((note(BEAT - 30, BEAT, 67),), "a hair early is only human"),
        ((note(BEAT - EIGHTH, BEAT, 67), note(BEAT - SIXTEENTH, BEAT, 69)), "the later of two is the pushed one"),
    ],
)
def test_what_is_no_push(tune: tuple[Note, ...], why: str) -> None:
    settled, residual = settle_onsets(tune, FOUR_BARS)
    assert (settled[0], residual[0]) == (tune[0], 0), why


def test_in_six_eight_the_felt_beat_counts() -> None:
    grid = Grid.of(MeterMap.of((0, "6/8")), 4 * BAR)
    tune = (note(1440 - EIGHTH, 1440, 72), note(2880 + EIGHTH, BEAT, 74))
    settled, residual = settle_onsets(tune, grid)
    assert [n.start for n in settled] == [1440, 2880 + EIGHTH]
    assert residual == (-EIGHTH, 0)


@given(st.lists(st.builds(note, st.integers(0, 4 * BAR), st.integers(1, 2 * BAR), st.integers(40, 90)), max_size=12))
def test_settling_keeps_the_timing(tune: list[Note]) -> None:
    settled, residual = settle_onsets(tune, FOUR_BARS)
    assert push_again(settled, residual) == tuple(tune)
    assert all(-EIGHTH - SIXTEENTH < r <= 0 for r in residual)
    assert [n.end for n in settled] == [n.end for n in tune]


# --- the lead sheet ---------------------------------------------------------------------------------------------------


def test_an_arrangement_becomes_a_lead_sheet() -> None:
    tune = (note(0, BEAT, 76), note(BEAT, BEAT, 74))
    band = (track("Piano", LANTERN_BLOCKS), track("Vox", list(tune), program=53, channel=2))
    markers = (Marker(Ticks(0), "Am7"), Marker(Ticks(0), "B"), Marker(Ticks(BAR), "lights down"))
    song = Song(band, meter=MeterMap.of((0, "4/4")), markers=markers, name="Lantern Street")
    chords, keys = ChordTrack.of((0, "Am7"), (BAR, "Dm7")), KeyTrack.constant(Key.parse("A minor"))
    verse = Section("Verse", Ticks(0), Ticks(4 * BAR))
    sheet = extract_lead_sheet(song, Melody(tune, FROM_TRACK, 1), chords, keys, (verse,))
    assert [t.name for t in sheet.tracks] == ["MELODY"]
    assert sheet.tracks[0].notes() == tune
    assert (sheet.tracks[0].role, sheet.tracks[0].program) == ("melody", 53)
    assert (sheet.chords, sheet.keys, sheet.sections) == (chords, keys, (verse,))
    assert [marker.name for marker in sheet.markers] == ["B", "lights down"]
    assert (sheet.end, sheet.name) == (4 * BAR, "Lantern Street")


def test_what_is_not_given_is_taken_from_the_song() -> None:
    chords = ChordTrack.of((0, "F"))
    sheet = extract_lead_sheet(Song((), chords=chords), Melody((note(0, BAR + 1, 65),), "texture"))
    assert sheet.chords == chords
    assert sheet.tracks[0].program is None
    assert sheet.end == 2 * BAR
