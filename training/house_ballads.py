"""The house songs to be sung: a pop ballad, a slow 6/8 in minor, a folk song that climbs a step."""

from __future__ import annotations

from training.house_sheet import Sheet, Strain

LANTERN_CHORUS = """
F         | c5q. a4e a4q c5q
G         | b4q. a4e g4q rq
Em7       | b4q. g4e g4q b4q
Am7       | a4q. g4e e4q rq
Dm7       | a4q. a4e c5q a4q
Gsus4 G   | d5q. c5e b4q g4q
"""

LANTERN_STREET = Sheet(
    "lantern_street",
    "Lantern Street",
    key="C",
    meter="4/4",
    tempo=76,
    program=73,
    strains=(
        Strain(
            "Intro",
            """
            C         | rw
            G/B       | rw
            Am7       | rw
            Fmaj7 G   | rh rq c4e d4e
            """,
            level=62,
        ),
        Strain(
            "Verse 1",
            """
            C         | e4q. d4e c4q g4q
            G/B       | d4h rq b3e c4e
            Am7       | c4q. b3e a3q e4q
            Fmaj7     | c4h rq c4e d4e
            C/E       | e4q. d4e c4q g4q
            F         | a4q. g4e f4h
            Dm7       | rq f4e e4e d4q f4q
            Gsus4 G   | d4h rq g4e g4e
            """,
            label="A",
            level=66,
        ),
        Strain(
            "Chorus 1",
            LANTERN_CHORUS
            + """
            C         | c5h. rq
            Fmaj7 G   | rh rq c4e d4e
            """,
            label="B",
            level=82,
        ),
        Strain(
            "Verse 2",
            """
            C         | e4e e4e e4e d4e c4q g4q
            G/B       | d4h rq b3e c4e
            Am7       | c4e c4e c4e b3e a3q e4q
            Fmaj7     | c4h rq c4e d4e
            C/E       | e4q. d4e c4q g4q
            F         | a4q. g4e f4q a4q
            Dm7       | rq a4e g4e f4q d4q
            Gsus4 G   | g4h rq g4e g4e
            """,
            label="A",
            level=70,
        ),
        Strain(
            "Chorus 2",
            LANTERN_CHORUS
            + """
            C         | c5h re c5e e5q
            C7/Bb     | e5h. rq
            """,
            label="B",
            level=88,
        ),
        Strain(
            "Outro",
            """
            Fmaj7     | rq a4e g4e e4q c4q
            C/E       | g4h rh
            Dm7 G7    | rq f4e e4e d4q. b3e
            C         | c4h. rq
            """,
            level=64,
            glide=60,
            glide_bars=2,
        ),
    ),
)

RAIN_ON_THE_ORCHARD = Sheet(
    "rain_on_the_orchard",
    "Rain on the Orchard",
    key="Dm",
    meter="6/8",
    tempo=81,
    program=71,
    strains=(
        Strain(
            "Intro",
            """
            Dm           | rq. rq.
            Bbmaj7 A7    | rq. rq.
            """,
            level=60,
        ),
        Strain(
            "Verse 1",
            """
            Dm           | a4q f4e f4e e4e d4e
            Bb           | d4q. re d4e e4e
            F            | f4q a4e a4e g4e f4e
            C            | g4q. re e4e f4e
            Gm7          | g4q bb4e bb4e a4e g4e
            Dm/F         | a4q. f4q re
            Em7b5 A7     | g4q e4e c#4q e4e
            Dm           | d4q. rq.
            """,
            label="A",
            level=66,
        ),
        Strain(
            "Verse 2",
            """
            Dm           | a4e a4e f4e f4e e4e d4e
            Bb           | d4q. re d4e e4e
            F            | f4q a4e c5e a4e f4e
            C            | g4q. re e4e f4e
            Gm7          | g4q bb4e bb4e a4e g4e
            Dm/F         | a4q. d5q re
            Em7b5 A7     | bb4q g4e a4q g4e
            Dm           | f4q. re a4e c5e
            """,
            label="A",
            level=71,
        ),
        Strain(
            "Chorus",
            """
            Bb           | d5q. d5e c5e bb4e
            C            | c5q. re g4e a4e
            Am7          | c5q. c5e bb4e a4e
            Dm           | a4q. re f4e g4e
            Gm7          | bb4q. bb4e a4e g4e
            C7           | bb4q g4e g4q e4e
            F            | f4q. a4q.
            A7           | c#5q. rq.
            """,
            label="B",
            level=84,
        ),
        Strain(
            "Last verse",
            """
            Dm           | a4q f4e f4e e4e d4e
            Bb           | d4q. re d4e e4e
            Gm7          | g4q bb4e bb4e a4e g4e
            A7sus4 A7    | a4q. e4q c#4e
            Dm           | d4h.~
            Dm           | d4q. rq.
            """,
            label="A",
            level=64,
            glide=63,
            glide_bars=3,
        ),
    ),
)

APPLE_CART_LANE = Sheet(
    "apple_cart_lane",
    "Apple Cart Lane",
    key="G",
    meter="4/4",
    tempo=112,
    program=22,
    pickup="d4q",
    strains=(
        Strain(
            "Verse 1",
            """
            G        | g4q g4e a4e b4q g4q
            C        | c5q b4e a4e g4h
            G        | b4q g4e a4e b4q d5q
            D        | a4h rq d4q
            Em       | g4q g4e a4e b4q g4q
            C        | c5q b4e a4e g4q e4q
            G/D D7   | d4q g4q a4q f#4q
            G        | g4h rq g4e a4e
            """,
            label="A",
            level=72,
        ),
        Strain(
            "Chorus 1",
            """
            C        | c5q. b4e g4q a4q
            D        | d5q. c5e a4q f#4q
            Bm7      | d5q. b4e b4q a4q
            Em       | b4h rq g4e a4e
            C        | c5q. b4e g4q a4q
            D7       | d5q. c5e a4q b4q
            G        | b4q a4e g4e g4h
            G        | rh rq d4q
            """,
            label="B",
            level=84,
        ),
        Strain(
            "Verse 2",
            """
            G        | g4e g4e g4e a4e b4q g4q
            C        | c5q b4e a4e g4h
            G        | b4e b4e g4e a4e b4q d5q
            D        | a4h rq d4q
            Em       | g4e g4e g4e a4e b4q d5q
            C        | c5q b4e a4e g4q e4q
            G/D D7   | d4q g4q a4q f#4q
            G E7     | g4q rq rq a4e b4e
            """,
            label="A",
            level=75,
        ),
        Strain(
            "Chorus 2",
            """
            D        | d5q. c#5e a4q b4q
            E        | e5q. d5e b4q g#4q
            C#m7     | e5q. c#5e c#5q b4q
            F#m      | c#5h rq a4e b4e
            D        | d5q. c#5e a4q b4q
            E7       | e5q. d5e b4q c#5q
            A        | c#5q b4e a4e a4q rq
            A        | rh rq a4e b4e
            """,
            label="B",
            level=90,
            key="A",
        ),
        Strain(
            "Tag",
            """
            D        | d5q. c#5e a4q b4q
            E7       | e5q. d5e b4q g#4q
            A        | a4w~
            A        | a4h. rq
            """,
            level=80,
            glide=84,
            glide_bars=2,
        ),
    ),
)

BALLADS = (LANTERN_STREET, RAIN_ON_THE_ORCHARD, APPLE_CART_LANE)
