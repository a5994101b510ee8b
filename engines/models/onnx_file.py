"""What an ONNX file asks for, found without running it: opsets, operators, tensors, and whether it reaches for other files.

Field numbers are those of onnx.proto. A repeated occurrence of a field that should stand once is walked like the first, as
protobuf would merge the two: nothing can be hidden behind a second one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

from engines.models.card import CONTRIB, Axis, DType, Graph, Tensor
from engines.models.faults import EXPORT, ExternalData, UnknownOperator, WrongSignature
from engines.models.protobuf import Walk, blob, damaged, text, whole

DTYPES = {
    1: "float32", 2: "uint8", 3: "int8", 4: "uint16", 5: "int16", 6: "int32", 7: "int64", 9: "bool", 10: "float16",
    11: "float64", 12: "uint32", 13: "uint64",
}  # fmt: skip
STANDARD = ("", "ai.onnx")
MICROSOFT = "com.microsoft"


@dataclass(frozen=True)
class OnnxFile:
    """The outside of a model."""

    ir: int
    """Version of the file format."""
    opsets: Mapping[str, int]
    """By domain; the standard one is the empty name."""
    operators: frozenset[tuple[str, str]]
    """(domain, name) of everything it computes with, in subgraphs and functions too, less its own functions."""
    external: tuple[str, ...]
    """Where tensors would be read from, for those that lie outside the file."""
    inputs: tuple[Tensor, ...]
    outputs: tuple[Tensor, ...]

    @property
    def opset(self) -> int:
        """Of the standard domain."""
        return self.opsets.get("", 0)

    @property
    def contrib(self) -> tuple[str, ...]:
        """The operators of ONNX Runtime's own, sorted."""
        return tuple(sorted(name for domain, name in self.operators if domain == MICROSOFT))


def read(data: bytes) -> OnnxFile:
    """Walk a file. BadOnnx when it is none."""
    reader = _Reader()
    reader.model(memoryview(data))
    if not reader.graphs:
        raise damaged("there is no graph in it")
    if "" not in reader.opsets:
        raise damaged("it does not say which operators it is written for")
    weights = reader.initializers
    return OnnxFile(
        reader.ir,
        reader.opsets,
        frozenset(reader.operators - reader.functions),
        tuple(dict.fromkeys(reader.external)),
        tuple(tensor for tensor in reader.inputs if tensor.name not in weights),
        tuple(reader.outputs),
    )


def allowed(file: OnnxFile, contrib: tuple[str, ...], who: str) -> None:
    """Refuse what no package may have: weights elsewhere, and operators outside the list."""
    if file.external:
        raise ExternalData(
            f"{who} would read its weights from another file ({file.external[0][:60]!r}).",
            f"All weights must lie inside the graph. {EXPORT}",
        )
    for domain, name in sorted(file.operators):
        if domain in STANDARD or (domain == MICROSOFT and name in contrib):
            continue
        if domain == MICROSOFT and name in CONTRIB:
            remedy = "Its card does not name that operator. " + EXPORT
        else:
            remedy = "Use a package that keeps to standard ONNX and the few operators listed in docs/training.md."
        raise UnknownOperator(f"{who} uses the operator {domain or 'ai.onnx'}:{name}, which is not allowed.", remedy)


def agrees(file: OnnxFile, graph: Graph, who: str) -> None:
    """Refuse a card that says something else than the file."""
    if file.opset != graph.opset:
        raise _lie(who, f"opset {graph.opset}", f"opset {file.opset}")
    for side, said, there in (("input", graph.inputs, file.inputs), ("output", graph.outputs, file.outputs)):
        same_tensors(side, said, there, who)


def same_tensors(side: str, said: tuple[Tensor, ...], there: tuple[Tensor, ...], who: str) -> None:
    """Refuse tensors that differ from those of the card, by name, type, length or order."""
    for one, other in zip(said, there, strict=False):
        if one != other:
            raise _lie(who, f"the {side} {_shown(one)}", _shown(other))
    if len(said) != len(there):
        raise _lie(who, f"{len(said)} {side}s", str(len(there)))


def _lie(who: str, said: str, found: str) -> WrongSignature:
    return WrongSignature(f"The card of {who} promises {said}, but the graph has {found}.", EXPORT)


def _shown(tensor: Tensor) -> str:
    return f"{tensor.name[:40]}: {tensor.dtype}[{', '.join(str(axis)[:20] for axis in tensor.shape)}]"


