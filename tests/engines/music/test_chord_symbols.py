"""Reading and writing chord symbols."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines.errors import EngineError, InvalidMusic, UnknownChord
from engines.music.chord_hints import nearest_symbol
from engines.music.chords import NO_CHORD, Chord, find_chord
from engines.music.degrees import MOST, Degree
from engines.music.spelling import LETTERS, Spelling

# What a musician would write, and the other ways to write it (a low line stands for a space).
AS_WRITTEN = """
C = C CM Cmaj CMaj Cmajor Cma
Cm = Cm Cmin C- Cmi Cminor CMin
C7 = C7 Cdom7
C9 = C9
C11 = C11
C13 = C13
Cmaj7 = Cmaj7 CM7 Cma7 CMaj7 CMA7 C△ C△7 CΔ7 C^7 C^ Cj7 C7M C(maj7)
Cmaj9 = Cmaj9 CM9 C△9
Cmaj11 = Cmaj11
Cmaj13 = Cmaj13 CM13
Cm7 = Cm7 C-7 Cmin7 Cmi7
Cm9 = Cm9 Cmin9
Cm11 = Cm11 C-11
Cm13 = Cm13
C6 = C6 CM6 Cmaj6
Cm6 = Cm6 C-6 Cmin6
C69 = C69 C6/9 C6(9) C6add9
Cm69 = Cm69 Cm6/9
CmMaj7 = CmMaj7 CmM7 Cm(maj7) C-△7 Cm/maj7 Cmin(maj7) Cm#7
CmMaj9 = CmMaj9 Cm9(maj7)
Cdim = Cdim C° Co
Cdim7 = Cdim7 C°7 Co7
CdimMaj7 = Cdim(maj7) C°M7
Cm7b5 = Cø Cø7 Cm7b5 Cm7-5 C-7b5 Chalf-dim7 Ch7
Cm9b5 = Cø9 Cm9b5
Cm11b5 = Cm11b5
Caug = C+ Caug C(#5)
C7#5 = C+7 Caug7 C7#5 C7+5 C7+ C7aug
Cmaj7#5 = C+M7 Cmaj7#5 Caugmaj7
C9#5 = C9#5 C+9
C(b5) = C(b5) C-5
C7b5 = C7b5 C7-5
Cmaj7b5 = Cmaj7b5
Csus4 = Csus Csus4 C4
Csus2 = Csus2 C2
C7sus4 = C7sus C7sus4 Csus7
C9sus4 = C9sus C9sus4
C13sus4 = C13sus C13sus4
C7sus2 = C7sus2
Cmaj7sus4 = Cmaj7sus4
Csus2sus4 = Csus2sus4 Csus24
C7sus4(b9) = C7susb9 C7sus4(b9)
Csus4(add9) = Csus(add9)
C5 = C5 Cno3 C(omit3)
C(no5) = C(no5)
C7(no3) = C7(no3)
C7(no5) = C7(omit5)
Cm7(no5) = Cm7(no5)
C7(no1) = C7(noroot)
Cadd9 = Cadd9 C(add9) C(9)
Cadd2 = Cadd2
Cadd4 = Cadd4
Cadd11 = Cadd11
Cm(add9) = Cm(add9) Cmadd9 Cm(9)
Cm(add11) = Cm(add11)
C7(add13) = C7(add13) C7(13) C7/13
Cm7(add11) = Cm7(11)
C7(add6) = C7/6
C(#11) = Cadd#11 C(#11)
C(b9) = C(addb9)
C7b9 = C7b9 C7(b9) C7-9
C7#9 = C7#9 C7+9
C7#11 = C7#11
C7b13 = C7b13
C9#11 = C9#11
C13#11 = C13#11
C13b9 = C13b9
C9b5 = C9b5
C7(b9,#11) = C7(b9,#11) C7(b9#11) C7(♭9,♯11)
C7(b9,b13) = C7b9b13 C7[b9,b13]
C7(#9,b13) = C7#9b13
C7(#5,#9) = C7#9#5
C7(b9,#9) = C7b9#9
C7alt = C7alt Calt C7(alt)
C7(b5,#5) = C7(b5,#5)
Cmaj7#11 = Cmaj7#11
Cmaj9#11 = Cmaj9#11
Cmaj13#11 = Cmaj13#11
C69#11 = C69#11
Cm7b13 = Cm7b13
C/E = C/E
Am7/G = Am7/G
Cmaj7#11/E = Cmaj7#11/E
C69/E = C6/9/E
C/G# = C/g#
C7/Bb = C7/Bb
D/C = D/C
Bb = Bb B♭
F# = F#
F#m7 = F♯m7
Ebmaj7 = Ebmaj7
Abm7b5 = Abm7b5
C##m = C##m
F##7 = Fx7
Bbb = Bbb
Ebb7 = Ebb7
Bbbm = B𝄫m
F##dim = F𝄪dim
N.C. = N.C. NC N X n.c.
Am7 = am7
F#dim = f#dim
Bbmaj7 = bbmaj7
G7 = g7
Em = em
C7 = C⁷
Cm7 = C_minor-seventh Cm7
Cmaj7 = C_maj7
C7(b9,#11) = C7_(b9,_#11)
"""

# Harte's syntax, and degrees as a bass.
HARTE = """
A = A:maj A:(3,5)
Cm = C:min
C7 = C:7
Cmaj7 = C:maj7
Am7/G = A:min7/b7
F#m7b5 = F#:hdim7
Cdim7 = C:dim7
CmMaj7 = C:minmaj7
C7sus4 = C:sus4(b7)
Cadd9 = C:maj(9)
C9(no3) = C:9(*3)
Gm = G:(1,b3,5)
C(no3,no5) = C:1
C5 = C:5
C/E = C/3
C/Bb = C/b7
C/G = C:maj/5
Cm9 = C:min9
C69 = C:maj6(9)
C7#9 = C:7(#9)
C9sus4 = C:sus4(b7,9)
Ebaug = Eb:aug
D/F# = D:maj/F#
Dm7b5/Ab = D:hdim7/b5
C9(no3)/G = C:9(*3)/5
Cadd9 = C:(1,3,5,9)
Cmaj7(add6) = C:maj7(6)
"""

# What the symbols mean, where musicians could differ.
MEANINGS = """
C = 1 3 5
C5 = 1 5
C6 = 1 3 5 6
C7 = 1 3 5 b7
C9 = 1 3 5 b7 9
C11 = 1 5 b7 9 11
C13 = 1 3 5 b7 9 13
Cm11 = 1 b3 5 b7 9 11
Cm13 = 1 b3 5 b7 9 11 13
Cmaj11 = 1 5 7 9 11
Cmaj13 = 1 3 5 7 9 13
C11sus = 1 5 b7 9 11
C13sus = 1 4 5 b7 9 13
C9sus = 1 4 5 b7 9
C2 = 1 2 5
C4 = 1 4 5
Cadd2 = 1 2 3 5
Cadd9 = 1 3 5 9
C7add13 = 1 3 5 b7 13
Cadd7 = 1 3 5 b7
C69 = 1 3 5 6 9
Cdim7 = 1 b3 b5 bb7
Cdim9 = 1 b3 b5 bb7 9
Cdim7(maj7) = 1 b3 b5 bb7 7
Cø = 1 b3 b5 b7
Cm6(maj7) = 1 b3 5 6 7
C7alt = 1 3 b7 b9 #9 #11 b13
C9#11 = 1 3 5 b7 9 #11
C13#11 = 1 3 5 b7 9 #11 13
C13b9 = 1 3 5 b7 b9 13
C7#11 = 1 3 5 b7 #11
C7b5 = 1 3 b5 b7
C7(b5,#5) = 1 3 b5 #5 b7
C7(b9,#9) = 1 3 5 b7 b9 #9
C7b13 = 1 3 5 b7 b13
C+7 = 1 3 #5 b7
C+ = 1 3 #5
C-5 = 1 3 b5
C-9 = 1 b3 5 b7 9
Cdim(#5) = 1 b3 #5
C:(1,b3,b5,bb7) = 1 b3 b5 bb7
C:(8,10,12) = 1 3 5
C:1 = 1
C:min7(4,*b7) = 1 b3 4 5
Csus4(no1) = 4 5
"""


def rows(table: str) -> list[tuple[str, str]]:
    """(left of the equals sign, right of it)."""
    return [(left, right) for left, _, right in (line.partition(" = ") for line in table.strip().splitlines())]


def pairs(table: str) -> list[tuple[str, str]]:
    """(symbol, canonical symbol)."""
    return [(symbol.replace("_", " "), canonical) for canonical, text in rows(table) for symbol in text.split()]


@pytest.mark.parametrize(("symbol", "canonical"), pairs(AS_WRITTEN) + pairs(HARTE))
def test_a_symbol_and_what_a_musician_would_write(symbol: str, canonical: str) -> None:
    chord = Chord.parse(symbol)
    assert str(chord) == canonical
    assert Chord.parse(canonical) == chord


def test_the_table_is_long_enough_to_mean_something() -> None:
    assert len(set(pairs(AS_WRITTEN))) > 200


@pytest.mark.parametrize(("symbol", "degrees"), rows(MEANINGS))
def test_what_a_symbol_means(symbol: str, degrees: str) -> None:
    assert " ".join(degree.text for degree in Chord.parse(symbol).degrees) == degrees


NO_SYMBOLS = """
H7 b7 b5 c bb c/e Cmm7 Cmaj7maj7 C79 C() C7( C7) C7(b9 C7(b9,) C7/ C/ C/H C8 C10 C14 Cmajmin7 Cxyz C7((b9)) Csus5 C5m Cm5
Cmaj5 C5sus C(,9) Cadd Cno C:() C: C:maj/ C::7 C:(14) C:(#1) C:maj/b1 Cm7b55 Re Bridge Break Coda Fill Add Dim Intro Emma
Ah % 1 C#b# C7altb9 C(no1,no3,no5) Am7, | / . -7 maj7 CøM7 Cm7/Q
"""


@pytest.mark.parametrize("text", ["", " ", "C" * 65, *NO_SYMBOLS.split()])
def test_what_is_no_symbol(text: str) -> None:
    assert find_chord(text) is None
    with pytest.raises(UnknownChord):
        Chord.parse(text)


def test_an_unknown_symbol_says_where_it_stands_and_what_it_may_be() -> None:
    with pytest.raises(UnknownChord) as caught:
        Chord.parse("Cmaj77", where="bar 12")
    problem = caught.value
    assert (problem.message, problem.hint) == (
        "'Cmaj77' is not a chord symbol (bar 12).",
        "Did you mean Cmaj7?",
    )
    assert (problem.code, problem.path) == ("E_CHORD", "bar 12")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Cmaj77", "Cmaj7"),
        ("Hm7", "Bm7"),
        ("hm7", "Bm7"),
        ("C/H", "C/B"),
        ("Cm7b55", "Cm7b5"),
        ("xCmaj7", "Cmaj7"),
        ("Cmjaj7", "Cmaj7"),
        ("F#Suss4", "F#sus4"),
        ("Bbdimm7", "Bbdim7"),
        ("C7(b9", "C7b9"),
        ("Am7,", "Am7"),
        ("Am7/Q", "Am7"),
        ("a", "A"),
        ("c/e", "C/E"),
        ("Cxyz/E", "C/E"),
    ],
)
def test_the_nearest_symbol(text: str, meant: str) -> None:
    assert nearest_symbol(text) == meant


def test_a_long_heap_of_letters_is_named_by_its_beginning() -> None:
    with pytest.raises(UnknownChord) as caught:
        Chord.parse("Cmaj7" * 100_000)
    assert caught.value.message == "'Cmaj7Cmaj7Cmaj7Cmaj7Cmaj…' is not a chord symbol."


spellings = st.builds(Spelling, st.sampled_from(LETTERS), st.integers(-2, 2))
degrees = st.builds(Degree, st.sampled_from((1, 2, 3, 4, 5, 6, 7, 9, 11, 13)), st.integers(-2, 2))
usual = st.sampled_from([Degree(n, a) for n in (3, 5, 7, 9, 11, 13) for a in (-1, 0, 1)])
tones = st.sets((degrees | usual).filter(lambda one: one.is_possible), min_size=1, max_size=MOST)
chords = st.builds(Chord, spellings, tones.map(tuple), st.none() | spellings) | st.just(NO_CHORD)


@given(chords)
def test_every_chord_that_can_be_built_is_written_and_read_again(chord: Chord) -> None:
    assert Chord.parse(str(chord)) == chord
    assert str(Chord.parse(str(chord))) == str(chord)


@given(
    st.text()
    | st.from_regex(r"[A-Ga-g][b#]?(maj|m|7|9|b|#|5|1|3|sus|add|no|\(|\)|,|/|:|[CEG]|dim|\+|-){0,8}", fullmatch=True)
)
def test_any_text_is_a_chord_or_a_clear_error(text: str) -> None:
    try:
        chord = Chord.parse(text, where="bar 1")
    except EngineError as problem:
        suggested = problem.hint.removeprefix("Did you mean ").removesuffix("?")
        assert find_chord(suggested) is not None
    else:
        assert Chord.parse(str(chord)) == chord


@given(chords, st.integers(-24, 24))
def test_transposing_moves_every_tone(chord: Chord, semitones: int) -> None:
    moved = chord.transpose(semitones)
    assert moved.pitch_classes == {(pc + semitones) % 12 for pc in chord.pitch_classes}
    assert (moved.quality, moved.shape) == (chord.quality, chord.shape)
    assert moved.transpose(-semitones).pitch_classes == chord.pitch_classes


@pytest.mark.parametrize(
    ("symbol", "semitones", "moved"),
    [
        ("C", 1, "Db"),
        ("C", 6, "F#"),
        ("Am7/G", 3, "Cm7/Bb"),
        ("F#m7b5", -1, "Fm7b5"),
        ("Bb7", 12, "Bb7"),
        ("D/F#", 2, "E/G#"),
    ],
)
def test_transposed_names(symbol: str, semitones: int, moved: str) -> None:
    assert str(Chord.parse(symbol).transpose(semitones)) == moved


def test_what_a_chord_is_made_of() -> None:
    chord = Chord.parse("Cm7b5/F")
    assert (chord.root_pc, chord.bass_pc, chord.quality) == (0, 5, "m7b5")
    assert chord.tones == (0, 3, 6, 10)
    assert [str(name) for name in chord.spelled_tones] == ["C", "Eb", "Gb", "Bb"]
    assert chord.pitch_classes == {0, 3, 5, 6, 10}
    assert chord.chroma == 1 | 1 << 3 | 1 << 5 | 1 << 6 | 1 << 10
    assert chord.shape == Chord.parse("Gm7b5").shape == 1 | 1 << 3 | 1 << 6 | 1 << 10
    assert (chord.third, chord.is_minor, chord.is_major, chord.is_none) == (3, True, False, False)


def test_major_minor_and_neither() -> None:
    assert [Chord.parse(symbol).third for symbol in ("C7#9", "Cm", "Csus4", "C5", "Caug", "N.C.")] == [
        4,
        3,
        None,
        None,
        4,
        None,
    ]


def test_no_chord_has_nothing() -> None:
    assert Chord.parse("N.C.") == NO_CHORD
    assert NO_CHORD.is_none
    assert (NO_CHORD.root_pc, NO_CHORD.bass_pc, NO_CHORD.chroma, NO_CHORD.quality) == (None, None, 0, "")
    assert NO_CHORD.pitch_classes == frozenset()


def test_the_root_is_no_bass_of_its_own() -> None:
    assert Chord.parse("C/C") == Chord.parse("C")


def test_degrees_come_in_order_and_once() -> None:
    c = Spelling("C")
    assert Chord(c, (Degree(12), Degree(3), Degree(8), Degree(3))) == Chord.parse("C")


@pytest.mark.parametrize(
    ("root", "tones", "bass"),
    [
        (None, (Degree(1),), None),
        (Spelling("C"), (), None),
        (None, (), Spelling("C")),
        (Spelling("C"), (Degree(1, 1),), None),
        (Spelling("C"), (Degree(14),), None),
        (Spelling("C"), (Degree(3, 3),), None),
        (Spelling("C"), tuple(Degree(n, a) for n in (2, 3, 4, 6) for a in (-1, 0, 1)), None),
    ],
)
def test_what_is_no_chord(root: Spelling | None, tones: tuple[Degree, ...], bass: Spelling | None) -> None:
    with pytest.raises(InvalidMusic):
        Chord(root, tones, bass)
