"""House patterns in five, seven, nine and other meters that a dancer has to count."""

from __future__ import annotations

from training.house_patterns.notation import Hand, Pattern

UNEVEN = (
    Pattern(
        "five-1",
        "five-four jazz modal",
        meter="5/4",
        energy=3,
        key="D dorian",
        groups="3+2",
        chords="""Dm9 | Dm9 | G13 | G13 | Dm9 | Fmaj9 | Em7 | A7b9
            | Bbmaj9 | Bbmaj9 | Am7 | Am7 | Gm9 | C13 | Fmaj9 | A7b9""",
        left=Hand("A1", touch=90),
        right=Hand("A3", "3 5 7 9", touch=80),
        bars="""
        A | 1 - - - - 5 1 - 5 - | . . abcd - . abcd* . . abcd -
        B | 1 - - - 5 - 1 - - - | . abcd* . . abcd - . . abcd* .
        C | 1 - - 5 7 - 1 - 5 - | . . abcd* . abcd* . . abcd - -
        D | 1 - 5 - 8 - 1 - - - | . . abcd - - . abcd* . bcd* .
        F | 1 - - - 5 - 1 - 3 2 | abcd* . . abcd - . bcd - d c
        G | 1 - 5 - 8 - 5 - >x1 - | . . abcd* . bcd - abcd - bcd -
        """,
    ),
)
