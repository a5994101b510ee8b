"""The notes of a score, read by partitura.

It is handed only what notes are made of (pitches, durations, ties): everything else in a score is read here, and cannot
trip it.
"""

from __future__ import annotations

import io
import warnings
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from bridge.files.musicxml.chords import whole
from bridge.files.musicxml.text import first_text
from engines.errors import Unavailable, UnreadableFile

MAX_NOTES = 200_000
_KEPT = {
    "measure": ("attributes", "note", "backup", "forward"),
    "attributes": ("divisions",),
    "note": ("chord", "pitch", "rest", "duration", "tie", "voice"),
    "backup": ("duration",),
    "forward": ("duration",),
}
_SILENT_HEADS = ("slash", "none")


@dataclass(frozen=True, slots=True)
class WrittenNote:
    """A note as it stands on the page, ties not yet joined."""

    bar: int
    """Which bar, from 0."""
    place: Fraction
    """Quarter notes from the start of its bar."""
    length: Fraction
    pitch: int
    tied_on: bool
    """Whether the next note of its pitch continues it."""
    tied_from: bool
    """Whether it continues the one before."""


@dataclass(frozen=True)
class WrittenPart:
    """One part's notes."""

    name: str
    program: int | None
    notes: tuple[WrittenNote, ...]
    """In order of bar and place."""


def read_parts(root: Element, name: str) -> list[WrittenPart]:
    """All parts of a score; those without pitched notes come back empty."""
    shifts = [_transpositions(part) for part in root.findall("part")]
    slim = _slim(root)
    if sum(1 for _ in slim.iter("note")) > MAX_NOTES:
        raise UnreadableFile(f"{name} has more than {MAX_NOTES:,} notes.", "Export a shorter excerpt of it.")
    try:
        with warnings.catch_warnings():  # its remarks are for programmers, at import too
            warnings.simplefilter("ignore")
            score = _partitura()(io.BytesIO(ElementTree.tostring(slim)), force_note_ids=True)
            found = [list(_notes(part)) for part in score.parts]
    except (ArithmeticError, AssertionError, AttributeError, LookupError, SyntaxError, TypeError, ValueError) as error:
        # What a foreign reader says of a score that is not as it should be; lxml's errors are SyntaxErrors.
        raise UnreadableFile(
            f"The notes of {name} cannot be read ({type(error).__name__}).", "Export it as MusicXML again."
        ) from error
    listed = {one.get("id"): one for one in root.findall("part-list/score-part")}
    parts = []
    for part, notes, moves in zip(root.findall("part"), found, shifts, strict=True):
        about = listed.get(part.get("id"))
        sounding = sorted((_moved(note, moves) for note in notes), key=lambda note: (note.bar, note.place, note.pitch))
        title = first_text(about, "part-name") if about is not None else ""
        parts.append(WrittenPart(" ".join(title.split()), _program(about), tuple(sounding)))
    return parts


def _partitura() -> Any:
    try:
        from partitura import load_musicxml  # only here: it is an extra, and takes seconds to import
    except ImportError as error:
        raise Unavailable(
            "Reading MusicXML needs the extra `scores`, which is not installed.",
            "Run `uv tool install 'partimento[scores]'`.",
        ) from error
    return load_musicxml


def _program(about: Element | None) -> int | None:
    number = whole(first_text(about, "midi-instrument/midi-program"), 0) if about is not None else 0
    return number - 1 if 1 <= number <= 128 else None


def _transpositions(part: Element) -> list[tuple[int, int]]:
    """(bar, semitones from written to sounding) at every change, the first at bar 0."""
    moves = [(0, 0)]
    for number, measure in enumerate(part.findall("measure")):
        for transpose in measure.findall("attributes/transpose"):
            octaves = whole(first_text(transpose, "octave-change"), 0)
            moves.append((number, whole(first_text(transpose, "chromatic"), 0) + 12 * octaves))
    return moves


