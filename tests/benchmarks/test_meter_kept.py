"""What counts as a meter that is kept, on files small enough to check by hand."""

from __future__ import annotations

from benchmarks.meter_kept import bars, merged, meter_kept, stated_by_events
from bridge.files.midi import write_song
from engines.music.notes import Note
from engines.music.song import MidiClip, Placement, Song, Take, Track
from engines.music.time import PPQ, MeterMap, Ticks


def song(*meters: tuple[int, str], quarters: int = 16) -> Song:
    clip = MidiClip(Ticks(quarters * PPQ), (Note(Ticks(0), Ticks(quarters * PPQ), 60),))
    place = Placement(Ticks(0), clip.length, (Take(clip),))
    return Song((Track("Voice", (place,)),), meter=MeterMap.of(*meters))


WALTZ_WITH_UPBEAT = song((0, "3/4"), (PPQ, "3/4"), (7 * PPQ, "6/8"))
"""An upbeat of a quarter, two bars in three, then in six."""


def test_the_judge_reads_what_stands_in_the_file() -> None:
    content = write_song(WALTZ_WITH_UPBEAT)
    assert stated_by_events(content) == [(0, "3/4"), (960, "3/4"), (6720, "6/8")]


def test_every_row_of_a_piece_that_is_kept() -> None:
    roman = "Time Signature: 3/4\n\nm0 C: I\nTime Signature: 6/8\nm3 V\n"
    rows = dict(meter_kept(write_song(WALTZ_WITH_UPBEAT), "3/4 6/8", roman))
    assert list(rows) == ["the file's events", "the index", "the analysis", "written as .mid", "written as .rpp"]
    assert all(rows.values())


def test_a_statement_that_differs_is_counted_against_us() -> None:
    rows = dict(meter_kept(write_song(WALTZ_WITH_UPBEAT), "3/4", "Time Signature: 4/4\nm1 C: I\n"))
    assert (rows["the index"], rows["the analysis"]) == (False, False)


def test_what_is_not_stated_is_not_compared() -> None:
    rows = dict(meter_kept(write_song(song((0, "4/4"))), "", "m1 C: I\n"))
    assert list(rows) == ["the file's events", "written as .mid", "written as .rpp"]


def test_a_lost_upbeat_moves_every_bar_line() -> None:
    lost = MeterMap.of((0, "3/4"), (7 * PPQ, "6/8"))
    assert bars(WALTZ_WITH_UPBEAT.meter, WALTZ_WITH_UPBEAT) != bars(lost, WALTZ_WITH_UPBEAT)
    assert bars(WALTZ_WITH_UPBEAT.meter, WALTZ_WITH_UPBEAT)[:3] == [(0, "3/4"), (960, "3/4"), (3840, "3/4")]


def test_a_meter_that_is_stated_again_is_one_meter() -> None:
    assert merged(["3/4", "3/4", "2/4", "3/4"]) == ["3/4", "2/4", "3/4"]
