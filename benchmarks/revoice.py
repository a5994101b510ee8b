"""Who finds the notes that people play when a figure returns over other chords?

    python -m benchmarks.revoice DATA_FOLDER              prints the table
    python -m benchmarks.revoice DATA_FOLDER --record     writes benchmarks/results/revoice.{json,md} too

In held-out songs two bars are looked for that have the rhythm, hand for hand, of two earlier ones over other chords. The
earlier ones are put on the later ones' chords: by the texture model, by the rules, and simply moved by the roots; and without
their pitches, as a style of latents has them. What people played there is the answer; in which octave each hand lies is not
asked.
"""

from __future__ import annotations

import argparse
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.arranging.leads import fold
from benchmarks.machine import describe
from benchmarks.metrics.bootstrap import estimate
from benchmarks.quality import RESULTS, written
from bridge import app
from engines.accompaniment.borrowing import donor_of
from engines.accompaniment.donors import LEFT, RIGHT, Donor, Stroke
from engines.accompaniment.features import Floats
from engines.accompaniment.grid import LATENT, chord_of
from engines.accompaniment.keys import belongs
from engines.accompaniment.loan import Loan
from engines.accompaniment.pack import Pack, pack_of
from engines.accompaniment.packing import Learned, packed
from engines.accompaniment.revoicing import readable, revoiced
from engines.accompaniment.selection import Choice
from engines.accompaniment.sheet import Sheet, Strain
from engines.accompaniment.tape import Origin
from engines.accompaniment.texture import Texture
from engines.accompaniment.tones import signed
from engines.accompaniment.transfer import Touch, transfer
from engines.api import KeySpan
from engines.errors import EngineError
from engines.music.time import Ticks
from training.notes.pieces import SOURCES
from training.styles.archives import RECIPES, Recipe, listened
from training.styles.pop import RECIPE as POP
from training.styles.pop import Heard, fits
from training.styles.skeletons import excerpt, skeleton

ARCHIVES = {"pop909": POP, "openscore_lieder": RECIPES["lieder"]}
BARS, MOST = 2, 6
"""Bars of a figure, and figures of one song that are asked."""
FEWEST = 6
"""Notes that a figure has at least."""
Line = list[tuple[int, int, int]]
"""Tick, pitch, hand."""


@dataclass(frozen=True)
class Case:
    """A figure and where it returns."""

    song: str
    sheet: Sheet
    pack: Pack
    bare: Pack | None
    """The same without pitches, as a style of latents has it."""
    first: int
    """The bar of the figure."""
    later: int
    """Where it returns."""

    @property
    def loan(self) -> Loan:
        """The figure on its way to its return."""
        return self._of(self.pack)

    @property
    def bare_loan(self) -> Loan:
        """The same out of a style of latents."""
        assert self.bare is not None
        return self._of(self.bare)

    def _of(self, pack: Pack) -> Loan:
        return Loan.of(self.sheet, Choice(Strain("A", self.later, BARS), pack, self.first, 0, 1.0, 0.5))

    @property
    def truth(self) -> Line:
        """What is played there."""
        begin = self.sheet.lines[self.later]
        return [(begin + s.tick, s.pitch, s.hand) for s in self.pack.strokes(self.later, BARS)]


@dataclass(frozen=True)
class Piece:
    """A held-out song's accompaniment and its keys."""

    donor: Donor
    keys: tuple[KeySpan, ...]


def songs(data: Path, archive: str, most: int | None) -> Iterator[Piece]:
    """Held-out songs."""
    recipe: Recipe = ARCHIVES[archive]
    source, keep = next(one for one in SOURCES if one.archive == archive), set(fold(archive, "validation", "test"))
    with zipfile.ZipFile(data / f"{archive}.zip") as box:
        names = [n for n in sorted(box.namelist()) if n.startswith(source.inside) and n.endswith(".mid")]
        for name in [n for n in names if Path(n).stem in keep][:most]:
            try:
                yield _piece(box.read(name), Path(name).stem, source.licence, recipe)
            except EngineError as problem:
                print(f"{name} is left out: {problem.message}", flush=True)


