"""Scores in MusicXML."""

from __future__ import annotations

import builtins
import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.files.musicxml import text
from bridge.files.musicxml.order import Signs, played_order
from bridge.files.musicxml.reading import read_musicxml, read_score
from engines.errors import EngineError, Unavailable, UnreadableFile
from engines.music.song import Song
from engines.music.time import PPQ

# Small scores, written here: two divisions a quarter note, so `n("C4", 2)` is a quarter.

START = "<attributes><divisions>2</divisions>{key}<time><beats>{beats}</beats><beat-type>{unit}</beat-type></time></attributes>"


def n(name: str, length: int = 2, more: str = "") -> str:
    """A note, or a rest named `r`."""
    if name == "r":
        return f"<note><rest/><duration>{length}</duration></note>"
    alter = {"#": "<alter>1</alter>", "b": "<alter>-1</alter>"}.get(name[1:-1], "")
    pitch = f"<pitch><step>{name[0]}</step>{alter}<octave>{name[-1]}</octave></pitch>"
    return f"<note>{pitch}<duration>{length}</duration>{more}</note>"


def chord(root: str, kind: str = "major", more: str = "") -> str:
    alter = {"#": "<root-alter>1</root-alter>", "b": "<root-alter>-1</root-alter>"}.get(root[1:], "")
    return f"<harmony><root><root-step>{root[0]}</root-step>{alter}</root><kind>{kind}</kind>{more}</harmony>"


def degree(value: int, alter: int, what: str) -> str:
    parts = f"<degree-value>{value}</degree-value><degree-alter>{alter}</degree-alter><degree-type>{what}</degree-type>"
    return f"<degree>{parts}</degree>"


def start(meter: str = "4/4", key: str = "<key><fifths>0</fifths><mode>major</mode></key>") -> str:
    beats, unit = meter.split("/")
    return START.format(key=key, beats=beats, unit=unit)


def score(*measures: str, part: str = "Voice", title: str = "A tune", head: str = "") -> bytes:
    bars = "".join(f'<measure number="{i}">{inside}</measure>' for i, inside in enumerate(measures, 1))
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{head}<score-partwise version="4.0">'
        f"<work><work-title>{title}</work-title></work>"
        f'<part-list><score-part id="P1"><part-name>{part}</part-name></score-part></part-list>'
        f'<part id="P1">{bars}</part></score-partwise>'
    ).encode()


def read(*measures: str, **more: str) -> Song:
    return read_musicxml(score(*measures, **more), "tune.musicxml")


def melody(song: Song) -> list[tuple[float, float, int]]:
    """(start, length, pitch), in quarter notes."""
    return [(note.start / PPQ, note.length / PPQ, note.pitch) for note in song.tracks[0].notes()]


def pitches(song: Song) -> list[int]:
    return [note.pitch for note in song.tracks[0].notes()]


def symbols(song: Song) -> list[tuple[float, str]]:
    assert song.chords is not None
    return [(change.tick / PPQ, str(change.chord)) for change in song.chords.changes]


def test_a_lead_sheet_with_a_pickup() -> None:
    song = read(
        start("3/4", "<key><fifths>-1</fifths><mode>minor</mode></key>")
        + '<direction><direction-type><rehearsal>A</rehearsal></direction-type><sound tempo="96"/></direction>'
        + n("A4"),
        chord("D", "minor") + n("D5", 6),
        n("C5", 2) + chord("G", "minor-seventh") + n("Bb4", 4),
        chord("A", "dominant") + n("A4", 6),
    )
    assert song.name == "A tune"
    assert melody(song) == [(0, 1, 69), (1, 3, 74), (4, 1, 72), (5, 2, 70), (7, 3, 69)]
    assert song.meter.has_pickup()
    assert song.bars == 4
    assert [song.meter.bar_start(bar) / PPQ for bar in (1, 2, 3, 4)] == [0, 1, 4, 7]
    assert symbols(song) == [(1, "Dm"), (5, "Gm7"), (7, "A7")]
    assert song.keys is not None
    assert str(song.keys.changes[0].key) == "D minor"
    assert float(song.tempo.changes[0].qpm) == 96
    assert [(section.name, section.start, section.end) for section in song.sections] == [("A", 0, 10 * PPQ)]
    assert song.tracks[0].name == "Voice"
    assert song.tracks[0].role == "melody"


