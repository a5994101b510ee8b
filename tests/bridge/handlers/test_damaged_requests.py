"""Requests with values changed at random: each ends in a result that can be written, or in one sentence."""

from __future__ import annotations

import copy
import json
import random
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from bridge.handlers import VERBS
from bridge.wire import Request1, decode
from engines.errors import EngineError
from tests.bridge.requests import item, request, track

SOUND = request(
    options={"by_rule": True, "style": "house", "takes": 1},
    chords=[{"qn": 0.0, "symbol": "C"}, {"qn": 8.0, "symbol": "G7"}],
    markers=[{"name": "chord:Am", "qn": 4.0}],
    regions=[{"name": "Verse", "from_qn": 0.0, "to_qn": 16.0}],
    tracks=[
        track([item(), item(at=40.0, guid="{I2}", looped=True, rate=1.5, offset_qn=0.3)]),
        track([item(guid="{I3}", pitches=(36, 38) * 4)], guid="{T2}", name="Drums", role=None),
        track([item(guid="{I4}", source="audio", events=[])], guid="{T3}", name="Loop"),
    ],
)
SELECTIONS: list[dict[str, Any]] = [
    {"tracks": ["{T1}"]}, {"tracks": ["{T2}"]}, {"tracks": ["{T1}", "{T2}", "{T3}"]}, {"items": ["{I1}", "{I2}"]},
    {"tracks": ["{T1}"], "from_qn": 3.0, "to_qn": 9.0}, {"items": ["{I2}"], "from_qn": 40.0, "to_qn": 200.0}, {},
]  # fmt: skip
FRACTIONS = (0.0, -1.0, 1e-9, 0.1, 1.0, 3.0, 7.77, 32.0, 400.0, -1e6, 0.0003)
WHOLES = (0, 1, -5, 16, 2**40)
WORDS = (
    "", " ", "Chords", "MELODY", "{I1}", "{T1}", "90 3c 00", "99 24 60", "b0 40 7f", "e0 00 00", "c0 05", "f0 7e f7", "1/1",
    "255/64", "7/8", "x" * 300, "Ω", "chord:Xx", "N.C.", "drums", "melody", "bass",
)  # fmt: skip


def places(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every value inside."""
    rows = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in rows:
        yield (*at, key)
        yield from places(inner, (*at, key))


def damage(message: dict[str, Any], chance: random.Random) -> None:
    """Change one value for another of its kind."""
    *way, last = chance.choice(list(places(message)))
    home: Any = message
    for key in way:
        home = home[key]
    match home[last]:
        case bool(value):
            home[last] = not value
        case float():
            home[last] = chance.choice(FRACTIONS)
        case int():
            home[last] = chance.choice(WHOLES)
        case str():
            home[last] = chance.choice(WORDS)
        case list(values) if values:
            chance.choice(
                (values.clear, values.pop, lambda: chance.shuffle(values), lambda: values.append(values[0]))
            )()


@pytest.mark.parametrize("verb", sorted(VERBS))
def test_a_damaged_request_ends_in_a_result_or_in_a_sentence(verb: str) -> None:
    chance = random.Random(verb)
    ended = Counter[str]()
    for _ in range(60):
        message = copy.deepcopy(SOUND) | {"verb": verb, "selection": chance.choice(SELECTIONS)}
        for _ in range(chance.randrange(1, 4)):
            damage(message, chance)
        try:
            outcome = VERBS[verb](decode(Request1, json.dumps(message)), lambda progress, said: None)
        except EngineError as problem:
            ended[problem.code] += 1
            continue
        ended["result"] += 1
        for write in json.loads(outcome.result)["writes"]:
            assert write["op"] != "item" or 0 <= write["from_qn"] < write["to_qn"]
            assert all(take["file"] in outcome.clips for take in write.get("takes", ()) if take["file"])
    assert ended["result"] > 10
    assert ended.total() - ended["result"] > 10
