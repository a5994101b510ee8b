"""From a checkpoint to a model package.

    python -m training.texture.export RUN_FOLDER PACKAGE_FOLDER --pack PACK.npz [--green] [--all]

Writes int8 graphs (with --all fp32 too), golden cases, LICENSE, SOURCE and the card, after comparing every graph with the model
in torch. The card gets the gates of the graphs that play, beside those of the model in torch.
"""

from __future__ import annotations

import argparse
import json
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt
import onnxruntime
import torch

from engines.accompaniment.grid import Feeds, ask_feeds, read_feeds, vocabulary_hash
from engines.accompaniment.texture import CONTEXT, VOCABULARY
from engines.models.card import Card, Graph, Score, Variant, Vocabulary
from engines.models.golden import Case, Golden
from engines.models.package import graph_of
from training.notes.export import credits_of, sources
from training.notes.pack import load
from training.notes.pieces import Piece
from training.notices import licence_text, source_text
from training.rounding import int8
from training.texture import graphs
from training.texture.exam import Case as Asked
from training.texture.exam import cases, judged, struck
from training.texture.judge import in_torch, of_package, of_run, torch_graphs
from training.texture.model import TextureModel
from training.texture.return_exam import Return, figures, judged_returns
from training.texture.windows import accompaniment, tabulated

Arrays = dict[str, npt.NDArray[Any]]
EXACT = 1e-4
"""How far an fp32 graph may lie from torch."""
TOLERANCES = {"fp32": 2e-3, "int8": 1.0}
"""How far a graph may lie from its golden case on another machine. Logits of onsets run from about -15 to 5."""
ROUNDED = 2.0
"""How far rounding may move a number; what it costs is judged by the gates."""
VERSION = "1"
GATES = ("returns, pitch", "pitch", "pitch, register hidden", "rhythm, free", "on the chord", "swapped, on the chord")
EXAM = 600


@dataclass(frozen=True)
class Made:
    """A graph file on its way into the package."""

    graph: Graph
    case: Case


def golden_feeds(exam: Sequence[Asked], model: TextureModel) -> tuple[Feeds, Feeds]:
    """What both graphs are asked: two windows, of different length where there are such, over swapped chords."""
    lengths = {sum(case.window.bars): case for case in exam}
    mine = [exam[0], next((case for n, case in lengths.items() if n < sum(exam[0].window.bars)), exam[-1])]
    cues = [case.cue(case.other) for case in mine]
    cues[0] = replace(cues[0], draft=tuple(struck(mine[0].window)))
    read = read_feeds([case.window for case in mine])
    latents = in_torch(model).encode([case.window for case in mine])
    return read, ask_feeds(latents, cues)


class Exporter:
    """Writes and judges the graphs of one model."""

    def __init__(self, model: TextureModel, feeds: tuple[Feeds, Feeds], folder: Path) -> None:
        self._model, self._folder, self._feeds = model, folder, feeds
        self._weights = graphs.weights_of(model)

    def graphs(self, variants: Sequence[Variant]) -> Iterator[Made]:
        """Both graphs in every variant."""
        texture = torch_graphs(self._model)
        for role, feeds in zip(("encode", "decode"), self._feeds, strict=True):
            answers = texture[role](feeds)
            made = getattr(graphs, role)(self._model, self._weights)
            self._judge(f"{role} fp32", self._run(made, feeds), answers, EXACT)
            for variant in variants:
                if variant == "int8":
                    made = int8(made)
                said = self._run(made, feeds)
                self._judge(f"{role} {variant}", said, answers, EXACT if variant == "fp32" else ROUNDED)
                file, data = f"{role}.{variant}.onnx", made.SerializeToString()
                (self._folder / file).write_bytes(data)
                graph = graph_of(role, variant, file, data, tolerance=TOLERANCES[variant])
                yield Made(graph, Case.of(file, feeds, said))

    def _judge(self, what: str, said: Feeds, answers: Feeds, allowed: float) -> None:
        apart = max(float(np.abs(said[name] - answers[name]).max()) for name in answers)
        print(f"{what}: {apart:.1e} beside torch")
        if not apart <= allowed:
            raise SystemExit(f"{what} lies {apart:.2g} beside torch; at most {allowed} is allowed.")

    def _run(self, model: Any, feeds: Feeds) -> Feeds:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads, options.log_severity_level = 1, 4
        session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
        names = [tensor.name for tensor in session.get_outputs()]
        return dict(zip(names, session.run(names, feeds), strict=True))


