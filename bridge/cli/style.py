"""`style`: the style packs that were shipped, and those that a musician builds from files of their own."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bridge.cli.console import Console
from bridge.installing import fitted

EXAMPLE = "partimento style build ~/Music/my-midi --name mine"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to do with what."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="list|build|remove")
    actions.add_parser("list", help="what is here")
    build = actions.add_parser(
        "build", help="a pack from a folder of MIDI files or REAPER projects, or from one project"
    )
    build.add_argument("source", type=Path, metavar="DIR_OR_FILE", help="your music")
    build.add_argument("--name", required=True, metavar="NAME", help="what the style will be called")
    build.add_argument("--replace", action="store_true", help="build a style of that name anew")
    remove = actions.add_parser("remove", help="take a style of yours away")
    remove.add_argument("name", metavar="NAME")
    for action in actions.choices.values():
        action.add_argument(
            "--json", action="store_true", default=argparse.SUPPRESS, help="print one JSON object instead of text"
        )


def run(args: argparse.Namespace, console: Console) -> int:
    """List, build or remove."""
    return {"list": _list, "build": _build, "remove": _remove}[args.action](args, console)


def _list(args: argparse.Namespace, console: Console) -> int:
    from bridge import app, paths, styles

    found = styles.survey(app.shelves().styles)
    console.result({"schema": "styles/1", "styles": [_json(style) for style in found]})
    if not found:
        console.say(f"There are no styles here. Yours go into {paths.home() / 'styles'}.")
    for style in found:
        console.say(*_lines(style))
    return 0


def _build(args: argparse.Namespace, console: Console) -> int:
    from bridge import app, paths, styles

    built = styles.build(args.source, args.name, paths.home() / "styles", app.analyze, console.progress, args.replace)
    card = built.card
    console.result(
        {
            "schema": "style-built/1", "id": card.id, "songs": len(card.songs), "phrases": card.spans, "bytes": card.bytes,
            "left_out": [{"file": file, "why": why} for file, why in built.left_out],
        }
    )  # fmt: skip
    console.say(
        f"{card.id}: {card.spans} phrases of {len(card.songs)} pieces, {card.bytes / 1e6:.1f} MB, in {built.folder}"
    )
    for file, why in built.left_out:
        console.say(f"  left out: {file}: {why}")
    console.say(f"Use it with: partimento arrange LEAD --piano-only --style {card.id}")
    return 0


def _remove(args: argparse.Namespace, console: Console) -> int:
    from bridge import app, styles
    from bridge.resources import FolderShelf

    shelf = app.shelves().styles
    assert isinstance(shelf, FolderShelf), "an installation keeps its styles in folders"
    folder = styles.remove(shelf, args.name)
    console.result({"schema": "style-removed/1", "id": args.name})
    console.say(f"Removed {folder}.")
    return 0


def _lines(style: Any) -> Iterator[str]:
    if style.card is None:
        yield f"✗ {style.id} ({style.origin}): {style.problem.message}"
        yield f"    → {fitted(style.problem.hint)}"
        return
    card = style.card
    of = f"learned with {card.ear.id}" if card.ear else f"of {len(card.songs)} pieces"
    size = f"{card.spans} phrases {of}, {card.bars} bars, {card.bytes / 1e6:.1f} MB"
    yield f"✓ {style.id} ({style.origin}): {size}"
    for origin in card.origins:
        by = f", {origin.attribution}" if origin.attribution else ""
        yield f"    from {origin.name} ({origin.licence}{by})"
    if style.words:
        yield f"    words: {', '.join(style.words)}"


def _json(style: Any) -> dict[str, Any]:
    from bridge.wire import fault

    card = style.card
    return {
        "id": style.id,
        "origin": style.origin,
        "kind": card and card.kind,
        "songs": len(card.songs) if card else 0,
        "phrases": card.spans if card else 0,
        "bars": card.bars if card else 0,
        "bytes": card.bytes if card else 0,
        "words": style.words,
        "sources": [{"name": o.name, "licence": o.licence, "attribution": o.attribution} for o in card.origins]
        if card
        else [],
        "error": fault(style.problem) if style.problem else None,
    }
