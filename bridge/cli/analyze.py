"""`analyze`: what a piece is made of."""

from __future__ import annotations

import argparse

from bridge import app, hearing
from bridge.cli.console import Console
from bridge.cli.options import add_chords_and_key, chords_over, key_of
from bridge.files.loading import load

EXAMPLE = 'partimento analyze song.mid --chords "| Am7 D7 | Gmaj7 |"'


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """A file, and what the musician knows better."""
    parser.add_argument("file", metavar="FILE", help="a MIDI file, REAPER project, lead-sheet text or MusicXML score")
    add_chords_and_key(parser)


def run(args: argparse.Namespace, console: Console) -> int:
    """Read, listen, print."""
    console.progress(0.0, "reading")
    loaded = load(args.file)
    heard = app.analyze(loaded.song, chords=chords_over(args, loaded.song), key=key_of(args), report=console.progress)
    console.result(hearing.to_wire(heard, loaded.notices))
    console.say(*hearing.lines(heard))
    console.notices((*loaded.notices, *heard.notices))
    return 0
