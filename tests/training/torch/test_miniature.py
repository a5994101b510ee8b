"""A decoder of thumbnail size, from a folder of MIDI files to a package that plays."""

from __future__ import annotations

import json
import shutil
import time
from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np
import pytest
import torch

from bridge.resources import FolderShelf
from engines.models import tokens as t
from engines.models.decoder import PREDICTED, Decoder
from engines.models.notes import Notes, Task
from engines.models.package import open_package
from engines.models.rack import Rack
from engines.models.runtime import Use
from engines.models.sampling import Dials, Luck
from engines.models.session import installed
from engines.models.window import bars_of
from engines.music.chance import Chance
from training.course import optimisers
from training.notes import __main__ as everything
from training.notes import export
from training.notes.batches import Lessons
from training.notes.likelihood import exam
from training.notes.model import NoteDecoder
from training.notes.pack import load
from training.notes.sharing import shared
from training.notes.train import SIZES, matrices
from training.notes.windows import cut

SONGS = Path(__file__).parents[3] / "presets" / "songs"
COURSE = ["--size", "mini", "--events", "2048", "--rest", "40", "--seed", "3", "--share-at", "120"]


def log(run: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (run / "log.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two hundred steps in two slices, from a folder of songs to a package."""
    folder = tmp_path_factory.mktemp("work")
    command = [str(SONGS), str(folder / "notes-mini-1"), "--work", str(folder), "--mine", "CC0-1.0", "--grade", "green"]
    command += ["--green", "--all", "--steps", "200", *COURSE]
    everything.main([*command, "--minutes", "0.1"])
    assert not (folder / "notes-mini-1").exists()
    everything.main(command)
    return folder


@pytest.fixture(scope="module")
def music(work: Path) -> Path:
    return work / "music.npz"


@pytest.fixture(scope="module")
def run(work: Path) -> Path:
    return work / "run"


@pytest.fixture(scope="module")
def package(work: Path) -> Path:
    return work / "notes-mini-1"


def decoder(package: Path, variants: tuple[str, ...] = ()) -> Decoder:
    """The package at play; `variants` leaves only these of its graphs."""
    opened = open_package(FolderShelf((package.parent,), "model"), package.name, "notes")
    if variants:
        golden = opened.golden
        kept = tuple(graph for graph in opened.card.graphs if graph.variant in variants)
        opened = replace(opened, card=msgspec.structs.replace(opened.card, graphs=kept))
        opened.__dict__["golden"] = golden  # its cases for the other graphs are not asked
    return Decoder(opened, Rack(installed, time.perf_counter), Use(provider="cpu"))


def test_it_learns(run: Path) -> None:
    rows = [row["train"] for row in log(run) if "train" in row]
    first, last = rows[0], rows[-1]
    assert isinstance(first, dict)
    assert isinstance(last, dict)
    assert last["pitch"] < first["pitch"] - 1.0
    assert last["position"] < first["position"] - 1.0


def test_a_slice_goes_on_where_the_last_one_ended(run: Path) -> None:
    starts = [int(str(row["step"])) for row in log(run) if "device" in row]
    first, second = (step for step in starts if step != 120)
    assert first == 0
    assert 0 < second < 200
    assert log(run)[-1]["step"] == 200


def test_heads_share_keys_and_values_from_a_step_on(run: Path, package: Path) -> None:
    starts = {row["step"]: row["parameters"] for row in log(run) if "device" in row}
    assert int(str(starts[120])) < int(str(starts[0]))
    assert decoder(package).package.card.settings["kv"] == 1


def test_shared_keys_are_the_mean_over_heads() -> None:
    torch.manual_seed(1)
    apart = NoteDecoder(replace(SIZES["mini"], kv=2))
    apart.lower[0].k.weight.data[:32] = apart.lower[0].k.weight.data[32:]  # two heads that look for the same
    state = {
        "model": apart.state_dict(),
        "optimisers": [one.state_dict() for one in optimisers(apart, matrices(apart), 1e-3, "cpu")],
        "shape": apart.config(),
    }
    found = shared(state, matrices(apart))
    assert torch.equal(found["model"]["lower.0.k.weight"], apart.lower[0].k.weight.data[:32])
    assert torch.equal(found["model"]["lower.0.q.weight"], apart.lower[0].q.weight.data)
    assert found["shape"]["kv"] == 1
    assert shared(found, matrices(apart)) is found


def test_the_package_says_what_it_is(package: Path) -> None:
    card = decoder(package).package.card
    assert card.family == "notes"
    assert [(source.name, source.grade) for source in card.training] == [("songs", "green")]
    assert "--size mini --steps 200" in str(card.made["command"])
    assert {graph.variant for graph in card.graphs} >= {"int8-fused", "int8-portable", "fp32-fused", "fp16-fused"}
    assert abs(card.scores["rounding, nats a note"].value) < 0.1
    assert (package / "LICENSE").exists()
    assert (package / "SOURCE").exists()


@pytest.mark.parametrize(
    ("variants", "allowed"),
    [
        (("fp32-fused", "fp32"), 1e-4),
        (("fp32-portable", "fp32"), 1e-4),
        (("fp16-portable", "fp32"), 5e-3),
        (("int8-fused", "int8"), 0.1),
        (("int8-portable", "int8"), 0.1),
    ],
)
def test_the_package_plays_what_torch_plays(
    variants: tuple[str, ...], allowed: float, package: Path, run: Path, music: Path
) -> None:
    """Every field of every event, heard in three pieces, against the model that was trained."""
    model, _ = export.model_of(run)
    player = decoder(package, variants)
    extra, count = 0.0, 0
    for lesson in next(iter(exam(load(music, ("validation",)), lessons=8).values())):
        rows = torch.from_numpy(lesson.rows)[None]
        with torch.no_grad():
            scores = model(rows[:, :-1], rows[:, 1:])
        wanted = np.stack(
            [
                torch.nn.functional.cross_entropy(one[0], rows[0, 1:, field], reduction="none").numpy()
                for one, field in zip(scores, PREDICTED, strict=True)
            ],
            axis=1,
        )
        memory, half = player.memory(len(lesson.rows)), len(lesson.rows) // 2
        parts = (lesson.rows[:half], lesson.rows[half : half + 1], lesson.rows[half + 1 :])
        heard = np.concatenate([memory.nats(part) for part in parts])[1:]
        counted = lesson.counts[1:] > 0
        extra += float((heard - wanted)[counted].sum())
        count += int((lesson.counts[1:, PREDICTED.index(t.PITCH)] > 0).sum())
    assert count > 20
    assert abs(extra / count) < allowed


def test_lessons_are_the_same_on_every_machine(music: Path) -> None:
    def first() -> int:
        batch = next(Lessons(load(music, ("train",)), seed=5, events=2048).from_pool(0))
        return hash(batch.rows.tobytes())

    assert first() == first()


def test_a_damaged_checkpoint_package_is_not_left_behind(run: Path, music: Path, tmp_path: Path) -> None:
    """A graph that strays from torch ends the export, and the package that was there stays."""
    out = tmp_path / "notes-mini-1"
    out.mkdir()
    (out / "card.json").write_text("the old one")
    spoiled = tmp_path / "run"
    shutil.copytree(run, spoiled)
    state = torch.load(spoiled / "last.pt", weights_only=True)
    state["model"]["lower.0.q.weight"][:] = float("nan")
    torch.save(state, spoiled / "last.pt")
    with pytest.raises(SystemExit):
        export.main([str(spoiled), str(out), "--pack", str(music), "--green"])
    assert (out / "card.json").read_text() == "the old one"


def test_it_fills_a_bar(package: Path, music: Path) -> None:
    window = cut(load(music)[0], 0, 8, None)
    task = Task(window, ((3, 1),))
    takes = Notes(decoder(package)).write(task, [Luck(Chance(1).of(k)) for k in range(3)], Dials(top_p=0.9))
    assert len(takes) == 3
    for rows in takes:
        assert set(bars_of(rows)) <= {3}
        assert set(rows[:, t.SLOT]) <= {1}
