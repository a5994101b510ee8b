"""From a checkpoint to a model package.

    python -m training.notes.export RUN_FOLDER PACKAGE_FOLDER --pack PACK.npz [--green] [--all]

Writes int8 graphs, fused and portable (with --all fp32 and fp16 too), golden cases, LICENSE, SOURCE and the card, after
comparing every graph with the model in torch. `training.notes.scores` adds what benchmarks measured to the card.
"""

from __future__ import annotations

import argparse
import json
import shutil
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import msgspec
import numpy as np
import numpy.typing as npt
import onnx
import onnxruntime
import torch

from bridge.resources import FolderShelf
from engines.models import tokens as t
from engines.models.card import Card, Graph, Score, Source, Variant, Vocabulary
from engines.models.decoder import Decoder
from engines.models.golden import Case, Golden
from engines.models.package import graph_of, open_package
from engines.models.rack import Rack
from engines.models.runtime import Use
from engines.models.session import installed
from engines.models.stack import NEVER, rotary
from training.notes.batches import padded
from training.notes.graphs import head, stack, weights_of
from training.notes.likelihood import exam
from training.notes.model import PREDICTED, NoteDecoder, Shape
from training.notes.pack import load
from training.notes.pieces import SOURCES, Piece
from training.notices import licence_text, source_text
from training.rounding import int8

Arrays = dict[str, npt.NDArray[Any]]
EXACT = 1e-4
"""How far an fp32 graph may lie from torch."""
TOLERANCES = {"fp32": 2e-3, "fp16": 0.1, "int8": 0.5}
"""How far a graph may lie from its golden case on another machine, in spreads of what it answers; a spread of less than one
counts as one."""
GOLDEN_EVENTS, GOLDEN_CAPACITY = 24, 32
VERSION = "1"


@dataclass(frozen=True)
class Made:
    """A graph file on its way into the package."""

    graph: Graph
    case: Case


def model_of(run: Path) -> tuple[NoteDecoder, dict[str, Any]]:
    """The model of a run, with its tables rounded as they are stored."""
    state = torch.load(run / "last.pt", map_location="cpu", weights_only=True)
    model = NoteDecoder(Shape(**state["shape"])).eval()
    model.load_state_dict(state["model"])
    for table in (model.event, model.announced, model.chosen):
        table.weight.data = table.weight.data.half().float()
    return model, state


