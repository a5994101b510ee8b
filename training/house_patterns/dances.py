"""House waltzes and other songs in three, and what is danced in six."""

from __future__ import annotations

from training.house_patterns.notation import Hand, Pattern

DANCES = (
    Pattern(
        "waltz-1",
        "waltz classic dance",
        meter="3/4",
        energy=3,
        key="A",
        chords="""A | A | E7/B | E7 | Bm | E7 | A | A . E7
            | F#m | F#m | Bm | Bm | D | A/E | E7 | A . E7""",
        left=Hand("E2", touch=85),
        right=Hand("C#4", "1 3 5 7", touch=62),
        bars="""
        A | 1 - . | . abc abc?
        B | 1 - 5 | . bc abc
        C | 1 - - | . abc bc:c
        D | 1 5 . | . abc bc
        F | 1 - . 5 . >2 | . . abc . bc^ bc
        G | 1 - 1 | . abc abc
        """,
    ),
    Pattern(
        "waltz-2",
        "waltz viennese ballroom fast grand",
        meter="3/4",
        energy=4,
        key="D",
        chords="""D | D | D6 | D#dim7 | A7/E | A7 | A7 | A7
            | A7/E | A7 | A9 | A7 | D | D/F# | G A7 . | D . A7""",
        left=Hand("G1", touch=80),
        right=Hand("B3", "1 3 5 7", touch=50),
        play="ABCF ACBG ABCA BDEG",
        bars="""
        A | 1+8! - . | . abc! abc?
        B | 1+8! - - | . abc bcd
        C | 1+8! - 5 | . bcd! bc
        D | 1+8! - . | abc bcd? abc!
        E | 1! 1 5 | . abc! bc
        F | 1+8! - - - 5 >2 | . . abcd! . bc? c^
        G | 1+8! - 1 | abcd! . abc!
        """,
    ),
    Pattern(
        "waltz-3",
        "waltz ballad pop slow arpeggio singer",
        meter="3/4",
        energy=2,
        key="F",
        chords="""F | C/E | Dm7 | Bbmaj7 | F/A | Bbmaj7 | Gm7 | Csus4 . C
            | Dm7 | Am7 | Bbmaj7 | F | Gm7 | F/A | Bbmaj7 | Csus4 . C""",
        left=Hand("A1", touch=98),
        right=Hand("C4", "1 3 5", touch=94),
        bars="""
        A | 1 5 8 9 10 8             | abc - - - bc -
        B | 1 5 8 - 5 8              | abc - - bc - ab
        C | 1 - 5 8 - 5              | . . abc - - c
        D | 1 5 10 - 8 5             | ac - b - c -
        F | 1 5 8 5 3 >2             | abc - bc^ - bc -
        G | 1 5 8 - 1 5              | abc - - b a b
        """,
    ),
    Pattern(
        "waltz-4",
        "waltz jazz swing three-four comping",
        meter="3/4",
        energy=3,
        key="G",
        chords="""Gmaj9 | C13 | Bm7 | E7b9 | Am9 | D13 | Bm7 E7b9 . | Am9 . D13
            | Dm9 | G13 | Cmaj9 | Cm6 | Bm7 | E7b9 | Am9 | D13""",
        left=Hand("B1", touch=90),
        right=Hand("A3", "3 5 7 9", touch=80),
        play="ABCF ABEG ABCD ACBG",
        bars="""
        A | 1 - - - - - 5 - -        | . . . . . abcd! - - -
        B | 1 - - 5 - - >x1 - -      | . . abcd! - - . . . abcd*
        C | 1 - - - - 5 8 - -        | abcd - - . . abcd* . . bcd?
        D | 1 - - 5 - - 8 - -        | . . . abcd! - - abcd* . .
        E | 1 - - 1 - - 5 - -        | abcd - - abcd! - - . . bcd?
        F | 1 - - 5 - - >x1 - -      | . . abcd! - - d c - b
        G | 1 - - 5 - - 1 - -        | abcd! - - . . bcd? abcd! - -
        """,
    ),
    Pattern(
        "waltz-5",
        "waltz musette french paris accordion cafe",
        meter="3/4",
        energy=4,
        key="Am",
        chords="""Am | Am | E7 | E7 | E7/B | E7 | Am | Am . E7
            | Dm | Dm | Am/C | Am | B7 | E7 | Am | Am . E7""",
        left=Hand("E2", touch=62),
        right=Hand("B3", "1 3 5 7", touch=46),
        bars="""
        A | 1! . .                   | . abc! abc
        B | 1! . 5                   | . abc abc!
        C | 1! . .                   | . abc!:bc? abc
        D | 1! 5 .                   | . bcd! abc
        F | 1! 3 >2                  | . abc! d:c:b
        G | 1! . 1                   | abc! . abc!
        """,
    ),
    Pattern(
        "waltz-6",
        "lullaby waltz cradle gentle children",
        meter="3/4",
        energy=1,
        key="Eb",
        chords="""Eb | Eb | Bb7/D | Bb7 | Fm7 | Bb7 | Eb | Eb . Bb7
            | Cm | Gm | Ab | Eb/G | Fm7 | Bb7 | Eb | Eb . Bb7""",
        left=Hand("C2", touch=95),
        right=Hand("C4", "1 3 5 7", touch=90),
        bars="""
        A | 1 - 5 - 8 -              | . . bc - ab -
        B | 1 - 5 - 8 5              | . . ab^ b bc -
        C | 1 - - - 5 -              | . . abc - bc -
        D | 1 - 5 - 8 -              | ac - b - c -
        F | 1 - 5 - 3 >2             | . . bc^ - bc -
        G | 1 - 5 - 1 -              | . . abc - b b_
        """,
    ),
    Pattern(
        "waltz-7",
        "waltz country folk western singalong",
        meter="3/4",
        energy=3,
        key="C",
        chords="""C | C7 | F | C | C | Am | D7 | G7
            | C | E7 | Am | F | C/G | G7 | C F . | C . G7""",
        left=Hand("D2", touch=82),
        right=Hand("C4", "1 3 5 7", touch=68),
        play="ABCF ABCG ABCD ABEG",
        bars="""
        A | 1 - - - . .              | . . abc - a^bc abc?
        B | 1 - - . 5 3              | . . abc! - bc -
        C | 1 - - - . 5              | . . bc abc abc -
        D | 1 - 5 - 3 -              | . bc abc - bc -
        E | 1 - 1 - 5 -              | . . abc! - bc b
        F | 1 - 5 - 3 >2             | . . abc! - b c^:c
        G | 1 - 5 - 1 >x1            | abc - bc - abc -
        """,
    ),
    Pattern(
        "waltz-8",
        "waltz anthem ballad grand chorus three-four",
        meter="3/4",
        energy=5,
        key="Bb",
        chords="""Bb | F/A | Gm | Eb | Bb/D | Eb | Cm7 | Fsus4 . F
            | Gm | Dm | Eb | Bb/D | Cm7 | Bb/D | Eb | Fsus4 . F""",
        left=Hand("F1", touch=92),
        right=Hand("Bb3", "1 3 5", touch=84),
        bars="""
        A | 1+8! - - 5 8 -           | abcd! - abcd bcd? abcd -
        B | 1+8! - 5 8 - 5           | abcd! bcd? abcd - bcd abcd
        C | 1+8! - - 1+8 - 5         | abcd! - bcd^! bcd abcd bcd
        D | 1+8! 5 8 - 5 8           | . bcd abcd! - abcd -
        F | 1+8! - 8 5 3 >2          | abcd! - bcd^ bcd abcd -
        G | 1+8! - 5 8 1+8 -         | abcd! - - bcd! abcd! a:b
        """,
    ),
    Pattern(
        "jig-1",
        "jig irish folk celtic dance six-eight",
        meter="6/8",
        energy=4,
        key="D",
        chords="""D | D | G | A | D | Bm | G A | D A
            | D | G | D | A | Bm | G | Em A | D A""",
        left=Hand("A1", touch=72),
        right=Hand("A3", "1 3 5", touch=58),
        play="ABCF ABDG ABCB ACDG",
        bars="""
        A | 1! - . 5 - .             | . . abc! . . abc
        B | 1! - 5 8 - .             | . bc abc! . bc abc
        C | 1! - . 5 - 3             | abc! . bc abc c^? c
        D | 1! - . 1 - .             | . bc abc! . bc? abc
        F | 1! - 5 8 3 >2            | abc! . bc c^ c b
        G | 1! - 5 1 - .             | abc! . abc! abcd! . .
        """,
    ),
    Pattern(
        "tarantella-1",
        "tarantella italian dance fast six-eight minor",
        meter="6/8",
        energy=5,
        key="Am",
        chords="""Am | Am | E7 | E7 | E7/B | E7 | Am | Am E7
            | Dm | Dm | Am/E | Am | B7 | E7 | Dm E7 | Am E7""",
        left=Hand("A1", touch=60),
        right=Hand("B3", "1 3 5 7", touch=50),
        play="ABCF ABCG ABCB ACDG",
        bars="""
        A | 1! . . 5 . .             | . abc! abc . abc abc?
        B | 1! . 5 8 . 5             | . abc bc . abc! bc?
        C | 1! . . 3 . 5             | . bcd! abc . bc abc!
        D | 1! . . 1 . .             | . abc! bc? . abc! bc
        F | 1! . 5 3 . >2            | . abc! bc d c b
        G | 1! . 5 1! . .            | abc! . bc? abcd! . .
        """,
    ),
)
