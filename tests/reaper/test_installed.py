"""What was installed, as REAPER meets it: its settings read, its start-up script run, an action chosen from the list."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from bridge.osc import Argument, decode, encode
from bridge.reaper import install
from bridge.reaper.install import surfaces
from bridge.reaper.install.lines import Lines
from bridge.reaper.install.running import Look
from bridge.reaper.transport import Ports, Transport
from engines.music.time import Seconds
from tests.bridge.reaper.install.fake_reaper import resource_folder
from tests.reaper.double.reaper import Reaper
from tests.reaper.osc_peer import Surface
from tests.reaper.scripts.room import Room

COMMAND = ("/opt/Für mich/bin/partimento",)
SCRIPT = re.compile(r'SCR 4 0 (RS[0-9a-f]{40}) "Custom: ([^"]+)" "?(partimento/[^"]+?)"?')


class Installed(Room):
    """A REAPER that has just been started: it knows the actions of `reaper-kb.ini` and has run `__startup.lua`."""

    def __init__(self, home: Path) -> None:
        super().__init__(home)
        self.commands: dict[str, int] = {}
        """By name, as `NamedCommandLookup` knows them."""
        self.listed: dict[str, str] = {}
        """Name by script."""
        text = (home / "reaper-kb.ini").read_text(encoding="utf-8", errors="replace")
        for line in filter(None, map(SCRIPT.fullmatch, text.splitlines())):
            path = home / "Scripts" / line[3]
            assert path.is_file()
            assert path.name == line[2]
            self.commands[f"_{line[1]}"] = self.reaper.actions.add(str(path))
            self.listed[path.name] = f"_{line[1]}"
        self.reaper.actions.named = lambda name: self.commands.get(name, 0)  # type: ignore[method-assign]
        self.reaper.run(home / "Scripts/__startup.lua")
        self.reaper.tick(3)

    def act(self, action: str, *inputs: list[str] | None) -> None:
        self.reaper.desktop.inputs.extend(inputs)
        self.reaper.press(self.commands[self.listed[f"partimento_{action}.lua"]])
        self.reaper.tick(6)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = resource_folder(tmp_path / "REAPER Größe")
    (home / "Scripts/__startup.lua").write_bytes(b"-- mine\nlocal there = reaper.GetResourcePath()\nreturn there")
    install.carry_out(home, install.plan_install(home, command=COMMAND), Look(()))
    return home


def agents(reaper: Reaper) -> list[str]:
    return [script.path for script in reaper.scripts if script.path.endswith("partimento_agent.lua") and script.running]


def test_the_agent_starts_with_reaper_beside_the_users_own_script(home: Path) -> None:
    room = Installed(home)
    assert agents(room.reaper) == [str(home / "Scripts/partimento/partimento_agent.lua")]
    room.reaper.tick(60)
    assert len(agents(room.reaper)) == 1


def test_opening_reaper_leaves_nothing_to_undo(home: Path) -> None:
    (home / "Scripts/__startup.lua").unlink()
    install.carry_out(home, install.plan_install(home, command=COMMAND), Look(()))
    room = Installed(home)
    room.reaper.tick(3)
    assert room.project.undo_labels() == []


def test_an_action_from_the_list_asks_the_bridge_that_was_installed(home: Path) -> None:
    room = Installed(home)
    (room.mailbox / "bridge.json").unlink()
    lead = room.project.add_track("Lead", selected=True)
    lead.add_midi(0, 16, [(i, 1, 60 + i % 8, 100) for i in range(16)])
    request = room.ask("arrange_selected_melody", ["pop", "", "1"])
    assert request["verb"] == "arrange"
    room.reaper.tick(30)
    assert len(agents(room.reaper)) == 1
    (command, _) = room.reaper.desktop.processes[0]
    assert command.startswith(f'"{COMMAND[0]}" serve --resource-path')


@pytest.mark.parametrize(("role", "file"), [("drums", "partimento_drums.jsfx"), ("bass", "partimento_sketch.jsfx")])
def test_a_new_track_gets_the_instrument_that_was_installed(home: Path, role: str, file: str) -> None:
    room = Installed(home)
    lead = room.project.add_track("Lead", selected=True)
    lead.add_midi(0, 16, [(i, 1, 60 + i % 8, 100) for i in range(16)])
    request = room.ask("arrange_selected_melody", ["pop", "", "1"])
    clip = room.clip(request["id"], "new.mid", (0, 4, 48))
    room.answer(
        request,
        [
            {"op": "track", "key": "t1", "name": "New", "role": role, "colour": "#3a77cc", "folder": None, "program": 0}
            | {"after": request["selection"]["tracks"][0]},
            {"op": "item", "track": "t1", "guid": None, "from_qn": 0.0, "to_qn": 16.0, "active": 0}
            | {"takes": [{"name": "New 1", "file": clip, "hash": "", "provenance": {}}]},
        ],
    )
    (fx,) = room.project.track("New").fx
    assert fx.file == f"partimento/Sketch/{file}"
    assert fx.instrument


def test_the_button_goes_out_when_the_bridge_says_no(home: Path) -> None:
    room = Installed(home)
    command = room.commands[room.listed["partimento_improvise.lua"]]

    def light() -> int:
        return int(room.reaper.lua(f"return reaper.GetToggleCommandState({command})"))

    room.act("improvise")
    assert light() == 1
    (name,) = [path.stem for path in (room.mailbox / "control").glob("*.json")]
    error = {"code": "E_UNAVAILABLE", "message": "There is no improviser yet.", "hint": "Update partimento."}
    room.beat(answers=[{"id": name, "verb": "live-start", "ok": False, "error": error}])
    room.reaper.tick(30)
    assert light() == 0
    room.act("improvise")
    assert light() == 1


def test_removed_means_that_nothing_of_ours_runs(home: Path) -> None:
    install.carry_out(home, install.plan_remove(home), Look(()))
    reaper = Reaper(home)
    reaper.run(home / "Scripts/__startup.lua")
    reaper.tick(3)
    assert agents(reaper) == []
    assert "partimento" not in json.dumps([script.path for script in reaper.scripts])


class Line:
    """The surface as `reaper.ini` has it, with the pattern file that was installed, and the bridge's transport."""

    def __init__(self, room: Installed) -> None:
        self.room = room
        settings = Lines.of((room.reaper.resource_path / "reaper.ini").read_bytes(), surfaces.FILE)
        ours = surfaces.ours(settings)
        assert ours is not None
        assert Ports() == Ports.of(room.reaper.resource_path) == Ports(ours.port, ours.feedback_port)
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.setblocking(False)
        patterns = room.reaper.resource_path / "OSC" / f"{ours.pattern}.ReaperOSC"
        self.surface = Surface(room.reaper, send_to=self.socket.getsockname(), flags=ours.flags, patterns=patterns)
        self.transport = Transport(self.say)

    def say(self, address: str, arguments: tuple[Argument, ...]) -> None:
        self.socket.sendto(encode(address, *arguments), ("127.0.0.1", self.surface.port))

    def tick(self) -> int:
        """One tick of REAPER, and what it says, heard; how many packets that were."""
        self.room.reaper.tick()
        for count in range(100):
            try:
                packet, sender = self.socket.recvfrom(65536)
            except BlockingIOError:
                return count
            for message in decode(packet):
                self.transport.hear(message, sender)
        raise AssertionError("REAPER does not stop talking")

    def close(self) -> None:
        self.surface.close()
        self.socket.close()


