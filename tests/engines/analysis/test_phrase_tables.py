"""The shipped phrase tables, and what happens to a damaged file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engines.analysis.phrase_tables import PhraseTables, cue_names
from engines.errors import SchemaError

SHIPPED = Path(__file__).parents[3] / "presets" / "analysis" / "phrases.json"


@pytest.fixture(scope="module")
def stored() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(SHIPPED.read_text(encoding="utf-8"))
    return found


def test_the_shipped_tables_are_small_and_say_where_they_come_from(stored: dict[str, Any]) -> None:
    assert SHIPPED.stat().st_size < 300_000
    assert "MIT" in stored["about"]["licence"]
    assert "POP909" in stored["about"]["source"]


def test_the_shipped_tables_fit_this_version(stored: dict[str, Any]) -> None:
    tables = PhraseTables.from_json(json.dumps(stored))
    assert (tables.cues, tables.context) == cue_names()
    assert len(tables.lengths) == 16


def test_tables_survive_storage(stored: dict[str, Any]) -> None:
    tables = PhraseTables.from_json(json.dumps(stored))
    again = PhraseTables.from_json(json.dumps(tables.to_dict()))
    assert again.to_dict() == tables.to_dict()
    assert np.array_equal(again.second.threshold, tables.second.threshold)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"schema": "phrases/9"}', '{"schema": "phrases/1"}', "nonsense"])
def test_another_file_is_refused(text: str) -> None:
    with pytest.raises(SchemaError):
        PhraseTables.from_json(text)


@pytest.mark.parametrize("part", ["lines", "search", "kinship"])
@pytest.mark.parametrize("damage", [None, {}, [], "text", 3])
def test_a_damaged_part_is_refused(part: str, damage: object, stored: dict[str, Any]) -> None:
    with pytest.raises(SchemaError):
        PhraseTables.from_json(json.dumps({**stored, part: damage}))


@pytest.mark.parametrize(
    ("part", "key", "damage"),
    [
        ("lines", "cues", ["unheard of"]),
        ("lines", "first", {}),
        ("lines", "second", None),
        ("search", "lengths", []),
        ("search", "lengths", [[1.0]]),
        ("search", "readiness", "eager"),
        ("kinship", "weight", [1.0]),
        ("kinship", "cues", ["tune"]),
        ("kinship", "base", None),
    ],
)
def test_a_damaged_entry_is_refused(part: str, key: str, damage: object, stored: dict[str, Any]) -> None:
    broken = {**stored, part: {**stored[part], key: damage}}
    with pytest.raises(SchemaError):
        PhraseTables.from_json(json.dumps(broken))
