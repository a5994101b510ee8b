"""House ballads: slow songs in four and in six, from a whisper to the last chorus."""

from __future__ import annotations

from training.house_patterns.notation import Hand, Pattern

BALLADS = (
    Pattern(
        "ballad-1",
        "ballad pop block gentle",
        meter="4/4",
        energy=2,
        key="C",
        chords="""C | G/B | Am7 | Fmaj7 | C/E | Fmaj7 | Gsus4 G | C Gsus4
            | Am7 | Em7 | Fmaj7 | Dm7 G7 | C/E | Am7 | Fmaj7 | Gsus4 G""",
        left=Hand("C2"),
        right=Hand("C4", "1 3 5", touch=90),
        bars="""
        A | 1 - - - 5 - 8 - | abc - ab? - a^bc abc? bc -
        B | 1 - - - - - 5 - | abc - - bc abc - ab^ b
        C | 1 - 5 - 8 - 5 - | abc - bc^ bc abc - abc -
        D | 1 - - - 1 - - - | abc - abc? - abc - bc -
        F | 1 - - - 5 - 3 >2 | abc - bc^ - bc - ab -
        G | 1 - 5 - 1 - - 5 | abc - - - a b c b_
        """,
    ),
    Pattern(
        "ballad-2",
        "ballad arpeggio gentle flowing singer",
        meter="4/4",
        energy=1,
        key="Eb",
        chords="""Eb | Bb/D | Cm7 | Abmaj7 | Eb/G | Abmaj7 | Fm7 Bb7 | Ebsus4 Eb
            | Cm7 | Gm7 | Abmaj7 | Fm7 Bb7 | Cm7 | Gm7 | Abmaj7 | Bb7sus4 Bb7""",
        left=Hand("Ab1", touch=100),
        right=Hand("D4", "1 3 5 9", touch=98),
        bars="""
        A | 1 5 8 10 12 10 8 5 | . . abc - - - - -
        B | 1 5 8 9 10 - 8 5 | abc - - - - - d c
        C | 1 5 10 9 8 5 8 -  | . . ac - - - b -
        D | 1 5 8 5 1 5 8 5 | abc - - - abc - - -
        F | 1 5 8 10 8 5 8 - | ac - - - bc^ - bc -
        G | 1 5 8 5 1 5 8 10 | abc - - b a - a_ -
        """,
    ),
    Pattern(
        "ballad-3",
        "ballad pop broken sixteenths flowing",
        meter="4/4",
        energy=3,
        key="A",
        chords="""A | E/G# | F#m7 | Dadd9 | A/C# | Dadd9 | Bm7 E | Esus4 E
            | F#m7 | Dadd9 | A | E | F#m7 | Dadd9 | A/C# | Esus4 E""",
        left=Hand("C#2", touch=98),
        right=Hand("B3", "1 3 5", touch=96),
        bars="""
        A | 1 - - - 5 - 1 5     | a c b c d c b c a c b c d c b c
        B | 1 - - 5 8 - 5 -     | c b a b c^ c b a d c b c d c b a
        C | 1 - - - - - 5 3     | ac - b c d - b c ac - b c b - b_ b
        D | 1 - - - 1 - - 5     | a b c d c b a b a b c d c b a b
        F | 1 - - 5 1 - 3 >2     | a c b c d c b c bc^ - - - bc - - -
        G | 1 - - - 1 - 5 -     | abc - - - a b c b a b c d c^ c b b_
        """,
    ),
    Pattern(
        "ballad-4",
        "ballad power chorus anthem big",
        meter="4/4",
        energy=5,
        key="Bb",
        chords="""Bb | F/A | Gm | Eb | Bb/D | Eb | Cm7 F | Fsus4 F
            | Gm | Eb | Bb | F | Gm | Eb | Cm7 | Fsus4 F""",
        left=Hand("F1", touch=94),
        right=Hand("Bb3", "1 3 5", touch=88),
        bars="""
        A | 1+8 - - 1+8 1+8 - 5 -     | abcd! - abcd abcd? abcd! - abcd bcd
        B | 1+8 - 5 8 1+8 - - 1+8     | abcd! - a^cd abcd - abcd! bcd abcd
        C | 1+8 - - - 1+8 - 5 8       | abcd! abcd? bcd abcd bcd^! bcd? abcd -
        D | 1+8 - - 5 1+8 - - 5       | abcd! - - bcd abcd! - abcd bcd
        F | 1+8 - - 1+8 8 - 3 >2       | abcd! - bcd^ bcd abcd - d c
        G | 1+8 - - 5 1+8 - 1+8 >x1   | abcd! - - abcd abcd! - a:b c:c^
        """,
    ),
    Pattern(
        "ballad-5",
        "ballad jazz late-night rubato shells",
        meter="4/4",
        energy=2,
        key="Db",
        chords="""Dbmaj9 | Bbm9 | Ebm9 | Ab13 | Fm7 | Bb7b9 | Ebm9 Ab13 | Db6/9 Ab7sus4
            | Gbmaj9 | Gbm6 | Fm7 | Bb7b9 | Ebm9 | Ab13 | Fm7 Bb7b9 | Ebm9 Ab13""",
        left=Hand("Db2", touch=97),
        right=Hand("C4", "3 5 9", touch=95),
        play="ABCF ABDG ABCE ACDG",
        bars="""
        A | 1+7 - - - 5 - - -   | . abc - - - bc c^:c b
        B | 1+7 - - 5 8 - - -   | abc - - - . abc - -
        C | 1 7 - - 5 - 7 -     | abc - - bc - - ab -
        D | 1+7 - - - 1+7 - - - | . abc - - abc - - bc
        E | 1+7 - - - 1 - 5 -   | abc - ab - abc - - -
        F | 1+7 - - - 5 - 3 >2   | abc - - - bc - ab^ ab
        G | 1+7 - - - 1+7 - - - | abc - c - abc - - -
        """,
    ),
    Pattern(
        "ballad-6",
        "ballad hymn-like warm chorale gospel",
        meter="4/4",
        energy=3,
        key="F",
        chords="""F | C/E | Dm7 | Bbmaj7 | F/A | Bb | Gm7 C7 | F C7/E
            | Dm | Am7 | Bb | F/A | Gm7 | F/A | Bb C7 | F C7""",
        left=Hand("C2", touch=96),
        right=Hand("C4", "1 3 5 7", touch=94),
        play="ABCF ABDG ABCE ACDG",
        bars="""
        A | 1 - 5 - 8 - 5 -     | abc - abc bc abc - bc^ bc
        B | 1 - - 5 8 - - 5     | abc - - abc - bc abc -
        C | 1 - 2 - 3 - 5 -     | abc - - - abc - ab -
        D | 1 - 5 - 1 - 5 -     | abc - bc - abc - abc b
        E | 1 - - - 5 - 3 2     | abc - abc - bc - abc -
        F | 1 - 5 - 8 5 3 >2     | abc - ac^ abc - b c -
        G | 1 - - - 1 - 3 5     | abc - - bc abc - c b
        """,
    ),
    Pattern(
        "sixeight-1",
        "ballad slow six-eight arpeggio gentle",
        meter="6/8",
        energy=2,
        key="D",
        chords="""D | A/C# | Bm7 | Gmaj7 | D/F# | Gmaj7 | Em7 A7 | D Asus4
            | Bm7 | F#m7 | Gmaj7 | Em7 A7 | Bm7 | F#m7 | Gmaj7 | Asus4 A""",
        left=Hand("G1", touch=100),
        right=Hand("D4", "1 3 5", touch=95),
        bars="""
        A | 1 5 8 5 8 5 | abc - - - - -
        B | 1 5 8 9 10 8 | . . . abc - bc
        C | 1 5 8 10 8 5 | abc - - bc - a
        D | 1 5 8 1 5 8 | abc - - abc - -
        F | 1 5 8 10 8 - | ac - - bc^ - bc
        G | 1 5 8 1 5 - | abc - - a b b_
        """,
    ),
    Pattern(
        "sixeight-2",
        "ballad rock six-eight chorus anthem",
        meter="6/8",
        energy=4,
        key="C",
        chords="""C | Em/B | Am | F | C/E | F | Dm7 G | Gsus4 G
            | Am | Em | F | C | Am | Em/G | F | Gsus4 G""",
        left=Hand("G1", touch=94),
        right=Hand("B3", "1 3 5", touch=84),
        bars="""
        A | 1+8 - - 5 - 8        | abcd! abc bc^? abcd! bc abc
        B | 1+8 - 5 8 - 5        | abcd! bc abc bcd abc! bc
        C | 1+8 - - 1+8 - 5      | abc! bc a^bc abcd! - bcd
        D | 1+8 - 5 1+8 - 5      | abcd! - bc abcd! bc abc
        F | 1+8 - - 8 3 >2        | abcd! bc bc^ bc abc! -
        G | 1+8 - 5 1+8 8 >x1    | abcd! - abc abcd! c^:c b:b_
        """,
    ),
    Pattern(
        "sixeight-3",
        "gospel soul six-eight church",
        meter="6/8",
        energy=3,
        key="Ab",
        chords="""Ab | Ab7/Gb | Db/F | Dbm6/E | Ab/Eb | Fm7 | Bb7 | Eb7sus4 Eb7
            | Ab | C7/G | Fm7 | Db | Ab/Eb | F7 | Bbm7 Eb7 | Ab Eb7""",
        left=Hand("Db2", touch=94),
        right=Hand("C4", "1 3 5 7", touch=86),
        play="ABCF ABCG ABCB ACDG",
        bars="""
        A | 1 - - 5 - 8          | abc - bc abc ab^c abc
        B | 1 - 5 8 - 5          | . bc abc - abc bc
        C | 1 - - 8 - 5          | abc bc ab bc - abc
        D | 1 - 5 1 - 5          | abc - bc abc - bcd
        F | 1 - - 5 3 >2          | abc - b^c^ bc - abc
        G | 1 - 5 1 - 5          | abc - ab bc^ bc b
        """,
    ),
    Pattern(
        "sixeight-4",
        "barcarolle classical boat gentle lullaby",
        meter="6/8",
        energy=2,
        key="G",
        chords="""G | G | D7/A | D7 | D7/F# | D7 | G | G D7
            | Em | Em | Am | Am | D7 | D7 | G/D D7 | G D7""",
        left=Hand("D2", touch=92),
        right=Hand("D4", "1 3 5 7", touch=90),
        play="ABCF ABCG BACB ABDG",
        bars="""
        A | 1 5 8 5 8 5          | abc - bc ab^ ab bc
        B | 1 - 5 8 - 5          | . bc abc . bc^ bc
        C | 1 5 8 - 5 8          | abc - - bc - abc
        D | 1 - 5 1 - 5          | abc - - abc - bc
        F | 1 5 8 5 3 >2          | abc - - bc^ bc ab
        G | 1 - 5 1 - 5          | abc - bc abc b b_
        """,
    ),
)
