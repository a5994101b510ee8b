"""What a MusicXML score says besides its notes: bars, meters, keys, tempi, chords, rehearsal marks, and the way through it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from xml.etree.ElementTree import Element

from bridge.files.musicxml.chords import read_harmony, read_key, whole
from bridge.files.musicxml.order import Signs
from bridge.files.musicxml.text import first_text
from engines.errors import InvalidMusic, UnreadableFile
from engines.music.harmony import NO_CHORD, Chord, Key
from engines.music.time import COMMON_TIME, DEFAULT_QPM, MAX_QPM, MIN_QPM, Meter

MAX_BARS = 5000
MAX_BAR = 1024
"""Quarter notes in one bar; a written-out cadenza has fewer."""
_BEATS = {
    "whole": Fraction(4),
    "half": Fraction(2),
    "quarter": Fraction(1),
    "eighth": Fraction(1, 2),
    "16th": Fraction(1, 4),
    "32nd": Fraction(1, 8),
}


@dataclass
class WrittenBar:
    """One bar as it stands on the page, all parts together. Places count quarter notes from its start."""

    length: Fraction = Fraction(0)
    meter: Meter = COMMON_TIME
    """The meter that holds in it."""
    key: Key | None = None
    """The key that holds in it."""
    chord_before: Chord = NO_CHORD
    """The chord that still holds when it begins."""
    tempo_before: float = DEFAULT_QPM
    """The tempo that still holds when it begins."""
    chords: list[tuple[Fraction, Chord]] = field(default_factory=list)
    tempi: list[tuple[Fraction, float]] = field(default_factory=list)
    marks: list[tuple[Fraction, str]] = field(default_factory=list)
    """Rehearsal marks."""
    signs: Signs = field(default_factory=Signs)


@dataclass(frozen=True)
class Written:
    """A score as it stands on the page."""

    bars: tuple[WrittenBar, ...]
    unknown_chords: tuple[int, ...]
    """The bars (from 1) whose chord symbols say something that no chord is."""
    odd_tempi: tuple[int, ...]
    """The bars with a tempo that cannot be played."""


def walk(root: Element, name: str) -> Written:
    """Read the page. Meter, key and chords come from the first part that states them, the rest from all."""
    parts = root.findall("part")
    if not parts or not any(part.find("measure") is not None for part in parts):
        raise UnreadableFile(f"{name} is a score without bars.", "Export it again with its music.")
    count = max(len(part.findall("measure")) for part in parts)
    if count > MAX_BARS:
        raise UnreadableFile(f"{name} has {count:,} bars, more than are read.", f"Export up to {MAX_BARS:,} of them.")
    bars = [WrittenBar() for _ in range(count)]
    odd: tuple[set[int], set[int]] = set(), set()
    with_chords = next((part for part in parts if part.find("measure/harmony") is not None), None)
    for part in parts:
        _Pen(bars, chords=part is with_chords, leads=part is parts[0], unknown=odd[0], unplayable=odd[1]).read(part)
    for bar in bars:
        bar.length = bar.length or Fraction(bar.meter.numerator * 4, bar.meter.denominator)
        bar.chords.sort(key=lambda one: one[0])
        bar.tempi.sort(key=lambda one: one[0])
        bar.marks.sort(key=lambda one: one[0])
    for before, bar in pairwise(bars):
        bar.key = bar.key or before.key
        bar.chord_before = before.chords[-1][1] if before.chords else before.chord_before
        bar.tempo_before = before.tempi[-1][1] if before.tempi else before.tempo_before
    return Written(tuple(bars), tuple(sorted(odd[0])), tuple(sorted(odd[1])))


@dataclass
class _Pen:
    """Follows one part from bar to bar and writes what it finds into the bars."""

    bars: Sequence[WrittenBar]
    chords: bool
    """Whether this part's chord symbols count."""
    leads: bool
    """Whether this part's meters and keys count."""
    unknown: set[int]
    unplayable: set[int]
    divisions: int = 1
    place: Fraction = Fraction(0)
    meter: Meter = COMMON_TIME
    transpose: int = 0

    def read(self, part: Element) -> None:
        """Every bar of the part."""
        for number, measure in enumerate(part.findall("measure"), 1):
            bar = self.bars[number - 1]
            self.place, longest = Fraction(0), Fraction(0)
            last_onset = Fraction(0)
            for element in measure:
                match element.tag:
                    case "note" if element.find("grace") is None and element.find("chord") is None:
                        last_onset = self.place
                        self.place += self.duration(element)
                    case "forward":
                        self.place += self.duration(element)
                    case "backup":
                        self.place = max(Fraction(0), self.place - self.duration(element))
                    case "attributes":
                        self.attributes(element, bar)
                    case "harmony" if self.chords:
                        self.harmony(element, bar, number)
                    case "direction" | "sound":
                        self.direction(element, bar, number)
                    case "barline":
                        bar.signs.take_barline(element)
                longest = max(longest, self.place, last_onset)
            if longest > MAX_BAR:
                raise UnreadableFile(
                    f"Bar {number} is {float(longest):,.0f} quarter notes long.",
                    "Check the durations in it.",
                    path=f"bar {number}",
                )
            bar.length = max(bar.length, longest)
            if self.leads:
                bar.meter = self.meter

    def duration(self, element: Element) -> Fraction:
        """A duration in quarter notes."""
        return Fraction(max(0, whole(first_text(element, "duration"), 0)), self.divisions)

    def at(self, element: Element) -> Fraction:
        """Where an element stands, its own offset included."""
        return max(Fraction(0), self.place + Fraction(whole(first_text(element, "offset"), 0), self.divisions))

    def attributes(self, element: Element, bar: WrittenBar) -> None:
        """Divisions, meter, key and transposition from here on."""
        self.divisions = max(1, whole(first_text(element, "divisions"), self.divisions))
        transpose = element.find("transpose")
        if transpose is not None:
            self.transpose = whole(first_text(transpose, "chromatic"), 0)
            self.transpose += 12 * whole(first_text(transpose, "octave-change"), 0)
        time, key = element.find("time"), element.find("key")
        if time is not None:
            self.meter = read_meter(time) or self.meter
        if key is not None and self.leads:
            read = read_key(key)
            bar.key = read.transpose(self.transpose % 12) if read else bar.key

    def harmony(self, element: Element, bar: WrittenBar, number: int) -> None:
        """A chord symbol, as it sounds."""
        chord = read_harmony(element)
        if chord is None:
            self.unknown.add(number)
        else:
            bar.chords.append((self.at(element), chord.transpose(self.transpose % 12)))

    def direction(self, element: Element, bar: WrittenBar, number: int) -> None:
        """Tempo, rehearsal marks, jumps. The tempo that is played counts more than the one that is printed."""
        sounds = [element] if element.tag == "sound" else element.findall("sound")
        for sound in sounds:
            bar.signs.take_sound(sound)
        played = [qpm for sound in sounds if (qpm := _number(sound.get("tempo") or "")) is not None]
        printed = [qpm for metronome in element.iter("metronome") if (qpm := _metronome(metronome)) is not None]
        for qpm in (played or printed)[:1]:
            if MIN_QPM <= qpm <= MAX_QPM:
                bar.tempi.append((self.at(element), qpm))
            else:
                self.unplayable.add(number)
        for rehearsal in element.iter("rehearsal"):
            words = " ".join((rehearsal.text or "").split())
            if words:
                bar.marks.append((self.at(element), words))


