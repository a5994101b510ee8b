"""The texture model at work: donors' phrases on the chords of the song, as pianists would play them there.

The rules go first: what they make, where the donor plays it, is the model's draft and says where each bar is to lie; then each
hand moves to where it is at home in the song. What does not fit the grid of the model stays as the rules have it. All windows
of a song are asked in one go, and each only once: what returns over the same chords is played the same way.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from engines.accompaniment.donors import LEFT, Harmony, Stroke
from engines.accompaniment.grid import (
    BARS,
    LONGEST_BAR,
    SHORTEST_BAR,
    STEP,
    Cue,
    Floats,
    Register,
    Window,
    chord_of,
    step_of,
)
from engines.accompaniment.loan import Loan
from engines.accompaniment.sheet import Sheet
from engines.accompaniment.tape import LOUDEST
from engines.accompaniment.texture import Texture
from engines.accompaniment.transfer import HIGHEST, LOWEST, Touch, draft, into, transfer
from engines.accompaniment.voicing import voiced
from engines.music.time import PPQ, Ticks

AHEAD = PPQ
"""How far behind its end a window sees the chords, for what is played early."""


@dataclass(frozen=True)
class Question:
    """A window as the model is asked it. Equal ones have the same answer."""

    donor: Window | bytes
    """All that the donor plays there, or its texture where that is known."""
    heard: Window
    """What of it finds a chord in the song."""
    cue: Cue


@dataclass(frozen=True)
class Pane:
    """A window in its place."""

    question: Question
    at: Ticks
    """Where in the song it begins."""
    keep: tuple[Ticks, Ticks]
    """Which stretch of it is used, counted from its beginning; where two overlap, the earlier one has it."""


def revoiced(sheet: Sheet, texture: Texture, loans: Sequence[Loan]) -> list[list[Touch]]:
    """Every phrase as the model plays it."""
    drafts = [draft(sheet, loan) if readable(loan) else None for loan in loans]
    panes = [
        list(_panes(sheet, texture.ear, loan, found[0])) if found else []
        for loan, found in zip(loans, drafts, strict=True)
    ]  # fmt: skip
    answers = _answered(texture, list(dict.fromkeys(pane.question for part in panes for pane in part)))
    out = []
    for loan, part, found in zip(loans, panes, drafts, strict=True):
        if found is None:
            out.append(transfer(sheet, loan))
            continue
        touches = [touch for pane in part for touch in _placed(sheet, loan, pane, answers[pane.question], found[1])]
        out.append(sorted(touches, key=lambda t: (t.tick, t.pitch)))
    return out


def readable(loan: Loan) -> bool:
    """Whether the bars of a phrase fit the grid of the model."""
    bars = [end - begin for begin, end in pairwise(loan.lines)]
    return all(bar % STEP == 0 and SHORTEST_BAR <= bar // STEP <= LONGEST_BAR for bar in bars)


def _answered(texture: Texture, questions: Sequence[Question]) -> dict[Question, tuple[Stroke, ...]]:
    if not questions:
        return {}
    latents = _latents(texture, list(dict.fromkeys(question.donor for question in questions)))
    rows = np.stack([latents[question.donor] for question in questions])
    scores = texture.decode(rows, [question.cue for question in questions])
    return {asked: voiced(asked.heard, asked.cue, said) for asked, said in zip(questions, scores, strict=True)}


def _latents(texture: Texture, donors: Sequence[Window | bytes]) -> dict[Window | bytes, Floats]:
    """The textures of donors: read off the tape, or heard now."""
    heard = [donor for donor in donors if isinstance(donor, Window)]
    out: dict[Window | bytes, Floats] = dict(zip(heard, texture.encode(heard), strict=True))
    for donor in donors:
        if isinstance(donor, bytes):
            out[donor] = np.frombuffer(donor, dtype=np.int8).astype(np.float32) / np.float32(LOUDEST["bar_latent"])
    return out


def _panes(sheet: Sheet, ear: str, loan: Loan, plain: Sequence[Touch]) -> Iterator[Pane]:
    """Two bars at a time. The last window of an odd number of bars reaches back by one; a single bar is read twice in a row."""
    bars, lines = len(loan.lines) - 1, loan.lines
    chords = [h._replace(tick=Ticks(h.tick - loan.begin)) for h in sheet.harmony if h.tick < loan.end + AHEAD]
    heard = [stroke for stroke in loan.strokes if chord_of(chords, stroke.tick).root >= 0]
    registers = _registers(loan, plain)
    for first in range(0, bars, BARS):
        start = max(min(first, bars - BARS), 0)
        pair = [start, start + 1] if bars > 1 else [0, 0]
        donor = _window(lines, pair, loan.strokes, loan.harmony)
        mine = _window(lines, pair, heard, chords)
        known = loan.ear == ear and loan.ear is not None
        # A skeleton has stand-ins for pitches: what rules make of them says nothing that the texture does not say better.
        asked = () if known else _asked(loan, plain, pair)
        cue = Cue(mine.bars, mine.harmony, tuple(registers[bar] for bar in pair), _counts(mine), asked)
        length = lines[pair[-1] + 1] - lines[start]
        question = Question(loan.latents[start] if known else donor, replace(donor, strokes=mine.strokes), cue)
        yield Pane(question, Ticks(loan.begin + lines[start]), (Ticks(lines[first] - lines[start]), Ticks(length)))


def _window(
    lines: Sequence[Ticks], bars: Sequence[int], strokes: Sequence[Stroke], harmony: Sequence[Harmony]
) -> Window:
    """Some bars of a phrase in this order, with the chords that come soon after."""
    mine, chords, lengths, at = list[Stroke](), list[Harmony](), list[Ticks](), 0
    for bar in bars:
        begin, end = lines[bar], lines[bar + 1]
        last = AHEAD if len(lengths) == len(bars) - 1 else 0
        mine += [s._replace(tick=Ticks(s.tick - begin + at)) for s in strokes if begin <= s.tick < end]
        chords.append(chord_of(harmony, begin)._replace(tick=Ticks(at)))
        chords += [h._replace(tick=Ticks(h.tick - begin + at)) for h in harmony if begin < h.tick < end + last]
        lengths.append(Ticks(end - begin))
        at += end - begin
    return Window(tuple(lengths), tuple(mine), tuple(chords))


def _counts(window: Window) -> tuple[int, ...]:
    """How many keys are struck at each step."""
    steps = sum(window.bars) // STEP
    struck = {(step_of(stroke.tick, steps), stroke.pitch) for stroke in window.strokes}
    return tuple(np.bincount([step for step, _ in struck], minlength=steps).tolist()) if struck else (0,) * steps


def _asked(loan: Loan, plain: Sequence[Touch], bars: Sequence[int]) -> tuple[tuple[int, int], ...]:
    """What the rules play in some bars: steps of the window, and pitches."""
    steps = sum(loan.lines[bar + 1] - loan.lines[bar] for bar in bars) // STEP
    out, at = set[tuple[int, int]](), 0
    for bar in bars:
        begin, end = (loan.begin + loan.lines[b] for b in (bar, bar + 1))
        out |= {(step_of(t.tick - begin + at, steps), t.pitch) for t in plain if begin <= t.tick < end}
        at += end - begin
    return tuple(sorted(out))


def _registers(loan: Loan, plain: Sequence[Touch]) -> list[Register | None]:
    """Where each bar of the draft lies."""
    ticks = [touch.tick - loan.begin for touch in plain]
    edges = [bisect_left(ticks, line) for line in loan.lines]
    return [Register.of([touch.pitch for touch in plain[begin:end]]) for begin, end in pairwise(edges)]


def _placed(
    sheet: Sheet, loan: Loan, pane: Pane, strokes: Sequence[Stroke], octaves: Mapping[int, int]
) -> Iterator[Touch]:
    """What the model plays in a window, in the song, each hand where it is at home there."""
    lowest = dict[Ticks, int]()
    for stroke in strokes:
        lowest[stroke.tick] = min(stroke.pitch, lowest.get(stroke.tick, stroke.pitch))
    begin, end = pane.keep
    for stroke in strokes:
        if not begin <= stroke.tick < end:
            continue
        tick = pane.at + stroke.tick
        bass = stroke.hand == LEFT and stroke.pitch == lowest[stroke.tick] and _is_bass(sheet, tick, stroke)
        pitch = into(stroke.pitch + octaves[stroke.hand], LOWEST[stroke.hand], HIGHEST[stroke.hand])
        length = max(1, min(stroke.length, loan.end - tick))
        yield Touch(tick, length, pitch, stroke.velocity, stroke.hand, stroke.late, bass)


def _is_bass(sheet: Sheet, tick: int, stroke: Stroke) -> bool:
    """Whether it is the bass of the chord there, or of the one that it runs ahead to."""
    later = tick + min(stroke.length, PPQ) // 2
    return any(sheet.chord_at(at).bass == stroke.pitch % 12 for at in (tick, later))
