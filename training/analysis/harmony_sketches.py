"""Chord progressions played in many ways, so that a recogniser hears more than one pianist.

Real progressions are set by rule: block chords, arpeggios, stabs, pushed comping, rootless left hands over a bass line,
walking bass, with or without a tune. The sketches teach sevenths, suspensions, ninths and textures; nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engines.analysis.score import Ints
from engines.music.harmony import Chord
from engines.music.time import PPQ, MeterMap
from training.analysis.harmony_corpus import SILENT, UNKNOWN, Named, Piece, Progression, name_symbol, on_beats, score_of

Rng = np.random.Generator
Row = tuple[int, int, int, int]
"""Start, end, pitch, velocity."""

RICHER = {
    "": ("maj7", "6", "add9", "maj9", "sus4", "sus2", "aug", "7"),
    "m": ("m7", "m6", "m9", "mMaj7", "dim", "m11", "m7b5"),
    "7": ("9", "13", "7sus4", "9sus4", "7b9", "7#9", "dim7"),
    "maj7": ("maj9", "6", "69", "maj13"),
    "m7": ("m9", "m11", "m7b5", "m6", "7sus4"),
}
"""What a plain chord may be replaced by, so that rare qualities are heard too."""
ENRICHED = 0.25
SECTION = 24
"""Beats after which another texture may be taken."""


@dataclass(frozen=True)
class Span:
    """One chord from its first tick to its last."""

    start: int
    end: int
    chord: Chord


def sketch(song: Progression, rng: Rng, beats: int = 256) -> Piece:
    """One setting of a stretch of a progression."""
    per_bar = song.beats_per_bar
    compound = per_bar in (2, 4) and rng.random() < 0.2
    pulse = PPQ * 3 // 2 if compound else PPQ
    meter = MeterMap.of((0, f"{per_bar * 3}/8" if compound else f"{per_bar}/4"))
    spans = _spans(song, rng, pulse, beats)
    comp: list[Row] = []
    bass: list[Row] = []
    tune: list[Row] = []
    sung = rng.random() < 0.6
    scale = _scale(spans)
    for section in _sections(spans, SECTION * pulse):
        texture, line = rng.choice(len(_TEXTURES)), rng.choice(len(_BASSES))
        rootless = rng.random() < 0.3
        centre = int(rng.integers(55, 70))
        for span in section:
            if span.chord.is_none:
                continue
            comp += _TEXTURES[texture](span, _voicing(span.chord, centre, rootless, rng), pulse, rng)
            if line or (not rootless and rng.random() < 0.8) or rng.random() < 0.5:
                bass += _BASSES[line](span, int(rng.integers(31, 40)), pulse, rng)
            if sung:
                tune += _melody(span, scale, pulse, rng)
    tracks = [_as_played(rows, rng) for rows in (comp, bass, tune)]
    end = spans[-1].end
    score = score_of(tracks, meter, end)
    named = [(span.start, span.end, _name(span.chord)) for span in spans]
    return Piece(song.id, score, (), on_beats(score.grid.beats, named), one_key=False)


def _name(chord: Chord) -> Named:
    named = name_symbol(chord)
    return named if named.root != SILENT else UNKNOWN


def _spans(song: Progression, rng: Rng, pulse: int, beats: int) -> list[Span]:
    first = int(rng.integers(0, max(1, len(song.chords) - beats // 2)))
    up = int(rng.integers(-5, 7))
    richer = rng.random() < 0.7
    out: list[Span] = []
    at, last, mapped = 0, None, Chord(None)
    for count, chord in song.chords[first:]:
        if chord != last:
            last, mapped = chord, _enriched(chord.transpose(up), rng) if richer else chord.transpose(up)
        end = at + count * pulse
        if out and out[-1].chord == mapped and at % (4 * pulse):
            out[-1] = Span(out[-1].start, end, mapped)
        else:
            out.append(Span(at, end, mapped))
        at = end
        if at >= beats * pulse:
            break
    return out


def _enriched(chord: Chord, rng: Rng) -> Chord:
    options = RICHER.get(chord.quality)
    if chord.is_none or options is None or rng.random() > ENRICHED:
        return chord
    return Chord.parse(f"{chord.root}{options[rng.integers(len(options))]}")


def _sections(spans: list[Span], length: int) -> list[list[Span]]:
    groups: dict[int, list[Span]] = {}
    for span in spans:
        groups.setdefault(span.start // length, []).append(span)
    return list(groups.values())


def _scale(spans: list[Span]) -> list[int]:
    """The seven pitch classes that the chords use most."""
    weight = np.zeros(12)
    for span in spans:
        for tone in span.chord.tones:
            weight[tone] += span.end - span.start
    return [int(pc) for pc in np.argsort(-weight)[:7]]


def _voicing(chord: Chord, centre: int, rootless: bool, rng: Rng) -> list[int]:
    """The chord's tones around a pitch, from the lowest up; the fifth may go, and the root where a bass has it."""
    tones = list(chord.tones)
    if rootless and len(tones) > 3:
        tones.remove(tones[0])
    fifth = (chord.root_pc or 0) + 7
    if len(tones) > 3 and fifth % 12 in tones and rng.random() < 0.4:
        tones.remove(fifth % 12)
    low = centre - int(rng.integers(3, 9))
    pitches = sorted(low + (tone - low) % 12 for tone in tones)
    if rng.random() < 0.3:
        pitches.append(pitches[0] + 12)
    return pitches


