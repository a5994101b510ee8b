"""House pop: comping behind a singer, stabs, driving eighths, offbeats."""

from __future__ import annotations

from training.house_patterns.notation import Hand, Pattern

POP = (
    Pattern(
        "pop-1",
        "pop eighths comping singer",
        meter="4/4",
        energy=3,
        key="G",
        chords="""G | D/F# | Em7 | Cadd9 | G/B | Cadd9 | Am7 D | Dsus4 D
            | Em7 | Cadd9 | G | D | Em7 | Cadd9 | G/B | Cadd9 D""",
        left=Hand("E2", touch=92),
        right=Hand("D4", "1 3 5", touch=78),
        bars="""
        A | 1 - - 1 1 - - - | abc! bc? abc bc abc! bc? abc bc
        B | 1 - - 1 5 - - 5 | abc! bc ab^c abc? bc abc! - bc
        C | 1 - - 1 - 1 5 - | abc! bc? bc abc! - bc^ bc bc?
        D | 1 - - - 1 - - 5 | abc! bc abc bc? abc! bc abc bc
        F | 1 - - 1 1 - 3 >2 | abc! bc bc^ - bc ab abc! -
        G | 1 - - 5 1 - 5 1 | abc! bc? abc! bc? abc! - c^:c b
        """,
    ),
    Pattern(
        "pop-2",
        "pop house dance stabs four-on-the-floor piano-house",
        meter="4/4",
        energy=4,
        key="Fm",
        chords="""Fm7 | Dbmaj7 | Ab | Eb | Fm7 | Dbmaj7 | Bbm7 | Csus4 C
            | Dbmaj7 | Eb | Fm7 | Ab/C | Dbmaj7 | Eb | Fm7 | Csus4 C""",
        left=Hand("F1", touch=85),
        right=Hand("Bb3", "1 3 5 7", touch=70),
        bars="""
        A | 1+8 - - 1+8* . . 1+8* . . . 1+8 - 1+8* . 1+8* .       |
          |  | abcd! - - abcd* . . abcd! . . . abcd - abcd* . bcd* .
        B | 1+8 - . . 1+8 - . 1+8* . . 1+8 - . . 1+8* .           |
          |  | abcd! - . bcd* . . abcd! - . abcd* . . abcd! - . bcd*
        C | 1+8 - . . 1+8* . . . 1+8 - . . 1+8* . 5* 8*           |
          |  | . . abcd! - . . abcd* . . . abcd! - . . abcd! -
        D | 1+8 - - 1+8* . . 1+8* . 1+8 - - 1+8* . . 1+8* .       |
          |  | abcd! - - abcd* . . abcd! . . bcd* . abcd* . . abcd! -
        F | 1+8 - . . 1+8 - . . 1+8 - . 8* 5* . 3* 2*             |
          |  | abcd! - . abcd* . . abcd! - ac^d - . abcd* . d c b
        G | 1+8 - . . 1+8 - . . 1+8 - . . 1+8* . 1+8* >x1*        |
          |  | abcd! - . bcd* . . abcd! - . . abcd! - a b c d
        """,
    ),
    Pattern(
        "pop-3",
        "pop syncopated arpeggio stadium three-three-two",
        meter="4/4",
        energy=4,
        key="Eb",
        chords="""Cm7 | Ab | Eb/G | Bb | Cm7 | Gm7 | Ab Bb | Eb Bb
            | Fm7 | Fm7 | Cm7 | Gm7 Bb | Ab | Ab | Eb/G | Bbsus4 Bb""",
        left=Hand("Ab1", touch=95),
        right=Hand("B3", "1 3 5", touch=92),
        bars="""
        A | 1+8 - - 1+8 - - 1+8 - | ac! b d c! b d ac! b
        B | 1+8 - - - - - 5 8     | bd! a c bd! a c c^! c
        C | 1+8 - - 5 - - 8 -     | ac! d b ac! d b ac! b
        D | 1+8 - - - 1+8 - - 5   | bd! a c b ac! d b c
        F | 1+8 - - 1+8 - - 3 >2   | ac! b d c! b c c^! c
        G | 1+8 - - 5 1+8 - 5 -   | bd! a c b! a! b c b_
        """,
    ),
    Pattern(
        "pop-4",
        "rock piano-rock octaves driving glam",
        meter="4/4",
        energy=5,
        key="D",
        chords="""D | D | G | G | Bm | A | G | A
            | D | F#m | Bm | G A | Em | G | D/F# G | Asus4 A""",
        left=Hand("E1", touch=82),
        right=Hand("A3", "1 3 5", touch=80),
        play="ABCF ABCG ABCD ABDG",
        bars="""
        A | 1+8! 1+8 1+8 1+8? 1+8 1+8 1+8? 1+8       | abcd! - abcd abcd abcd! - - bcd
        B | 1+8! 8 1+8 8 1+8! 8 5 8                   | abcd! bcd? bcd^ bcd! - bcd abcd! bcd
        C | 1+8! - 8 1+8 - 8 1+8 8                    | abcd! . ab^cd! abcd? bcd abcd! - abcd
        D | 1+8! 1+8? 1+8 8 1+8! 1+8? 1+8 8           | abcd! - bcd abcd abcd! - bcd bcd
        F | 1+8! - 1+8 1+8? 8 7 5 3                   | abcd! - abcd! ac^d abcd - d:c b
        G | 1+8! 1+8? 1+8 1+8? 1+8! - 1+8 >x1         | abcd! . abcd! . abcd! abcd! a:b c:d
        """,
    ),
    Pattern(
        "pop-5",
        "pop rnb lofi chill neo-soul half-time sevenths",
        meter="4/4",
        energy=2,
        key="E",
        chords="""Amaj9 | Amaj9 | G#m7 | C#m9 | F#m9 | F#m9 | B13sus4 | Emaj9
            | Amaj9 | G#7#9 | C#m9 | Bm9 E13 | Amaj9 | Am6 | G#m7 C#m9 | F#m9 B13sus4""",
        left=Hand("C#2", touch=92),
        right=Hand("B3", "3 5 7 9", touch=90),
        play="ABCF ACBG ABCD ABDG",
        bars="""
        A | 1 - - - - - - 1? 5 - - - - - 8 -         | . . abcd - - - - - . . abcd? - - bcd - -
        B | 1 - - 1? - - 5 - 8 - - - - - - -         | abcd - - - - - bcd - . . abcd - - - c? d
        C | 1 - - - - - 5 - - - 8 - - 5 - -          | abcd - - - . . . abcd! - - - - ab - - -
        D | 1 - - - - - 5? - 1 - - - - - 5? -        | abcd - - bcd? - - . . abcd - - - - - bcd? -
        F | 1 - - - 5 - 8 - - - - - 3 - >2 -          | abcd - - - - - c^ c d - - - bc - ab -
        G | 1 - - - - - 5 - 1 - - - 5 - >x1 -        | abcd - - bcd? - - abcd - - - c - b - a -
        """,
    ),
    Pattern(
        "pop-6",
        "pop singer-songwriter sixteenths groove syncopated",
        meter="4/4",
        energy=3,
        key="A",
        chords="""F#m7 | Dadd9 | A | E/G# | F#m7 | Dadd9 | A E | Esus4 E
            | Bm7 | Bm7 | F#m7 | A E/G# | Dadd9 | A/C# | Bm7 | Esus4 E""",
        left=Hand("D2", touch=88),
        right=Hand("B3", "1 3 5 9", touch=75),
        bars="""
        A | 1 - - - - - 1 - - - 1 - 5 - - -           | abc! - - a? bc - a? bc . a bc! - - a^? bc -
        B | 1 - - 1 - - 5 - 1 - - - - - 5 8           | . . abc! - . a bc - . abc - . bc! - a b
        C | 1 - - - 5 - - 1 - - 8 - - - 5 -           | abc! - bc? - . abc - - a^bc! - . abc - - bc? -
        D | 1 - - - - - 5 - 1 - - - - - 5 -           | abc! - - a? bc - - bc abc! - - a? bc - a b
        F | 1 - - 1 - - 1 - 5 - - - 3 - >2 -           | abc! - - bc - - bc^! - bc - - ab - a b c
        G | 1 - - - 1 - - - 1 - - 1 5 - >x1 -         | abc! - - a? bc! - - a? abc! - - abc! - c b a
        """,
    ),
    Pattern(
        "rock-1",
        "rock driving eighths indie punk",
        meter="4/4",
        energy=4,
        key="E",
        chords="""E | E | C#m | A | E/G# | A | B | B
            | C#m | C#m | A | E B | F#m | A | B | B""",
        left=Hand("F#1", touch=80),
        right=Hand("B3", "1 3 5", touch=76),
        bars="""
        A | 1+8! 1? 1 1? 1+8! 1? 1 1     | abcd! - - abcd! - - abcd -
        B | 1+8! 1? 1 5 1+8! 1? 5 1      | abc! bc ab^c? abcd! - bc abcd! bc
        C | 1+8! 1? 8 1? 1+8 1? 8 5      | abcd! - bcd - bcd^! bcd? abcd! -
        D | 1+8! 1? 1 1? 1+8! 1? 1 5     | abcd! - - bcd abcd! - bcd abcd
        F | 1+8! 1? 1 1 1+8! 7 5 3       | abcd! - ac^d abcd - abc! - bc
        G | 1+8! 1? 1 1? 1+8! 1 5 >x1    | abcd! - - abcd! - - abc:bcd d
        """,
    ),
    Pattern(
        "rock-2",
        "rock slow backbeat heavy",
        meter="4/4",
        energy=4,
        key="Am",
        chords="""Am | Am/G | Fmaj7 | Fmaj7 | Am | C | D | D
            | F | C/E | Dm7 | G | Am | Am/G | F | Esus4 E""",
        left=Hand("E1", touch=92),
        right=Hand("B3", "1 3 5", touch=82),
        bars="""
        A | 1+8! - - 1+8 - - 5 8      | . . abcd! - bcd? - abcd! -
        B | 1+8! - 8 - 1+8 1+8 - 5    | abcd - bcd! - - bcd abcd! -
        C | 1+8! - - - 1+8 - 8 5      | abc - bcd! bc? abc - bcd^! c
        D | 1+8! - 5 8 - 1+8 - -      | . abcd! - - bcd - abcd! -
        F | 1+8! - - 1+8 8 7 5 3      | abcd! - bcd! - c^ c b a
        G | 1+8! - - 5 1+8 1+8 8 >x1  | abcd! - abcd! - abcd! - abcd! abcd
        """,
    ),
    Pattern(
        "reggae-1",
        "reggae one-drop offbeat skank",
        meter="4/4",
        energy=3,
        key="Am",
        chords="""Am7 | Am7 | Dm7 | Dm7 | Fmaj7 | G | Am7 Em7 | Am7
            | Dm7 | G | Cmaj7 | Fmaj7 Dm7 | Bm7b5 | E7 | Am7 | E7""",
        left=Hand("D2", touch=80),
        right=Hand("B3", "1 3 5 7", touch=62),
        bars="""
        A | 1 - . 5* . 1 3 5        | . . abcd! . . . abcd! .
        B | 1* . 1* . 5 - 3 2       | . . abcd! . . bcd? abcd! .
        C | 1 - 5* 1 - . 3* 5*      | . bcd? abcd! . . . abcd! bcd?
        D | 1* . . 1* 1 - 5 3       | . . abcd! . . . abcd! .
          |                         | . . . . . bcd?:. . .
        F | 1 - 5* . 7 - 5 -        | . . abcd! . . a:b c! d
        G | 1* . 3* 5* 1* . 5 >x1   | . . abcd! bcd? . . abcd! bcd!
        """,
    ),
    Pattern(
        "ska-1",
        "ska offbeat upbeat skank two-tone",
        meter="4/4",
        energy=4,
        key="G",
        chords="""G | Em7 | C | D7 | G | Em7 | C D7 | G D7
            | Am7 | D7 | Bm7 | Em7 A7 | C | Cm6 | G/D | D7""",
        left=Hand("D2", touch=75),
        right=Hand("B3", "1 3 5 7", touch=45),
        bars="""
        A | 1 - 3 - 5 - 6 -       | . abcd! . abcd . abcd! . abcd?
        B | 1 - 5 - 3 - >x1 -     | . abcd . abcd! . abcd bc abcd!
        C | 1 - 1 5 - 5 3 -       | . abcd! . abcd . abcd! bcd? abcd
        D | 1 - 5 - 1 - 5 -       | . abcd! . bcd? . abcd! . abcd
        F | 1 - 3 - 5 4 3 >2       | . abcd! . abcd! . c d c
        G | 1 - 5 - 1 - >x1 -     | . abcd! . abcd . abcd! abcd! .
        """,
    ),
)
