"""Options that several verbs share."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from bridge.files.loading import KINDS
from engines.errors import UnreadableFile
from engines.music.harmony import ChordTrack, Key
from engines.music.song import Song


def add_chords_and_key(parser: argparse.ArgumentParser) -> None:
    """`--chords` and `--key`."""
    parser.add_argument(
        "--chords", metavar="FILE_OR_TEXT", help='chords that win over all others: "| Am7 D7 | Gmaj7 |", or a text file'
    )
    parser.add_argument("--key", metavar="KEY", help='the key, as in "A minor"')


def add_seed(parser: argparse.ArgumentParser) -> None:
    """`--seed`."""
    parser.add_argument(
        "--seed", type=int, default=1, metavar="N", help="the number that makes a result repeatable (1)"
    )


def add_out(parser: argparse.ArgumentParser, default: str) -> None:
    """`--out`."""
    parser.add_argument(
        "--out", type=Path, default=Path(default), metavar="DIR", help=f"the folder to write into ({default})"
    )


def share(text: str) -> float:
    """A number from 0 to 1; anything else is wrong usage."""
    value = float(text)
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"{text} is not between 0 and 1")
    return value


def whole(low: int, high: int) -> Callable[[str], int]:
    """A whole number between two others."""

    def read(text: str) -> int:
        value = int(text)
        if not low <= value <= high:
            raise argparse.ArgumentTypeError(f"{text} is not between {low} and {high}")
        return value

    return read


def chords_over(args: argparse.Namespace, song: Song) -> ChordTrack | None:
    """The chords of `--chords`, laid over the song's bars."""
    if args.chords is None:
        return None
    from bridge.files import lead_sheet_text

    return lead_sheet_text.parse_chords(_text_of(args.chords), song.meter)


def key_of(args: argparse.Namespace) -> Key | None:
    """The key of `--key`."""
    return Key.parse(args.key) if args.key else None


def _text_of(file_or_text: str) -> str:
    """The content of a file of that name, or the text itself. A bar line can stand in no sensible file name."""
    if "|" in file_or_text or "\n" in file_or_text:
        return file_or_text
    path = Path(file_or_text)
    try:
        if not path.is_file():
            if path.suffix.lower() in KINDS:
                raise UnreadableFile(f"There is no file {path.name} here.", "Check the path and the spelling.")
            return file_or_text
        return path.read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as problem:
        raise UnreadableFile(f"{path.name} cannot be read as text: {problem}.", "Save it as UTF-8 text.") from problem
