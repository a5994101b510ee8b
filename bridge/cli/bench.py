"""`bench`: what models cost on this machine, beside the published figures."""

from __future__ import annotations

import argparse

from bridge.cli.console import Console

EXAMPLE = "partimento bench --model notes-tiny-1"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which models, where."""
    parser.add_argument("--model", metavar="ID", help="only this model (all note decoders)")
    parser.add_argument("--provider", default="cpu", metavar="NAME", help="cpu, cuda, directml, webgpu, … (cpu)")
    parser.add_argument("--threads", type=_threads, default=1, metavar="N", help="threads of the processor, from 1 (1)")


def run(args: argparse.Namespace, console: Console) -> int:
    """Measure and print."""
    from dataclasses import asdict

    from bridge import app, bench, resources
    from bridge.clock import SystemClock
    from engines.errors import NotThere
    from engines.models.package import open_package

    shelf, rack, clock = app.shelves().models, app.rack(args.provider), SystemClock().now
    names = [args.model] if args.model else list(shelf.ids())
    found = [open_package(shelf, name) for name in names]
    decoders = [package for package in found if package.card.family == "notes"]
    if not decoders:
        raise NotThere("There is no note decoder to measure here.", "`partimento models list` shows what is installed.")
    benches = [
        bench.measure(package, rack, clock, variant, args.provider, args.threads)
        for package in decoders
        for variant in bench.variants(package)
    ]
    published = resources.published("latency.md")
    console.result({"schema": "bench/1", "benches": [asdict(one) for one in benches], "published": published})
    console.say("This machine", "", *bench.lines_of(benches))
    if published:
        console.say("", "Published", "", *published.splitlines())
    return 0


def _threads(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} threads: one is the fewest")
    return int(text)