def read_meter(time: Element) -> Meter | None:
    """The meter of a `<time>`: `3+2` over 8 counts as 5/8, two fractions as their sum. None without a measure."""
    parts = list(_fractions(time))
    if not parts:
        return None
    unit = max(below for _, below in parts)
    try:
        return Meter(sum(above * unit // below for above, below in parts), unit)
    except InvalidMusic as error:
        raise UnreadableFile(f"The score states an impossible meter. {error.message}", error.hint) from error


def _fractions(time: Element) -> Iterator[tuple[int, int]]:
    for above, below in zip(time.findall("beats"), time.findall("beat-type"), strict=False):
        yield sum(whole(words, 0) for words in (above.text or "").split("+")), max(1, whole(below.text or "", 0))


def _metronome(metronome: Element) -> float | None:
    """Quarter notes per minute of a printed `beat = number`; None for other equations."""
    beat = _BEATS.get(first_text(metronome, "beat-unit"))
    per_minute = _number(first_text(metronome, "per-minute"))
    if beat is None or per_minute is None or len(metronome.findall("beat-unit")) != 1:
        return None
    dots = len(metronome.findall("beat-unit-dot"))
    return float(beat * (2 - Fraction(1, 2 ** min(dots, 4)))) * per_minute


def _number(words: str) -> float | None:
    try:
        value = float(words.strip()[:16])
    except ValueError:
        return None
    return value if abs(value) < 1e9 else None
