"""Model packages as a musician sees them: listed, checked, and named when they are broken."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bridge import app, cli, doctor, models, paths, resources
from bridge.resources import FolderShelf
from engines.errors import NotThere, Unavailable
from engines.models.faults import ProviderMissing
from engines.models.golden import Case
from engines.models.rack import Rack
from tests.engines.models.doubles import FakeRuntime, Hardware
from tests.engines.models.onnx_writer import heads
from tests.engines.models.packages import HIDDEN, LOGITS, Files, case, put

BOTH: Files = {"int8.onnx": ("heads", "int8-fused", heads()), "portable.onnx": ("heads", "int8-portable", heads())}


@pytest.fixture(autouse=True)
def _own_shelves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """One built-in model, `notes-tiny-1`, and the user's empty folder."""
    put(tmp_path / "presets/models", BOTH)
    shutil.copytree(resources.shipped("presets") / "analysis", tmp_path / "presets/analysis")
    shutil.copytree(resources.shipped("presets") / "songs", tmp_path / "presets/songs")
    monkeypatch.setattr(resources, "shipped", lambda kind: tmp_path / kind)
    app.shelves.cache_clear()
    yield
    app.shelves.cache_clear()


def mine() -> Path:
    return paths.home() / "models"


def partimento(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, Any]:
    code = cli.run(["models", *arguments, "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_what_is_here_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    put(mine(), id="mine-1", params=2_000_000)
    code, out = partimento(capsys, "list")
    assert (code, out["schema"]) == (0, "models/1")
    built_in, own = sorted(out["models"], key=lambda model: model["origin"])
    assert (built_in["id"], built_in["origin"], built_in["plays_on"]) == ("notes-tiny-1", "built in", "cpu")
    assert [graph["variant"] for graph in built_in["graphs"]] == ["int8-fused", "int8-portable"]
    assert (own["id"], own["origin"], own["params"], own["grade"]) == ("mine-1", "yours", 2_000_000, "green")
    assert own["sources"] == [
        {"name": "own songs", "licence": "CC0-1.0", "attribution": "", "grade": "green", "notes": 12}
    ]
    assert cli.run(["models", "list"]) == 0
    text = capsys.readouterr().out
    assert "· mine-1 1.0 (yours): notes, 2.0 M parameters" in text
    assert "learned from own songs (CC0-1.0, green)" in text


def test_a_users_package_stands_in_for_the_built_in_one_and_that_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    put(mine(), licence="CC0-1.0")
    (model,) = partimento(capsys, "list")[1]["models"]
    assert (model["origin"], model["licence"]) == ("yours, instead of the built-in one", "CC0-1.0")


def test_a_users_package_of_another_family_is_found_out(capsys: pytest.CaptureFixture[str]) -> None:
    put(mine(), family="texture")
    code, out = partimento(capsys, "check")
    assert (code, out["models"][0]["error"]["code"]) == (1, "E_MODEL_FAMILY")
    assert out["models"][0]["error"]["hint"]


def test_a_check_runs_every_variant_and_times_it(capsys: pytest.CaptureFixture[str]) -> None:
    code, out = partimento(capsys, "check")
    assert code == 0
    (model,) = out["models"]
    assert model["error"] is None
    assert [(run["variant"], run["chosen"]) for run in model["played"]] == [
        ("int8-fused", True),
        ("int8-portable", False),
    ]
    assert all(run["provider"] == "CPUExecutionProvider" for run in model["played"])
    assert all(run["milliseconds"] > 0 and run["distance"] < run["tolerance"] for run in model["played"])
    assert cli.run(["models", "check"]) == 0
    assert "heads int8-fused on cpu" in capsys.readouterr().out


def _cut(folder: Path) -> None:
    data = (folder / "heads.onnx").read_bytes()
    (folder / "heads.onnx").write_bytes(data[:-9])


def _other_answer(folder: Path) -> None:
    golden = json.loads((folder / "golden.json").read_bytes())
    golden["cases"][0]["outputs"]["logits"] = {"dtype": "float32", "shape": [2, 3], "values": [0, 0, 0, 0, 0, 0]}
    (folder / "golden.json").write_text(json.dumps(golden))


@pytest.mark.parametrize(
    ("damage", "code"),
    [
        (_cut, "E_MODEL_SIZE"),
        (_other_answer, "E_MODEL_ANSWER"),
        (lambda folder: (folder / "card.json").write_text("{}"), "E_MODEL_CARD"),
    ],
)
def test_a_broken_package_is_named_with_its_remedy_and_hides_no_other(
    capsys: pytest.CaptureFixture[str], damage: Callable[[Path], None], code: str
) -> None:
    put(mine(), id="broken-1")
    damage(mine() / "broken-1")
    exit_code, out = partimento(capsys, "check")
    assert exit_code == 1
    broken, whole = out["models"]
    assert (broken["id"], broken["error"]["code"]) == ("broken-1", code)
    assert broken["error"]["hint"]
    assert (whole["id"], whole["error"]) == ("notes-tiny-1", None)
    assert partimento(capsys, "check", "notes-tiny-1")[0] == 0
    assert partimento(capsys, "list")[0] == 0
    (found,) = [each for each in doctor.examine() if each.subject == "model" and each.state != "ok"]
    assert (found.state, found.says, found.remedy) == ("broken", broken["error"]["message"], broken["error"]["hint"])
    assert cli.run(["models", "check"]) == 1
    text = capsys.readouterr().out
    assert f"→ {broken['error']['hint']}" in text
    assert "✓ notes-tiny-1" in text


@pytest.mark.parametrize("name", ["nobody-1", "../models", "", "notes-tiny-1/card.json"])
def test_a_model_that_is_not_there(capsys: pytest.CaptureFixture[str], name: str) -> None:
    code, out = partimento(capsys, "check", name)
    assert code == 1
    assert "error" in out or out["models"][0]["error"]


def test_a_provider_that_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    code, out = partimento(capsys, "check", "--provider", "cuda")
    assert (code, out["error"]["code"]) == (1, "E_PROVIDER")
    assert "[cuda]" in out["error"]["hint"]
    code, out = partimento(capsys, "list", "--provider", "cuda")
    assert code == 0
    assert "no provider 'cuda'" in out["models"][0]["plays_on"]


def test_without_a_runtime_packages_are_listed_and_compared_but_not_played(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def none_here() -> None:
        raise Unavailable("ONNX Runtime is not installed, so models cannot play.", "Install one runtime.")

    monkeypatch.setattr("engines.models.session.installed", none_here)
    code, out = partimento(capsys, "list")
    assert (code, out["models"][0]["plays_on"]) == (0, "ONNX Runtime is not installed, so models cannot play.")
    code, out = partimento(capsys, "check")
    assert (code, out["models"][0]["error"]["code"]) == (1, "E_UNAVAILABLE")
    states = {found.state for found in doctor.examine() if found.subject == "model"}
    assert states == {"missing"}


def test_a_folder_without_models(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    shutil.rmtree(tmp_path / "presets/models")
    assert partimento(capsys, "list") == (0, {"schema": "models/1", "models": []})
    assert cli.run(["models", "list"]) == 0
    assert f"Packages go into {mine()}" in capsys.readouterr().out


def test_wrong_usage() -> None:
    assert cli.run(["models"]) == 2
    assert cli.run(["models", "improve"]) == 2


def test_a_device_that_fails_is_a_note_in_the_check(tmp_path: Path) -> None:
    runtime = FakeRuntime({"cuda": Hardware(opens=False), "cpu": Hardware()})
    shelf = FolderShelf((tmp_path / "presets/models",), "model")
    (model,) = models.check(shelf, Rack(lambda: runtime, runtime.clock))
    assert model.problem is None
    assert [notice.code for notice in model.notices] == ["W_PROVIDER"]
    assert models.played(model) == "heads on cpu as int8-fused, 1.00 ms"
    with pytest.raises(ProviderMissing):
        models.check(shelf, Rack(lambda: runtime, runtime.clock), provider="webgpu")
    with pytest.raises(NotThere):
        models.check(shelf, Rack(lambda: runtime, runtime.clock), ["nobody"])


def test_a_variant_that_engines_do_not_get_is_checked_as_well(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = Case.of("portable.onnx", {"hidden": HIDDEN}, {"logits": LOGITS + np.float32(1)})
    put(mine(), BOTH, id="half-1", cases=[case("int8.onnx"), wrong])
    code, out = partimento(capsys, "check", "half-1")
    assert (code, out["models"][0]["error"]["code"]) == (1, "E_MODEL_ANSWER")


def test_measurements_are_kept_in_the_user_folder(tmp_path: Path) -> None:
    notebook = models.FileNotebook(tmp_path / "home/providers.json")
    assert notebook.read() == b""
    notebook.write(b"one")
    notebook.write(b"two")
    assert notebook.read() == b"two"
    in_the_way = models.FileNotebook(tmp_path / "home/providers.json/x.json")
    in_the_way.write(b"three")
    assert in_the_way.read() == b""


def test_engines_are_given_the_rack_of_this_process() -> None:
    assert Rack.of(app.shelves()) is Rack.of(app.shelves())
