"""What a verb hands over."""

from __future__ import annotations

from pathlib import Path

import mido
import pytest

from bridge import app, delivery, resources
from bridge.files import loading, rpp
from engines.music.song import Song, Track


@pytest.fixture(scope="module")
def song() -> Song:
    loaded = loading.load(resources.standard().songs.path("lantern_street_band.mid"))
    return delivery.annotated(app.analyze(loaded.song))


def test_what_was_heard_is_written_down(song: Song) -> None:
    assert song.chords is not None
    assert song.keys is not None
    assert [s.name for s in song.sections] == ["Intro", "Verse 1", "Chorus 1", "Verse 2", "Chorus 2", "Outro"]
    assert song.markers == ()


def test_the_project_and_the_midi_file_hold_the_same_music(song: Song, tmp_path: Path) -> None:
    files = delivery.arrangement_files(song)
    (tmp_path / "a.mid").write_bytes(files["arrangement.mid"])
    written = loading.load(tmp_path / "a.mid").song
    project = rpp.read_project(files["arrangement.rpp"]).song
    assert [t.name for t in written.tracks] == [t.name for t in song.tracks]
    by_name = {t.name: t for t in project.tracks}
    for track in song.tracks:
        wanted = sorted((n.start, n.length, n.pitch, n.velocity) for n in track.notes())
        assert sorted((n.start, n.length, n.pitch, n.velocity) for n in by_name[track.name].notes()) == wanted
    assert [s.name for s in project.sections] == [s.name for s in song.sections]


def test_the_project_has_one_item_for_each_part_and_section(song: Song) -> None:
    project = rpp.read_project(delivery.arrangement_files(song)["arrangement.rpp"]).song
    bass = project.track("Bass")
    assert bass is not None
    assert len(bass.placements) == 5  # the intro has none


def test_the_chords_stand_in_the_project_as_a_chord_track(song: Song) -> None:
    project = rpp.read_project(delivery.arrangement_files(song)["arrangement.rpp"]).song
    heard = app.analyze(project)
    assert heard.chords_from == "chord track"
    assert [str(c.chord) for c in heard.chords.changes] == [str(c.chord) for c in song.chords.changes]  # type: ignore[union-attr]


def test_every_part_alone_is_in_a_file_of_its_name(song: Song, tmp_path: Path) -> None:
    files = delivery.arrangement_files(song)
    (tmp_path / "bass.mid").write_bytes(files["parts/Bass.mid"])
    assert [track.name for track in mido.MidiFile(tmp_path / "bass.mid").tracks][1:] == ["Bass"]


def test_names_that_no_file_system_bears_are_mended() -> None:
    tracks = [Track(name) for name in ("Bass", "bass", "a/b", "../x", "", "Strings: \u00e4 \U0001f3bb", "." * 3)]
    names = [name for name, _ in delivery.named_parts(tracks)]
    assert names[:3] == ["parts/Bass.mid", "parts/bass 2.mid", "parts/a_b.mid"]
    assert len({name.casefold() for name in names}) == len(names)
    assert not [name for name in names if ".." in name or name.count("/") != 1]


def test_what_this_machine_cannot_make_is_said(song: Song, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("SOUNDFONT", raising=False)
    files, notices = delivery.preview_files(song)
    assert files == {}
    assert notices[0].code == "W_NO_PREVIEW"
    assert notices[0].hint