@pytest.mark.parametrize(
    ("kind", "more", "symbol"),
    [
        ("major", "", "C"),
        ("minor", "", "Cm"),
        ("dominant", "", "C7"),
        ("major-seventh", "", "Cmaj7"),
        ("half-diminished", "", "Cm7b5"),
        ("diminished-seventh", "", "Cdim7"),
        ("major-minor", "", "CmMaj7"),
        ("suspended-fourth", "", "Csus4"),
        ("dominant-ninth", "", "C9"),
        ("minor-11th", "", "Cm11"),
        ("power", "", "C5"),
        ("augmented", "", "Caug"),
        ("major", "<bass><bass-step>E</bass-step></bass>", "C/E"),
        ("dominant", "<bass><bass-step>B</bass-step><bass-alter>-1</bass-alter></bass>", "C7/Bb"),
        ("dominant", degree(9, -1, "add"), "C7b9"),
        ("major", degree(9, 0, "add"), "Cadd9"),
        ("dominant", degree(5, 1, "alter"), "C7#5"),
        ("major", degree(3, 0, "subtract"), "C5"),
        ("none", "", "N.C."),
    ],
)  # fmt: skip
def test_chord_kinds(kind: str, more: str, symbol: str) -> None:
    song = read(start() + chord("F") + n("C4", 4) + chord("C", kind, more) + n("C4", 4))
    assert symbols(song) == [(0, "F"), (2, symbol)]


def test_a_chord_that_is_only_written_out_is_read_from_its_words() -> None:
    other = '<harmony><root><root-step>C</root-step></root><kind text="7alt">other</kind></harmony>'
    assert symbols(read(start() + other + n("C4", 8))) == [(0, "C7alt")]


def test_a_chord_symbol_that_is_none_is_left_out_and_named() -> None:
    odd = '<harmony><root><root-step>C</root-step></root><kind text="wobbly">other</kind></harmony>'
    reading = read_score(score(start() + chord("G") + n("C4", 8), odd + n("C4", 8)), "tune.musicxml")
    assert symbols(reading.song) == [(0, "G")]
    assert [notice.code for notice in reading.notices] == ["W_CHORD"]
    assert "bar 2" in reading.notices[0].message


def test_an_offset_moves_a_chord() -> None:
    late = chord("G", "major", "<offset>4</offset>")
    assert symbols(read(start() + chord("C") + late + n("C4", 8))) == [(0, "C"), (2, "G")]


FORWARD = '<barline location="left"><repeat direction="forward"/></barline>'
BACKWARD = '<barline location="right"><repeat direction="backward"/></barline>'


def ending(number: str, *, back: bool = False) -> tuple[str, str]:
    """The bar lines around a one-bar ending."""
    repeat = '<repeat direction="backward"/>' if back else ""
    return (
        f'<barline location="left"><ending number="{number}" type="start"/></barline>',
        f'<barline location="right"><ending number="{number}" type="stop"/>{repeat}</barline>',
    )


def test_repeats_are_played_out_with_their_endings() -> None:
    first, second = ending("1", back=True), ending("2")
    song = read(
        start() + chord("C") + n("C4", 8),
        FORWARD + chord("F") + n("D4", 8),
        first[0] + chord("G") + n("E4", 8) + first[1],
        second[0] + chord("C") + n("F4", 8) + second[1],
        n("G4", 8),
    )
    assert pitches(song) == [60, 62, 64, 62, 65, 67]
    assert song.bars == 6
    assert symbols(song) == [(0, "C"), (4, "F"), (8, "G"), (12, "F"), (16, "C")]


def test_key_and_chord_return_with_a_repeat() -> None:
    song = read(
        start() + chord("C") + n("C4", 8),
        n("D4", 8),
        "<attributes><key><fifths>2</fifths></key></attributes>" + chord("D") + n("E4", 8) + BACKWARD,
    )
    assert song.keys is not None
    assert [str(change.key) for change in song.keys.changes] == ["C major", "D major", "C major", "D major"]
    assert symbols(song) == [(0, "C"), (8, "D"), (12, "C"), (20, "D")]


