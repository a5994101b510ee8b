"""The musician's page keeps its word: ten steps, pictures that are there, actions that ship, commands that are understood."""

from __future__ import annotations

import importlib
import re
import shlex
from pathlib import Path

import pytest

from bridge.cli import VERBS, parser_of
from bridge.reaper.install import actions

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/musician.md").read_text(encoding="utf-8")
GUIDE = PAGE.partition("## From nothing to your first arrangement in REAPER\n")[2].partition("\n## ")[0]
PICTURES = ROOT / "docs/pictures"
SCRIPTS = ROOT / "reaper_scripts"
MOST_BYTES = 60_000


def commands() -> list[str]:
    """Every `partimento …` of the pages that show whole command lines."""
    found: list[str] = []
    for page in (ROOT / "README.md", ROOT / "docs/musician.md", ROOT / "docs/real_reaper_checklist.md"):
        text = page.read_text(encoding="utf-8")
        lines = [line for block in re.findall(r"```\n(.*?)```", text, re.S) for line in block.splitlines()]
        found += [line.strip() for line in lines if line.strip().startswith("partimento ")]
        found += re.findall(r"`(partimento [a-z][^`\n]*)`", text)
    return sorted(set(found))


def test_there_are_ten_steps_and_each_has_a_name() -> None:
    steps = re.findall(r"^(\d+)\. \*\*[^*]+\.\*\* ", GUIDE, re.M)
    assert steps == [str(number) for number in range(1, 11)]


def test_every_picture_that_is_named_is_there_and_every_one_that_is_there_is_named() -> None:
    named = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", PAGE)
    assert all((ROOT / "docs" / name).is_file() for name in named)
    assert sorted(Path(name).name for name in named if name.startswith("pictures/")) == sorted(
        path.name for path in PICTURES.iterdir()
    )


def test_no_picture_of_the_guide_is_heavy() -> None:
    assert [path.name for path in PICTURES.iterdir() if path.stat().st_size > MOST_BYTES] == []


def test_every_name_in_italics_is_an_action_that_ships() -> None:
    shipped = {action.description.removeprefix("partimento: ") for action in actions.shipped(SCRIPTS)}
    named = re.findall(r"(?<!\*)\*([^*\n]+)\*(?!\*)", PAGE)
    assert {"Arrange selected melody", "Doctor", "Show clips"} <= set(named)
    assert set(named) <= shipped
    assert set(re.findall(r"`Script: ([^`]+)`", PAGE)) <= {action.file for action in actions.shipped(SCRIPTS)}


def test_what_the_guide_quotes_is_said_somewhere() -> None:
    said = "\n".join(
        path.read_text(encoding="utf-8")
        for folder, kind in ((SCRIPTS, "*.lua"), (ROOT / "bridge", "*.py"))
        for path in folder.rglob(kind)
    )
    quotes = [" ".join(quote.split()) for quote in re.findall("“([^”]+)”", GUIDE)]
    assert quotes
    assert [quote for quote in quotes if quote not in said] == []


@pytest.mark.parametrize("line", commands())
def test_every_command_is_understood(line: str) -> None:
    _, name, *rest = shlex.split(line)
    verb = next(verb for verb in VERBS if verb.name == name)
    assert verb.module is not None, "this version has no such verb"
    parser_of(verb.name, verb.summary, importlib.import_module(verb.module)).parse_args(rest)
