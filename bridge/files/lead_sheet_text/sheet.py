"""What a lead sheet holds, and its place between text and song."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import pairwise

from engines.errors import InvalidMusic, NotThere
from engines.music.harmony import NO_CHORD, ChordChange, ChordTrack, KeyChange, KeyTrack
from engines.music.song import MidiClip, Placement, Section, Song, Take, Track
from engines.music.time import MeterChange, MeterMap, TempoChange, TempoMap, Ticks

UNWRITABLE = frozenset("[]|;=")
"""What a section's name cannot hold, because it means something in the text."""


@dataclass(frozen=True)
class LeadSheet:
    """Chords, form and time of a piece, with every repeat written out.

    Keys, tempi and sections change at bar lines; only chords change anywhere.
    """

    length: Ticks
    """Where the last bar ends."""
    chords: ChordTrack
    """Ends where the sheet ends."""
    meter: MeterMap = field(default_factory=MeterMap)
    keys: KeyTrack | None = None
    """None when the sheet states none."""
    tempo: TempoMap | None = None
    """None when the sheet states none."""
    sections: tuple[Section, ...] = ()
    """In order, without overlap."""
    title: str = ""

    def __post_init__(self) -> None:
        if self.length < 1 or self.chords.end != self.length:
            raise InvalidMusic("A lead sheet ends where its chords end.", "Give both the same length.")
        object.__setattr__(self, "meter", MeterMap(tuple(_meter_changes(self.meter, self.length))))
        lines = self.bar_lines
        _check_places(self, {*lines})
        if self.tempo and any(one.linear for one in self.tempo.changes):
            raise InvalidMusic("A lead sheet cannot say that the tempo glides.", "Use LeadSheet.of.")
        _check_names(self)
        # What changes nothing is dropped, so that equal sheets have equal texts.
        if self.keys:
            object.__setattr__(self, "keys", KeyTrack(tuple(_key_changes(self.keys, lines[:-1]))))
        if self.tempo:
            object.__setattr__(self, "tempo", TempoMap(tuple(_tempo_changes(self.tempo, lines[:-1]))))
        object.__setattr__(self, "sections", tuple(replace(one, colour=None) for one in self.sections))

    @property
    def bar_lines(self) -> tuple[Ticks, ...]:
        """Every bar line, the closing one included; the last bar may be cut short."""
        return (*(line for line in self.meter.bar_lines(self.length) if line < self.length), self.length)

    @classmethod
    def of(cls, song: Song) -> LeadSheet:
        """The lead sheet of a song: its chords as they are, and what key, tempo and section hold at each bar line."""
        if song.chords is None:
            raise NotThere("The song states no chords.", "Let `partimento analyze` find them first.")
        last = max(song.end, song.chords.end or 0, *(one.tick + 1 for one in song.chords.changes), 1)
        lines = song.meter.bar_lines(last)
        length = lines[-1]
        return cls(
            length,
            _filled(song.chords, length),
            MeterMap(tuple(_meter_changes(song.meter, length))),
            None if song.keys is None else KeyTrack(tuple(_key_changes(song.keys, lines[:-1]))),
            TempoMap(tuple(_tempo_changes(song.tempo, lines[:-1]))),
            _sections(song.sections, lines),
            one_line(song.name),
        )

    def song(self) -> Song:
        """A song whose only track, `Chords`, has one empty clip for each chord, named by its symbol."""
        placed = tuple(
            Placement(start, Ticks(end - start), (Take(MidiClip(Ticks(end - start), name=str(chord))),))
            for start, end, chord in self.chords.spans()
        )
        return Song(
            (Track("Chords", placed),),
            self.tempo or TempoMap(),
            self.meter,
            self.keys,
            self.chords,
            self.sections,
            name=self.title,
        )


def _check_places(sheet: LeadSheet, lines: set[Ticks]) -> None:
    edges = [tick for section in sheet.sections for tick in (section.start, section.end)]
    keys = [one.tick for one in sheet.keys.changes] if sheet.keys else []
    tempi = [one.tick for one in sheet.tempo.changes] if sheet.tempo else []
    if not lines.issuperset((*edges, *keys, *tempi)):
        raise InvalidMusic(
            "A key, tempo or section changes off the bar lines of the lead sheet.",
            "Use LeadSheet.of, which takes what holds at each bar line.",
        )
    if any(section.length < 1 for section in sheet.sections) or any(
        a.end > b.start for a, b in pairwise(sheet.sections)
    ):
        raise InvalidMusic("Sections of the lead sheet overlap.", "Sort them by time, one after another.")


def _check_names(sheet: LeadSheet) -> None:
    names = [text for section in sheet.sections for text in (section.name, section.label)]
    if not all(section.name for section in sheet.sections) or any(UNWRITABLE.intersection(name) for name in names):
        raise InvalidMusic(
            "A section of the lead sheet has a name that text cannot hold.", "Leave [ ] | ; and = out of it."
        )
    if not all(is_one_line(text) for text in (sheet.title, *names)):
        raise InvalidMusic("A title and a section's name are one line of text.", "Leave line breaks out.")


def is_one_line(text: str) -> bool:
    """Whether a name survives being written into a line of text and read back."""
    return text == one_line(text)


def one_line(text: str) -> str:
    """A name with every line break and tab made a space."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def _filled(chords: ChordTrack, length: Ticks) -> ChordTrack:
    rest = () if chords.end in (None, length) else (ChordChange(Ticks(chords.end or 0), NO_CHORD),)
    return ChordTrack((*chords.changes, *rest), length)


def _meter_changes(meter: MeterMap, length: int) -> Iterable[MeterChange]:
    # A change that changes nothing is dropped, unless it is there to cut the bar before it short.
    last: MeterChange | None = None
    for change in meter.changes:
        if change.tick < length and (
            last is None or last.meter != change.meter or (change.tick - last.tick) % last.meter.bar
        ):
            last = change
            yield change


def _key_changes(keys: KeyTrack, lines: Iterable[Ticks]) -> Iterable[KeyChange]:
    last = None
    for line in lines:
        if (key := keys.at(line)) != last:
            last = key
            yield KeyChange(line, key)


def _tempo_changes(tempo: TempoMap, lines: Iterable[Ticks]) -> Iterable[TempoChange]:
    ticks = [change.tick for change in tempo.changes]
    last = None
    for line in lines:
        stated = tempo.changes[bisect_right(ticks, line) - 1]
        qpm = tempo.qpm_at(line) if stated.linear else stated.qpm  # as it was stated: a fraction stays one
        if qpm != last:
            last = qpm
            yield TempoChange(line, qpm)


def _sections(sections: Iterable[Section], lines: list[Ticks]) -> tuple[Section, ...]:
    """Sections drawn to the nearest bar lines; one that overlaps the next ends where that begins."""
    out: list[Section] = []
    for section in sorted(sections, key=lambda one: one.start):
        start = min(lines, key=lambda line: abs(line - section.start))
        end = min(lines, key=lambda line: abs(line - section.end))
        while out and out[-1].end > start:
            before = out.pop()
            if before.start < start:
                out.append(replace(before, length=Ticks(start - before.start)))
        name = _writable(section.name)
        if end > start and name:
            out.append(Section(name, start, Ticks(end - start), _writable(section.label)))
    return tuple(out)


def _writable(text: str) -> str:
    return one_line("".join(" " if letter in UNWRITABLE else letter for letter in text))
