"""Names of notes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines.errors import EngineError, InvalidMusic
from engines.music.spelling import LETTERS, Spelling, fifths_of, plain

spellings = st.builds(Spelling, st.sampled_from(LETTERS), st.integers(-2, 2))


@pytest.mark.parametrize(
    ("text", "written", "pc", "fifths"),
    [
        ("C", "C", 0, 0),
        ("Bb", "Bb", 10, -2),
        ("B♭", "Bb", 10, -2),
        ("F♯", "F#", 6, 6),
        ("F##", "F##", 7, 13),
        ("F𝄪", "F##", 7, 13),
        ("Fx", "F##", 7, 13),
        ("B𝄫", "Bbb", 9, -9),
        ("Cb", "Cb", 11, -7),
        ("B#", "B#", 0, 12),
        ("G♮", "G", 7, 1),
        (" Eb ", "Eb", 3, -3),
    ],
)
def test_a_note_name(text: str, written: str, pc: int, fifths: int) -> None:
    spelling = Spelling.parse(text)
    assert (str(spelling), spelling.pc, spelling.fifths) == (written, pc, fifths)


@pytest.mark.parametrize("text", ["", "H", "c", "bb", "C###", "Cbbb", "C#b", "C b", "do", "7", "♭"])
def test_what_is_no_note_name(text: str) -> None:
    with pytest.raises(InvalidMusic):
        Spelling.parse(text)


def test_german_h_is_refused_by_name() -> None:
    with pytest.raises(InvalidMusic) as caught:
        Spelling.parse("H")
    assert caught.value.hint == "Write B for the German H, and Bb for the German B."


@given(spellings)
def test_written_and_read_again(spelling: Spelling) -> None:
    assert Spelling.parse(str(spelling)) == spelling
    assert Spelling.from_fifths(spelling.fifths) == spelling


@given(st.integers(-60, 60))
def test_twelve_fifths_are_the_same_pitch(fifths: int) -> None:
    assert Spelling.from_fifths(fifths).pc == fifths * 7 % 12 == Spelling.from_fifths(fifths + 12).pc


@given(spellings, st.integers(-14, 14))
def test_an_interval_moves_the_pitch_by_its_semitones(spelling: Spelling, semitones: int) -> None:
    assert spelling.up(fifths_of(semitones)).pc == (spelling.pc + semitones) % 12


def test_names_sort_as_in_a_dictionary() -> None:
    names = [Spelling.parse(text) for text in ("C#", "A", "C", "Cb")]
    assert [str(name) for name in sorted(names)] == ["A", "Cb", "C", "C#"]


def test_music_type_becomes_plain() -> None:
    assert plain("C△⁷♯¹¹/E♭") == "C^7#11/Eb"


@given(st.text())
def test_any_text_is_a_name_or_a_clear_error(text: str) -> None:
    try:
        spelling = Spelling.parse(text)
    except EngineError:
        return
    assert Spelling.parse(str(spelling)) == spelling
