"""House patterns in meters that are met less often: long bars of six quarters, three halves or nine eighths, and short ones."""

from __future__ import annotations

from training.house_patterns.notation import Hand, Pattern

BROAD = (
    Pattern(
        "sixfour-1",
        "six-four ballad broad gentle film",
        meter="6/4",
        energy=2,
        key="A",
        groups="3+3",
        chords="""A | F#m7 | Dmaj7 | E | A/C# | Dmaj7 | Bm7 | Esus4 E
            | F#m7 | C#m7 | Dmaj7 | A | Bm7 | A/C# | Dmaj7 | Esus4 E""",
        left=Hand("G#1", touch=98),
        right=Hand("B3", "1 3 5", touch=95),
        bars="""
        A | 1 - 5 - 8 - 5 - 8 - 5 -          | abc - - - bc - abc - bc^ - bc -
        B | 1 - 5 8 - 5 8 - 5 - 8 -          | abc - - - - - . . bc - abc -
        C | 1 - - - 5 - 8 - - - 5 -          | . . ac - b - c - bc - - -
        D | 1 - 5 - 8 - 1 - 5 - 8 -          | abc - bc - abc - abc - - - b -
        F | 1 - 5 - 8 - 5 - 3 - >2 -         | abc - - - bc - bc^ - bc - ab -
        G | 1 - 5 - 8 - 1 - 5 - - -          | abc - - - bc - a - b - b_ b
        """,
    ),
    Pattern(
        "sixfour-2",
        "six-four rock anthem pop drive",
        meter="6/4",
        energy=4,
        key="C",
        groups="2+2+2",
        chords="""C | Am | F | G | C/E | F | Dm7 | G
            | Am | Em | F | C | Dm | F | Gsus4 | G""",
        left=Hand("E1", touch=84),
        right=Hand("B3", "1 3 5", touch=80),
        bars="""
        A | 1+8! - - 8 1 - 8 - 1+8! - 5 -    | abcd! - bcd? abcd - bcd abcd! - bcd? abcd! - bcd
        B | 1+8! - 8 - 5 8 - 8 1+8! - 8 5    | abcd! - - abcd! - - bcd - abcd! - bcd -
        C | 1+8! 8 - 8 1 - 8 - 5 - 8 -       | . . abcd! - - bcd^ bcd! - bcd abcd! - bcd
        D | 1+8! - - 8 5 - 1+8! - - 8 5 -    | abcd! bcd? bcd abcd! - bcd abcd! bcd? bcd abcd! - c
        F | 1+8! - - 8 1 - 8 - 5 - 3 >2      | abcd! - bcd abcd - bcd bcd^! - bcd d c b
        G | 1+8! - - 8 1+8! - - 8 1+8! - >x1 - | abcd! - bcd - abcd! - bcd - abcd! - abcd! -
        """,
    ),
    Pattern(
        "threeeight-1",
        "three-eight classical dance light minuet",
        meter="3/8",
        energy=2,
        key="G",
        chords="""G | G | D7/A | D7 | G/B | C | D7 | G
            | Em | Am | D7 | G | C | G/B | Am D7 . | G D7 .""",
        left=Hand("D2", touch=80),
        right=Hand("B3", "1 3 5 7", touch=75),
        play="ABCF ABCG ABCA BCDG",
        bars="""
        A | 1 - 5 - 8 -              | . . abc - bc -
        B | 1 - . . 5 -              | . . bc abc - bc
        C | 1 5 8 - 5 -              | abc - c^ c ab -
        D | 1 - 1 - 5 -              | abc - abc - bc -
        F | 1 - 5 - >2 -             | abc - c^ c b -
        G | 1 - 1 - - -              | abc - abc b a b
        """,
    ),
    Pattern(
        "threeeight-2",
        "three-eight spanish fast dance guitar minor",
        meter="3/8",
        energy=4,
        key="Am",
        chords="""Am | Am | G | F | E7 | E7 | Am | E7
            | Dm | Dm | Am | Am | F | F | E7 | E7""",
        left=Hand("D2", touch=66),
        right=Hand("B3", "1 3 5 7", touch=55),
        bars="""
        A | 1! - - - 5 -             | . . abc! . abc bc?
        B | 1! - 5 - 8 -             | . . bc abc! . abc
        C | 1! - - 5 3 5             | abc! . abc . bc? .
        D | 1! 5 8 - 5 -             | . . abc abc! abc .
        F | 1! - 5 - 3 >2            | abc! - c^ c b a
        G | 1! - 5 - 1 -             | abc! . bc? abc! abcd! .
        """,
    ),
    Pattern(
        "threetwo-1",
        "hymn three-two chorale solemn church",
        meter="3/2",
        energy=2,
        key="D",
        chords="""D G D | A/C# D A | Bm F#m Bm | G D/F# A | D A/C# Bm | G D/F# Em | D/A . A7 | D . A
            | Bm Em F# | G D/F# Em | A D/F# G | Em . A7 | D G D/F# | Em Bm G | D/A . A7 | D . A""",
        left=Hand("C#2", "1", at="A2", touch=96),
        right=Hand("C#4", "1 3 5 7", touch=95),
        play="ABCF BCDG ABCD ACDG",
        bars="""
        A | 1+a - 1+a - 1+a -        | abc - abc - abc bc
        B | 1+a - 1+a - 1 -          | abc - abc b abc -
        C | 1+a - 1+a - 1+a -        | abc - abc - abc -
          |                          | . . . d . .
        D | 1+a - 1 - 1+a -              | abc - bc - abc bc
        F | 1+a - 1+a - 1+a -        | abc - abc b^:b abc bc
        G | 1+a - 1 - 1+a -              | abc - abc - ab b_:b
        """,
    ),
    Pattern(
        "threetwo-2",
        "three-two sarabande broad stately grand classical",
        meter="3/2",
        energy=4,
        key="Gm",
        chords="""Gm | D/F# | Eb | Bb/D | Cm | Gm/Bb | Am7b5 | D
            | Bb | F/A | Gm | Eb | Cm | Am7b5 | Gm/D D . | D""",
        left=Hand("G1", touch=92),
        right=Hand("A3", "1 3 5 7", touch=86),
        play="ABCF ABDG ABCD ABEG",
        bars="""
        A | 1+8! - - - 5 -           | abcd! - abcd! - - bcd
        B | 1+8! - 8 - 5 -           | abcd! - abcd! - bcd bcd?
        C | 1+8! - 5 - 8 -           | abcd! - bcd^ bcd! - bcd
        D | 1+8! - - 5 8 5           | abcd! - abcd! bcd - c
        E | 1+8! - 1+8! - 5 -        | abcd! - abcd! - bcd -
        F | 1+8! - 8 - 3 >2          | abcd! - bcd^! bcd - b
        G | 1+8! - 5 - 1 -           | abcd! - abcd! - a:b c:c^
        """,
    ),
    Pattern(
        "nine-1",
        "nine-eight ballad dreamy impressionist flowing",
        meter="9/8",
        energy=2,
        key="Db",
        chords="""Dbmaj7 | Dbmaj7 | Bbm7 | Gbmaj7 | Ebm7 | Ebm7 | Ab7sus4 | Ab7
            | Gbmaj7 | Gbm6 | Db/F | Bbm7 | Ebm7 | Gbmaj7 | Ab7sus4 | Ab7""",
        left=Hand("Gb1", touch=98),
        right=Hand("C4", "1 3 5 9", touch=95),
        bars="""
        A | 1 5 8 10 8 5 8 5 8       | abc - - - - - bc - -
        B | 1 5 8 9 10 5 8 - 5        | . . . abc - - bc - ab
        C | 1 - 5 8 - 5 8 5 -        | abc - - bc - - ab - c
        D | 1 5 8 5 8 - 5 8 -        | ac - - b - c ac - b
        F | 1 5 8 10 8 5 3 - >2      | abc - - bc^ - - bc - b
        G | 1 - 5 8 - - 5 8 5        | abc - - - b c b a b_
        """,
    ),
    Pattern(
        "nine-2",
        "slip-jig irish celtic dance nine-eight folk",
        meter="9/8",
        energy=4,
        key="G",
        chords="""G | G | Em | D | G | C | Am | D
            | Em | Em | C | G | Am | Em | C | D""",
        left=Hand("B1", touch=72),
        right=Hand("B3", "1 3 5", touch=58),
        bars="""
        A | 1! - . 5 - . 8 - .       | . . abc! . . abc bc^ bc abc
        B | 1! - 5 8 - . 5 - .       | . bc abc . . abc! . bc abc
        C | 1! - . 5 - 3 5 - .       | abc! . bc abc . . abc! . bc
        D | 1! - . 8 - . 5 - 5       | . bc abc! abc . bc? abc! . .
        F | 1! - . 5 - . 3 - >2      | abc! . bc c^ c b c b a
        G | 1! - 5 8 - . 1 - .       | abc! . abc bc? abc! . abcd! - -
        """,
    ),
    Pattern(
        "twofour-1",
        "lullaby two-four gentle simple children song",
        meter="2/4",
        energy=1,
        key="F",
        chords="""F | F | C7/G | C7 | Bb | F/A | Gm7 C7 | F C7
            | Dm | Dm | Bb | F | Gm7 | C7 | F C7 | F C7""",
        left=Hand("C2", touch=92),
        right=Hand("C4", "1 3 5 7", touch=88),
        play="ABCF ABDG ABCB ACDG",
        bars="""
        A | 1 - 5 -                  | . abc - bc
        B | 1 5 8 5                  | abc - bc^ bc
        C | 1 - 8 5                  | . ab bc -
        D | 1 5 1 5                  | abc - abc -
        F | 1 5 3 >2                 | bc^ bc ab -
        G | 1 - 1 5                  | abc - bc b
        """,
    ),
)