def _piece(data: bytes, name: str, licence: str, recipe: Recipe) -> Piece:
    heard = listened(data, recipe)
    tracks = {track.name for track in heard.song.tracks if track.name.split(" ")[0] in recipe.tracks}
    begin = heard.song.meter.bar_start(2 if heard.song.meter.has_pickup() else 1)
    keys = tuple(replace(span, tick=Ticks(max(span.tick - begin, 0))) for span in heard.keys)
    return Piece(donor_of(heard, name, licence, tracks=tracks), keys)


def cases(piece: Piece, heard: Heard | None = None) -> Iterator[Case]:
    """The figures of a song that return over other chords, each taken once, the first ones."""
    song, origins = piece.donor, (Origin(name="one", licence=piece.donor.licence),)
    pack = pack_of(packed("one", [(song, 0)], origins))
    bare = None
    if heard is not None:
        heard.keep(song.name, _listened(song, heard))
        bare = pack_of(packed("bare", [(skeleton(song, song.name), 0)], origins, learned=Learned(heard.ear, heard.of)))
    sheet = Sheet(song.lines, song.bars, (), song.harmony, piece.keys, ())
    first: dict[object, int] = {}
    found = 0
    for bar in range(len(song.bars) - BARS + 1):
        strokes = list(pack.strokes(bar, BARS))
        if len(strokes) < FEWEST or found == MOST or song.bars[bar] != song.bars[bar + 1]:
            continue
        rhythm = song.bars[bar], tuple(sorted((s.tick, s.hand) for s in strokes))
        earlier = first.setdefault(rhythm, bar)
        case = Case(song.name, sheet, pack, bare, earlier, bar)
        if bar >= earlier + BARS and _roots(case, earlier) != _roots(case, bar) and readable(case.loan):
            del first[rhythm]
            found += 1
            yield case


def _roots(case: Case, bar: int) -> list[int]:
    """The roots under a figure, counted from the first."""
    return [chord.root for chord in case.pack.harmony(bar, BARS)]


def _listened(song: Donor, heard: Heard) -> Floats:
    """The texture of every two bars; nothing of those that the grid does not hold."""
    out = np.zeros((len(song.bars), LATENT), dtype=np.float32)
    for bar in range(len(song.bars) - 1):
        if all(fits(song.bars[b]) for b in (bar, bar + 1)):
            out[bar] = heard.listen(excerpt(song, bar, BARS))[0]
    return out


Player = Callable[[Case], Line]


def by_rule(case: Case) -> Line:
    """What the rules make of it."""
    return _line(transfer(case.sheet, case.loan))


def bare_by_rule(case: Case) -> Line:
    """What they make of its skeleton."""
    return _line(transfer(case.sheet, case.bare_loan))


def by_model(texture: Texture, *, bare: bool = False) -> Player:
    """What the model makes of it, from the draft of the rules, or of its latents and its skeleton."""

    def play(case: Case) -> Line:
        loan = case.bare_loan if bare else case.loan
        return _line(revoiced(case.sheet, texture, [loan])[0])

    return play


def by_root(case: Case) -> Line:
    """Every note moved as the root of its chord has."""
    loan = case.loan

    def moved(stroke: Stroke) -> int:
        old, new = chord_of(loan.harmony, stroke.tick), case.sheet.chord_at(loan.begin + stroke.tick)
        return stroke.pitch + (signed(new.root - old.root) if old.root >= 0 and new.root >= 0 else 0)

    return [(loan.begin + s.tick, moved(s), s.hand) for s in loan.strokes]


def unchanged(case: Case) -> Line:
    """The figure as it was."""
    return [(case.loan.begin + s.tick, s.pitch, s.hand) for s in case.loan.strokes]


def _line(touches: Sequence[Touch]) -> Line:
    return [(t.tick, t.pitch, t.hand) for t in touches]


