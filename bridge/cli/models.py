"""`models`: the model packages that were shipped and those in the user's folder."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import Any

from bridge.cli.console import Console
from bridge.installing import fitted

EXAMPLE = "partimento models check notes-tiny-1 --provider cpu"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to do, with which packages, where."""
    parser.add_argument("action", choices=("list", "check"), help="list: what is here; check: open, compare, time")
    parser.add_argument("names", nargs="*", metavar="MODEL", help="only these (all)")
    parser.add_argument(
        "--provider", default="auto", metavar="NAME", help="auto (measures), cpu, cuda, directml, webgpu, … (auto)"
    )


def run(args: argparse.Namespace, console: Console) -> int:
    """List or check; exit 1 when a package that was checked is broken."""
    from bridge import app, models, paths

    shelf, rack = app.shelves().models, app.rack(args.provider)
    for name in args.names:
        shelf.path(name)
    if args.action == "list":
        found = tuple(model for model in models.survey(shelf, rack) if not args.names or model.id in args.names)
    else:
        found = models.check(shelf, rack, args.names, args.provider)
    console.result({"schema": "models/1", "models": [_json(model) for model in found]})
    if not found:
        console.say(f"There are no models here. Packages go into {paths.home() / 'models'}.")
    for model in found:
        console.say(*_lines(model))
    return 1 if args.action == "check" and any(model.problem for model in found) else 0


def _lines(model: Any) -> Iterator[str]:
    """A package in words."""
    mark = "✗" if model.problem else "✓" if model.played else "·"
    if model.card is None:
        yield f"{mark} {model.id} ({model.origin})"
    else:
        card = model.card
        size = f"{card.params / 1e6:.1f} M parameters, {card.size / 1e6:.1f} MB"
        yield f"{mark} {model.id} {card.version} ({model.origin}): {card.family}, {size}, {card.licence}, {card.grade}"
        for role in card.roles:
            yield f"    {role}: {', '.join(graph.variant for graph in card.of_role(role))}"
        for source in card.training:
            by = f", {source.attribution}" if source.attribution else ""
            yield f"    learned from {source.name} ({source.licence}, {source.grade}{by})"
    if model.plays_on:
        yield f"    plays on: {model.plays_on}"
    for run in model.played:
        where = f"{run.role} {run.variant} on {run.device}"
        yield f"    {where}: {run.milliseconds:.2f} ms, {run.distance:.1e} from golden{' ← used' if run.chosen else ''}"
    if model.problem:
        yield f"    {model.problem.message}"
        if model.problem.hint:
            yield f"    → {fitted(model.problem.hint)}"
    for notice in model.notices:
        yield f"    note: {notice.message} {fitted(notice.hint)}"


def _json(model: Any) -> dict[str, Any]:
    from bridge.hearing import warned
    from bridge.wire import fault

    card = model.card
    return {
        "id": model.id,
        "origin": model.origin,
        "version": card and card.version,
        "family": card and card.family,
        "params": card and card.params,
        "bytes": card and card.size,
        "licence": card and card.licence,
        "grade": card and card.grade,
        "sources": card.training if card else (),
        "graphs": [{"role": g.role, "variant": g.variant, "sha256": g.sha256} for g in card.graphs] if card else [],
        "scores": card.scores if card else {},
        "plays_on": model.plays_on or None,
        "played": model.played,
        "error": fault(model.problem) if model.problem else None,
        "warnings": warned(model.notices),
    }
