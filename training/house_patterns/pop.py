"""House pop: comping behind a singer, stabs, driving eighths, offbeats."""

from __future__ import annotations

from training.house_patterns.notation import Hand, Pattern

POP = (
    Pattern(
        "pop-1",
        "pop eighths comping singer",
        meter="4/4",
        energy=3,
        key="G",
        chords="""G | D/F# | Em7 | Cadd9 | G/B | Cadd9 | Am7 D | Dsus4 D
            | Em7 | Cadd9 | G | D | Em7 | Cadd9 | G/B | Cadd9 D""",
        left=Hand("E2", touch=92),
        right=Hand("D4", "1 3 5", touch=78),
        bars="""
        A | 1 - - 1 1 - - - | abc! bc? abc bc abc! bc? abc bc
        B | 1 - - 1 5 - - 5 | abc! bc abc bc? bc abc! - bc
        C | 1 - - 1 - 1 5 - | abc! bc? bc abc! - bc abc bc?
        D | 1 - - - 1 - - 5 | abc! bc abc bc? abc! bc abc bc
        F | 1 - - 1 1 - 3 2 | abc! bc bc^ - bc ab abc! -
        G | 1 - - 5 1 - 5 1 | abc! bc? abc! bc? abc! - c^:c b
        """,
    ),
)
