"""Projects read as songs: tempo, form, tracks, items and takes."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.files.rpp.midi import put_events
from bridge.files.rpp.project import Project, read_project
from engines.errors import EngineError, UnreadableFile
from engines.music.notes import Control, Note, PitchBend, Pressure, Program, Text
from engines.music.song import AudioClip, Marker, MidiClip, Section, Track
from engines.music.time import MeterMap, TempoChange, Ticks

DATA = Path(__file__).parent / "data"


def sample(name: str) -> Project:
    return read_project((DATA / f"{name}.RPP").read_bytes())


def project(*lines: str) -> bytes:
    return "\n".join(['<REAPER_PROJECT 0.1 "7.0/win64" 0', *lines, ">", ""]).encode()


def track(*items: str) -> bytes:
    return project("TEMPO 120 4 4", "<TRACK", *items, ">")


def midi_item(*events: str, item: tuple[str, ...] = ("POSITION 0", "LENGTH 2")) -> bytes:
    return track("<ITEM", *item, "<SOURCE MIDI", "HASDATA 1 960 QN", *events, ">", ">")


def midi_clip(data: bytes) -> MidiClip:
    clip = read_project(data).song.tracks[0].placements[0].clip
    assert isinstance(clip, MidiClip)
    return clip


def test_tempo_glides_and_the_meter_changes() -> None:
    song = sample("band").song
    assert song.tempo.changes == (
        TempoChange(Ticks(0), 96.0),
        TempoChange(Ticks(15360), 96.0, linear=True),
        TempoChange(Ticks(19200), 120.0),
    )
    assert song.meter == MeterMap.of((0, "4/4"), (19200, "6/8"))
    assert song.tempo.seconds_at(19200) == pytest.approx(12.222222222222)


def test_regions_and_markers_keep_names_and_colours() -> None:
    song = sample("band").song
    assert song.sections == (
        Section("Intro", Ticks(0), Ticks(15360)),
        Section("Turn it 'round", Ticks(15360), Ticks(3840), colour="#3a00be"),
    )
    assert song.markers == (Marker(Ticks(7680), "chord:Am7"), Marker(Ticks(19200), '"jig" starts'))


def test_what_the_ruler_shows_moves_no_music() -> None:
    band = sample("band")
    assert (band.shown_from_bar, band.shown_from_seconds) == (0, -2.0)
    assert band.song.tracks[1].placements[0].start == 0


def test_tracks_have_names_colours_folders_and_instruments() -> None:
    folder, bass, guitar = sample("band").song.tracks
    assert (folder.name, folder.colour, folder.folder, folder.placements) == ("Rhythm", "#3a00be", None, ())
    assert (bass.name, bass.colour, bass.folder, bass.program, bass.channel) == ("Upright bass", None, "Rhythm", 32, 2)
    assert (guitar.name, guitar.colour, guitar.folder, guitar.muted) == ('Gtr "DI"', "#ff0000", "Rhythm", True)


def test_a_looped_midi_item_repeats_its_source() -> None:
    walking = sample("band").song.tracks[1].placements[0]
    assert (walking.start, walking.length, walking.looped, walking.clip.length) == (0, 7680, True, 3840)
    assert isinstance(walking.clip, MidiClip)
    assert walking.clip.notes == (
        Note(Ticks(0), Ticks(960), 40, 96, 2, 64),
        Note(Ticks(960), Ticks(960), 43, 90, 2),
        Note(Ticks(1920), Ticks(960), 45, 90, 2),
    )
    assert walking.clip.events == (Control(Ticks(1440), 64, 127, 2), Text(Ticks(3360), "oh", "lyric"))
    assert [note.start for note in walking.sounding_notes()] == [0, 960, 1920, 3840, 4800, 5760]


def test_takes_keep_their_order_and_the_active_one() -> None:
    item = sample("band").song.tracks[1].placements[1]
    assert [take.name for take in item.takes] == ["plain", "", "busy take"]
    assert (item.active, item.locked, item.muted) == (2, True, True)
    assert isinstance(item.takes[1].clip, MidiClip)
    assert item.takes[1].clip.notes == ()


def test_audio_stays_a_reference() -> None:
    first, looped = sample("band").song.tracks[2].placements
    assert first.clip == AudioClip(
        Ticks(11520), "Media\\01-Gtr 'DI'.wav", 0.8, -2.0, first.clip.offset, "01-Gtr 'DI'.wav"
    )
    assert first.clip.offset == 1.25
    assert isinstance(looped.clip, AudioClip)
    assert (looped.clip.file, looped.clip.length, looped.clip.offset) == ("Media\\strum.flac", 1440, 2.0)


def test_empty_items_are_places_for_words() -> None:
    chords = sample("chords").song.track("Chords")
    assert chords is not None
    assert [(p.start, p.clip) for p in chords.placements] == [
        (0, MidiClip(Ticks(2880), name="Am7")),
        (2880, MidiClip(Ticks(2880), name="F♯ø7/C")),
        (5760, MidiClip(Ticks(5760), name='| G7 |\n    last line, it\'s "long"')),
    ]


def test_names_may_hold_every_kind_of_quotes() -> None:
    song = sample("chords").song
    assert song.name == "Rondeña für Zoë"
    assert [t.name for t in song.tracks] == ["Chords", "'''```\"\"\"", '"', "`Flöte` d'amour", ""]


def test_pooled_items_share_one_source_in_its_own_division() -> None:
    pooled = sample("pooled")
    first, source, unheard = pooled.song.tracks[0].placements
    notes = [(0, 960, 60), (1920, 960, 64), (2880, 960, 67)]
    for item in (first, source):
        assert isinstance(item.clip, MidiClip)
        assert [(n.start, n.length, n.pitch) for n in item.clip.notes] == notes
    assert unheard.muted, "its lane does not play"
    assert [(notice.code, notice.message[-2:]) for notice in pooled.notices] == [
        ("W_LANES", "1."),
        ("W_MIDI_FILE", "1."),
        ("W_MUTED_EVENTS", "2."),
        ("W_NO_SOURCE", "2."),
        ("W_SYSEX", "1."),
    ]


def test_offset_and_rate_shape_the_clip() -> None:
    later, turned, fast, own = sample("pooled").song.tracks[1].placements[:4]
    heard = [[(n.start, n.length, n.pitch) for n in p.sounding_notes()] for p in (later, turned, fast, own)]
    assert heard == [
        [(4800, 960, 64)],
        [(8640, 960, 64), (9600, 960, 67), (10560, 960, 60)],
        [(15360, 480, 60), (16320, 480, 64), (16800, 480, 67)],
        [(19200, 480, 60)],
    ]


def test_every_kind_of_event_is_read() -> None:
    clip = midi_clip(
        midi_item("E 0 b1 0b 40", "E 10 e1 00 40", "E 0 c1 05", "e 0 d1 33 00", "E 0 a1 3c 22", "E 470 91 3c 7f")
    )
    assert clip.events == (
        Control(Ticks(0), 11, 64, 1),
        PitchBend(Ticks(10), 0, 1),
        Program(Ticks(10), 5, 1),
        Pressure(Ticks(10), 51, None, 1),
        Pressure(Ticks(10), 34, 60, 1),
    )
    assert clip.notes == (Note(Ticks(480), Ticks(1), 60, 127, 1),), "what nothing ends stops with its source"
    assert clip.length == 480


def test_a_source_without_events_is_as_long_as_its_item() -> None:
    assert midi_clip(midi_item()) == MidiClip(Ticks(3840))


def test_a_project_without_tempo_has_reapers_own() -> None:
    song = read_project(project()).song
    assert (song.tempo.qpm_at(0), str(song.meter.meter_at(0)), song.tracks) == (120.0, "4/4", ())


def test_positions_round_to_the_nearest_tick_without_adding_up() -> None:
    points = [f"PT {i * 0.3333:.4f} {100 + i % 7} 1" for i in range(300)]
    data = project("TEMPO 100 4 4", "<TEMPOENVEX", *points, ">", "MARKER 1 99.99 end 0")
    quarters = sum(0.3333 * (100 + i % 7) / 60 for i in range(299)) + (99.99 - 299 * 0.3333) * (100 + 299 % 7) / 60
    assert read_project(data).song.markers[0].tick == round(quarters * 960)


def test_nested_folders_open_and_close() -> None:
    rows = [("Band", "1 1"), ("Rhythm", "1 1"), ("Kit", "0 0"), ("Bass", "2 -2"), ("Voice", "0 0")]
    data = project(*(line for name, bus in rows for line in ("<TRACK", f"NAME {name}", f"ISBUS {bus}", ">")))
    assert [(t.name, t.folder) for t in read_project(data).song.tracks] == [
        ("Rhythm", "Band"),
        ("Kit", "Rhythm"),
        ("Bass", "Rhythm"),
        ("Voice", None),
    ]


def test_a_new_take_of_notes_changes_only_the_event_lines() -> None:
    data = (DATA / "band.RPP").read_bytes()
    document = read_project(data).document
    item = list(list(document.project.blocks("TRACK"))[1].blocks("ITEM"))[1]
    clip = MidiClip(Ticks(1920), (Note(Ticks(0), Ticks(960), 43, 99, 2),), (Control(Ticks(960), 64, 0, 2),))
    put_events(next(item.blocks("SOURCE")), clip, looped=False)
    old = b"        E 0 92 28 50\n        E 3840 82 28 00\n        E 0 b2 7b 00\n"
    new = b"        E 0 92 2b 63\n        E 960 82 2b 00\n        E 0 b2 40 00\n        E 960 b0 7b 00\n"
    assert data.count(old) == 1
    assert document.to_bytes() == data.replace(old, new)
    placement = read_project(document.to_bytes()).song.tracks[1].placements[1]
    assert placement.takes[0].clip == MidiClip(clip.length, clip.notes, clip.events, "plain")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00\x01\xff" * 50,
        b"RIFF....WAVE",
        midi_item("E -1 90 3c 40"),
        midi_item("E x 90 3c 40"),
        midi_item("E 0 90 3c ff"),
        midi_item("E 0 90"),
        midi_item("E 0 3c 40 90"),
        midi_item(f"E {'9' * 5000} 90 3c 40"),
        midi_item("E 99999999999999 90 3c 40"),
        midi_item("<X 0 0", "not base64!", ">"),
        midi_item("IGNTEMPO 1 nan 4 4"),
        midi_item("HASDATA 1 0 QN"),
        midi_item(item=("POSITION nan", "LENGTH 1")),
        midi_item(item=("POSITION 0", "LENGTH -1")),
        midi_item(item=("POSITION 1e400", "LENGTH 1")),
        midi_item(item=("POSITION 0", "LENGTH 1e99")),
        midi_item(item=("POSITION 0", "LENGTH 1", "PLAYRATE 0 1 0")),
        midi_item(item=("POSITION 0", "LENGTH 1", "SOFFS 1e300")),
        project("TEMPO 0 4 4"),
        project("TEMPO 120 4 0"),
        project("TEMPO 120 4 4", "<TEMPOENVEX", "PT 1 -5 1", ">"),
        project("TEMPO 120 4 4", "<TEMPOENVEX", "PT -1 120 1", ">"),
        project("TEMPO 120 4 4", "<TEMPOENVEX", "PT 1 120 1 7", ">"),
        project("MARKER 1 nan x 0"),
        track("PEAKCOL red"),
    ],
)
def test_absurd_projects_are_refused_with_a_hint(data: bytes) -> None:
    with pytest.raises(EngineError) as refused:
        read_project(data)
    assert refused.value.hint
    assert len(refused.value.message) < 300


ROWS = st.sampled_from(
    """\
    <TRACK;<ITEM;<SOURCE MIDI;<SOURCE WAVE;<SOURCE SECTION;<SOURCE MIDIPOOL;<TEMPOENVEX;<NOTES;<NAME;<EXT;<X 1 0;
    >;>;>;HASDATA 1 480 QN;E 480 90 3c 40;E 480 80 3c 00;E 0 b0 7b 00;em 1 c0 05;X 5 0 90 3c 40;POOLEDEVTS {A};
    FILE "a b.wav";PT 1 100 0;PT 2 120 1 262147 0 3;PT 4 90 0 524294 0 7;DEFSHAPE 0 -1;POSITION 3;LENGTH 5.5;LOOP 1;
    MUTE 1 0;TAKE SEL;TAKE NULL;SOFFS 0.5 1;SOFFS -0.5;PLAYRATE 2 1 3;IGNTEMPO 1 90 4 4;IGNTEMPO 1 1e9 4 4;NAME "it's;
    NAME x;|words;/wFhYmM=;ISBUS 1 1;ISBUS 2 -1;PEAKCOL 29229114;MARKER 1 5 a 1 0;MARKER 1 9 "" 1;MARKER 2 1;MODE 1;
    YPOS 0.5 0.5;FREEMODE 2;LANESOLO 1;STARTPOS 1;partimento.0.seed 1;partimento.role bass;MUTE;TAKE;MARKER;ISBUS 1;
    PROJOFFS 1 2 3""".replace("\n    ", "").split(";")
) | st.text(max_size=12)


@given(st.lists(ROWS, max_size=40))
def test_any_lines_are_read_or_refused_but_never_crash(rows: list[str]) -> None:
    body, depth = [], 0
    for row in rows:
        if row.lstrip().startswith(">"):
            if not depth:
                continue
            depth -= 1
        depth += row.lstrip().startswith("<")
        body.append(row)
    data = project(*body, *[">"] * depth)
    with suppress(EngineError):
        assert read_project(data).document.to_bytes() == data


@given(st.binary(max_size=300))
def test_junk_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableFile):
        read_project(data)


def test_reading_is_the_same_whatever_ends_the_lines() -> None:
    data = (DATA / "band.RPP").read_bytes()
    assert read_project(data.replace(b"\n", b"\r\n")).song == read_project(data).song


def test_unknown_tracks_are_still_tracks() -> None:
    assert read_project(track("NAME Bus")).song.tracks == (Track("Bus"),)


def test_a_note_cut_by_the_left_edge_sounds_on() -> None:
    place = ("POSITION 0", "LENGTH 2", "SOFFS 0.5 1")
    cut = midi_item("E 0 b0 40 7f", "E 0 90 3c 5a", "E 1920 80 3c 00", "E 0 b0 7b 00", item=place)
    assert [(n.start, n.length) for n in midi_clip(cut).notes] == [(0, 960)]
    assert midi_clip(cut).events == (Control(Ticks(0), 64, 127),)


def test_a_loop_begun_inside_a_note_plays_the_note_whole_when_it_comes_round() -> None:
    place = ("POSITION 0", "LENGTH 2", "LOOP 1", "SOFFS 0.5 1")
    looped = midi_item("E 0 90 3c 5a", "E 1440 80 3c 00", "E 480 b0 7b 00", item=place)
    notes = list(read_project(looped).song.tracks[0].placements[0].sounding_notes())
    assert [(n.start, n.length) for n in notes] == [(0, 480), (960, 1440), (2880, 960)]
