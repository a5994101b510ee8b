"""From degrees and grips to keys: what a sign means over a chord."""

from __future__ import annotations

from functools import cache

from engines.errors import InvalidMusic
from engines.music.degrees import Degree
from engines.music.harmony import Chord, Key, Spelling
from engines.music.spelling import LETTERS
from training.house_patterns.notation import Hand, Pitched

_STAND_INS = {1: (1,), 3: (3, 4, 2, 1), 5: (5, 1), 7: (7, 6, 1), 9: (9, 2, 1), 11: (11, 4, 5), 13: (13, 6, 5)}
"""What a pianist takes for a tone, the best first; the first that the chord has is played."""


def pitch_of(note: Pitched, hand: Hand, chord: Chord, key: Key, *, on_bass: bool) -> int:
    """The key that is struck; degrees are counted from the chord's bass in the left hand (`on_bass`), else from its root."""
    if chord.is_none:
        raise InvalidMusic("Nothing can be played over no chord.", "Leave that bar empty, or write a chord.")
    placed = _voice(note.number, hand, chord) if note.is_voice else _degree(note.number, hand, chord, key, on_bass)
    return _walk(placed, note.step, chord, key) + note.shift + 12 * note.octave


def grip_of(hand: Hand, chord: Chord) -> tuple[int, ...]:
    """The voices of the hand's grip from the lowest up, in close position above the place where the grip lies.

    A half step on top sounds sour, so the highest voice then goes to the bottom: rootless ninths come out as 3579 or 7935.
    """
    low = place(hand.at or hand.low)
    grip = sorted({low + (_tone(int(word), chord) - low) % 12 for word in hand.grip.split()})
    if len(grip) > 2 and grip[-1] - grip[-2] == 1:
        grip = [grip[-1] - 12, *grip[:-1]]
    return tuple(grip)


@cache
def place(text: str) -> int:
    """`C4` is middle C, key 60."""
    return Spelling.parse(text[:-1]).pc + 12 * (int(text[-1]) + 1)


def _voice(number: int, hand: Hand, chord: Chord) -> int:
    grip = grip_of(hand, chord)
    if not grip:
        raise InvalidMusic("A hand without a grip has no voices.", "Give the hand a grip, or write degrees.")
    octave, voice = divmod(number, len(grip))
    return grip[voice] + 12 * octave


def _degree(number: int, hand: Hand, chord: Chord, key: Key, on_bass: bool) -> int:
    root, bass = _root(chord).pc, chord.bass_pc
    assert bass is not None
    origin, low = bass if on_bass else root, place(hand.low)
    octave, step = divmod(number - 1, 7)
    lowest = low + (origin - low) % 12
    if step == 0:
        return lowest + 12 * octave
    if step % 2:
        pc = dict(_scale(chord, key))[LETTERS[(LETTERS.index(_root(chord).letter) + step) % 7]]
    else:
        pc = _tone(step + 1, chord)
        if (
            pc == origin
        ):  # the root above stands in for what lies in the bass already, and for a seventh that is not there
            return lowest + 12 * octave + ((root - origin) % 12 or 12)
    return lowest + (pc - origin) % 12 + 12 * octave


def _tone(number: int, chord: Chord) -> int:
    """The pitch class of a chord tone, or of what is played in its stead."""
    have = {degree.number: degree for degree in reversed(chord.degrees)}
    found = next((have[n] for n in _STAND_INS[number] if n in have), Degree(1))
    return (_root(chord).pc + found.semitones) % 12


@cache
def _scale(chord: Chord, key: Key) -> tuple[tuple[str, int], ...]:
    """The key's scale by letter, with the chord's own tones where they differ from it."""
    notes = {name.letter: name.pc for name in key.spelled_scale}
    return tuple({**notes, **{name.letter: name.pc for name in reversed(chord.spelled_tones)}}.items())


def _root(chord: Chord) -> Spelling:
    assert chord.root is not None
    return chord.root


def _walk(pitch: int, steps: int, chord: Chord, key: Key) -> int:
    """So many steps of the scale up or down."""
    scale = {pc for _, pc in _scale(chord, key)}
    while steps:
        pitch += 1 if steps > 0 else -1
        if pitch % 12 in scale:
            steps += -1 if steps > 0 else 1
    return pitch
