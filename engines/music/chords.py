"""A chord: root, degrees, bass. It reads from any usual symbol and writes one canonical symbol."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from engines.errors import InvalidMusic, UnknownChord
from engines.music.chord_hints import nearest_symbol
from engines.music.chord_names import quality_text
from engines.music.chord_symbols import LONGEST, read_symbol
from engines.music.degrees import MOST, Degree, Degrees, in_order
from engines.music.spelling import Spelling, fifths_of


@dataclass(frozen=True, slots=True)
class Chord:
    """A chord as a lead sheet names it, or no chord (`NO_CHORD`)."""

    root: Spelling | None
    """None for no chord."""
    degrees: Degrees = ()
    """The steps above the root, each once and in order; the root itself is one of them unless it is left out."""
    bass: Spelling | None = None
    """The lowest note where that is not the root."""

    def __post_init__(self) -> None:
        degrees = in_order(self.degrees)
        if len(degrees) > MOST or not all(one.is_possible for one in degrees):
            raise InvalidMusic(
                f"A chord cannot have the degrees {[tuple(one) for one in degrees]}.",
                f"Use at most {MOST} of the steps 1 to 13, altered by two semitones or less; the root is not altered.",
            )
        if (self.root is None) != (not degrees) or (self.root is None and self.bass is not None):
            raise InvalidMusic("A chord needs a root and at least one degree.", "Use NO_CHORD where there is none.")
        object.__setattr__(self, "degrees", degrees)
        if self.bass == self.root:
            object.__setattr__(self, "bass", None)

    @classmethod
    def parse(cls, text: str, where: str | None = None) -> Chord:
        """Read a chord symbol; `where` says in an error where the symbol stood (`bar 12`, `line 3, column 7`)."""
        chord = find_chord(text)
        if chord is None:
            shown = text if len(text) <= LONGEST else text[:24] + "…"
            place = f" ({where})" if where else ""
            raise UnknownChord(
                f"{shown!r} is not a chord symbol{place}.", f"Did you mean {nearest_symbol(text)}?", path=where
            )
        return chord

    def __str__(self) -> str:
        if self.root is None:
            return "N.C."
        return f"{self.root}{self.quality}" + (f"/{self.bass}" if self.bass else "")

    @property
    def is_none(self) -> bool:
        """Whether it stands for no harmony at all."""
        return self.root is None

    @property
    def quality(self) -> str:
        """The canonical text after the root and before the bass: `m7b5`; empty for a major triad and for no chord."""
        return quality_text(self.degrees) if self.degrees else ""

    @property
    def root_pc(self) -> int | None:
        """The root's pitch class; None for no chord."""
        return None if self.root is None else self.root.pc

    @property
    def bass_pc(self) -> int | None:
        """The pitch class that sounds lowest; None for no chord."""
        return self.root_pc if self.bass is None else self.bass.pc

    @property
    def tones(self) -> tuple[int, ...]:
        """The pitch classes of the degrees, from the root up, without a bass that is foreign to them."""
        if self.root is None:
            return ()
        pc = self.root.pc
        return tuple(dict.fromkeys((pc + one.semitones) % 12 for one in self.degrees))

    @property
    def spelled_tones(self) -> tuple[Spelling, ...]:
        """The names of the degrees, from the root up."""
        return () if self.root is None else tuple(self.root.up(one.fifths) for one in self.degrees)

    @property
    def pitch_classes(self) -> frozenset[int]:
        """Everything that may sound: the degrees and the bass."""
        return _pitch_classes(self)

    @property
    def chroma(self) -> int:
        """The pitch classes as 12 bits; bit 0 is C."""
        return sum(1 << pc for pc in _pitch_classes(self))

    @property
    def shape(self) -> int:
        """The degrees as 12 bits above the root, without the bass; bit 0 is the root."""
        bits = 0
        for one in self.degrees:
            bits |= 1 << one.semitones % 12
        return bits

    @property
    def third(self) -> int | None:
        """4 for a major third, 3 for a minor one (a #9 beside a major third does not count), None for neither."""
        if Degree(3) in self.degrees:
            return 4
        return 3 if Degree(3, -1) in self.degrees else None

    @property
    def is_minor(self) -> bool:
        """Whether its third is minor."""
        return self.third == 3

    @property
    def is_major(self) -> bool:
        """Whether its third is major."""
        return self.third == 4

    def transpose(self, semitones: int) -> Chord:
        """The same chord so much higher; root and bass move by one interval, with few accidentals."""
        if self.root is None or semitones == 0:
            return self
        moved = self.root.fifths + fifths_of(semitones)
        # Roots from Gb to F# on the line of fifths; what lies beyond is renamed, and the bass goes along.
        renamed = -12 if moved > 6 else 12 if moved < -6 else 0
        while not -6 <= moved + renamed <= 6:
            renamed += -12 if moved + renamed > 6 else 12
        interval = fifths_of(semitones) + renamed
        return Chord(self.root.up(interval), self.degrees, self.bass.up(interval) if self.bass else None)


NO_CHORD = Chord(None)
"""No harmony: N.C."""


def find_chord(text: str) -> Chord | None:
    """The chord that a symbol stands for; None where it is not one."""
    return _find(text) if len(text) <= LONGEST else None


@lru_cache(maxsize=8192)
def _find(text: str) -> Chord | None:
    read = read_symbol(text)
    return None if read is None or len(read[1]) > MOST else Chord(*read)


@lru_cache(maxsize=8192)
def _pitch_classes(chord: Chord) -> frozenset[int]:
    return frozenset(chord.tones) | (frozenset() if chord.bass is None else frozenset((chord.bass.pc,)))
