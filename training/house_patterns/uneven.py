"""House patterns in five and seven."""

from __future__ import annotations

from training.house_patterns.notation import Hand, Pattern

UNEVEN = (
    Pattern(
        "five-1",
        "five-four jazz modal",
        meter="5/4",
        energy=3,
        key="D dorian",
        groups="3+2",
        chords="""Dm9 | Dm9 | G13 | G13 | Dm9 | Fmaj9 | Em7 | A7b9
            | Bbmaj9 | Bbmaj9 | Am7 | Am7 | Gm9 | C13 | Fmaj9 | A7b9""",
        left=Hand("A1", touch=90),
        right=Hand("A3", "3 5 7 9", touch=80),
        bars="""
        A | 1 - - - - 5 1 - 5 -      | . . abcd - . abcd* . . abcd -
        B | 1 - - - 5 - 1 - - -      | . abcd* . . abcd - . . abcd* .
        C | 1 - - 5 7 - 1 - 5 -      | . . abcd* . abcd* . . abcd - -
        D | 1 - 5 - 8 - 1 - - -      | . . abcd - - . abcd* . bcd* .
        F | 1 - - - 5 - 1 - 3 >2     | abcd* . . abcd - . bcd - d c
        G | 1 - 5 - 8 - 5 - >x1 -    | . . abcd* . bcd - abcd - bcd -
        """,
    ),
    Pattern(
        "five-2",
        "five-four ballad arpeggio pop gentle",
        meter="5/4",
        energy=2,
        key="G",
        groups="2+3",
        chords="""G | D/F# | Em7 | Cadd9 | G/B | Cadd9 | Am7 | Dsus4
            | Em7 | Bm7 | Cadd9 | G | Am7 | Bm7 | Cadd9 | D""",
        left=Hand("B1", touch=98),
        right=Hand("D4", "1 3 5", touch=94),
        bars="""
        A | 1 5 8 5 1 5 8 10 8 5     | abc - - - bc - - - ab -
        B | 1 - 5 8 1 5 8 - 5 -      | abc - - - . bc abc - - -
        C | 1 5 8 - 1 5 8 5 8 -      | ac - b - ac - b_ b b c
        D | 1 5 8 5 1 - 8 - 5 -      | . . abc - bc - - ab - b
        F | 1 5 8 5 1 5 8 5 3 >2     | abc - - - bc^ - bc - ab -
        G | 1 - 5 8 1 - 5 - - -      | abc - bc - a b c b a b_
        """,
    ),
    Pattern(
        "five-3",
        "five-four rock progressive driving",
        meter="5/4",
        energy=4,
        key="Em",
        groups="3+2",
        chords="""Em | Em | C | D | Em | G | A | B
            | C | C | G | D | Am | C | Bsus4 | B""",
        left=Hand("F#1", touch=76),
        right=Hand("B3", "1 3 5", touch=78),
        bars="""
        A | 1+8! 8 8? 1 8 8? 1+8! 8 1 8        | abcd! - - abcd - - abcd! - bcd -
        B | 1+8! 8? 8 8 5 8 1+8! 8? 5 8        | abcd! - bcd abcd! - bcd? bcd^! bcd bcd abcd
        C | 1+8! - 8 1 - 8 1+8! - 8 5          | . abcd! - bcd abcd! - abcd! bcd - bcd
        D | 1+8! 8? 1 8? 5 8 1+8! 8 8? 5       | abcd! - bcd - abcd! - abcd! - - c
        F | 1+8! 8? 8 8 1 8 1+8! 5 3 >2        | abcd! - - bc^ - bc abcd! - c b
        G | 1+8! 8? 8 1+8! 8 8 1+8! 8 1+8! >x1 | abcd! - - abcd! - - abcd! - a:b c:d
        """,
    ),
    Pattern(
        "five-4",
        "five-eight folk balkan dance light",
        meter="5/8",
        energy=2,
        key="Dm",
        groups="2+3",
        chords="""Dm | Dm | Gm | A | Dm | F | Gm | A7
            | Bb | C | F | Dm | Gm | Dm | A7 | A7""",
        left=Hand("E1", touch=78),
        right=Hand("A3", "1 3 5", touch=68),
        bars="""
        A | 1 - 5 - -                | . abc . abc! bc
        B | 1 - 8 - 5                | abc! . bc^ bc .
        C | 1 5 8 - -                | . abc . bc! abc
        D | 1 - 5 - 3                | abc . abc! . bc
        F | 1 - 5 3 >2               | abc! . c^ c b
        G | 1 - 8 - >x1              | abc! - abcd! - -
        """,
    ),
    Pattern(
        "five-5",
        "five-eight driving progressive minimal",
        meter="5/8",
        energy=4,
        key="Am",
        groups="3+2",
        chords="""Am | Am | F | F | C | G | Dm | E
            | F | G | Am | C | Dm | F | Esus4 | E""",
        left=Hand("F1", touch=82),
        right=Hand("B3", "1 3 5", touch=80),
        bars="""
        A | 1+8! - 8 5 8             | abc! bc? c abc! bc?
        B | 1+8! 8 5 8 -             | abc! - bc abc! bc
        C | 1+8! - 5 1 8             | d! c b d! b
        D | 1 8 5 1+8! -             | abc! c b ad! c
        F | 1+8! - 5 3 >2            | abc! - bc^ bc! b
        G | 1+8! - - 1+8! >x1        | abcd! - bc abcd! -
        """,
    ),
    Pattern(
        "seven-1",
        "seven-eight balkan dance fast 2+2+3",
        meter="7/8",
        energy=4,
        key="A phrygian dominant",
        groups="2+2+3",
        chords="""A | A | Bb | A | Dm | Gm | Bb | A
            | Dm | Dm | Gm | A | Bb | Gm | A | A""",
        left=Hand("A1", touch=70),
        right=Hand("A3", "1 3 5", touch=60),
        bars="""
        A | 1! - 5 - 8! - 5          | . abc . abc . abc! bc
        B | 1! - 1 - 5! - -          | abc . abc . abc! . bc
        C | 1! - 8 - 5! 3 5          | . abc! bc abc . abc bc?
        D | 1! 5 8 - 1! - 5          | abc! . bc? abc . bc^! abc
        F | 1! - 5 - 3! - >2         | abc! . c^ c abc! - b
        G | 1! - 5 - 1! - >#1        | abc! . abc! . abcd! - -
        """,
    ),
    Pattern(
        "seven-2",
        "seven-eight folk flowing 3+2+2",
        meter="7/8",
        energy=2,
        key="C dorian",
        groups="3+2+2",
        chords="""Cm7 | Cm7 | F | F | Bb | Ebmaj7 | Gm7 | Gm7
            | Abmaj7 | Abmaj7 | Eb/G | Bb | Cm7 | Bb/D | Ebmaj7 | Gm7""",
        left=Hand("G1", touch=95),
        right=Hand("C4", "1 3 5", touch=92),
        bars="""
        A | 1 5 8 5 - 8 5            | abc - - bc - ab -
        B | 1 5 8 9 10 5 8           | . . abc - - bc -
        C | 1 - 5 8 5 8 -            | ac - b ac - b c
        D | 1 5 8 - 5 8 5            | abc - - ab - bc b
        F | 1 5 8 5 - 3 >2           | abc - - bc^ - bc -
        G | 1 - 5 8 - 5 -            | abc - b a b c b_
        """,
    ),
    Pattern(
        "seven-3",
        "seven-four progressive rock 4+3",
        meter="7/4",
        energy=4,
        key="Bm",
        groups="4+3",
        chords="""Bm | Bm | G | A | Bm | D | Em | F#
            | G | G | D | A | Em | G | F#sus4 | F#""",
        left=Hand("F#1", touch=80),
        right=Hand("B3", "1 3 5", touch=78),
        bars="""
        A | 1+8! - - 8 1 - 8 - 1+8! - - 8 5 -          | abcd! - bcd abcd! - - bcd - abcd! - bcd - abcd -
        B | 1+8! - 8 - 1 8 - 5 1+8! - 8 - 5 8          | . . abcd! - - bcd abcd! - bcd - abcd! - bcd bcd
        C | 1+8! - - - 5 - 8 - 1+8! - 5 - 8 -          | abcd! bcd? bcd abcd! - bcd abcd - abcd! - bcd bcd? abcd -
        D | 1+8! - 8 1 - 8 5 - 1+8! - - 8 - 5          | abcd! - - abcd! - - bcd - abcd! - bcd^ bcd - c
        F | 1+8! - - 8 1 - 8 - 1+8! - 5 - 3 >2         | abcd! - bcd abcd! - - bc^ bc abcd! - d c b a
        G | 1+8! - - 8 1 - 8 - 1+8! - 1+8! - >x1 -     | abcd! - bcd! - abcd! - bcd! - abcd! - abcd! - b c
        """,
    ),
    Pattern(
        "seven-4",
        "seven-four ballad dreamy arpeggio 3+4",
        meter="7/4",
        energy=2,
        key="E",
        groups="3+4",
        chords="""Eadd9 | Eadd9 | C#m7 | Amaj7 | E/G# | Amaj7 | F#m7 | Bsus4
            | C#m7 | G#m7 | Amaj7 | E | F#m7 | E/G# | Amaj7 | B""",
        left=Hand("G#1", touch=98),
        right=Hand("C#4", "1 3 5", touch=95),
        bars="""
        A | 1 5 8 10 8 5 1 5 8 10 - 8 5 8    | abc - - - - - bc - - - ab - - -
        B | 1 - 5 - 8 - 1 - 5 - 8 - 5 -      | . . abc - - - . . bc - abc - - b
        C | 1 5 8 9 10 - 1 5 8 - - 5 8 -      | ac - b - c - ac - - - b - c b
        D | 1 5 8 5 8 - 1 - 5 8 - 5 8 5      | abc - - - bc - abc - - - bc - ab -
        F | 1 5 8 10 8 5 1 5 8 - 5 - 3 >2    | abc - - - - - bc^ - - - bc - ab -
        G | 1 - 5 - 8 - 1 - 5 - 8 - - -      | abc - - - b - a - b - c - b_ b
        """,
    ),
)
