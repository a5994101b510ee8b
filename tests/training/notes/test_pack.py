"""Pieces from files, and packed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bridge.files.midi import read_song
from engines.models import tokens as t
from training.notes.folder import read_folder
from training.notes.harmony import Listener
from training.notes.pack import load, save
from training.notes.pieces import COLUMNS, of_song

SONGS = Path(__file__).parents[3] / "presets" / "songs"
BAND = SONGS / "lantern_street_band.mid"


def test_a_song_on_the_grid_is_the_song() -> None:
    song = read_song(BAND.read_bytes()).song
    piece = of_song(song, ("house", "band", "train", "green", "CC0-1.0", ""), Listener())
    played = [note for track in song.tracks for note in track.notes()]
    assert len(piece.notes) == len(played)
    onset = piece.notes[:, COLUMNS.index("onset")] * t.STEP + piece.notes[:, COLUMNS.index("micro")]
    assert sorted(onset.tolist()) == sorted(note.start for note in played)
    assert any(part.drum for part in piece.parts)
    assert (np.diff(piece.bars) <= t.LONGEST_BAR).all()
    assert len(piece.chords) > 4
    assert len(piece.keys) >= 1


def test_drums_alone_have_no_harmony() -> None:
    song = read_song(BAND.read_bytes()).song
    piece = of_song(song, ("house", "band", "train", "green", "CC0-1.0", ""), Listener())
    drums = [track.name for track in song.tracks if track.channel == 9]
    others = tuple(track.name for track in song.tracks if track.name not in drums)
    alone = of_song(song, ("house", "drums", "train", "green", "CC0-1.0", ""), Listener(), others)
    assert 0 < len(alone.notes) < len(piece.notes)
    assert len(alone.chords) == len(alone.keys) == 0


def test_packed_and_unpacked_is_the_same(tmp_path: Path) -> None:
    pieces = list(read_folder(SONGS, "CC0-1.0", "green"))
    path = tmp_path / "songs.npz"
    assert save(pieces, path) == len(pieces) == 9
    for before, after in zip(pieces, load(path), strict=True):
        assert (before.id, before.fold, before.grade, before.parts) == (after.id, after.fold, after.grade, after.parts)
        for name in ("notes", "bars", "chords", "keys"):
            assert np.array_equal(getattr(before, name), getattr(after, name))


def test_green_leaves_amber_out(tmp_path: Path) -> None:
    path = tmp_path / "songs.npz"
    save(read_folder(SONGS, "unknown", "amber"), path)
    assert load(path, green=True) == []
    assert len(load(path, ("train",))) + len(load(path, ("validation",))) == 9


def test_variants_of_a_song_stay_on_one_side() -> None:
    """The band plays the tune of the lead sheet: learning from one and judging on the other would be cheating."""
    fold = {piece.id: piece.fold for piece in read_folder(SONGS, "CC0-1.0", "green")}
    assert fold["lantern_street.mid"] == fold["lantern_street_band.mid"]
    assert set(fold.values()) == {"train", "validation"}


def test_a_file_that_is_no_music_is_named_and_left_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "good.mid").write_bytes(BAND.read_bytes())
    (tmp_path / "bad.mid").write_bytes(b"not music at all")
    assert [piece.id for piece in read_folder(tmp_path, "mine", "amber")] == ["good.mid"]
    assert "bad.mid is left out" in capsys.readouterr().out
