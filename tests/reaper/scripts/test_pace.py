"""How much the scripts ask of REAPER at once. `benchmarks/reaper_pace.py` has the times."""

from __future__ import annotations

import pytest

from tests.reaper.scripts.large import CHOICES, ITEMS, WRITTEN, large_result, large_selection
from tests.reaper.scripts.room import Room


def test_reading_asks_a_fixed_amount_of_each_item(room: Room) -> None:
    large_selection(room)
    since = len(room.reaper.steps)
    request = room.ask("arrange_selected_melody", CHOICES)
    assert len(request["tracks"][0]["items"]) == ITEMS
    assert sum(step.calls for step in room.reaper.steps[since:]) <= 40 * ITEMS


def test_reading_gives_the_tick_back_when_time_is_up(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    large_selection(room)
    seconds = iter(range(10**9))
    monkeypatch.setattr(
        room.reaper, "now", lambda: next(seconds) / 1000
    )  # every look at the clock is a millisecond later
    since = len(room.reaper.steps)
    room.ask("arrange_selected_melody", CHOICES)
    ticks = {step.tick for step in room.reaper.steps[since:] if step.calls}
    assert len(ticks) > ITEMS / 15


def test_each_item_is_written_with_one_packed_call_in_one_tick(room: Room) -> None:
    room.project.add_track("Lead", selected=True).add_midi(0, 4, [(0, 1, 60, 90)])
    request = room.ask("arrange_selected_melody", CHOICES)
    calls: list[tuple[int, str]] = []
    room.reaper.desk.listener = lambda name: calls.append((room.reaper.ticks, name))
    room.answer(request, large_result(room, request["id"]))
    room.reaper.until(lambda: len(room.project.items) == WRITTEN + 1)
    packed = [tick for tick, name in calls if name == "MIDI_SetAllEvts"]
    assert (len(packed), len(set(packed))) == (WRITTEN, 1)
    assert not [name for _, name in calls if name in ("MIDI_InsertNote", "MIDI_InsertEvt", "MIDI_SetEvt")]
    assert len(calls) <= 60 * WRITTEN + 200
