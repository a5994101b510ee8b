"""The OSC peer: types, lengths, banks and silence as REAPER's surface has them."""

from __future__ import annotations

import random
import socket
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.reaper.double import Project, Reaper
from tests.reaper.osc_patterns import Patterns
from tests.reaper.osc_peer import RECEIVE, Surface
from tests.reaper.osc_wire import IMMEDIATELY, Message, Value, decode, encode, parts


class Device:
    """Who talks to REAPER."""

    def __init__(self, reaper: Reaper, **options: object) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.settimeout(0.5)
        self.reaper = reaper
        self.surface = Surface(reaper, send_to=self.socket.getsockname(), **options)  # type: ignore[arg-type]

    def say(self, address: str, *values: Value) -> None:
        self.send(encode(Message(address, values)))

    def send(self, packet: bytes) -> None:
        self.socket.sendto(packet, ("127.0.0.1", self.surface.port))

    def hear(self) -> dict[str, Value]:
        """Everything that came since the last time."""
        self.socket.setblocking(False)
        heard: dict[str, Value] = {}
        while True:
            try:
                for part in parts(self.socket.recv(65536)):
                    message = decode(part)
                    heard[message.address] = message.values[0]
            except BlockingIOError:
                return heard

    def close(self) -> None:
        self.surface.close()
        self.socket.close()


def _shaken(seed: int) -> bytes:
    """An ordinary message with one byte of it wrong."""
    dice, values = random.Random(seed), (1, 0.5, "x")
    data = bytearray(
        encode(Message(dice.choice(["/time", "/track/1/name", "/region_id/2/time"]), (values[dice.randrange(3)],)))
    )
    data[dice.randrange(len(data))] = dice.randrange(256)
    return bytes(data)


@pytest.fixture
def device(reaper: Reaper) -> Iterator[Device]:
    made = Device(reaper)
    yield made
    made.close()


def test_transport_and_tempo_are_carried_out_at_the_next_tick(reaper: Reaper, project: Project, device: Device) -> None:
    device.say("/play")
    device.say("/tempo/raw", 90.0)
    device.say("/loop/start/time", 2.0)
    device.say("/loop/end/time", 6.0)
    assert project.play_state == 0
    reaper.tick()
    assert (project.play_state, project.state.base[0], project.state.loop) == (1, 90.0, (2.0, 6.0))


def test_feedback_tells_what_changed_and_only_once(reaper: Reaper, project: Project, device: Device) -> None:
    project.add_track("Lead")
    reaper.tick()
    first = device.hear()
    assert (first["/stop"], first["/tempo/raw"], first["/track/1/name"]) == (1.0, 120.0, "Lead")
    reaper.tick()
    assert device.hear() == {}
    device.say("/play")
    reaper.tick()
    assert device.hear() == {"/play": 1.0, "/stop": 0.0}


def test_what_the_device_said_is_not_said_back(reaper: Reaper, device: Device) -> None:
    reaper.tick()
    device.hear()
    device.say("/tempo/raw", 90.0)
    reaper.tick()
    assert "/tempo/raw" not in device.hear()


def test_a_surface_with_a_local_port_alone_never_tells_anything(reaper: Reaper, project: Project) -> None:
    device = Device(reaper, flags=RECEIVE)
    device.say("/play")
    reaper.tick()
    assert (project.play_state, device.hear()) == (1, {})
    device.close()


@pytest.mark.parametrize(
    ("address", "values"),
    [("/track/1/mute", ()), ("/track/1/mute", (2,)), ("/play", (0,)), ("/nowhere", (1,)), ("/track/vu", (1.0,))],
)
def test_what_reaper_does_not_take_is_dropped(
    reaper: Reaper, project: Project, device: Device, address: str, values: tuple[Value, ...]
) -> None:
    project.add_track("Lead")
    device.say(address, *values)
    reaper.tick()
    assert (project.play_state, project.tracks[0].values.get("B_MUTE", 0), len(device.surface.dropped)) == (0, 0, 1)


@pytest.mark.parametrize("tags", ["T", "d", "h", "b", "iT"])
def test_other_types_void_the_message(reaper: Reaper, project: Project, device: Device, tags: str) -> None:
    device.send(b"/play\0\0\0" + f",{tags}".encode().ljust(4, b"\0") + struct.pack(">i", 1) * 4)
    reaper.tick()
    assert (project.play_state, len(device.surface.dropped)) == (0, 1)


