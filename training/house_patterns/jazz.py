"""House jazz and its kin: swing, stride, ragtime, blues, boogie. Swung eighths stand on triplets."""

from __future__ import annotations

from training.house_patterns.notation import Hand, Pattern

JAZZ = (
    Pattern(
        "swing-1",
        "swing jazz walking four-feel comping",
        meter="4/4",
        energy=3,
        key="Bb",
        chords="""Bbmaj9 | G7b9 | Cm9 | F13 | Dm7 | G7b9 | Cm9 F13 | Bb6/9 F13
            | Fm9 | Bb13 | Ebmaj9 | Ebm9 Ab13 | Dm7 | G7b9 | Cm9 | F13""",
        left=Hand("D2", touch=92),
        right=Hand("A3", "3 5 7 9", touch=80),
        bars="""
        A | 1 3 5 >x1 | abcd - - . . abcd* . . . . . .
        B | 1 2 3 >#1 | . . abcd - - . . . abcd* . . .
        C | 1 5 3 >x1 | . . . abcd - . . . abcd* . . abcd*
        D | 1 5 1 >x1 | abcd* . . . . >abcd! - - - . . bcd*?
        F | 1 3 5 >x1 | . . abcd* . . bcd - - . d - c
        G | 1 5 1 >x1 | abcd - - . . bcd* abcd - - . . bcd*
        """,
    ),
    Pattern(
        "swing-2",
        "swing jazz two-feel comping gentle ballroom",
        meter="4/4",
        energy=2,
        key="C",
        chords="""Cmaj9 | Am7 | Dm9 | G13 | Em7 | A7b9 | Dm9 G13 | C6/9 G13
            | Gm9 | C13 | Fmaj9 | Fm6 | Em7 | A7b9 | Dm9 | G13""",
        left=Hand("D2", touch=92),
        right=Hand("A3", "3 5 7 9", touch=82),
        bars="""
        A | 1 - - - - - 5 - - - - -      | . . . abcd - - - - . . . abcd*
        B | 1 - - - - - 5 - - 3 - >x1    | abcd - - . . abcd* . . . . . .
        C | 1 - - - - 5 8 - - 5 - -      | . . abcd! - - - . . . abcd* . .
        D | 1 - - - - - 1 - - - - >x1    | abcd - - - . . abcd - - . . bcd?
        F | 1 - - - - - 5 - - >x1 - -    | abcd - - . . d c - b a - -
        G | 1 - - 5 - - 1 - - 5 - -      | . . . abcd - - abcd* . . bcd - -
        """,
    ),
    Pattern(
        "swing-3",
        "swing jazz walking uptempo bebop minor",
        meter="4/4",
        energy=4,
        key="Cm",
        chords="""Cm9 | Am7b5 | Dm7b5 | G7b9 | Cm9 | C7b9 | Fm9 | Fm9
            | Fm9 | Bb13 | Ebmaj9 | Abmaj9 | Dm7b5 | G7b9 | Cm9 | Dm7b5 G7b9""",
        left=Hand("C2", touch=90),
        right=Hand("Bb3", "3 5 7 9", touch=70),
        bars="""
        A | 1 3 5 >x1                    | . . . abcd! - - . . abcd! . . .
        B | 1 2 3 >#1                    | abcd! . . . . abcd* . . . . . abcd!
        C | 1 ,7 ,5 >x1                  | . . abcd! - . xaxbxcxd? abcd* . . . . bcd
        D | 1 5 3 2                      | . . abcd* . . abcd! - . . abcd* . .
        F | 1 3 5 >#1                    | . . abcd! . . abcd! - . d c - b
        G | 1 3 1 >x1                    | abcd! - - . . bcd? abcd! . . . . bcd!
        """,
    ),
    Pattern(
        "stride-1",
        "stride jazz harlem swing solo-piano",
        meter="4/4",
        energy=4,
        key="F",
        chords="""F6 | D7 | G7 | C7 | F6 | D7 | Gm7 C7 | F6 C7
            | A7 | A7 | D7 | D7 | G7 | G7 | C7 | C7""",
        left=Hand("F1", "3 5 7", at="D3", touch=70),
        right=Hand("C4", "1 3 5 7", touch=78),
        bars="""
        A | 1+8 abc 5 abc                | ad! - b c - d . . bd! c - a
        B | 1+8 abc 5 bc                 | . . bd! - . c ad - xb b c^ c
        C | 1+8 abc 3 abc                | ad! - bc d - c b! - a c - .
        D | 1+8 abc 1+8 abc              | abd! - - c - b abd! - - . . d
        F | 1+8 abc 5 >x1                | ad! - c^ c - b xb! b a c - b
        G | 1+8 abc 1 >x1                | abd! - bd c - b ad! - - c b a
        """,
    ),
    Pattern(
        "ragtime-1",
        "ragtime stride old-time piano-roll",
        meter="2/4",
        energy=4,
        key="C",
        chords="""C | C | G7 | G7 | C | A7 | D7 G7 | C G7
            | F | F#dim7 | C/G | A7 | D7 | D7 | G7 | G7""",
        left=Hand("E1", "1 3 5 7", at="D3", touch=68),
        right=Hand("D4", "1 3 5", touch=85),
        bars="""
        A | 1+8 abc 5 abc                | ad! b c ad! - b c d
        B | 1+8 abc 3 bc                 | . c ad! - b ad c -
        C | 1+8 abc 3 abc              | d! c xb b ad! c b a
        D | 1+8 abc 1+8 abc              | ad! - b c ad! - c b
        F | 1+8 abc 5 3                  | ad! c^ c b! - xb b c
        G | 1+8 abc 1+8 5                | abd! - c b abd! - - .
        """,
    ),
    Pattern(
        "blues-1",
        "blues shuffle twelve-bar",
        meter="4/4",
        energy=3,
        key="C mixolydian",
        chords="""C9 | F9 | C9 | C9 | F9 | F#dim7 | C9 | A7
            | Dm7 | G9 | C9 | G9 | F9 | F#dim7 | C9 A7 | D9 G9""",
        left=Hand("F1", touch=85),
        right=Hand("A3", "3 5 7 9", touch=72),
        bars="""
        A | 1+5 - 1+5 1+6 - 1+5 1+5 - 1+5 1+6 - 1+5   | . . . abcd! - - . . . abcd! - bcd?
        B | 1+5 - 1+5 1+6 - 1+5 8 - 5 3 - 5           | abcd! - - . . abcd* . . abcd! - . .
        C | 1 - 1 3 - 3 5 - 5 6 - 5                   | . . abcd! - - . . . abcd! - - bcd?
        D | 1+5 - 1+5 1+6 - 1+5 1+5 - 5 3 - 2         | abcd! - . . . bcd abcd! - - . . .
        F | 1+5 - 1+5 1+6 - 1+5 1 - 3 5 - >x1         | abcd! - . xb b c . d c b - a
        G | 1 - 1 3 - 5 1 - 3 5 - >x1                 | abcd! - - . . bcd abcd! - bcd! - . .
        """,
        play="ABCF ABCG ABCA BCDG",
    ),
    Pattern(
        "boogie-1",
        "boogie boogie-woogie eight-to-the-bar blues barrelhouse",
        meter="4/4",
        energy=4,
        key="G mixolydian",
        chords="""G7 | G7 | G7 | G7 | C7 | C7 | G7 | G7
            | D7 | C7 | G7 | D7 | C7 | C#dim7 | G7/D | D7""",
        left=Hand("G1", touch=82),
        right=Hand("B3", "1 3 5 7", touch=66),
        play="ABCF ABDG ABCD ABCG",
        bars="""
        A | 1 - 3 5 - 6 7 - 6 5 - 3      | . . abcd! - . abcd . . abcd! . . bcd
        B | 1 - 1 3 - 3 5 - 5 6 - 5      | abcd! - . . . bcd! - . abcd . . bcd?
        C | 1 - 3 5 - 6 8 - 7 5 - 3      | bcd! bcd bcd bcd! - - . . abcd! - - .
        D | 1 - 5 8 - 5 7 - 5 3 - 5      | . . abcd! . . abcd! . . abcd! . . .
        F | 1 - 3 5 - 6 7 - 5 3 - >2      | abcd! - - d xb b c - b a - .
        G | 1 - 3 5 - 3 1 - 5 >x1 - -    | abcd! . bcd abcd! . . abcd! - - . . bcd
        """,
    ),
    Pattern(
        "boogie-2",
        "rock-and-roll boogie fifties straight-eighths",
        meter="4/4",
        energy=5,
        key="A mixolydian",
        chords="""A7 | A7 | A7 | A7 | D7 | D7 | A7 | A7
            | E7 | D7 | A7 | A7 | D7 | D7 | E7 | E7""",
        left=Hand("A1", touch=78),
        right=Hand("A3", "1 3 5 7", touch=68),
        play="ABCF ABDG ABCD ABCG",
        bars="""
        A | 1+5! 1+5 1+6 1+5 1+5! 1+5 1+6 1+5   | abcd! abcd bcd? abcd abcd! bcd? abcd bcd
        B | 1+5! 1+5 1+6 1+6 8 8 5 5            | bcd! bcd? abcd! - bcd bcd! bcd? bcd
        C | 1! 3 5 6 8! 6 5 3                   | abcd! - bcd abcd! - bcd abcd! -
        D | 1+5! 1+5 1+6 1+5 8 7 5 3            | . abcd! . abcd! abcd abcd! bcd? bcd
        F | 1+5! 1+5 1+6 1+5 1! 3 5 2           | abcd! - xb:b c d! c b a
        G | 1+5! 1+5 1+6 1+5 1! - >x1 -         | abcd! abcd abcd! - abcd! bcd! abcd! -
        """,
    ),
    Pattern(
        "neworleans-1",
        "new-orleans second-line funk rhumba-blues",
        meter="4/4",
        energy=4,
        key="F mixolydian",
        chords="""F7 | F7 | Bb7 | F7 | C7 | Bb7 | F7 | C7
            | Bb7 | Bdim7 | F7/C | D7 | G7 | C7 | F7 | C7""",
        left=Hand("F1", touch=82),
        right=Hand("A3", "1 3 5 7", touch=72),
        bars="""
        A | 1 - - 5 - - 8 -       | . abcd! . abcd . bcd! . bcd
        B | 1 - - 3 5 - 6 5       | abcd! - bcd . bcd! xaxbxcxd? abcd -
        C | 1 - - 5 - - 8 5       | . . abcd! . bc:b a! b c
        D | 1 - 5 8 - 5 6 5       | abcd! . . abcd! . bcd? abcd! .
        F | 1 - - 3 5 - 3 >2       | abcd! - d:c b xb:b c b a
        G | 1 - - 5 8 - >x1 -     | . abcd! . abcd! abcd! - abcd! .
        """,
    ),
)
