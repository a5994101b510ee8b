"""The picture of a song."""

from __future__ import annotations

import os
import re
import stat
import struct
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.files.picture import png
from bridge.files.picture.draw import draw_song
from bridge.files.picture.layout import MOST_LANES, rows_of
from bridge.files.picture.png import find_converter, png_from_svg
from bridge.files.picture.svg import fitted, width_of
from engines.errors import InvalidMusic, Unavailable
from engines.music.edits import Cell
from engines.music.harmony import ChordTrack, Key, KeyTrack
from engines.music.notes import DRUM_CHANNEL, Note
from engines.music.song import Marker, MidiClip, Placement, Section, Song, Take, Track
from engines.music.time import PPQ, MeterMap, TempoChange, TempoMap, Ticks

BAR = 4 * PPQ
SVG = "{http://www.w3.org/2000/svg}"


def track(name: str, *notes: Note, channel: int = 0, bars: int = 8, role: str | None = None) -> Track:
    clip = MidiClip(Ticks(bars * BAR), tuple(sorted(notes)))
    return Track(name, (Placement(Ticks(0), clip.length, (Take(clip),)),), role, channel=channel)


def note(beat: float, pitch: int = 60, velocity: int = 80, channel: int = 0) -> Note:
    return Note(Ticks(int(beat * PPQ)), Ticks(PPQ), pitch, velocity, channel)


def small_song(**changes: object) -> Song:
    parts: dict[str, object] = {
        "tracks": (
            track("Piano", note(0, 48), note(4, 52)),
            track("MELODY", note(0, 72), note(2, 74, 110)),
            track("Drums", note(0, 36, channel=DRUM_CHANNEL), note(1, 42, channel=DRUM_CHANNEL), channel=9),
        ),
        "keys": KeyTrack.constant(Key.parse("Eb")),
        "chords": ChordTrack.of((0, "Ebmaj7"), (BAR, "N.C."), (2 * BAR, "Bb7/D")),
        "sections": (Section("Verse", Ticks(0), Ticks(4 * BAR)), Section("Chorus", Ticks(4 * BAR), Ticks(4 * BAR))),
        "name": "A small song",
    }
    return Song(**{**parts, **changes})  # type: ignore[arg-type]


def parse(svg: str | bytes) -> ElementTree.Element:
    return ElementTree.fromstring(svg)  # noqa: S314  # our own drawing


def words_in(svg: str) -> list[str]:
    return ["".join(text.itertext()) for text in parse(svg).iter(f"{SVG}text")]


def test_a_picture_names_song_tracks_sections_chords_key_and_bars() -> None:
    shown = words_in(draw_song(small_song()))
    assert {"A small song", "MELODY", "Piano", "Drums", "Verse", "Chorus", "1", "8", "kick", "hat", "C5"} <= set(shown)
    assert {"E♭maj7", "N.C.", "B♭7/D"} <= set(shown)
    assert "4/4 · E♭ major · ♩ = 120" in shown
    assert "8 bars · 4/4 · E♭ major · ♩ = 120 · 0:16 · 3 tracks" in shown


def test_the_melody_stands_first_and_the_drums_last() -> None:
    shown = words_in(draw_song(small_song()))
    assert shown.index("MELODY") < shown.index("Piano") < shown.index("Drums")
    shown = words_in(draw_song(small_song(), melody="piano"))
    assert shown.index("Piano") < shown.index("MELODY")


def test_the_same_song_gives_the_same_text() -> None:
    assert draw_song(small_song()) == draw_song(small_song())


def test_it_says_what_it_shows_to_those_who_do_not_see_it() -> None:
    root = parse(draw_song(small_song()))
    assert root.get("role") == "img"
    assert root.get("aria-label") == "A small song"
    assert root.findtext(f"{SVG}title") == "A small song"
    about = root.findtext(f"{SVG}desc") or ""
    assert "MELODY (2 notes)" in about
    assert "Chorus from bar 5" in about


def test_louder_notes_are_stronger() -> None:
    svg = draw_song(Song((track("MELODY", note(0, velocity=30), note(1, velocity=120)),)))
    opacities = [float(see) for see in re.findall(r'stroke-opacity="([0-9.]+)"', svg)]
    assert len(opacities) == 1
    assert opacities[0] < 0.6


def test_names_cannot_break_out_of_the_drawing() -> None:
    nasty = '</text><script>alert("x")</script>\x00\x1b]]>&amp;\ud800'
    song = small_song(tracks=(track(nasty, note(0)),), name=nasty, sections=(Section(nasty, Ticks(0), Ticks(BAR * 8)),))
    svg = draw_song(song)
    assert "<script" not in svg
    assert svg.encode("utf-8")
    assert parse(svg) is not None


