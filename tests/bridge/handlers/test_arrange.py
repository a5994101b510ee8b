"""`arrange`: a selected melody becomes writes and clips."""

from __future__ import annotations

import hashlib
import io
import json
from typing import Any

import mido
import pytest

from bridge.handlers import arrange
from bridge.wire import Request1, decode, encode
from engines.errors import EngineError, NotThere, SchemaError
from tests.bridge.requests import TUNE, item, request, track

RULES = {"by_rule": True, "style": "house", "piano_only": True}
"""Quick, and the same on every machine."""


def arranged(**more: Any) -> tuple[dict[str, Any], dict[str, bytes]]:
    more["options"] = RULES | more.get("options", {})
    outcome = arrange.run(decode(Request1, encode(request(**more))), lambda progress, message: None)
    return json.loads(outcome.result), outcome.clips


def items_of(result: dict[str, Any]) -> list[dict[str, Any]]:
    return [write for write in result["writes"] if write["op"] == "item"]


def test_a_melody_gets_a_piano_track_with_an_item() -> None:
    result, clips = arranged()
    new_track, new_item = result["writes"]
    assert (result["schema"], result["id"], result["verb"], result["label"]) == (
        "result/1",
        "job-1",
        "arrange",
        "Arrange: piano",
    )
    assert result["expects"] == {"project": "{P}", "targets": ["{T1}"]}
    assert (new_track["op"], new_track["name"], new_track["role"], new_track["program"]) == (
        "track",
        "Piano",
        "comp",
        0,
    )
    assert (new_track["folder"], new_track["after"]) == ("Arrangement", "{T1}")
    assert (new_item["track"], new_item["from_qn"], new_item["to_qn"]) == (new_track["key"], 0.0, 32.0)
    (take,) = new_item["takes"]
    assert take["hash"] == hashlib.sha256(clips[take["file"]]).hexdigest()
    assert take["provenance"]["seed"] == "1"
    assert result["report"]["schema"] == "report/1"
    assert result["report"]["source"]["bars"] == 8


def test_a_clip_has_one_track_at_960_without_tempo_or_program_and_ends_with_its_item() -> None:
    result, clips = arranged()
    file = mido.MidiFile(file=io.BytesIO(clips[items_of(result)[0]["takes"][0]["file"]]))
    assert (file.type, file.ticks_per_beat, len(file.tracks)) == (0, 960, 1)
    kinds = {message.type for message in file.tracks[0]}
    assert "note_on" in kinds
    assert kinds.isdisjoint({"set_tempo", "time_signature", "program_change"})
    assert sum(message.time for message in file.tracks[0]) == 32 * 960


def test_regions_become_items_of_their_own() -> None:
    regions = [{"name": "Verse", "from_qn": 0.0, "to_qn": 16.0}, {"name": "Chorus", "from_qn": 16.0, "to_qn": 32.0}]
    result, _ = arranged(regions=regions)
    verse, chorus = items_of(result)
    assert (verse["from_qn"], chorus["from_qn"], chorus["to_qn"]) == (0.0, 16.0, 32.0)
    assert [each["takes"][0]["name"] for each in (verse, chorus)] == ["Piano Verse", "Piano Chorus"]


def test_takes_lie_in_one_item_and_the_first_does_not_depend_on_their_number() -> None:
    alone, one_clip = arranged()
    result, clips = arranged(options={"takes": 3})
    (new_item,) = items_of(result)
    takes = new_item["takes"]
    assert [take["name"] for take in takes] == ["Piano take 1", "Piano take 2", "Piano take 3"]
    assert [take["provenance"]["seed"] for take in takes] == ["1", "2", "3"]
    assert len({take["hash"] for take in takes}) == 3
    first = mido.MidiFile(file=io.BytesIO(clips[takes[0]["file"]]))
    only = mido.MidiFile(file=io.BytesIO(one_clip[items_of(alone)[0]["takes"][0]["file"]]))
    assert list(first.tracks[0]) == list(only.tracks[0])


def test_the_result_stands_where_the_melody_stands() -> None:
    result, _ = arranged(tracks=[track([item(at=34.0)])])
    assert [(each["from_qn"], each["to_qn"]) for each in items_of(result)] == [(32.0, 68.0)]
    assert result["report"]["phrases"][0]["start_bar"] == 9


