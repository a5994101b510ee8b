"""MIDI in the double: packing, sources of their own, pools, and where a take's ticks lie in the project."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.reaper.double import Event, Project, Reaper, RuleBroken
from tests.reaper.double.midi import Pool, pack, unpack

TAKE = "local item = reaper.GetMediaItem(0, 0) local take = reaper.GetActiveTake(item) "


def packed(*events: tuple[int, int, bytes]) -> str:
    data = b"".join(struct.pack("<iBi", step, flags, len(message)) + message for step, flags, message in events)
    return "'" + "".join(f"\\{byte:03d}" for byte in data) + "'"


END = (0, 0, b"\xb0\x7b\x00")


def test_events_come_packed_and_end_with_all_notes_off(reaper: Reaper, project: Project) -> None:
    project.add_track().add_midi(0, 4, [(0, 1, 60, 100)])
    found = reaper.lua(
        TAKE
        + """
        local ok, events = reaper.MIDI_GetAllEvts(take)
        local out, at = {}, 1
        while at <= #events do
          local step, flags, message
          step, flags, message, at = string.unpack("i4Bs4", events, at)
          local bytes = message:gsub(".", function(c) return string.format("%02x", c:byte()) end)
          out[#out + 1] = string.format("%d %d %s", step, flags, bytes)
        end
        return out
        """
    )
    assert found == ["0 0 903c64", "960 0 803c00", "2880 0 b07b00"]


def test_what_is_set_is_what_is_there(reaper: Reaper, project: Project) -> None:
    item = project.add_track().add_midi(0, 4)
    code = packed((480, 1, b"\x90\x40\x50"), (480, 0, b"\x80\x40\x00"), (960, 0, b"\xb0\x7b\x00"))
    reaper.lua(TAKE + f"assert(reaper.MIDI_SetAllEvts(take, {code}))")
    pool = item.takes[0].pool
    assert pool is not None
    assert (pool.events, pool.length) == ([Event(480, 1, b"\x90\x40\x50"), Event(960, 0, b"\x80\x40\x00")], 1920)


@pytest.mark.parametrize(
    ("events", "why"),
    [
        ([(0, 0, b"\x90\x40\x50")], "do not end with all-notes-off"),
        ([(480, 0, b"\x90\x40\x50"), (-10, 0, b"\x80\x40\x00"), END], "goes back by 10"),
        ([(0, 0, b"\x40\x50"), END], "no status byte"),
        ([(0, 0, b"\x90\x40\x90"), END], "over 127"),
        ([(0, 0, b"\x90\x40"), END], "has 3"),
        ([(0, 0, b"\xf0\x01"), END], "no end"),
    ],
)
def test_a_buffer_that_no_source_can_hold_is_refused(
    reaper: Reaper, project: Project, events: list[tuple[int, int, bytes]], why: str
) -> None:
    item = project.add_track().add_midi(0, 4, [(0, 1, 60, 100)])
    before = item.snapshot()
    with pytest.raises(RuleBroken, match=why):
        reaper.lua(TAKE + f"reaper.MIDI_SetAllEvts(take, {packed(*events)})")
    assert item.snapshot() == before


def test_a_buffer_that_breaks_off_is_refused(reaper: Reaper, project: Project) -> None:
    project.add_track().add_midi(0, 4)
    with pytest.raises(RuleBroken, match="break off"):
        reaper.lua(TAKE + "reaper.MIDI_SetAllEvts(take, 'abc')")


def test_a_take_that_was_only_added_has_no_source(reaper: Reaper, project: Project) -> None:
    project.add_track().add_midi(0, 4)
    assert reaper.lua(
        TAKE
        + """
        local fresh = reaper.AddTakeToMediaItem(item)
        return reaper.TakeIsMIDI(fresh), reaper.GetMediaItemTake_Source(fresh) == nil, (reaper.MIDI_GetAllEvts(fresh))
        """
    ) == (False, True, False)
    with pytest.raises(RuleBroken, match="no MIDI source"):
        reaper.lua(TAKE + f"reaper.MIDI_SetAllEvts(reaper.GetTake(item, 1), {packed(END)})")


def test_a_new_take_gets_a_source_of_its_own(reaper: Reaper, project: Project) -> None:
    item = project.add_track().add_midi(0, 4, [(0, 1, 60, 100)])
    code = packed((0, 0, b"\x90\x40\x50"), (960, 0, b"\x80\x40\x00"), (0, 0, b"\xb0\x7b\x00"))
    reaper.lua(
        TAKE
        + f"""
        local fresh = reaper.AddTakeToMediaItem(item)
        reaper.SetMediaItemTake_Source(fresh, reaper.PCM_Source_CreateFromType("MIDI"))
        reaper.MIDI_SetAllEvts(fresh, {code})
        reaper.SetActiveTake(fresh)
        """
    )
    first, second = item.takes
    assert first.pool is not None
    assert second.pool is not None
    assert (item.active, first.pool.events[0].message[1], second.pool.events[0].message[1]) == (1, 60, 64)


def test_one_source_is_not_given_to_two_takes(reaper: Reaper, project: Project) -> None:
    project.add_track().add_midi(0, 4)
    with pytest.raises(RuleBroken, match="belongs to another take"):
        reaper.lua(
            TAKE
            + "reaper.SetMediaItemTake_Source(reaper.AddTakeToMediaItem(item), reaper.GetMediaItemTake_Source(take))"
        )


def test_a_pooled_item_is_written_only_once_it_is_out_of_its_pool(reaper: Reaper, project: Project) -> None:
    track = project.add_track()
    first = track.add_midi(0, 4, [(0, 1, 60, 100)])
    second = track.add_midi(4, 8, pool_of=first)
    write = TAKE + f"reaper.MIDI_SetAllEvts(take, {packed(END)})"
    with pytest.raises(RuleBroken, match="1 other takes play the same events"):
        reaper.lua(write)
    heard = second.snapshot()
    reaper.lua(TAKE + "reaper.SetMediaItemSelected(item, true) reaper.Main_OnCommand(41613, 0)")
    reaper.lua(write)
    assert first.takes[0].pool is not None
    assert (first.takes[0].pool.events, second.snapshot()) == ([], heard)


def test_the_chunk_says_who_is_pooled(reaper: Reaper, project: Project) -> None:
    track = project.add_track()
    first = track.add_midi(0, 4, [(0, 1, 60, 100)])
    track.add_midi(4, 8, pool_of=first)
    track.add_midi(8, 12)
    pools = reaper.lua(
        """
        local out = {}
        for i = 0, 2 do
          local _, chunk = reaper.GetItemStateChunk(reaper.GetMediaItem(0, i), "", false)
          out[i + 1] = chunk:match("POOLEDEVTS (%b{})")
        end
        return out
        """
    )
    assert (pools[0] == pools[1], pools[1] == pools[2]) == (True, False)


def test_notes_put_in_unsorted_are_sorted_before_the_turn_ends(reaper: Reaper, project: Project) -> None:
    project.add_track().add_midi(0, 4)
    insert = (
        TAKE
        + "for i = 3, 1, -1 do reaper.MIDI_InsertNote(take, false, false, i * 480, i * 480 + 240, 0, 60 + i, 90, true) end "
    )
    assert reaper.lua(insert + "reaper.MIDI_Sort(take) return (select(7, reaper.MIDI_GetNote(take, 0)))") == 61
    with pytest.raises(RuleBroken, match="MIDI_Sort did not follow"):
        reaper.lua(insert)


def test_positions_go_through_rate_and_offset(reaper: Reaper, project: Project) -> None:
    item = project.add_track().add_midi(8, 16, [(0, 1, 60, 100)])
    item.takes[0].values.update(D_PLAYRATE=2.0, D_STARTOFFS=1.0)  # at 120, one second of source is two quarters
    assert reaper.lua(
        TAKE
        + """
        return reaper.MIDI_GetPPQPosFromProjQN(take, 8), reaper.MIDI_GetPPQPosFromProjQN(take, 9),
          reaper.MIDI_GetProjQNFromPPQPos(take, 1920), reaper.MIDI_GetProjTimeFromPPQPos(take, 1920)
        """
    ) == (1920.0, 3840.0, 8.0, 4.0)


def test_a_source_with_a_tempo_of_its_own_ignores_the_projects(reaper: Reaper, project: Project) -> None:
    item = project.add_track().add_midi(0, 4, [(0, 1, 60, 100)])
    pool = item.takes[0].pool
    assert pool is not None
    pool.own_qpm = 60.0
    chunk = reaper.lua(TAKE + "local _, c = reaper.GetItemStateChunk(item, '', false) return c")
    assert reaper.lua(TAKE + "return reaper.MIDI_GetProjQNFromPPQPos(take, 960)") == 2.0
    assert "IGNTEMPO 1 60 4 4" in chunk


@given(
    st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 3), st.integers(0, 127), st.integers(1, 127)), max_size=40)
)
def test_what_is_packed_unpacks_to_the_same(rows: list[tuple[int, int, int, int]]) -> None:
    pool = Pool(6000, [Event(at, flags, bytes((0x90, pitch, velocity))) for at, flags, pitch, velocity in sorted(rows)])
    assert unpack(pack(pool)) == (pool.events, 6000)


def test_the_hash_tells_whether_anything_changed(reaper: Reaper, project: Project) -> None:
    item = project.add_track().add_midi(0, 4, [(0, 1, 60, 100)])
    ask = TAKE + "return (select(2, reaper.MIDI_GetHash(take, false)))"
    before = reaper.lua(ask)
    assert reaper.lua(ask) == before
    assert item.takes[0].pool is not None
    item.takes[0].pool.events[0] = Event(0, 0, b"\x90\x3c\x65")
    assert reaper.lua(ask) != before
