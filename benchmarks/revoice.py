"""Who finds the notes that people play when a figure returns over other chords?

    python -m benchmarks.revoice DATA_FOLDER              prints the table
    python -m benchmarks.revoice DATA_FOLDER --record     writes benchmarks/results/revoice.{json,md} too

In held-out songs two bars are looked for that have the rhythm, hand for hand, of two earlier ones over other chords. The
earlier ones are put on the later ones' chords: by the texture model, by the rules, and simply moved by the roots. What people
played there is the answer; each hand of an answer may lie in another octave, which is not asked here.
"""

from __future__ import annotations

import argparse
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.arranging.leads import fold
from benchmarks.machine import describe
from benchmarks.metrics.bootstrap import estimate
from benchmarks.quality import RESULTS, written
from bridge import app
from engines.accompaniment.donors import LEFT, RIGHT, Donor, Stroke
from engines.accompaniment.grid import chord_of
from engines.accompaniment.keys import belongs
from engines.accompaniment.loan import Loan
from engines.accompaniment.pack import Pack, pack_of
from engines.accompaniment.packing import packed
from engines.accompaniment.revoicing import readable, revoiced
from engines.accompaniment.selection import Choice
from engines.accompaniment.sheet import Sheet, Strain
from engines.accompaniment.tape import Origin
from engines.accompaniment.texture import Texture
from engines.accompaniment.tones import signed
from engines.accompaniment.transfer import Touch, transfer
from engines.errors import EngineError
from training.notes.pieces import SOURCES
from training.styles.archives import RECIPES, Recipe, donor
from training.styles.pop import RECIPE as POP

ARCHIVES = {"pop909": POP, "openscore_lieder": RECIPES["lieder"]}
BARS, MOST = 2, 6
"""Bars of a figure, and figures of one song that are asked."""
FEWEST = 6
"""Notes that a figure has at least."""
Line = list[tuple[int, int, int]]
"""Tick, pitch, hand."""
Player = Callable[[Sheet, Loan], Line]


@dataclass(frozen=True)
class Case:
    """A figure and where it returns."""

    song: str
    sheet: Sheet
    pack: Pack
    first: int
    """The bar of the figure."""
    later: int
    """Where it returns."""

    @property
    def loan(self) -> Loan:
        """The figure on its way to its return."""
        return Loan.of(self.sheet, Choice(Strain("A", self.later, BARS), self.pack, self.first, 0, 1.0, 0.5))

    @property
    def truth(self) -> Line:
        """What is played there."""
        begin = self.sheet.lines[self.later]
        return [(begin + s.tick, s.pitch, s.hand) for s in self.pack.strokes(self.later, BARS)]


def songs(data: Path, archive: str, most: int | None) -> Iterator[Donor]:
    """Held-out songs with their accompaniments."""
    recipe: Recipe = ARCHIVES[archive]
    source, keep = next(one for one in SOURCES if one.archive == archive), set(fold(archive, "validation", "test"))
    with zipfile.ZipFile(data / f"{archive}.zip") as box:
        names = [n for n in sorted(box.namelist()) if n.startswith(source.inside) and n.endswith(".mid")]
        for name in [n for n in names if Path(n).stem in keep][:most]:
            try:
                yield donor(box.read(name), Path(name).stem, source.licence, recipe)
            except EngineError as problem:
                print(f"{name} is left out: {problem.message}", flush=True)


def cases(song: Donor) -> Iterator[Case]:
    """The figures of a song that return over other chords, each taken once, the first ones."""
    pack = pack_of(packed("one", [(song, 0)], (Origin(name="one", licence=song.licence),)))
    sheet = Sheet(song.lines, song.bars, (), song.harmony, (), ())
    first: dict[object, int] = {}
    found = 0
    for bar in range(len(song.bars) - BARS + 1):
        strokes = list(pack.strokes(bar, BARS))
        if len(strokes) < FEWEST or found == MOST or song.bars[bar] != song.bars[bar + 1]:
            continue
        rhythm = song.bars[bar], tuple(sorted((s.tick, s.hand) for s in strokes))
        earlier = first.setdefault(rhythm, bar)
        case = Case(song.name, sheet, pack, earlier, bar)
        if bar >= earlier + BARS and _roots(case, earlier) != _roots(case, bar) and readable(case.loan):
            del first[rhythm]
            found += 1
            yield case


def _roots(case: Case, bar: int) -> list[int]:
    """The roots under a figure, counted from the first."""
    return [chord.root for chord in case.pack.harmony(bar, BARS)]


def by_rule(sheet: Sheet, loan: Loan) -> Line:
    """What the rules make of it."""
    return _line(transfer(sheet, loan))


def by_model(texture: Texture) -> Player:
    """What the model makes of it, in the register that the rules give it."""
    return lambda sheet, loan: _line(revoiced(sheet, texture, [loan], [transfer(sheet, loan)])[0])


def by_root(sheet: Sheet, loan: Loan) -> Line:
    """Every note moved as the root of its chord has."""

    def moved(stroke: Stroke) -> int:
        old, new = chord_of(loan.harmony, stroke.tick), sheet.chord_at(loan.begin + stroke.tick)
        return stroke.pitch + (signed(new.root - old.root) if old.root >= 0 and new.root >= 0 else 0)

    return [(loan.begin + s.tick, moved(s), s.hand) for s in loan.strokes]


def unchanged(sheet: Sheet, loan: Loan) -> Line:
    """The figure as it was."""
    return [(loan.begin + s.tick, s.pitch, s.hand) for s in loan.strokes]


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
    players: dict[str, Player] = {
        "texture model": by_model(Texture.open(app.shelves())),
        "rules": by_rule,
        "moved by the roots": by_root,
        "unchanged": unchanged,
    }
    out: dict[str, Any] = {"machine": describe(), "archives": {}}
    for archive in ARCHIVES:
        asked = [case for song in songs(data, archive, most) for case in cases(song)]
        names = [case.song for case in asked]
        rows = {name: [judged(case, play(case.sheet, case.loan)) for case in asked] for name, play in players.items()}
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
    lines = [
        "# A figure returns over other chords",
        "",
        f"Measured by `python -m benchmarks.revoice` on {found['machine']}. {(__doc__ or '').split(chr(10) * 2)[2]}",
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