@pytest.mark.parametrize(("offset", "shown"), [(0, 3), (-4, -1), (10, 13)])
def test_bars_in_words_are_those_of_the_projects_ruler(offset: int, shown: int) -> None:
    project = {"id": "{P}", "name": "Song.rpp", "start_measure_offset": offset}
    nine = {"meter": [{"qn": 0.0, "meter": "9/4"}]}  # longer than the model reads
    result, _ = arranged(project=project, time=nine, tracks=[track([item(at=18.0)])], options={"by_rule": False})
    (said,) = [one["message"] for one in result["report"]["warnings"] if one["code"] == "W_BY_RULE"]
    assert f" {shown}" in said.split(":")[0]
    assert result["report"]["phrases"][0]["start_bar"] == 3


def test_the_report_says_which_chords_were_played_where() -> None:
    result, _ = arranged(
        tracks=[track([item(at=32.0)])], chords=[{"qn": 0.0, "symbol": "C"}, {"qn": 40.0, "symbol": "FM7"}]
    )
    assert result["report"]["source"]["chords"] == [{"qn": 32.0, "symbol": "C"}, {"qn": 40.0, "symbol": "Fmaj7"}]


def test_the_same_request_gives_the_same_bytes() -> None:
    one, other = arranged(), arranged()
    assert one[1] == other[1]
    assert one[0]["writes"] == other[0]["writes"]


def test_chords_come_from_the_request_before_anything_else() -> None:
    result, _ = arranged(chords=[{"qn": 0.0, "symbol": "Am7"}, {"qn": 16.0, "symbol": "Dm7"}])
    assert result["report"]["source"]["chords_from"] == "chord track"
    result, _ = arranged(markers=[{"name": "chord:Am7", "qn": 0.0}, {"name": "Dm7", "qn": 16.0}])
    assert result["report"]["source"]["chords_from"] == "markers"
    result, _ = arranged(options={"chords": "| Am7 | Dm7 | G7 | C |"}, chords=[{"qn": 0.0, "symbol": "F"}])
    assert result["report"]["source"]["chords_from"] == "given"


def test_a_slip_in_the_chord_track_is_a_note_and_two_words_at_one_place_are_the_later() -> None:
    chords = [{"qn": 0.0, "symbol": "Am7"}, {"qn": 4.0, "symbol": "solo!"}, {"qn": 4.0, "symbol": "Dm7"}]
    result, _ = arranged(chords=[*chords, {"qn": 4.0001, "symbol": "G7"}, {"qn": 8.0, "symbol": "chord:Hx"}])
    assert result["report"]["source"]["chords_from"] == "chord track"
    (said,) = [one["message"] for one in result["report"]["warnings"] if one["code"] == "W_CHORD_SYMBOL"]
    assert "'solo!'" in said
    assert "'chord:Hx'" in said


def test_rehearsal_marks_are_no_chords() -> None:
    marks = [{"name": letter, "qn": 4.0 * number} for number, letter in enumerate("ABCDEFG")]
    result, _ = arranged(markers=marks)
    assert result["report"]["source"]["chords_from"] == "harmonisation"


def test_of_a_track_only_the_selected_item_is_the_melody() -> None:
    lead = track([item(), item(at=32.0, guid="{I2}", pitches=[p + 2 for p in TUNE])])
    result, _ = arranged(tracks=[lead], selection={"tracks": ["{T1}"], "items": ["{I2}"]})
    assert [(each["from_qn"], each["to_qn"]) for each in items_of(result)] == [(32.0, 64.0)]


@pytest.mark.parametrize("what", [{"tracks": ["{T1}"]}, {"items": ["{I1}"]}])
def test_of_what_is_selected_the_bars_of_the_time_selection_count(what: dict[str, Any]) -> None:
    result, _ = arranged(selection={"from_qn": 9.0, "to_qn": 23.0, **what})
    assert [(each["from_qn"], each["to_qn"]) for each in items_of(result)] == [(8.0, 24.0)]


def test_silence_behind_the_melody_is_not_arranged_unless_chords_are_stated_there() -> None:
    long = [track([item(to_qn=4000.0)])]
    result, _ = arranged(tracks=long)
    assert result["report"]["source"]["bars"] == 8
    result, _ = arranged(tracks=long, chords=[{"qn": 0.0, "symbol": "C"}, {"qn": 36.0, "symbol": "F"}])
    assert result["report"]["source"]["bars"] == 10


def test_a_time_selection_elsewhere_does_not_count() -> None:
    result, _ = arranged(selection={"from_qn": 64.0, "to_qn": 72.0, "items": ["{I1}"]})
    assert [(each["from_qn"], each["to_qn"]) for each in items_of(result)] == [(0.0, 32.0)]