@pytest.fixture
def line(home: Path) -> Iterator[Line]:
    made = Line(Installed(home))
    yield made
    made.close()


def test_the_bridge_moves_reaper_and_hears_it_through_our_pattern_file(line: Line) -> None:
    line.tick()
    line.transport.set_tempo(93.0)
    line.transport.set_loop(Seconds(2.0), Seconds(6.0))
    line.transport.play()
    line.tick()
    state = line.room.project.state
    assert (line.room.project.play_state, state.base[0], state.loop) == (1, 93.0, (2.0, 6.0))
    state.base, state.loop = (101.0, *state.base[1:]), (4.0, 8.0)
    line.tick()
    now = line.transport.now
    assert (now.playing, now.qpm, now.loop_start, now.loop_end) == (True, 101.0, 4.0, 8.0)
    line.transport.stop()
    line.tick()
    line.tick()
    assert line.transport.now.playing is False
    assert line.surface.dropped == []
    assert line.surface.patterns.unknown == []


def test_a_project_at_rest_is_silent(line: Line) -> None:
    line.room.project.add_track("Lead")
    line.tick()
    assert [line.tick() for _ in range(30)] == [0] * 30


def test_the_bridge_presses_an_action_by_its_command_id(line: Line) -> None:
    line.room.project.add_track("Lead", selected=True).add_midi(0, 4, [(0, 1, 60, 100)])
    line.room.reaper.desktop.inputs.append(["pop", "", "1"])
    line.transport.action(line.room.listed["partimento_arrange_selected_melody.lua"])
    line.tick()
    line.room.reaper.until(line.room.jobs)
    assert len(line.room.jobs()) == 1
