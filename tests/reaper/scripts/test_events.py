"""Events packed as REAPER packs them, clips as the bridge writes them, and fills joined with what stands there."""

from __future__ import annotations

import io
import struct

import mido
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.reaper.scripts.lua import Library

LIBRARY = Library()
OFF = b"\xb0\x7b\x00"


def packed(*events: tuple[int, int, bytes]) -> bytes:
    """`(ticks, flags, message)` as `MIDI_GetAllEvts` gives them."""
    out, before = b"", 0
    for at, flags, message in events:
        out += struct.pack("<iBi", at - before, flags, len(message)) + message
        before = at
    return out


def clip(*messages: mido.Message | mido.MetaMessage, division: int = 960) -> bytes:
    file = mido.MidiFile(type=1, ticks_per_beat=division)
    track = mido.MidiTrack(messages)
    file.tracks.append(track)
    out = io.BytesIO()
    file.save(file=out)
    return out.getvalue()


def read(lib: Library, data: bytes) -> object:
    return lib.run("return require('lib.smf').read(...)", data)


def test_events_are_packed_as_reaper_unpacks_them(lib: Library) -> None:
    buffer = packed((0, 0, b"\x90\x3c\x64"), (960, 1, b"\x80\x3c\x00"), (3840, 0, OFF))
    code = "local e = require('lib.events'); return e.pack(e.unpack(...), 3840)"
    assert lib.lua.execute(code.encode(), buffer) == buffer


def test_the_end_of_the_source_is_where_the_item_ends(lib: Library) -> None:
    code = "return require('lib.events').pack({ { 0, 0, '\\x90\\x3c\\x64' }, { 5000, 0, '\\x80\\x3c\\x00' } }, 3840)"
    assert lib.lua.execute(code.encode()) == packed((0, 0, b"\x90\x3c\x64"), (3840, 0, OFF))


def test_what_sounds_beyond_the_end_is_let_go_there(lib: Library) -> None:
    on, off, pedal = b"\x90\x3c\x40", b"\x80\x3c\x00", b"\xb0\x40\x00"
    sent = [[0, 0, on], [960, 0, off], [960, 0, on], [3840, 0, pedal], [3840, 0, on], [4000, 0, off], [4000, 0, pedal]]
    out = lib.run("return require('lib.events').cut(..., 3840)", sent)
    assert out == [[0, 0, on], [960, 0, off], [960, 0, on], [3840, 0, pedal], [3840, 0, off]]


def test_muted_events_and_sysex_make_no_sound(lib: Library) -> None:
    code = "local e = require('lib.events'); return e.sounds({ 0, ... })"
    assert lib.run(code, 0, b"\x90\x3c\x64") is True
    assert lib.run(code, 2, b"\x90\x3c\x64") is False
    assert lib.run(code, 0, b"\xf0\x7e\xf7") is False


def test_the_hash_hears_what_sounds_and_nothing_else(lib: Library) -> None:
    code = "local e = require('lib.events'); return e.hash(e.unpack(...))"
    one = packed((0, 0, b"\x90\x3c\x64"), (0, 0, b"\x90\x40\x64"), (960, 0, b"\x80\x3c\x00"), (3840, 0, OFF))
    reordered = packed((0, 1, b"\x90\x40\x64"), (0, 1, b"\x90\x3c\x64"), (960, 0, b"\x90\x3c\x00"), (4000, 0, OFF))
    edited = packed((0, 0, b"\x90\x3c\x65"), (0, 0, b"\x90\x40\x64"), (960, 0, b"\x80\x3c\x00"), (3840, 0, OFF))
    assert lib.run(code, one) == lib.run(code, reordered)
    assert lib.run(code, one) != lib.run(code, edited)


def test_a_repeated_note_is_let_go_before_it_sounds_again(lib: Library) -> None:
    code = "local e = require('lib.events'); return e.sort({ { 960, 0, '\\x90\\x3c\\x64' }, { 960, 0, '\\x80\\x3c\\x00' } })"
    assert [event[2] for event in lib.run(code)] == [b"\x80<\x00", b"\x90<d"]


STEPS = st.lists(st.tuples(st.integers(0, 6), st.sampled_from([b"\x90\x3c\x40", b"\x80\x3c\x00", b"\xb0\x40\x7f"])))


@given(STEPS)
def test_any_list_is_put_in_order_and_equals_keep_theirs(steps: list[tuple[int, bytes]]) -> None:
    ranks = {0x80: 0, 0xB0: 1, 0x90: 2}
    sent = [[at, place, message] for place, (at, message) in enumerate(steps)]
    code = "return require('lib.events').sort(..., function() end)"
    found = [event[:3] for event in LIBRARY.run(code, sent)] if sent else []
    assert found == sorted(sent, key=lambda event: (event[0], ranks[event[2][0]]))