def judged(case: Case, played: Line) -> dict[str, float]:
    """How near a line comes to what people played."""
    truth = case.truth
    mine = _in_octave(played, truth)
    on = [belongs(pitch, chord) for tick, pitch, _ in played if (chord := case.sheet.chord_at(tick)).root >= 0]
    theirs = [belongs(pitch, chord) for tick, pitch, _ in truth if (chord := case.sheet.chord_at(tick)).root >= 0]
    return {
        "pitch": _f1({(t, p) for t, p, _ in mine}, {(t, p) for t, p, _ in truth}),
        "pitch class": _f1({(t, p % 12) for t, p, _ in played}, {(t, p % 12) for t, p, _ in truth}),
        "rhythm": _f1({(t, h) for t, _, h in played}, {(t, h) for t, _, h in truth}),
        "on the chord": float(np.mean(on)) if on else float("nan"),
        "on the chord, people": float(np.mean(theirs)) if theirs else float("nan"),
    }


def _in_octave(played: Line, truth: Line) -> Line:
    out: Line = []
    for hand in (LEFT, RIGHT):
        mine, theirs = ([p for _, p, h in line if h == hand] for line in (played, truth))
        away = 12 * round((np.mean(theirs) - np.mean(mine)) / 12) if mine and theirs else 0
        out += [(t, p + away, h) for t, p, h in played if h == hand]
    return out


def _f1(said: set[Any], due: set[Any]) -> float:
    return 2 * len(said & due) / max(len(said) + len(due), 1)


def report(data: Path, most: int | None) -> dict[str, Any]:
    """Everything."""
    texture = Texture.open(app.shelves())
    heard = Heard(texture)
    players: dict[str, Player] = {
        "texture model": by_model(texture),
        "rules": by_rule,
        "moved by the roots": by_root,
        "unchanged": unchanged,
        "a style of latents, by the model": by_model(texture, bare=True),
        "a style of latents, by rule": bare_by_rule,
    }
    out: dict[str, Any] = {"machine": describe(), "archives": {}}
    for archive in ARCHIVES:
        asked = [case for song in songs(data, archive, most) for case in cases(song, heard)]
        names = [case.song for case in asked]
        rows = {name: [judged(case, play(case)) for case in asked] for name, play in players.items()}
        out["archives"][archive] = {
            "figures": len(asked),
            "songs": len(set(names)),
            "rows": {name: _cells(mine, names) for name, mine in rows.items()},
            "model above rules": _cells(
                [{k: a[k] - b[k] for k in a} for a, b in zip(rows["texture model"], rows["rules"], strict=True)], names
            ),
        }
    return out


def _cells(rows: Sequence[dict[str, float]], names: Sequence[str]) -> dict[str, list[float]]:
    return {measure: estimate([row[measure] for row in rows], names).row() for measure in (rows[0] if rows else ())}


def render(found: dict[str, Any]) -> str:
    """As markdown."""
    about, machine = (__doc__ or "").split("\n\n")[2], found["machine"]["processor"]
    lines = [
        "# A figure returns over other chords",
        "",
        f"Measured by `python -m benchmarks.revoice` on {machine}. {about}",
        "F1 of notes at the same tick; brackets are 95 % intervals over songs.",
    ]
    for archive, part in found["archives"].items():
        lines += ["", f"## {archive}: {part['figures']} figures of {part['songs']} held-out songs", ""]
        measures = list(next(iter(part["rows"].values())))
        lines += [f"| player | {' | '.join(measures)} |", "| --- " * (len(measures) + 1) + "|"]
        rows = {**part["rows"], "model above rules": part["model above rules"]}
        lines += [f"| {name} | {' | '.join(_cell(row[m]) for m in measures)} |" for name, row in rows.items()]
    return "\n".join(lines) + "\n"


def _cell(row: Sequence[float]) -> str:
    return f"{row[0]:.3f} [{row[1]:.3f}, {row[2]:.3f}]"


def main(words: Sequence[str] | None = None) -> None:
    """Print, and record where asked."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--songs", type=int, help="so many of each archive: a quick look")
    parser.add_argument("--record", action="store_true")
    args = parser.parse_args(words)
    found = report(args.data, args.songs)
    print(render(found))
    if args.record:
        (RESULTS / "revoice.json").write_text(written(found), encoding="utf-8")
        (RESULTS / "revoice.md").write_text(render(found), encoding="utf-8")


if __name__ == "__main__":
    main()
