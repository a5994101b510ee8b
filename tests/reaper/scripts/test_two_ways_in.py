"""A project that is asked about in REAPER and the same project opened as a file are one music.

The scripts' reader asks REAPER's functions for every position, the file reader computes them from the saved text; neither knows
of the other.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bridge.files.rpp import read_project
from bridge.request_song import to_song
from bridge.wire import Request1, decode, encode
from engines.music.song import Song
from tests.reaper.double import Event, Project, Reaper
from tests.reaper.scripts.lua import SCRIPTS

QUARTERS = st.integers(0, 64).map(lambda n: n / 4)
NOTES = st.lists(
    st.tuples(QUARTERS, st.integers(1, 16).map(lambda n: n / 4), st.integers(21, 108), st.integers(1, 127)), max_size=6
)


@st.composite
def tempo_maps(draw: st.DrawFn) -> list[tuple[float, float, str, bool]]:
    """Markers on quarters, some of them the start of a ramp, some with a meter."""
    places = sorted(draw(st.sets(st.integers(0, 40), max_size=4)))
    return [
        (
            float(place),
            draw(st.integers(40, 240)),
            draw(st.sampled_from(["", "3/4", "6/8", "5/4"])),
            draw(st.booleans()),
        )
        for place in places
    ]


@st.composite
def items(draw: st.DrawFn) -> dict[str, Any]:
    """One item, moved, cut, looped, faster or slower."""
    begin = draw(QUARTERS)
    return {
        "from_qn": begin,
        "to_qn": begin + draw(st.integers(2, 64)) / 4,
        "source": draw(st.integers(4, 40)) / 4,
        "notes": draw(NOTES),
        "pedal": draw(st.lists(st.tuples(st.integers(0, 9600), st.integers(0, 127)), max_size=3)),
        "own_qpm": draw(st.sampled_from([None, None, None, 97.0])),
        "rate": draw(st.sampled_from([0.5, 1.0, 1.0, 1.5, 2.0])),
        "offset_s": draw(st.sampled_from([0.0, 0.0, 0.25, 1.0])),
        "looped": draw(st.booleans()),
        "muted": draw(st.sampled_from([False, False, False, True])),
    }


def build(project: Project, tempo: list[tuple[float, float, str, bool]], tracks: list[list[dict[str, Any]]]) -> None:
    for place, qpm, meter, linear in tempo:
        project.add_tempo(place, qpm, meter, linear=linear)
    for number, wishes in enumerate(tracks):
        track = project.add_track(f"Part {number}")
        for wish in wishes:
            kept = [note for note in wish["notes"] if note[0] + note[1] <= wish["source"]]
            pedal = [Event(at, 0, bytes((0xB0, 64, value))) for at, value in wish["pedal"] if at < wish["source"] * 960]
            item = track.add_midi(wish["from_qn"], wish["to_qn"], kept, events=pedal)
            take = item.active_take
            assert take is not None
            assert take.pool is not None
            take.pool.length = round(wish["source"] * 960)
            take.values["D_PLAYRATE"], take.values["D_STARTOFFS"] = wish["rate"], wish["offset_s"]
            if not wish["looped"]:  # looped ones with a tempo of their own are refused by the scripts
                take.pool.own_qpm = wish["own_qpm"]
            item.values["B_LOOPSRC"], item.values["B_MUTE"] = float(wish["looped"]), float(wish["muted"])


def asked(reaper: Reaper) -> Song:
    """As the scripts read it."""
    text = reaper.lua(f"""
        package.path = [[{SCRIPTS}/?.lua]]
        return require("lib.json").encode(require("lib.reader").read("arrange", {{}}))
    """)
    return to_song(decode(Request1, encode(json.loads(text))))


def opened(reaper: Reaper) -> Song:
    """As the file has it."""
    reaper.lua("reaper.Main_SaveProject(0, false)")
    return read_project(Path(reaper.project.path).read_bytes()).song


def played(song: Song) -> list[list[tuple[int, int, int, int]]]:
    return [[(n.start, n.length, n.pitch, n.velocity) for n in track.notes()] for track in song.tracks]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(tempo=tempo_maps(), tracks=st.lists(st.lists(items(), max_size=3), min_size=1, max_size=3))
def test_both_ways_hear_the_same_notes(
    tempo: list[tuple[float, float, str, bool]], tracks: list[list[dict[str, Any]]]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        reaper = Reaper(Path(folder))
        reaper.project.path = str(Path(folder) / "song.rpp")
        build(reaper.project, tempo, tracks)
        one, other = asked(reaper), opened(reaper)
    assert [track.name for track in one.tracks] == [track.name for track in other.tracks]
    for ours, theirs in zip(played(one), played(other), strict=True):
        assert len(ours) == len(theirs)
        for a, b in zip(sorted(ours), sorted(theirs), strict=True):
            assert a == pytest.approx(b, abs=1)
    assert [(c.tick, str(c.meter)) for c in one.meter.changes] == [(c.tick, str(c.meter)) for c in other.meter.changes]
