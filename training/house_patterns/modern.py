"""House patterns of film, stage and machine: sparse, pulsing, minimal, sequenced."""

from __future__ import annotations

from training.house_patterns.notation import Hand, Pattern

MODERN = (
    Pattern(
        "cinematic-1",
        "cinematic sparse ambient film intimate",
        meter="4/4",
        energy=1,
        key="Am",
        chords="""Am9 | Am9 | Fmaj9 | Fmaj9 | C | C/E | G | Gsus4 G
            | Dm9 | Dm9 | Am9 | Am9/G | Fmaj9 | Fmaj9 | Em7 | Esus4 E""",
        left=Hand("D2", touch=98),
        right=Hand("B3", "1 3 5 9", touch=98),
        bars="""
        A | 1+5 - - - - - - -        | . . c - d - - -
        B | 1 - - - 5 - - -          | ac - - - b_ - b -
        C | 1+5 - - - - - 8 -        | . . bc - - - a -
        D | 1 - - - 1 - - -          | . b - b_ ac - - -
        F | 1 - - - 5 - - -          | bc - - c^ c - b -
        G | 1+5 - - - 1 - - -        | ac - - - bc - b_ -
        """,
    ),
    Pattern(
        "cinematic-2",
        "cinematic pulsing trailer tension epic film",
        meter="4/4",
        energy=4,
        key="Dm",
        chords="""Dm | Dm | Bb | Bb | F/A | F/A | C | Csus4 C
            | Gm | Gm | Bb | Bb | Dm/A | Dm/A | Asus4 | A""",
        left=Hand("F#1", touch=85),
        right=Hand("A3", "1 3 5", touch=88),
        bars="""
        A | 1+8! 8? 8 1! 8? 8 1! 8       | abc! - - abc! - - abc! -
        B | 1+8! 8? 8 8! 8? 8 5! 8       | d - - - c^! c b -
        C | 1+8! 8 8? 1! 8 8? 1+8! 8     | abcd! - abc bcd! - abc bcd! -
        D | 1+8! 8? 8 8? 1+8! 8? 8 8     | abc! - bc - bcd! - c b
        F | 1+8! 8? 8 1! 8 5! 3 >2       | abcd! - - c^! - - c! b
        G | 1+8! 8? 8 1! 1+8! 8 1! 8     | abcd! - bcd! - abcd! bcd abcd! bcd
        """,
    ),
    Pattern(
        "minimal-1",
        "minimal minimalist ostinato repetitive shifting",
        meter="4/4",
        energy=2,
        key="F",
        chords="""Fmaj7 | Fmaj7 | Am7 | Am7 | Dm7 | Dm7 | Bbmaj7 | Bbmaj7 C
            | Fmaj7 | Fmaj7 | C/E | C/E | Dm7 | Dm7 | Bbmaj7 | C""",
        left=Hand("Bb1", touch=94),
        right=Hand("C4", "1 3 5", touch=88),
        bars="""
        A | 1 - 5 - 8 - 5 -          | a! c b c a^! c b c
        B | 1 - 5 8 - 5 - 5          | a! c b a! c b a! c
        C | 1 - - 5 - - 8 -          | b! c a b! c a b! c
        D | 1 - 5 - 1 - 5 -          | c! a b c^! a b c! b
        F | 1 - 5 8 5 - 3 >2         | a! c b c^! c b c! b
        G | 1 - - 5 1 - 5 -          | ac! b c b ac! b a b_
        """,
    ),
    Pattern(
        "synth-1",
        "synth electronic pulse eighties gated pop",
        meter="4/4",
        energy=3,
        key="Em",
        chords="""Em | Em | C | C | G | D | Am7 | Bsus4 B
            | C | D | Em | Bm7 | C | D | Am7 | Bsus4 B""",
        left=Hand("B1", touch=62),
        right=Hand("B3", "1 3 5", touch=82),
        bars="""
        A | 1! 1 1? 1 1! 1 1? 1      | abc! - - abc - - abc -
        B | 1! 1 8 1 1! 1 8 5        | abc - . abc! - bc? abc -
        C | 1! 8 1 8 1! 8 1 8        | . abc! - a^bc - . abc! -
        D | 1! 1 1? 8 1! 1 1? 5      | abc! - - bc abc! - - bcd
        F | 1! 1 1? 1 5! 5 3 >2      | abc! - - bc^ - bc ab -
        G | 1! 1 1? 1 1! 1 5! >x1    | abc! - bc - abc! - bcd! -
        """,
    ),
    Pattern(
        "synth-2",
        "synth electronic arpeggio sixteenths trance ostinato sequencer",
        meter="4/4",
        energy=4,
        key="Bm",
        chords="""Bm | Bm | G | G | D | D | A | A
            | Em7 | Em7 | G | G | Bm | A/C# | D | F#sus4 F#""",
        left=Hand("F1", touch=70),
        right=Hand("B3", "1 3 5", touch=62),
        play="ABCF ABEG ABCB ACDG",
        bars="""
        A | . 1+8! . 1+8 . 1+8! . 1+8?   | a! b c d c b a! b c d c b a! c b d
        B | . 1+8! . 8 . 1+8! . 5        | d! c b a d! c b a d! c b a c! b c d
        C | . 1+8! . 1+8 . 1+8! 8 5      | a! c b d a^! c b d c! d b c a! b c b
        D | 1+8! . 8 . 1+8! . 8 5        | ac! b d b ac! b d b ad! c b c ad! b c d
        E | . 1+8! . 5 . 1+8! . 8        | a! b d a! b d a! b d a! b d c! b a b
        F | . 1+8! . 1+8 . 8! 3 >2       | a! b c d c b a b c^! c b c d! c b a
        G | . 1+8! . 8 1+8! . 1+8! >x1   | a! c d c a! c d c a! b c d b! c d d^
        """,
    ),
    Pattern(
        "stage-1",
        "musical stage show vamp broadway",
        meter="4/4",
        energy=3,
        key="C",
        chords="""C6 | C#dim7 | Dm7 | G7 | Em7 | Ebdim7 | Dm7 G7 | C6 G7
            | Fmaj7 | F#dim7 | C/G | A7 | Dm7 | Fm6 | C/G A7 | Dm7 G7""",
        left=Hand("D2", touch=68),
        right=Hand("A3", "3 5 7", touch=58),
        play="ABCF ABDG ABCB ACDG",
        bars="""
        A | 1 - 5 - 1 - 5 -          | . abc! . abc . abc! bc? abc
        B | 1 - 5 - 3 - 5 -          | . abc abc! . . bcd abc! .
        C | 1 - - 5 - - 5 3          | abc! - . abc! - . bc abc
        D | 1 - 5 - 1 - 5 -          | . abc! . abc . bcd! . b
        F | 1 - 3 - 5 - 3 >2         | . abc! . abc d! c b a
        G | 1 - 5 - 1 - >x1 -        | abc! . abc . bcd! . abc! .
        """,
    ),
)