def heard(pieces: Sequence[Piece]) -> list[Piece]:
    """What was learned from: accompaniments, and pieces that have one."""
    parts = [accompaniment(piece) for piece in pieces]
    return [
        replace(piece, notes=piece.notes[np.isin(piece.notes[:, 0], mine)])
        for piece, mine in zip(pieces, parts, strict=True)
        if mine
    ]


def scores(package: Path, model: TextureModel, exam: Sequence[Asked], returning: Sequence[Return]) -> dict[str, Score]:
    """The gates of the graphs that play, beside those of the model in torch."""
    plays, learned = judged(of_package(package), exam), judged(in_torch(model), exam)
    plays |= judged_returns(of_package(package), returning)
    learned |= judged_returns(in_torch(model), returning)
    on = f"{len(exam)} windows of validation pieces, the graphs that play on the CPU"
    out = {}
    for name in GATES:
        beside = {"fp32": learned[name]}
        if name == "on the chord":
            beside["people"] = learned["on the chord, people"]
        if name == "swapped, on the chord":
            beside["donor unchanged"] = learned["swapped, donor unchanged"]
        if name == "returns, pitch":
            beside |= {"no draft": learned["returns, pitch, no draft"], "rules": learned["returns, pitch, rules"]}
        unit = "share" if name.endswith("chord") else "F1"
        out[name] = Score(value=plays[name], unit=unit, on=on, baselines=beside)
    return out


def export(run: Path, out: Path, pieces: list[Piece], judging: list[Piece], variants: Sequence[Variant]) -> Card:
    """Write the package: everything aside, then in place."""
    model = of_run(run)
    state = torch.load(run / "last.pt", map_location="cpu", weights_only=True)
    unseen = tabulated(judging)
    exam, returning = cases(unseen, EXAM), figures(unseen, EXAM)
    aside = out.with_name(out.name + ".part")
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    made = list(Exporter(model, golden_feeds(exam, model), aside).graphs(variants))
    learned = sources(heard(pieces))
    card = Card(
        id=out.name,
        family="texture",
        version=VERSION,
        params=sum(w.numel() for w in model.parameters()),
        vocabulary=Vocabulary(name=VOCABULARY, sha256=vocabulary_hash()),
        context=CONTEXT,
        min_runtime="1.24",
        graphs=tuple(each.graph for each in made),
        settings=model.config(),
        training=learned,
        licence="MIT",
        made={
            "command": state["command"],
            "steps": state["step"],
            "torch": str(torch.__version__),
            "onnxruntime": onnxruntime.__version__,
        },
    )
    (aside / "card.json").write_bytes(card.to_json())
    (aside / "golden.json").write_bytes(Golden(cases=tuple(each.case for each in made)).to_json())
    (aside / "LICENSE").write_text(licence_text(learned), encoding="utf-8")
    (aside / "SOURCE").write_text(source_text(learned, credits_of(heard(pieces))), encoding="utf-8")
    shutil.rmtree(out, ignore_errors=True)
    aside.rename(out)
    card = msgspec.structs.replace(card, scores=scores(out, model, exam, returning))
    (out / "card.json").write_bytes(card.to_json())
    return card


def main(words: Sequence[str] | None = None) -> None:
    """Export a run."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("run", type=Path)
    parser.add_argument("out", type=Path, help="the package's folder; its name is the model's id")
    parser.add_argument("--pack", type=Path, required=True, help="what it was trained on")
    parser.add_argument("--green", action="store_true", help="as in training")
    parser.add_argument("--all", action="store_true", help="fp32 graphs too")
    args = parser.parse_args(words)
    torch.set_num_threads(1)
    variants: tuple[Variant, ...] = ("fp32", "int8") if args.all else ("int8",)
    card = export(
        args.run, args.out, load(args.pack, ("train",), green=args.green), load(args.pack, ("validation",)), variants
    )
    gates = {name: score.value for name, score in card.scores.items()}
    print(json.dumps({"id": card.id, "bytes": card.size, "graphs": len(card.graphs), "gates": gates}))


if __name__ == "__main__":
    main()
