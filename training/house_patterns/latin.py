"""House patterns from Latin America: bossa, samba, son, tango, bolero."""

from __future__ import annotations

from training.house_patterns.notation import Hand, Pattern

LATIN = (
    Pattern(
        "bossa-1",
        "bossa latin brazil jazz gentle",
        meter="4/4",
        energy=2,
        key="F",
        chords="""Fmaj9 | Fmaj9 | G13 | G13 | Gm9 | C13 | Am7 D7b9 | Gm9 C13
            | Fmaj9 | Fmaj9 | Bm7b5 | E7b9 | Am9 | D7b9 | Gm9 | C13""",
        left=Hand("C2", touch=92),
        right=Hand("A3", "3 5 7 9", touch=85),
        bars="""
        A | 1 - - 1 5 - - 5 | abcd - - abcd* . . abcd -
        B | 1 - - 1 5 - - 1 | . . abcd - . abcd* . .
        C | 1 - - 5 5 - - 5 | abcd* . abcd* . . abcd - -
        D | 1 - - 1 1 - - 5 | abcd - - - abcd* . bcd* .
        F | 1 - - 5 5 - - 5 | . abcd - . abcd* . d c
        G | 1 - - 1 1 - - >x1 | abcd* . bcd - . abcd* bcd -
        """,
    ),
    Pattern(
        "bossa-2",
        "bossa latin brazil jazz minor syncopated",
        meter="4/4",
        energy=3,
        key="Am",
        chords="""Am9 | Am9 | Dm9 | Dm9 | Bm7b5 | E7b9 | Am9 | Em7b5 A7b9
            | Dm9 | G13 | Cmaj9 | Fmaj9 | Bm7b5 | E7b9 | Am9 | Bm7b5 E7b9""",
        left=Hand("B1", touch=90),
        right=Hand("A3", "3 5 7 9", touch=82),
        bars="""
        A | 1 - - 1 5 - - 5     | abcd! . abcd* . . abcd! - abcd
        B | 1 - - 5 5 - - 1     | . . abcd! . abcd . . bcd?
        C | 1 - 8 5 5 - - 5     | . abcd! - . abcd* . abcd! .
        D | 1 - - 1 5 - 3 5     | abcd! - - abcd* . . abcd! -
        F | 1 - - 5 5 - 3 >2     | abcd! . . d c b - a
        G | 1 - - 1 1 - - >x1   | . abcd! - . abcd! . bcd -
        """,
    ),
    Pattern(
        "bossa-3",
        "bossa latin jazz bright full",
        meter="4/4",
        energy=4,
        key="D",
        chords="""Dmaj9 | Dmaj9 | E13 | E13 | Em9 | A13 | Dmaj9 | F#m7b5 B7b9
            | Gmaj9 | Gm6 | F#m7 | B7b9 | Em9 | Em9 | A13 | A7b9""",
        left=Hand("D2", touch=88),
        right=Hand("B3", "3 5 7 9", touch=78),
        bars="""
        A | 1+8 - - 5 5 - - 8     | abcd! - . abcd! . . abcd -
          |                       | . . . . . bcd?:. . .
        B | 1+8 - - 8 5 - - 5     | . abcd! . abcd . . abcd! bcd?
        C | 1+8 - - 5 8 - 5 -     | abcd! . bcd? abcd! . abcd . abcd
        D | 1+8 - - 5 1 - - 5     | abcd! . . abcd - . abcd! .
        F | 1+8 - - 5 8 - 3 >2     | abcd! . abcd . d! c b a
        G | 1+8 - - 5 1 - - >#1   | . abcd! . abcd! abcd! - bcd! -
        """,
    ),
    Pattern(
        "samba-1",
        "samba latin brazil carnival",
        meter="2/4",
        energy=4,
        key="G",
        chords="""Gmaj9 | Gmaj9 | Am9 | D13 | Bm7 | E7b9 | Am9 | Am9 D13
            | Gmaj9 | G13 | Cmaj9 | Cm6 | Bm7 | E7b9 | A13 | D13""",
        left=Hand("B1", touch=78),
        right=Hand("B3", "3 5 7 9", touch=62),
        bars="""
        A | 1 - - 1? 5! - - 5     | abcd! . abcd . . abcd! . abcd
        B | 1 - - 5 5! - - 1?     | . abcd! . abcd abcd! . bcd .
        C | 1 - 5? - 5! - - 5     | abcd! . . abcd! . abcd . bcd?
        D | 1 - - 1? 5! - 3 5     | . abcd! . bcd? abcd . abcd! .
        F | 1 - - 5 5! - 3 >2      | abcd! . abcd! . d c b a
        G | 1 - - 1? 1! - - >x1   | . abcd! . abcd . abcd! bcd? .
        """,
    ),
    Pattern(
        "baiao-1",
        "baiao latin brazil northeast folk",
        meter="2/4",
        energy=3,
        key="D mixolydian",
        chords="""D7 | D7 | G | G | D7 | Am7 | G | A7
            | C | G | D7 | D7 | C | G | Em7 A7 | A7""",
        left=Hand("D2", touch=75),
        right=Hand("D4", "1 3 5 7", touch=70),
        play="ABCF ABCG ABCB ACDG",
        bars="""
        A | 1 - - 1 . . 5 -       | . abc . abc! . abc bc .
        B | 1 - - 5 . . 8 -       | abc . bc? abc! . . abc bc
        C | 1 - - 1 - - 5 3       | . abc! . bc abc . b c
        D | 1 - - 5 1 - 5 -       | abc . . abc! . abc bc? .
        F | 1 - - 1 . 3 5 6       | abc! . . abc c^! c b a
        G | 1 - - 5 5 - >x1 -     | abc . abc! . abc b a b
        """,
    ),
    Pattern(
        "tango-1",
        "tango argentine marcato dramatic",
        meter="4/4",
        energy=4,
        key="D harmonic minor",
        chords="""Dm | Dm | A7 | A7 | A7/E | A7 | Dm | D7
            | Gm | Gm | Dm/F | Dm | E7 | A7 | Dm | Dm A7""",
        left=Hand("D2", touch=58),
        right=Hand("B3", "1 3 5 7", touch=52),
        bars="""
        A | 1! - 5 - 1! - 5 x1       | abc! - abc - abc! - abc bc?
        B | 1! - 5 - 3 - 5 -         | abc! . . abc! - . abc .
        C | 1! - - 5 8! - 5 3        | . abc! . abc . abc! abc .
        D | 1! - 5 - 1! - 5 -        | abc! - abc bc? abc! abc? abc -
        F | 1! - 8 7 6 5 3 >2         | abc! . abc! - d c b a
        G | 1! - 5! - 1! . . >x1?    | abc! - abc! - abc! . . .
        """,
    ),
    Pattern(
        "tango-2",
        "habanera tango creole gentle",
        meter="2/4",
        energy=3,
        key="Gm",
        chords="""Gm | Gm | D7/A | D7 | D7 | D7/F# | Gm | Gm G7
            | Cm | Cm | Gm/D | Gm | A7 | D7 | Gm/D D7 | Gm""",
        left=Hand("A1", touch=82),
        right=Hand("A3", "1 3 5 7", touch=75),
        play="ABCF ABCG ABCB ACDG",
        bars="""
        A | 1 - - 5 8 - 5 -          | . . abc - . . abc -
        B | 1 - - 5 8 - 5 -          | . . abc - bc - abc bc?
        C | 1 - - 8 5 - 8 -          | abc - . abc . . bc -
        D | 1 - - 5 1 - 5 -          | abc - . bc abc - bc -
        F | 1 - - 5 8 - 3 >2          | . . abc - c^:c b a -
        G | 1 - - 5 1 - 5 -          | . . abc b abc - . .
        """,
    ),
    Pattern(
        "montuno-1",
        "salsa montuno latin son clave two-three",
        meter="4/4",
        energy=4,
        key="Am",
        chords="""Am7 | Am7 | E7 | E7 | E7 | E7 | Am7 | Am7
            | Dm7 | Dm7 | Am7 | Am7 | E7 | E7 | Am7 | E7""",
        left=Hand("D2", touch=92),
        right=Hand("A3", "1 3 5 7", touch=78),
        play="ABAF CBCG ABCB CDCG",
        bars="""
        A | 1 - - 5 - - >1 -         | ae! . bc ae! . bc . ae!
        B | . . . 5 - - >1 -         | . bcd . ae! . bcd . ae!
        C | 1 - . 5 - - >1 -         | ae! - bcd . ae! . bc ae!
        D | . . . 3 - - >1 -         | . bc . ae! bcd . ae! .
        F | 1 - . 5 - 3 >1 -         | ae! . bc ae! . d c b
        G | 1 - - 5 5 - >1 -         | . ae! . ae! . ae! ae! .
        """,
    ),
    Pattern(
        "montuno-2",
        "salsa mambo guajeo latin dance big-band",
        meter="4/4",
        energy=5,
        key="C",
        chords="""C6 | C6 | F6 | F6 | G7 | G7 | C6 | C6
            | Dm7 | Dm7 | G7 | G7 | Em7 | A7 | Dm7 | G7""",
        left=Hand("E1", touch=88),
        right=Hand("G3", "1 3 5 7", touch=72),
        play="ABAF CBCG ABCB CDCG",
        bars="""
        A | 1+8 - - 5    - - 1+8 -    | ace! . bd ace! . bd . ace!
        B | . . . 5    - - 1+8 -      | . bd . ace! bd . bcd ace!
        C | 1+8 - . 5    - - 1+8 -    | ace! . ace! . bd ace! . bd
        D | 1+8 - . 5    - 5 1+8 -    | . ace! bd . ace! . bd ace!
        F | 1+8 - . 5 8 - 3 >2         | ace! . bd ace! . d c b
        G | 1+8 - - 5    1+8 - >1 -   | . ace! . ace! ace! . ace! .
        """,
    ),
    Pattern(
        "chacha-1",
        "cha-cha latin dance cuban",
        meter="4/4",
        energy=3,
        key="Gm",
        chords="""Gm7 | C9 | Gm7 | C9 | Gm7 | C9 | Fmaj7 | D7b9
            | Gm7 | C9 | Am7 | D7b9 | Gm7 | C9 | Bbmaj7 | D7b9""",
        left=Hand("Bb1", touch=78),
        right=Hand("A3", "3 5 7 9", touch=58),
        bars="""
        A | 1 - - 5 5 - 8 5          | abcd! . abcd . abcd! . bcd abcd
        B | 1 - . 5 - - 8 -          | abcd! . . bcd! abcd . bcd abcd
        C | 1 - - 5 8 - 5 3          | . abcd! . abcd! . abcd abcd! .
        D | 1 - - 5 1 - 5 -          | abcd! . abcd bcd? abcd! . . bcd
        F | 1 - 3 5 8 - 3 >2          | abcd! . . abcd! . d:c b a
        G | 1 - - 5 5 - >x1 -        | abcd! . abcd! . abcd! abcd! abcd! .
        """,
    ),
    Pattern(
        "bolero-1",
        "bolero latin ballad romantic",
        meter="4/4",
        energy=2,
        key="Dm",
        chords="""Dm9 | Dm9 | Gm9 | Gm9 | C13 | C13 | Fmaj9 | Em7b5 A7b9
            | Bbmaj9 | Gm9 | Dm9 | Bm7b5 | Em7b5 | A7b9 | Dm9 | Em7b5 A7b9""",
        left=Hand("Bb1", touch=92),
        right=Hand("A3", "3 5 7 9", touch=85),
        bars="""
        A | 1 - - - 5 - 8 -          | . abc ab? c:b:a abc - bcd -
        B | 1 - - 5 8 - 5 -          | . bcd - abc - bc abc d
        C | 1 - 5 - 8 - 5 -          | abcd - - c? abc - bc -
        D | 1 - - 5 1 - 5 -          | . abc bc? abc . abcd - b
        F | 1 - - - 5 - 3 >2          | abcd - - d:c:b bc - ab^ ab
        G | 1 - 5 - 1 - 5 -          | abc - bcd - abc - c b
        """,
    ),
    Pattern(
        "beguine-1",
        "beguine rumba latin ballroom",
        meter="4/4",
        energy=3,
        key="Eb",
        chords="""Ebmaj7 | Ebmaj7 | Cm7 | Cm7 | Fm7 | Bb7 | Ebmaj7 | Fm7 Bb7
            | Abmaj7 | Abm6 | Gm7 | C7b9 | Fm7 | Abm6 | Bb7sus4 | Bb7""",
        left=Hand("Ab1", touch=85),
        right=Hand("Bb3", "3 5 7", touch=72),
        bars="""
        A | 1 - - 5 8 - 5 -          | . abc! abc? abc . abc abc! abc
        B | 1 - - 5 5 - 8 -          | . abc! - abc . abc! - bc
        C | 1 - 5 8 - 5 8 -          | abc! bc? abc . abc! . abc bc
        D | 1 - - 5 1 - 5 -          | . abc! abc bc? abc! - bc abc
        F | 1 - - 5 8 - 3 >2          | . abc! abc bc^ bc - ab a
        G | 1 - 5 - 1 - - >x1        | abc! . abc! abc? abc - abc! b
        """,
    ),
)
