"""A texture model of thumbnail size, from songs to a package that plays."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np
import pytest
import torch

from bridge.resources import FolderShelf
from engines.accompaniment.texture import Texture
from engines.accompaniment.voicing import voiced
from engines.models.package import Package, open_package
from engines.models.rack import Rack
from engines.models.runtime import Use
from engines.models.session import installed
from tests.training.texture.songs import song
from training.notes.pack import load, save
from training.texture import __main__ as everything
from training.texture import export
from training.texture.exam import Case, cases, judged
from training.texture.judge import in_torch, of_package, of_run
from training.texture.windows import tabulated

COURSE = ["--size", "mini", "--steps", "160", "--rest", "60", "--grid", "512", "--rate", "4e-3", "--seed", "3"]


def log(run: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (run / "log.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A hundred and sixty steps in two slices, then as many with drafts."""
    folder = tmp_path_factory.mktemp("texture")
    folds = ["train"] * 30 + ["validation"] * 6
    save([song(i, fold, beats=(4, 4, 3)[i % 3]) for i, fold in enumerate(folds)], folder / "songs.npz")
    command = [
        str(folder / "songs.npz"),
        str(folder / "texture-mini-1"),
        "--work",
        str(folder),
        "--green",
        "--all",
        "--drafts",
        "120",
        *COURSE,
    ]
    everything.main([*command, "--minutes", "0.03"])
    assert not (folder / "run-drafts").exists()
    assert not (folder / "texture-mini-1").exists()
    everything.main(command)
    return folder


@pytest.fixture(scope="module")
def exam(work: Path) -> list[Case]:
    return cases(tabulated(load(work / "songs.npz", ("validation",))), 40)


def test_it_learns(work: Path) -> None:
    rows = [row["train"] for row in log(work / "run-drafts") if "train" in row]
    last = rows[-1]
    assert isinstance(last, dict)
    assert last["onsets"] < 3.0


def test_a_slice_goes_on_where_the_last_one_ended(work: Path) -> None:
    starts = [row for row in log(work / "run") if "device" in row]
    assert len(starts) == 2
    assert starts[0]["step"] == 0
    assert 0 < int(str(starts[1]["step"])) < 160
    assert log(work / "run")[-1]["step"] == 160


def test_textures_come_back_and_follow_other_chords(work: Path, exam: list[Case]) -> None:
    gates = judged(of_package(work / "texture-mini-1"), exam)
    assert gates["pitch"] > 0.6
    assert gates["swapped, on the chord"] > 0.95 > gates["swapped, donor unchanged"]
    assert gates["rhythm"] == gates["swapped, rhythm"] == 1.0


def test_the_package_says_what_it_is(work: Path) -> None:
    card = opened(work).card
    assert card.family == "texture"
    assert card.roles == ("encode", "decode")
    assert {graph.variant for graph in card.graphs} == {"fp32", "int8"}
    assert [(source.name, source.grade) for source in card.training] == [("songs", "green")]
    heard = sum(int((p.notes[:, 0] == 1).sum()) for p in load(work / "songs.npz", ("train",)))
    assert card.training[0].notes == heard
    assert "--size mini --steps 160" in str(card.made["command"])
    assert "--steps 120" in str(card.made["command"])
    assert card.scores["returns, pitch"].baselines.keys() == {"fp32", "no draft", "rules"}
    assert abs(card.scores["pitch"].value - card.scores["pitch"].baselines["fp32"]) < 0.05
    assert (work / "texture-mini-1" / "LICENSE").exists()
    assert (work / "texture-mini-1" / "SOURCE").exists()


def opened(work: Path) -> Package:
    return open_package(FolderShelf((work,), "model"), "texture-mini-1", "texture")


def test_the_package_plays_what_torch_plays(work: Path, exam: list[Case]) -> None:
    package = opened(work)
    golden = package.golden
    whole = tuple(graph for graph in package.card.graphs if graph.variant == "fp32")
    package = replace(package, card=msgspec.structs.replace(package.card, graphs=whole))
    package.__dict__["golden"] = golden  # its cases for the other graphs are not asked
    plays = Texture.of(package, Rack(installed, lambda: 0.0), Use(provider="cpu"))
    learned = in_torch(of_run(work / "run-drafts"))
    windows, cues = [case.window for case in exam], [case.cue(case.other, counts=False) for case in exam]
    latents = learned.encode(windows)
    assert np.abs(plays.encode(windows) - latents).max() < 1e-4
    for mine, theirs in zip(plays.decode(latents, cues), learned.decode(latents, cues), strict=True):
        assert np.abs(mine.onsets - theirs.onsets).max() < 1e-4


def test_a_texture_is_the_same_in_every_key(work: Path, exam: list[Case]) -> None:
    texture = of_package(work / "texture-mini-1")
    higher = [
        replace(case.window, strokes=tuple(s._replace(pitch=s.pitch + 3) for s in case.window.strokes)) for case in exam
    ]
    assert np.array_equal(texture.encode([case.window for case in exam]), texture.encode(higher))


def test_what_it_plays_is_music(work: Path, exam: list[Case]) -> None:
    texture = of_package(work / "texture-mini-1")
    cues = [case.cue(case.other) for case in exam]
    scores = texture.decode(texture.encode([case.window for case in exam]), cues)
    for case, cue, each in zip(exam, cues, scores, strict=True):
        again = voiced(case.window, cue, each)
        assert [stroke.tick for stroke in again] == [stroke.tick for stroke in case.window.strokes]


def test_a_graph_that_strays_from_torch_ends_the_export(work: Path, tmp_path: Path) -> None:
    """And the package that was there stays."""
    out = tmp_path / "texture-mini-1"
    out.mkdir()
    (out / "card.json").write_text("the old one")
    spoiled = tmp_path / "run"
    shutil.copytree(work / "run-drafts", spoiled)
    state = torch.load(spoiled / "last.pt", weights_only=True)
    state["model"]["encoder.roll.weight"][:] = float("nan")
    torch.save(state, spoiled / "last.pt")
    with pytest.raises(SystemExit):
        export.main([str(spoiled), str(out), "--pack", str(work / "songs.npz"), "--green"])
    assert (out / "card.json").read_text() == "the old one"
