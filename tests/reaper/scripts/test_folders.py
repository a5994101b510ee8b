"""New tracks among the musician's folders: everybody stays in the folder they were in."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.reaper.double import Track
from tests.reaper.scripts.room import Room


def parents(tracks: list[Track]) -> dict[str, str]:
    """Which folder each track lies in ("" for none), by name."""
    open_folders: list[str] = []
    found = {}
    for track in tracks:
        found[track.name] = open_folders[-1] if open_folders else ""
        depth = int(track.values.get("I_FOLDERDEPTH", 0))
        if depth > 0:
            open_folders.append(track.name)
        for _ in range(-depth):
            if open_folders:
                open_folders.pop()
    return found


@st.composite
def trees(draw: st.DrawFn) -> list[int]:
    """Folder depths of a project's tracks, all folders closed at the end."""
    depths, level = [], 0
    for _ in range(draw(st.integers(1, 7))):
        depth = draw(st.integers(-level, 1))
        depths.append(depth)
        level += depth
    depths[-1] -= level
    return depths if depths[-1] <= 0 else [0]


def result(room: Room, names: list[str], after: str) -> None:
    room.project.tracks[0].values["I_SELECTED"] = 1.0
    request = room.ask("detect_chords_and_phrases")
    tracks = [{"op": "track", "key": name, "name": name, "folder": "Arrangement", "after": after} for name in names]
    room.answer(request, tracks)


@settings(max_examples=15, deadline=None)
@given(trees(), st.data())
def test_existing_tracks_stay_in_their_folders(depths: list[int], data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder:
        room = Room(Path(folder))
        for number, depth in enumerate(depths):
            room.project.add_track(f"mine {number}").values["I_FOLDERDEPTH"] = float(depth)
        before = parents(room.project.tracks)
        after = room.project.tracks[data.draw(st.integers(0, len(depths) - 1))].guid
        result(room, ["Piano", "Bass"], after)
        result(room, ["Strings"], after)
        now = parents(room.project.tracks)
        assert {name: now[name] for name in before} == before
        assert {now[name] for name in ("Piano", "Bass", "Strings")} == {"Arrangement"}
        names = [track.name for track in room.project.tracks]
        place = names.index("Arrangement")
        assert names[place : place + 4] == ["Arrangement", "Piano", "Bass", "Strings"]
        assert sum(int(track.values.get("I_FOLDERDEPTH", 0)) for track in room.project.tracks) == 0