def test_a_mark_that_is_met_again_opens_its_section_again() -> None:
    mark = "<direction><direction-type><rehearsal>Chorus</rehearsal></direction-type></direction>"
    song = read(start() + mark + n("C4", 8) + BACKWARD, n("D4", 8))
    assert [(section.name, section.start // (4 * PPQ)) for section in song.sections] == [("Chorus", 0), ("Chorus", 1)]


def test_a_bar_that_a_repeat_sign_splits_is_one_bar() -> None:
    song = read(
        start("3/4") + n("G4", 2),
        n("C5", 6),
        n("D5", 4) + BACKWARD,
        n("E5", 2),
        n("C5", 6),
    )
    # pickup, bar, two beats | pickup, bar, two beats | one beat, bar: the split bars come together again
    assert [song.meter.bar_start(bar) / PPQ for bar in range(1, 7)] == [0, 1, 4, 7, 10, 13]


def test_ties_are_joined_and_chords_of_notes_kept() -> None:
    tied = '<tie type="start"/>'
    song = read(
        start() + n("C4", 4) + n("E4", 4, tied),
        n("E4", 2, '<tie type="stop"/>') + n("G4", 6) + n("B4", 6).replace("<note>", "<note><chord/>"),
    )
    assert melody(song) == [(0, 2, 60), (2, 3, 64), (5, 3, 67), (5, 3, 71)]


def test_two_voices_meter_changes_and_a_printed_tempo() -> None:
    metronome = (
        "<direction><direction-type><metronome><beat-unit>quarter</beat-unit><beat-unit-dot/>"
        "<per-minute>60</per-minute></metronome></direction-type></direction>"
    )
    song = read(
        start("4/4") + n("C5", 8) + "<backup><duration>8</duration></backup>" + n("C4", 4) + n("D4", 4),
        "<attributes><time><beats>6</beats><beat-type>8</beat-type></time></attributes>" + metronome + n("E4", 6),
    )
    assert melody(song) == [(0, 2, 60), (0, 4, 72), (2, 2, 62), (4, 3, 64)]
    assert [str(change.meter) for change in song.meter.changes] == ["4/4", "6/8"]
    assert [(change.tick / PPQ, float(change.qpm)) for change in song.tempo.changes] == [(0, 120), (4, 90)]


def test_a_bar_with_nothing_but_a_chord_is_a_whole_bar() -> None:
    song = read(start() + chord("C"), chord("F"), chord("G") + n("C4", 8))
    assert song.bars == 3
    assert symbols(song) == [(0, "C"), (4, "F"), (8, "G")]
    assert melody(song) == [(8, 4, 60)]


def test_grace_notes_and_slashes_are_not_sung() -> None:
    grace = "<note><grace/><pitch><step>B</step><octave>3</octave></pitch></note>"
    slash = n("B4", 4, "<notehead>slash</notehead>")
    assert melody(read(start() + grace + n("C4", 4) + slash)) == [(0, 2, 60)]


def test_a_transposing_part_sounds_where_it_sounds() -> None:
    trumpet = "<attributes><transpose><diatonic>-1</diatonic><chromatic>-2</chromatic></transpose></attributes>"
    song = read(trumpet + start("4/4", "<key><fifths>2</fifths></key>") + chord("D", "minor") + n("D5", 8))
    assert pitches(song) == [72]
    assert symbols(song) == [(0, "Cm")]
    assert song.keys is not None
    assert str(song.keys.changes[0].key) == "C major"


def test_two_parts_become_two_tracks() -> None:
    bars = start() + n("C4", 8)
    bass = '<score-part id="P2"><part-name>Bass</part-name></score-part>'
    one = score(bars).decode().replace("</part-list>", f"{bass}</part-list>")
    second = f'<part id="P2"><measure number="1">{start()}{n("C2", 8)}</measure></part>'
    both = one.replace("</score-partwise>", f"{second}</score-partwise>")
    song = read_musicxml(both.encode(), "duo.musicxml")
    assert [(track.name, track.notes()[0].pitch) for track in song.tracks] == [("Voice", 60), ("Bass", 36)]


def test_a_score_without_notes_or_names_is_a_song_all_the_same() -> None:
    song = read_musicxml(score(start() + chord("C"), part="", title=""), "folder/blank.musicxml")
    assert song.name == "blank"
    assert [track.name for track in song.tracks] == ["MELODY"]


# The order of playing


def order(signs: Mapping[int, Signs], bars: int) -> str:
    return "".join(chr(ord("a") + i) for i in played_order([signs.get(i, Signs()) for i in range(bars)]))


@pytest.mark.parametrize(
    ("signs", "bars", "played"),
    [
        ({}, 3, "abc"),
        ({1: Signs(times=2)}, 3, "ababc"),
        ({1: Signs(forward=True), 2: Signs(times=3)}, 4, "abcbcbcd"),
        ({0: Signs(times=2), 1: Signs(times=2)}, 2, "aabb"),
        ({1: Signs(ending=(1,), ending_stops=True, times=2), 2: Signs(ending=(2,), ending_stops=True)}, 4, "abacd"),
        ({1: Signs(ending=(1, 2), ending_stops=True, times=2), 2: Signs(ending=(3,), ending_stops=True)}, 3, "ababac"),
        ({2: Signs(da_capo=True), 1: Signs(fine=True)}, 3, "abcab"),
        ({1: Signs(segno=True), 3: Signs(dal_segno=True), 2: Signs(fine=True)}, 4, "abcdbc"),
        ({1: Signs(to_coda=True), 2: Signs(da_capo=True), 3: Signs(coda=True)}, 4, "abcabd"),
        ({0: Signs(times=2), 1: Signs(da_capo=True, fine=True)}, 2, "aabab"),
        (
            {1: Signs(ending=(1,), ending_stops=True, times=2), 2: Signs(ending=(2,), ending_stops=True, da_capo=True)},
            3,
            "abacac",
        ),
        ({1: Signs(ending=(1,)), 2: Signs(times=2), 3: Signs(ending=(2,))}, 5, "abcade"),
    ],
)
def test_the_order_of_playing(signs: Mapping[int, Signs], bars: int, played: str) -> None:
    assert order(signs, bars) == played


any_signs = st.builds(
    Signs,
    st.booleans(),
    st.sampled_from((0, 0, 2, 5)),
    st.sampled_from(((), (), (1,), (2,), (1, 3))),
    *[st.booleans()] * 7,
)


@given(st.lists(any_signs, max_size=24))
def test_every_way_through_a_score_ends(signs: Sequence[Signs]) -> None:
    played = played_order(signs)
    assert len(played) <= 20_000
    assert all(0 <= bar < len(signs) for bar in played)


# Files that are compressed, damaged or hostile


def packed(*entries: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return out.getvalue()


CONTAINER = b'<container><rootfiles><rootfile full-path="inner/tune.xml"/></rootfiles></container>'
TUNE = score(start() + n("C4", 8))


def test_compressed_scores_with_and_without_a_container() -> None:
    named = packed(("a.xml", b"<no/>"), ("META-INF/container.xml", CONTAINER), ("inner/tune.xml", TUNE))
    assert pitches(read_musicxml(named, "tune.mxl")) == [60]
    assert pitches(read_musicxml(packed(("tune.musicxml", TUNE)), "tune.mxl")) == [60]


def test_other_encodings_and_the_usual_document_type() -> None:
    doctype = '<!DOCTYPE score-partwise PUBLIC "-//Recordare//DTD MusicXML 4.0 Partwise//EN" "http://www.musicxml.org/dtds/partwise.dtd">'
    plain = score(start() + n("C4", 8), title="Café", head=doctype)
    wide = plain.decode().replace("UTF-8", "UTF-16").encode("utf-16")
    old = plain.decode().replace("UTF-8", "ISO-8859-1").encode("latin-1")
    for data in (plain, b"\xef\xbb\xbf" + plain, wide, old):
        assert read_musicxml(data, "tune.musicxml").name == "Café"


BILLION = '<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;">]>'
OUTSIDE = '<!DOCTYPE s [<!ENTITY secret SYSTEM "file:///etc/passwd">]>'
REMOTE = '<!DOCTYPE s [<!ENTITY % more SYSTEM "http://127.0.0.1:9/x.dtd"> %more;]>'


@pytest.mark.parametrize("head", [BILLION, OUTSIDE, REMOTE])
def test_definitions_of_its_own_are_refused(head: str) -> None:
    plain = score(start() + n("C4", 8), head=head)
    wide = plain.decode().replace("UTF-8", "UTF-16").encode("utf-16")
    for data in (plain, wide, packed(("tune.xml", plain))):
        with pytest.raises(UnreadableFile, match="definitions of its own"):
            read_musicxml(data, "tune.musicxml")


def test_an_encoding_that_could_hide_something_is_refused() -> None:
    with pytest.raises(UnreadableFile, match="utf-7"):
        read_musicxml(TUNE.replace(b"UTF-8", b"UTF-7"), "tune.musicxml")


def test_a_score_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text, "MAX_BYTES", 100_000)
    bomb = packed(("tune.xml", b"<a>" + b" " * 5_000_000))
    assert len(bomb) < 10_000
    with pytest.raises(UnreadableFile, match="larger than"):
        read_musicxml(bomb, "tune.mxl")
    with pytest.raises(UnreadableFile, match="larger than"):
        read_musicxml(b"<a>" + b" " * 200_000, "tune.musicxml")


def deep() -> bytes:
    return b"<score-partwise>" + b"<part>" * 200_000 + b"</part>" * 200_000 + b"</score-partwise>"


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "not well-formed"),
        (b"hello", "not well-formed"),
        (b"<score-partwise>", "not well-formed"),
        (b"\xff\xfe\x00", "not the text"),
        (b'<?xml version="1.0"?><html/>', "no MusicXML score"),
        (b"<score-timewise/>", "time-wise"),
        (b"<score-partwise/>", "without bars"),
        (b"<score-partwise><part><measure/></part><part/>&who;</score-partwise>", "not well-formed"),
        (b"PK\x03\x04 and then nothing", "damaged compressed score"),
        (packed(("readme.txt", b"hi")), "without a score"),
        (packed(("tune.xml", TUNE), method=zipfile.ZIP_BZIP2), "compressed in a way"),
        (packed(*((f"{i}.xml", b"") for i in range(2001))), "holds 2,001 files"),
        (score(start() + n("C4", 9_000_000)), "quarter notes long"),
        (score(start("0/4") + n("C4", 8)), "impossible meter"),
        (score(start() + n("C9", 8).replace("<octave>9", "<octave>99")), "no keyboard has"),
        (score(start() + n("C4", 8).replace("<step>C", "<step>Q")), "cannot be read"),
        (deep(), "without bars"),
    ],
)
def test_what_is_no_score_is_refused_in_words(data: bytes, says: str) -> None:
    with pytest.raises(UnreadableFile, match=says) as caught:
        read_musicxml(data, "tune.musicxml")
    assert caught.value.hint


