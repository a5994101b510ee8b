"""The facts behind the double, and that every function it plays has the shape they give."""

from __future__ import annotations

import inspect

import pytest

from tests.reaper.double.dispatch import PARTS
from tests.reaper.double.facts import Signature, Value, functions, gfx_functions, version
from tests.reaper.double.gfx import Gfx


@pytest.mark.parametrize("name", sorted(PARTS))
def test_every_part_takes_what_the_signature_says(name: str) -> None:
    wanted = functions()[name].arguments
    taken = list(inspect.signature(PARTS[name].function).parameters)[1:]
    assert len(taken) == len(wanted), f"{name} takes {[value.name for value in wanted]}"


@pytest.mark.parametrize("name", sorted(n for n in gfx_functions() if hasattr(Gfx, f"_{n}")))
def test_every_drawing_part_takes_what_the_signature_says(name: str) -> None:
    taken = list(inspect.signature(getattr(Gfx, f"_{name}")).parameters.values())[1:]
    assert len(taken) == len(gfx_functions()[name].arguments) or taken[-1].kind is inspect.Parameter.VAR_POSITIONAL


def test_a_signature_knows_what_may_be_left_out() -> None:
    arguments = (Value("take", "MediaItem_Take"), Value("noteidx", "integer"), Value("muted", "boolean", True))
    assert functions()["MIDI_SetNote"].arguments[:2] == arguments[:2]
    assert (functions()["MIDI_SetNote"].required, Signature("f", arguments, ()).required) == (2, 2)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [("7.0", (7, 0, 0)), ("7.02", (7, 2, 0)), ("7.1", (7, 10, 0)), ("5.974", (5, 97, 4)), ("6", (6, 0, 0))],
)
def test_versions_count_in_hundredths(text: str, numbers: tuple[int, ...]) -> None:
    assert version(text) == numbers


def test_the_facts_are_whole() -> None:
    assert (len(functions()), len(gfx_functions())) == (734, 39)
    assert all(value.name and value.type for f in functions().values() for value in (*f.arguments, *f.returns))
