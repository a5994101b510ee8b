"""POP909 with the phrases that two people heard in it, read straight from the archive.

A song counts when its phrase strings are placed surely (`phrase_match` above 0.9), the two totals agree within a tenth,
and the annotators' bar is the file's bar (or two of its bars, in 3/8): where it is not, the file's bar lines cannot carry
the phrases. The annotators' bar is three or four quarters, whichever fills the song.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import mido
import numpy as np

from engines.analysis.phrases import read_form
from engines.analysis.score import Floats, Grid, Ints, Notes, Score
from engines.music.time import PPQ, MeterMap, Ticks

ARCHIVE = "pop909.zip"
TRACKS = ("MELODY", "BRIDGE", "PIANO")
"""What is read. The block chords of the archive are annotation, and stay out."""
MELODY = 0
Form = tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Annotated:
    """A song and its phrases according to two people."""

    id: str
    score: Score
    forms: tuple[Form, Form]
    """Letters and lengths in the annotators' bars."""
    offset: int
    """The tick at which the forms start."""
    bar: int
    """Ticks of an annotator's bar."""

    @property
    def file_bar(self) -> int:
        """Ticks of a bar of the file."""
        return int(self.score.grid.bars[1] - self.score.grid.bars[0])

    @property
    def teaches(self) -> bool:
        """Whether the annotators' bar lines are the file's, so that lines of the file can be learned."""
        return self.bar == self.file_bar and abs((self.offset / self.bar + 0.5) % 1 - 0.5) < 0.2

    def lines(self, annotator: int) -> Ints:
        """Where an annotator's phrases start and the last one ends, in annotators' bars from the start of the form."""
        return np.cumsum([0, *(bars for _, bars in self.forms[annotator])])

    def bar_labels(self, annotator: int) -> list[str]:
        """An annotator's label of each bar."""
        return [label for label, bars in self.forms[annotator] for _ in range(bars)]

    def to_annotators_bar(self, bar: Ints) -> Ints:
        """The file's bar lines (from 0) in annotators' bars, to the nearest."""
        return np.floor((bar * self.file_bar - self.offset) / self.bar + 0.5).astype(np.int64)

    def to_file_bar(self, bar: Ints) -> Ints:
        """The inverse."""
        return np.floor((bar * self.bar + self.offset) / self.file_bar + 0.5).astype(np.int64)

    def marks(self) -> Floats:
        """For each bar line of the file inside the form, the share of annotators who start a phrase there.

        The form's own start counts; its end does not, for what rings on belongs to the last phrase. nan outside and at the
        file's first line, where a phrase starts in any case.
        """
        marks = np.full(self.score.grid.n_bars, np.nan)
        last = max(self.lines(0)[-1], self.lines(1)[-1])
        begin, end = self.to_file_bar(np.array([0, last]))
        marks[max(1, int(begin)) : max(1, int(end))] = 0
        for annotator in (0, 1):
            lines = self.to_file_bar(self.lines(annotator)[:-1])
            marks[lines[(lines > 0) & (lines < len(marks))]] += 0.5
        return marks


def read_songs(folder: Path, ids: Collection[str]) -> Iterator[Annotated]:
    """The songs among `ids` that count, in order of id."""
    with zipfile.ZipFile(folder / ARCHIVE) as archive:
        members = {Path(name).parts[-2:]: name for name in archive.namelist()}
        table = archive.read(next(name for key, name in members.items() if key[-1] == "meta.csv")).decode("utf-8")
        for row in csv.DictReader(io.StringIO(table)):
            id_ = row["song_id"]
            if id_ not in ids or row["aligned"] != "1" or float(row["phrase_match"] or 0) <= 0.9:
                continue
            score = read_score(archive.read(members["aligned", f"{id_}.mid"]), TRACKS)
            song = _annotate(id_, score, row)
            if song is not None:
                yield song


def _annotate(id_: str, score: Score, row: dict[str, str]) -> Annotated | None:
    forms = read_form(row["phrase1"]), read_form(row["phrase2"])
    offset = int(row["phrase_offset_16th"]) * PPQ // 4
    totals = [sum(bars for _, bars in form) for form in forms]
    filled = (int(score.notes.end.max()) - offset) / PPQ / max(totals)
    bar = (3 if filled < 3.4 else 4) * PPQ
    song = Annotated(id_, score, forms, offset, bar)
    agree = abs(totals[0] - totals[1]) <= 0.1 * max(totals)
    return song if agree and bar in (song.file_bar, 2 * song.file_bar) else None


def read_score(data: bytes, tracks: tuple[str, ...]) -> Score:
    """The named tracks of a MIDI file, in that order."""
    file = mido.MidiFile(file=io.BytesIO(data))
    rows: list[tuple[int, int, int, int, int]] = []
    meters: dict[int, str] = {0: "4/4"}
    for track in file.tracks:
        tick, held = 0, dict[int, list[tuple[int, int]]]()
        index = tracks.index(track.name) if track.name in tracks else None
        for message in track:
            tick += message.time
            at = tick * PPQ // file.ticks_per_beat
            if message.type == "time_signature":
                meters[at] = f"{message.numerator}/{message.denominator}"
            elif index is None or message.type not in ("note_on", "note_off"):
                continue
            elif message.type == "note_on" and message.velocity:
                held.setdefault(message.note, []).append((at, message.velocity))
            elif held.get(message.note):
                start, velocity = held[message.note].pop(0)
                rows.append((start, max(at, start + 1), message.note, velocity, index))
    return score_of(np.array(rows, dtype=np.int64).reshape(-1, 5), MeterMap.of(*sorted(meters.items())))


def score_of(rows: Ints, meter: MeterMap) -> Score:
    """A score from rows of start, end, pitch, velocity, track."""
    rows = rows[np.lexsort((rows[:, 2], rows[:, 0]))]
    notes = Notes(*(np.ascontiguousarray(rows[:, i]) for i in range(5)), drum=np.zeros(len(rows), dtype=np.bool_))
    return Score(notes, Grid.of(meter, Ticks(int(rows[:, 1].max(initial=1)))), meter)


def lead_alone(song: Annotated) -> Annotated:
    """The melody without its backing, as in a lead sheet. The grid stays."""
    return replace(song, score=replace(song.score, notes=song.score.notes.of_track(MELODY)))


def excerpt(song: Annotated, first: int, last: int) -> tuple[Score, slice]:
    """Bars `first` up to `last` (from 0) as a piece of its own, and the same stretch of the song's marks."""
    notes, lines = song.score.notes, song.score.grid.bars
    inside = notes.where((notes.start >= lines[first]) & (notes.start < lines[last]))
    end = np.minimum(inside.end, lines[last])
    moved = replace(inside, start=inside.start - lines[first], end=end - lines[first])
    grid = Grid.of(song.score.meter, Ticks(int(lines[last] - lines[first])))
    return Score(moved, grid, song.score.meter), slice(first, last)
