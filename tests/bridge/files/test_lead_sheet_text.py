"""Lead sheets as text."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bridge.files.lead_sheet_text import LeadSheet, parse_chords, read_lead_sheet, write_lead_sheet
from bridge.files.lead_sheet_text.sheet import UNWRITABLE, one_line
from engines.errors import EngineError, InvalidMusic, NotThere, UnknownChord, UnreadableFile, WriteFailed
from engines.music.harmony import Chord, ChordChange, ChordTrack, Key, KeyChange, KeyTrack, Mode, Spelling
from engines.music.song import MidiClip, Placement, Section, Song, Take, Track
from engines.music.time import Meter, MeterChange, MeterMap, TempoChange, TempoMap, Ticks

BAR = 3840
WALTZ = MeterMap.of((0, "3/4"))


def chords_of(track: ChordTrack) -> str:
    """`0:Am7 1920:D7`."""
    return " ".join(f"{change.tick}:{change.chord}" for change in track.changes)


def in_bars(text: str) -> str:
    """The chords of a sheet as `1:Am7 1.3:D7`: bar, and beat where it is not the first."""
    sheet = read_lead_sheet(text)
    places = [(sheet.meter.position(change.tick), change.chord) for change in sheet.chords.changes]
    return " ".join(f"{at if (at.beat, at.tick) != (1, 0) else at.bar}:{chord}" for at, chord in places)


# One cell


@pytest.mark.parametrize(
    ("meter", "cell", "chords"),
    [
        ("4/4", "Am7", "0:Am7"),
        ("4/4", "Am7 D7", "0:Am7 1920:D7"),
        ("4/4", "C F G", "0:C 1920:F 2880:G"),
        ("4/4", "C F G C", "0:C 960:F 1920:G 2880:C"),
        ("4/4", "C F G C F G C F", "0:C 480:F 960:G 1440:C 1920:F 2400:G 2880:C 3360:F"),
        ("4/4", "C D E F G", "0:C 960:D 1920:E 2880:F 3360:G"),
        ("3/4", "C F", "0:C 1920:F"),
        ("3/4", "C F G", "0:C 960:F 1920:G"),
        ("6/8", "C F", "0:C 1440:F"),
        ("6/8", "C F G", "0:C 960:F 1920:G"),
        ("5/4", "C F", "0:C 2880:F"),
        ("2/2", "C F G", "0:C 1920:F 2880:G"),
        ("7/8", "C F", "0:C 1920:F"),
        ("4/4", "Am7 / / D7", "0:Am7 2880:D7"),
        ("4/4", "Am7 . . D7", "0:Am7 2880:D7"),
        ("4/4", "Am7 // D7", "0:Am7 2880:D7"),
        ("4/4", "Am7 /// ", "0:Am7"),
        ("4/4", "/ / D7 /", "1920:D7"),
        ("4/4", "Am7 / / / D7 / / /", "0:Am7 1920:D7"),
        ("6/8", "C / / F / /", "0:C 1440:F"),
        ("6/8", "C /", "0:C"),
        ("4/4", "Am7 D7@2.5", "0:Am7 1440:D7"),
        ("4/4", "Am7@2 D7@2+1/3 G@4.75", "960:Am7 1280:D7 3600:G"),
        ("6/8", "C F@4", "0:C 1440:F"),
        ("4/4", "N.C.", "0:N.C."),
        ("4/4", "", ""),
        ("4/4", "C:maj7 A:min7/b7", "0:Cmaj7 1920:Am7/G"),
        ("4/4", "C7(b9, #11) F", "0:C7(b9,#11) 1920:F"),
        ("4/4", "B♭△7", "0:Bbmaj7"),
    ],
)
def test_how_a_cell_shares_its_bar(meter: str, cell: str, chords: str) -> None:
    assert chords_of(read_lead_sheet(f"meter: {meter}\n| {cell} |").chords) == chords


def test_the_end_is_that_of_the_last_bar() -> None:
    assert read_lead_sheet("| Am7 D7 | Gmaj7 |").length == 2 * BAR
    assert read_lead_sheet("| Am7 D7 | Gmaj7 |").chords.end == 2 * BAR


@pytest.mark.parametrize(
    "text",
    [
        "| Am7 D7 | Gmaj7 |",
        "Am7 D7 | Gmaj7",
        "|Am7 D7|Gmaj7|",
        "|| Am7 D7 | Gmaj7 ||",
        "| Am7 D7 | Gmaj7 |]",
        "Am7 D7\nGmaj7",
        "| Am7 D7 |\n\n| Gmaj7 |",
        "| Am7 D7 | ; a remark\n| Gmaj7 |",
        "// a remark\n| Am7 D7 | Gmaj7 | // the end",
        "; | C | F |\n// | C | F |\n| Am7 D7 | Gmaj7 |",
        "\ufeff| Am7 D7 | Gmaj7 |\r\n",
        "│ Am7 D7 │ Gmaj7 │",
        "| A:min7 D:7 | G:maj7 |",
        "A:min7 D:7 | G:maj7",
    ],
)
def test_ways_to_write_the_same_two_bars(text: str) -> None:
    assert in_bars(text) == "1:Am7 1.3:D7 2:Gmaj7"


# Rows


@pytest.mark.parametrize(
    ("text", "chords"),
    [
        ("| C | % | F |", "1:C 2:C 3:F"),
        ("| C G | % |", "1:C 1.3:G 2:C 2.3:G"),
        ("| C | | F |", "1:C 3:F"),
        ("| | C |", "2:C"),
        ("| C | N.C. | C |", "1:C 2:N.C. 3:C"),
        ("|: C | F :|", "1:C 2:F 3:C 4:F"),
        ("|: C :| x3", "1:C 2:C 3:C"),
        ("|: C :|x3 G |", "1:C 2:C 3:C 4:G"),
        ("|: C :| 4x | G |", "1:C 2:C 3:C 4:C 5:G"),
        ("C :|", "1:C 2:C"),
        ("| C | F :| G :|", "1:C 2:F 3:C 4:F 5:G 6:G"),
        ("|: C :|: F :|", "1:C 2:C 3:F 4:F"),
        ("|: C :||: F :|", "1:C 2:C 3:F 4:F"),
        ("|: C :| |: F :|", "1:C 2:C 3:F 4:F"),
        ("|: C :|\n|: F :|", "1:C 2:C 3:F 4:F"),
        ("| C |:\n| F :|", "1:C 2:F 3:F"),
        ("|: C | F\n:|", "1:C 2:F 3:C 4:F"),
        ("|: C |[1 F :|[2 G |", "1:C 2:F 3:C 4:G"),
        ("|: C |1 F :|2 G |", "1:C 2:F 3:C 4:G"),
        ("|: C |1. F :|2. G |", "1:C 2:F 3:C 4:G"),
        ("|: C | [1 F | G :| [2 A | B || D |", "1:C 2:F 3:G 4:C 5:A 6:B 7:D"),
        ("|: C |[1,3 F :|[2 G :| D |", "1:C 2:F 3:C 4:G 5:C 6:F 7:D"),
        ("|: C |[1-2 F :|[3 G |", "1:C 2:F 3:C 4:F 5:C 6:G"),
        ("|: C |[1 F :|[2 G |: D :|", "1:C 2:F 3:C 4:G 5:D 6:D"),
        ("|: C |[1 F :|[2 G | % |", "1:C 2:F 3:C 4:G 5:G"),
        ("|: C |\n[1 F :|\n[2 G |", "1:C 2:F 3:C 4:G"),
        ("C | F |[1 G :|[2 A ||", "1:C 2:F 3:G 4:C 5:F 6:A"),
    ],
)
def test_bars_as_they_are_played(text: str, chords: str) -> None:
    assert in_bars(text) == chords


def test_what_a_sheet_states() -> None:
    sheet = read_lead_sheet(
        "title: Sunday; Early // morning\nkey: A minor\ntempo: 96\nmeter: 3/4\n| Am | Dm |\n"
        "tempo: 120 bpm\nkey: C\n| G7 | 4/4 C |\n6/8\n| F |"
    )
    assert sheet.title == "Sunday; Early // morning"
    assert sheet.keys is not None
    assert [(c.tick, str(c.key)) for c in sheet.keys.changes] == [(0, "A minor"), (5760, "C major")]
    assert sheet.tempo == TempoMap((TempoChange(Ticks(0), 96), TempoChange(Ticks(5760), 120)))
    assert sheet.meter == MeterMap.of((0, "3/4"), (8640, "4/4"), (12480, "6/8"))
    assert sheet.length == 12480 + 2880


def test_what_a_sheet_does_not_state_is_none() -> None:
    sheet = read_lead_sheet("| C |")
    assert (sheet.title, sheet.keys, sheet.tempo, sheet.sections) == ("", None, None, ())


@pytest.mark.parametrize(
    ("line", "qpm"),
    [("96", 96), ("96.5", 96.5), ("♩ = 120", 120), ("120BPM", 120), ("60000000/519481", Fraction(60000000, 519481))],
)
def test_a_tempo(line: str, qpm: float | Fraction) -> None:
    assert read_lead_sheet(f"tempo: {line}\n| C |").tempo == TempoMap.constant(qpm)


@pytest.mark.parametrize(
    ("pickup", "meter", "first"),
    [("1", "4/4", "1/4"), ("2 beats", "4/4", "2/4"), ("1.5", "4/4", "3/8"), ("3/2", "4/4", "3/8"), ("1", "6/8", "1/8")],
)
def test_a_pickup_is_a_short_first_bar(pickup: str, meter: str, first: str) -> None:
    sheet = read_lead_sheet(f"meter: {meter}\npickup: {pickup}\n| G7 | C | F |")
    length = Meter.parse(first).bar
    assert sheet.meter == MeterMap.of((0, first), (length, meter))
    assert sheet.meter.has_pickup()
    assert sheet.length == length + 2 * Meter.parse(meter).bar


def test_a_pickup_that_no_meter_fits_cuts_its_bar() -> None:
    sheet = read_lead_sheet("pickup: 1/3\n| G7 | C |")
    assert sheet.meter == MeterMap.of((0, "4/4"), (320, "4/4"))


def test_a_bar_that_is_cut_short() -> None:
    sheet = read_lead_sheet("| C | F |\ncut: 2\n| G D |\n| C |")
    assert chords_of(sheet.chords) == "0:C 3840:F 7680:G 8640:D 9600:C"
    assert sheet.meter.bar_lines(sheet.length) == [0, 3840, 7680, 9600, 13440]


# Sections


@pytest.mark.parametrize(
    "heading", ["[Verse 1]", "Verse 1:", "# Verse 1", "  [ Verse 1 ] ; slow", "## Verse 1", "Verse 1: // slow"]
)
def test_a_heading_begins_a_section(heading: str) -> None:
    sheet = read_lead_sheet(f"| C |\n{heading}\n| F | G |\n[Coda = A]\n| C |")
    assert sheet.sections == (
        Section("Verse 1", Ticks(BAR), Ticks(2 * BAR)),
        Section("Coda", Ticks(3 * BAR), Ticks(BAR), "A"),
    )


@pytest.mark.parametrize("text", ["[Intro] | C | F |", "Intro: | C | F |", "Intro:\n| C | F |"])
def test_a_row_may_follow_its_heading(text: str) -> None:
    assert read_lead_sheet(text).sections == (Section("Intro", Ticks(0), Ticks(2 * BAR)),)


def test_an_empty_heading_ends_a_section() -> None:
    sheet = read_lead_sheet("[A]\n| C |\n[]\n| F |\n[A]\n| C |")
    assert [(s.name, s.start, s.end) for s in sheet.sections] == [("A", 0, BAR), ("A", 2 * BAR, 3 * BAR)]


def test_a_repeated_section_is_one_section_and_repeated_sections_are_many() -> None:
    one = read_lead_sheet("[A]\n|: C | F :|\n[B]\n| G |")
    assert [(s.name, s.length // BAR) for s in one.sections] == [("A", 4), ("B", 1)]
    many = read_lead_sheet("[A]\n|: C | F |\n[B]\n| G :|")
    assert [(s.name, s.length // BAR) for s in many.sections] == [("A", 2), ("B", 1), ("A", 2), ("B", 1)]


def test_key_meter_and_tempo_lead_back_with_a_repeat() -> None:
    sheet = read_lead_sheet("key: C\ntempo: 100\n|: C |\nkey: G\nmeter: 3/4\ntempo: 90\n| D7 :|")
    assert sheet.keys is not None
    assert sheet.tempo is not None
    assert [(c.tick, str(c.key)) for c in sheet.keys.changes] == [
        (0, "C major"), (3840, "G major"), (6720, "C major"), (10560, "G major"),
    ]  # fmt: skip
    assert [c.qpm for c in sheet.tempo.changes] == [100, 90, 100, 90]
    assert [str(c.meter) for c in sheet.meter.changes] == ["4/4", "3/4", "4/4", "3/4"]


# Errors


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "The lead sheet has no bars."),
        ("title: Nothing\n[Verse]\n", "The lead sheet has no bars."),
        ("| Am7 |\n|  Cmaj77 |", "'Cmaj77' is not a chord symbol (line 2, column 4)."),
        ("[Verse] | C | X9 |", "'X9' is not a chord symbol (line 1, column 15)."),
        ("Intro:  | C | X9 |", "'X9' is not a chord symbol (line 1, column 15)."),
        ("| C@x |", "'x' is not a beat (line 1, column 3)."),
        ("| C F@9 |", "There is no place at beat 9 of this bar for the chord (line 1, column 5)."),
        ("| C@3 F@2 |", "There is no place at beat 2 of this bar for the chord (line 1, column 7)."),
        ("| C F@2 G |", "In a bar with @ every chord but the first needs its place (line 1, column 9)."),
        ("| Am7 / |", "2 chords and marks do not fill a bar of 4/4 evenly (line 1, column 3)."),
        ("| Am7 / D7 |", "3 chords and marks do not fill a bar of 4/4 evenly (line 1, column 3)."),
        ("| " + "C " * 65 + "|", "The bar holds more than 64 chords (line 1, column 131)."),
        ("| " + "/" * 65 + "|", "The bar holds more than 64 chords (line 1, column 3)."),
        ("| " + "C " * 1000 + "|", "The bar holds more than 64 chords (line 1, column 2)."),
        ("| % | C |", "There is no bar before this one to repeat (line 1, column 3)."),
        ("| C | % F |", "'%' is not a chord symbol (line 1, column 7)."),
        ("meter: 4/5\n| C |", "4/5 is not a meter (line 1, column 8)."),
        ("| 3/0 C |", "3/0 is not a meter (line 1, column 3)."),
        ("meter: waltz\n| C |", "'waltz' is not a meter (line 1, column 8)."),
        ("tempo: fast\n| C |", "'fast' is not a tempo (line 1, column 8)."),
        ("tempo: 9999\n| C |", "A tempo of 9999 is not playable (line 1, column 8)."),
        ("| C |\ntempo: 90\n| C |", "The tempo is first given here (line 3, column 3)."),
        ("key:  H\n| C |", "'H' is not a key (line 1, column 7)."),
        ("| C |\nkey: C\n| C |", "The key is first given here (line 3, column 3)."),
        ("pickup: 4\n| C |", "A bar of 4/4 cannot last 4 of its beats (line 1, column 9)."),
        ("pickup: 1/7\n| C |", "A bar of 4/4 cannot last 1/7 of its beats (line 1, column 9)."),
        ("pickup: some\n| C |", "'some' is not a number of beats (line 1, column 9)."),
        ("| C |\npickup: 1\n| C |", "A pickup stands before the first bar (line 2, column 9)."),
        ("| C |\ncut: 1", "No bar follows (line 2, column 6)."),
        ("composer: me\n| C |", "'composer' is nothing that a lead sheet states (line 1, column 1)."),
        ("[ = A]\n| C |", "This is not a heading (line 1, column 1)."),
        (":| C |", "A repeat ends here, but there is no bar before it (line 1, column 1)."),
        ("| C :| :|", "Two repeats end here (line 1, column 8)."),
        ("|: C | F |", "A repeat begins here that does not end (line 1, column 4)."),
        ("| C |:", "No bar follows the repeat sign (line 1, column 5)."),
        ("|: C |: F :|", "A repeat begins inside a repeat (line 1, column 9)."),
        ("| C :| x0 |", "'x0' is no number of times (line 1, column 8)."),
        ("|: C |[1 F :| G |", "Pass 2 of this repeat has no ending (line 1, column 10)."),
        ("|: C |[2 F :| G |", "Pass 1 of this repeat has no ending (line 1, column 10)."),
        ("|: C |[1 F :|[1 G |", "Pass 1 has two endings (line 1, column 17)."),
        ("|: C |[1,3 F :|[2 G || D |", "The repeat goes on after this ending (line 1, column 19)."),
        ("|: C |[2-1 F :|", "'[2-1' is not an ending (line 1, column 7)."),
        ("|: C :| x4097", "'x4097' is no number of times (line 1, column 9)."),
        ("|: C | C :| x4096", "The repeats make more than 4096 bars (line 1, column 8)."),
        ("| C " * 4097, "The lead sheet has more than 4096 bars (line 1, column 16387)."),
        (" " * ((1 << 20) + 1), "The lead sheet is longer than a mebibyte."),
    ],
)  # fmt: skip
def test_an_error_says_where_it_is(text: str, message: str) -> None:
    with pytest.raises(EngineError) as caught:
        read_lead_sheet(text)
    problem = caught.value
    assert problem.message == message
    assert problem.hint
    if "(line" in message:
        assert isinstance(problem, UnreadableFile | UnknownChord)
        assert problem.path is not None
        assert f"({problem.path})." in message


# Chords over music that is there already


def test_chords_are_laid_over_the_bars_of_the_music() -> None:
    meter = MeterMap.of((0, "3/4"), (5760, "4/4"))
    assert chords_of(parse_chords("| Am7 D7 | G | C F |", meter)) == "0:Am7 1920:D7 2880:G 5760:C 7680:F"


def test_the_first_cell_is_the_first_full_bar() -> None:
    meter = MeterMap.of((0, "1/4"), (960, "4/4"))
    assert chords_of(parse_chords("| C | F |", meter)) == "960:C 4800:F"
    assert chords_of(parse_chords("pickup: 1\n| G7 | C | F |", meter)) == "0:G7 960:C 4800:F"


def test_a_bar_that_the_music_cuts_short() -> None:
    meter = MeterMap.of((0, "4/4"), (3840 + 1920, "4/4"))
    assert chords_of(parse_chords("| C | F G | C |", meter)) == "0:C 3840:F 4800:G 5760:C"


def test_a_meter_of_the_text_must_be_the_music_s() -> None:
    assert chords_of(parse_chords("meter: 3/4\n| C | F |", WALTZ)) == "0:C 2880:F"
    with pytest.raises(UnreadableFile) as caught:
        parse_chords("| C |\nmeter: 4/4\n| F |", WALTZ)
    assert caught.value.message == "The chords say 4/4 where the music is in 3/4 (line 3, column 3)."


@given(st.text() | st.text("|:[]12 /.%@#x=CFm7()\n;-"))
@example("[1,1-")
@example("|:@")
def test_any_text_is_a_lead_sheet_or_a_clear_error(text: str) -> None:
    for read in (read_lead_sheet, lambda words: parse_chords(words, WALTZ)):
        try:
            read(text)
        except EngineError as problem:
            assert problem.hint.strip(), problem.message  # noqa: PT017


# Writing

meters = st.sampled_from(["4/4", "3/4", "6/8", "2/2", "5/4", "7/8", "1/4", "12/8", "3/16"]).map(Meter.parse)
symbols = st.sampled_from(
    ["C", "Am7", "D7", "F#m7b5", "Bbmaj7#11/E", "N.C.", "Ebsus4", "C7(b9,#11)", "Gb(add9,no5)", "B##dim/Fbb"]
)
names = st.text(st.characters(exclude_characters="".join(UNWRITABLE)), max_size=12).map(one_line)
spellings = st.builds(Spelling, st.sampled_from("ABCDEFG"), st.integers(-2, 2))
tempi = st.floats(1, 2000) | st.integers(30_000, 0xFFFFFF).map(lambda us: Fraction(60_000_000, us))


@st.composite
def bars_of_time(draw: st.DrawFn) -> tuple[MeterMap, list[Ticks]]:
    """A meter map and the bar lines of its music; some bars are cut short."""
    tick, changes, lines = 0, [], []
    meter, cut = draw(meters), True
    for _ in range(draw(st.integers(1, 9))):
        new = draw(meters) if draw(st.integers(0, 3)) == 0 else meter
        if cut or new != meter:
            changes.append(MeterChange(Ticks(tick), new))
        meter, cut = new, draw(st.integers(0, 5)) == 0
        lines.append(Ticks(tick))
        tick += draw(st.integers(1, meter.bar - 1)) if cut else meter.bar
    return MeterMap(tuple(changes)), [*lines, Ticks(tick)]


@st.composite
def lead_sheets(draw: st.DrawFn) -> LeadSheet:
    meter, lines = draw(bars_of_time())
    length, starts = lines[-1], lines[:-1]
    grid = draw(st.sampled_from([1, 160, 240, 480, 960, 1920]))
    ticks = draw(
        st.sets(st.integers(0, (length - 1) // grid).map(lambda n: n * grid) | st.sampled_from(starts), max_size=12)
    )
    chords = ChordTrack(tuple(ChordChange(Ticks(t), Chord.parse(draw(symbols))) for t in sorted(ticks)), length)
    later = st.sets(st.sampled_from(starts), max_size=4).map(lambda some: sorted({0, *some}))
    keys = st.builds(Key, spellings, st.sampled_from(Mode))
    edges = sorted(draw(st.sets(st.sampled_from(lines), max_size=6)))
    sections = [Section(name, a, Ticks(b - a), draw(names)) for a, b in pairwise(edges) if (name := draw(names))]
    return LeadSheet(
        length,
        chords,
        meter,
        draw(st.none() | later.map(lambda ts: KeyTrack(tuple(KeyChange(Ticks(t), draw(keys)) for t in ts)))),
        draw(st.none() | later.map(lambda ts: TempoMap(tuple(TempoChange(Ticks(t), draw(tempi)) for t in ts)))),
        tuple(sections),
        draw(names),
    )


@given(lead_sheets())
def test_written_and_read_again(sheet: LeadSheet) -> None:
    assert read_lead_sheet(write_lead_sheet(sheet)) == sheet


@given(lead_sheets())
def test_through_a_song_and_back(sheet: LeadSheet) -> None:
    again = LeadSheet.of(sheet.song())
    assert again.chords.changes[: len(sheet.chords.changes)] == sheet.chords.changes
    assert (again.keys, again.title) == (sheet.keys, sheet.title)
    assert read_lead_sheet(write_lead_sheet(sheet.song())) == again


@given(lead_sheets())
def test_the_written_chords_lie_over_the_same_bars(sheet: LeadSheet) -> None:
    over = parse_chords(write_lead_sheet(sheet), sheet.meter)
    assert over.changes == sheet.chords.changes
    assert over.end == sheet.meter.bar_end(sheet.meter.bars_until(sheet.length))


def test_a_written_sheet_reads_like_one() -> None:
    sheet = read_lead_sheet(
        "title: Sunday\nkey: G\ntempo: 96\npickup: 1\n[Verse = A]\n|D7|: Gmaj7 | Em A7 |[1 Am / / D7 | % :|[2 G |\n"
        "[Bridge]\n3/4\n| C | F#m7b5 B7@2.5 |4/4 Em||\n"
    )
    assert write_lead_sheet(sheet) == (
        "title: Sunday\n"
        "key: G major\n"
        "tempo: 96\n"
        "meter: 4/4\n"
        "pickup: 1\n"
        "\n"
        "[Verse = A]\n"
        "| D7 |\n"
        "| Gmaj7 | Em A7 | Am / / D7 | Am / / D7 |\n"
        "| Gmaj7 | Em A7 | G |\n"
        "\n"
        "[Bridge]\n"
        "meter: 3/4\n"
        "| C | F#m7b5 / / B7 / / |\n"
        "meter: 4/4\n"
        "| Em |\n"
    )


def test_a_song_from_a_sheet_has_a_chord_track() -> None:
    song = read_lead_sheet("title: Two\n| Am7 D7 | N.C. |").song()
    (track,) = song.tracks
    assert (song.name, track.name, song.end) == ("Two", "Chords", 2 * BAR)
    assert [(p.start, p.length, p.clip.name) for p in track.placements] == [
        (0, 1920, "Am7"),
        (1920, 1920, "D7"),
        (3840, 3840, "N.C."),
    ]


def test_the_sheet_of_a_song_takes_what_holds_at_each_bar_line() -> None:
    take = Take(MidiClip(Ticks(5000)))
    song = Song(
        (Track("Lead", (Placement(Ticks(0), Ticks(5000), (take,)),)),),
        TempoMap((TempoChange(Ticks(0), 100.0, linear=True), TempoChange(Ticks(2 * BAR), 140.0))),
        keys=KeyTrack((KeyChange(Ticks(0), Key.parse("C")), KeyChange(Ticks(900), Key.parse("G")))),
        chords=ChordTrack.of((0, "C"), (960, "F"), end=3000),
        sections=(
            Section("Intro\n[x]", Ticks(10), Ticks(3000), colour="#ff0000"),
            Section("Verse", Ticks(3000), Ticks(9000)),
        ),
        name="One\tline",
    )
    sheet = LeadSheet.of(song)
    assert sheet.length == 2 * BAR
    assert chords_of(sheet.chords) == "0:C 960:F 3000:N.C."
    assert sheet.keys is not None
    assert sheet.tempo is not None
    assert [(c.tick, str(c.key)) for c in sheet.keys.changes] == [(0, "C major"), (BAR, "G major")]
    assert [round(float(c.qpm)) for c in sheet.tempo.changes] == [100, 122]
    assert sheet.sections == (Section("Intro x", Ticks(0), Ticks(BAR)), Section("Verse", Ticks(BAR), Ticks(BAR)))
    assert sheet.title == "One line"
    assert read_lead_sheet(write_lead_sheet(song)) == sheet


def test_a_song_without_chords_has_no_sheet() -> None:
    with pytest.raises(NotThere):
        write_lead_sheet(Song())


def test_a_bar_of_too_many_chords_is_not_written() -> None:
    track = ChordTrack.of(*((tick, "C") for tick in range(65)), end=BAR)
    with pytest.raises(WriteFailed):
        write_lead_sheet(LeadSheet(Ticks(BAR), track))


def test_a_piece_that_could_not_be_read_back_is_not_written() -> None:
    with pytest.raises(WriteFailed):
        write_lead_sheet(LeadSheet(Ticks(4097 * BAR), ChordTrack((), Ticks(4097 * BAR))))


@pytest.mark.parametrize(
    "wrong",
    [
        {"chords": ChordTrack.of((0, "C"))},
        {"chords": ChordTrack.of((0, "C"), end=BAR)},
        {"keys": KeyTrack((KeyChange(Ticks(0), Key.parse("C")), KeyChange(Ticks(7), Key.parse("G"))))},
        {"tempo": TempoMap((TempoChange(Ticks(0), 100, linear=True), TempoChange(Ticks(BAR), 120)))},
        {"tempo": TempoMap((TempoChange(Ticks(0), 100), TempoChange(Ticks(7), 120)))},
        {"sections": (Section("A", Ticks(0), Ticks(7)),)},
        {"sections": (Section("A", Ticks(0), Ticks(0)),)},
        {"sections": (Section("A", Ticks(0), Ticks(2 * BAR)), Section("B", Ticks(BAR), Ticks(BAR)))},
        {"sections": (Section("", Ticks(0), Ticks(BAR)),)},
        {"sections": (Section("A]", Ticks(0), Ticks(BAR)),)},
        {"sections": (Section("A\nB", Ticks(0), Ticks(BAR)),)},
        {"title": " spaced "},
    ],
)
def test_what_a_text_cannot_say_is_no_lead_sheet(wrong: dict[str, object]) -> None:
    fields: dict[str, object] = {"length": Ticks(2 * BAR), "chords": ChordTrack.of((0, "C"), end=2 * BAR), **wrong}
    with pytest.raises(InvalidMusic):
        LeadSheet(**fields)  # type: ignore[arg-type]