def test_a_clip_is_read_with_running_status_and_words(lib: Library) -> None:
    data = clip(
        mido.MetaMessage("track_name", name="Bass"),
        mido.Message("program_change", program=33),
        mido.Message("note_on", note=40, velocity=90, time=480),
        mido.MetaMessage("text", text="here"),
        mido.Message("note_on", note=40, velocity=0, time=480),
        mido.Message("control_change", control=64, value=127),
    )
    events, length = read(lib, data)  # type: ignore[misc]
    assert [event[:3] for event in events] == [
        [0, 0, b"\xc0!"],
        [480, 0, b"\x90(Z"],
        [480, 0, b"\xff\x01here"],
        [960, 0, b"\x90(\x00"],
        [960, 0, b"\xb0@\x7f"],
    ]
    assert length == 960


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "no MIDI file"),
        (b"RIFF" + b"\0" * 20, "no MIDI file"),
        (clip(mido.Message("note_on", note=60), division=480), "480 ticks"),
        (clip(mido.Message("note_on", note=60))[:-6], "ends in the middle"),
        (clip(mido.Message("note_on", note=60)).replace(b"\x90\x3c\x40", b"\x90\x3c\xc0"), "data byte"),
        (clip(mido.Message("note_on", note=60)).replace(b"\x90\x3c\x40", b"\x3c\x40\x00"), "status"),
    ],
)
def test_a_damaged_clip_is_refused(lib: Library, data: bytes, word: str) -> None:
    nothing, problem = read(lib, data)  # type: ignore[misc]
    assert nothing is None
    assert word in problem


JOIN = """
local merge, events, bars = require('lib.merge'), require('lib.events'), require('lib.bars')
local old, new, mask, lay, length, from = ...
local ruler = bars.ruler({ { qn = 0.0, meter = '4/4' } })
local function pause() end
local laid = merge.laid_out(events.unpack(old), lay, length, pause)
return merge.join(laid, events.unpack(new), length, from, merge.inside(mask, 'Piano', ruler), pause)
"""
PLAIN = {"offset_qn": 0.0, "rate": 1.0, "division": 960, "looped": False}


def joined(
    lib: Library, old: bytes, new: bytes, cells: list[object], lay: dict[str, object] = PLAIN, **more: object
) -> list[list[object]]:
    mask = {"cells": cells, "keep": more.get("keep", [])}
    return [event[:3] for event in lib.run(JOIN, old, new, mask, lay, more.get("length", 3840), more.get("start", 0.0))]


def test_a_fill_replaces_the_notes_that_start_in_its_mask(lib: Library) -> None:
    old = packed(
        (0, 0, b"\x90\x3c\x40"),
        (960, 0, b"\x80\x3c\x00"),
        (960, 0, b"\x90\x3e\x40"),
        (1920, 0, b"\x80\x3e\x00"),
        (3840, 0, OFF),
    )
    new = packed((960, 0, b"\x90\x48\x40"), (1440, 0, b"\x80\x48\x00"))
    cells = [{"track": "Piano", "from": [1, 2.0], "to": [1, 3.0]}]
    assert joined(lib, old, new, cells) == [
        [0, 0, b"\x90<@"],
        [960, 0, b"\x80<\x00"],
        [960, 0, b"\x90H@"],
        [1440, 0, b"\x80H\x00"],
        [3840, 0, OFF],
    ]


def test_pitches_outside_the_band_and_kept_notes_stay(lib: Library) -> None:
    old = packed((0, 0, b"\x90\x3c\x40"), (0, 0, b"\x90\x43\x40"), (0, 0, b"\x90\x24\x40"), (3840, 0, OFF))
    cells = [{"track": "Piano", "from": [1, 1.0], "to": [2, 1.0], "pitch": ["C3", "G4"]}]
    keep = [{"track": "Piano", "at": [1, 1.0], "pitch": "G4"}]
    rest = [event for event in joined(lib, old, b"", cells, keep=keep) if event[2][0] == 0x90]  # type: ignore[index]
    assert [event[2][1] for event in rest] == [0x43, 0x24]  # type: ignore[index]


def test_a_looped_source_is_laid_out_before_a_part_of_it_changes(lib: Library) -> None:
    old = packed((0, 0, b"\x90\x3c\x40"), (480, 0, b"\x80\x3c\x00"), (1920, 0, OFF))
    cells = [{"track": "Piano", "from": [1, 1.0], "to": [1, 2.0]}]
    notes = [
        event[0] for event in joined(lib, old, b"", cells, PLAIN | {"looped": True}, length=5760) if event[2][0] == 0x90
    ]  # type: ignore[index]
    assert notes == [1920, 3840]


