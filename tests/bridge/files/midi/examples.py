"""MIDI files made by hand: what tests of reading and writing them are about."""

from __future__ import annotations

from itertools import accumulate

from hypothesis import strategies as st

from bridge.files.midi.events import write_length
from bridge.files.midi.raw import END_OF_TRACK, RawChunk, RawMidi, RawTrack

END = (0, b"\xff\x2f\x00")


def header(kind: int = 1, tracks: int = 1, division: int = 480) -> bytes:
    return b"MThd" + (6).to_bytes(4, "big") + b"".join(n.to_bytes(2, "big") for n in (kind, tracks, division))


def track(*events: tuple[int, bytes]) -> bytes:
    """A track chunk of (step, bytes as stored)."""
    body = b"".join(write_length(step) + message for step, message in events)
    return b"MTrk" + len(body).to_bytes(4, "big") + body


def midi(*tracks: bytes, kind: int = 1, division: int = 480) -> bytes:
    return header(kind, len(tracks), division) + b"".join(tracks)


def meta(kind: int, data: bytes | str) -> bytes:
    """A meta event as stored."""
    payload = data.encode() if isinstance(data, str) else data
    return bytes((0xFF, kind)) + write_length(len(payload)) + payload


def on(pitch: int, velocity: int = 80, channel: int = 0) -> bytes:
    return bytes((0x90 | channel, pitch, velocity))


def off(pitch: int, release: int = 0, channel: int = 0) -> bytes:
    return bytes((0x80 | channel, pitch, release))


SCALE = tuple(event for pitch in (60, 62, 64, 65) for event in ((0, on(pitch)), (480, off(pitch))))
"""One bar of quarters at 480 ticks."""

seven_bits = st.integers(0, 127)
channels = st.integers(0, 15)


def _bytes(*parts: st.SearchStrategy[int]) -> st.SearchStrategy[bytes]:
    return st.tuples(*parts).map(bytes)


def _status(upper: int) -> st.SearchStrategy[int]:
    return channels.map(lambda channel: upper << 4 | channel)


messages = st.one_of(
    *(_bytes(_status(upper), seven_bits, seven_bits) for upper in (0x8, 0x9, 0x9, 0x9, 0xA, 0xB, 0xE)),
    *(_bytes(_status(upper), seven_bits) for upper in (0xC, 0xD)),
    st.binary(max_size=200).map(lambda data: b"\xf0" + data),
    st.binary(max_size=20).map(lambda data: b"\xf7" + data),
    st.tuples(st.integers(0, 127).filter(lambda kind: kind != 0x2F), st.binary(max_size=200)).map(
        lambda made: bytes((0xFF, made[0])) + made[1]
    ),
)
"""Any message that a track may hold, in the form in which it is kept."""


@st.composite
def raw_tracks(draw: st.DrawFn, events: st.SearchStrategy[bytes] = messages) -> RawTrack:
    ticks, stored, now = [], [], 0
    for message in draw(st.lists(events, max_size=40)):
        now += draw(st.sampled_from([0, 0, 0, 1, 60, 127, 128, 480, 20000, 3_000_000]))
        ticks.append(now)
        stored.append(message)
    return RawTrack((*ticks, now), (*stored, END_OF_TRACK), draw(st.booleans()), draw(st.sampled_from([b"", b"\0\0x"])))


@st.composite
def raw_files(draw: st.DrawFn) -> RawMidi:
    """Any file, musical or not."""
    tracks = tuple(draw(st.lists(raw_tracks(), min_size=1, max_size=4)))
    places = sorted(draw(st.lists(st.integers(0, len(tracks)), max_size=2)))
    chunks = tuple(RawChunk(place, b"XFIH", draw(st.binary(max_size=9))) for place in places)
    trailing = draw(st.sampled_from([b"", b"\0\0\0", b"end"]))
    return RawMidi(
        draw(st.sampled_from([0, 1])),
        draw(st.integers(1, 0x7FFF)),
        tracks,
        chunks,
        draw(st.binary(max_size=3)),
        trailing,
    )


part_messages = st.one_of(
    *(st.builds(on, st.integers(60, 63), st.integers(0, 127), st.integers(0, 2)) for _ in range(3)),
    *(st.builds(off, st.integers(60, 63), st.integers(0, 127), st.integers(0, 2)) for _ in range(3)),
    st.builds(lambda value: bytes((0xB0, 64, value)), seven_bits),
    st.builds(lambda program: bytes((0xC0, program)), seven_bits),
    st.just(b"\xff\x05la"),
    st.just(b"\xf0\x43\x12\xf7"),
)
"""What parts are made of: on few keys, so that notes overlap, end twice and never end."""


@st.composite
def part_files(draw: st.DrawFn) -> RawMidi:
    """Files with parts and nothing that forbids to read them as songs."""
    steps = st.sampled_from([0, 0, 1, 60, 127, 480])
    tracks = []
    for events in draw(st.lists(st.lists(st.tuples(steps, part_messages), max_size=40), min_size=1, max_size=3)):
        ticks = list(accumulate((step for step, _ in events), initial=0))
        tracks.append(RawTrack((*ticks[1:], ticks[-1]), (*(message for _, message in events), END_OF_TRACK)))
    return RawMidi(
        0 if len(tracks) == 1 else 1, draw(st.sampled_from([96, 480, 960, 1, 7, 1024, 0x7FFF])), tuple(tracks)
    )
