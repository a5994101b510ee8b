"""The division of the archives: by work, near-duplicates together, POP909 as it was."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.near_duplicates import Groups, alike, shingles
from training.splits import FOLDS, POP909_TWINS, READERS, Piece, divide, fold_of, group, plain

SPLITS = Path(__file__).parents[2] / "benchmarks" / "splits"


def lists(archive: str) -> dict[str, list[str]]:
    folds: dict[str, list[str]] = json.loads((SPLITS / f"{archive}.json").read_text(encoding="utf-8"))
    return folds


def tune(seed: int, length: int = 40) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return np.cumsum(rng.choice([1, 2, 4], length)) * 240, 60 + np.cumsum(rng.integers(-4, 5, length))


@pytest.mark.parametrize("archive", sorted(READERS))
def test_every_id_is_in_one_fold(archive: str) -> None:
    folds = lists(archive)
    assert tuple(folds) == FOLDS
    ids = [id_ for fold in FOLDS for id_ in folds[fold]]
    assert len(ids) == len(set(ids))
    assert all(folds[fold] == sorted(folds[fold]) for fold in FOLDS)


@pytest.mark.parametrize("archive", sorted(READERS))
def test_most_pieces_train(archive: str) -> None:
    folds = lists(archive)
    total = sum(len(ids) for ids in folds.values())
    assert 0.7 < len(folds["train"]) / total < 0.9


def test_pop909_follows_from_its_ids_alone() -> None:
    for fold, ids in lists("pop909").items():
        assert {fold_of(f"pop909:{POP909_TWINS.get(id_, id_)}") for id_ in ids} == {fold}


def test_the_movements_of_a_quartet_stay_together() -> None:
    fold_by_quartet: dict[str, set[str]] = {}
    for fold, ids in lists("openscore_quartets").items():
        for id_ in ids:
            fold_by_quartet.setdefault(id_.partition("_")[0], set()).add(fold)
    assert all(len(folds) == 1 for folds in fold_by_quartet.values())


def test_titles_are_compared_without_dress() -> None:
    assert plain("The Rakes o' Mallow!") == plain("rakes O Mallow") == "rakes-o-mallow"
    assert plain("Señorita") == "senorita"


@given(st.integers(0, 500), st.integers(-24, 24), st.integers(1, 5))
def test_key_and_tempo_do_not_change_a_shingle(seed: int, transposition: int, tempo: int) -> None:
    onset, pitch = tune(seed)
    assert np.array_equal(shingles([(onset, pitch)]), shingles([(onset * tempo + 7, pitch + transposition)]))


def test_only_the_top_line_counts() -> None:
    onset, pitch = tune(3)
    thirds = np.concatenate([onset, onset]), np.concatenate([pitch, pitch - 3])
    assert np.array_equal(shingles([(onset, pitch)]), shingles([thirds]))


def test_a_scale_and_an_alberti_bass_prove_nothing() -> None:
    onset = np.arange(64) * 240
    assert len(shingles([(onset, 20 + np.arange(64))])) == 0
    assert len(shingles([(onset, np.tile([48, 55, 52, 55], 16))])) == 0


def test_an_arrangement_is_found_and_a_stranger_is_not() -> None:
    onset, pitch = tune(1, 60)
    pieces = {
        "a": shingles([(onset, pitch)]),
        "b": shingles([tune(9, 100), (onset, pitch + 5)]),
        "c": shingles([tune(2, 60)]),
    }
    assert [(twin.a, twin.b) for twin in alike(pieces, {name: name for name in pieces})] == [("a", "b")]


def test_a_work_is_not_compared_with_itself() -> None:
    voice = shingles([tune(1, 60)])
    assert alike({"a": voice, "b": voice}, {"a": "work", "b": "work"}) == []


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9))))
def test_a_group_is_known_by_its_smallest_name(pairs: list[tuple[int, int]]) -> None:
    groups = Groups()
    for a, b in pairs:
        groups.join(str(a), str(b))
    for a, b in pairs:
        assert groups.find(str(a)) == groups.find(str(b)) <= min(str(a), str(b))


def test_a_second_edition_follows_and_pop909_stays() -> None:
    pieces = [
        Piece("mutopia_pd", "m1", ("a", "K1")),
        Piece("mutopia_pd", "m2", ("b", "K1")),
        Piece("openewld", "tune", ("tune",)),
        Piece("pop909", "017", ("017",)),
        Piece("slakh2100_q16", "Track1", ("Track1",)),
    ]
    groups = group(pieces, [])
    assert groups["mutopia_pd:m1"] == groups["mutopia_pd:m2"]
    groups = {**groups, "openewld:tune": "pop909:017", "pop909:017": "pop909:017"}
    folds = divide(pieces, groups)
    assert "017" in folds["pop909"][fold_of("pop909:017")]
    assert "tune" in folds["openewld"][fold_of("pop909:017")]
