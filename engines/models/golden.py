"""`golden.json`: what a graph answered on the exporter's machine, and whether it still does."""

from __future__ import annotations

import base64
import binascii
import math
from collections.abc import Mapping
from typing import Annotated, Any, Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

from engines.models.card import Card, DType, Graph, Word, strictly
from engines.models.faults import EXPORT, BadGolden

MAX_BYTES = 8 * 1024 * 1024
MAX_ELEMENTS = 2_000_000

Arrays = Mapping[str, NDArray[Any]]


class Array(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """Numbers with their type and shape: a flat list for a few, base64 of little-endian bytes for many."""

    dtype: DType
    shape: Annotated[tuple[Annotated[int, msgspec.Meta(ge=0, le=MAX_ELEMENTS)], ...], msgspec.Meta(max_length=8)]
    values: tuple[bool | int | float, ...] | None = None
    base64: str | None = None

    @classmethod
    def of(cls, array: NDArray[Any]) -> Array:
        """An array in this form, exactly."""
        raw = np.ascontiguousarray(array, array.dtype.newbyteorder("<"))
        return cls(
            dtype=str(array.dtype),  # type: ignore[arg-type]  # checked where it is read
            shape=tuple(array.shape),
            base64=base64.b64encode(raw.tobytes()).decode(),
        )

    def array(self, name: str) -> NDArray[Any]:
        """The numbers; BadGolden when they are not as many or not of the kind that they should be."""
        count = math.prod(self.shape)
        if count > MAX_ELEMENTS:
            raise BadGolden(
                f"{name!r} in golden.json has {count:,} numbers.", f"The limit is {MAX_ELEMENTS:,}. {EXPORT}"
            )
        if (self.values is None) == (self.base64 is None):
            raise BadGolden(f"{name!r} in golden.json needs either values or base64.", EXPORT)
        kind = np.dtype(self.dtype)
        try:
            if self.base64 is not None:
                flat = np.frombuffer(base64.b64decode(self.base64, validate=True), kind.newbyteorder("<")).astype(kind)
            else:
                flat = _exactly(self.values or (), kind)
        except (binascii.Error, ValueError, OverflowError) as problem:
            raise BadGolden(f"{name!r} in golden.json cannot be read: {problem}.", EXPORT) from problem
        if len(flat) != count:
            raise BadGolden(
                f"{name!r} in golden.json has {len(flat)} numbers where its shape asks for {count}.", EXPORT
            )
        if not np.all(np.isfinite(flat)):
            raise BadGolden(f"{name!r} in golden.json holds numbers that are not finite.", EXPORT)
        return flat.reshape(self.shape)


class Case(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One input and what came out."""

    graph: Word
    """The file name of the graph."""
    inputs: dict[Word, Array]
    outputs: dict[Word, Array]
    """Some of its outputs; a cache need not be repeated."""

    @classmethod
    def of(cls, graph: str, inputs: Arrays, outputs: Arrays) -> Case:
        """A case as the exporter makes it."""
        packed = [{name: Array.of(array) for name, array in side.items()} for side in (inputs, outputs)]
        return cls(graph=graph, inputs=packed[0], outputs=packed[1])

    def feeds(self) -> dict[str, NDArray[Any]]:
        """The inputs as arrays."""
        return {name: packed.array(name) for name, packed in self.inputs.items()}

    def distance(self, answers: Arrays) -> float:
        """How far the answers lie from what they should be: the largest difference of any number; infinite when a shape or
        a type is another one.
        """
        worst = 0.0
        for name, packed in self.outputs.items():
            expected, answer = packed.array(name), answers[name]
            if expected.shape != answer.shape or expected.dtype != answer.dtype:
                return math.inf
            if expected.size:
                difference = np.abs(expected.astype(np.float64) - answer.astype(np.float64)).max()
                worst = max(worst, math.inf if np.isnan(difference) else float(difference))
        return worst


class Golden(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`golden.json`."""

    schema: Literal["golden/1"] = "golden/1"
    cases: Annotated[tuple[Case, ...], msgspec.Meta(min_length=1, max_length=128)]

    @classmethod
    def parse(cls, data: bytes, card: Card) -> Golden:
        """Read it, and see that it fits the card: a case for every graph, every input there, every tensor known."""
        golden = strictly(cls, data, "golden.json", MAX_BYTES, BadGolden)
        graphs = {graph.file: graph for graph in card.graphs}
        for case in golden.cases:
            if case.graph not in graphs:
                raise BadGolden(f"golden.json speaks of {case.graph[:60]!r}, which the card does not have.", EXPORT)
            _fits(case, graphs[case.graph])
        for missing in sorted(graphs.keys() - {case.graph for case in golden.cases}):
            raise BadGolden(f"golden.json has no case for {missing}.", EXPORT)
        return golden

    def to_json(self) -> bytes:
        """As bytes, the same for the same cases."""
        return msgspec.json.encode(self) + b"\n"

    def of(self, graph: Graph) -> tuple[Case, ...]:
        """The cases of one graph."""
        return tuple(case for case in self.cases if case.graph == graph.file)


def _exactly(values: tuple[bool | int | float, ...], kind: np.dtype[Any]) -> NDArray[Any]:
    """A list as an array, refused where a number would change on the way."""
    flat = np.array(values, np.float64 if kind.kind == "f" else np.int64)
    if kind.kind != "f" and any(isinstance(value, float) for value in values):
        raise ValueError(f"fractions among {kind.name}")
    if kind.kind in "iu" and len(flat) and not (np.iinfo(kind).min <= flat.min() and flat.max() <= np.iinfo(kind).max):
        raise ValueError(f"a number outside {kind.name}")
    return flat.astype(kind)


def _fits(case: Case, graph: Graph) -> None:
    inputs = {tensor.name: tensor for tensor in graph.inputs}
    outputs = {tensor.name: tensor for tensor in graph.outputs}
    if set(case.inputs) != set(inputs):
        raise BadGolden(f"A case for {graph.file} in golden.json does not feed exactly its inputs.", EXPORT)
    if not case.outputs or not set(case.outputs) <= set(outputs):
        raise BadGolden(f"A case for {graph.file} in golden.json expects outputs that the card does not have.", EXPORT)
    given = [(inputs[name], packed) for name, packed in case.inputs.items()]
    expected = [(outputs[name], packed) for name, packed in case.outputs.items()]
    for tensor, packed in given + expected:
        lengths = all(isinstance(a, str) or a == n for a, n in zip(tensor.shape, packed.shape, strict=False))
        if packed.dtype != tensor.dtype or len(packed.shape) != len(tensor.shape) or not lengths:
            raise BadGolden(
                f"{tensor.name!r} of {graph.file} in golden.json has another type or shape than the card says.", EXPORT
            )