@given(st.text(max_size=30), st.text(max_size=30), st.text(max_size=30))
def test_any_name_is_well_formed(title: str, name: str, section: str) -> None:
    song = small_song(tracks=(track(name, note(0)),), sections=(Section(section, Ticks(0), Ticks(BAR)),), name=title)
    parse(draw_song(song).encode("utf-8"))


def test_colours_of_the_musicians_own_are_kept_where_they_are_colours() -> None:
    mine = Track("Lead", small_song().tracks[1].placements, colour="#12ab9f")
    odd = Track("Odd", small_song().tracks[1].placements, colour='red"/><script/>')
    svg = draw_song(Song((mine, odd)))
    assert "#12ab9f" in svg
    assert "script" not in svg


def test_a_song_without_chords_keys_or_sections_is_drawn_too() -> None:
    shown = words_in(draw_song(Song((track("Bass", note(0, 40)),))))
    assert "A song" in shown
    assert "Bass" in shown


def test_a_song_without_notes_is_drawn_too() -> None:
    assert "Nothing yet" in words_in(draw_song(Song((track("Empty"),), name="Nothing yet")))
    assert parse(draw_song(Song())) is not None


def test_markers_stand_in_for_sections() -> None:
    marks = (Marker(Ticks(0), "Intro"), Marker(Ticks(0), "chord:C"), Marker(Ticks(BAR), "Am7"), Marker(Ticks(BAR), "A"))
    shown = words_in(draw_song(small_song(sections=(), markers=marks, chords=None)))
    assert "Intro" in shown
    assert "A" in shown
    assert "chord:C" not in shown
    assert "Am7" not in shown


def test_meter_tempo_and_key_changes_stand_where_they_happen() -> None:
    song = small_song(
        meter=MeterMap.of((0, "4/4"), (2 * BAR, "3/4")),
        tempo=TempoMap(
            (TempoChange(Ticks(0), 90.0), TempoChange(Ticks(4 * BAR), 120.0, True), TempoChange(Ticks(6 * BAR), 60.0))
        ),
    )
    shown = words_in(draw_song(song))
    assert any("3/4" in text for text in shown)
    assert "♩ = 120 → 60" in shown


def test_a_ritardando_in_steps_is_one_mark() -> None:
    steps = [TempoChange(Ticks(0), 100.0), *(TempoChange(Ticks(4 * BAR + i * PPQ), 98.0 - 4 * i) for i in range(8))]
    shown = words_in(draw_song(small_song(tempo=TempoMap(tuple(steps)))))
    assert "♩ = 100 → 70" in shown
    assert not any("94" in text for text in shown)


def test_a_range_of_bars_can_be_drawn_and_a_hole_framed() -> None:
    svg = draw_song(small_song(), bars=(5, 6), marked=[Cell("MELODY", Ticks(4 * BAR), Ticks(5 * BAR))])
    shown = words_in(svg)
    assert "5" in shown
    assert "4" not in shown
    assert svg.count("stroke-dasharray") == 1
    assert "stroke-dasharray" not in draw_song(
        small_song(), bars=(1, 2), marked=[Cell("MELODY", Ticks(4 * BAR), Ticks(5 * BAR))]
    )


def test_bars_and_widths_that_make_no_sense_are_refused() -> None:
    with pytest.raises(InvalidMusic, match="8 bars"):
        draw_song(small_song(), bars=(7, 9))
    with pytest.raises(InvalidMusic, match="pixels wide"):
        draw_song(small_song(), width=100)


def test_muted_tracks_are_not_seen_and_kits_do_not_mix_with_pitches() -> None:
    both = track("Both", note(0, 60), note(1, 36, channel=DRUM_CHANNEL))
    quiet = Track("Quiet", both.placements, muted=True)
    shown = words_in(draw_song(Song((both, quiet))))
    assert shown.count("Both") == 2
    assert "kick" in shown
    assert "Quiet" not in shown


def test_many_tracks_share_a_lane_and_the_picture_says_so() -> None:
    shown = words_in(draw_song(Song(tuple(track(f"T{i}", note(i % 4, 40 + i)) for i in range(25)))))
    assert "10 more" in shown
    assert "10 tracks share one lane." in shown
    assert sum(name in shown for name in (f"T{i}" for i in range(25))) == MOST_LANES - 1