@given(st.data())
def test_a_damaged_score_is_read_or_refused_but_never_a_crash(data: st.DataObject) -> None:
    first, second = ending("1", back=True), ending("2")
    whole = score(
        start("3/4") + n("A4"),
        FORWARD + chord("D", "minor") + n("D5", 4, '<tie type="start"/>') + n("D5", 2, '<tie type="stop"/>'),
        first[0] + n("C5", 6) + first[1],
        second[0] + n("Bb4", 6) + second[1],
    )
    at = data.draw(st.integers(0, len(whole) - 1))
    size = data.draw(st.integers(0, 12))
    refused: list[EngineError] = []
    patch = data.draw(st.sampled_from([b"", b"0", b"-1", b"99999999", b"x", b"<a/>", b"nan", b"1e308"]))
    try:
        read_musicxml(whole[:at] + patch + whole[at + size :], "tune.musicxml")
    except EngineError as error:
        refused.append(error)
    assert all(error.message and error.hint for error in refused)


def test_without_the_extra_the_message_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    usual: Callable[..., Any] = builtins.__import__

    def without(name: str, *rest: Any, **more: Any) -> Any:
        if name.partition(".")[0] == "partitura":
            raise ImportError(name)
        return usual(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(Unavailable) as caught:
        read_musicxml(TUNE, "tune.musicxml")
    assert "partimento[scores]" in caught.value.hint
