"""`demo`: a shipped song, written, analysed and drawn, so that a newcomer sees within seconds what comes out."""

from __future__ import annotations

import argparse

from bridge import app, delivery, hearing
from bridge.cli.console import Console
from bridge.cli.options import add_out, add_seed
from bridge.clock import Stopwatch, SystemClock
from bridge.files import loading
from bridge.out_folder import deliver
from bridge.wire import encode

EXAMPLE = "partimento demo --out my-first-song"
SONG = "lantern_street_band.mid"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which song, and where to."""
    parser.add_argument("--song", default=SONG, metavar="NAME", help=f"a shipped song or one of yours ({SONG})")
    add_out(parser, "partimento-demo")
    add_seed(parser)


def run(args: argparse.Namespace, console: Console) -> int:
    """Write the song as MIDI and as a REAPER project, with its analysis, a picture and a preview."""
    watch = Stopwatch(SystemClock())
    console.progress(0.0, "reading")
    loaded = loading.read(app.shelves().songs.read(args.song), args.song)
    watch.lap("load")
    heard = app.analyze(loaded.song, report=console.progress)
    song = delivery.annotated(heard)
    watch.lap("analyse")
    console.progress(0.5, "drawing")
    drawn, no_picture = delivery.picture_files(song)
    console.progress(0.7, "playing")
    played, no_sound = delivery.preview_files(song)
    watch.lap("picture and preview")
    files = {**delivery.arrangement_files(song), **drawn, **played}
    files["analysis.json"] = encode(hearing.to_wire(heard, loaded.notices))
    notices = (*loaded.notices, *no_picture, *no_sound)
    report = app.report_of("demo", args.seed, heard, args.song, notices)
    watch.lap("write")
    report = app.with_parts(report, song, watch.timing())
    deliver(args.out, {**files, "report.json": encode(report)})
    console.result(report)
    tracks = f"{len(song.tracks)} track{'s' * (len(song.tracks) != 1)}"
    console.say(f"{song.name or args.song}: {song.bars} bars, {tracks}", *hearing.lines(heard), "")
    console.say(f"Written to {args.out}:", *(f"  {name}" for name in (*files, "report.json")))
    console.say("Open arrangement.rpp in REAPER, or arrangement.svg in a browser.")
    console.notices((*notices, *heard.notices))
    return 0
