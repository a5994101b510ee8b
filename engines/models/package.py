"""A model package on its shelf, opened with suspicion: nothing reaches the runtime that its card has not vouched for."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from engines.api import Shelf
from engines.errors import EngineError, NotThere
from engines.models import card as cards
from engines.models import golden as goldens
from engines.models import onnx_file
from engines.models.card import CONTRIB, Card, Family, Graph, Variant
from engines.models.faults import (
    AGAIN,
    EXPORT,
    BadCard,
    BadPath,
    ModelError,
    PartMissing,
    WrongChecksum,
    WrongFamily,
    WrongSize,
)
from engines.models.golden import Golden

PAPERS = ("LICENSE", "SOURCE")
"""What lies beside every model."""


@dataclass(frozen=True)
class Package:
    """A package whose card has been read and whose files are all there in the right size."""

    card: Card
    folder: str
    """Where it lies."""

    @property
    def id(self) -> str:
        """Its name."""
        return self.card.id

    @cached_property
    def golden(self) -> Golden:
        """What its graphs should answer."""
        return Golden.parse(read_part(self.folder, "golden.json", goldens.MAX_BYTES), self.card)

    def who(self, graph: Graph) -> str:
        """A graph's name in sentences."""
        return f"{self.id}/{graph.file}"

    def load(self, graph: Graph) -> bytes:
        """The bytes of a graph, once size, checksum, operators and tensors are what the card says."""
        data = read_part(self.folder, graph.file, graph.bytes)
        _right_size(self.who(graph), len(data), graph.bytes)
        if hashlib.sha256(data).hexdigest() != graph.sha256:
            raise WrongChecksum(f"{self.who(graph)} is not the file that its card was written for.", AGAIN)
        found = onnx_file.read(data)
        onnx_file.allowed(found, graph.contrib, self.who(graph))
        onnx_file.agrees(found, graph, self.who(graph))
        return data

    def verify(self) -> None:
        """Everything that can be told without running it."""
        for graph in self.card.graphs:
            self.load(graph)
        _ = self.golden


def open_package(shelf: Shelf, name: str, family: Family | None = None) -> Package:
    """The package of that name; what the user put there shadows what was shipped."""
    folder = shelf.path(name)
    if not os.path.isdir(folder):
        raise NotThere(f"The model {name!r} is a file, not a folder.", "A model is a folder with a card.json in it.")
    card = Card.parse(read_part(folder, "card.json", cards.MAX_BYTES))
    if card.id != name:
        raise BadCard(
            f"The folder {name!r} holds the model {card.id!r}.", f"Rename the folder to {card.id}.", path="id"
        )
    if family is not None and card.family != family:
        raise WrongFamily(
            f"The model {name!r} is of the family {card.family!r}; this needs {family!r}.",
            "Remove or rename the package that stands in for the right one; `partimento models list` shows it.",
        )
    for paper in PAPERS:
        _size(folder, paper)
    for graph in card.graphs:
        _right_size(f"{name}/{graph.file}", _size(folder, graph.file), graph.bytes)
    if _size(folder, "golden.json") > goldens.MAX_BYTES:
        raise WrongSize(f"{name}/golden.json is longer than {goldens.MAX_BYTES:,} bytes.", EXPORT)
    return Package(card, folder)


def packages(shelf: Shelf) -> tuple[tuple[str, Package | EngineError], ...]:
    """Every package by name, or why it cannot be opened; one that is broken does not hide the others."""
    out: list[tuple[str, Package | EngineError]] = []
    for name in shelf.ids():
        try:
            if os.path.isdir(shelf.path(name)):
                out.append((name, open_package(shelf, name)))
        except EngineError as problem:
            out.append((name, problem))
    return tuple(out)


def graph_of(
    role: str, variant: Variant, file: str, data: bytes, *, tolerance: float, providers: Sequence[str] = ("cpu",)
) -> Graph:
    """A graph's entry in a card, as its bytes say; this is how the exporter fills cards."""
    found = onnx_file.read(data)
    onnx_file.allowed(found, tuple(CONTRIB.intersection(found.contrib)), file)
    return Graph(
        role=role,
        variant=variant,
        file=file,
        sha256=hashlib.sha256(data).hexdigest(),
        bytes=len(data),
        opset=found.opset,
        contrib=found.contrib,
        providers=tuple(providers),
        tolerance=tolerance,
        inputs=found.inputs,
        outputs=found.outputs,
    )


def read_part(folder: str, name: str, limit: int) -> bytes:
    """A file of a package, no longer than it may be."""
    path = _place(folder, name)
    try:
        with open(path, "rb") as file:
            return file.read(limit + 1)  # one more, so that a file that grew is noticed
    except OSError as problem:
        raise ModelError(
            f"{name} cannot be read: {problem.strerror or problem}.", "Check the file's permissions."
        ) from problem


def _size(folder: str, name: str) -> int:
    try:
        return os.path.getsize(_place(folder, name))
    except OSError as problem:
        raise ModelError(
            f"{name} cannot be read: {problem.strerror or problem}.", "Check the file's permissions."
        ) from problem


def _place(folder: str, name: str) -> str:
    """Where a file of the package lies. A link may not lead out of it."""
    inside, path = os.path.realpath(folder), os.path.realpath(os.path.join(folder, name))
    if os.path.dirname(path) != inside:
        raise BadPath(
            f"{os.path.basename(folder)}/{name} is a link that leads out of its package.",
            "Put the file itself there; do not use packages that point elsewhere.",
            path=name,
        )
    if not os.path.isfile(path):
        raise PartMissing(f"The model {os.path.basename(folder)!r} has no {name}.", AGAIN, path=name)
    return path


def _right_size(who: str, there: int, said: int) -> None:
    if there != said:
        less = "only " if there < said else ""
        shown = f"{there:,}" if there <= said else f"more than {said:,}"
        raise WrongSize(f"{who} has {less}{shown} bytes; its card says {said:,}.", f"It was not copied whole. {AGAIN}")
