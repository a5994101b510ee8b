"""House patterns from the porch, the church and the parade: folk, country, hymns, marches, polkas."""

from __future__ import annotations

from training.house_patterns.notation import Hand, Pattern

ROOTS = (
    Pattern(
        "folk-1",
        "folk country boom-chuck acoustic",
        meter="4/4",
        energy=3,
        key="G",
        chords="""G | G | C | G | Em | C | D | D7
            | G | G7 | C | Cm | G/D | Em | Am7 D7 | G D7""",
        left=Hand("D2", touch=80),
        right=Hand("B3", "1 3 5 7", touch=66),
        play="ABCF ACBG ABCB ACDG",
        bars="""
        A | 1 - . . 5 - . .          | . . abc! bc? . . abc! bc?
        B | 1 - . 1 5 - . 5          | . . abc! . . bc? abc! .
        C | 1 - . . 3 2 1 .          | . . abc! bc? . bc^? abc! .
        D | 1 - . . 1 - . .          | . . abc! bc? . . abc! bc
        F | 1 - . . 5 - 3 >2         | . . abc! bc^? . bc abc! -
        G | 1 - 5 . 1 - >x1 -        | . . abc! bc? abc! . abc! b
        """,
    ),
    Pattern(
        "folk-2",
        "folk fingerpicking travis acoustic gentle ballad",
        meter="4/4",
        energy=2,
        key="C",
        chords="""C | G/B | Am | Am/G | Fmaj7 | C/E | Dm7 | G
            | Am | Em | F | C | F | C/E | Dm7 | Gsus4 G""",
        left=Hand("D2", touch=88),
        right=Hand("C4", "1 3 5", touch=92),
        bars="""
        A | 1 - 5 - 8 - 5 -          | c . a b . c^ c b
        B | 1 - 5 - 8 - 5 -          | ac - . b c - . b
        C | 1 - 5 - 1 - 5 -          | . b c a b b_ b a
        D | 1 - 5 - 1 - 5 -          | ac - b c ac - b -
        F | 1 - 5 - 3 - >2 -         | c . c^ c . b a b
        G | 1 - 5 - 1 - 5 -          | ac - b a ac b - b_
        """,
    ),
    Pattern(
        "country-1",
        "country train two-step bluegrass driving",
        meter="4/4",
        energy=4,
        key="A",
        chords="""A | A | D | A | F#m | B7 | E | E7
            | A | A7 | D | D#dim7 | A/E | F#m | B7 E7 | A E7""",
        left=Hand("C#2", touch=70),
        right=Hand("B3", "1 3 5 7", touch=50),
        play="ABCF ADBG ABCB ACDG",
        bars="""
        A | 1 - 5 - 1 - 5 -          | . abc! . abc? . abc! bc? abc
        B | 1 - 5 - 3 - 5 -          | . abc! bc? abc! . abc? . abc!
        C | 1 - 5 - 1 2 3 -          | . abc . abc! . abc bc? abc!
        D | 1 - 5 - 1 - 5 -          | . abc! bc? abc . abc! bc? abc
        F | 1 - 5 - 1 2 3 >2         | . abc! . abc! d c b a
        G | 1 - 5 - 1 - 5 >x1        | . abc! . abc . abc! abc! .
        """,
    ),
    Pattern(
        "hymn-1",
        "hymn chorale church four-part",
        meter="4/4",
        energy=2,
        key="F",
        chords="""F Bb F . | C/E F C . | Dm Am Bb F/A | Gm7 . C . | F . Bb F/A | Gm F/A Bb C | Dm . Gm7 C | F . C7 .
            | F/A Bb C . | F . Dm . | Gm7 . C7 . | F . F/A . | Bb F/A Gm7 F | C/E . F Dm | Gm7 F/A Bb C7 | F . C7 .""",
        left=Hand("C2", "1", at="C3", touch=96),
        right=Hand("C4", "1 3 5 7", touch=95),
        play="ABCF DCBG ABDB CDBG",
        bars="""
        A | 1+a 1+a 1+a 1             | abc - abc - abc - bc -
          |                          | . . . . . . . a_:a
        B | 1+a 1+a 1+a 1+a          | abc - abc bc abc - abc -
        C | 1+a 1+a 1+a 1            | abc - abc - abc bc^ abc -
        D | 1+a - 1+a 1              | abc - bc - abc - abc bc
        F | 1+a 1+a 1 1              | abc - abc b abc - - -
        G | 1+a - 1+a 1              | abc - bc^ bc abc - ab -
        """,
    ),
    Pattern(
        "march-1",
        "march parade brass-band two-four",
        meter="2/4",
        energy=4,
        key="Eb",
        chords="""Eb | Eb | Bb7 | Bb7 | Bb7/F | Bb7 | Eb | Eb Bb7
            | Ab | Ab | Eb/Bb | C7 | F7 | F7 | Bb7 | Bb7""",
        left=Hand("G1", touch=62),
        right=Hand("Bb3", "1 3 5 7", touch=48),
        play="ABCF ABCG ABCB ACDG",
        bars="""
        A | 1+8! - 5 -               | . abc . abc!
        B | 1! - 5 -                 | . abc! . abc:bc?
        C | 1+8! - 5 3               | . abc! bc? abc
        D | 1! - 1 -                 | . abc! . bcd!
        F | 1+8! - 3 >2              | . abc! c^:c b
        G | 1+8! - 1+8! -            | abc! . abc! abc?
        """,
    ),
    Pattern(
        "polka-1",
        "polka folk dance oom-pah two-four",
        meter="2/4",
        energy=5,
        key="C",
        chords="""C | C | G7 | G7 | G7/D | G7 | C | C G7
            | F | F | C/G | A7 | Dm | G7 | C/G G7 | C G7""",
        left=Hand("F1", touch=55),
        right=Hand("B3", "1 3 5 7", touch=42),
        play="ABCF ABCG ABCB ACDG",
        bars="""
        A | 1+8! . 5 .               | . abc! . abc
        B | 1! . 5 .                 | . abc . abc!:bc?
        C | 1+8! . 5 3               | bc? abc! . abc
        D | 1! . 1 .                 | . abc! . bcd!
        F | 1+8! . 3 >2              | . abc! d:c b:a
        G | 1+8! . 1 5               | abc! . abcd! .
        """,
    ),
    Pattern(
        "hoedown-1",
        "hoedown country folk cut-time square-dance",
        meter="2/2",
        energy=4,
        key="D",
        chords="""D | D | G | D | Bm | G | A | A7
            | D | D | G | Gm | D/A | Bm | E7 A7 | D A7""",
        left=Hand("A1", touch=68),
        right=Hand("A3", "1 3 5 7", touch=58),
        play="ABCF ADBG ABCB ACDG",
        bars="""
        A | 1! . 5 .                 | . abc! . abc? . abc! bc abc?
        B | 1! 5 3 5                 | . abc . abc! bc? abc . abc!
        C | 1! . 5 3                 | abc! . bc abc . abc! . bc
        D | 1! . 1 5                 | . abc! bc? abc . abc! . bcd
        F | 1! . 3 >2                | . abc! . abc! d c b a
        G | 1! 5 1! >x1              | . abc! . abc abcd! . abc! .
        """,
    ),
    Pattern(
        "foxtrot-1",
        "foxtrot ballroom two-beat cut-time old-time musical",
        meter="2/2",
        energy=2,
        key="F",
        chords="""F6 | F6 | F#dim7 | C7/G | Gm7 | C7 | F6 | Gm7 C7
            | Bbmaj7 | Bbm6 | F/C | D7 | G7 | G7 | Gm7 | C7""",
        left=Hand("D2", touch=82),
        right=Hand("A3", "1 3 5 7", touch=62),
        bars="""
        A | 1 - 5 -                  | . . abc - . . abc bc
        B | 1 - 5 3                  | . bc abc - . . bc -
        C | 1 - 5 -                  | abc - . abc . . abc -
        D | 1 - 1 -                  | . . abc - bc? . bcd -
        F | 1 - 3 >2                 | . . abc - bc^ bc ab -
        G | 1 - 1 >x1                | abc - bcd - abc - c b
        """,
    ),
)
