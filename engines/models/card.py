"""The card of a model package: what is in it, what it needs, what it learned from and how well it does.

Cards are written by the exporter through `Card.to_json`, never by hand, and are read strictly: an unknown field, a name that
leads out of the package or an operator outside the short list is refused before any other file is opened.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Literal, TypeVar

import msgspec

from engines.errors import EngineError
from engines.models.faults import EXPORT, BadCard, BadPath, UnknownOperator

MAX_BYTES = 256 * 1024
"""The longest card that is read."""
MAX_GRAPH_BYTES = 200_000_000
"""The longest graph that is read; weights lie inside, so anything near the 2 GB of protobuf is no model of ours."""

CONTRIB = frozenset(
    {
        "Attention", "BiasGelu", "DynamicQuantizeMatMul", "FastGelu", "FusedMatMul", "Gelu", "GroupQueryAttention",
        "MatMulIntegerToFloat", "MatMulNBits", "MultiHeadAttention", "QuickGelu", "RotaryEmbedding", "SkipLayerNormalization",
        "SkipSimplifiedLayerNormalization",
    }
)  # fmt: skip
"""Operators of the domain `com.microsoft` that a card may ask for."""

Family = Literal["notes", "texture", "function"]
Variant = Literal[
    "fp32", "fp32-fused", "fp32-portable", "fp16", "fp16-fused", "fp16-portable", "int8", "int8-fused", "int8-portable"
]
DType = Literal[
    "bool", "float16", "float32", "float64", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"
]
Text = Annotated[str, msgspec.Meta(max_length=4096)]
Word = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Name = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,63}\Z")]
Sha256 = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}\Z")]
Release = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{1,4}(\.[0-9]{1,4}){0,2}\Z")]
Count = Annotated[int, msgspec.Meta(ge=0, le=2**53)]
Axis = Annotated[int, msgspec.Meta(ge=0, le=2**31)] | Word
Setting = int | float | Text

_FILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}\.onnx", re.ASCII)


class _Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A piece of a card."""


class Tensor(_Part, frozen=True, kw_only=True):
    """One input or output of a graph."""

    name: Word
    dtype: DType
    shape: Annotated[tuple[Axis, ...], msgspec.Meta(max_length=8)]
    """A length for each axis; the name of an axis that varies; `?` where it varies without a name."""


class Graph(_Part, frozen=True, kw_only=True):
    """One ONNX file of the package."""

    role: Name
    """What it does among the graphs of the package: `trunk`, `heads`, `encode`."""
    variant: Variant
    """Its precision; `-fused` uses attention operators of ONNX Runtime's own, `-portable` none."""
    file: Annotated[str, msgspec.Meta(max_length=1024)]
    """A bare file name in the package."""
    sha256: Sha256
    bytes: Annotated[int, msgspec.Meta(ge=1, le=MAX_GRAPH_BYTES)]
    opset: Annotated[int, msgspec.Meta(ge=1, le=1000)]
    """Of the standard domain."""
    contrib: Annotated[tuple[Word, ...], msgspec.Meta(max_length=64)] = ()
    """The operators of `com.microsoft` that it uses, sorted."""
    providers: Annotated[tuple[Word, ...], msgspec.Meta(max_length=16)] = ()
    """Where it was tested when it was exported: `cpu`, `cuda`."""
    tolerance: Annotated[float, msgspec.Meta(gt=0.0, le=10.0)]
    """How far an output may lie from its golden value, in the output's own unit. It belongs to the graph because int8 strays
    further from one processor to the next than fp32."""
    inputs: Annotated[tuple[Tensor, ...], msgspec.Meta(min_length=1, max_length=512)]
    outputs: Annotated[tuple[Tensor, ...], msgspec.Meta(min_length=1, max_length=512)]

    @property
    def precision(self) -> str:
        """`fp32`, `fp16` or `int8`."""
        return self.variant.partition("-")[0]

    @property
    def fused(self) -> bool:
        """Whether its attention keeps past and present in one buffer."""
        return self.variant.endswith("-fused")


class Vocabulary(_Part, frozen=True, kw_only=True):
    """What its numbers mean."""

    name: Word
    sha256: Sha256
    """Of the vocabulary's own canonical form; a package with another one speaks another language."""


class Source(_Part, frozen=True, kw_only=True):
    """A collection of music that it learned from."""

    name: Word
    licence: Word
    attribution: Text = ""
    """As the licence asks for it."""
    grade: Literal["green", "amber"]
    """Green may be shipped without doubt; amber has a condition, which the licence or attribution states."""
    notes: Count = 0
    """How many notes of it were heard."""


class Score(_Part, frozen=True, kw_only=True):
    """A measured figure beside what it has to beat."""

    value: float
    unit: Word | None = None
    low: float | None = None
    """The lower end of its 95 % interval."""
    high: float | None = None
    on: Text = ""
    """What it was measured on, and how many pieces."""
    baselines: Annotated[dict[Word, float], msgspec.Meta(max_length=64)] = {}
    """The same figure for simpler means."""


