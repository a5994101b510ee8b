"""The command line: verbs only. Each verb parses, calls and prints; the work is done elsewhere."""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, cast

import bridge
from bridge.cli.console import Console


class VerbModule(Protocol):
    """What a verb's module has."""

    EXAMPLE: str

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the verb's own arguments."""
        ...

    def run(self, args: argparse.Namespace, console: Console) -> int:
        """Do it; return the exit code."""
        ...


@dataclass(frozen=True)
class Verb:
    """A verb, without the cost of importing it."""

    name: str
    summary: str
    module: str | None
    """None while this version has no engine for it."""


VERBS = (
    Verb("demo", "write, analyse and draw a shipped song", "bridge.cli.demo"),
    Verb("analyze", "tempo, meter, key, chords, phrases and track roles of a file", "bridge.cli.analyze"),
    Verb("arrange", "lead sheet → piano → band", "bridge.cli.arrange"),
    Verb("orchestrate", "piano, or any texture → chosen instruments", None),
    Verb("fill", "write what is missing in any bars of any tracks", None),
    Verb("plan", "plan and realise a whole song", None),
    Verb("live", "improvise with a player over MIDI ports", None),
    Verb("serve", "the bridge that REAPER talks to", "bridge.cli.serve"),
    Verb("ports", "MIDI ports of this machine", "bridge.cli.ports"),
    Verb("doctor", "what works on this machine, and what to do where it does not", "bridge.cli.doctor"),
    Verb("models", "model packages: list, check", "bridge.cli.models"),
    Verb("style", "style packs: list, build, remove", "bridge.cli.style"),
    Verb("reaper", "install into REAPER: install, status, remove", "bridge.cli.reaper"),
    Verb("bench", "measure this machine beside the published tables", "bridge.cli.bench"),
)


def run(arguments: Sequence[str]) -> int:
    """Parse the command line and run its verb: 0 done, 1 failed, 2 wrong usage."""
    if list(arguments) in (["--version"], ["-V"]):
        sys.stdout.write(f"partimento {bridge.__version__}\n")
        return 0
    verb = next((v for v in VERBS if arguments and v.name == arguments[0]), None)
    if verb is None:
        return _without_verb(arguments)
    if verb.module is None:
        return _not_yet(verb, arguments)
    module = cast(VerbModule, importlib.import_module(verb.module))
    try:
        args = parser_of(verb.name, verb.summary, module).parse_args(arguments[1:])
    except SystemExit as stop:  # argparse has printed the help (0) or the mistake (2)
        return int(stop.code or 0)
    console = Console(json=args.json)
    return console.guard(lambda: module.run(args, console))


def parser_of(name: str, summary: str, module: VerbModule) -> argparse.ArgumentParser:
    """How a verb reads what stands behind it."""
    parser = argparse.ArgumentParser(
        prog=f"partimento {name}",
        description=summary[0].upper() + summary[1:] + ".",
        epilog=f"example: {module.EXAMPLE}",
    )
    module.add_arguments(parser)
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of text")
    return parser


def _without_verb(arguments: Sequence[str]) -> int:
    there = [v for v in VERBS if v.module is not None]
    later = [v for v in VERBS if v.module is None]
    width = max(len(v.name) for v in VERBS) + 2
    lines = [
        f"partimento {bridge.__version__}: plans, arranges, fills and improvises beside REAPER, on this machine alone.",
        "",
        "usage: partimento VERB … [--json]",
        "",
        *(f"  {v.name:<{width}}{v.summary}" for v in there),
        "",
        "not in this version yet: " + ", ".join(v.name for v in later),
        "",
        "`partimento VERB --help` shows a verb's options and an example.",
        "",
    ]
    text = "\n".join(lines)
    if not arguments or arguments[0] in ("--help", "-h", "help"):
        sys.stdout.write(text)
        return 0 if arguments else 2
    import difflib

    near = difflib.get_close_matches(arguments[0], [v.name for v in VERBS], 1)
    sys.stderr.write(f"partimento: there is no verb {arguments[0][:40]!r}.\n")
    sys.stderr.write(f"hint: did you mean `{near[0]}`?\n" if near else "hint: `partimento --help` lists them.\n")
    return 2


def _not_yet(verb: Verb, arguments: Sequence[str]) -> int:
    if "--help" in arguments or "-h" in arguments:
        sys.stdout.write(f"partimento {verb.name}: {verb.summary}. This version has no engine for it yet.\n")
        return 0
    from engines.errors import Unavailable

    def refuse() -> int:
        raise Unavailable(f"`{verb.name}` is not in this version yet.", "`partimento --help` lists the verbs that are.")

    return Console(json="--json" in arguments).guard(refuse)
