"""Scripts in the double and the real bridge beside them, as a process of its own over real files."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.reaper.double.model import Item
from tests.reaper.scripts.lua import SCRIPTS
from tests.reaper.scripts.room import Room

ROOT = SCRIPTS.parent
PATIENCE = 60.0
TICK = 1 / 30


class Served:
    """A room whose bridge is real: the scripts start it by the command line that an installation has noted."""

    def __init__(self, resource_path: Path) -> None:
        resource_path.mkdir()
        self.room = Room(resource_path, bridge=False)
        noted = {"schema": "install/1", "version": "0.1.0", "command": [sys.executable, "-m", "bridge"]}
        (self.room.mailbox / "install.json").write_text(json.dumps(noted))
        self.room.reaper.desktop.on_process = self.start
        self.home = resource_path / "home"
        self.bridges: list[subprocess.Popen[bytes]] = []

    def start(self, command: str) -> None:
        """As `ExecProcess` does, with a port that is free and a user folder of the test's own."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
            free.bind(("127.0.0.1", 0))
            port = str(free.getsockname()[1])
        more = {"PARTIMENTO_HOME": str(self.home), "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        words = [*shlex.split(command), "--osc-port", port]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        self.bridges.append(subprocess.Popen(words, cwd=ROOT, env=os.environ | more, **quiet))  # type: ignore[call-overload]

    def until(self, condition: Callable[[], object]) -> None:
        """Ticks in real time until it holds."""
        began = time.monotonic()
        while not condition():
            assert time.monotonic() - began < PATIENCE, (self.room.boxes(), self.room.reaper.desktop.help_line)
            self.room.reaper.tick(pace=TICK)

    def end(self) -> None:
        for bridge in self.bridges:
            if bridge.poll() is None:
                bridge.terminate()
                assert bridge.wait(10) == 0


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    one = Served(tmp_path / "REAPER Größe")
    yield one
    one.end()


def melody(room: Room) -> None:
    lead = room.project.add_track("Lead", selected=True)
    lead.add_midi(0, 32, [(i, 1, (60, 62, 64, 65, 67, 65, 64, 62)[i % 8], 90) for i in range(32)])


def press(room: Room, action: str, *inputs: list[str], scripts: Path = SCRIPTS) -> None:
    room.reaper.desktop.inputs.extend(inputs)
    room.reaper.run(scripts / f"partimento_{action}.lua")


def test_from_a_key_press_to_a_piano_and_back(served: Served) -> None:
    room = served.room
    melody(room)
    foreign = room.project.items[0].snapshot()
    press(room, "arrange_selected_melody", ["", "", "2"])
    served.until(lambda: len(room.project.tracks) == 3)
    assert len(served.bridges) == 1
    assert [track.name for track in room.project.tracks] == ["Lead", "Arrangement", "Piano"]
    (piano,) = {track.name: track for track in room.project.tracks}["Piano"].items[:1]
    assert len(piano.takes) == 2
    assert all(take.pool is not None and take.pool.notes() for take in piano.takes)
    assert [take.ext["partimento.seed"] for take in piano.takes] == ["1", "2"]
    assert room.project.items[0].snapshot() == foreign
    assert room.project.undo_labels() == ["Arrange: piano"]
    assert room.boxes() == []
    room.project.step(-1)
    assert [track.name for track in room.project.tracks] == ["Lead"]


def test_chords_are_found_then_edited_then_played(served: Served) -> None:
    room = served.room
    melody(room)
    press(room, "detect_chords_and_phrases")
    served.until(lambda: any(track.name == "Chords" for track in room.project.tracks))
    assert all(item.notes for item in room.project.track("Chords").items)
    assert room.project.state.markers
    assert all(sign.is_region for sign in room.project.state.markers)
    room.project.select_time(0, 4)
    room.act("edit_chords", ["| Dm7 G7 |"])
    room.project.select_time(0, 0)
    for track in room.project.tracks:
        track.values["I_SELECTED"] = float(track.name == "Lead")
    press(room, "arrange_selected_melody", ["", "", "1"])
    served.until(lambda: any(track.name == "Piano" for track in room.project.tracks))
    result = json.loads((room.job(room.jobs()[-1]) / "result.json").read_bytes())
    assert result["report"]["source"]["chords_from"] == "chord track"


def test_a_verb_without_an_engine_is_one_sentence(served: Served) -> None:
    room = served.room
    melody(room)
    press(room, "add_drums", ["", "1"])
    served.until(room.boxes)
    (text,) = room.boxes()
    assert text.startswith("`orchestrate` is not in this version yet.")
    assert room.project.undo_labels() == []


@pytest.mark.parametrize(
    ("version", "remedy"), [("0.0.9", "run `partimento reaper install`"), ("0.2.0", "uv tool upgrade partimento")]
)
def test_scripts_of_another_version_are_told_once_which_to_update(
    served: Served, tmp_path: Path, version: str, remedy: str
) -> None:
    scripts = shutil.copytree(SCRIPTS, tmp_path / "scripts")
    (scripts / "lib/version.lua").write_text(f'return "{version}"\n')
    room = served.room
    melody(room)
    press(room, "arrange_selected_melody", ["", "", "1"], scripts=scripts)
    served.until(lambda: room.jobs() and (room.job(room.jobs()[0]) / "settled").exists() and room.boxes())
    room.reaper.tick(60, pace=TICK)
    (text,) = room.boxes()
    assert version in text
    assert remedy in text
    assert [track.name for track in room.project.tracks] == ["Lead"]


def test_a_bridge_that_is_killed_is_started_again_and_does_the_job(served: Served) -> None:
    room = served.room
    melody(room)
    press(room, "detect_chords_and_phrases")
    served.until(lambda: len(room.project.tracks) > 1)
    served.bridges[0].send_signal(signal.SIGKILL)
    served.bridges[0].wait()
    press(room, "arrange_selected_melody", ["", "", "1"])
    served.until(lambda: any(track.name == "Piano" for track in room.project.tracks))
    assert len(served.bridges) == 2
    assert room.boxes() == []


def sounding(item: Item) -> list[tuple[float, float, int]]:
    """What an item plays, in quarter notes of the project: onset, length, pitch."""
    take = item.active_take
    assert take is not None
    assert take.pool is not None
    events, found = take.pool.events, []
    for note in take.pool.notes():
        assert note.off is not None
        at, end = events[note.on].ppq / 960, events[note.off].ppq / 960
        found.append((round(item.from_qn + at, 3), round(end - at, 3), events[note.on].message[1]))
    return sorted(found)


def test_after_one_chord_was_edited_again_plays_it_anew_and_keeps_what_i_changed_elsewhere(served: Served) -> None:
    room = served.room
    melody(room)
    room.act("edit_chords", ["| C | F | G7 | C | C | F | G7 | C |"])
    press(room, "arrange_selected_melody", ["", "", "1"])
    served.until(lambda: any(track.name == "Piano" for track in room.project.tracks))
    (piano,) = room.project.track("Piano").items
    pool = piano.takes[0].pool
    assert pool is not None
    mine = next(e for e in pool.events if e.ppq >= 24 * 960 and e.message[0] & 0xF0 == 0x90)
    off = next(
        e for e in pool.events if e.ppq > mine.ppq and e.message[0] & 0xF0 == 0x80 and e.message[1] == mine.message[1]
    )
    for event in (mine, off):
        moved = bytes([event.message[0], event.message[1] + 12, event.message[2]])
        pool.events[pool.events.index(event)] = event._replace(message=moved)
    before = sounding(piano)

    room.project.select_time(4, 8)
    room.act("edit_chords", ["| A7 |"])
    room.project.select_time(0, 0)
    press(room, "again")
    served.until(lambda: len(piano.takes) == 2)
    after = sounding(piano)
    assert piano.active == 1
    assert [note for note in after if not 3.9 <= note[0] < 7.9] == [note for note in before if not 3.9 <= note[0] < 7.9]
    anew = [note for note in after if 3.9 <= note[0] < 7.9]
    assert anew != [note for note in before if 3.9 <= note[0] < 7.9]
    assert {pitch % 12 for _, _, pitch in anew} >= {1}  # the third of A7, which F has not
    assert all(at + length <= 8.001 for at, length, _ in anew)
    assert room.project.undo_labels()[-1] == "Arrange: piano"
    room.project.step(-1)
    assert sounding(room.project.track("Piano").items[0]) == before
    assert room.boxes() == []


def test_the_bridge_stays_as_long_as_reaper_and_goes_after_it(served: Served) -> None:
    served.room.reaper.desktop.on_process = lambda command: served.start(command.replace("after 120", "after 6"))
    melody(served.room)
    press(served.room, "arrange_selected_melody", ["", "", "1"])
    served.until(lambda: len(served.room.project.tracks) == 3)
    (bridge,) = served.bridges
    served.room.reaper.tick(300, pace=TICK)  # ten seconds in which nobody asks for anything
    assert bridge.poll() is None
    assert bridge.wait(30) == 0  # no tick any more