def _blocks(onsets: Ints, pitches: list[int], length: int, limit: int) -> list[Row]:
    return [(int(at), int(min(at + length, limit)), p, 80) for at in onsets for p in pitches if at < limit]


def _held(span: Span, pitches: list[int], pulse: int, rng: Rng) -> list[Row]:
    return _blocks(np.array([span.start]), pitches, span.end - span.start, span.end)


def _pulsed(span: Span, pitches: list[int], pulse: int, rng: Rng) -> list[Row]:
    step = pulse // int(rng.choice([1, 1, 2]))
    return _blocks(np.arange(span.start, span.end, step), pitches, step, span.end)


def _stabs(span: Span, pitches: list[int], pulse: int, rng: Rng) -> list[Row]:
    onsets = np.arange(span.start, span.end, pulse // 2)
    onsets = onsets[rng.random(len(onsets)) < 0.5]
    return _blocks(onsets if len(onsets) else np.array([span.start]), pitches, pulse // 3, span.end)


def _pushed(span: Span, pitches: list[int], pulse: int, rng: Rng) -> list[Row]:
    early = max(0, span.start - int(rng.choice([PPQ // 2, PPQ // 4])))
    return _blocks(np.array([early]), pitches, span.end - PPQ // 2 - early, span.end)


def _arpeggio(span: Span, pitches: list[int], pulse: int, rng: Rng) -> list[Row]:
    step = pulse // int(rng.choice([2, 3, 4])) if pulse == PPQ else pulse // 3
    order = [*pitches, *[p + 12 for p in pitches[:2]]]
    order = order + order[-2:0:-1] if rng.random() < 0.5 else order
    hold = int(rng.choice([1, 1, 4])) * step
    onsets = range(span.start, span.end, step)
    return [(at, min(at + hold, span.end), order[i % len(order)], 80) for i, at in enumerate(onsets)]


def _broken(span: Span, pitches: list[int], pulse: int, rng: Rng) -> list[Row]:
    """The lowest tone on the beat, the others after it."""
    rows: list[Row] = []
    for at in range(span.start, span.end, pulse):
        rows.append((at, at + pulse, pitches[0], 80))
        rows += _blocks(np.array([at + pulse // 2]), pitches[1:], pulse // 2, span.end)
    return rows


_TEXTURES = (_held, _held, _pulsed, _stabs, _pushed, _arpeggio, _arpeggio, _broken)


def _root(span: Span, low: int) -> int:
    return low + ((span.chord.bass_pc or 0) - low) % 12


def _long_bass(span: Span, low: int, pulse: int, rng: Rng) -> list[Row]:
    return [(span.start, span.end, _root(span, low), 90)]


def _driving_bass(span: Span, low: int, pulse: int, rng: Rng) -> list[Row]:
    step = pulse // 2
    return [(at, at + step, _root(span, low), 90) for at in range(span.start, span.end, step)]


def _two_bass(span: Span, low: int, pulse: int, rng: Rng) -> list[Row]:
    root = _root(span, low)
    onsets = range(span.start, span.end, 2 * pulse)
    return [(at, min(at + 2 * pulse, span.end), root + 7 * (i % 2), 90) for i, at in enumerate(onsets)]


def _walking_bass(span: Span, low: int, pulse: int, rng: Rng) -> list[Row]:
    root = _root(span, low)
    rows = []
    for at in range(span.start, span.end, pulse):
        step = 0 if at == span.start else int(rng.choice([2, 3, 4, 5, 7, 9, 10, 12, 1, 11]))
        own = (root + step) % 12 in span.chord.tones or rng.random() < 0.35
        rows.append((at, at + pulse, root + (step if own else 0), 90))
    return rows


_BASSES = (_long_bass, _long_bass, _driving_bass, _two_bass, _walking_bass)


def _melody(span: Span, scale: list[int], pulse: int, rng: Rng) -> list[Row]:
    """Chord tones on the beats, steps of the scale between them, now and then a rest or a tone held over."""
    rows: list[Row] = []
    at = span.start
    while at < span.end:
        length = int(rng.choice([pulse // 2, pulse // 2, pulse, 2 * pulse, pulse // 4]))
        strong = (at - span.start) % pulse == 0
        options = list(span.chord.tones) if rng.random() < (0.75 if strong else 0.4) else scale
        pc = options[rng.integers(len(options))]
        early = PPQ // 2 if strong and rng.random() < 0.15 else 0
        if rng.random() < 0.85:
            rows.append((max(0, at - early), at + length, 67 + (pc - 67) % 12, 90))
        at += length
    return rows


def _as_played(rows: list[Row], rng: Rng) -> Ints:
    """With a human hand's small unevenness, sometimes."""
    table = np.array(rows, dtype=np.int64).reshape(-1, 4)
    if rng.random() < 0.5:
        table[:, 0] = np.maximum(0, table[:, 0] + rng.normal(0, 15, len(table)).astype(np.int64))
    table[:, 1] = np.maximum(table[:, 1], table[:, 0] + 30)
    return table