class Exporter:
    """Writes and judges the graphs of one model."""

    def __init__(self, model: NoteDecoder, rows: npt.NDArray[np.int64], folder: Path) -> None:
        self._model, self._weights, self._folder = model, weights_of(model), folder
        self._rows = rows[:, :GOLDEN_EVENTS]
        self._following = rows[:, 1 : GOLDEN_EVENTS + 1]
        with torch.no_grad():
            low = model.lower_stack(torch.from_numpy(self._rows))
            self._low = low.numpy()
            self._high = model.upper_stack(low, torch.from_numpy(self._following)).numpy()
            scores = model(torch.from_numpy(self._rows), torch.from_numpy(self._following))
        self._scores = [field[0].numpy() for field in scores]

    def graphs(self, variants: tuple[str, ...]) -> Iterator[Made]:
        """Every graph in every variant."""
        for which in ("lower", "upper"):
            for fused in (True, False):
                answers = {"out": self._low if which == "lower" else self._high}
                for precision in variants:
                    half = precision == "fp16"
                    model = stack(self._model, self._weights, which, fused=fused, half=half)
                    variant = f"{precision}-{'fused' if fused else 'portable'}"
                    yield self._made(which, variant, model, self._stack_feeds(which, fused, half), answers)
        for i, field in enumerate(PREDICTED):
            name = t.FIELDS[field].name
            feeds = {"stream": (self._low if field in t.WHEN else self._high)[0]}
            if i:
                feeds["so_far"] = np.ascontiguousarray(self._following[0][:, list(PREDICTED[:i])])
            for precision in variants:
                if precision != "fp16":  # heads stay on the CPU, where halves are slow
                    yield self._made(
                        name, precision, head(self._model, self._weights, i), feeds, {"scores": self._scores[i]}
                    )

    def _made(self, role: str, variant: str, model: onnx.ModelProto, feeds: Arrays, answers: Arrays) -> Made:
        precision = variant.partition("-")[0]
        tolerance = TOLERANCES[precision] * max(1.0, *(float(array.std()) for array in answers.values()))
        if precision == "int8":
            self._judge(f"{role} {variant} before rounding", self._run(model, feeds, answers), answers, EXACT)
            model = int8(model)
        said = self._run(model, feeds, answers)
        self._judge(f"{role} {variant}", said, answers, EXACT if precision == "fp32" else tolerance)
        file = f"{role}.{variant}.onnx"
        data = model.SerializeToString()
        (self._folder / file).write_bytes(data)
        graph = graph_of(role, _variant(variant), file, data, tolerance=round(tolerance, 4))
        return Made(graph, Case.of(file, feeds, said))

    def _judge(self, what: str, said: Arrays, answers: Arrays, allowed: float) -> None:
        apart = max(float(np.abs(said[name] - answers[name]).max()) for name in answers)
        print(f"{what}: {apart:.1e} beside torch")
        if not apart <= allowed:
            raise SystemExit(f"{what} lies {apart:.2g} beside torch; at most {allowed} is allowed.")

    def _stack_feeds(self, which: str, fused: bool, half: bool) -> Arrays:
        """The golden case: the beginning of a stream, with nothing remembered."""
        shape, time = self._model.shape, GOLDEN_EVENTS
        feeds: Arrays = (
            {"rows": self._rows} if which == "lower" else {"stream": self._low, "following": self._following}
        )
        dtype = np.float16 if half else np.float32
        cos, sin = (table.astype(dtype) for table in rotary(GOLDEN_CAPACITY, shape.head))
        past = GOLDEN_CAPACITY if fused else 0
        if fused:
            feeds |= {"last": np.array([time - 1], np.int32), "total": np.array(time, np.int32), "cos": cos, "sin": sin}
        else:
            bias = np.where(np.tri(time, dtype=bool), dtype(0), dtype(NEVER))[None, None, None]
            feeds |= {"bias": bias, "cos": cos[None, None, None, :time], "sin": sin[None, None, None, :time]}
        cache = np.zeros((1, shape.kv, past, shape.head), dtype=dtype)
        return feeds | {f"{kind}_{i}": cache for i in range(getattr(shape, which)) for kind in ("key", "value")}

    def _run(self, model: onnx.ModelProto, feeds: Arrays, answers: Arrays) -> Arrays:
        session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
        return dict(zip(answers, session.run(list(answers), feeds), strict=True))


def _variant(name: str) -> Variant:
    return name  # type: ignore[return-value]  # the card's schema checks it


def sources(pieces: list[Piece]) -> tuple[Source, ...]:
    """What the model has learned from, as its card says it."""
    thanks = {source.archive: source.attribution for source in SOURCES}
    out = []
    for archive, grade in dict.fromkeys((piece.archive, piece.grade) for piece in pieces):
        mine = [piece for piece in pieces if (piece.archive, piece.grade) == (archive, grade)]
        licence, notes = ", ".join(sorted({piece.licence for piece in mine})), sum(len(piece.notes) for piece in mine)
        shade: Literal["green", "amber"] = "green" if grade == "green" else "amber"
        out.append(Source(name=archive, licence=licence, attribution=thanks.get(archive, ""), grade=shade, notes=notes))
    return tuple(out)


def credits_of(pieces: list[Piece]) -> list[str]:
    """Whom a licence asks to name, item by item."""
    return sorted({piece.credit for piece in pieces if piece.credit})