def _moved(note: WrittenNote, moves: Sequence[tuple[int, int]]) -> WrittenNote:
    by = moves[bisect_right(moves, (note.bar, 1 << 30)) - 1][1]
    pitch = note.pitch + by
    if not 0 <= pitch <= 127:
        raise UnreadableFile(
            f"Bar {note.bar + 1} has a note that no keyboard has.", "Check its octave and transposition."
        )
    return note if not by else WrittenNote(note.bar, note.place, note.length, pitch, note.tied_on, note.tied_from)


def _slim(root: Element) -> Element:
    """The score with nothing but notes in it. Grace and cue notes, strokes and slashes have no pitch that counts."""
    score = Element("score-partwise")
    part_list = ElementTree.SubElement(score, "part-list")
    for number, part in enumerate(root.findall("part")):
        ElementTree.SubElement(part_list, "score-part", id=f"P{number}")
        slim = ElementTree.SubElement(score, "part", id=f"P{number}")
        for count, measure in enumerate(part.findall("measure"), 1):
            bar = ElementTree.SubElement(slim, "measure", number=str(count))
            bar.extend(kept for element in measure if (kept := _kept(element)) is not None)
            if bar.find("note") is None:
                bar.append(_rest())  # partitura drops a bar in which nothing stands
    return score


def _kept(element: Element) -> Element | None:
    """A copy of what counts in a child of a bar, written anew so that nothing unexpected hides in it."""
    if element.tag not in _KEPT["measure"] or element.find("grace") is not None or element.find("cue") is not None:
        return None
    out = Element(element.tag)
    silent = element.find("unpitched") is not None or first_text(element, "notehead") in _SILENT_HEADS
    for child in element:
        if child.tag in _KEPT[element.tag] and not (silent and child.tag in ("pitch", "tie")):
            out.append(_copy(child))
    if silent:
        ElementTree.SubElement(out, "rest")
    return out


def _copy(child: Element) -> Element:
    copy = Element(child.tag)
    if child.tag == "pitch":
        ElementTree.SubElement(copy, "step").text = first_text(child, "step")
        ElementTree.SubElement(copy, "alter").text = str(whole(first_text(child, "alter"), 0))
        ElementTree.SubElement(copy, "octave").text = str(whole(first_text(child, "octave"), 4))
    elif child.tag == "tie":
        copy.set("type", child.get("type") or "")
    elif child.tag in ("duration", "divisions", "voice"):
        copy.text = str(max(0, whole(child.text or "", 1)))
    return copy


def _rest() -> Element:
    note = Element("note")
    ElementTree.SubElement(note, "rest")
    ElementTree.SubElement(note, "duration").text = "1"
    return note


def _notes(part: Any) -> Iterator[WrittenNote]:
    """The notes of a part as partitura holds it, whose clock counts divisions that may change."""
    from partitura.score import Measure, Note

    clock = _Clock([(int(t), int(q)) for t, q in part.quarter_durations()])
    starts = [int(measure.start.t) for measure in part.iter_all(Measure)]
    for note in part.iter_all(Note):
        bar = bisect_right(starts, note.start.t) - 1
        begin = clock.quarters(int(note.start.t))
        length = clock.quarters(int(note.end.t)) - begin
        if length > 0:
            place = begin - clock.quarters(starts[bar])
            tied = note.tie_next is not None, note.tie_prev is not None
            yield WrittenNote(bar, place, length, int(note.midi_pitch), *tied)


class _Clock:
    """Divisions to quarter notes."""

    def __init__(self, changes: Sequence[tuple[int, int]]) -> None:
        self.changes = changes or [(0, 1)]
        self.before = [Fraction(0)]
        for (t, per_quarter), (after, _) in zip(self.changes, self.changes[1:], strict=False):
            self.before.append(self.before[-1] + Fraction(after - t, per_quarter))

    def quarters(self, t: int) -> Fraction:
        """Quarter notes from the start."""
        i = max(0, bisect_right(self.changes, (t, 1 << 62)) - 1)
        start, per_quarter = self.changes[i]
        return self.before[i] + Fraction(t - start, per_quarter)
