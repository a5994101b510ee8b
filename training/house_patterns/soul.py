"""House soul, funk and gospel in four."""

from __future__ import annotations

from training.house_patterns.notation import Hand, Pattern

SOUL = (
    Pattern(
        "soul-1",
        "soul motown sixties groove",
        meter="4/4",
        energy=3,
        key="Bb",
        chords="""Bbmaj7 | Gm7 | Cm7 | F7sus4 | Bbmaj7 | Dm7 | Cm7 F7 | Bb F7sus4
            | Ebmaj7 | Dm7 | Cm7 | Dm7 Gm7 | Ebmaj7 | Edim7 | Bb/F | F7sus4 F7""",
        left=Hand("A1", touch=82),
        right=Hand("B3", "1 3 5 7", touch=70),
        bars="""
        A | 1 - - 1 5 - 8 5       | . . abcd! - . abc? abcd! -
        B | 1 - 3 5 - 1 5 6       | abc - abcd! . . bcd abcd! .
        C | 1 - - 5 8 - 5 3       | . bcd abcd! - . bcd^? bcd! bc
        D | 1 - - 5 1 - - 5       | abc - abcd! - abc? - abcd! -
        F | 1 - - 1 5 - 3 >2       | abc - abcd! ac^d abcd - c:b a
        G | 1 - 5 - 1 - >#1 >x1   | abc - abcd! - abcd! bcd - b_
        """,
    ),
    Pattern(
        "soul-2",
        "soul neo-soul rnb gospel-chords laid-back",
        meter="4/4",
        energy=2,
        key="Gb",
        chords="""Bmaj9 | Bbm7 | Ebm9 | Ebm9 | Abm9 | Db13sus4 | Gbmaj9 | Gbmaj9
            | Bmaj9 | Bb7#9 | Ebm9 | Dbm9 Gb13 | Bmaj9 | Bbm7 | Abm9 | Db13sus4""",
        left=Hand("Bb1", touch=94),
        right=Hand("Bb3", "3 5 7 9", touch=92),
        play="ABCF ACBG ABCD ACBG",
        bars="""
        A | 1 - - - - 5 8 - - - - 5? | . . abcd - - - - - abcd? - - bcd
        B | 1 - - 5 - - 8 - - - - -  | abcd - - - - bcd - - - . . abcd?
        C | 1 - - - - - 5 - - 8 - 5? | abcd - - bc^d - bcd - - - ab - -
        D | 1 - - - - 5? 1 - - - - - | abcd - - - - bcd? abcd - - - - bcd?
        F | 1 - - 5 - 8 - - - 3 - >2  | abcd - - - d c b - - ab - -
        G | 1 - - - - 5 1 - - >#1 - - | abcd - - bcd - - ac^ - c b - a
        """,
    ),
    Pattern(
        "gospel-1",
        "gospel church uptempo praise",
        meter="4/4",
        energy=5,
        key="Eb",
        chords="""Eb | Eb/G | Ab | Adim7 | Eb/Bb | C7 | F7 | Bb7sus4 Bb7
            | Eb | G7/D | Cm7 | Bbm7 Eb7 | Ab | Adim7 | Eb/Bb C7 | Fm7 Bb7""",
        left=Hand("G1", touch=82),
        right=Hand("Bb3", "1 3 5 7", touch=70),
        play="ABCF ACBG ABCD ABDG",
        bars="""
        A | 1+8! - - 1+8 5 - 6 5       | abcd! . bcd abcd . abcd! - bcd
        B | 1+8! - 3 5 8 - 5 3         | . abcd! - bcd! xaxbxcxd? abcd! . bcd
        C | 1+8! . 1+8 . 5 - 3 >x1     | abcd! bcd? abcd! - bc^d bcd! - abcd
        D | 1+8! - - 5 1+8! - - 5      | abcd! . bcd abcd abcd! . bcd abcd
        F | 1+8! - 8 - 6 5 3 >2         | abcd! - ac^d abcd! - d c:b a
        G | 1+8! - - 5 1+8! - 5 >x1    | abcd! - - bcd abcd! - bcd! abcd!
        """,
    ),
    Pattern(
        "funk-1",
        "funk syncopated sixteenths stabs",
        meter="4/4",
        energy=4,
        key="E mixolydian",
        chords="""E9 | E9 | E9 | A13 | E9 | E9 | G13 | A13 B7#9
            | C#m9 | C#m9 | F#13 | F#13 | A13 | A13 | B7#9 | B7#9""",
        left=Hand("C#2", touch=72),
        right=Hand("B3", "3 5 7 9", touch=62),
        bars="""
        A | 1! . . 1? . . 8* . . 7* 5? . 1* . . x1?       |
          |  | . . . abcd! . . abcd* . . abcd? . . abcd! - . .
        B | 1! . . . 1* . 5* . . . 7* 8* . . 5? .         |
          |  | abcd! . . abcd? . . . abcd! . . abcd* . bcd? . abcd! .
        C | 1! . 1? . . . 7* . 8* . . 5? . 7* . .         |
          |  | . . abcd! . abcd? . . bcd* xaxbxcxd? abcd! - . . . abcd* .
        D | 1! . . 1* . . 5* . . . 1* . 7* . 8* .         |
          |  | abcd* . . . abcd! . . . . bcd? . abcd! . . abcd* .
        F | 1! . . 1* . . 8* . 7* . 5* . 3* . 2* .        |
          |  | abcd! . . abcd* . . abcd! . bcd* . abcd* . d* c* b* a*
        G | 1! . 1* . 5* . 8* . 1! . . . 5* . >#1* >x1*   |
          |  | abcd! . bcd? . abcd! . . bcd? abcd! . . abcd! . . abcd! .
        """,
    ),
    Pattern(
        "funk-2",
        "funk disco groove octaves dance",
        meter="4/4",
        energy=4,
        key="Am",
        chords="""Am9 | D13 | Gmaj9 | Cmaj9 | F#m7b5 | B7#9 | Em9 | Em9
            | Am9 | D13 | Bm7 | Em9 | Cmaj9 | B7#9 | Em9 | E7#9""",
        left=Hand("B1", touch=70),
        right=Hand("A3", "3 5 7 9", touch=68),
        bars="""
        A | 1 8* 1 8* 1 8* 1 8*      | . abcd! . abcd? abcd! . . abcd
        B | 1 8* . 8* 1 8* 5 8*      | abcd! . . abcd! . bcd? abcd! .
        C | 1 8* 1 8* 5 8* 3 5       | . . abcd! . . abcd . abcd!
        D | 1 . 8* 1 . 8* 5 8*       | abcd! . bcd? abcd! . . abcd! .
        F | 1 8* 1 8* 7 5 3 >2        | abcd! . abcd! . c^ d c b
        G | 1 8* 1 8* 5 - >#1 >x1    | abcd! . . abcd! . abcd abcd! .
        """,
    ),
)
