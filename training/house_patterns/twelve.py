"""House patterns in twelve: doo-wop, soul, gospel, slow blues, bembé."""

from __future__ import annotations

from training.house_patterns.notation import Hand, Pattern

TWELVE = (
    Pattern(
        "twelve-1",
        "doo-wop twelve-eight triplets oldies ballad",
        meter="12/8",
        energy=3,
        key="C",
        chords="""C | Am | F | G7 | C | Am | Dm7 G7 | C G7
            | F | Fm | C | A7 | D7 | D7 | G7 | C G7""",
        left=Hand("E2", touch=92),
        right=Hand("C#4", "1 3 5 7", touch=72),
        bars="""
        A | 1 - - - - 5 1 - - 5 - -   | abc! abc abc? abc! bc abc abc! abc bc? a^bc! abc bc
        B | 1 - - 5 - - 8 - - 5 - 3   | abc! bc abc abc! bc^? bc abc! bc abc abc! bc? abc
        C | 1 - - 1 - 3 5 - - 5 - 3   | abc! abc bc bc! abc abc? abc! abc bc abc! - bc
        D | 1 - - - - 5 1 - - - - 5   | abc! abc? abc abc! bc abc abc! abc? abc bc! abc bc
        F | 1 - - 5 - - 3 - - >2 - -   | abc! abc abc? abc! bc^ bc abc! - ab bc b a
        G | 1 - - 5 - - 1 - >5 >5 - >x1 | abc! - abc abc! bc? abc abc! - - a b c
        """,
    ),
    Pattern(
        "twelve-2",
        "soul twelve-eight sixties singer",
        meter="12/8",
        energy=4,
        key="Eb",
        chords="""Eb | G7/D | Cm7 | Eb7/Bb | Ab | Abm6 | Eb/Bb Cm7 | Fm7 Bb7
            | Ab | Bb7/Ab | Gm7 | Cm7 | Fm7 | Fm7 | Bb7sus4 | Bb7""",
        left=Hand("Ab1", touch=92),
        right=Hand("Bb3", "1 3 5 7", touch=74),
        bars="""
        A | 1+8 - - - - 5 8 - - 5 - -   | abc! bc abc abc! - bc abc! bc abc? abc! - bcd
        B | 1+8 - - 5 - 8 5 - - - - 1   | abc! - bc abc! abc? bc bcd! - abc abc! bc abc
        C | 1+8 - - 8 - - 5 - 8 5 - 3   | abc! abc bc bcd! - abc abc! - bc^ bc! ab abc
        D | 1+8 - - - - 5 1+8 - - - - 5 | abc! bc abc abc! - abc abcd! - bc abc! bc abc
        F | 1+8 - - 5 - - 8 - 5 3 - >2   | abc! - - abc! b^c^ bc abc! - d c b a
        G | 1+8 - - - - 5 1 - - 5 - >x1 | abcd! - - abc! bc abc abc! - - a c d
        """,
    ),
    Pattern(
        "twelve-3",
        "blues slow twelve-eight late-night",
        meter="12/8",
        energy=3,
        key="G mixolydian",
        chords="""G7 | C9 | G7 | G7 | C9 | C#dim7 | G7/D | E7
            | Am7 | D9 | G7 | G7 D7 | C9 | C#dim7 | G7/D | A7 D7""",
        left=Hand("C#2", touch=90),
        right=Hand("C4", "3 5 7 9", touch=80),
        bars="""
        A | 1 - - 3 - - 5 - - 6 - 5     | . abc - . abc - . abc - . abc bc?
        B | 1 - - 1 - 5 8 - - 5 - 3     | abc! - abc - . bc abc! - . bc c^ c
        C | 1 - - 5 - - 6 - - 7 - 5     | . . abc abc! - - . . abc abc! - bc
        D | 1 - - 5 - 3 1 - - 5 - 3     | abc! - bc . abc? - abc! - bc . abc -
        F | 1 - - 1 - - 3 - - >x1 - -   | abc! - - xb b c . c^ c xb b a
        G | 1 - - 3 - 5 1 - - >#1 - -   | abc! - - abc - bc abc! - . abc! - -
        """,
    ),
    Pattern(
        "twelve-4",
        "ballad twelve-eight arpeggio flowing cinematic",
        meter="12/8",
        energy=2,
        key="Bm",
        chords="""Bm | Bm/A | Gmaj7 | Gmaj7 | Em7 | Em7 | F#sus4 F# | F#7sus4 F#7
            | Bm | D/A | Gmaj7 | D/F# | Em7 | Gmaj7 | F#sus4 | F#7""",
        left=Hand("E1", touch=100),
        right=Hand("C#4", "1 3 5", touch=98),
        play="ABCF ACDG ABCB ACBG",
        bars="""
        A | 1 5 8 10 8 5 8 5 8 10 8 5   | abc - - - - - . . c b - -
        B | 1 5 8 9 10 8 5 8 9 10 8 5   | . . . abc - - - - bc ab - -
        C | 1 5 8 5 8 10 8 5 8 5 8 -    | ac - - b b_ b ac - - b - b_
        D | 1 5 8 10 8 5 1 5 8 10 8 5   | abc - - - - - abc - - bc - -
        F | 1 5 8 10 8 5 8 - - 5 - 3    | ac - - bc^ - - bc - - ab - -
        G | 1 5 8 10 8 5 1 5 8 5 8 -    | abc - - - - - a b c d c b
        """,
    ),
    Pattern(
        "twelve-5",
        "afro bembe latin jazz twelve-eight modal",
        meter="12/8",
        energy=4,
        key="C dorian",
        chords="""Cm9 | Cm9 | F13 | F13 | Cm9 | Cm9 | Ebmaj9 | G7#9
            | Abmaj9 | Abmaj9 | Bb13 | Bb13 | Cm9 | Cm9 | Fm9 | G7#9""",
        left=Hand("G1", touch=85),
        right=Hand("Bb3", "3 5 7 9", touch=70),
        bars="""
        A | 1 - - 5 - 8 - - 5 - 8 -     | abcd! . abcd . . abcd! . abcd . abcd . bcd
        B | 1 - - 5 - - 8 - 5 - - 1     | . . abcd! . abcd . abcd! . . abcd . .
        C | 1 - 5 - 8 - - - 5 - 8 -     | abcd! . . abcd . abcd . . abcd! . bcd .
        D | 1 - - - 5 - 8 - - 5 - -     | abcd! . bcd . abcd . . abcd! . abcd . .
        F | 1 - - 5 - 8 - - 7 - 5 -     | abcd! . . bcd . d c . b . a .
        G | 1 - - 5 - - 1 - 5 - >x1 -   | abcd! . abcd! . . abcd! - - . . bcd! .
        """,
    ),
    Pattern(
        "twelve-6",
        "gospel shout church twelve-eight big",
        meter="12/8",
        energy=5,
        key="Db",
        chords="""Db | Db7/F | Gb | Gdim7 | Db/Ab | Bb7 | Ebm7 Ab7 | Db Ab7
            | Db | F7 | Bbm7 | Gb Gbm | Db/Ab | Bb7 | Ebm7 Ab7 | Db Ab7""",
        left=Hand("F1", touch=88),
        right=Hand("B3", "1 3 5 7", touch=72),
        play="ABCF ABDG ABCD ACDG",
        bars="""
        A | 1+8 - - 8 - - 5 - - 6 - 5     | abcd! . bcd abcd! . bc? abcd! - bcd abcd! . bcd
        B | 1+8 - 1 3 - - 5 - 5 8 - 5     | abcd! bc bcd abcd! - bcd^ bcd! . abcd abcd! . bcd
        C | 1+8 - - 5 - 8 1+8 - - 5 - 8   | abcd! . abcd . bcd abcd! - . bcd abcd! . bcd
        D | 1+8 - - 5 - - 1+8 - - 5 - -   | abcd! . bcd abcd! . bcd abcd! . bcd abcd! bc bcd
        F | 1+8 - - 8 - - 6 - - 5 - 3     | abcd! - - bc^d! - bcd abcd! - d c b a
        G | 1+8 - - 5 - 5 1+8 - - >#1 - - | abcd! . bcd abcd! - - abcd! - - a c d
        """,
    ),
)