@pytest.mark.parametrize(("role", "chords_from"), [(None, "block chords"), ("comp", "harmonisation")])
def test_other_tracks_are_heard_beside_the_melody_but_not_what_was_arranged_before(
    role: str | None, chords_from: str
) -> None:
    blocks = {
        "guid": "{I9}", "from_qn": 0.0, "to_qn": 32.0,
        "events": [
            [4.0 * bar + late, f"{status} {pitch:02x} 50"]
            for bar in range(8)
            for late, status in ((0.0, "90"), (3.9, "80"))
            for pitch in ((57, 60, 64) if bar % 2 else (53, 57, 60))
        ] + [[32.0, "b0 7b 00"]],
    }  # fmt: skip
    result, _ = arranged(tracks=[track([blocks], guid="{T2}", name="Keys", role=role), track([item()])])
    assert result["report"]["source"]["chords_from"] == chords_from
    assert result["expects"]["targets"] == ["{T1}"]


def test_what_the_project_has_already_is_heard_and_not_added_again() -> None:
    others = [
        track([item(guid="{I2}", pitches=[p - 24 for p in TUNE])], guid="{T2}", name="Bass"),
        track([item(guid="{I3}", pitches=(36, 38) * 8)], guid="{T3}", name="Drums"),
        track([item(guid="{I4}", source="audio", events=[])], guid="{T4}", name="Guitar"),
    ]
    result, _ = arranged(tracks=[track([item()]), *others], options={"band": "pop", "piano_only": False})
    new = [write for write in result["writes"] if write["op"] == "track"]
    assert [write["name"] for write in new] == ["Piano"]
    assert {write["role"] for write in new}.isdisjoint({"bass", "drums", "perc"})
    assert {write["track"] for write in items_of(result)} == {new[0]["key"]}


@pytest.mark.parametrize(("band", "said"), [("pop", True), ("", False), (None, False)])
def test_a_band_that_this_version_lacks_is_a_note_in_the_report(band: str | None, said: bool) -> None:
    result, _ = arranged(options={"band": band, "piano_only": False})
    assert ("W_NO_BAND" in [warning["code"] for warning in result["report"]["warnings"]]) is said


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"selection": {}}, "Nothing is selected."),
        ({"selection": {"items": ["{gone}"]}}, "What is selected holds no music."),
        ({"tracks": [track([item(source="audio", events=[])])]}, "Lead holds audio; a melody is read from MIDI."),
        ({"tracks": [track([item(events=[])])]}, "What is selected holds no notes."),
        ({"tracks": [track([])], "selection": {"tracks": ["{T1}"]}}, "Lead has no items."),
    ],
)
def test_a_selection_without_a_melody_says_what_to_select(more: dict[str, Any], says: str) -> None:
    with pytest.raises(NotThere) as caught:
        arranged(**more)
    assert caught.value.message == says
    assert caught.value.hint.startswith("Select")


@pytest.mark.parametrize(
    "options", [{"density": 2.0}, {"takes": 0}, {"takes": 17}, {"tempo": 120}, {"seed": "one"}, {"style": 3}]
)
def test_an_option_that_makes_no_sense_is_named(options: dict[str, Any]) -> None:
    with pytest.raises(SchemaError) as caught:
        arranged(options=options)
    assert next(iter(options)) in f"{caught.value.path} {caught.value.message}"


@pytest.mark.parametrize(
    "options", [{"style": "polka-from-mars"}, {"key": "H flat"}, {"chords": "| Qx |"}, {"phrases": "A7"}]
)
def test_a_wish_that_cannot_be_met_is_a_sentence_and_a_hint(options: dict[str, Any]) -> None:
    with pytest.raises(EngineError) as caught:
        arranged(options=options)
    assert caught.value.hint


def test_a_muted_sketch_that_is_selected_is_played_from_all_the_same() -> None:
    result, _ = arranged(tracks=[track([item()], muted=True)])
    assert len(items_of(result)) == 1


def test_a_project_before_the_melody_may_hold_other_tempi_and_meters() -> None:
    time = {
        "tempo": [{"qn": 0.0, "qpm": 60.0, "linear": True}, {"qn": 40.0, "qpm": 180.0}],
        "meter": [{"qn": 0.0, "meter": "3/4"}, {"qn": 12.0, "meter": "4/4"}],
    }
    result, _ = arranged(time=time, tracks=[track([item(at=12.0)])])
    assert [(each["from_qn"], each["to_qn"]) for each in items_of(result)] == [(12.0, 44.0)]
    assert result["report"]["source"]["meter"] == "4/4"