def long_song(bars: int, notes: int) -> Song:
    lanes = 5
    spread = [
        track(
            f"T{lane}",
            *(note((i * 7 % (bars * 16)) / 4, 40 + i % 30, 20 + i % 100) for i in range(notes // lanes)),
            bars=bars,
        )
        for lane in range(lanes)
    ]
    sections = tuple(Section(f"S{i}", Ticks(i * 8 * BAR), Ticks(8 * BAR)) for i in range(bars // 8))
    return Song(tuple(spread), sections=sections, chords=ChordTrack.of(*((i * BAR, "Cmaj7") for i in range(bars))))


def test_a_long_song_stays_small() -> None:
    svg = draw_song(long_song(400, 20_000))
    assert len(svg.encode()) < 4_000_000
    assert "400 bars · 4/4 · ♩ = 120 · 13:20 · 5 tracks" in words_in(svg)


def test_a_song_too_long_for_one_picture_says_what_is_left_out() -> None:
    svg = draw_song(long_song(2500, 70_000))
    assert len(svg.encode()) < 4_000_000
    remarks = [text for text in words_in(svg) if "does not fit" in text]
    assert remarks
    assert re.match(r"Bars 1 to \d+ of 2500;", remarks[0])


@given(st.integers(1, 200), st.sampled_from(["4/4", "3/4", "6/8", "7/8"]), st.lists(st.integers(0, 199), max_size=6))
def test_rows_hold_every_bar_once_and_fit(bars: int, meter: str, starts: list[int]) -> None:
    map_ = MeterMap.of((0, meter))
    sections = [Section("S", map_.bar_start(bar + 1), Ticks(BAR)) for bar in sorted(set(starts))]
    rows, last = rows_of(map_, range(1, bars + 1), sections, 1400.0)
    assert last == bars
    assert [bar for row in rows for bar in range(row.first, row.last + 1)] == list(range(1, bars + 1))
    assert all(row.end - row.start <= 1400 / 17.5 * PPQ + map_.bar_start(2) for row in rows)


def test_rows_end_with_sections_where_they_can() -> None:
    sections = [Section("S", Ticks(start * BAR), Ticks(BAR)) for start in (0, 4, 12, 20, 28, 36)]
    rows, _ = rows_of(MeterMap(), range(1, 41), sections, 1412.0)
    assert [(row.first, row.last) for row in rows] == [(1, 20), (21, 40)]


def test_long_words_are_cut_to_their_room() -> None:
    assert fitted("Verse", 12, 100) == "Verse"
    cut = fitted("An exceedingly long name", 12, 60)
    assert cut.endswith("…")
    assert width_of(cut, 12) <= 60
    assert fitted("Verse", 12, 3) == ""


# The PNG


def fake_tool(folder: Path, name: str, script: str) -> None:
    """An executable of that name which runs a shell script."""
    program = folder / name
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)


@pytest.fixture
def empty_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A PATH with nothing on it but what the test puts there."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(png, "find_spec", lambda name: None)
    return tmp_path


def test_without_a_converter_the_message_says_what_to_install(empty_path: Path) -> None:
    with pytest.raises(Unavailable, match="PNG") as caught:
        png_from_svg(draw_song(small_song()))
    assert "librsvg" in caught.value.hint


PNG = r"\211PNG\r\n\032\n"


@pytest.mark.parametrize(
    ("name", "target"),
    [
        ("rsvg-convert", r"while [ $# -gt 0 ]; do [ $1 = -o ] && out=$2; shift; done"),
        ("resvg", "for out; do :; done"),
        ("inkscape", r"for a; do case $a in --export-filename=*) out=${a#*=};; esac; done"),
        ("magick", "for out; do :; done; out=${out#png:}"),
        ("chromium", r"for a; do case $a in --screenshot=*) out=${a#*=};; esac; done"),
    ],
)
def test_each_converter_is_asked_in_its_own_way(empty_path: Path, name: str, target: str) -> None:
    fake_tool(empty_path, name, f'{target}\nprintf "{PNG}" > "$out"')
    found = find_converter(os.environ)
    assert found is not None
    assert found.stem == name
    assert png_from_svg(draw_song(small_song())).startswith(b"\x89PNG")


def test_a_converter_that_fails_is_quoted(empty_path: Path) -> None:
    fake_tool(empty_path, "rsvg-convert", "echo 'no room on the moon' >&2; exit 3")
    with pytest.raises(Unavailable, match="exit 3") as caught:
        png_from_svg(draw_song(small_song()))
    assert "no room on the moon" in caught.value.hint


def test_a_converter_that_makes_something_else_is_not_believed(empty_path: Path) -> None:
    fake_tool(empty_path, "resvg", 'for out; do :; done\nprintf "GIF89a" > "$out"')
    with pytest.raises(Unavailable, match="no PNG"):
        png_from_svg(draw_song(small_song()))


def test_a_converter_that_hangs_is_ended(empty_path: Path) -> None:
    fake_tool(empty_path, "resvg", "exec /bin/sleep 60")
    with pytest.raises(Unavailable, match="not done after"):
        png_from_svg(draw_song(small_song()), seconds=0.2)


def test_only_pictures_of_songs_are_converted() -> None:
    with pytest.raises(InvalidMusic):
        png_from_svg("<html/>")


@pytest.mark.needs_tool
def test_a_real_converter_draws_a_real_png() -> None:
    if find_converter() is None:
        pytest.skip("no converter is installed")
    png = png_from_svg(draw_song(small_song(), width=640), scale=1)
    assert struct.unpack(">I", png[16:20]) == (640,)