def rounding(package: Path, model: NoteDecoder, judges: list[Piece]) -> Score:
    """What the package that plays pays for hidden notes beyond what the model in torch pays; by lessons that it never saw."""
    shelf = FolderShelf((package.parent,), "model")
    decoder = Decoder(open_package(shelf, package.name), Rack(installed, time.perf_counter), Use(provider="cpu"))
    fields = [PREDICTED.index(field) for field in (t.POSITION, t.PITCH, t.LENGTH)]
    paid, due, notes = 0.0, 0.0, 0
    for lesson in (one for lessons in exam(judges).values() for one in lessons):
        written = np.flatnonzero(lesson.rows[:, t.KIND] == t.Kind.FILL)
        paid += float(decoder.memory(len(lesson.rows)).nats(lesson.rows)[np.ix_(written, fields)].sum())
        rows = torch.from_numpy(lesson.rows)[None]
        with torch.no_grad():
            scores = model(rows[:, :-1], rows[:, 1:])
        for i in fields:
            costs = torch.nn.functional.cross_entropy(scores[i][0], rows[0, 1:, PREDICTED[i]], reduction="none")
            due += float(costs[written - 1].sum())
        notes += len(written)
    on = f"{notes} hidden notes of validation pieces: position, pitch and length, the graphs that play on the CPU"
    fp32 = {"fp32": round(due / max(notes, 1), 4)}
    return Score(value=round((paid - due) / max(notes, 1), 5), unit="nats", on=on, baselines=fp32)


def export(run: Path, out: Path, pieces: list[Piece], judges: list[Piece], variants: tuple[str, ...], id_: str) -> Card:
    """Write the package: everything aside, then in place."""
    model, state = model_of(run)
    lesson = next(
        lesson for lessons in exam(judges).values() for lesson in lessons if len(lesson.rows) > GOLDEN_EVENTS + 1
    )
    rows = padded([lesson], len(lesson.rows) - 1).rows
    aside = out.with_name(out.name + ".part")
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    made = list(Exporter(model, rows, aside).graphs(variants))
    shape = model.config()
    learned = sources(pieces)
    card = Card(
        id=id_,
        family="notes",
        version=VERSION,
        params=sum(w.numel() for w in model.parameters()),
        vocabulary=Vocabulary(name="notes/1", sha256=t.vocabulary_hash()),
        context=shape["context"],
        min_runtime="1.24",
        graphs=tuple(each.graph for each in made),
        settings={name: shape[name] for name in ("width", "lower", "upper", "head", "kv")},
        training=learned,
        licence="MIT",
        made={
            "command": state.get("command", "python -m training.notes.train PACK RUN"),
            "steps": state["step"],
            "torch": str(torch.__version__),
            "onnxruntime": onnxruntime.__version__,
        },
    )
    (aside / "card.json").write_bytes(card.to_json())
    (aside / "golden.json").write_bytes(Golden(cases=tuple(each.case for each in made)).to_json())
    (aside / "LICENSE").write_text(licence_text(learned), encoding="utf-8")
    (aside / "SOURCE").write_text(source_text(learned, credits_of(pieces)), encoding="utf-8")
    shutil.rmtree(out, ignore_errors=True)
    aside.rename(out)
    card = msgspec.structs.replace(card, scores={"rounding, nats a note": rounding(out, model, judges)})
    (out / "card.json").write_bytes(card.to_json())
    return card


def main(words: Sequence[str] | None = None) -> None:
    """Export a run."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("run", type=Path)
    parser.add_argument("out", type=Path, help="the package's folder; its name is the model's id")
    parser.add_argument("--pack", type=Path, required=True, help="what it was trained on")
    parser.add_argument("--green", action="store_true", help="as in training")
    parser.add_argument("--all", action="store_true", help="fp32 and fp16 graphs too")
    args = parser.parse_args(words)
    variants = ("int8", "fp32", "fp16") if args.all else ("int8",)
    learned = load(args.pack, ("train",), green=args.green)
    card = export(args.run, args.out, learned, load(args.pack, ("validation",)), variants, args.out.name)
    lost = card.scores["rounding, nats a note"].value
    print(json.dumps({"id": card.id, "bytes": card.size, "graphs": len(card.graphs), "nats lost": lost}))


if __name__ == "__main__":
    main()
