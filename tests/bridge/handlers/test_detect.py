"""`detect`: a Chords track and regions from what is there."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import pytest

from bridge.handlers import detect
from bridge.wire import Request1, decode, encode
from engines.errors import NotThere
from tests.bridge.requests import item, request, track


def detected(**more: Any) -> dict[str, Any]:
    message = decode(Request1, encode(request(verb="detect", **more)))
    outcome = detect.run(message, lambda progress, message: None)
    assert outcome.clips == {}
    result: dict[str, Any] = json.loads(outcome.result)
    return result


def ops(result: dict[str, Any], op: str) -> list[dict[str, Any]]:
    return [write for write in result["writes"] if write["op"] == op]


def test_chords_become_named_items_without_notes_end_to_end() -> None:
    result = detected()
    (chords,) = ops(result, "track")
    items = ops(result, "item")
    assert (chords["name"], chords["key"]) == ("Chords", "chords")
    assert items[0]["from_qn"] == 0.0
    assert items[-1]["to_qn"] == 32.0
    assert all(before["to_qn"] == after["from_qn"] for before, after in pairwise(items))
    assert all(each["takes"][0]["file"] is None and each["takes"][0]["name"] for each in items)
    assert result["report"]["analysis"]["schema"] == "analysis/1"


def test_phrases_become_regions() -> None:
    regions = ops(detected(), "region")
    assert regions
    assert regions[0]["from_qn"] == 0.0
    assert regions[-1]["to_qn"] == 32.0


def test_a_chords_track_that_is_empty_is_filled_and_no_second_one_made() -> None:
    waits = track([], guid="{C}", name=" chords")
    result = detected(tracks=[track([item()]), waits])
    assert ops(result, "track") == []
    assert {each["track"] for each in ops(result, "item")} == {"{C}"}
    assert result["expects"]["targets"] == ["{C}"]


@pytest.mark.parametrize(
    "more",
    [{"muted": True}, {"items": [item(guid="{B}", pitches=(36,) * 16)]}, {"said": [{"qn": 0.0, "symbol": "solo!"}]}],
)
def test_a_chords_track_with_something_in_it_is_left_alone(more: dict[str, Any]) -> None:
    said = more.pop("said", [])
    result = detected(
        tracks=[track([item()]), track(**{"items": [], "guid": "{C}", "name": "Chords"} | more)], chords=said
    )
    assert [each["name"] for each in ops(result, "track")] == ["Chords"]
    assert result["expects"]["targets"] == []


def test_what_the_project_says_already_is_not_written_again() -> None:
    stated = detected(
        chords=[{"qn": 0.0, "symbol": "Am7"}], regions=[{"name": "Verse", "from_qn": 0.0, "to_qn": 32.0}]
    )  # fmt: skip
    assert stated["writes"] == []
    assert stated["report"]["analysis"]["chords_from"] == "chord track"


def test_only_selected_tracks_are_heard() -> None:
    tracks = [track([item()]), track([item(pitches=[61, 66, 70], guid="{I2}")], guid="{T2}", name="Other")]
    result = detected(tracks=tracks, selection={"tracks": ["{T2}"]})
    assert [seen["name"] for seen in result["report"]["analysis"]["tracks"]] == ["Other"]


@pytest.mark.parametrize("selection", [{}, {"tracks": ["{T1}"]}])
def test_silence_says_what_to_select(selection: dict[str, Any]) -> None:
    with pytest.raises(NotThere) as caught:
        detected(tracks=[track([item(events=[])])], selection=selection)
    assert "no notes" in caught.value.message
