"""What the archives say about keys."""

import zipfile
from pathlib import Path

from training.analysis.harmony_corpus import two_opinions

A, C, F_SHARP = 9, 0, 6


def archive(folder: Path) -> Path:
    songs = {"1": ("Am", "C:maj"), "2": ("F#", "Gb:maj"), "3": ("C D", "C:maj"), "4": ("C", "C:maj\nD:maj")}
    rows = [f"{song},{len(first.split())},{first}" for song, (first, _) in songs.items()]
    with zipfile.ZipFile(folder / "pop909.zip", "w") as file:
        file.writestr("meta.csv", "\n".join(["song_id,n_keys,keys", *rows]))
        for song, (_, second) in songs.items():
            file.writestr(f"structure/{song}/analyzed_key.txt", second + "\n")
    return folder


def test_two_annotations_may_name_relative_keys_or_the_same_key_by_another_name(tmp_path: Path) -> None:
    said = two_opinions(archive(tmp_path), {"1", "2"})
    assert said == {"1": ((A, 1), (C, 0)), "2": ((F_SHARP, 0), (F_SHARP, 0))}


def test_songs_that_either_annotation_gives_several_keys_are_left_out(tmp_path: Path) -> None:
    assert set(two_opinions(archive(tmp_path), {"1", "3", "4"})) == {"1"}
