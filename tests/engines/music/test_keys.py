"""Keys, their scales, and what notes are called in them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines.errors import EngineError, InvalidMusic
from engines.music.keys import Key, KeyChange, KeyTrack, Mode
from engines.music.spelling import LETTERS, Spelling
from engines.music.time import Ticks

tonics = st.builds(Spelling, st.sampled_from(LETTERS), st.integers(-1, 1))
keys = st.builds(Key, tonics, st.sampled_from(Mode))


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("C major", "C major"),
        ("C", "C major"),
        ("Eb", "Eb major"),
        ("E♭", "Eb major"),
        ("A minor", "A minor"),
        ("Am", "A minor"),
        ("am", "A minor"),
        ("a minor", "A minor"),
        ("A Minor", "A minor"),
        ("Amin", "A minor"),
        ("AM", "A major"),
        ("C#m", "C# minor"),
        ("bb minor", "Bb minor"),
        ("eb major", "Eb major"),
        ("F# dorian", "F# dorian"),
        ("F#dor", "F# dorian"),
        ("Bb mixolydian", "Bb mixolydian"),
        ("G mix", "G mixolydian"),
        ("D:min", "D minor"),
        ("D_minor", "D minor"),
        ("A harmonic minor", "A harmonic minor"),
        ("A melodic", "A melodic minor"),
        ("E phrygian dominant", "E phrygian dominant"),
        ("E blues", "E blues"),
        ("A minor pentatonic", "A minor pentatonic"),
        ("B locrian", "B locrian"),
    ],
)
def test_a_key(text: str, written: str) -> None:
    assert str(Key.parse(text)) == written


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("c", "'c' could be C major or C minor."),
        ("bb", "'bb' could be Bb major or Bb minor."),
        ("H moll", "'H moll' is not a key."),
        ("A happy", "'happy' in the key 'A happy' is not a mode."),
        ("", "'' is not a key."),
        ("minor", "'minor' is not a key."),
        ("C7", "'7' in the key 'C7' is not a mode."),
    ],
)
def test_what_is_no_key(text: str, message: str) -> None:
    with pytest.raises(InvalidMusic) as caught:
        Key.parse(text)
    assert caught.value.message == message
    assert caught.value.hint


@given(keys)
def test_written_and_read_again(key: Key) -> None:
    assert Key.parse(str(key)) == key


@given(st.text())
def test_any_text_is_a_key_or_a_clear_error(text: str) -> None:
    try:
        key = Key.parse(text)
    except EngineError:
        return
    assert Key.parse(str(key)) == key


@pytest.mark.parametrize(
    ("key", "names", "signature", "major_like"),
    [
        ("C", "C D E F G A B", 0, True),
        ("Am", "A B C D E F G", 0, False),
        ("Eb", "Eb F G Ab Bb C D", -3, True),
        ("F# dorian", "F# G# A B C# D# E", 4, False),
        ("E phrygian", "E F G A B C D", 0, False),
        ("F lydian", "F G A B C D E", 0, True),
        ("G mixolydian", "G A B C D E F", 0, True),
        ("B locrian", "B C D E F G A", 0, False),
        ("A harmonic minor", "A B C D E F G#", 0, False),
        ("C melodic minor", "C D Eb F G A B", -3, False),
        ("E phrygian dominant", "E F G# A B C D", 0, True),
        ("A blues", "A C D Eb E G", 0, False),
        ("Bb major pentatonic", "Bb C D F G", -2, True),
        ("C#", "C# D# E# F# G# A# B#", 7, True),
        ("Ab minor", "Ab Bb Cb Db Eb Fb Gb", -7, False),
    ],
)
def test_a_scale(key: str, names: str, signature: int, major_like: bool) -> None:
    music = Key.parse(key)
    assert " ".join(map(str, music.spelled_scale)) == names
    assert music.scale == tuple(Spelling.parse(name).pc for name in names.split())
    assert (music.signature, music.is_major_like) == (signature, major_like)


def test_a_signature_beyond_seven_is_that_of_the_enharmonic_twin() -> None:
    assert Key.parse("G#").signature == Key.parse("Ab").signature == -4


@pytest.mark.parametrize(
    ("key", "names"),
    [
        ("C", "C Db D Eb E F F# G Ab A Bb B"),
        ("A minor", "C C# D D# E F F# G G# A Bb B"),
        ("Eb", "C Db D Eb E F Gb G Ab A Bb B"),
        ("Gb", "C Db D Eb E F Gb G Ab A Bb Cb"),
        ("F# minor", "C C# D D# E E# F# G G# A A# B"),
        ("G# minor", "C C# D D# E F F# F## G# A A# B"),
        ("E", "C C# D D# E F F# G G# A A# B"),
        ("C minor", "C Db D Eb E F F# G Ab A Bb B"),
        ("B locrian", "C C# D D# E F F# G G# A A# B"),
    ],
)
def test_what_notes_are_called(key: str, names: str) -> None:
    assert " ".join(str(Key.parse(key).spell(pc)) for pc in range(12)) == names


@given(keys, st.integers(-24, 24))
def test_every_key_names_every_pitch(key: Key, pc: int) -> None:
    assert key.spell(pc).pc == pc % 12
    if pc % 12 in key.scale:
        assert key.spell(pc) in key.spelled_scale


@given(keys, st.integers(-24, 24))
def test_transposing_moves_the_scale(key: Key, semitones: int) -> None:
    moved = key.transpose(semitones)
    assert moved.scale == tuple((pc + semitones) % 12 for pc in key.scale)
    assert abs(moved.signature) <= 6 or semitones == 0


def test_keys_in_a_piece() -> None:
    c, a = Key.parse("C"), Key.parse("Am")
    track = KeyTrack((KeyChange(Ticks(0), c), KeyChange(Ticks(3840), a)))
    assert [track.at(tick) for tick in (-1, 0, 3839, 3840, 99999)] == [c, c, c, a, a]
    assert [str(change.key) for change in track.transpose(3).changes] == ["Eb major", "C minor"]
    assert KeyTrack.constant(a).at(7) == a


@pytest.mark.parametrize("ticks", [(), (1,), (0, 5, 5), (0, 9, 3)])
def test_a_key_track_is_in_order_from_the_start(ticks: tuple[int, ...]) -> None:
    with pytest.raises(InvalidMusic):
        KeyTrack(tuple(KeyChange(Ticks(tick), Key.parse("C")) for tick in ticks))