class Card(_Part, frozen=True, kw_only=True):
    """`card.json`."""

    schema: Literal["model/1"] = "model/1"
    id: Name
    """Also the name of its folder."""
    family: Family
    version: Release
    params: Count
    """Weights, counted once although several graphs hold them."""
    vocabulary: Vocabulary
    context: Annotated[int, msgspec.Meta(ge=1, le=10**7)]
    """The most events (notes family) or windows (the others) in one call."""
    min_runtime: Release
    """The first release of ONNX Runtime that runs it."""
    max_runtime: Release | None = None
    """The first release that does not, where one is known."""
    graphs: Annotated[tuple[Graph, ...], msgspec.Meta(min_length=1, max_length=32)]
    settings: Annotated[dict[Word, Setting], msgspec.Meta(max_length=256)] = {}
    """Its shape and whatever the engine must know to feed it: layers, width, heads, table sizes."""
    training: Annotated[tuple[Source, ...], msgspec.Meta(max_length=256)]
    licence: Word
    """Of the weights."""
    scores: Annotated[dict[Word, Score], msgspec.Meta(max_length=256)] = {}
    made: Annotated[dict[Word, Setting], msgspec.Meta(max_length=64)]
    """How: `command` at least; versions, seed, steps, minutes, machine."""

    @classmethod
    def parse(cls, data: bytes) -> Card:
        """Read a card, or say what is wrong with it and where."""
        card = strictly(cls, data, "card.json", MAX_BYTES)
        _check(card)
        return card

    def to_json(self) -> bytes:
        """The canonical form: fields in the order of this page, tables sorted, so that equal cards are equal bytes."""
        _check(self)
        sorted_ = msgspec.structs.replace(
            self,
            settings=dict(sorted(self.settings.items())),
            made=dict(sorted(self.made.items())),
            scores={
                name: msgspec.structs.replace(score, baselines=dict(sorted(score.baselines.items())))
                for name, score in sorted(self.scores.items())
            },
        )
        text = msgspec.json.format(msgspec.json.encode(sorted_), indent=1) + b"\n"
        Card.parse(text)  # whatever the exporter put together by hand is held to the same rules
        return text

    @property
    def roles(self) -> tuple[str, ...]:
        """What its graphs do, in order of appearance."""
        return tuple(dict.fromkeys(graph.role for graph in self.graphs))

    @property
    def size(self) -> int:
        """All graphs together, in bytes."""
        return sum(graph.bytes for graph in self.graphs)

    @property
    def grade(self) -> str:
        """`amber` as soon as one of its sources is."""
        return "amber" if any(source.grade == "amber" for source in self.training) else "green"

    def of_role(self, role: str) -> tuple[Graph, ...]:
        """The variants of one role; BadCard when there is none."""
        found = tuple(graph for graph in self.graphs if graph.role == role)
        if not found:
            raise BadCard(f"The model {self.id} has no graph {role!r}.", f"It has: {', '.join(self.roles)}.")
        return found


T = TypeVar("T")


def strictly(
    kind: type[T], data: bytes, what: str, limit: int, fault: type[EngineError] = BadCard, hint: str = EXPORT
) -> T:
    """Read one JSON shape strictly, or say in one sentence what is wrong with it and where."""
    if len(data) > limit:
        raise fault(f"{what} has {len(data):,} bytes.", f"The limit is {limit:,}. {hint}", path=what)
    try:
        return msgspec.json.decode(data, type=kind, strict=True)
    except RecursionError as problem:
        raise fault(f"{what} is nested too deeply.", hint, path=what) from problem
    except msgspec.ValidationError as problem:
        sentence, _, where = str(problem).partition(" - at ")
        place = re.sub(r"^`\$\.?|`$", "", where)
        raise fault(
            f"{what} does not follow its schema{f' at {place}' if place else ''}: {sentence}.",
            hint,
            path=place or what,
        ) from problem
    except (msgspec.DecodeError, UnicodeDecodeError) as problem:
        raise fault(f"{what} is not JSON: {problem}.", hint, path=what) from problem


def _check(card: Card) -> None:
    """What a schema cannot say."""
    for graph in card.graphs:
        if not _FILE.fullmatch(graph.file):
            raise BadPath(
                f"The card of {card.id} names {graph.file[:80]!r}, which is no plain file name.",
                "A graph is a bare `.onnx` name inside the package; do not use packages that point elsewhere.",
                path=f"graphs[{graph.role}].file",
            )
        strange = sorted(set(graph.contrib) - CONTRIB)
        if strange:
            raise UnknownOperator(
                f"The card of {card.id} asks for the operator {strange[0]!r}, which is not allowed.",
                f"Export it without; allowed beside standard ONNX are: {', '.join(sorted(CONTRIB))}.",
                path=f"graphs[{graph.role}].contrib",
            )
    for what, problem in _contradictions(card):
        raise BadCard(f"The card of {card.id} contradicts itself: {problem}.", EXPORT, path=what)


def _contradictions(card: Card) -> Iterator[tuple[str, str]]:
    names = [(graph.role, graph.variant) for graph in card.graphs]
    if len(set(names)) != len(names):
        yield "graphs", "two graphs have the same role and variant"
    # Two names that differ in case are one file on Windows and macOS.
    if len({graph.file.lower() for graph in card.graphs}) != len(names):
        yield "graphs", "two graphs have the same file"
    for graph in card.graphs:
        for side in (graph.inputs, graph.outputs):
            if len({tensor.name for tensor in side}) != len(side):
                yield f"graphs[{graph.role}]", "two tensors have the same name"
    if "command" not in card.made:
        yield "made", "it does not say by which command it was made"
