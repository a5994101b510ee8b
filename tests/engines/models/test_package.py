"""Opening packages: each thing that can be wrong is named, with what to do about it."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from bridge.resources import FolderShelf
from engines.errors import NotThere
from engines.models import faults
from engines.models.golden import Array, Case, Golden
from engines.models.package import Package, graph_of, open_package, packages
from tests.engines.models.onnx_writer import heads, outside, trunk
from tests.engines.models.packages import HIDDEN, LOGITS, a_package, card_for, case, put

NAME = "notes-tiny-1"


def test_a_package_opens_and_vouches_for_its_graph(tmp_path: Path) -> None:
    package = a_package(tmp_path)
    package.verify()
    (graph,) = package.card.graphs
    assert package.load(graph) == heads()
    assert (graph.opset, graph.inputs[0].shape, graph.contrib) == (17, ("batch", 4), ())
    assert np.array_equal(package.golden.of(graph)[0].feeds()["hidden"], HIDDEN)


def test_a_user_package_shadows_the_built_in_one_whole(tmp_path: Path) -> None:
    put(tmp_path / "built-in")
    put(tmp_path / "mine", licence="mine")
    shelf = FolderShelf((tmp_path / "mine", tmp_path / "built-in"), "model")
    assert open_package(shelf, NAME).card.licence == "mine"
    # A hole in the user's package is not filled from the built-in one.
    (tmp_path / "mine" / NAME / "heads.onnx").unlink()
    with pytest.raises(faults.PartMissing, match=r"has no heads\.onnx"):
        open_package(shelf, NAME)


def test_what_is_broken_does_not_hide_the_others(tmp_path: Path) -> None:
    put(tmp_path)
    put(tmp_path, id="notes-base-1")
    (tmp_path / "notes-base-1/card.json").write_text("{}")
    (tmp_path / "empty").mkdir()
    (tmp_path / "readme.txt").write_text("a note of the user's")
    broken, empty, whole = (found for _, found in packages(FolderShelf((tmp_path,), "model")) if found)
    assert isinstance(empty, faults.BadCard | faults.PartMissing)
    assert isinstance(broken, faults.BadCard | faults.PartMissing)
    assert isinstance(whole, Package)


def _card(folder: Path, **change: object) -> None:
    card = json.loads((folder / "card.json").read_text())
    card["graphs"][0].update(change)
    (folder / "card.json").write_text(json.dumps(card))


def _damage(folder: Path) -> None:
    data = bytearray((folder / "heads.onnx").read_bytes())
    data[-1] ^= 1
    (folder / "heads.onnx").write_bytes(data)


def _vouched(folder: Path, data: bytes) -> None:
    """A file that its card vouches for in size and checksum, whatever is in it."""
    import hashlib

    (folder / "heads.onnx").write_bytes(data)
    _card(folder, bytes=len(data), sha256=hashlib.sha256(data).hexdigest())


def _link(folder: Path) -> None:
    (folder.parent / "secret.onnx").write_bytes(heads())
    (folder / "heads.onnx").unlink()
    (folder / "heads.onnx").symlink_to(folder.parent / "secret.onnx")


def _huge(folder: Path) -> None:
    (folder / "heads.onnx").unlink()
    with (folder / "heads.onnx").open("wb") as file:
        file.truncate(2**31)  # sparse: it takes no room


LIE = [{"name": "hidden", "dtype": "float32", "shape": ["batch", 5]}]
MORE = [{"name": name, "dtype": "float32", "shape": ["batch", 3]} for name in ("logits", "more")]
BAD: dict[str, tuple[Callable[[Path], None], str]] = {
    "a byte is another": (_damage, "E_MODEL_CHECKSUM"),
    "cut short": (lambda f: os.truncate(f / "heads.onnx", 50), "E_MODEL_SIZE"),
    "2 GB long": (_huge, "E_MODEL_SIZE"),
    "cut short before the card was written": (lambda f: _vouched(f, heads()[:50]), "E_MODEL_ONNX"),
    "no onnx": (lambda f: _vouched(f, b"hello"), "E_MODEL_ONNX"),
    "2 GB of external data": (lambda f: _vouched(f, heads(weights=[outside("w", "../w.bin")])), "E_MODEL_EXTERNAL"),
    "an operator that the card hides": (lambda f: _vouched(f, trunk()), "E_MODEL_OPERATOR"),
    "a card that lies about a tensor": (lambda f: _card(f, inputs=LIE), "E_MODEL_SIGNATURE"),
    "a card that lies about the count": (lambda f: _card(f, outputs=MORE), "E_MODEL_SIGNATURE"),
    "a card that lies about the opset": (lambda f: _card(f, opset=18), "E_MODEL_SIGNATURE"),
    "a path with ..": (lambda f: _card(f, file="../../heads.onnx"), "E_MODEL_PATH"),
    "a link out of the package": (_link, "E_MODEL_PATH"),
    "no graph": (lambda f: (f / "heads.onnx").unlink(), "E_MODEL_MISSING"),
    "no licence": (lambda f: (f / "LICENSE").unlink(), "E_MODEL_MISSING"),
    "no source": (lambda f: (f / "SOURCE").unlink(), "E_MODEL_MISSING"),
    "no golden": (lambda f: (f / "golden.json").unlink(), "E_MODEL_MISSING"),
    "an empty golden": (lambda f: _write(f / "golden.json", "{}"), "E_MODEL_GOLDEN"),
    "no card": (lambda f: (f / "card.json").unlink(), "E_MODEL_MISSING"),
    "an endless card": (lambda f: _write(f / "card.json", " " * 300_000), "E_MODEL_CARD"),
}  # fmt: skip


def _write(path: Path, text: str) -> None:
    path.write_text(text)


@pytest.mark.parametrize("what", BAD)
def test_bad_input_has_its_own_error_and_remedy(tmp_path: Path, what: str) -> None:
    shelf = put(tmp_path)
    damage, code = BAD[what]
    damage(tmp_path / NAME)
    with pytest.raises(faults.ModelError) as refused:
        open_package(shelf, NAME).verify()
    assert refused.value.code == code
    assert refused.value.hint
    assert str(tmp_path) not in refused.value.message


def test_another_family_and_another_name(tmp_path: Path) -> None:
    shelf = put(tmp_path)
    assert open_package(shelf, NAME, "notes").id == NAME
    with pytest.raises(faults.WrongFamily, match="texture") as refused:
        open_package(shelf, NAME, "texture")
    assert refused.value.hint
    (tmp_path / NAME).rename(tmp_path / "other")
    with pytest.raises(faults.BadCard, match="holds the model"):
        open_package(shelf, "other")
    with pytest.raises(NotThere):
        open_package(shelf, NAME)
    (tmp_path / "file").touch()
    with pytest.raises(NotThere, match="not a folder"):
        open_package(shelf, "file")


def test_the_exporter_is_refused_what_the_loader_would_refuse() -> None:
    with pytest.raises(faults.ExternalData):
        graph_of("heads", "fp32", "heads.onnx", heads(weights=[outside("w", "w.bin")]), tolerance=1e-4)
    assert graph_of("trunk", "fp32-fused", "t.onnx", trunk(), tolerance=1e-4).contrib == ("GroupQueryAttention",)


SHAPES = arrays.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4)
KINDS = st.sampled_from(["float32", "float16", "int8", "int64", "bool", "uint8"]).flatmap(
    lambda kind: arrays.arrays(
        kind, SHAPES, elements={"allow_nan": False, "allow_infinity": False} if kind.startswith("f") else None
    )
)


@given(KINDS)
def test_arrays_travel_exactly(array: np.ndarray) -> None:  # type: ignore[type-arg]
    back = Array.of(array).array("x")
    assert (back.dtype, back.shape) == (array.dtype, array.shape)
    assert np.array_equal(back, array)


@pytest.mark.parametrize(
    "array",
    [
        Array(dtype="float32", shape=(2,), values=(1.0,)),
        Array(dtype="float32", shape=(1,)),
        Array(dtype="float32", shape=(1,), values=(1.0,), base64="AAAAAA=="),
        Array(dtype="float32", shape=(1,), base64="AAA"),
        Array(dtype="float32", shape=(1,), base64="AAAA"),
        Array(dtype="float32", shape=(1,), base64="AADAfw=="),
        Array(dtype="int8", shape=(1,), values=(200,)),
        Array(dtype="int64", shape=(1,), values=(2**70,)),
        Array(dtype="int8", shape=(1,), values=(0.5,)),
        Array(dtype="int8", shape=(2_000_000, 2_000_000), values=(1,)),
    ],
)
def test_numbers_that_are_not_what_they_say(array: Array) -> None:
    with pytest.raises(faults.BadGolden):
        array.array("x")


def test_a_list_is_as_good_as_base64() -> None:
    assert Array(dtype="int8", shape=(2, 1), values=(1, -2)).array("x").tolist() == [[1], [-2]]
    assert Array(dtype="bool", shape=(1,), values=(True,)).array("x").tolist() == [True]


def test_the_distance_of_an_answer() -> None:
    golden = case("heads.onnx")
    assert golden.distance({"logits": LOGITS}) == 0
    assert golden.distance({"logits": LOGITS + np.float32(0.5)}) == pytest.approx(0.5)
    assert golden.distance({"logits": LOGITS[:1]}) == np.inf
    assert golden.distance({"logits": LOGITS.astype(np.float64)}) == np.inf
    assert golden.distance({"logits": np.full_like(LOGITS, np.nan)}) == np.inf


@pytest.mark.parametrize(
    "cases",
    [
        [Case.of("other.onnx", {"hidden": HIDDEN}, {"logits": LOGITS})],
        [Case.of("heads.onnx", {}, {"logits": LOGITS})],
        [Case.of("heads.onnx", {"hidden": HIDDEN}, {})],
        [Case.of("heads.onnx", {"hidden": HIDDEN}, {"more": LOGITS})],
        [Case.of("heads.onnx", {"hidden": HIDDEN[:, :3]}, {"logits": LOGITS})],
        [Case.of("heads.onnx", {"hidden": HIDDEN.astype(np.float16)}, {"logits": LOGITS})],
    ],
)
def test_golden_cases_fit_the_card(cases: list[Case]) -> None:
    card = card_for([graph_of("heads", "fp32", "heads.onnx", heads(), tolerance=1e-4)])
    with pytest.raises(faults.BadGolden) as refused:
        Golden.parse(Golden(cases=tuple(cases)).to_json(), card)
    assert refused.value.hint


def test_every_graph_has_a_golden_case() -> None:
    graphs = [graph_of("heads", variant, f"{variant}.onnx", heads(), tolerance=1e-4) for variant in ("fp32", "int8")]
    with pytest.raises(faults.BadGolden, match=r"int8\.onnx"):
        Golden.parse(Golden(cases=(case("fp32.onnx"),)).to_json(), card_for(graphs))
