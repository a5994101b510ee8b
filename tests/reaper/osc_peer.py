"""REAPER's OSC surface over real UDP: read once a tick, no answers, feedback only of what changed.

surface = Surface(reaper, receive_port=0, send_to=("127.0.0.1", port))
...send to surface.port...
reaper.tick()
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

from tests.reaper.double import Marker, Project, Reaper, Track
from tests.reaper.double.chunk_reader import words
from tests.reaper.osc_patterns import Meaning, Patterns
from tests.reaper.osc_wire import Message, TooLong, Unreadable, Value, bundles, decode, parts

RECEIVE, SEND = 1, 2
VIRTUAL_KEYBOARD = 0


class Surface:
    """One OSC surface of one REAPER."""

    def __init__(
        self,
        reaper: Reaper,
        *,
        receive_port: int = 0,
        send_to: tuple[str, int] = ("127.0.0.1", 9000),
        flags: int = RECEIVE | SEND,
        patterns: Path | None = None,
        max_packet: int = 1024,
    ) -> None:
        self._reaper = reaper
        self._flags = flags
        self._send_to = send_to
        self._max_packet = max_packet
        there = patterns is not None and patterns.is_file()
        self.patterns = Patterns.read(patterns.read_text("utf-8")) if patterns and there else Patterns.default()
        self.banks = {key: self.patterns.setting(f"DEVICE_{key}_COUNT") for key in ("TRACK", "MARKER", "REGION")}
        self.bank = 0
        """The first track of the bank, from 0."""
        self.understood: list[Meaning] = []
        self.dropped: list[str] = []
        """What REAPER took no notice of, and why."""
        self._sent: dict[str, Value] = {}
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", receive_port))
        self._socket.setblocking(False)
        self.port: int = self._socket.getsockname()[1]
        reaper.surfaces.append(self)

    def close(self) -> None:
        """The surface is taken away."""
        self._reaper.surfaces.remove(self)
        self._socket.close()

    def run(self) -> None:
        """Once a tick: everything that came, then everything that changed."""
        if self._flags & RECEIVE:
            self._receive()
        if self._flags & SEND:
            self._tell()

    # In

    def _receive(self) -> None:
        packets: list[bytes] = []
        while True:
            try:
                packets.append(self._socket.recv(32768))
            except BlockingIOError:
                break
        for part in (part for packet in packets for part in parts(packet)):
            try:
                self._hear(decode(part))
            except Unreadable as why:
                self.dropped.append(str(why))
            except TooLong as why:
                self.dropped.append(f"{why}: and all that came with it")
                return

    def _hear(self, message: Message) -> None:
        meaning = self.patterns.understand(message)
        if meaning is None:
            self.dropped.append(f"{message.address} {message.values}")
            return
        self.understood.append(meaning)
        if meaning.flag not in "bt":  # the device knows what it said; switches are echoed
            self._sent[message.address] = message.values[0] if message.values else 0
        deed = getattr(self, f"_do_{meaning.key.lower()}", None)
        if deed:
            deed(self._reaper.project, meaning)

    def _do_play(self, project: Project, _meaning: Meaning) -> None:
        project.play_state = 1

    def _do_stop(self, project: Project, _meaning: Meaning) -> None:
        project.play_state = 0

    def _do_pause(self, project: Project, _meaning: Meaning) -> None:
        project.play_state = 2 if project.play_state == 1 else 1

    def _do_record(self, project: Project, _meaning: Meaning) -> None:
        project.play_state = 0 if project.play_state & 4 else 5

    def _do_repeat(self, project: Project, _meaning: Meaning) -> None:
        project.repeat = 1 - project.repeat

    def _do_time(self, project: Project, meaning: Meaning) -> None:
        if meaning.flag == "f":
            project.cursor = max(0.0, _number(meaning))

    def _do_tempo(self, project: Project, meaning: Meaning) -> None:
        qpm = _number(meaning) if meaning.flag in "fs" else 30 + 420 * _number(meaning)
        if 1 <= qpm <= 960 and not project.state.tempo:
            project.state.base = (qpm, *project.state.base[1:])

    def _do_loop_start_time(self, project: Project, meaning: Meaning) -> None:
        project.state.loop = (_number(meaning), max(_number(meaning), project.state.loop[1]))

    def _do_loop_end_time(self, project: Project, meaning: Meaning) -> None:
        project.state.loop = (min(project.state.loop[0], _number(meaning)), _number(meaning))

    def _do_action(self, _project: Project, meaning: Meaning) -> None:
        actions = self._reaper.actions
        wanted = meaning.numbers[0] if meaning.numbers else meaning.value
        command = actions.named(wanted) if isinstance(wanted, str) and wanted.startswith("_") else 0
        if not command and not (isinstance(wanted, str) and wanted.startswith("_")):
            command = int(wanted or 0)
        if command:
            self._reaper.press(command, float(meaning.value) if isinstance(meaning.value, float) else None)

    def _do_device_track_count(self, _project: Project, meaning: Meaning) -> None:
        self.banks["TRACK"] = int(meaning.numbers[0]) if meaning.numbers else int(_number(meaning))

    def _do_device_marker_count(self, _project: Project, meaning: Meaning) -> None:
        self.banks["MARKER"] = int(meaning.numbers[0]) if meaning.numbers else int(_number(meaning))

    def _do_device_region_count(self, _project: Project, meaning: Meaning) -> None:
        self.banks["REGION"] = int(meaning.numbers[0]) if meaning.numbers else int(_number(meaning))

    def _do_device_track_bank_select(self, _project: Project, meaning: Meaning) -> None:
        number = int(meaning.numbers[0]) if meaning.numbers else int(_number(meaning))
        self.bank = (number - 1) * self.banks["TRACK"]

    def _track(self, project: Project, meaning: Meaning) -> Track | None:
        """Numbers count within the bank; 0 is the master."""
        number = int(meaning.numbers[0]) if meaning.numbers else 1
        if number == 0:
            return project.master
        place = self.bank + number - 1
        return project.tracks[place] if number <= self.banks["TRACK"] and place < len(project.tracks) else None

    def _do_track_name(self, project: Project, meaning: Meaning) -> None:
        track = self._track(project, meaning)
        if track:
            track.name = str(meaning.value)

    def _set(self, project: Project, meaning: Meaning, value: str) -> None:
        track = self._track(project, meaning)
        if track:
            track.values[value] = 1 - track.values.get(value, 0.0) if meaning.flag == "t" else _number(meaning)

    def _do_track_mute(self, project: Project, meaning: Meaning) -> None:
        self._set(project, meaning, "B_MUTE")

    def _do_track_solo(self, project: Project, meaning: Meaning) -> None:
        self._set(project, meaning, "I_SOLO")

    def _do_track_rec_arm(self, project: Project, meaning: Meaning) -> None:
        self._set(project, meaning, "I_RECARM")

    def _do_track_select(self, project: Project, meaning: Meaning) -> None:
        self._set(project, meaning, "I_SELECTED")

    def _sign(self, project: Project, meaning: Meaning, *, region: bool) -> Marker:
        """By the number that is shown; made when it is not there."""
        number = int(meaning.numbers[0])
        for marker in project.state.markers:
            if marker.number == number and marker.is_region == region:
                return marker
        return project.place_marker(Marker(number, "", project.cursor, project.cursor + 1 if region else None))

    def _do_markerid_name(self, project: Project, meaning: Meaning) -> None:
        self._sign(project, meaning, region=False).name = str(meaning.value)

    def _do_markerid_time(self, project: Project, meaning: Meaning) -> None:
        self._sign(project, meaning, region=False).seconds = _number(meaning)

    def _do_regionid_name(self, project: Project, meaning: Meaning) -> None:
        self._sign(project, meaning, region=True).name = str(meaning.value)

    def _do_regionid_time(self, project: Project, meaning: Meaning) -> None:
        region = self._sign(project, meaning, region=True)
        length = (region.end or 0.0) - region.seconds
        region.seconds, region.end = _number(meaning), _number(meaning) + length

    def _do_regionid_length(self, project: Project, meaning: Meaning) -> None:
        region = self._sign(project, meaning, region=True)
        region.end = region.seconds + _number(meaning)

    def _do_vkb_midi_note(self, _project: Project, meaning: Meaning) -> None:
        channel, pitch = (int(n) for n in (("0", *meaning.numbers) if len(meaning.numbers) == 1 else meaning.numbers))
        self._reaper.desktop.midi_out.append((VIRTUAL_KEYBOARD, 0x90 | channel, pitch, int(_number(meaning))))

    # Out

    def _tell(self) -> None:
        changed = []
        for address, value in self._state(self._reaper.project):
            if self._sent.get(address) != value:
                self._sent[address] = value
                changed.append(Message(address, (value,)))
        if changed:
            for packet in bundles(changed, self._max_packet):
                self._socket.sendto(packet, self._send_to)

    def _state(self, project: Project) -> Iterator[tuple[str, Value]]:
        """Everything the file has an address for, as it stands."""
        playing, at = project.play_state, project.play_position if project.play_state else project.cursor
        switches = {"PLAY": playing & 1, "PAUSE": playing & 2, "RECORD": playing & 4, "STOP": not playing}
        for key, on in (switches | {"REPEAT": project.repeat}).items():
            yield from self._say(key, "t", float(bool(on)))
        yield from self._say("TIME", "f", at)
        yield from self._say("TEMPO", "f", project.time.qpm_at(at))
        yield from self._say("LOOP_START_TIME", "f", project.state.loop[0])
        yield from self._say("LOOP_END_TIME", "f", project.state.loop[1])
        for i, track in enumerate(project.tracks[self.bank : self.bank + self.banks["TRACK"]]):
            yield from self._say("TRACK_NAME", "s", track.name or f"Track {self.bank + i + 1}", i + 1)
        markers = [m for m in project.state.markers if not m.is_region]
        for i, marker in enumerate(markers[: self.banks["MARKER"]]):
            yield from self._say("MARKER_NAME", "s", marker.name, i + 1)
            yield from self._say("MARKER_TIME", "f", marker.seconds, i + 1)
        regions = [m for m in project.state.markers if m.end is not None]
        for i, region in enumerate(regions[: self.banks["REGION"]]):
            yield from self._say("REGION_NAME", "s", region.name, i + 1)
            yield from self._say("REGION_TIME", "f", region.seconds, i + 1)
            yield from self._say("REGION_LENGTH", "f", (region.end or 0.0) - region.seconds, i + 1)
        here = [m.name for m in regions if m.end is not None and m.seconds <= at < m.end]
        yield from self._say("LAST_REGION_NAME", "s", here[-1] if here else "")
        last = [m.name for m in markers if m.seconds <= at]
        yield from self._say("LAST_MARKER_NAME", "s", last[-1] if last else "")

    def _say(self, key: str, flag: str, value: Value, *numbers: int) -> Iterator[tuple[str, Value]]:
        for pattern in (p for p in self.patterns.patterns if p.key == key and p.flag == flag):
            if pattern.address.count("@") == len(numbers):
                yield pattern.filled(*numbers), value


def _number(meaning: Meaning) -> float:
    assert isinstance(meaning.value, int | float)
    return float(meaning.value)


def surfaces_of(reaper: Reaper) -> list[Surface]:
    """The OSC surfaces that `reaper.ini` lists, as REAPER opens them when it starts.

    `csurf_0=OSC "partimento" 3 8000 "127.0.0.1" 9000 1024 10 "partimento"`.
    """
    found = []
    for line in (reaper.resource_path / "reaper.ini").read_text("utf-8", "surrogateescape").splitlines():
        key, _, value = line.partition("=")
        row = words(value)
        if key.strip().lower().startswith("csurf_") and row[:1] == ["OSC"] and len(row) == 9:
            _, _, flags, receive, address, send, packet, _, stem = row
            file = reaper.resource_path / "OSC" / f"{stem}.ReaperOSC"
            found.append(
                Surface(
                    reaper,
                    receive_port=int(receive),
                    send_to=(address, int(send)),
                    flags=int(flags),
                    patterns=file,
                    max_packet=int(packet),
                )
            )
    return found
