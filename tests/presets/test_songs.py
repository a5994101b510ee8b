"""The shipped songs: what stands in their files, and whether they can be sung."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from bridge.files.midi.reading import load
from bridge.files.midi.write import write_song
from engines.music.harmony import ChordChange, ChordTrack, is_chord_marker
from engines.music.notes import Note
from engines.music.song import Song
from engines.music.time import PPQ
from training.house_songs import SHEETS, files

FOLDER = Path(__file__).parents[2] / "presets" / "songs"
LEADS = [f"{sheet.file}.mid" for sheet in SHEETS]
BAND = "lantern_street_band.mid"


@pytest.fixture(scope="module", params=LEADS)
def song(request: pytest.FixtureRequest) -> Song:
    return load(FOLDER / request.param).song


def chords_of(song: Song) -> ChordTrack:
    marked = [(marker.tick, is_chord_marker(marker.name)) for marker in song.markers]
    return ChordTrack(tuple(ChordChange(tick, chord) for tick, chord in marked if chord), song.end)


def sections_of(song: Song) -> list[str]:
    return [marker.name for marker in song.markers if is_chord_marker(marker.name) is None]


def melody_of(song: Song) -> tuple[Note, ...]:
    melody = song.track("melody")
    assert melody is not None
    return melody.notes()


def phrases_of(notes: tuple[Note, ...]) -> list[list[Note]]:
    """What is sung in one breath."""
    phrases = [[notes[0]]]
    for before, note in pairwise(notes):
        if note.start - before.end >= PPQ // 2:
            phrases.append([])
        phrases[-1].append(note)
    return phrases


@pytest.mark.parametrize("name", [*LEADS, BAND])
def test_the_files_are_what_the_generator_writes(name: str) -> None:
    assert (FOLDER / name).read_bytes() == write_song(files()[name])


def test_the_folder_says_whose_songs_these_are() -> None:
    assert "CC0 1.0 Universal" in (FOLDER / "LICENSE").read_text()
    source = (FOLDER / "SOURCE").read_text()
    assert all(path.name in source for path in FOLDER.glob("*.mid"))


def test_a_lead_sheet_is_16_to_40_bars_of_melody_chords_key_and_sections(song: Song) -> None:
    assert 16 <= song.bars <= 40
    assert song.keys is not None
    assert len(sections_of(song)) >= 2
    assert len(chords_of(song)) >= 12
    assert [track.name for track in song.tracks] == ["MELODY"]


def test_a_melody_stays_in_a_singers_range_and_in_one_voice(song: Song) -> None:
    notes = melody_of(song)
    pitches = [note.pitch for note in notes]
    assert min(pitches) >= 55
    assert max(pitches) <= 77
    assert max(pitches) - min(pitches) <= 19
    assert all(before.end <= after.start for before, after in pairwise(notes))
    assert all(abs(after.pitch - before.pitch) <= 12 for before, after in pairwise(notes))


def test_a_melody_leaves_room_to_breathe(song: Song) -> None:
    for phrase in phrases_of(melody_of(song)):
        begin, end = (song.tempo.seconds_at(tick) for tick in (phrase[0].start, phrase[-1].end))
        assert end - begin < 10.5


def test_strong_beats_are_chord_tones(song: Song) -> None:
    chords, strong, fits = chords_of(song), 0, 0
    for note in melody_of(song):
        bar = song.meter.bar_start(song.meter.bar_at(note.start))
        meter = song.meter.meter_at(note.start)
        halves = {"4/4": 2 * PPQ, "6/8": 3 * PPQ // 2, "5/4": 3 * PPQ}.get(str(meter))
        chord = chords.at(note.start)
        if not chord.is_none and (note.start == bar or note.start - bar == halves):
            strong += 1
            fits += note.pitch % 12 in chord.pitch_classes
    assert strong >= 20
    assert fits >= 0.95 * strong


def test_a_melody_is_shaped_and_ends_at_home(song: Song) -> None:
    notes = melody_of(song)
    assert max(note.velocity for note in notes) - min(note.velocity for note in notes) >= 20
    last = chords_of(song).at(notes[-1].start)
    assert song.keys is not None
    assert last.root == song.keys.at(notes[-1].start).tonic
    assert notes[-1].pitch % 12 == last.root_pc


def test_motifs_return(song: Song) -> None:
    """At least one three-note rhythm in four is heard again."""
    notes = melody_of(song)
    figures = [
        (b.start - a.start, c.start - b.start, b.pitch - a.pitch, c.pitch - b.pitch)
        for a, b, c in zip(notes, notes[1:], notes[2:], strict=False)
    ]
    assert sum(figures.count(figure) > 1 for figure in figures) >= len(figures) / 4


def test_the_songs_differ_in_what_they_test() -> None:
    songs = {name: load(FOLDER / name).song for name in LEADS}
    first_meters = {str(song.meter.changes[-1].meter) for song in songs.values()}
    assert {"4/4", "3/4", "6/8", "5/4"} <= first_meters
    apple = songs["apple_cart_lane.mid"]
    assert apple.meter.has_pickup()
    assert apple.keys is not None
    assert [str(change.key) for change in apple.keys.changes] == ["G major", "A major"]
    clock = songs["the_clockmaker.mid"]
    assert [str(change.meter) for change in clock.meter.changes] == ["4/4", "3/4", "2/4", "4/4"]
    assert any(change.chord.is_none for change in chords_of(clock).changes)
    speeds = [change.qpm for change in clock.tempo.changes]
    assert max(speeds) > 160
    assert min(speeds) < 60
    assert any("m7b5" in str(change.chord) for change in chords_of(songs["harbour_bossa.mid"]).changes)


def test_the_band_plays_the_same_song() -> None:
    lead, band = load(FOLDER / "lantern_street.mid").song, load(FOLDER / BAND).song
    assert [track.name for track in band.tracks] == ["MELODY", "Piano", "Pad", "Bass", "Drums"]
    assert melody_of(band) == melody_of(lead)
    assert sections_of(band) == sections_of(lead)
    assert len(chords_of(band)) == 0
    chords = chords_of(lead)
    bass = band.track("Bass")
    assert bass is not None
    downbeats = [note for note in bass.notes() if note.start % (4 * PPQ) == 0]
    assert len(downbeats) == 36
    assert all(note.pitch % 12 == chords.at(note.start).bass_pc for note in downbeats)
    for name in ("Piano", "Pad"):
        part = band.track(name)
        assert part is not None
        assert all(note.pitch % 12 in chords.at(note.start).pitch_classes for note in part.notes())


def test_no_player_strikes_a_key_that_is_down() -> None:
    for track in load(FOLDER / BAND).song.tracks:
        down: dict[int, int] = {}
        for note in track.notes():
            assert down.get(note.pitch, 0) <= note.start, track.name
            down[note.pitch] = note.end
