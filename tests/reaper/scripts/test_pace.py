"""How much the scripts do at once, counted and not timed. `benchmarks/reaper_pace.py` has the times."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.reaper.scripts import large
from tests.reaper.scripts.large import CHOICES, ITEMS, WRITTEN, large_result, large_selection
from tests.reaper.scripts.room import Room

LONGEST_MS = 15.0
"""Of a tick of 33 ms, on the slow machine that a paced REAPER plays."""


@pytest.fixture
def paced(tmp_path: Path) -> Room:
    """A room in which time inside a turn goes by what is done."""
    room = Room(tmp_path / "REAPER")
    room.reaper.paced = True
    return room


def work(room: Room, since: int = 0) -> list[float]:
    """Milliseconds of each tick."""
    ticks: dict[int, float] = defaultdict(float)
    for step in room.reaper.steps[since:]:
        ticks[step.tick] += step.work_ms
    return list(ticks.values())


def test_reading_asks_a_fixed_amount_of_each_item(room: Room) -> None:
    large_selection(room)
    since = len(room.reaper.steps)
    request = room.ask("arrange_selected_melody", CHOICES)
    assert len(request["tracks"][0]["items"]) == ITEMS
    assert sum(step.calls for step in room.reaper.steps[since:]) <= 40 * ITEMS


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


@pytest.mark.parametrize(
    "build",
    [large_selection, large.a_long_recording, large.many_selected_items, large.many_signs],
    ids=lambda build: build.__name__,
)
def test_no_tick_is_felt_however_much_is_read(paced: Room, build: Callable[[Room], None]) -> None:
    build(paced)
    paced.ask("arrange_selected_melody", CHOICES)
    assert max(work(paced)) <= LONGEST_MS
    assert sum(work(paced)) > LONGEST_MS, "it would not fit one tick"


@pytest.mark.parametrize(
    "build", [large.a_fill_in_a_long_item, large.again_over_many_items], ids=lambda build: build.__name__
)
def test_no_tick_is_felt_however_much_is_written(paced: Room, build: Callable[[Room], str]) -> None:
    job = build(paced)
    since = len(paced.reaper.steps)
    paced.reaper.until(lambda: (paced.job(job) / "settled").exists())
    assert max(work(paced, since)) <= LONGEST_MS
    assert sum(work(paced, since)) > LONGEST_MS, "it would not fit one tick"
