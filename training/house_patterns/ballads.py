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
        A | 1 - - - 5 - 8 - | abc - ab? - abc - bc -
        B | 1 - - - - - 5 - | abc - - bc abc - ab^ b
        C | 1 - 5 - 8 - 5 - | abc - abc - bc - abc -
        D | 1 - - - 1 - - - | abc - abc? - abc - bc -
        F | 1 - - - 5 - 3 2 | abc - bc^ - bc - ab -
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
        B | 1 5 8 5 10 - 8 5 | abc - - - - - d c
        C | 1 5 10 8 5 8 10 - | . . ac - - - b -
        D | 1 5 8 5 1 5 8 5 | abc - - - abc - - -
        F | 1 5 8 10 8 5 8 - | ac - - - bc^ - bc -
        G | 1 5 8 5 1 5 8 10 | abc - - b a - a_ -
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
        B | 1 5 8 12 - 8 | . . . abc - bc
        C | 1 5 8 10 8 5 | abc - - bc - a
        D | 1 5 8 1 5 8 | abc - - abc - -
        F | 1 5 8 10 8 - | ac - - bc^ - bc
        G | 1 5 8 1 5 - | abc - - a b b_
        """,
    ),
)
