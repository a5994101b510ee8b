"""The open project for Python code and notebooks, through reapy.

from bridge.reaper.reapy_adapter import open_project

with open_project() as project:
    song = project.read()
    bass = an_octave_up(song.track("Bass"))
    project.write([bass], label="Bass an octave up")

reapy is an extra, and nothing here connects or imports it before `open_project`. The bridge itself goes through the mailbox.
"""

from __future__ import annotations

import base64
import struct
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from bridge.files.midi.conductor import words_message
from bridge.files.midi.notes import event_message
from bridge.reaper import snapshot
from bridge.reaper.reapy_line import PATIENCE, Line
from bridge.reaper.sounds import sounds_for
from bridge.request_song import to_song
from bridge.wire import Request1
from engines.errors import EngineError, InvalidMusic, NotThere, Unavailable, WriteFailed
from engines.music.notes import Text
from engines.music.song import Marker, MidiClip, Placement, Section, Song, Track
from engines.music.time import PPQ, Ticks

WEB_PORT = 2307
"""Where reapy puts REAPER's web interface, which says where its server listens."""
SLICE = 0.08
"""Seconds that one slice of reading may hold REAPER's window."""
ATTEMPTS = 5

_FAULTS: Mapping[str, tuple[type[EngineError], str, str]] = {
    "other_project": (WriteFailed, "Another project is in front now.", "Bring the project that was read to the front."),
    "recording": (WriteFailed, "REAPER is recording.", "Write when the take is over."),
    "track_gone": (NotThere, "Track “{}” is no longer there.", "Read the project again."),
    "frozen": (WriteFailed, "Track “{}” is frozen.", "Unfreeze it, then write again."),
    "own_tempo": (
        Unavailable,
        "The take “{}” is looped and ignores the project's tempo.",
        "Switch “Ignore project tempo” off for it, then read again.",
    ),
    "too_long": (Unavailable, "The take “{}” is too large to be read through reapy.", "Split it, or use the actions."),
}


@dataclass(frozen=True, slots=True)
class Written:
    """What stands in the project now."""

    tracks: tuple[str, ...]
    """GUIDs, in the order of the tracks that were given."""
    items: tuple[str, ...]
    """GUIDs of the new items."""
    silent: tuple[str, ...]
    """New tracks for which no instrument could be had."""


def open_project(web_port: int = WEB_PORT, patience: float = PATIENCE) -> OpenProject:
    """The project in front of the REAPER that runs on this machine. Waits `patience` seconds for any answer."""
    return OpenProject(Line(web_port, patience))


