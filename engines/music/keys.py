"""Keys: a tonic and a mode, what its notes are called, and where a piece changes key."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, lru_cache
from itertools import pairwise

from engines.errors import InvalidMusic
from engines.music.spelling import Spelling, fifths_of, plain, read_spelling
from engines.music.time import Ticks


class Mode(StrEnum):
    """The modes, by the names that people write."""

    MAJOR = "major"
    MINOR = "minor"
    IONIAN = "ionian"
    DORIAN = "dorian"
    PHRYGIAN = "phrygian"
    LYDIAN = "lydian"
    MIXOLYDIAN = "mixolydian"
    AEOLIAN = "aeolian"
    LOCRIAN = "locrian"
    HARMONIC_MINOR = "harmonic minor"
    MELODIC_MINOR = "melodic minor"
    PHRYGIAN_DOMINANT = "phrygian dominant"
    MAJOR_PENTATONIC = "major pentatonic"
    MINOR_PENTATONIC = "minor pentatonic"
    BLUES = "blues"


# One row a mode: its scale in fifths above the tonic, from the tonic up, and where its key signature stands against the
# tonic's own major. Phrygian dominant and blues are written with the signature of the minor they grow from.
_MODES: dict[Mode, tuple[tuple[int, ...], int]] = {
    Mode.MAJOR: ((0, 2, 4, -1, 1, 3, 5), 0),
    Mode.IONIAN: ((0, 2, 4, -1, 1, 3, 5), 0),
    Mode.DORIAN: ((0, 2, -3, -1, 1, 3, -2), -2),
    Mode.PHRYGIAN: ((0, -5, -3, -1, 1, -4, -2), -4),
    Mode.LYDIAN: ((0, 2, 4, 6, 1, 3, 5), 1),
    Mode.MIXOLYDIAN: ((0, 2, 4, -1, 1, 3, -2), -1),
    Mode.MINOR: ((0, 2, -3, -1, 1, -4, -2), -3),
    Mode.AEOLIAN: ((0, 2, -3, -1, 1, -4, -2), -3),
    Mode.LOCRIAN: ((0, -5, -3, -1, -6, -4, -2), -5),
    Mode.HARMONIC_MINOR: ((0, 2, -3, -1, 1, -4, 5), -3),
    Mode.MELODIC_MINOR: ((0, 2, -3, -1, 1, 3, 5), -3),
    Mode.PHRYGIAN_DOMINANT: ((0, -5, 4, -1, 1, -4, -2), -4),
    Mode.MAJOR_PENTATONIC: ((0, 2, 4, 1, 3), 0),
    Mode.MINOR_PENTATONIC: ((0, -3, -1, 1, -2), -3),
    Mode.BLUES: ((0, -3, -1, -6, 1, -2), -3),
}

_ALIASES: dict[str, Mode] = {
    "": Mode.MAJOR,
    "maj": Mode.MAJOR,
    "ma": Mode.MAJOR,
    "m": Mode.MINOR,
    "mi": Mode.MINOR,
    "min": Mode.MINOR,
    "natural minor": Mode.MINOR,
    "harmonic": Mode.HARMONIC_MINOR,
    "melodic": Mode.MELODIC_MINOR,
    "mixo": Mode.MIXOLYDIAN,
    "pentatonic": Mode.MAJOR_PENTATONIC,
    "pentatonic major": Mode.MAJOR_PENTATONIC,
    "pentatonic minor": Mode.MINOR_PENTATONIC,
    **{mode.value[:3]: mode for mode in (Mode.IONIAN, Mode.DORIAN, Mode.PHRYGIAN, Mode.LYDIAN)},
    **{mode.value[:3]: mode for mode in (Mode.MIXOLYDIAN, Mode.AEOLIAN, Mode.LOCRIAN)},
    **{mode.value: mode for mode in Mode},
}
_HINT = "Write a tonic and a mode, such as C major, Am or F# dorian."
_LONGEST = 48


@dataclass(frozen=True, slots=True)
class Key:
    """A tonic and a mode."""

    tonic: Spelling
    mode: Mode = Mode.MAJOR

    @classmethod
    def parse(cls, text: str) -> Key:
        """`A minor`, `Am`, `F# dorian`, `Eb`, `E♭ mixolydian`.

        A tonic in lower case needs its mode (`c minor`, `am`): alone it means minor to some and major to others.
        """
        if len(text) > _LONGEST:
            raise InvalidMusic(f"{text[:24]!r}… is too long for a key.", _HINT)
        words = " ".join(re.sub(r"[\s:_-]+", " ", plain(text)).split())
        if words[:1] in ("H", "h"):
            raise InvalidMusic(f"{text!r} is not a key.", "Write B for the German H, and Bb for the German B.")
        read = read_spelling(words[:1].upper() + words[1:], 0)
        if read is None:
            raise InvalidMusic(f"{text!r} is not a key.", _HINT)
        tonic, end = read
        rest = words[end:].strip()
        if not rest and words[0].islower():
            raise InvalidMusic(f"{text!r} could be {tonic} major or {tonic} minor.", f"Write {tonic} or {tonic}m.")
        mode = Mode.MAJOR if rest == "M" else _ALIASES.get(rest.lower())
        if mode is None:
            raise InvalidMusic(f"{rest!r} in the key {text!r} is not a mode.", _HINT)
        return cls(tonic, mode)

    def __str__(self) -> str:
        return f"{self.tonic} {self.mode.value}"

    @property
    def spelled_scale(self) -> tuple[Spelling, ...]:
        """The names of the scale's notes, from the tonic up."""
        return tuple(self.tonic.up(fifths) for fifths in _MODES[self.mode][0])

    @property
    def scale(self) -> tuple[int, ...]:
        """The pitch classes of the scale, from the tonic up."""
        return tuple((self.tonic.pc + fifths * 7) % 12 for fifths in _MODES[self.mode][0])

    @property
    def signature(self) -> int:
        """Sharps (positive) or flats of the key signature, -7 to 7; beyond seven the enharmonic twin counts."""
        fifths = self.tonic.fifths + _MODES[self.mode][1]
        while fifths > 7:
            fifths -= 12
        while fifths < -7:
            fifths += 12
        return fifths

    @property
    def is_major_like(self) -> bool:
        """Whether the third above the tonic is major."""
        return 4 in _MODES[self.mode][0]

    def spell(self, pc: int) -> Spelling:
        """Name a pitch class in this key.

        Scale tones keep the scale's names. Others are named as they mostly arise: bII, bIII, bVI and bVII as flats of
        the key, #IV (the third of V/V) and, in minor, the raised third, sixth and seventh as sharps; but by the plain
        name where that would be Cb, Fb, E#, B# or worse, unless it is the leading note.
        """
        return _names(self)[pc % 12]

    def transpose(self, semitones: int) -> Key:
        """The same mode on another tonic, named so that the signature stays small."""
        moved = self.tonic.fifths + fifths_of(semitones)
        signature = moved + _MODES[self.mode][1]
        while signature > 6:
            moved, signature = moved - 12, signature - 12
        while signature < -6:
            moved, signature = moved + 12, signature + 12
        return self if semitones == 0 else Key(Spelling.from_fifths(moved), self.mode)