def test_a_message_without_type_tags_is_a_trigger(reaper: Reaper, project: Project, device: Device) -> None:
    device.send(b"/play\0\0\0")
    reaper.tick()
    assert project.play_state == 1


def test_an_overlong_message_ends_the_turn(reaper: Reaper, project: Project, device: Device) -> None:
    device.say("/track/1/name", "x" * 1100)
    device.say("/play")
    reaper.tick()
    assert project.play_state == 0
    device.say("/play")
    reaper.tick()
    assert project.play_state == 1


def test_one_level_of_bundles_is_opened(reaper: Reaper, project: Project, device: Device) -> None:
    play = encode(Message("/play"))
    bundle = b"#bundle\0" + IMMEDIATELY + struct.pack(">i", len(play)) + play
    device.send(b"#bundle\0" + IMMEDIATELY + struct.pack(">i", len(bundle)) + bundle)
    reaper.tick()
    assert project.play_state == 0
    device.send(bundle)
    reaper.tick()
    assert project.play_state == 1


def test_tracks_count_within_the_bank(reaper: Reaper, project: Project, device: Device) -> None:
    for i in range(12):
        project.add_track(f"T{i + 1}")
    device.say("/track/9/mute", 1)
    device.say("/device/track/bank/select", 2)
    device.say("/track/1/mute", 1)
    reaper.tick()
    assert [track.name for track in project.tracks if track.values.get("B_MUTE")] == ["T9"]


def test_markers_are_told_only_when_asked_for_and_made_by_number(
    reaper: Reaper, project: Project, device: Device
) -> None:
    device.say("/region_id/3/name", "Verse")
    device.say("/region_id/3/time", 4.0)
    device.say("/region_id/3/length", 8.0)
    reaper.tick()
    region = project.state.markers[0]
    assert (region.number, region.name, region.seconds, region.end) == (3, "Verse", 4.0, 12.0)
    assert "/region/1/name" not in device.hear()
    device.say("/device/region/count", 4)
    reaper.tick()
    assert device.hear()["/region/1/name"] == "Verse"


def test_scripts_are_run_by_name_number_and_knob(reaper: Reaper, device: Device, tmp_path: Path) -> None:
    action = tmp_path / "note.lua"
    action.write_text(
        """
        reaper.set_action_options(3)
        local new, _, _, _, _, _, value = reaper.get_action_context()
        local count = tonumber(reaper.GetExtState("test", "runs")) or 0
        reaper.SetExtState("test", "runs", tostring(count + 1), false)
        reaper.SetExtState("test", "value", tostring(new and value), false)
        reaper.defer(function() end)
        """,
        encoding="utf-8",
    )
    number = reaper.actions.add(str(action))
    device.say("/action/str", reaper.actions.name_of(str(action)))
    device.say(f"/action/{reaper.actions.name_of(str(action))}")
    device.say("/action", number)
    device.say("/action/str", "_RSnobody")
    reaper.tick()
    assert reaper.ext["test", "runs"] == "3"
    device.say(f"/action/{number}/cc", 0.5)
    reaper.tick()
    assert reaper.ext["test", "value"] == "8191.5"


def test_notes_go_to_the_virtual_keyboard(reaper: Reaper, device: Device) -> None:
    device.say("/vkb_midi/9/note/36", 100)
    reaper.tick()
    assert reaper.desktop.midi_out == [(0, 0x99, 36, 100)]


@given(st.lists(st.binary(max_size=120) | st.builds(_shaken, st.integers(0, 2**32)), max_size=20))
def test_nothing_that_comes_breaks_the_surface(packets: list[bytes]) -> None:
    device = Device(Reaper("nowhere"))
    for packet in packets:
        device.send(packet)
    device.say("/play")
    device.reaper.tick()
    assert device.reaper.project.play_state == 1
    device.close()


def test_a_pattern_file_names_what_reaper_skips() -> None:
    found = Patterns.read("# ours\nDEVICE_TRACK_COUNT 64\nPLAY t/play\nPLAYY t/playy\n")
    assert (found.unknown, found.setting("DEVICE_TRACK_COUNT"), len(found.patterns)) == (["PLAYY"], 64, 1)


def test_an_empty_pattern_file_means_the_default(tmp_path: Path) -> None:
    assert len(Patterns.read("# nothing\n").patterns) > 200
