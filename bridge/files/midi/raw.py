"""A Standard MIDI File as it is stored: every event of every track, nothing interpreted.

Events are kept in two columns, ticks and messages. A message has its status byte spelled out, whatever shorthand the
file used: `90 3C 64` for a note, `F0 …` or `F7 …` for system exclusive without its length, `FF 51 07 A1 20` for a meta
event without its length. Equal messages are one object, so that long files stay small in memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from engines.errors import Notice, UnreadableFile

MAX_BYTES = 64 * 1024 * 1024
"""Larger files are refused: no piece of music comes near."""
MAX_EVENTS = 4_000_000
MAX_TICK = 1 << 31
MAX_TRACKS = 4096

META = 0xFF
"""The status of a meta event; its type follows."""
END_OF_TRACK = b"\xff\x2f"
RUNNING, RESTATED = True, False
"""The two ways to store a message whose status equals the one before: leave the status out, or state it again."""


@dataclass(frozen=True, slots=True)
class RawTrack:
    """One track chunk."""

    ticks: tuple[int, ...]
    """When each event happens, in the file's own ticks from the start; never decreasing."""
    messages: tuple[bytes, ...]
    """What happens, in the order of the file. The last is End of Track."""
    running: bool = RUNNING
    """Whether repeated status bytes are left out when the track is stored."""
    tail: bytes = b""
    """What the chunk holds after End of Track; kept, never read."""

    def __post_init__(self) -> None:
        if len(self.ticks) != len(self.messages):
            raise ValueError("A track has as many ticks as messages.")
        if not self.messages or self.messages[-1][:2] != END_OF_TRACK:
            raise ValueError("A track ends with End of Track.")

    def __len__(self) -> int:
        return len(self.messages)

    def events(self) -> Iterator[tuple[int, bytes]]:
        """Every event as (tick, message)."""
        return zip(self.ticks, self.messages, strict=True)

    @property
    def end(self) -> int:
        """The tick of the last event, which is End of Track."""
        return self.ticks[-1]


@dataclass(frozen=True, slots=True)
class RawChunk:
    """A chunk that is no track; kept and written back where it stood."""

    before_track: int
    """How many tracks precede it."""
    kind: bytes
    """Its four letters."""
    data: bytes


@dataclass(frozen=True, slots=True)
class RawMidi:
    """A whole file."""

    type: int
    """0 (one track) or 1 (tracks that play together), as the header says."""
    division: int
    """Ticks per quarter note."""
    tracks: tuple[RawTrack, ...]
    chunks: tuple[RawChunk, ...] = ()
    """Chunks of other kinds, in order."""
    header_tail: bytes = b""
    """What the header holds beyond its six bytes."""
    trailing: bytes = b""
    """What follows the last chunk without being one."""
    notices: tuple[Notice, ...] = field(default=(), compare=False)
    """What was odd about the file, though nothing was lost."""

    @property
    def is_single(self) -> bool:
        """Whether one track holds everything, told apart by channels."""
        return self.type == 0 and len(self.tracks) == 1

    @property
    def event_count(self) -> int:
        """How many events all tracks hold together."""
        return sum(map(len, self.tracks))


def damaged(what: str, *, track: int | None = None, byte: int | None = None) -> UnreadableFile:
    """The error for a file that cannot be trusted: what is wrong, in which track, at which byte."""
    where = f"Track {track} is damaged" if track is not None else "The MIDI file is damaged"
    at = f" at byte {byte}" if byte is not None else ""
    place = [f"track {track}"] * (track is not None) + [f"byte {byte}"] * (byte is not None)
    return UnreadableFile(
        f"{where}{at}: {what}.",
        "Export the file again, or open it in a sequencer that repairs it and save a copy.",
        path=", ".join(place) or None,
    )
