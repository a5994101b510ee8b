"""Which tracks are drums: by channel, by name, or by striking the kit as General MIDI lays it out."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from engines.analysis.roles_words import names_a_pitched_instrument, said_by_name
from engines.analysis.score import Bools, Ints, Score

KICK, SNARE, CYMBAL = (35, 36), (37, 38, 39, 40), (42, 44, 46, 49, 51, 53, 55, 57, 59)
TOMS = (41, 43, 45, 47, 48, 50)
HAND = (54, 56, 58, *range(60, 82))
"""General MIDI's hand percussion: tambourine, cowbell, vibraslap, bongos and what follows."""
STRUCK_PROGRAMS = {113: "agogo", 115: "woodblock", 116: "taiko", 117: "toms", 118: "synth drum"}
"""Programs whose pitch is hardly one."""


@dataclass(frozen=True, slots=True)
class DrumGuess:
    """A track that is no pitched part."""

    role: str
    """`drums` or `perc`."""
    confidence: float
    reason: str


def find_drums(score: Score) -> dict[int, DrumGuess]:
    """The tracks that play drums or percussion, with why."""
    tracks = len(score.names)
    strokes = np.zeros((tracks, 128), dtype=np.int64)
    np.add.at(strokes, (score.notes.track, score.notes.pitch), 1)
    on_channel = np.bincount(score.notes.track, weights=score.notes.drum, minlength=tracks)
    found: dict[int, DrumGuess] = {}
    for i in np.flatnonzero(strokes.sum(axis=1)):
        guess = _guess(score, int(i), strokes[i], float(on_channel[i]) / int(strokes[i].sum()))
        if guess is not None:
            found[int(i)] = guess
    return found


def without_drums(score: Score, drums: Ints | None = None) -> Score:
    """The same piece with every drum track marked as such, whatever channel it is on."""
    which = np.array(sorted(find_drums(score)), dtype=np.int64) if drums is None else drums
    notes = score.notes
    marked: Bools = notes.drum | np.isin(notes.track, which)
    return score if bool((marked == notes.drum).all()) else replace(score, notes=replace(notes, drum=marked))


def _guess(score: Score, track: int, strokes: Ints, on_channel: float) -> DrumGuess | None:
    total = int(strokes.sum())
    hand = float(strokes[list(HAND)].sum()) / total
    if on_channel > 0.5:
        if hand > 0.8:
            return DrumGuess("perc", 0.95, "hand percussion on the drum channel")
        return DrumGuess("drums", 0.99, "on the drum channel")
    said = said_by_name(score.names[track])
    # A kit repeats a few pitches all the time; a tune that happens to be called "Steel Drums" does not.
    few = float(np.sort(strokes)[-4:].sum()) / total > 0.6
    if said and said[0] in ("drums", "perc") and few and not names_a_pitched_instrument(score.names[track]):
        return DrumGuess(said[0], 0.9, f"called “{said[2]}”, the same few strokes all along")
    program = score.programs[track]
    if program in STRUCK_PROGRAMS and few:
        return DrumGuess("perc", 0.7, f"a {STRUCK_PROGRAMS[program]} instrument")
    if program in (None, 0) and _is_kit(score, track, strokes):
        return DrumGuess("drums", 0.7, "kick, snare and cymbals where General MIDI has them")
    return None


def _is_kit(score: Score, track: int, strokes: Ints) -> bool:
    """Whether a track strikes a kit as General MIDI lays it out, several drums at a time."""
    total = int(strokes.sum())
    kit = [float(strokes[list(group)].sum()) / total for group in (KICK, SNARE, CYMBAL)]
    rest = float(strokes[[*TOMS, *HAND]].sum()) / total
    if float(np.sort(strokes)[-8:].sum()) / total < 0.8:  # parts with pitches spread wider than a kit in use
        return False
    if min(kit) < 0.02 or sum(kit) < 0.4 or sum(kit) + rest < 0.85:
        return False
    mine = score.notes.track == track
    start, pitch = score.notes.start[mine], score.notes.pitch[mine]
    together = np.diff(start) == 0
    sizes = np.bincount(np.cumsum(np.concatenate(([False], ~together))))
    # Two hands and a foot: seldom three strokes at once, as chords have, and some drum or cymbal all the time.
    if (sizes > 1).mean() < 0.15 or (sizes > 2).mean() > 0.3 or strokes.max() < 0.3 * len(sizes):
        return False
    # Low power chords have fifths and octaves together all the time.
    return float(np.isin(np.diff(pitch)[together], (5, 7, 12)).mean()) < 0.5
