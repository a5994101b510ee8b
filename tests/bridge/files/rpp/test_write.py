"""Songs written as projects: other readers accept them, every event is there, and they read as the same song."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from types import MappingProxyType

import pytest
import reaper_parser
import rpp
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.files.rpp.project import read_project
from bridge.files.rpp.text import Block, parse, words
from bridge.files.rpp.write import in_folders, write_project
from engines.errors import InvalidMusic
from engines.music.notes import Control, Event, Note, PitchBend, Pressure, Program, Text
from engines.music.song import AudioClip, Clip, Marker, MidiClip, Placement, Section, Song, Take, Track
from engines.music.time import Meter, MeterChange, MeterMap, Seconds, TempoChange, TempoMap, Ticks

NAMES = st.text(st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\u2028\u2029`"), max_size=8)
TICKS = st.integers(0, 40_000).map(Ticks)
COLOURS = st.none() | st.integers(0, 0xFFFFFF).map(lambda value: f"#{value:06x}")
SEVEN = st.integers(0, 127)


def ladder(first: int = 0) -> st.SearchStrategy[list[Ticks]]:
    """Ticks in order, from 0 on."""
    return st.lists(st.integers(1, 20_000), max_size=4).map(
        lambda steps: [Ticks(first), *(Ticks(first + sum(steps[: i + 1])) for i in range(len(steps)))]
    )


@st.composite
def tempi(draw: st.DrawFn) -> TempoMap:
    qpm = st.integers(160, 3200).map(lambda eighths: eighths / 8) | st.floats(20, 400)
    ticks = draw(ladder())
    return TempoMap(tuple(TempoChange(tick, draw(qpm), tick < ticks[-1] and draw(st.booleans())) for tick in ticks))


@st.composite
def meters(draw: st.DrawFn) -> MeterMap:
    meter = st.builds(Meter, st.integers(1, 13), st.sampled_from([1, 2, 4, 8, 16]))
    return MeterMap(tuple(MeterChange(tick, draw(meter)) for tick in draw(ladder())))


@st.composite
def midi_clips(draw: st.DrawFn, channel: int, name: str) -> MidiClip:
    length = draw(st.integers(2, 8000))
    notes: list[Note] = []
    free: dict[int, int] = {}
    for start in sorted(draw(st.lists(st.integers(0, length - 1), max_size=8))):
        pitch = draw(SEVEN)
        if free.get(pitch, 0) <= start:  # one channel plays a pitch once at a time
            sounding = draw(st.integers(1, length - start))
            notes.append(Note(Ticks(start), Ticks(sounding), pitch, draw(st.integers(1, 127)), channel, draw(SEVEN)))
            free[pitch] = start + sounding
    tick, voice = st.integers(1, length - 1).map(Ticks), st.just(channel)
    kinds: st.SearchStrategy[Event] = st.one_of(
        st.builds(Control, tick, SEVEN, SEVEN, voice),
        st.builds(PitchBend, tick, st.integers(-8192, 8191), voice),
        st.builds(Pressure, tick, SEVEN, st.none() | SEVEN, voice),
        st.builds(Text, tick, NAMES, st.sampled_from(["text", "lyric", "cue"])),
        st.builds(Program, tick, SEVEN, voice),
    )
    events = sorted(draw(st.lists(kinds, max_size=5)), key=lambda event: event.tick)
    return MidiClip(Ticks(length), tuple(notes), tuple(events), name)


@st.composite
def placements(draw: st.DrawFn, channel: int, midi: bool) -> Placement:
    start, length = draw(TICKS), draw(st.integers(1, 20_000).map(Ticks))
    looped = draw(st.booleans())
    takes = []
    for index in range(draw(st.integers(1, 3))):
        name = draw(NAMES)
        clip: Clip
        if (midi and index == 0) or draw(st.booleans()):
            clip = draw(midi_clips(channel, name))
        else:
            part = draw(st.integers(1, length)) if looped else length
            rate, pitch, offset = draw(st.floats(0.25, 4)), draw(st.floats(-24, 24)), draw(st.floats(0, 600))
            file = draw(NAMES) + draw(st.sampled_from([".wav", ".flac", ".mp3", ""]))
            clip = AudioClip(Ticks(part), file, rate, pitch, Seconds(offset), name)
        provenance = draw(st.dictionaries(st.sampled_from(["seed", "model", "donor.id"]), NAMES, max_size=2))
        takes.append(Take(clip, name, MappingProxyType(provenance)))
    active = draw(st.integers(0, len(takes) - 1))
    return Placement(start, length, tuple(takes), active, looped, draw(st.booleans()), draw(st.booleans()))


@st.composite
def tracks(draw: st.DrawFn) -> Track:
    channel = draw(st.integers(0, 15))
    items = draw(st.lists(placements(channel, midi=True), max_size=3))
    program = draw(st.none() | SEVEN) if items else None
    if program is None and not any(
        isinstance(take.clip, MidiClip) and take.clip.notes for item in items for take in item.takes
    ):
        channel = 0  # nothing in the project would say another
    return Track(
        "t" + draw(NAMES),
        tuple(sorted(items, key=lambda item: item.start)),
        draw(st.none() | st.sampled_from(["melody", "bass", "comp"])),
        program,
        channel,
        draw(COLOURS),
        draw(st.none() | st.sampled_from(["Band", "Winds & brass"])),
        draw(st.booleans()),
    )


SECTIONS = st.builds(Section, NAMES, TICKS, TICKS, NAMES, COLOURS)
SONGS = st.builds(
    Song,
    st.lists(tracks(), max_size=4).map(tuple),
    tempi(),
    meters(),
    st.none(),
    st.none(),
    st.lists(SECTIONS, max_size=4).map(lambda found: tuple(sorted(found, key=lambda section: section.start))),
    st.lists(st.builds(Marker, TICKS, NAMES), max_size=4).map(lambda m: tuple(sorted(m, key=lambda mark: mark.tick))),
    NAMES,
)


@settings(max_examples=25)
@given(SONGS)
def test_a_song_comes_back_from_its_project(song: Song) -> None:
    data = write_project(song)
    again = read_project(data)
    assert again.song == song
    assert again.notices == ()
    assert again.document.to_bytes() == data


@settings(max_examples=5)
@given(SONGS)
def test_other_readers_accept_every_project(song: Song) -> None:
    text = write_project(song).decode()
    assert rpp.loads(text).tag == "REAPER_PROJECT"
    assert reaper_parser.emit(reaper_parser.parse(text)) == text


@settings(max_examples=10)
@given(SONGS)
def test_every_source_holds_exactly_the_events_of_its_clip(song: Song) -> None:
    sources = midi_sources(parse(write_project(song)).body)
    for track in song.tracks:
        for placement in track.placements:
            for take in placement.takes:
                if isinstance(take.clip, MidiClip):
                    notes, end = decoded(next(sources))
                    assert end == take.clip.length
                    assert notes == sorted((n.start, n.end, n.pitch, n.velocity, n.channel) for n in take.clip.notes)
    assert next(sources, None) is None


def midi_sources(body: list[str | Block]) -> Iterator[list[str]]:
    """The lines of every MIDI source, blocks within them as their first line."""
    for node in body:
        if isinstance(node, Block):
            if words(node.opening) == ["<SOURCE", "MIDI"]:
                yield [n if isinstance(n, str) else n.opening for n in node.body]
            yield from midi_sources(node.body)


def decoded(lines: list[str]) -> tuple[list[tuple[int, int, int, int, int]], int]:
    """Notes and length, decoded from nothing but the lines: every note-off has its note-on, and the end is the last."""
    tick, last = 0, ""
    open_notes: dict[tuple[int, int], list[tuple[int, int]]] = {}
    notes = []
    for line in lines:
        row = line.split()
        if row[0] not in ("E", "<X"):
            continue
        assert row[1].isdecimal(), line
        tick += int(row[1])
        last = line
        if row[0] == "<X":
            continue
        assert re.fullmatch("[0-9a-f]{2} [0-9a-f]{2} [0-9a-f]{2}", " ".join(row[2:])), line
        status, first, second = (int(byte, 16) for byte in row[2:])
        assert status >= 0x80 > max(first, second)
        key = (status & 15, first)
        if status >> 4 == 9:
            assert second, "a note-on of no velocity would be a note-off"
            open_notes.setdefault(key, []).append((tick, second))
        elif status >> 4 == 8:
            start, velocity = open_notes[key].pop(0)
            notes.append((start, tick, first, velocity, status & 15))
    assert last.split()[2:] == ["b0", "7b", "00"]
    assert not any(open_notes.values())
    return sorted(notes), tick


def test_the_same_song_gives_the_same_bytes() -> None:
    song = Song((Track("Bass", (place(0, 3840, note(0, 960)),)),), name="Twice")
    assert write_project(song) == write_project(song)
    assert write_project(song).startswith(b'<REAPER_PROJECT 0.1 "7.0/win64" 0\n')


def note(start: int, length: int, pitch: int = 60, channel: int = 0) -> Note:
    return Note(Ticks(start), Ticks(length), pitch, channel=channel)


def place(start: int, length: int, *notes: Note, looped: bool = False, clip_length: int = 0) -> Placement:
    clip = MidiClip(Ticks(clip_length or length), notes)
    return Placement(Ticks(start), Ticks(length), (Take(clip),), looped=looped)


def lines_of(song: Song, *keys: str) -> list[str]:
    return [
        line.strip() for line in write_project(song).decode().split("\n") if words(line)[:1] and words(line)[0] in keys
    ]


def test_tempo_and_meter_become_one_envelope() -> None:
    tempo = TempoMap(
        (TempoChange(Ticks(0), 120.0), TempoChange(Ticks(3840), 120.0, True), TempoChange(Ticks(7680), 60))
    )
    meter = MeterMap.of((0, "4/4"), (1920, "3/4"), (5760, "6/8"))
    points = [line.split() for line in lines_of(Song(tempo=tempo, meter=meter), "PT")]
    assert [(p[1], p[3], *p[4:]) for p in points] == [
        ("0", "1", "262148", "0", "1"),
        ("1", "1", "262147", "0", "7"),  # sets no tempo, and cuts the bar before it short
        ("2", "0"),
        (points[3][1], "0", "524294", "0", "7"),
        (points[4][1], "1"),
    ]
    assert float(points[4][1]) == pytest.approx(2 + 4 * 60 / 90)
    assert 60 < float(points[3][2]) < 120, "inside the glide the point lies on it"


def test_a_steady_song_needs_no_envelope() -> None:
    song = Song(tempo=TempoMap.constant(Fraction(60_000_000, 487_805)), meter=MeterMap.of((0, "7/8")))
    assert lines_of(song, "TEMPO", "PT") == ["TEMPO 122.99996925000768 7 8"]


def test_exact_midi_tempi_survive_as_numbers() -> None:
    tempo = TempoMap((TempoChange.from_midi(0, 487_805), TempoChange.from_midi(960, 500_001)))
    again = read_project(write_project(Song(tempo=tempo))).song.tempo
    assert [change.midi_tempo for change in again.changes] == [487_805, 500_001]


def test_regions_colours_and_markers() -> None:
    song = Song(
        sections=(Section("Verse 1", Ticks(0), Ticks(3840), "A", "#3a77cc"),), markers=(Marker(Ticks(960), "x"),)
    )
    first, end, marker = lines_of(song, "MARKER")
    assert first.startswith('MARKER 1 0 "Verse 1" 1 30177082 1 R {')
    assert end == 'MARKER 1 2 "" 1'
    assert marker.startswith("MARKER 1 0.5 x 0 0 1 R {")
    assert 30177082 == 0x1000000 | 0xCC << 16 | 0x77 << 8 | 0x3A


def test_folders_open_at_their_track_and_close_at_their_last() -> None:
    song = Song(
        (
            Track("Band", colour="#ffffff"),
            Track("Kit", folder="Band"),
            Track("Horns", folder="Band"),
            Track("Sax", folder="Horns"),
            Track("Trumpet", folder="Horns"),
            Track("Violin", folder="Strings"),
            Track("Voice"),
        )
    )
    assert [(track.name, change) for track, change in in_folders(song.tracks)] == [
        ("Band", 1),
        ("Kit", 0),
        ("Horns", 1),
        ("Sax", 0),
        ("Trumpet", -2),
        ("Strings", 1),
        ("Violin", -1),
        ("Voice", 0),
    ]
    assert lines_of(song, "ISBUS")[:5] == ["ISBUS 1 1", "ISBUS 0 0", "ISBUS 1 1", "ISBUS 0 0", "ISBUS 2 -2"]
    assert read_project(write_project(song)).song == song


def test_an_instrument_is_called_as_every_item_begins() -> None:
    bass = Track("Bass", (place(0, 960, note(0, 960, 40, 2)), place(960, 960)), program=33, channel=2)
    assert lines_of(Song((bass,)), "E") == [
        "E 0 c2 21 00",
        "E 0 92 28 50",
        "E 960 82 28 00",
        "E 0 b0 7b 00",
        "E 0 c2 21 00",
        "E 960 b0 7b 00",
    ]


def test_a_clip_that_calls_its_own_instrument_is_left_alone() -> None:
    clip = MidiClip(Ticks(960), (), (Program(Ticks(0), 5),))
    lead = Track("Lead", (Placement(Ticks(0), Ticks(960), (Take(clip),)),), program=80)
    assert lines_of(Song((lead,)), "E")[0] == "E 0 c0 05 00"


def test_a_note_that_rings_past_its_clip_is_kept_whole() -> None:
    song = Song((Track("Pad", (place(0, 960, note(480, 1920), clip_length=960),)),))
    again = read_project(write_project(song)).song.tracks[0].placements[0]
    assert isinstance(again.clip, MidiClip)
    assert again.clip.notes == (note(480, 1920),)
    assert list(again.sounding_notes()) == list(song.tracks[0].placements[0].sounding_notes()) == [note(480, 480)]


def test_a_looped_clip_ends_where_it_repeats() -> None:
    song = Song((Track("Pad", (place(0, 2880, note(480, 1920), note(1000, 10), looped=True, clip_length=960),)),))
    again = read_project(write_project(song)).song.tracks[0]
    assert again.placements[0].clip.length == 960
    assert again.notes() == song.tracks[0].notes()


def test_a_chord_track_is_made_of_empty_items() -> None:
    names = ("Am7", "D7/F♯", 'it\'s "`"')
    items = tuple(
        Placement(Ticks(3840 * i), Ticks(3840), (Take(MidiClip(Ticks(3840), name=name), name, {"seed": "1"}),))
        for i, name in enumerate(names)
    )
    song = Song((Track("Chords", items),))
    text = write_project(song).decode()
    assert "|D7/F♯\n" in text
    assert "<SOURCE" not in text
    assert read_project(text.encode()).song == song


def test_names_that_hold_every_kind_of_quotes() -> None:
    song = Song((Track("'\"` "),), name="a\nb\u2028c")
    again = read_project(write_project(song)).song
    assert (again.tracks[0].name, again.name) == ("'\"` ", "a b c")


@pytest.mark.parametrize(
    "song",
    [
        Song((Track("Early", (place(-1, 960),)),)),
        Song((Track("Short", (place(0, -960),)),)),
        Song((Track("Pickup", (place(0, 960, note(-480, 480)),)),)),
        Song((Track("Odd", colour="blue"),)),
        Song(markers=(Marker(Ticks(-1), "before"),)),
    ],
)
def test_what_no_project_can_hold_is_an_error(song: Song) -> None:
    with pytest.raises(InvalidMusic) as refused:
        write_project(song)
    assert refused.value.hint
