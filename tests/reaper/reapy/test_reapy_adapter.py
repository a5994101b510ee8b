"""Python outside REAPER reads and writes the open project, through reapy's own server in a REAPER that is our double."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bridge.reaper import reapy_adapter
from bridge.reaper.reapy_adapter import open_project
from bridge.wire import encode
from engines.errors import EngineError, InvalidMusic, NotThere, Unavailable, WriteFailed
from engines.music.notes import Control, Note, Program, Text
from engines.music.song import AudioClip, Marker, MidiClip, Placement, Section, Take, Track
from engines.music.time import Ticks
from tests.reaper.double import Reaper
from tests.reaper.reapy import scenes
from tests.reaper.reapy.host import Host

QUARTER = 960


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    host = Host(tmp_path_factory.mktemp("REAPER"))
    yield host
    host.close()


@pytest.fixture(autouse=True)
def _empty(host: Host) -> None:
    host.ask(scenes.start_anew)


def a_track(name: str = "Bass", pitch: int = 40) -> Track:
    notes = tuple(Note(Ticks(i * QUARTER), Ticks(QUARTER), pitch + i, 80 + i) for i in range(4))
    clip = MidiClip(
        Ticks(4 * QUARTER), notes, (Program(Ticks(0), 33), Control(Ticks(QUARTER), 64, 127)), name="Bars 1-4"
    )
    return Track(name, (Placement(Ticks(0), Ticks(4 * QUARTER), (Take(clip),)),), role="bass", colour="#3a77cc")


def plain(request: dict[str, Any]) -> dict[str, Any]:
    """A request without what differs from one time to the next."""
    return {key: value for key, value in request.items() if key not in ("id", "scripts", "options")}


def same(ours: Any, theirs: Any) -> bool:
    """Equal but for the last digits of positions, which Lua writes shorter."""
    if isinstance(ours, dict):
        return ours.keys() == theirs.keys() and all(same(ours[key], theirs[key]) for key in ours)
    if isinstance(ours, list):
        return len(ours) == len(theirs) and all(same(a, b) for a, b in zip(ours, theirs, strict=True))
    return bool(theirs == pytest.approx(ours, abs=1e-6) if isinstance(ours, float) else ours == theirs)


@pytest.mark.parametrize(
    "build",
    [scenes.nothing, scenes.a_song, scenes.odd_items, scenes.many_items, scenes.a_chord_track],
    ids=lambda build: build.__name__,
)
def test_it_reads_what_the_scripts_read(host: Host, build: Callable[[Reaper], None]) -> None:
    host.ask(build)
    theirs = plain(host.ask(scenes.with_scripts))
    with open_project(host.web_port) as project:
        ours = plain(json.loads(encode(project.request())))
    for key in ours:
        assert same(ours[key], theirs[key]), key


def test_the_example_of_the_musicians_page_does_what_it_says(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    page = (Path(__file__).parents[3] / "docs" / "musician.md").read_text(encoding="utf-8")
    example = page.partition("## From Python")[2].partition("```python\n")[2].partition("```")[0]
    monkeypatch.setattr(reapy_adapter, "open_project", partial(open_project, host.web_port))
    host.ask(scenes.a_song)
    exec(example, {})  # noqa: S102  # a line of ours, as a reader would paste it
    before, *_, (name, items) = host.ask(scenes.tracks)
    assert (name, len(items)) == ("An octave up", len(before[1]))
    assert int(items[0][0][1].split()[1], 16) == int(before[1][0][0][1].split()[1], 16) + 12
    assert host.ask(scenes.undo_labels) == ["An octave up"]


def test_a_song_is_read_as_music(host: Host) -> None:
    host.ask(scenes.a_song)
    with open_project(host.web_port) as project:
        song = project.read()
    flute = song.track("Flöte")
    assert flute
    assert [(note.start / QUARTER, note.pitch) for note in flute.notes()][:3] == [(0, 60), (1, 64), (4, 67)]
    assert [str(change.meter) for change in song.meter.changes] == ["3/4", "4/4"]
    assert [section.name for section in song.sections] == ["Strophe"]
    assert host.ask(scenes.undo_labels) == []


def test_what_is_written_is_one_undo_point(host: Host) -> None:
    host.ask(scenes.a_song)
    before = host.ask(scenes.snapshots)
    with open_project(host.web_port) as project:
        project.read()
        written = project.write(
            [a_track("Cello"), a_track("Violin", 70)],
            label="Strings",
            regions=[Section("Coda", Ticks(20 * QUARTER), Ticks(4 * QUARTER), colour="#ff0000")],
            markers=[Marker(Ticks(0), "Start")],
        )
    assert host.ask(scenes.undo_labels) == ["Strings"]
    assert host.ask(scenes.snapshots)[: len(before)] == before
    assert [name for name, _ in host.ask(scenes.tracks)][-2:] == ["Cello", "Violin"]
    assert (len(written.tracks), len(written.items)) == (2, 2)
    assert host.ask(scenes.signs) == [("Coda", True), ("Start", False), ("Strophe", True), ("chord:Am7", False)]


def test_events_arrive_to_the_tick_and_to_the_byte(host: Host) -> None:
    words = Text(Ticks(5), "für dich", "lyric")
    clip = MidiClip(
        Ticks(2 * QUARTER), (Note(Ticks(7), Ticks(953), 60, 101, 3, 77),), (words, Control(Ticks(9), 1, 127, 15))
    )
    track = Track("Lead", (Placement(Ticks(QUARTER), Ticks(2 * QUARTER), (Take(clip),)),))
    with open_project(host.web_port) as project:
        project.write([track], label="One note")
    [(_, [events])] = host.ask(scenes.tracks)
    assert events == [
        (5, "ff 05 66 c3 bc 72 20 64 69 63 68"),
        (7, "93 3c 65"),
        (9, "bf 01 7f"),
        (960, "83 3c 4d"),
    ]


def test_what_was_written_is_read_back(host: Host) -> None:
    with open_project(host.web_port) as project:
        project.write([a_track()], label="Bass")
        song = project.read()
    bass = song.track("Bass")
    assert bass
    assert bass.notes() == a_track().notes()
    assert bass.role == "bass"


def test_takes_come_as_takes(host: Host) -> None:
    notes = [(Note(Ticks(0), Ticks(QUARTER), pitch, 80),) for pitch in (60, 62, 64)]
    takes = tuple(Take(MidiClip(Ticks(QUARTER), n), f"Take {i}", {"seed": str(i)}) for i, n in enumerate(notes, 1))
    with open_project(host.web_port) as project:
        project.write([Track("Lead", (Placement(Ticks(0), Ticks(QUARTER), takes, active=1),))], label="Three takes")
    assert host.ask(scenes.take_of, 0) == (["Take 1", "Take 2", "Take 3"], 1, {"partimento.seed": "2"})


def test_clips_can_go_onto_a_track_that_is_there(host: Host) -> None:
    host.ask(scenes.a_song)
    guid = host.ask(scenes.guid_of, "Bass")
    with open_project(host.web_port) as project:
        written = project.write([a_track()], label="More bass", onto={"Bass": guid})
    assert written.tracks == (guid,)
    assert [len(items) for name, items in host.ask(scenes.tracks) if name == "Bass"] == [2]


def test_a_new_track_gets_a_sound(host: Host) -> None:
    with open_project(host.web_port) as project:
        written = project.write([a_track()], label="Bass")
    assert written.silent == ()
    assert host.ask(scenes.instruments) == [["JS: partimento sketch synth"]]


def test_the_musicians_own_instrument_goes_first(host: Host) -> None:
    host.ask(scenes.own_instruments)
    with open_project(host.web_port) as project:
        project.write([a_track(), replace(a_track("Pad"), role="pad")], label="Bass and pad")
    assert host.ask(scenes.instruments) == [["VSTi: ReaSynth (Cockos)"]] * 2


@pytest.mark.parametrize(
    ("stand_in_the_way", "kind", "says"),
    [
        (scenes.freeze, WriteFailed, "frozen"),
        (scenes.record, WriteFailed, "recording"),
        (scenes.another_tab, WriteFailed, "Another project"),
        (scenes.remove, NotThere, "no longer there"),
    ],
)
def test_what_stands_in_the_way_is_said_and_nothing_written(
    host: Host, stand_in_the_way: Callable[..., None], kind: type[EngineError], says: str
) -> None:
    host.ask(scenes.a_song)
    guid = host.ask(scenes.guid_of, "Bass")
    with open_project(host.web_port) as project:
        project.read()
        host.ask(stand_in_the_way)
        before = host.ask(scenes.tracks)
        with pytest.raises(kind, match=says) as caught:
            project.write([a_track()], label="More bass", onto={"Bass": guid})
        assert caught.value.hint
    assert (host.ask(scenes.tracks), host.ask(scenes.undo_labels)) == (before, [])


def test_an_error_inside_takes_back_what_was_begun(host: Host) -> None:
    host.ask(scenes.take_no_markers)
    with open_project(host.web_port) as project:
        with pytest.raises(WriteFailed, match="nothing was changed") as caught:
            project.write([a_track()], label="Half", markers=[Marker(Ticks(0), "Start")])
        host.ask(scenes.take_markers_again)
        assert "Traceback" in str(caught.value.__cause__)
        assert (host.ask(scenes.tracks), host.ask(scenes.undo_labels)) == ([], [])
        project.write([a_track()], label="Whole")
    assert host.ask(scenes.undo_labels) == ["Whole"]


def test_audio_is_not_written(host: Host) -> None:
    audio = Placement(Ticks(0), Ticks(960), (Take(AudioClip(Ticks(960), "loop.wav")),))
    with open_project(host.web_port) as project, pytest.raises(InvalidMusic, match="audio"):
        project.write([Track("Loop", (audio,))], label="Loop")
    assert host.ask(scenes.undo_labels) == []


def test_a_long_take_is_read_whole(host: Host) -> None:
    host.ask(scenes.a_long_item)
    with open_project(host.web_port) as project:
        track = project.read().track("Lead")
    assert track
    assert len(track.notes()) == 6000


def test_a_reapy_that_is_not_set_up_is_said_in_a_sentence(tmp_path: Path) -> None:
    host = Host(tmp_path, on=False)
    with pytest.raises(Unavailable, match="not set up") as caught:
        open_project(host.web_port)
    host.close()
    assert "reapy" in caught.value.hint
    with pytest.raises(Unavailable, match="REAPER is not there"):
        open_project(host.web_port)


def test_a_crash_is_said_and_the_next_reaper_is_found(tmp_path: Path) -> None:
    host = Host(tmp_path)
    project = open_project(host.web_port)
    project.read()
    host.ask(scenes.crash_at_the_next_write)
    with pytest.raises(Unavailable, match="REAPER went away"):
        project.write([a_track()], label="Bass")
    with pytest.raises(Unavailable, match="closed"):
        project.read()
    again = Host(tmp_path)
    with open_project(again.web_port) as project:
        assert project.read().tracks == ()
    again.close()


def test_a_reaper_that_hangs_in_a_dialog_is_not_waited_for(tmp_path: Path) -> None:
    host = Host(tmp_path)
    with open_project(host.web_port, patience=0.5) as project:
        host.ask(scenes.open_dialog_at_the_next_call)
        with pytest.raises(Unavailable, match="did not answer"):
            project.read()
    host.kill()


def test_without_the_extra_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == "reapy"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "reapy", None)
    with pytest.raises(Unavailable, match="not installed") as caught:
        open_project()
    assert "partimento[reapy]" in caught.value.hint


def test_nothing_imports_reapy_before_it_is_needed() -> None:
    code = "import sys, bridge.reaper.reapy_adapter, bridge.serve; sys.exit('reapy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_what_runs_inside_is_python_of_any_age() -> None:
    text = (Path(reapy_adapter.__file__).parent / "inside.py").read_text(encoding="utf-8")
    tree = ast.parse(text, feature_version=(3, 8))
    imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert imported == {"__future__", "typing", "reapy"}
