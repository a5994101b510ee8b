"""Reads every MIDI file of every archive in a folder, writes it again, and counts what came back.

`python -m benchmarks.midi_round_trip FOLDER` prints a line for each archive and the sum. A file counts as equal when
writing and reading it again gives every track the same events, in tick, order and bytes; as identical when the bytes
written are those read. A file that is refused is a failure here.
"""

from __future__ import annotations

import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path

from bridge.files.midi.bytes import read_midi, write_midi
from engines.errors import EngineError


@dataclass
class Counts:
    """What a round trip over some files gave."""

    files: int = 0
    events: int = 0
    equal: int = 0
    identical: int = 0
    noticed: int = 0
    """Files with something odd about them."""
    refused: int = 0
    changed: int = 0
    """Files whose events did not come back equal."""

    def add(self, other: Counts) -> None:
        """Sum two counts."""
        for field in fields(self):
            setattr(self, field.name, getattr(self, field.name) + getattr(other, field.name))

    def __str__(self) -> str:
        return "  ".join(f"{field.name} {getattr(self, field.name):,}" for field in fields(self))


def midi_files(folder: Path) -> Iterator[tuple[str, str, bytes]]:
    """(archive, name, bytes) of every `.mid` in every `.zip` of a folder, in order of name."""
    for path in sorted(folder.glob("*.zip")):
        with zipfile.ZipFile(path) as archive:
            for name in sorted(archive.namelist()):
                if name.lower().endswith((".mid", ".midi")):
                    yield path.name, name, archive.read(name)


def round_trip(data: bytes) -> Counts:
    """One file there and back."""
    try:
        raw = read_midi(data)
    except EngineError as error:
        print(f"  refused: {error.message}", file=sys.stderr)
        return Counts(files=1, refused=1)
    written = write_midi(raw)
    equal = read_midi(written) == raw
    return Counts(1, raw.event_count, int(equal), int(written == data), int(bool(raw.notices)), 0, int(not equal))


def run(folder: Path) -> dict[str, Counts]:
    """The counts of each archive that holds MIDI files."""
    out: dict[str, Counts] = {}
    for archive, _, data in midi_files(folder):
        out.setdefault(archive, Counts()).add(round_trip(data))
    return out


def main(arguments: list[str]) -> int:
    """Print the table; 1 when a file was refused or changed."""
    if len(arguments) != 1:
        print("usage: python -m benchmarks.midi_round_trip FOLDER", file=sys.stderr)
        return 2
    total = Counts()
    for archive, counts in run(Path(arguments[0])).items():
        print(f"{archive:26} {counts}")
        total.add(counts)
    print(f"{'all':26} {total}")
    return int(bool(total.refused or total.changed or not total.files))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
