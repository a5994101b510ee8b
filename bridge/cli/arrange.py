"""`arrange`: a lead sheet becomes a piano part, and a band."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import msgspec

from bridge import app, delivery
from bridge.arranging import STAGES, no_band, phrases_of
from bridge.cli.console import Console
from bridge.cli.options import add_chords_and_key, add_out, add_seed, chords_over, key_of, share, whole
from bridge.clock import Stopwatch, SystemClock
from bridge.files import loading
from bridge.files.loading import load
from bridge.out_folder import deliver
from bridge.wire import Report1, encode
from engines.api import ArrangeRequest, Result, Take
from engines.errors import Notice, Unavailable
from engines.music.song import Song

EXAMPLE = 'partimento arrange lead.mid --piano-only --chords "| Am7 D7 | Gmaj7 |" --takes 3'


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Lead sheets, what the musician knows of them, and what is wished for."""
    parser.add_argument(
        "leads", nargs="+", metavar="LEAD", help="a melody with chords: MIDI, REAPER project, text, MusicXML"
    )
    add_chords_and_key(parser)
    parser.add_argument("--phrases", metavar="FORM", help="the phrases with their lengths in bars, as in A8A8B8")
    parser.add_argument("--piano-only", action="store_true", help="no band, the piano alone")
    parser.add_argument("--band", metavar="NAME", help="who plays: a band's name")
    parser.add_argument("--parts", metavar="LIST", help="who plays: piano,bass,drums,strings")
    parser.add_argument("--style", metavar="NAME", help="a style pack, or a word for one: waltz, bossa")
    parser.add_argument("--like", metavar="FILE", help="music of your own to play like: MIDI, REAPER project")
    parser.add_argument("--density", type=share, default=0.5, metavar="0..1", help="how much is played (0.5)")
    parser.add_argument(
        "--faithful", type=share, default=0.5, metavar="0..1", help="1: the best fit; 0: more luck (0.5)"
    )
    parser.add_argument("--humanise", type=share, default=1.0, metavar="0..1", help="0: every note on the grid (1)")
    parser.add_argument("--by-rule", action="store_true", help="no model: rules put the donors' notes on the chords")
    parser.add_argument("--takes", type=whole(1, 16), default=1, metavar="K", help="how many alternatives (1)")
    parser.add_argument("--provider", default="auto", metavar="NAME", help="where models run: auto, cpu, cuda (auto)")
    add_out(parser, "partimento-arrangement")
    add_seed(parser)


@dataclass(frozen=True)
class Arranged:
    """A lead sheet that is done and not yet written."""

    lead: str
    folder: str
    """Below the output folder; empty for the only one."""
    song: Song
    """The first take."""
    report: Report1
    files: Mapping[str, bytes]
    notices: tuple[Notice, ...]


def run(args: argparse.Namespace, console: Console) -> int:
    """Arrange every lead sheet; several go into folders of their own. Nothing is written before all are done."""
    if args.band or args.parts:
        raise Unavailable("This version has no bands yet.", "Use --piano-only, and give the parts out by hand.")
    if args.provider != "auto":
        app.rack(args.provider).named(args.provider)
    done = [
        _arrange(args, console, lead, folder) for lead, folder in zip(args.leads, _folders(args.leads), strict=True)
    ]
    deliver(args.out, {f"{one.folder}{name}": data for one in done for name, data in one.files.items()})
    reports = [one.report for one in done]
    console.result(reports[0] if len(reports) == 1 else {"schema": "reports/1", "reports": reports})
    for one in done:
        _say(console, one, args.out / one.folder)
    return 0


def _folders(leads: list[str]) -> list[str]:
    """A folder for every lead sheet, two of one name apart; none for the only one."""
    if len(leads) == 1:
        return [""]
    out: list[str] = []
    for lead in leads:
        stem, number = delivery.plain_name(Path(lead).stem) or "lead", 2
        name = stem
        while f"{name}/" in out:
            name, number = f"{stem}-{number}", number + 1
        out.append(f"{name}/")
    return out


def _arrange(args: argparse.Namespace, console: Console, lead: str, folder: str) -> Arranged:
    watch = Stopwatch(SystemClock())
    console.progress(0.0, "reading")
    loaded = load(lead)
    request = ArrangeRequest(
        loaded.song, args.seed, args.takes, chords_over(args, loaded.song), key_of(args), args.phrases, args.style,
        args.density, args.faithful, args.humanise, args.by_rule, load(args.like).song if args.like else None,
    )  # fmt: skip
    watch.lap("load")
    result = app.accompany(request, watch.stages(console.progress, STAGES), args.provider)
    watch.lap(STAGES["playing"])
    return _finished_job(args, lead, folder, loaded, result, watch)


def _finished_job(
    args: argparse.Namespace, lead: str, folder: str, loaded: loading.Loaded, result: Result, watch: Stopwatch
) -> Arranged:
    heard = result.analysis
    assert heard is not None, "the accompaniment engine listens"
    songs = [_finished(take, delivery.annotated(heard)) for take in result.takes]
    notices = (*loaded.notices, *result.notices, *(() if args.piano_only else (no_band("Say --piano-only."),)))
    files = delivery.arrangement_files(songs[0])
    for number, song in enumerate(songs[1:], 1):
        files |= delivery.take_files(song, delivery.take_stem(number))
    report = app.report_of("arrange", args.seed, heard, Path(lead).name, notices)
    watch.lap("write")
    report = msgspec.structs.replace(report, phrases=phrases_of(result), models=app.used(result.models))
    report = app.with_parts(report, songs[0], watch.timing(), result.takes)
    files["report.json"] = encode(report)
    return Arranged(lead, folder, songs[0], report, files, (*notices, *heard.notices))


def _finished(take: Take, about: Song) -> Song:
    """The take with the sections, keys and chords that were heard."""
    return replace(take.song, keys=about.keys, chords=about.chords, sections=about.sections, markers=about.markers)


def _say(console: Console, one: Arranged, out: Path) -> None:
    source = one.report.source
    console.say(
        f"{one.song.name or one.lead}: {one.song.bars} bars, key {source['key']}, chords from {source['chords_from']}",
        *(f"  {_phrase(phrase)}" for phrase in one.report.phrases),
        f"Written to {out}:",
        *(f"  {name}" for name in one.files),
    )
    console.notices(one.notices)


def _phrase(one: Mapping[str, Any]) -> str:
    donor = one["donor"]
    moved = f", moved by {donor['transpose']:+d}" if donor["transpose"] else ""
    return (
        f"{one['label']:<3} bar {one['start_bar']:<4} from {donor['pack']}: {donor['id']}, bars {donor['bars']}{moved}"
    )
