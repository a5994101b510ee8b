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
)
