"""The table of quality, made from a few songs of letters."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from benchmarks.corpus import ONSET, PART, PITCH, list_hash
from benchmarks.infill.bigram import Bigram
from benchmarks.infill.fillers import CopyPrevious
from benchmarks.infill.tasks import exercises
from benchmarks.profiles import Known, alone, dealt_anew, melody_of, row
from benchmarks.quality import SPLITS, Archive, infilling, likelihood, written
from benchmarks.quality_tables import render
from engines.analysis.chord_tables import ChordTables
from engines.api import Phrase
from tests.benchmarks.infill.examples import BAR, FORMS, song
from training.notes.pack import save

TABLES = ChordTables.from_json(
    (Path(__file__).parents[2] / "presets" / "analysis" / "chords.json").read_text(encoding="utf-8")
)


class Echo(CopyPrevious):
    """Whatever is handed in beside the baselines."""

    name = "a model of mine"


@pytest.fixture(scope="module")
def archive() -> Archive:
    songs = [song(form * 2, f"{i:03}") for i, form in enumerate(FORMS)]
    return Archive("pop909", songs[:3], songs)


def test_baselines_stand_in_the_expected_order(archive: Archive) -> None:
    tasks = list(exercises(archive.held_out))
    found = infilling(archive, tasks, Bigram.of(archive.train))["scores"]["1 bar"]
    figures = {name: figures["note_f1"][0] for name, figures in found.items()}
    assert figures["nothing"] == 0
    assert figures["what stood there"] == 1
    assert figures["random bar in window"] < figures["harmonic-match copy"] <= figures["oracle bar in window"] <= 1
    assert all(row["outside"][0] == 0 for row in found.values())


def test_everything_measured_is_shown(archive: Archive) -> None:
    tasks, bigram = list(exercises(archive.held_out)), Bigram.of(archive.train)
    known = Known({piece.id: [Phrase(1, 8, "A"), Phrase(9, 8, "A")] for piece in archive.held_out}, {})
    real = [row(piece, known, TABLES) for piece in archive.held_out]
    text = render(
        {
            "machine": {"processor": "a machine"},
            "processor_seconds": 1.0,
            "seed": 1,
            "recogniser": "ours",
            "songs_limit": 3,
            "archives": {
                "pop909": {
                    "train": {"songs": 3, "hash": "aaa"},
                    "held_out": {"songs": 10, "hash": "bbb"},
                    "profiles": {
                        "pop909": {
                            "songs": 10,
                            "real": {"polyphony": [real[0]["polyphony"], 0.1], "repeat_copy": [1.0, 0.0]},
                            "shuffled": {"polyphony": [0.5, 0.1]},
                            "distance_of_one_song": [1.0, 0.9, 1.1, 10],
                            "distance_of_one_shuffled": [2.0, 1.9, 2.1, 10],
                            "distance_of_shuffled": 1.5,
                        }
                    },
                    "infilling": infilling(archive, tasks, bigram, [Echo()]),
                    "bigram": likelihood(tasks, bigram),
                }
            },
        }
    )
    for wanted in (
        "A quick look at 3 songs",
        "POP909: 10 songs",
        "harmonic-match copy",
        "a model of mine",
        "1 bar, melody",
        "`polyphony`",
        "bbb",
    ):
        assert wanted in text
    assert "nan" not in text


def test_the_floor_has_the_same_bars_in_another_order() -> None:
    whole = song("CDEFGACD")
    floor = dealt_anew(whole, np.random.default_rng(1))
    for part in (0, 1):
        before, after = (one.notes[one.notes[:, PART] == part] for one in (whole, floor))
        figures = [
            sorted(tuple(one[one[:, ONSET] // BAR == bar][:, PITCH]) for bar in range(8)) for one in (before, after)
        ]
        assert figures[0] == figures[1]
        assert before[:, PITCH].tolist() != after[:, PITCH].tolist()
    assert (np.diff(floor.notes[:, ONSET]) >= 0).all()


def test_a_real_row_repeats_itself_and_its_floor_does_not() -> None:
    whole = song("CDEFGACD" * 2)
    known = Known({whole.id: [Phrase(1, 8, "A"), Phrase(9, 8, "A")]}, {})
    assert row(whole, known, TABLES)["repeat_copy"] == 1
    assert row(whole, known, TABLES, np.random.default_rng(1))["repeat_copy"] < 1


def test_parts_of_a_profile() -> None:
    whole = song("CDEF")
    assert melody_of(whole) == 0
    assert set(alone(whole, "piano").notes[:, PART].tolist()) == {1}
    assert list_hash(["a", "b"]) != list_hash(["b", "a"])


def test_results_are_written_with_lists_on_one_line() -> None:
    found = {"a": {"row": [0.1, 0.2], "names": ["x y", "z"]}, "b": []}
    text = written(found)
    assert json.loads(text) == found
    assert '"row": [ 0.1, 0.2 ]' in text


def test_pieces_may_come_from_a_pack(tmp_path: Path) -> None:
    folds = json.loads((SPLITS / "pop909.json").read_text(encoding="utf-8"))
    wanted = {fold: folds[fold][:2] for fold in folds}
    pieces = [replace(song("CDEF", id_), fold=fold) for fold, ids in wanted.items() for id_ in ids]
    save([*pieces, replace(pieces[0], archive="groove_midi")], tmp_path / "pack.npz")
    found = Archive.of(tmp_path, "pop909", pack=tmp_path / "pack.npz")
    assert [piece.id for piece in found.train] == wanted["train"]
    assert [piece.id for piece in found.held_out] == [*wanted["validation"], *wanted["test"]]
    fewer = Archive.of(tmp_path, "pop909", songs=1, pack=tmp_path / "pack.npz")
    assert [piece.id for piece in fewer.train] == wanted["train"][:1]
