"""Who plays: people, baselines, and the engine.

A baseline is there to be beaten, or to show what single figures miss: *one figure per letter* plays a fixed pattern for each
letter of the form, and does well on chords and on structure at once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from pathlib import Path
from time import perf_counter

import numpy as np

from benchmarks.arranging.leads import Lead
from benchmarks.arranging.packs import BlindAccompanist
from benchmarks.arranging.quoted import pack_runs
from benchmarks.metrics.novelty import TrainingRuns
from bridge import app
from engines.api import ArrangeRequest, Engine, Phrase, Result, unheard
from engines.errors import EngineError, NotThere
from engines.music.chance import Chance
from engines.music.harmony import Chord, ChordChange, ChordTrack
from engines.music.notes import Note
from engines.music.time import PPQ, Ticks

VELOCITY = 70
BASS, MIDDLE = 36, 52
"""The lowest bass note, and the lowest note of the right hand."""
EIGHTH = PPQ // 2
FIGURES: tuple[tuple[tuple[int, ...], ...], ...] = (
    ((0,), (2,), (1,), (2,), (3,), (2,), (1,), (2,)),
    ((0, 1, 2, 3), (), (1, 2, 3), ()),
    ((0,), (1, 2, 3)),
    ((0,), (1,), (2,), (3,)),
    ((0, 3), (), (), (1, 2), (0,), (), (1, 2, 3), ()),
    ((0, 1, 2, 3), (), (), ()),
)
"""What begins on each eighth of a bar, over and over: 0 is the bass, the others the chord from below."""


@dataclass(frozen=True)
class Arrangement:
    """What an arranger made of a lead sheet."""

    notes: tuple[Note, ...]
    """The piano part, in song ticks."""
    phrases: tuple[Phrase, ...]
    """The phrases that the arranger went by."""
    seconds: float
    """How long it took, without loading what it draws on; nan where nobody looked at a clock."""


Arranger = Callable[[Lead, int], Arrangement]
"""A lead sheet and a seed."""


@dataclass(frozen=True)
class Player:
    """A row of the tables."""

    name: str
    arrange: Arranger
    seeded: bool = False
    """Whether another seed gives other music."""
    needs_people: bool = False
    """Whether it can only play what people played."""
    judged_by: Callable[[Lead, int], Lead] | None = None
    """The lead sheet that the result is held against, where that is not the one that was played: a floor."""
    donors: Callable[[Path], TrainingRuns] | None = None
    """What the longest verbatim run is looked for in; None for the training songs of POP909."""


def _timed(lead: Lead, play: Callable[[], Sequence[Note]]) -> Arrangement:
    form = lead.form  # hearing the phrases is not part of the playing
    begin = perf_counter()
    notes = play()
    return Arrangement(tuple(sorted(notes)), form, perf_counter() - begin)


def real(lead: Lead, seed: int) -> Arrangement:
    """What people play: the ceiling."""
    if lead.real is None:
        raise NotThere(f"Nobody's accompaniment of {lead.name} is known.", "Take a song of POP909.")
    return Arrangement(lead.real, lead.form, float("nan"))


def chords_shuffled(lead: Lead, seed: int) -> Lead:
    """The same lead sheet with its chords in another order: the floor of whatever listens to chords."""
    spans = list(lead.chords.spans(int(lead.grid.bars[-1])))
    order = np.random.default_rng(Chance(seed).of(lead.name, "chords").key).permutation(len(spans))
    changes = [ChordChange(span.start, spans[i].chord) for span, i in zip(spans, order.tolist(), strict=True)]
    return replace(lead, song=replace(lead.song, chords=ChordTrack(tuple(changes), lead.chords.end)))


def block_chords(lead: Lead, seed: int) -> Arrangement:
    """The chord in the right hand and its bass in the left on every change, each voicing near the one before."""

    def play() -> list[Note]:
        notes: list[Note] = []
        before: tuple[int, ...] = ()
        for start, end, chord in lead.chords.spans(int(lead.grid.bars[-1])):
            if not chord.is_none:
                before = _near(chord, before)
                pitches = (_bass(chord), *before)
                notes += [Note(start, Ticks(end - start), pitch, VELOCITY) for pitch in pitches]
        return notes

    return _timed(lead, play)


def _bass(chord: Chord) -> int:
    assert chord.bass_pc is not None
    return BASS + (chord.bass_pc - BASS) % 12


def _near(chord: Chord, before: Sequence[int]) -> tuple[int, ...]:
    """The close position that moves least, counted tone by tone from below; the lowest one to begin with."""
    tones = sorted(set(chord.tones))
    positions = []
    for lowest in tones:
        first = MIDDLE + (lowest - MIDDLE) % 12
        positions.append(tuple(sorted(first + (tone - lowest) % 12 for tone in tones)))
    if not before:
        return min(positions)
    return min(positions, key=lambda one: (sum(abs(a - b) for a, b in zip(one, before, strict=False)), one))


def one_figure_per_letter(lead: Lead, seed: int) -> Arrangement:
    """The trap: a fixed pattern for each letter of the form, in root position."""

    def play() -> list[Note]:
        letters = list(dict.fromkeys(phrase.label for phrase in lead.form))
        lines = lead.grid.bars.tolist()
        notes: list[Note] = []
        for phrase in lead.form:
            figure = FIGURES[letters.index(phrase.label) % len(FIGURES)]
            first = phrase.start_bar - 1
            for start, end in pairwise(lines[first : first + phrase.bars + 1]):
                notes += _figure(lead.chords, figure, start, end)
        return notes

    return _timed(lead, play)


def _figure(chords: ChordTrack, figure: Sequence[Sequence[int]], start: int, end: int) -> list[Note]:
    """One bar of it; what is struck sounds until something else is."""
    places = [(tick, figure[i % len(figure)]) for i, tick in enumerate(range(start, end, EIGHTH))]
    struck = [(tick, steps) for tick, steps in places if steps]
    notes = []
    for (tick, steps), (after, _) in pairwise([*struck, (end, ())]):
        chord = chords.at(tick)
        ladder = [] if chord.is_none else [_bass(chord), *_near(chord, ())]
        pitches = {ladder[step % len(ladder)] for step in steps} if ladder else set()
        notes += [Note(Ticks(tick), Ticks(after - tick), pitch, VELOCITY) for pitch in sorted(pitches)]
    return notes


@cache
def _accompanist() -> Engine:
    return app.registry().build("accompany", app.shelves())


def engine(lead: Lead, seed: int) -> Arrangement:
    """The engine as it ships."""
    return _played(lead, ArrangeRequest(lead.song, seed, chords=lead.chords, phrases=lead.asked_form))


def engine_by_rule(lead: Lead, seed: int) -> Arrangement:
    """The engine without its model: the floor that the model must beat."""
    request = ArrangeRequest(lead.song, seed, chords=lead.chords, phrases=lead.asked_form, by_rule=True)
    return _played(lead, request)


def _played(lead: Lead, request: ArrangeRequest, player: Engine | None = None) -> Arrangement:
    player = player or _accompanist()
    begin = perf_counter()
    result = player.run(request, Chance(request.seed, ("accompany",)), unheard)
    seconds = perf_counter() - begin
    phrases = lead.form if result.analysis is None else result.analysis.phrases
    return Arrangement(_piano(lead, result), phrases, seconds)


def _piano(lead: Lead, result: Result) -> tuple[Note, ...]:
    for track in result.takes[0].song.tracks:
        if track.role == "comp" or track.name.casefold() == "piano":
            return track.notes()
    raise EngineError(
        f"The engine wrote no piano part to {lead.name}.", "Give its track the name Piano or the role comp."
    )


@cache
def _blind() -> Engine:
    return BlindAccompanist(app.shelves())


def engine_random_donors(lead: Lead, seed: int) -> Arrangement:
    """The engine with donors drawn blindly: what choosing them is worth."""
    return _played(lead, ArrangeRequest(lead.song, seed, chords=lead.chords, phrases=lead.asked_form), _blind())


PLAYERS = (
    Player("real", real, needs_people=True),
    Player("real, chords shuffled", real, seeded=True, needs_people=True, judged_by=chords_shuffled),
    Player("block chords", block_chords),
    Player("one figure per letter", one_figure_per_letter),
    Player("engine", engine, seeded=True, donors=pack_runs),
    Player("engine, by rule", engine_by_rule, seeded=True, donors=pack_runs),
    Player("engine, random donors", engine_random_donors, seeded=True, donors=pack_runs),
)


def player(name: str) -> Player:
    """The row of that name."""
    found = next((one for one in PLAYERS if one.name == name), None)
    if found is None:
        known = "; ".join(one.name for one in PLAYERS)
        raise NotThere(f"There is no arranger called {name!r}.", f"There are: {known}.")
    return found