@lru_cache(maxsize=1024)
def _names(key: Key) -> tuple[Spelling, ...]:
    # Twelve neighbours on the line of fifths, from the flat second to the raised fourth, hold every usual chromatic
    # tone of major and of minor alike; a scale that reaches further (the flat fifth of locrian) comes first.
    scale = {spelling.pc: spelling for spelling in key.spelled_scale}
    leading = key.tonic.up(5)
    by_pc = {spelling.pc: spelling for spelling in map(_plain_name, (key.tonic.up(fifths) for fifths in range(-5, 7)))}
    by_pc = {**by_pc, leading.pc: leading, **scale}
    return tuple(by_pc[pc] for pc in range(12))


def _plain_name(spelling: Spelling) -> Spelling:
    fifths = spelling.fifths
    return spelling.up(12) if fifths < -6 else spelling.up(-12) if fifths > 10 else spelling


@dataclass(frozen=True, slots=True)
class KeyChange:
    """From this tick on the music is in this key."""

    tick: Ticks
    key: Key


@dataclass(frozen=True)
class KeyTrack:
    """The keys of a piece."""

    changes: tuple[KeyChange, ...]
    """In order of time, the first at tick 0."""

    def __post_init__(self) -> None:
        if not self.changes or self.changes[0].tick != 0:
            raise InvalidMusic("A key track starts at tick 0.", "Give the first key at the very start.")
        if any(a.tick >= b.tick for a, b in pairwise(self.changes)):
            raise InvalidMusic("Key changes are out of order.", "Sort them by time, one for each position.")

    @classmethod
    def constant(cls, key: Key) -> KeyTrack:
        """One key throughout."""
        return cls((KeyChange(Ticks(0), key),))

    @cached_property
    def _ticks(self) -> list[int]:
        return [change.tick for change in self.changes]

    def at(self, tick: int) -> Key:
        """The key that is in force at a tick."""
        return self.changes[max(0, bisect_right(self._ticks, tick) - 1)].key

    def transpose(self, semitones: int) -> KeyTrack:
        """The same piece in another key."""
        return KeyTrack(tuple(KeyChange(c.tick, c.key.transpose(semitones)) for c in self.changes))
