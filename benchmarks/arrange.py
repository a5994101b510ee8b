"""How good are piano arrangements of lead sheets? People, baselines and the engine on 100 songs.

    python -m benchmarks.arrange DATA_FOLDER [--workers 2]      prints the tables
    … --record                                                  writes benchmarks/results/arrange.{json,md} too
    … --songs 5                                                 some songs of each archive: a quick look, not a result
    … --arrangers "block chords; engine"                        some rows only
    … --real                                                    measures real music anew: benchmarks/results/arrange_real.json
    … --pictures FOLDER --song pop909/007                       draws what the arrangers make of one song

Songs: benchmarks/arranging/songs.json, chosen as benchmarks/arranging/leads.py says. Arrangers:
benchmarks/arranging/arrangers.py; those that draw lots play three seeds. Figures: benchmarks/arranging/judging.py. Intervals
are 95 % percentile intervals over 2,000 resamplings of the songs.

An arrangement that fails is named and counted, and the others go on.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any

import numpy as np

from benchmarks.arranging.arrangers import PLAYERS, Player, player
from benchmarks.arranging.judging import Judge, bars_kind
from benchmarks.arranging.leads import READERS, Lead, chosen, hash_of
from benchmarks.arranging.listening import ENCODERS
from benchmarks.arranging.quoted import pop909_runs
from benchmarks.arranging.real import KINDS, RECORD, Real, chord_tables, in_processes, measure
from benchmarks.arranging.tables import judged, render
from benchmarks.machine import describe
from benchmarks.metrics.bootstrap import estimate
from benchmarks.metrics.harmony import recogniser_id
from benchmarks.metrics.likelihood import Timing
from benchmarks.metrics.structure import ils_relative
from benchmarks.quality import RESULTS, written
from engines.errors import EngineError

SEEDS = 3
READING = "reading"
"""Who fails where there is no lead sheet."""


@dataclass(frozen=True)
class Scored:
    """The figures of one arrangement."""

    song: str
    archive: str
    kind: str
    """`four`, `three` or `other` quarters in a bar."""
    player: str
    seed: int
    row: dict[str, float]


@dataclass(frozen=True)
class Failed:
    """An arrangement that did not come about."""

    song: str
    player: str
    seed: int
    problem: str


@dataclass
class Found:
    """What a process brings back."""

    scored: list[Scored] = field(default_factory=list)
    failed: list[Failed] = field(default_factory=list)

    def add(self, other: Found) -> None:
        """Put two together."""
        self.scored += other.scored
        self.failed += other.failed


@dataclass(frozen=True)
class Share:
    """What one process does: some songs of one archive."""

    data: Path
    archive: str
    ids: tuple[str, ...]
    players: tuple[str, ...]
    seeds: int
    encoder: str

    def play(self) -> Found:
        """Every arranger on every song."""
        found, heard = Found(), set[str]()
        rows = [player(name) for name in self.players]
        for lead in READERS[self.archive](self.data, set(self.ids).__contains__):
            heard.add(lead.id)
            found.add(play_song(lead, rows, self.seeds, self.encoder, self.data))
        for id_ in sorted(set(self.ids) - heard):
            found.failed.append(Failed(f"{self.archive}/{id_}", READING, 0, "The archive has no such lead sheet."))
        return found


def play_song(lead: Lead, players: Sequence[Player], seeds: int, encoder: str, data: Path | None = None) -> Found:
    """Every arranger on one song; without `data` verbatim runs are not looked for."""
    found, real = Found(), Real.recorded()
    for one in players:
        if one.needs_people and lead.real is None:
            continue
        donors = None if data is None else (one.donors or pop909_runs)(data)
        judge = Judge(chord_tables(), donors, encoder)
        for seed in range(1, 1 + (seeds if one.seeded else 1)):
            try:
                made = one.arrange(lead, seed)
                if not made.notes:
                    raise EngineError("No notes were written.")
                row = judge.row(lead if one.judged_by is None else one.judged_by(lead, seed), made)
            except Exception as problem:  # an arranger may fail in any way, and the other songs must go on
                found.failed.append(Failed(lead.name, one.name, seed, f"{type(problem).__name__}: {problem}"))
                continue
            kind = bars_kind(lead)
            row["profile_distance"] = real.distance(row, kind)
            found.scored.append(Scored(lead.name, lead.archive, kind, one.name, seed, row))
    return found


def groups(scored: Sequence[Scored]) -> dict[str, list[Scored]]:
    """All songs, each archive, and each kind of bar that real music is known for."""
    out = {"all": list(scored)}
    for archive in dict.fromkeys(one.archive for one in scored):
        out[archive] = [one for one in scored if one.archive == archive]
    for kind in KINDS:
        out[kind] = [one for one in scored if one.kind == kind]
    return {name: rows for name, rows in out.items() if rows}


def figures(scored: Sequence[Scored], real: Real, encoder: str) -> dict[str, dict[str, list[float]]]:
    """Arranger → measure → [mean, low, high, songs]; what nobody has is left out."""
    out: dict[str, dict[str, list[float]]] = {}
    for name in dict.fromkeys(one.player for one in scored):
        mine = [one for one in scored if one.player == name]
        songs = [one.song for one in mine]
        cells = {}
        for measure_ in mine[0].row:
            found = estimate([one.row.get(measure_, np.nan) for one in mine], songs)
            if found.n:
                cells[measure_] = found.row()
        if "ils_ratio" in cells and not np.isnan(real.human_ils(encoder)):
            human = real.human_ils(encoder)
            bounds = [round(ils_relative(value, human), 4) for value in cells["ils_ratio"][:3]]
            cells["ils_relative"] = [*bounds, cells["ils_ratio"][3]]
        if "longest_match" in cells:
            most = max(one.row["longest_match"] for one in mine)
            cells["longest_match_anywhere"] = [most, most, most, cells["longest_match"][3]]
        out[name] = cells
    return out


def summarise(found: Found, players: Sequence[str], real: Real, encoder: str) -> dict[str, Any]:
    """Everything that is said of what was played. An arranger of whom nothing was heard was not measured."""
    rows_of = {name: [one for one in found.scored if one.player == name] for name in players}
    heard = [name for name in players if rows_of[name]]
    problems = {name: next((one.problem for one in found.failed if one.player == name), None) for name in players}
    ordered = [one for name in heard for one in rows_of[name]]
    tables = {name: figures(rows, real, encoder) for name, rows in groups(ordered).items()}
    return {
        "figures": tables,
        "targets": judged(tables, real),
        "timing": {name: timing for name in heard if (timing := _timing(rows_of[name]))},
        "failed": [
            {"song": one.song, "arranger": one.player, "seed": one.seed, "problem": one.problem}
            for one in found.failed
            if one.player in heard or one.player == READING
        ],
        "not_measured": {name: problem for name, problem in problems.items() if problem and name not in heard},
        "by_song": {name: {one.song: _rounded(one.row) for one in rows_of[name] if one.seed == 1} for name in heard},
    }


def _timing(scored: Sequence[Scored]) -> dict[str, float]:
    """Milliseconds for 32 bars; empty for those who were not timed."""
    laps = [one.row["ms_32_bars"] for one in scored if not np.isnan(one.row["ms_32_bars"])]
    if not laps:
        return {}
    found = asdict(Timing.of(laps, warm=True))
    return {name: round(float(found[name]), 2) for name in ("p50", "p95", "p99", "n")}


def _rounded(row: dict[str, float]) -> dict[str, float]:
    kept = ("chord_acc", "chord_tone_share", "ils_ratio", "self_copy", "above_melody", "notes_per_bar", "longest_match")
    return {name: round(row[name], 3) for name in kept if not np.isnan(row.get(name, np.nan))}


def report(
    data: Path,
    players: Sequence[str],
    songs: int | None,
    seeds: int = SEEDS,
    workers: int = 1,
    encoder: str = next(iter(ENCODERS)),
) -> dict[str, Any]:
    """Everything that is measured."""
    begin = monotonic()
    listed, real = chosen(songs), Real.recorded()
    shares = [
        Share(data, archive, tuple(ids[i::workers]), tuple(players), seeds, encoder)
        for archive, ids in listed.items()
        for i in range(workers)
    ]
    found = Found()
    for one in in_processes(Share.play, shares, workers):
        found.add(one)
    return {
        "machine": describe(),
        "recogniser": recogniser_id(chord_tables()),
        "encoder": encoder,
        "seeds": seeds,
        "songs_limit": songs,
        "songs": {archive: len(ids) for archive, ids in listed.items()},
        "hash": hash_of(listed),
        **summarise(found, players, real, encoder),
        "seconds": round(monotonic() - begin, 1),
    }


def main() -> None:
    """Measure, print, and record if asked."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", type=Path, help="the folder that holds the archives")
    parser.add_argument("--songs", type=int, help="only so many songs of each archive")
    parser.add_argument("--seeds", type=int, default=SEEDS)
    parser.add_argument("--arrangers", help="rows, separated by semicolons")
    parser.add_argument("--encoder", choices=ENCODERS, default=next(iter(ENCODERS)), help="what ILS listens with")
    parser.add_argument("--workers", type=int, default=1, help="processes")
    parser.add_argument("--record", action="store_true")
    parser.add_argument("--real", action="store_true", help="measure real music, and record it")
    parser.add_argument("--pictures", type=Path, metavar="FOLDER", help="draw one song instead")
    parser.add_argument("--song", help="which one: ARCHIVE/ID")
    args = parser.parse_args()
    names = [part.strip() for part in args.arrangers.split(";")] if args.arrangers else [one.name for one in PLAYERS]
    players = [player(name) for name in names]
    if args.pictures is not None or args.song is not None:
        from benchmarks.arranging.pictures import draw

        if args.pictures is None or args.song is None:
            parser.error("--pictures and --song go together")
        for path in draw(args.data, args.song, players, args.pictures):
            print(path)
        return
    if args.real:
        RECORD.write_text(written(measure(args.data, args.workers, args.encoder)), encoding="utf-8")
        return
    if args.record and (args.songs or args.arrangers):
        parser.error("only the whole table is recorded")
    found = report(args.data, names, args.songs, args.seeds, args.workers, args.encoder)
    text = render(found, Real.recorded())
    print(text)
    if args.record:
        (RESULTS / "arrange.json").write_text(written(found), encoding="utf-8")
        (RESULTS / "arrange.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