def test_a_trimmed_and_faster_source_keeps_what_was_set_before_it(lib: Library) -> None:
    old = packed(
        (0, 0, b"\xc0\x05"),
        (480, 0, b"\x90\x3c\x40"),
        (960, 0, b"\x80\x3c\x00"),
        (960, 0, b"\x90\x3e\x40"),
        (1920, 0, b"\x80\x3e\x00"),
        (3840, 0, OFF),
    )
    out = joined(lib, old, b"", [], PLAIN | {"offset_qn": 1.0, "rate": 2.0}, length=960)
    assert out[:3] == [[0, 0, b"\xc0\x05"], [0, 0, b"\x90>@"], [480, 0, b"\x80>\x00"]]


RENEW = """
local merge, events = require('lib.merge'), require('lib.events')
local old, new, stretches = ...
return merge.renewed(events.unpack(old), events.unpack(new), 3840, stretches, function() end)
"""


def renewed(lib: Library, old: bytes, new: bytes, *stretches: tuple[int, int]) -> list[list[object]]:
    return [event[:3] for event in lib.run(RENEW, old, new, list(stretches)) if event[2] != OFF]


def held(*notes: tuple[int, int, int]) -> list[tuple[int, int, bytes]]:
    """Notes as (from, to, pitch) in ticks."""
    return [e for a, b, key in notes for e in ((a, 0, bytes([0x90, key, 64])), (b, 0, bytes([0x80, key, 0])))]


def in_time(*events: tuple[int, int, bytes]) -> bytes:
    return packed(*sorted(events, key=lambda e: e[0]), (3840, 0, OFF))


def sounding(list_: list[list[object]]) -> list[tuple[int, int, int]]:
    """The same the other way round."""
    on: dict[int, int] = {}
    found = []
    for at, _, message in list_:
        assert isinstance(message, bytes)
        assert isinstance(at, int)
        if message[0] == 0x90:
            assert message[1] not in on
            on[message[1]] = at
        elif message[0] == 0x80:
            found.append((on.pop(message[1]), at, message[1]))
    assert not on
    return sorted(found)


def test_in_a_stretch_everything_is_the_other_takes(lib: Library) -> None:
    old = in_time(*held((0, 960, 60), (960, 1920, 61), (1920, 2880, 62), (2880, 3840, 63)))
    new = in_time(*held((0, 960, 70), (960, 1920, 71), (1920, 2880, 72), (2880, 3840, 73)))
    assert sounding(renewed(lib, old, new, (960, 1920), (2880, 3840))) == [
        (0, 960, 60), (960, 1920, 71), (1920, 2880, 62), (2880, 3840, 73),
    ]  # fmt: skip


def test_at_a_border_nothing_sounds_on_and_who_comes_early_belongs_to_the_new_chord(lib: Library) -> None:
    old = in_time(*held((0, 2400, 60), (940, 1900, 61), (1900, 3840, 62)))
    new = in_time(*held((0, 960, 70), (945, 2500, 71), (1905, 3840, 72)))
    assert sounding(renewed(lib, old, new, (960, 1920))) == [(0, 960, 60), (945, 1920, 71), (1900, 3840, 62)]


def test_the_pedal_is_each_sides_own_and_found_as_it_was_at_each_border(lib: Library) -> None:
    down, up = b"\xb0\x40\x7f", b"\xb0\x40\x00"
    old = in_time((0, 0, down), (2400, 0, up), *held((0, 3840, 60)))
    new = in_time((0, 0, up), (1440, 0, down), *held((0, 3840, 70)))
    pedal = [(at, message[2]) for at, _, message in renewed(lib, old, new, (960, 1920)) if message[0] == 0xB0]  # type: ignore[index]
    assert pedal == [(0, 127), (900, 0), (1440, 127), (1860, 127), (2400, 0)]


def test_a_stretch_to_the_end_has_everything_up_to_the_end(lib: Library) -> None:
    old = in_time(*held((0, 1920, 60), (3820, 3840, 61)))
    new = in_time((3830, 0, b"\xb0\x40\x00"), *held((1920, 3840, 70), (3810, 3840, 71)))
    out = renewed(lib, old, new, (1920, 3840))
    assert sounding(out) == [(0, 1920, 60), (1920, 3840, 70), (3810, 3840, 71)]
    assert all(event[0] <= 3840 for event in out)  # type: ignore[operator]
