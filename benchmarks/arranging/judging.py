"""The judge: every figure of one arrangement of one lead sheet.

Part and melody are snapped to twelfths of a quarter first, so that playing loosely neither hides a copy nor moves a chord.
Velocities, notes past the end and times are read as they are.
"""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.arranging.arrangers import Arrangement
from benchmarks.arranging.leads import MELODY, PIANO, Lead
from benchmarks.arranging.listening import ENCODERS
from benchmarks.metrics import guards, keyboard
from benchmarks.metrics.harmony import Harmony, chord_acc
from benchmarks.metrics.novelty import TrainingRuns, longest_match
from benchmarks.metrics.profile import profile
from benchmarks.metrics.structure import ils_d_symbolic, ils_ratio
from engines.analysis.chord_tables import ChordTables
from engines.analysis.score import Notes, Score
from engines.music.notes import Note
from engines.music.time import Ticks

BLOCK, BLOCK_VELOCITY = 48, 70
"""Where the lead sheet's chords are written out for the recogniser: from this C up, a foreign bass an octave below."""
NOWHERE = ("doa", "register_overlap", "melody_crossing", "ils_d_symbolic", "range_per_part")
"""What the profile measures and one part has not, or what is measured here in another way."""
MOST_APART = 10.0
"""`ils_d_symbolic_aligned` divides by how much phrases vary: a song of exact repeats would outweigh all others."""


@dataclass(frozen=True)
class Judge:
    """What the figures depend on beside the music."""

    tables: ChordTables
    """The chord recogniser's, a part of the measure."""
    donors: TrainingRuns | None = None
    """Where verbatim runs are looked for; None to leave that out."""
    encoder: str = next(iter(ENCODERS))
    """What ILS listens with."""

    def row(self, lead: Lead, made: Arrangement) -> dict[str, float]:
        """Every figure; nan where one does not apply."""
        grid, form, nan = lead.grid, lead.form, float("nan")
        both = keyboard.snapped(Notes.of([lead.melody, made.notes]))
        tune, part = both.of_track(MELODY), both.of_track(PIANO)
        harmony = None if lead.song.chords is None else Harmony.of(lead.song.chords)
        found = profile(part, grid, chords=harmony, phrases=form)
        found = {name: value for name, value in found.items() if name not in NOWHERE}
        found |= {"chord_acc": nan, "chord_acc_root": nan, "chord_acc_quality": nan}
        if harmony is not None:
            found |= self._chords(lead, both)
        if form:
            encode = ENCODERS[self.encoder]
            found["ils_ratio"] = ils_ratio(part, grid, form, encode, self.encoder).value
            found["ils_ratio_onset_pc"] = ils_ratio(part, grid, form).value
            found["ils_ratio_own_phrases"] = ils_ratio(part, grid, made.phrases, encode, self.encoder).value
            aligned = ils_d_symbolic(part, grid, form)
            found["ils_d_symbolic_aligned"] = min(aligned.aligned, MOST_APART)
            found["aligned_same"], found["aligned_different"] = aligned.same, aligned.different
        end = int(grid.bars[-1])
        return found | {
            "above_melody": keyboard.above_melody(part, tune, grid),
            "melody_crossing": guards.melody_crossing(both, MELODY),
            "melody_clashes": keyboard.melody_clashes(part, tune, harmony),
            "low_thirds": keyboard.low_thirds(part),
            "beyond_hands": keyboard.beyond_hands(part),
            "lowest": float(part.pitch.min(initial=128)) if len(part) else nan,
            "highest": float(part.pitch.max(initial=-1)) if len(part) else nan,
            "notes_beyond_end": float(guards.notes_beyond_end(Notes.of([made.notes]), end)),
            "longest_match": nan if self.donors is None else float(longest_match(part, grid, self.donors)),
            "ms_32_bars": 1000 * made.seconds * 32 / grid.n_bars,
        }

    def _chords(self, lead: Lead, both: Notes) -> dict[str, float]:
        """Whether the recogniser hears the same in melody and part as in melody and written chords."""
        sheet = Notes.of([lead.melody, blocks(lead)])
        meter = lead.song.meter
        found = chord_acc(Score(sheet, lead.grid, meter), Score(both, lead.grid, meter), self.tables)
        return {
            "chord_acc": found.root_quality,
            "chord_acc_root": found.root,
            "chord_acc_quality": found.quality,
        }


def blocks(lead: Lead) -> list[Note]:
    """The written chords in root position, one block for each."""
    notes = []
    for start, end, chord in lead.chords.spans(int(lead.grid.bars[-1])):
        if chord.root_pc is None or chord.bass_pc is None:
            continue
        pitches = {BLOCK + chord.root_pc + (tone - chord.root_pc) % 12 for tone in chord.tones}
        if chord.bass_pc != chord.root_pc:
            pitches.add(BLOCK - 12 + chord.bass_pc)
        notes += [Note(start, Ticks(end - start), pitch, BLOCK_VELOCITY) for pitch in sorted(pitches)]
    return notes


def bars_kind(lead: Lead) -> str:
    """What its densities may be compared with: `four` quarters a bar, `three`, or `other`."""
    return {4.0: "four", 3.0: "three"}.get(lead.bar_quarters, "other")