@dataclass
class _Reader:
    """Gathers while it walks."""

    ir: int = 0
    opsets: dict[str, int] = field(default_factory=dict)
    operators: set[tuple[str, str]] = field(default_factory=set)
    functions: set[tuple[str, str]] = field(default_factory=set)
    external: list[str] = field(default_factory=list)
    initializers: set[str] = field(default_factory=set)
    inputs: list[Tensor] = field(default_factory=list)
    outputs: list[Tensor] = field(default_factory=list)
    graphs: int = 0
    walk: Walk = field(default_factory=Walk)

    def model(self, data: memoryview) -> None:
        for number, value in self.walk.fields(data, 0):
            if number == 1:
                self.ir = whole(value)
            elif number == 7:
                self.graphs += 1
                self.graph(blob(value), 1, top=True)
            elif number == 8:
                self.opset(blob(value))
            elif number == 20:  # training information holds graphs of its own
                for part, graph in self.walk.fields(blob(value), 1):
                    if part in (1, 2):
                        self.graph(blob(graph), 2)
            elif number == 25:
                self.function(blob(value))

    def opset(self, data: memoryview) -> None:
        domain, version = "", 0
        for number, value in self.walk.fields(data, 1):
            if number == 1:
                domain = text(value)
            elif number == 2:
                version = whole(value)
        domain = "" if domain in STANDARD else domain
        self.opsets[domain] = max(version, self.opsets.get(domain, 0))

    def function(self, data: memoryview) -> None:
        name = domain = ""
        for number, value in self.walk.fields(data, 1):
            if number == 1:
                name = text(value)
            elif number == 10:
                domain = text(value)
            elif number == 7:
                self.node(blob(value), 2)
            elif number == 9:
                self.opset(blob(value))
            elif number == 11:
                self.attribute(blob(value), 2)
        # A function may not stand in for an operator of a known domain: what it does would hide what is checked.
        if domain not in (*STANDARD, MICROSOFT):
            self.functions.add((domain, name))

    def graph(self, data: memoryview, depth: int, top: bool = False) -> None:
        for number, value in self.walk.fields(data, depth):
            if number == 1:
                self.node(blob(value), depth + 1)
            elif number == 5:
                name = self.tensor(blob(value), depth + 1)
                if top:
                    self.initializers.add(name)
            elif number == 15:
                self.sparse(blob(value), depth + 1)
            elif number in (11, 12) and top:
                (self.inputs if number == 11 else self.outputs).append(self.value(blob(value), depth + 1))

    def node(self, data: memoryview, depth: int) -> None:
        domain = name = ""
        for number, value in self.walk.fields(data, depth):
            if number == 4:
                name = text(value)
            elif number == 7:
                domain = text(value)
            elif number == 5:
                self.attribute(blob(value), depth + 1)
        self.operators.add(("" if domain in STANDARD else domain, name))
        if len(self.operators) > 2000:
            raise damaged("it names thousands of operators")

    def attribute(self, data: memoryview, depth: int) -> None:
        for number, value in self.walk.fields(data, depth):
            if number in (5, 10):
                self.tensor(blob(value), depth + 1)
            elif number in (6, 11):
                self.graph(blob(value), depth + 1)
            elif number in (22, 23):
                self.sparse(blob(value), depth + 1)

    def sparse(self, data: memoryview, depth: int) -> None:
        for number, value in self.walk.fields(data, depth):
            if number in (1, 2):
                name = self.tensor(blob(value), depth + 1)
                if number == 1:
                    self.initializers.add(name)

    def tensor(self, data: memoryview, depth: int) -> str:
        name, where, outside = "", "", False
        for number, value in self.walk.fields(data, depth):
            if number == 8:
                name = text(value)
            elif number == 13:
                outside = True
                where = self.location(blob(value), depth + 1) or where
            elif number == 14:
                outside = outside or whole(value) != 0
        if outside:
            self.external.append(where or name)
        return name

    def location(self, data: memoryview, depth: int) -> str:
        entry = dict.fromkeys((1, 2), "")
        for number, value in self.walk.fields(data, depth):
            if number in entry:
                entry[number] = text(value)
        return entry[2] if entry[1] == "location" else ""

    def value(self, data: memoryview, depth: int) -> Tensor:
        name, dtype = "", "no tensor"
        shape: list[Axis] = []
        for number, value in self.walk.fields(data, depth):
            if number == 1:
                name = text(value)
            elif number == 2:
                for kind, type_ in self.walk.fields(blob(value), depth + 1):
                    if kind == 1:
                        dtype = self.tensor_type(blob(type_), depth + 2, shape)
        return Tensor(name=name, dtype=cast(DType, dtype), shape=tuple(shape))

    def tensor_type(self, data: memoryview, depth: int, shape: list[Axis]) -> str:
        dtype = "no type"
        for number, value in self.walk.fields(data, depth):
            if number == 1:
                dtype = DTYPES.get(whole(value), f"type {whole(value)}")
            elif number == 2:
                for part, axis in self.walk.fields(blob(value), depth + 1):
                    if part == 1:
                        shape.append(self.axis(blob(axis), depth + 2))
        return dtype

    def axis(self, data: memoryview, depth: int) -> Axis:
        length: Axis = "?"
        for number, value in self.walk.fields(data, depth):
            if number == 1:
                length = whole(value)
            elif number == 2:
                length = text(value) or "?"
        return length
