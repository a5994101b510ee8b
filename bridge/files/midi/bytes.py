"""Standard MIDI Files without loss: bytes to raw events and back.

What is read is written again event for event. Oddities that common software leaves behind (a wrong track count, a track
without its end) are noted and read; a file that is cut short or broken inside an event is refused, with the place.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from bridge.files.midi.events import EventReader, write_events
from bridge.files.midi.raw import MAX_BYTES, MAX_TRACKS, RawChunk, RawMidi, RawTrack, damaged
from engines.errors import Notice, UnreadableFile

_HEADER, _TRACK = b"MThd", b"MTrk"

_ODD_TRACKS = {
    "W_NO_TRACK_END": ("{} without an End of Track event.", "It was added."),
    "W_RUNNING_STATUS": ("{} with a status byte left out after a meta event.", "It was read as the sender meant it."),
    "W_TRACK_LENGTH": ("{} with a length that reaches past the end of the file.", "The music is complete."),
    "W_TRACK_TAIL": ("{} with bytes after End of Track.", "They are kept, but not played."),
}


def read_midi(data: bytes) -> RawMidi:
    """The events of a file of type 0 or 1 with ticks per quarter note."""
    if len(data) > MAX_BYTES:
        raise UnreadableFile(
            f"The file has {len(data):,} bytes, more than any piece needs.",
            f"Give a file of up to {MAX_BYTES // (1024 * 1024)} MiB.",
        )
    notices: list[Notice] = []
    if data[:4] == b"RIFF":
        data = _unwrap(data)
        notices.append(Notice("W_RIFF", "The MIDI file is wrapped in a RIFF file.", "It is written back without it."))
    kind, division, declared, header_tail, start = _read_header(data)
    tracks, chunks, trailing, odd = _read_chunks(data, start, declared)
    notices += _track_notices(odd)
    notices += _file_notices(kind, declared, len(tracks), trailing)
    return RawMidi(kind, division, tracks, chunks, header_tail, trailing, tuple(notices))


def write_midi(raw: RawMidi) -> bytes:
    """The file that `read_midi` reads as the same events."""
    header = b"".join(n.to_bytes(2, "big") for n in (raw.type, len(raw.tracks), raw.division)) + raw.header_tail
    pieces = [_chunk(_HEADER, header)]
    others = iter((*raw.chunks, None))
    other = next(others)
    for number in range(len(raw.tracks) + 1):
        while other is not None and other.before_track <= number:
            pieces.append(_chunk(other.kind, other.data))
            other = next(others)
        if number < len(raw.tracks):
            pieces.append(_chunk(_TRACK, write_events(raw.tracks[number])))
    return b"".join(pieces) + raw.trailing


def _chunk(kind: bytes, data: bytes) -> bytes:
    return kind + len(data).to_bytes(4, "big") + data


def _unwrap(data: bytes) -> bytes:
    """The MIDI file in the `data` chunk of a RIFF file."""
    pos = 12 if data[8:12] == b"RMID" else len(data)
    while pos + 8 <= len(data):
        size = int.from_bytes(data[pos + 4 : pos + 8], "little")
        if data[pos : pos + 4] == b"data":
            return data[pos + 8 : pos + 8 + size]
        pos += 8 + size + size % 2
    raise UnreadableFile("This is a RIFF file without MIDI data, such as a wave file.", "Give a Standard MIDI File.")


def _read_header(data: bytes) -> tuple[int, int, int, bytes, int]:
    """Type, division, number of tracks, what follows these in the header, and where the first chunk begins."""
    if data[:4] != _HEADER:
        raise UnreadableFile(_what_else(data), "Give a Standard MIDI File; it begins with the letters MThd.")
    size = int.from_bytes(data[4:8], "big")
    if size < 6 or len(data) < 8 + size:
        raise damaged("its header is cut short", byte=4)
    kind, tracks, division = (int.from_bytes(data[i : i + 2], "big") for i in (8, 10, 12))
    if kind > 1:
        raise UnreadableFile(
            f"This is a MIDI file of type {kind}; only types 0 and 1 are read.",
            "Export it as type 1 (tracks that play together).",
        )
    if division & 0x8000:
        raise UnreadableFile(
            "This MIDI file counts video frames instead of quarter notes.",
            "Export it with ticks per quarter note (PPQ), such as 480 or 960.",
        )
    if division == 0:
        raise damaged("it has 0 ticks per quarter note", byte=12)
    return kind, division, tracks, data[14 : 8 + size], 8 + size


def _what_else(data: bytes) -> str:
    if not data:
        return "The file is empty."
    sample = data[:512]
    readable = b"\x00" not in sample and sum(byte < 32 and byte not in b"\t\n\r" for byte in sample) == 0
    return "This is text, not a MIDI file." if readable else "This is not a MIDI file."


def _read_chunks(
    data: bytes, pos: int, declared: int
) -> tuple[tuple[RawTrack, ...], tuple[RawChunk, ...], bytes, list[frozenset[str]]]:
    """Tracks, other chunks, what follows the last chunk, and what is odd about each track."""
    tracks: list[RawTrack] = []
    others: list[RawChunk] = []
    odd: list[frozenset[str]] = []
    reader = EventReader()
    while pos + 8 <= len(data) and _is_name(data[pos : pos + 4]):
        kind, body = data[pos : pos + 4], pos + 8
        stop = body + int.from_bytes(data[pos + 4 : body], "big")
        if kind == _TRACK:
            if len(tracks) == MAX_TRACKS:
                raise UnreadableFile(f"The file holds more than {MAX_TRACKS} tracks.", "Split it into several files.")
            track, signs = reader.read(data[body:stop], len(tracks) + 1, body)
            if stop > len(data):
                # The length is wrong. What follows End of Track may be the next track.
                stop = len(data) - len(track.tail)
                track, signs = _without_tail(track, signs, len(tracks) + 1, len(data))
            tracks.append(track)
            odd.append(signs | ({"W_TRACK_TAIL"} if track.tail else set()))
        elif stop > len(data):
            break
        else:
            others.append(RawChunk(len(tracks), kind, data[body:stop]))
        pos = stop
    _check_rest(data[pos:], pos, declared, len(tracks), bool(odd) and "W_NO_TRACK_END" in odd[-1])
    return tuple(tracks), tuple(others), data[pos:], odd


def _is_name(kind: bytes) -> bool:
    return all(32 <= byte < 127 for byte in kind)


def _without_tail(track: RawTrack, signs: frozenset[str], number: int, size: int) -> tuple[RawTrack, frozenset[str]]:
    """A track that declares more than the file holds: it is complete if it has its end, and cut short otherwise."""
    if "W_NO_TRACK_END" in signs:
        raise damaged("the file ends before the track does", track=number, byte=size)
    return replace(track, tail=b""), signs | {"W_TRACK_LENGTH"}


def _check_rest(rest: bytes, pos: int, declared: int, found: int, endless: bool) -> None:
    """Refuse a rest that was meant to be music: a chunk cut short, or events behind a track whose length is wrong."""
    if rest and endless:
        raise damaged("the track goes on behind the length it declares", track=found, byte=pos)
    if rest and found < declared:
        raise damaged(f"the file ends before track {found + 1} of {declared} does", byte=pos)
    if not found:
        raise damaged("it holds no tracks")


def _track_notices(odd: list[frozenset[str]]) -> Iterator[Notice]:
    for code, count in sorted(Counter(code for codes in odd for code in codes).items()):
        message, hint = _ODD_TRACKS[code]
        yield Notice(code, message.format("There is a track" if count == 1 else f"There are {count} tracks"), hint)


def _file_notices(kind: int, declared: int, found: int, trailing: bytes) -> Iterator[Notice]:
    if declared != found:
        yield Notice(
            "W_TRACK_COUNT", f"The header declares {declared} tracks, the file holds {found}.", "All were read."
        )
    if kind == 0 and found > 1:
        yield Notice("W_TYPE", f"The file says it is type 0, but holds {found} tracks.", "It was read as type 1.")
    if trailing:
        yield Notice("W_TRAILING", f"{len(trailing)} bytes follow the last track.", "They are kept, but not played.")
