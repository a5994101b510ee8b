"""Put what the benchmarks measured into a model's card.

    python -m training.notes.scores presets/models/notes-tiny-1

Reads benchmarks/results/gates-ID.json and latency.json, and refuses figures that were measured on other graphs than those in
the package.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from bridge.files import atomic
from engines.models.card import Card, Score

RESULTS = Path(__file__).parents[2] / "benchmarks" / "results"
BESIDE = ("copy previous bar", "harmonic-match copy", "oracle of 8 candidates")
METHODS = {
    "model": "fill",
    "model, asked": "fill as asked",
    "copies, ranked": "copies ranked",
    "mixture": "copies and fills ranked",
}


def gates(found: Mapping[str, Any]) -> Iterator[tuple[str, Score]]:
    """Likelihood and F1 of every archive."""
    for archive, rows in found["archives"].items():
        for role, nats in rows["nats"].items():
            if role == "all":
                value, low, high, songs = nats["model"]["note"]
                on = f"test songs of {archive}, {songs:.0f}: position, pitch and length of a hidden bar's notes"
                baselines = {"bigram": nats["bigram"]["note"][0]}
                yield (
                    f"nats a note, {archive}",
                    Score(value=value, unit="nats", low=low, high=high, on=on, baselines=baselines),
                )
        for group, methods in rows["against harmonic match"].items():
            baselines = {name: methods[name]["note_f1"][0] for name in BESIDE}
            for method, name in METHODS.items():
                value, low, high, songs = methods[method]["note_f1"]
                on = f"test songs of {archive}, {songs:.0f}: onset and pitch, {group}"
                yield (
                    f"{name}, {archive}, {group}",
                    Score(value=value, unit="F1", low=low, high=high, on=on, baselines=baselines),
                )


def latency(found: Mapping[str, Any], model: str) -> Iterator[tuple[str, Score]]:
    """Milliseconds of one event in and out at the longest context."""
    machine = found["machine"]["processor"]
    for bench in found["benches"]:
        if bench["model"] == model and bench["threads"] == 1:
            row = [one for one in bench["timings"] if one["what"].startswith("event in and out")][-1]
            on = f"{machine}, {bench['provider']}, one thread; {row['what']}; p50"
            baselines = {"p95": round(row["p95"], 3), "p99": round(row["p99"], 3), "yardsticks": round(row["ratio"], 3)}
            score = Score(value=round(row["p50"], 3), unit="ms", on=on, baselines=baselines)
            yield f"latency, {bench['variant']}, {bench['provider']}", score


def same_graphs(card: Card, measured: Mapping[str, str], what: str) -> None:
    """A figure belongs to the graphs that it was measured on."""
    if {graph.file: graph.sha256 for graph in card.graphs} != dict(measured):
        raise SystemExit(f"{what} was measured on other graphs than those of {card.id}: measure again.")


def main() -> None:
    """Write the card anew."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("package", type=Path)
    parser.add_argument("--results", type=Path, default=RESULTS)
    args = parser.parse_args()
    card = Card.parse((args.package / "card.json").read_bytes())
    quality = json.loads((args.results / f"gates-{card.id}.json").read_text(encoding="utf-8"))
    timing = json.loads((args.results / "latency.json").read_text(encoding="utf-8"))
    same_graphs(card, quality["graphs"], "quality")
    same_graphs(card, timing["models"][card.id]["graphs"], "latency")
    scores = {**card.scores, **dict([*gates(quality), *latency(timing, card.id)])}
    settings = {**card.settings, "trust": quality["trust"], "match": quality["match"]}
    found = msgspec.structs.replace(card, scores=scores, settings=settings)
    atomic.write_files(args.package, {"card.json": found.to_json()})
    print(f"{len(scores)} figures in the card of {card.id}")


if __name__ == "__main__":
    main()
