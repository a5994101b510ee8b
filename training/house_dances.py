"""The house songs to be danced: a bossa, a waltz, five in a bar, a tune that cannot keep still, and a blues."""

from __future__ import annotations

from training.house_sheet import Sheet, Strain

HARBOUR_BOSSA = Sheet(
    "harbour_bossa",
    "Harbour Bossa",
    key="F",
    meter="4/4",
    tempo=126,
    program=65,
    strains=(
        Strain(
            "A1",
            """
            Fmaj7     | rq a4q c5e a4q f4e~
            Dm7       | f4q. e4e d4q rq
            Gm7       | rq g4q bb4e g4q e4e~
            C7        | e4q. d4e c4q rq
            Am7       | rq g4q c5e a4q f#4e~
            D7b9      | f#4q. g4e a4q c5q
            Gm7       | bb4h g4q d4q
            C7        | e4h rh
            """,
            label="A",
            level=70,
        ),
        Strain(
            "A2",
            """
            Fmaj7     | rq a4q c5e a4q f4e~
            Dm7       | f4q. e4e d4q rq
            Gm7       | rq g4q bb4e g4q e4e~
            C7        | e4q. d4e c4q rq
            Gm7       | rq bb4q d5e bb4q g4e~
            C7        | g4q. a4e bb4q g4q
            F6        | a4q. g4e f4h~
            F6        | f4h rh
            """,
            label="A",
            level=73,
        ),
        Strain(
            "Bridge",
            """
            Cm7       | c5q. bb4e g4q eb4q
            F7        | a4h. rq
            Bbmaj7    | d5q. c5e a4q f4q
            Bbmaj7    | bb4h rh
            Bm7b5     | rq b4q d5e b4q g#4e~
            E7b9      | g#4q. a4e b4q d5q
            Am7 D7    | c5h a4q f#4q
            Gm7 C7    | bb4h g4q rq
            """,
            label="B",
            level=80,
        ),
        Strain(
            "A3",
            """
            Fmaj7     | rq a4q c5e a4q f4e~
            Dm7       | f4q. e4e d4q rq
            Gm7       | rq g4q bb4e g4q e4e~
            C7        | e4q. d4e c4q rq
            Gm7       | rq bb4q d5e bb4q g4e~
            C7b9      | g4q. a4e bb4q e4q
            F6        | c5q. a4e f4h~
            F6        | f4h. rq
            """,
            label="A",
            level=74,
        ),
    ),
)

FERRYMANS_WALTZ = Sheet(
    "ferrymans_waltz",
    "The Ferryman's Waltz",
    key="G",
    meter="3/4",
    tempo=138,
    program=40,
    strains=(
        Strain(
            "First strain",
            """
            G      | d4h g4q
            G      | b4h a4q
            Em     | g4q f#4q g4q
            Em     | e4h rq
            C      | e4h g4q
            C      | c5h b4q
            D7     | a4q g4q f#4q
            D7     | a4h rq
            G      | d4h g4q
            B7     | b4h a4q
            Em     | g4q f#4q g4q
            C      | e4q g4q c5q
            G/D    | b4h g4q
            D7     | a4q f#4q a4q
            G      | g4h.~
            G      | g4h rq
            """,
            label="A",
            level=70,
        ),
        Strain(
            "Second strain",
            """
            Am7    | c5h c5q
            D7     | c5q b4q a4q
            G      | b4h b4q
            Em     | b4q g4q rq
            Am7    | a4h a4q
            D7     | a4q g4q f#4q
            G      | g4h.
            G7     | rh d4q
            C      | e4h g4q
            Cm     | c5h rq
            G/B    | b4h d5q
            E7     | d5q b4q g#4q
            Am7    | a4q b4q c5q
            D7     | a4h f#4q
            G      | g4h.
            G      | rh d4q
            """,
            label="B",
            level=80,
        ),
        Strain(
            "Coda",
            """
            C      | e4h g4q
            D7     | f#4h a4q
            G      | g4h.~
            G      | g4h rq
            """,
            level=68,
            glide=96,
        ),
    ),
)

FIVE_STEPS_TO_THE_SEA = Sheet(
    "five_steps_to_the_sea",
    "Five Steps to the Sea",
    key="Em",
    meter="5/4",
    tempo=152,
    program=11,
    strains=(
        Strain(
            "Intro",
            """
            Em7 . . A .       | rw rq
            Em7 . . A .       | rw rq
            """,
            level=62,
        ),
        Strain(
            "A1",
            """
            Em7 . . A .       | e4q. f#4e g4q a4h
            Em7 . . A .       | b4q. a4e g4q e4q rq
            Cmaj7 . . D .     | e4q. f#4e g4q a4h
            Em                | b4h. rh
            Em7 . . A .       | e4q. f#4e g4q a4h
            Em7 . . A .       | d5q. b4e g4q a4q rq
            Am7 . . B7 .      | c5q. b4e a4q b4h
            Em                | e4h. rh
            """,
            label="A",
            level=72,
        ),
        Strain(
            "B",
            """
            G . . D/F# .      | d5h b4q a4h
            Em . . Bm .       | b4h g4q f#4h
            C . . G/B .       | g4h e4q d4h
            Am7 . . D7 .      | a4q g4q e4q f#4q rq
            G . . D/F# .      | d5h b4q a4h
            Em . . Bm .       | b4h g4q b4h
            C . . G/B .       | c5q. b4e a4q g4h
            Am7 . . B7 .      | a4h c5q b4q rq
            """,
            label="B",
            level=82,
        ),
        Strain(
            "A2",
            """
            Em7 . . A .       | e4q. f#4e g4q a4h
            Em7 . . A .       | b4q. a4e g4q e4q rq
            Cmaj7 . . D .     | e4q. f#4e g4q a4h
            Em                | b4h. rh
            Em7 . . A .       | e4q. f#4e g4q a4h
            Em7 . . A .       | d5q. b4e g4q a4q rq
            Am7 . . B7 .      | c5q. b4e a4q d#4q f#4q
            Em                | e4h. rh
            """,
            label="A",
            level=74,
        ),
        Strain(
            "Tag",
            """
            Em7 . . A .       | e4q. f#4e g4q a4h
            Em                | e4w rq
            """,
            level=64,
        ),
    ),
)

