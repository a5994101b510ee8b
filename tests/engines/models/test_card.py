"""Cards: strict to read, canonical to write, and nothing in them leads elsewhere."""

from __future__ import annotations

import contextlib
import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines.errors import EngineError
from engines.models.card import Card
from engines.models.faults import BadCard, BadPath, UnknownOperator


def a_card() -> dict[str, Any]:
    """A small card, as JSON has it."""
    graph = {
        "role": "trunk", "variant": "int8-fused", "file": "trunk.int8.onnx", "sha256": "0" * 64, "bytes": 1000, "opset": 21,
        "contrib": ["GroupQueryAttention"], "providers": ["cpu"], "tolerance": 1e-3,
        "inputs": [{"name": "fields", "dtype": "int64", "shape": ["batch", "new", 7]}],
        "outputs": [{"name": "hidden", "dtype": "float32", "shape": ["batch", "new", 192]}],
    }  # fmt: skip
    return {
        "schema": "model/1", "id": "notes-tiny-1", "family": "notes", "version": "1.0", "params": 2000000,
        "vocabulary": {"name": "notes/1", "sha256": "1" * 64}, "context": 512, "min_runtime": "1.20",
        "graphs": [graph, {**graph, "variant": "int8-portable", "file": "trunk.portable.onnx", "contrib": []}],
        "settings": {"layers": 4, "dropout": 0.1, "note": "tiny"},
        "training": [{"name": "POP909", "licence": "MIT", "grade": "green", "notes": 12}],
        "licence": "MIT", "made": {"command": "python -m training.notes export", "steps": 200},
        "scores": {"nll": {"value": 3.5, "unit": "nats/note", "low": 3.4, "high": 3.6, "baselines": {"bigram": 6.0}}},
    }  # fmt: skip


def parse(card: dict[str, Any]) -> Card:
    return Card.parse(json.dumps(card).encode())


def test_a_card_says_what_is_in_the_package() -> None:
    card = parse(a_card())
    assert (card.id, card.family, card.roles, card.size, card.grade) == (
        "notes-tiny-1",
        "notes",
        ("trunk",),
        2000,
        "green",
    )
    fused, portable = card.of_role("trunk")
    assert (fused.precision, fused.fused, portable.fused) == ("int8", True, False)
    assert fused.inputs[0].shape == ("batch", "new", 7)
    assert card.scores["nll"].baselines["bigram"] == 6.0


def test_one_amber_source_makes_it_amber() -> None:
    source = {"name": "Slakh", "licence": "CC BY 4.0", "attribution": "Manilow et al.", "grade": "amber"}
    assert parse({**a_card(), "training": [*a_card()["training"], source]}).grade == "amber"


def test_writing_is_canonical_and_reads_back() -> None:
    card = parse(a_card())
    assert Card.parse(card.to_json()) == card
    shuffled = {name: a_card()[name] for name in reversed(a_card())}
    shuffled["settings"] = dict(reversed(shuffled["settings"].items()))
    assert parse(shuffled).to_json() == card.to_json()


def test_the_exporter_is_held_to_the_same_rules() -> None:
    card = parse(a_card())
    with pytest.raises(BadCard):
        msgspec.structs.replace(card, context=0).to_json()
    with pytest.raises(BadPath):
        msgspec.structs.replace(card, graphs=(msgspec.structs.replace(card.graphs[0], file="../x.onnx"),)).to_json()


@pytest.mark.parametrize(
    "name",
    [
        "../trunk.onnx",
        "/etc/passwd.onnx",
        "a/b.onnx",
        "a\\b.onnx",
        "C:x.onnx",
        "..",
        ".hidden.onnx",
        "x.onnx\n",
        "x.bin",
        "",
    ],
)
def test_a_name_that_leads_out_of_the_package_is_refused(name: str) -> None:
    card = a_card()
    card["graphs"][0]["file"] = name
    with pytest.raises(BadPath, match="no plain file name") as refused:
        parse(card)
    assert refused.value.code == "E_MODEL_PATH"
    assert refused.value.hint


def test_an_operator_outside_the_short_list_is_refused() -> None:
    card = a_card()
    card["graphs"][0]["contrib"] = ["BeamSearch"]
    with pytest.raises(UnknownOperator, match="BeamSearch"):
        parse(card)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"colour": "red"}, "colour"),
        ({"schema": "model/2"}, "schema"),
        ({"family": "video"}, "family"),
        ({"id": "../x"}, "id"),
        ({"graphs": []}, "graphs"),
        ({"params": "many"}, "params"),
        ({"min_runtime": "soon"}, "min_runtime"),
        ({"made": {}}, "by which command"),
        ({"graphs": [a_card()["graphs"][0]] * 2}, "same role and variant"),
        ({"graphs": [a_card()["graphs"][0], {**a_card()["graphs"][1], "file": "TRUNK.int8.onnx"}]}, "same file"),
        ({"graphs": [{**a_card()["graphs"][0], "tolerance": 0}]}, "tolerance"),
        ({"graphs": [{**a_card()["graphs"][0], "bytes": 2**31}]}, "bytes"),
        ({"graphs": [{**a_card()["graphs"][0], "inputs": a_card()["graphs"][0]["inputs"] * 2}]}, "same name"),
    ],
)
def test_a_card_that_breaks_a_rule_is_told_which(change: dict[str, Any], says: str) -> None:
    with pytest.raises(BadCard, match=says) as refused:
        parse({**a_card(), **change})
    assert refused.value.hint


@pytest.mark.parametrize("data", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b"null", b" " * 300_000])
def test_bytes_that_are_no_card(data: bytes) -> None:
    with pytest.raises(BadCard):
        Card.parse(data)


@given(st.data())
def test_a_damaged_card_is_an_error_of_ours_or_a_card(data: st.DataObject) -> None:
    text = bytearray(json.dumps(a_card()).encode())
    for _ in range(data.draw(st.integers(1, 4))):
        text[data.draw(st.integers(0, len(text) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(EngineError):
        card = Card.parse(bytes(text))
        assert Card.parse(card.to_json()) == card
