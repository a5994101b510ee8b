"""What an ONNX file asks for is known before it runs, whatever the file is."""

from __future__ import annotations

import contextlib
import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines.models import onnx_file
from engines.models.card import Tensor
from engines.models.faults import BadOnnx, ExternalData, ModelError, UnknownOperator
from tests.engines.models.onnx_writer import field, graph, heads, model, node, number, outside, tensor, trunk, value

IN = [value("x", "float32", ["n"])]
OUT = [value("y", "float32", ["n"])]


def test_the_outside_of_a_model_is_read() -> None:
    found = onnx_file.read(heads(opset=19))
    assert (found.ir, found.opset, found.external, found.contrib) == (8, 19, (), ())
    assert found.operators == {("", "MatMul"), ("", "Add")}
    assert found.inputs == (Tensor(name="hidden", dtype="float32", shape=("batch", 4)),)
    assert found.outputs == (Tensor(name="logits", dtype="float32", shape=("batch", 3)),)


def test_fused_attention_is_seen() -> None:
    found = onnx_file.read(trunk())
    assert found.contrib == ("GroupQueryAttention",)
    onnx_file.allowed(found, found.contrib, "trunk.onnx")
    with pytest.raises(UnknownOperator, match="GroupQueryAttention"):
        onnx_file.allowed(found, (), "trunk.onnx")


def test_weights_among_the_inputs_are_no_inputs() -> None:
    inputs = [*IN, value("w", "float32", [1])]
    found = onnx_file.read(
        model(graph([node("Mul", ["x", "w"], ["y"])], inputs, OUT, [tensor("w", np.ones(1, np.float32))]))
    )
    assert [each.name for each in found.inputs] == ["x"]


def test_an_axis_without_a_name_is_a_question_mark() -> None:
    bare = field(1, "x") + field(2, field(1, field(1, 1) + field(2, field(1, b""))))
    found = onnx_file.read(model(graph([node("Relu", ["x"], ["y"])], [bare], OUT)))
    assert found.inputs[0].shape == ("?",)


BAD_NODE = node("Exec", ["x"], ["y"], "evil.example")
SUBGRAPH = {"body": field(6, graph([BAD_NODE], [], [])) + field(20, 5)}
SUBGRAPHS = {"bodies": field(11, graph([BAD_NODE], [], [])) + field(20, 10)}
HIDDEN_PLACES = {
    "the graph": model(graph([BAD_NODE], IN, OUT)),
    "a subgraph": model(graph([node("If", ["x"], ["y"], attributes=SUBGRAPH)], IN, OUT)),
    "one of several subgraphs": model(graph([node("If", ["x"], ["y"], attributes=SUBGRAPHS)], IN, OUT)),
    "a second graph": model(graph([node("Relu", ["x"], ["y"])], IN, OUT), more=field(7, graph([BAD_NODE], [], []))),
    "a function": model(graph([], IN, OUT), more=field(25, field(1, "F") + field(7, BAD_NODE) + field(10, "own"))),
    "training": model(graph([], IN, OUT), more=field(20, field(1, graph([BAD_NODE], [], [])))),
    "a function that shadows one of ours": model(
        graph([node("Beam", ["x"], ["y"], "com.microsoft")], IN, OUT),
        more=field(25, field(1, "Beam") + field(10, "com.microsoft")),
    ),
}


@pytest.mark.parametrize("place", HIDDEN_PLACES)
def test_an_unknown_operator_is_found_wherever_it_hides(place: str) -> None:
    with pytest.raises(UnknownOperator) as refused:
        onnx_file.allowed(onnx_file.read(HIDDEN_PLACES[place]), (), "x.onnx")
    assert refused.value.code == "E_MODEL_OPERATOR"
    assert refused.value.hint


def test_a_function_of_its_own_is_no_unknown_operator() -> None:
    own = field(25, field(1, "Twice") + field(7, node("Add", ["a", "a"], ["b"])) + field(10, "own"))
    found = onnx_file.read(model(graph([node("Twice", ["x"], ["y"], "own")], IN, OUT), more=own))
    onnx_file.allowed(found, (), "x.onnx")
    assert found.operators == {("", "Add")}


CONSTANT = {"value": field(5, outside("c", "../../etc/passwd")) + field(20, 4)}
FLAG_ONLY = field(1, 4) + field(2, 1) + field(8, "w") + field(14, 1)
ELSEWHERE = {
    "an initializer": heads(weights=[outside("w", "weights.bin")]),
    "a constant": model(graph([node("Constant", [], ["y"], attributes=CONSTANT)], IN, OUT)),
    "memory of the process": heads(weights=[outside("w", "*/_ORT_MEM_ADDR_/*")]),
    "nowhere in particular": heads(weights=[FLAG_ONLY]),
    "a sparse tensor": model(
        graph([node("Relu", ["x"], ["y"])], IN, OUT)
        + field(15, field(1, outside("w", "w.bin")) + field(2, tensor("", np.zeros(1, np.int64))))
    ),
}


@pytest.mark.parametrize("place", ELSEWHERE)
def test_weights_in_another_file_are_refused(place: str) -> None:
    with pytest.raises(ExternalData) as refused:
        onnx_file.allowed(onnx_file.read(ELSEWHERE[place]), (), "x.onnx")
    assert refused.value.code == "E_MODEL_EXTERNAL"


def nested(levels: int) -> bytes:
    inner = graph([node("Relu", ["x"], ["y"])], [], [])
    for _ in range(levels):
        inner = graph([node("If", ["x"], ["y"], attributes={"b": field(6, inner)})], [], [])
    return model(inner)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not a model",
        b"\x08",
        b"\xff" * 11,
        field(1, 8),
        heads()[:-1],
        heads()[:40],
        b"\x3a" + number(2**40),
        b"\x3b\x00",
        b"\x00\x01",
        field(8, b"\x0a\x01\xff"),
        nested(20),
        field(7, b"\x08\x01" * 1_100_000),
        field(7, graph([], IN, OUT)),
    ],
)
def test_bytes_that_are_no_model(data: bytes) -> None:
    with pytest.raises(BadOnnx) as refused:
        onnx_file.read(data)
    assert refused.value.code == "E_MODEL_ONNX"
    assert refused.value.hint


@given(st.binary(max_size=400))
def test_any_bytes_are_an_error_of_ours_or_a_model(data: bytes) -> None:
    with contextlib.suppress(ModelError):
        onnx_file.read(data)


@pytest.mark.parametrize("whole", [heads(), trunk(), HIDDEN_PLACES["a subgraph"], ELSEWHERE["a sparse tensor"]])
def test_every_truncation_and_many_damages_are_errors_of_ours_or_models(whole: bytes) -> None:
    for length in range(len(whole)):
        with contextlib.suppress(ModelError):
            onnx_file.read(whole[:length])
    luck = random.Random(1)
    for _ in range(2000):
        damaged = bytearray(whole)
        for _ in range(luck.randint(1, 4)):
            damaged[luck.randrange(len(damaged))] ^= 1 << luck.randrange(8)
        with contextlib.suppress(ModelError):
            onnx_file.read(bytes(damaged))