class OpenProject:
    """The project that is in front when it is first read. Close it, or use it in `with`."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._project = ""
        """Its handle, once something was asked."""
        self._resources = Path()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let REAPER go. What was written stays."""
        self._line.close()

    def request(self, verb: str = "arrange", options: Mapping[str, Any] | None = None) -> Request1:
        """What a script would write into a job folder: the selection with its surroundings, or everything."""
        for _ in range(ATTEMPTS):
            survey = self._survey()
            try:
                items = self._items(survey, snapshot.selection(survey))
            except _Changed:
                continue
            return snapshot.request(survey, items, verb, options or {}, f"reapy-{uuid.uuid4().hex[:12]}")
        raise Unavailable("The project changed while it was read.", "Let go of the mouse, then read again.")

    def read(self) -> Song:
        """The selection with its surroundings as a song, or everything when nothing is selected."""
        return to_song(self.request())

    def write(
        self,
        tracks: Sequence[Track] = (),
        *,
        label: str,
        onto: Mapping[str, str] | None = None,
        regions: Sequence[Section] = (),
        markers: Sequence[Marker] = (),
    ) -> Written:
        """Put clips, regions and markers into the project, all under one undo point called `label`, or nothing.

        Each track becomes a new one at the end, unless `onto` names the GUID of one that is there by the track's name. Nothing
        that stands in the project is changed: items come beside items.
        """
        wishes = [_track(track, (onto or {}).get(track.name)) for track in tracks]
        signs = [[s.name, s.start / PPQ, s.end / PPQ, _colour(s.colour)] for s in regions]
        signs += [[marker.name, marker.tick / PPQ, None, None] for marker in markers]
        if not self._project:
            self._survey()
        for wish in wishes:
            wish["sounds"] = [] if wish["guid"] else list(sounds_for(wish["role"], self._resources))
        order = {"do": "write", "project": self._project, "label": label, "tracks": wishes, "signs": signs}
        written = self._ask(order)
        return Written(*(tuple(written[key]) for key in ("tracks", "items", "silent")))

    def _survey(self) -> dict[str, Any]:
        survey = self._ask({"do": "survey"})
        self._project, self._resources = survey["project"], Path(survey["resources"])
        return survey

    def _items(self, survey: Mapping[str, Any], chosen: Mapping[str, Any]) -> list[tuple[int, dict[str, Any]]]:
        """Every item that matters, in slices between which REAPER goes on."""
        span = [chosen["from_qn"], chosen["to_qn"]] if chosen["to_qn"] > chosen["from_qn"] else None
        found: list[tuple[int, dict[str, Any]]] = []
        place: list[int] | None = [0, 0]
        while place is not None:
            common = {"project": survey["project"], "state": survey["state"], "seconds": SLICE}
            answer = self._ask({"do": "items", "next": place, "span": span, **common})
            found += [(number, item) for number, item in answer["items"]]
            place = answer["next"]
        return found

    def _ask(self, order: dict[str, Any]) -> dict[str, Any]:
        answer = self._line.ask(order)
        if "fault" not in answer:
            return answer
        code, *blanks = answer["fault"]
        if code == "changed":
            raise _Changed
        kind, sentence, hint = _FAULTS[code]
        raise kind(sentence.format(*blanks), hint)


class _Changed(Exception):
    """The project is not the one that was surveyed."""


def _colour(colour: str | None) -> list[int] | None:
    return list(bytes.fromhex(colour.lstrip("#"))) if colour else None


def _track(track: Track, guid: str | None) -> dict[str, Any]:
    return {
        "guid": guid,
        "name": track.name,
        "role": track.role,
        "colour": _colour(track.colour),
        "items": [_item(place, track) for place in track.placements],
    }


def _item(place: Placement, track: Track) -> dict[str, Any]:
    takes = []
    for take in place.takes:
        if not isinstance(take.clip, MidiClip):
            raise InvalidMusic(f"Track “{track.name}” holds audio.", "Write MIDI clips only.")
        length = take.clip.length if place.looped else max(place.length, take.clip.length)
        packed = base64.b64encode(packed_events(take.clip, Ticks(length))).decode("ascii")
        name = take.name or take.clip.name or track.name
        takes.append({"name": name, "events": packed, "provenance": dict(take.provenance)})
    return {
        "span": [place.start / PPQ, place.end / PPQ],
        "looped": int(place.looped),
        "muted": int(place.muted),
        "locked": int(place.locked),
        "takes": takes,
        "active": place.active,
    }


def packed_events(clip: MidiClip, length: Ticks) -> bytes:
    """A clip's events as REAPER packs them, ended at `length`: note-offs, then controllers, then note-ons at each tick."""
    rows: list[tuple[int, int, bytes]] = []
    for note in clip.notes:
        rows.append((note.start, 2, bytes((0x90 | note.channel, note.pitch, note.velocity))))
        rows.append((min(note.start + note.length, length), 0, bytes((0x80 | note.channel, note.pitch, note.release))))
    for event in clip.events:
        message = words_message(event) if isinstance(event, Text) else event_message(event, event.channel)
        rows.append((event.tick, 1, message))
    rows = [row for row in rows if 0 <= row[0] <= length]
    rows.sort(key=lambda row: row[:2])
    packed, tick = [], 0
    for at, _, message in [*rows, (length, 0, b"\xb0\x7b\x00")]:
        packed.append(struct.pack("<iBi", at - tick, 0, len(message)) + message)
        tick = at
    return b"".join(packed)
