"""Who does what: by ear first, then by name, program and channel."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines.analysis.roles import RoleGuess, guess_roles
from engines.analysis.roles_drums import find_drums, without_drums
from engines.analysis.roles_features import FEATURES, TrackFeatures
from engines.analysis.roles_tables import PLAIN_ROLES, RoleTables
from engines.analysis.roles_words import PITCHED, said_by_name, words_of
from engines.analysis.score import Score
from engines.errors import SchemaError
from engines.music.notes import DRUM_CHANNEL, Note
from engines.music.song import MidiClip, Placement, Song, Take, Track
from engines.music.time import PPQ, Ticks

TABLE = Path(__file__).parents[3] / "presets" / "analysis" / "roles.json"
TABLES = RoleTables.parse(TABLE.read_bytes())
BAR, BEAT, EIGHTH = 4 * PPQ, PPQ, PPQ // 2
BARS = 16

HARBOUR_TUNE = ((0, 3, 69), (3, 1, 71), (4, 2, 72), (6, 2, 71), (8, 3, 67), (11, 1, 69), (12, 4, 64))
"""Two bars of eighths: start, length and pitch."""
HARBOUR_CHORDS = ((45, 57, 60, 64), (41, 57, 60, 65), (48, 55, 60, 64), (43, 55, 59, 62))
"""A bar each; the bass first."""


def note(start: float, length: float, pitch: int, velocity: int = 80, channel: int = 0) -> Note:
    """In eighths."""
    return Note(Ticks(int(start * EIGHTH)), Ticks(int(length * EIGHTH)), pitch, velocity, channel)


def part(name: str, notes: list[Note], program: int | None = None) -> Track:
    clip = MidiClip(Ticks(BARS * BAR), tuple(sorted(notes)))
    return Track(name, (Placement(Ticks(0), Ticks(BARS * BAR), (Take(clip),)),), program=program)


def tune(up: int = 0) -> list[Note]:
    """Two bars of melody, then the same a step lower, with rests in every eighth bar."""
    return [
        note(start + 16 * k, length - 0.2, pitch + up - (k % 2) * 2)
        for k in range(BARS // 2)
        for start, length, pitch in (HARBOUR_TUNE[:4] if k % 4 == 3 else HARBOUR_TUNE)
    ]


def bass() -> list[Note]:
    roots = [HARBOUR_CHORDS[bar % 4][0] - 12 for bar in range(BARS)]
    return [
        note(8 * bar + beat, 1.8, root + (7 if beat == 4 else 0))
        for bar, root in enumerate(roots)
        for beat in (0, 3, 4, 6)
    ]


def comp() -> list[Note]:
    return [
        note(8 * bar + beat, 1.4, pitch)
        for bar in range(BARS)
        for beat in (0, 3, 6)
        for pitch in HARBOUR_CHORDS[bar % 4][1:]
    ]


def pad() -> list[Note]:
    return [note(8 * bar, 8, pitch) for bar in range(BARS) for pitch in HARBOUR_CHORDS[bar % 4][1:]]


def arpeggio() -> list[Note]:
    shape = (0, 1, 2, 1)
    return [
        note(8 * bar + i / 2, 0.5, HARBOUR_CHORDS[bar % 4][1 + shape[i % 4]] + 12)
        for bar in range(BARS)
        for i in range(16)
    ]


def kit(channel: int = DRUM_CHANNEL) -> list[Note]:
    hats = [note(i, 0.5, 42, 60, channel) for i in range(8 * BARS)]
    kicks = [note(8 * bar + beat, 0.5, 36, 100, channel) for bar in range(BARS) for beat in (0, 3, 4)]
    return hats + kicks + [note(8 * bar + beat, 0.5, 38, 90, channel) for bar in range(BARS) for beat in (2, 6)]


def band(*names: str) -> Song:
    """The whole band; without names the tracks are numbered."""
    parts = (tune(), bass(), comp(), pad(), arpeggio(), kit())
    return Song(tuple(part(names[i] if names else f"Track {i + 1}", notes) for i, notes in enumerate(parts)))


def roles(song: Song, **more: object) -> list[str]:
    return [guess.role for guess in guess_roles(Score.of(song), TABLES, **more)]  # type: ignore[arg-type]


# --- by ear -----------------------------------------------------------------------------------------------------------


def test_a_band_is_told_apart_by_ear() -> None:
    assert roles(band()) == ["melody", "bass", "chords", "pad", "arp", "drums"]


def test_the_order_of_tracks_does_not_matter() -> None:
    song = band()
    backwards = replace(song, tracks=song.tracks[::-1])
    assert roles(backwards) == roles(song)[::-1]


def test_reasons_are_words_that_a_musician_can_check() -> None:
    found = guess_roles(Score.of(band("Vox", "Bass", "Keys", "Pad", "Arp", "Drums")), TABLES)
    assert found[0].reason == "middle line, one note at a time, moves like a tune, called “vox”"
    assert found[1].reason == "lowest line, one note at a time, called “bass”"
    assert found[3].reason == "long held chords, called “pad”"
    assert found[5] == RoleGuess("drums", 0.99, "on the drum channel")
    assert all(0 <= guess.confidence <= 1 for guess in found)


def test_two_hands_on_one_track_are_chords_and_a_lone_line_is_a_melody() -> None:
    both_hands = [*tune(), *bass(), *comp()]
    assert roles(Song((part("Piano", both_hands),))) == ["chords"]
    assert roles(Song((part("Piano melody", both_hands),))) == ["chords"]
    assert roles(Song((part("", tune()),))) == ["melody"]


def test_a_voice_above_a_piano_in_two_staves() -> None:
    left = [n for n in bass() if n.start % BAR == 0]
    assert roles(Song((part("", comp()), part("", left), part("", tune()))))[2] == "melody"


def test_only_one_track_is_the_melody_and_its_octave_a_double() -> None:
    song = Song((part("", tune()), part("", tune(up=12)), part("", bass()), part("", comp())))
    found = roles(song)
    assert sorted(found[:2]) == ["double", "melody"]


def test_a_line_that_answers_is_a_fill() -> None:
    answers = [note(16 * k + 12 + i / 2, 0.5, 76 - i) for k in range(3, BARS // 2, 4) for i in range(8)]
    found = roles(
        Song((part("Lead vocal", tune()), part("Second guitar", answers), part("", comp()), part("", bass())))
    )
    assert found[:2] == ["melody", "fill"]


def test_empty_tracks_and_empty_songs() -> None:
    found = guess_roles(Score.of(Song((part("Vox", []), part("Keys", comp())))), TABLES)
    assert found[0] == RoleGuess("none", 1.0, "no notes")
    assert found[1].role == "chords"
    assert guess_roles(Score.of(Song()), TABLES) == ()
    assert roles(Song((part("a", []), part("b", [])))) == ["none", "none"]


# --- by name, program, and word of mouth ------------------------------------------------------------------------------


def test_a_name_that_lies_is_heard_and_mentioned() -> None:
    found = guess_roles(Score.of(band("Chords", "Bass", "Lead", "", "", "")), TABLES)
    assert found[2].role == "chords"
    assert "although it is called “lead”" in found[2].reason


def test_what_the_musician_states_is_never_doubted() -> None:
    stated = [None, None, "melody", None, None, None]
    found = guess_roles(Score.of(band()), TABLES, stated=stated)
    assert found[2] == RoleGuess("melody", 1.0, "as stated")
    assert [guess.role for guess in found].count("melody") == 1


def test_lyrics_speak_for_the_melody() -> None:
    song = Song((part("", tune()), part("", tune(up=7)), part("", bass())))
    assert roles(song, sung=(0,))[0] == "melody"
    assert roles(song, sung=(1,))[1] == "melody"


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("Lead Vox", "melody"),
        ("Gesang", "melody"),
        ("voix", "melody"),
        ("Вокал", "melody"),
        ("ボーカル", "melody"),
        ("melodyStaff:1", "melody"),
        ("Backing Vocals", "counter"),
        ("Melody 8va", "double"),
        ("Baixo 02", "bass"),
        ("Double Bass", "bass"),
        ("Bass Guitar", "bass"),
        ("808", "bass"),
        ("Lead Guitar", "melody"),
        ("Rhythm Gtr", "chords"),
        ("E-Piano", "chords"),
        ("PianoUp", "chords"),
        ("Streicher", "pad"),
        ("Warm Pad", "pad"),
        ("Schlagzeug", "drums"),
        ("Bateria", "drums"),
        ("Shaker", "perc"),
        ("Arpeggio 3", "arp"),
        ("Track 7", None),
        ("", None),
    ],
)
def test_names_in_many_tongues(name: str, role: str | None) -> None:
    said = said_by_name(name)
    assert (said and said[0]) == role


def test_a_pitched_track_is_listened_to_without_its_drum_words() -> None:
    said = said_by_name("Triangle arp", PITCHED)
    assert said is not None
    assert said[0] == "arp"


def test_names_fall_into_plain_words() -> None:
    assert words_of("PianoUp") == words_of("piano_up") == words_of("Piano-Up 2") == ("piano", "up")


# --- drums ------------------------------------------------------------------------------------------------------------


def test_drums_are_known_without_their_channel() -> None:
    song = Song((part("", kit(channel=3)), part("", tune()), part("", bass())))
    assert roles(song)[0] == "drums"
    score = Score.of(song)
    assert without_drums(score).notes.pitched.track.min() == 1


def test_a_named_kit_with_a_few_strokes_is_enough() -> None:
    kick = [note(i, 0.5, 60) for i in range(0, 64, 2)]
    assert roles(Song((part("Kick", kick), part("", tune()))))[0] == "drums"


def test_hand_percussion_is_told_from_the_kit() -> None:
    congas = [note(i, 0.5, (62, 63, 64)[i % 3], 70, DRUM_CHANNEL) for i in range(64)]
    assert roles(Song((part("", congas), part("", kit()))))[0] == "perc"


def test_low_power_chords_are_no_kit() -> None:
    riff = [note(i, 0.9, pitch) for i, low in enumerate((36, 38, 42, 40) * 16) for pitch in (low, low + 7, low + 12)]
    assert find_drums(Score.of(Song((part("", riff), part("", tune()))))) == {}


def test_steel_drums_that_play_a_tune_are_no_drums() -> None:
    wide = [note(i, 0.9, 60 + (i * 5) % 17) for i in range(64)]
    assert find_drums(Score.of(Song((part("Steel Drums", wide),)))) == {}


# --- figures and tables -----------------------------------------------------------------------------------------------

rows = st.lists(st.builds(note, st.integers(0, 127), st.integers(1, 16), st.integers(20, 108)), max_size=20)


@given(st.lists(rows, min_size=1, max_size=4), st.integers(0, 3))
def test_any_song_gets_one_sound_guess_a_track(parts: list[list[Note]], channel: int) -> None:
    song = Song(tuple(part(f"{i}", [replace(n, channel=channel) for n in notes]) for i, notes in enumerate(parts)))
    score = Score.of(song)
    found = guess_roles(score, TABLES)
    assert len(found) == len(parts)
    assert sum(guess.role == "melody" for guess in found) <= 1
    for notes, guess in zip(parts, found, strict=True):
        assert (guess.role == "none") == (not notes)
        assert 0 <= guess.confidence <= 1
        assert guess.reason
    assert np.isfinite(TrackFeatures.of(score).table).all()


@given(st.integers(-24, 24).filter(bool))
def test_whole_bars_of_rest_before_the_piece_change_nothing(bars: int) -> None:
    song = band()
    later = replace(song, tracks=tuple(_moved(track, abs(bars) * BAR) for track in song.tracks))
    before, after = TrackFeatures.of(Score.of(song)), TrackFeatures.of(Score.of(later))
    for name in FEATURES:
        assert np.allclose(before.get(name), after.get(name)), name


def _moved(track: Track, ticks: int) -> Track:
    return replace(track, placements=tuple(replace(p, start=Ticks(p.start + ticks)) for p in track.placements))


def test_the_shipped_table_fits_this_version() -> None:
    assert TABLES.roles.weights.shape[1] == len(PLAIN_ROLES)
    assert TABLES.caution >= 1


@pytest.mark.parametrize(
    "damage",
    [
        lambda table: table | {"schema": "roles/0"},
        lambda table: {key: value for key, value in table.items() if key != "melody"},
        lambda table: table | {"tracks": table["tracks"] | {"features": ["loudness"]}},
        lambda table: table | {"tracks": table["tracks"] | {"weights": [[0.0]]}},
    ],
)
def test_a_damaged_table_is_refused(damage: object) -> None:
    table = json.loads(TABLE.read_text(encoding="utf-8"))
    with pytest.raises(SchemaError) as caught:
        RoleTables.parse(json.dumps(damage(table)))  # type: ignore[operator]
    assert caught.value.hint


def test_a_table_that_is_no_json_is_refused() -> None:
    with pytest.raises(SchemaError):
        RoleTables.parse("not a table")
