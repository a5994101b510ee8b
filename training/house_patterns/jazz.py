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
)
