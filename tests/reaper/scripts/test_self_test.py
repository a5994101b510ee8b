"""The self-test in the double: every check holds there, and its report says so."""

from __future__ import annotations

from tests.reaper.scripts.room import Room


def test_every_assumption_holds_in_the_double(room: Room) -> None:
    mine = room.project
    mine.add_track("Mine").add_midi(0, 4, [(0, 1, 60, 90)])
    before = mine.items[0].snapshot()
    room.reaper.desktop.boxes.append("yes")
    room.act("self_test")
    room.reaper.tick(120)
    report = (room.mailbox / "self-test.txt").read_text()
    timed = [line for line in report.splitlines() if "5,000 notes" in line]  # says how fast REAPER is, not the double
    rest = [line for line in report.splitlines() if line not in timed]
    assert timed[0].endswith(" ms")
    assert not [line for line in rest if line.startswith("FAIL")]
    assert len([line for line in rest if line.startswith("ok  ")]) == 21
    assert report.count("skip") == 1  # the instruments lie in the effects folder of a real installation
    assert "ticks a second: 3" in report
    assert mine.items[0].snapshot() == before
    assert report in room.reaper.desktop.console


def test_it_asks_before_it_opens_a_tab(room: Room) -> None:
    room.reaper.desktop.boxes.append("no")
    room.act("self_test")
    assert len(room.reaper.projects) == 1
