"""Whole packages in a folder, small enough to read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bridge.resources import FolderShelf
from engines.models.card import Card, Graph, Source, Variant, Vocabulary
from engines.models.golden import Case, Golden
from engines.models.package import Package, graph_of, open_package
from tests.engines.models.onnx_writer import WEIGHT, heads

HIDDEN = np.array([[1, 2, 3, 4], [0, 0, 0, 1]], np.float32)
LOGITS = HIDDEN @ WEIGHT + np.float32(1)

Files = Mapping[str, tuple[str, Variant, bytes]]
ONE: Files = {"heads.onnx": ("heads", "fp32", heads())}


def case(file: str) -> Case:
    return Case.of(file, {"hidden": HIDDEN}, {"logits": LOGITS})


def card_for(graphs: Sequence[Graph], **other: Any) -> Card:
    fields: dict[str, Any] = {
        "id": "notes-tiny-1",
        "family": "notes",
        "version": "1.0",
        "params": 15,
        "vocabulary": Vocabulary(name="notes/1", sha256="1" * 64),
        "context": 512,
        "min_runtime": "1.20",
        "graphs": tuple(graphs),
        "training": (Source(name="own songs", licence="CC0-1.0", grade="green", notes=12),),
        "licence": "MIT",
        "made": {"command": "python -m training.notes export"},
    }
    return Card(**{**fields, **other})


def put(
    models: Path, files: Files = ONE, *, cases: Sequence[Case] = (), tolerance: float = 1e-4, **other: Any
) -> FolderShelf:
    """Write a package as an exporter would; the shelf that it stands on."""
    graphs = [graph_of(role, variant, file, data, tolerance=tolerance) for file, (role, variant, data) in files.items()]
    card = card_for(graphs, **other)
    folder = models / card.id
    folder.mkdir(parents=True)
    (folder / "card.json").write_bytes(card.to_json())
    for file, (_, _, data) in files.items():
        (folder / file).write_bytes(data)
    golden = Golden(cases=tuple(cases or [case(file) for file in files]))
    (folder / "golden.json").write_bytes(golden.to_json())
    (folder / "LICENSE").write_text("MIT")
    (folder / "SOURCE").write_text("made by a test")
    return FolderShelf((models,), "model")


def a_package(models: Path, files: Files = ONE, **other: Any) -> Package:
    return open_package(put(models, files, **other), other.get("id", "notes-tiny-1"))
