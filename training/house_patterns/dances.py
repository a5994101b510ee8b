"""House dances: waltzes, jigs, marches, polkas."""

from __future__ import annotations

from training.house_patterns.notation import Hand, Pattern

DANCES = (
    Pattern(
        "waltz-1",
        "waltz classic dance",
        meter="3/4",
        energy=3,
        key="A",
        chords="""A | A | E7/B | E7 | Bm | E7 | A | A . E7
            | F#m | F#m | Bm | Bm | D | A/E | E7 | A . E7""",
        left=Hand("E2", touch=85),
        right=Hand("C#4", "1 3 5 7", touch=62),
        bars="""
        A | 1 - . | . abc abc?
        B | 1 - 5 | . bc abc
        C | 1 - - | . abc bc:c
        D | 1 5 . | . abc bc
        F | 1 - . 5 . 3 | . . abc . bc^ bc
        G | 1 - 1 | . abc abc
        """,
    ),
)
