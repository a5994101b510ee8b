"""`reaper`: into REAPER and out again."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bridge.cli.console import Console
from engines.errors import Notice

if TYPE_CHECKING:
    from bridge.reaper.install import Plan
    from bridge.reaper.install.changes import Change

EXAMPLE = "partimento reaper install --dry-run"
MARKS = {"ok": "✓", "missing": "–", "changed": "✗"}
PAST = {"add": "added", "change": "changed", "remove": "removed"}
FUTURE = {"add": "would add", "change": "would change", "remove": "would remove"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to do, and where REAPER keeps its things."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="install|status|remove")
    install = actions.add_parser("install", help="scripts, actions, start-up line, OSC surface, instruments")
    status = actions.add_parser("status", help="what of it is there")
    remove = actions.add_parser("remove", help="take out exactly what install put in")
    for action in (install, status, remove):
        action.add_argument(
            "--resource-path", type=Path, metavar="DIR",
            help="REAPER's resource folder, which holds reaper.ini (default: the one that is found)",
        )  # fmt: skip
        action.add_argument(
            "--json", action="store_true", default=argparse.SUPPRESS, help="print one JSON object instead of text"
        )
    for action in (install, remove):
        action.add_argument("--dry-run", action="store_true", help="show what would change, and change nothing")


def run(args: argparse.Namespace, console: Console) -> int:
    """Install, look, or remove."""
    from bridge.reaper.install import place

    home = place.find(args.resource_path)
    return _status(home, console) if args.action == "status" else _change(home, args, console)


def _change(home: Path, args: argparse.Namespace, console: Console) -> int:
    from bridge.reaper import install

    plan = install.plan_install(home) if args.action == "install" else install.plan_remove(home)
    look = install.running.look()
    if args.dry_run:
        notices = (*_running(look.found), *install.unseen(look), *plan.notices)
    else:
        notices = install.carry_out(home, plan, look) if plan.changes else plan.notices
    console.result(_json(home, args, plan, notices))
    console.say(*_lines(home, args, plan))
    console.notices(notices)
    return 0


def _running(found: Sequence[str]) -> tuple[Notice, ...]:
    if not found:
        return ()
    return (Notice("W_REAPER_RUNS", f"REAPER is running: {', '.join(found)}.", "Close it first when you mean it."),)


def _lines(home: Path, args: argparse.Namespace, plan: Plan) -> Iterator[str]:
    from bridge.reaper.install import changes

    yield f"REAPER's folder: {home}"
    if not plan.changes:
        yield "Everything is as it should be." if args.action == "install" else "Nothing of ours is there."
        return
    if args.dry_run:
        yield from (f"  {FUTURE[change.verb]} {change.name}" for change in plan.changes)
        yield ""
        yield from changes.diff(plan.of_settings()).splitlines()
        return
    yield from (f"  {PAST[change.verb]} {change.name}" for change in plan.of_settings())
    for (verb, folder), count in Counter(_folder(change) for change in plan.changes).items():
        if folder:
            yield f"  {PAST[verb]} {count} file{'s' if count > 1 else ''} in {folder}"
    if args.action == "install":
        yield "Start REAPER: the actions are in its list (press ?, type partimento), the agent runs."
    else:
        yield "Takes and clips of yours stay; keys that you bound to our actions too."


def _folder(change: Change) -> tuple[str, str]:
    """What happens to files of ours, and in which folder; no folder for settings."""
    from bridge.reaper.install.desk import SETTINGS

    return change.verb, "" if change.name in SETTINGS else "/".join(change.name.split("/")[:-1][:2])


def _json(home: Path, args: argparse.Namespace, plan: Plan, notices: tuple[Notice, ...]) -> dict[str, Any]:
    from bridge.hearing import warned
    from bridge.reaper.install import changes

    return {
        "schema": f"reaper-{args.action}/1",
        "resource_path": str(home),
        "dry_run": args.dry_run,
        "changes": [{"file": change.name, "does": change.verb} for change in plan.changes],
        "diff": changes.diff(plan.of_settings()),
        "warnings": warned(notices),
    }


def _status(home: Path, console: Console) -> int:
    from bridge import resources
    from bridge.reaper import install
    from bridge.reaper.install import shipment, state

    found = state.examine(home, shipment.pack(resources.shipped(install.SCRIPTS)))
    look = install.running.look()
    console.result(
        {
            "schema": "reaper-status/1",
            "resource_path": str(home),
            "installed": found.version,
            "whole": found.whole,
            "running": look.found,
            "parts": [{"name": part.name, "state": part.state, "says": part.says} for part in found.parts],
        }
    )
    console.say(f"REAPER's folder: {home}", f"installed: {found.version or 'no'}")
    console.say(*(f"{MARKS[part.state]} {part.name}: {part.says}" for part in found.parts))
    console.say(*(f"REAPER runs: {one}" for one in look.found))
    if not found.whole:
        console.say("    → `partimento reaper install` puts in what is missing.")
    console.notices(install.unseen(look))
    return 0