THE_CLOCKMAKER = Sheet(
    "the_clockmaker",
    "The Clockmaker",
    key="D",
    meter="4/4",
    tempo=84,
    program=68,
    strains=(
        Strain(
            "Opening",
            """
            D         | d4e e4e f#4q a4q. f#4e
            A/C#      | e4h. rq
            Bm        | d4e e4e f#4q b4q. a4e
            F#m       | a4h. rq
            G         | b4e a4e g4q d4q. e4e
            D/F#      | f#4h. rq
            Em7       | g4e f#4e e4q b4q. g4e
            A7        | a4h. rq
            """,
            label="A",
            level=68,
        ),
        Strain(
            "Winding up",
            """
            Bm        | b4q b4e a4e f#4q rq
            G         | b4q b4e a4e g4q d4q
            Em7       | b4q b4e a4e g4q rq
            A7        | a4q a4e b4e c#5q rq
            """,
            level=78,
            glide=168,
        ),
        Strain(
            "Whirl",
            """
            D         | d5q a4q f#4q
            D         | a4h rq
            G         | b4q g4q d4q
            A7        | e4h rq
            Bm        | d5q b4q f#4q
            Bm        | b4h rq
            Em7       | g4q b4q d5q
            A7        | c#5h rq
            D/F#      | d5q a4q f#4q
            G         | g4q b4q d5q
            A7        | c#5q b4q a4q
            D         | d5h rq
            """,
            label="B",
            level=88,
            meter="3/4",
            tempo=168,
        ),
        Strain(
            "Hush",
            """
            N.C.      | d4e e4e f#4q
            N.C.      | a4q rq
            N.C.      | d4e e4e f#4q
            N.C.      | e4q rq
            """,
            level=54,
            meter="2/4",
            tempo=66,
        ),
        Strain(
            "Return",
            """
            D         | d4e e4e f#4q a4q. f#4e
            A/C#      | e4h. rq
            Bm        | d4e e4e f#4q b4q. a4e
            G         | b4h. rq
            D/F#      | a4e a4e f#4q d5q rq
            Em7 A7    | g4h e4q c#4q
            D         | d4w~
            D         | d4q rq rh
            """,
            label="A",
            level=70,
            meter="4/4",
            tempo=72,
            glide=54,
            glide_bars=3,
        ),
    ),
)

KETTLE_BLUES = Sheet(
    "kettle_blues",
    "Kettle Blues",
    key="G",
    meter="4/4",
    tempo=104,
    program=66,
    strains=(
        Strain(
            "First chorus",
            """
            G7        | rq d4T f4t g4q g4T f4t
            C7        | g4h rh
            G7        | rq d4T f4t g4q b4T a4t
            G7        | g4h rh
            C7        | rq e4T g4t bb4q bb4T g4t
            C#dim7    | bb4h rh
            G7/D      | rq d4T f4t g4q b4T d5t
            E7        | d5q b4q g#4q rq
            Am7       | c5T a4t e4q a4q c5q
            D7        | c5T a4t f#4q a4q rq
            G7 E7     | g4q b4q b4q g#4q
            Am7 D7    | a4h rh
            """,
            label="A",
            level=74,
        ),
        Strain(
            "Second chorus",
            """
            G7        | rq d5T b4t g4q g4T f4t
            C7        | g4q bb4T g4t e4q rq
            G7        | rq d5T b4t g4q b4T a4t
            G7        | g4q f4T d4t f4q rq
            C7        | rq e4T g4t bb4q bb4T g4t
            C#dim7    | bb4q g4T e4t c#4q rq
            G7/D      | rq d4T f4t g4q b4T d5t
            E7        | d5q b4q g#4q rq
            Am7       | c5T a4t e4q a4q c5q
            D7        | c5T a4t f#4q a4q f#4q
            G7 C7     | g4q b4T g4t e4q g4q
            G6        | g4h. rq
            """,
            label="A",
            level=82,
        ),
    ),
)

DANCES = (HARBOUR_BOSSA, FERRYMANS_WALTZ, FIVE_STEPS_TO_THE_SEA, THE_CLOCKMAKER, KETTLE_BLUES)
