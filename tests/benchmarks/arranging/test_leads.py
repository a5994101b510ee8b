"""Lead sheets: what is chosen, and how it is read."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from benchmarks.arranging.leads import SHARES, chosen, eligible, fold, hash_of, human_phrases, lead_of, with_pickup
from engines.analysis.score import Grid, Notes, Score
from engines.music.harmony import ChordTrack
from engines.music.notes import Note
from engines.music.song import MidiClip, Placement, Song, Take, Track
from engines.music.time import MeterMap, Ticks
from tests.benchmarks.arranging.examples import house
from training.analysis.phrase_corpus import Annotated

BAR = 3840


def track(name: str, bars: int) -> Track:
    notes = tuple(Note(Ticks(bar * BAR), Ticks(BAR), 72) for bar in range(bars))
    return Track(name, (Placement(Ticks(0), Ticks(bars * BAR), (Take(MidiClip(Ticks(bars * BAR), notes)),)),))


def test_the_list_is_fixed() -> None:
    songs = chosen()
    assert hash_of(songs) == "f7b8a5292343"
    assert {archive: len(set(ids)) for archive, ids in songs.items()} == SHARES
    assert set(songs["pop909"]) <= set(fold("pop909", "validation", "test"))


def test_a_quick_look_takes_some_of_the_list() -> None:
    few, all_ = chosen(2), chosen()
    assert all(len(few[archive]) == 2 and set(few[archive]) < set(all_[archive]) for archive in all_)


def test_a_lead_sheet_holds_melody_and_chords_and_lasts_whole_bars() -> None:
    song = Song((track("MELODY", 16), track("PIANO", 18)), meter=MeterMap())
    lead = lead_of("house", "x", song, song.tracks[0], ChordTrack.of((0, "C"), (BAR, "G7")), song.tracks[1].notes())
    assert [one.name for one in lead.song.tracks] == ["MELODY"]
    assert lead.song.end == lead.grid.bars[-1] == 18 * BAR
    assert lead.chords.end == 18 * BAR
    assert lead.real is not None
    assert len(lead.real) == 18
    assert eligible(lead)


def test_what_is_short_silent_or_without_chords_is_not_eligible() -> None:
    song = Song((track("MELODY", 16), track("PIANO", 40)))
    chords = ChordTrack.of((0, "C"))
    few_bars = Song((track("MELODY", 15),))
    assert not eligible(lead_of("house", "x", few_bars, few_bars.tracks[0], chords))
    assert not eligible(lead_of("house", "x", song, song.tracks[0], chords))
    whole = Song((track("MELODY", 16),))
    assert eligible(lead_of("house", "x", whole, whole.tracks[0], chords))
    assert not eligible(lead_of("house", "x", whole, whole.tracks[0], ChordTrack.of((0, "C"), end=8 * BAR)))


def test_an_upbeat_becomes_a_short_first_bar() -> None:
    song = with_pickup(Song((track("MELODY", 4),), meter=MeterMap.of((0, "3/4"), (8640, "4/4"))), 1.0)
    assert song.meter.bar_lines(12000) == [0, 960, 3840, 6720, 9600, 13440]
    assert with_pickup(song, 0.0) is song


def test_human_phrases_are_filled_up_to_the_whole_song() -> None:
    notes = Notes.of([track("MELODY", 12).notes()])
    score = Score(notes, Grid.of(MeterMap(), 12 * BAR), MeterMap())
    song = Annotated("001", score, ((("i", 2), ("A", 4), ("B", 9)), (("A", 8),)), 2 * BAR, BAR)
    assert [(str(one), one.start_bar) for one in human_phrases(song, 12)] == [
        ("i2", 1),
        ("i2", 3),
        ("A4", 5),
        ("B4", 9),
    ]
    longer = replace(song, forms=((("A", 4),), (("A", 4),)))
    assert "".join(map(str, human_phrases(longer, 12))) == "i2A4o6"


def test_phrases_come_from_people_or_from_the_analysis() -> None:
    lead = house("ferrymans_waltz")
    assert lead.phrases is None
    assert lead.asked_form is None
    assert sum(phrase.bars for phrase in lead.form) == lead.grid.n_bars
    known = replace(lead, phrases=lead.form[:1])
    assert known.asked_form == str(lead.form[0])
    assert lead.bar_quarters == 3
    assert np.diff(lead.grid.bars).tolist() == [3 * 960] * 36
