"""Any file that holds music, by its name or by how it begins."""

from __future__ import annotations

from pathlib import Path

import mido
import pytest

from bridge import resources
from bridge.files import loading
from bridge.files.rpp.write import write_project
from engines.errors import UnreadableFile
from engines.music.notes import Text

SONG = resources.standard().songs.path("lantern_street.mid")


def test_every_kind_of_file_is_read_as_what_it_is(tmp_path: Path) -> None:
    song = loading.load(SONG).song
    (tmp_path / "song.RPP").write_bytes(write_project(song))
    (tmp_path / "chart.txt").write_text("| Am7 D7 | Gmaj7 |", encoding="utf-8")
    assert loading.load(SONG).kind == loading.MIDI
    assert loading.load(tmp_path / "song.RPP").kind == loading.PROJECT
    assert loading.load(tmp_path / "song.RPP").song.tracks[0].notes() == song.tracks[0].notes()
    assert loading.load(tmp_path / "chart.txt").song.chords is not None


def test_a_name_that_says_nothing_is_no_hindrance(tmp_path: Path) -> None:
    (tmp_path / "song").write_bytes(Path(SONG).read_bytes())
    loaded = loading.load(tmp_path / "song")
    assert loaded.kind == loading.MIDI
    (tmp_path / "mystery.dat").write_bytes(b"\x00\x01")
    with pytest.raises(UnreadableFile):
        loading.load(tmp_path / "mystery.dat")


def test_a_song_without_a_title_is_named_after_its_file(tmp_path: Path) -> None:
    midi = mido.MidiFile()
    midi.tracks.append(
        mido.MidiTrack([mido.Message("note_on", note=60, time=0), mido.Message("note_off", note=60, time=480)])
    )
    midi.save(tmp_path / "hum.mid")
    assert loading.load(tmp_path / "hum.mid").song.name == "hum"


def test_a_chord_track_of_words_alone_is_kept_as_a_track(tmp_path: Path) -> None:
    midi = mido.MidiFile()
    midi.tracks.append(
        mido.MidiTrack([mido.Message("note_on", note=60, time=0), mido.Message("note_off", note=60, time=1920)])
    )
    chords = mido.MidiTrack(
        [mido.MetaMessage("track_name", name="Chords"), mido.MetaMessage("text", text="Am7", time=0)]
    )
    midi.tracks.append(chords)
    midi.save(tmp_path / "song.mid")
    track = loading.load(tmp_path / "song.mid").song.track("chords")
    assert track is not None
    assert track.placements[0].clip.events == (Text(0, "Am7"),)  # type: ignore[union-attr]
