"""A musician who presses anything at any time: nothing breaks a rule, nothing ends in a slip of ours, nobody's notes change."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

from tests.reaper.double import Item, Project
from tests.reaper.scripts.lua import SCRIPTS
from tests.reaper.scripts.room import Room

ACTIONS = sorted(path.stem.removeprefix("partimento_") for path in SCRIPTS.glob("partimento_*.lua"))
UNATTENDED = {"agent", "self_test"}
"""One runs always, the other brings a project of its own and waits for REAPER."""
STEPS = 60
ANSWERS = ["", "bossa", "3", "0.5", "| C F | G7 |", "| H |", "Ü", "-1", "99"]
WORDS = ["", "Verse", "chord:Am7", "A", "C7", "Träume"]


class Monkey:
    """One session. It remembers how the musician's own items were, and what the last request was."""

    def __init__(self, room: Room, seed: int) -> None:
        self.room, self.luck = room, random.Random(seed)
        self.pending: list[dict[str, Any]] = []
        self.seen: set[str] = set()
        room.reaper.desktop.anyone = self.answer

    @property
    def project(self) -> Project:
        return self.room.project

    def answer(self, kind: str, count: int) -> Any:
        if kind == "inputs":
            return None if self.luck.random() < 0.2 else [self.luck.choice(ANSWERS) for _ in range(count)]
        return self.luck.randrange(count)

    def step(self) -> bool:
        """One thing; whether the musician did it by hand."""
        move = self.luck.choice([self.press, self.press, self.play, self.play, self.reply, self.reply, self.wait])
        move()
        return move == self.play

    def press(self) -> None:
        action = self.luck.choice([one for one in ACTIONS if one not in UNATTENDED])
        self.room.reaper.run(SCRIPTS / f"partimento_{action}.lua")
        self.room.reaper.tick(self.luck.randint(0, 12))
        for job in set(self.room.jobs()) - self.seen:
            self.seen.add(job)
            self.pending.append(json.loads((self.room.job(job) / "request.json").read_bytes()))

    def wait(self) -> None:
        self.room.beat()
        self.room.reaper.tick(self.luck.randint(1, 40))

    def play(self) -> None:
        """Something that a musician does by hand, with the undo point that REAPER makes of it."""
        project, before, points = self.project, self.project.photograph(), len(self.project.undo_labels())
        self.by_hand()
        if self.project is project and len(project.undo_labels()) == points:
            project.remember("By hand", -1, before)

    def by_hand(self) -> None:
        luck, project = self.luck, self.project
        match luck.randrange(15):
            case 0:
                project.add_track(luck.choice(["Lead", "Bass", "Chords", "Drums", ""]), selected=luck.random() < 0.5)
            case 1 if project.tracks:
                at = luck.randrange(64)
                notes = [(i / 2, 0.5, 40 + luck.randrange(40), 90) for i in range(luck.randrange(16))]
                item = luck.choice(project.tracks).add_midi(at, at + 8, notes)
                item.values["B_UISEL"] = float(luck.random() < 0.6)
            case 2 if project.tracks:
                luck.choice(project.tracks).add_item(at := luck.randrange(32), at + 4, luck.choice(WORDS))
            case 3 if project.tracks:
                luck.choice(project.tracks).add_audio(0, 8)
            case 4 if project.items:
                luck.choice(project.items).values["C_LOCK"] = float(luck.random() < 0.5)
            case 5 if project.tracks:
                luck.choice(project.tracks).values["I_FREEZECOUNT"] = float(luck.random() < 0.3)
            case 6:
                at = luck.randrange(16)
                project.select_time(at, at + luck.choice([0, 4, 8]))
            case 7:
                project.add_region(luck.choice(WORDS), at := luck.randrange(32), at + 8)
                project.add_marker(luck.choice(WORDS), luck.randrange(32))
            case 8 if project.items:
                item = luck.choice(project.items)
                item.track.items.remove(item)
                item.die()
            case 9:
                self.room.reaper.lua("reaper.Undo_DoUndo2(0)")
            case 10:
                self.room.reaper.lua("reaper.Undo_DoRedo2(0)")
            case 11:
                tabs = self.room.reaper.projects
                if len(tabs) < 3:
                    self.room.reaper.add_project("Other")
                self.room.reaper.project = luck.choice(tabs)
            case 12:
                self.room.reaper.disk_is_full = luck.random() < 0.3
            case 13:
                self.room.has_bridge = luck.random() < 0.7
                (self.room.mailbox / "bridge.json").unlink(missing_ok=True)
            case 14 if project.items:
                takes = [take for take in luck.choice(project.items).takes if take.pool and take.pool.events]
                for take in takes[:1]:
                    assert take.pool is not None
                    del take.pool.events[0]
            case _:
                for item in project.items:
                    item.values["B_UISEL"] = float(luck.random() < 0.3)
                for track in project.tracks:
                    track.values["I_SELECTED"] = float(luck.random() < 0.4)
                project.play_state = luck.choice([0, 0, 0, 1, 5])

    def reply(self) -> None:
        """What the bridge brings, of all kinds."""
        self.project.play_state = 0
        if not self.pending:
            return
        request, luck = self.pending.pop(self.luck.randrange(len(self.pending))), self.luck
        job = request["id"]
        match luck.randrange(5):
            case 0:
                fault = {
                    "code": "E_X",
                    "message": "It would not play.",
                    "hint": "Ask again.",
                    "path": None,
                    "suggests": [],
                }
                self.room.say(job, "failed", error=fault)
            case 1:
                self.room.say(job, "cancelled")
            case _:
                self.room.answer_quietly(request, self.writes(request))
        self.room.reaper.tick(20)

    def writes(self, request: dict[str, Any]) -> list[dict[str, Any]]:
        clip = self.room.clip(request["id"], "part.mid", *((i / 2, 0.5, 50 + i) for i in range(8)))
        take = {"name": "Part", "file": clip, "provenance": {"seed": "1"}}
        wishes: list[dict[str, Any]] = [
            {"op": "track", "key": "p", "name": "Piano", "role": "comp", "folder": "Arrangement"},
            {"op": "item", "track": "p", "from_qn": 0.0, "to_qn": 4.0, "takes": [take, take]},
        ]
        guids = [item["guid"] for track in request["tracks"] for item in track["items"]]
        if guids and self.luck.random() < 0.5:
            wishes.append({"op": "take", "item": self.luck.choice(guids), "file": clip, "name": "Fill"})
        if self.luck.random() < 0.3:
            wishes.append({"op": "region", "name": "B", "from_qn": 0.0, "to_qn": 8.0})
        return wishes


def heard(item: Item) -> Any:
    """The notes of every take that is the musician's."""
    own = (take for take in item.takes if take.pool and "partimento.job" not in take.ext)
    return [(take.guid, [(event.ppq, event.message) for event in take.pool.events]) for take in own]


@pytest.mark.parametrize("seed", range(40))
def test_whatever_is_pressed(tmp_path: Path, seed: int) -> None:
    room = Room(tmp_path / "REAPER")
    monkey = Monkey(room, seed)
    room.project.add_track("Lead", selected=True).add_midi(0, 16, [(i, 1, 60 + i % 8, 90) for i in range(16)])
    for _ in range(STEPS):
        own = {item.guid: heard(item) for item in room.project.items if "partimento.job" not in item.ext}
        if monkey.step():
            continue
        now = {item.guid: heard(item) for item in room.project.items}
        for guid, takes in own.items():
            assert guid not in now or now[guid] == takes, "a take of the musician's was changed"
    slips = [text for text in room.boxes() if "traceback" in text or ".lua:" in text]
    assert slips == []
    assert all(text.count("\n\n") <= 1 and text.strip() for text in room.boxes())
