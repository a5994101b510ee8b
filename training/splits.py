"""Which piece trains, which validates, which tests: one committed list for each archive.

    python -m training.splits DATA_FOLDER benchmarks/splits [--report]

The unit is the work: the movements of a quartet, the parts of a suite, the fills cut from one drum take, the entries of
a song that charted twice. Works that share their melodies (training/near_duplicates.py) form a group, within an archive
and across archives. A group's fold follows from its smallest key: the first eight bytes of sha256("ARCHIVE:WORK")
modulo ten, 0 test, 1 validation, the rest training. POP909 was divided first and stays as it is; what equals one of its
songs follows it.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import json
import re
import sys
import unicodedata
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import mido
import numpy as np

from training.near_duplicates import Groups, Hashes, Ints, Likeness, alike, shingles

FOLDS = ("train", "validation", "test")

POP909_TWINS = {"018": "017", "666": "492", "805": "262", "103": "101"}
"""Songs of POP909 that are another's near-duplicate, known before the first division."""


@dataclass(frozen=True)
class Piece:
    """One item of an archive."""

    archive: str
    id: str
    keys: tuple[str, ...]
    """Works that it belongs to; pieces that share a key stay together. The first one names it."""
    midi: str | None = None
    """The member of the archive that holds its notes, if it has pitched notes to compare."""
    also_in: str = ""
    """Another archive that is known to hold an edition of it."""

    @property
    def name(self) -> str:
        """Unique over all archives."""
        return f"{self.archive}:{self.id}"

    @property
    def work(self) -> str:
        """The key of its work, unique over all archives."""
        return f"{self.archive}:{self.keys[0]}"


def fold_of(key: str) -> str:
    """The fold of a work's key (`pop909:017`)."""
    rest = int.from_bytes(hashlib.sha256(key.encode()).digest()[:8], "big") % 10
    return {0: "test", 1: "validation"}.get(rest, "train")


def plain(text: str) -> str:
    """A title without case, accents, articles and punctuation."""
    letters = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    words = [word for word in re.split(r"[^a-z0-9]+", letters) if word not in ("", "a", "an", "the")]
    return "-".join(words)


def _table(archive: zipfile.ZipFile, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(archive.read(name).decode("utf-8-sig"))))


def _midi_files(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    for name in archive.namelist():
        if name.startswith("midi/") and name.endswith(".mid"):
            yield name.removeprefix("midi/").removesuffix(".mid"), name


def _by_file(archive: zipfile.ZipFile) -> Iterator[tuple[str, tuple[str, ...], str | None, str]]:
    for stem, name in _midi_files(archive):
        yield stem, (stem,), name, ""


def _groove(archive: zipfile.ZipFile) -> Iterator[tuple[str, tuple[str, ...], str | None, str]]:
    # A long take was cut into its beat and its fills: same session, style and tempo.
    for row in _table(archive, "info.csv"):
        yield row["id"], (f"{row['session']}|{row['style']}|{row['bpm']}",), None, ""


def _billboard(archive: zipfile.ZipFile) -> Iterator[tuple[str, tuple[str, ...], str | None, str]]:
    for row in _table(archive, "index.csv"):
        yield row["id"].zfill(4), (f"{plain(row['title'])}|{plain(row['artist'])}",), None, ""


def _mutopia(archive: zipfile.ZipFile) -> Iterator[tuple[str, tuple[str, ...], str | None, str]]:
    for row in _table(archive, "index.csv"):
        keys = [row["path"].removeprefix("ftp/")]
        title = plain(re.split(r" - |[(:,]", row["title"])[0])
        if title:
            keys.append(f"{row['composer']}|{title}")
        opus = plain(row["opus"])
        if re.search(r"[a-z].*\d", opus) and not re.search(r"1[5-9]\d\d", opus):
            keys.append(f"{row['composer']}|{opus}")
        yield row["id"], tuple(keys), f"midi/{row['id']}.mid", row["also_in"]


def _nottingham(archive: zipfile.ZipFile) -> Iterator[tuple[str, tuple[str, ...], str | None, str]]:
    for row in _table(archive, "index.csv"):
        yield row["id"], (plain(row["title"]) or row["id"],), f"midi/{row['id']}.mid", ""


def _quartets(archive: zipfile.ZipFile) -> Iterator[tuple[str, tuple[str, ...], str | None, str]]:
    for row in _table(archive, "index.csv"):
        quartet = f"{plain(row['composer'])}|{plain(row['work'])}"
        yield row["id"], (quartet, row["id"].rpartition("_")[0]), f"midi/{row['id']}.mid", ""


def _lieder(archive: zipfile.ZipFile) -> Iterator[tuple[str, tuple[str, ...], str | None, str]]:
    for row in _table(archive, "index.csv"):
        yield row["id"], (f"{plain(row['composer'])}|{plain(row['song'])}",), f"midi/{row['id']}.mid", ""


def _pop909(archive: zipfile.ZipFile) -> Iterator[tuple[str, tuple[str, ...], str | None, str]]:
    for row in _table(archive, "meta.csv"):
        song = row["song_id"]
        midi = f"aligned/{song}.mid" if row["aligned"] == "1" else None
        yield song, (POP909_TWINS.get(song, song),), midi, ""


READERS: dict[str, Callable[[zipfile.ZipFile], Iterator[tuple[str, tuple[str, ...], str | None, str]]]] = {
    "freedoom_music": _by_file,
    "groove_midi": _groove,
    "mcgill_billboard": _billboard,
    "mutopia_pd": _mutopia,
    "nottingham": _nottingham,
    "openewld": _by_file,
    "openscore_lieder": _lieder,
    "openscore_quartets": _quartets,
    "pop909": _pop909,
    "popular_extra": _by_file,
    "slakh2100_q16": _by_file,
}


def voices(data: bytes, only: str | None = None) -> list[tuple[Ints, Ints]]:
    """Onset and pitch columns of each pitched voice of a MIDI file, or of the track called `only`."""
    out = []
    for track in mido.MidiFile(file=io.BytesIO(data), clip=True).tracks:
        if only is not None and track.name != only:
            continue
        found: dict[int, list[tuple[int, int]]] = {}
        tick = 0
        for message in track:
            tick += message.time
            if message.type == "note_on" and message.velocity > 0 and message.channel != 9:
                found.setdefault(message.channel, []).append((tick, message.note))
        for _, notes in sorted(found.items()):
            columns = np.array(notes, dtype=np.int64)
            out.append((columns[:, 0], columns[:, 1]))
    return out


def read(folder: Path) -> tuple[list[Piece], dict[str, Hashes]]:
    """All pieces of all archives, and the shingles of those that have notes to compare."""
    pieces, found = [], {}
    for name, reader in READERS.items():
        with zipfile.ZipFile(folder / f"{name}.zip") as archive:
            for id_, keys, midi, also_in in reader(archive):
                piece = Piece(name, id_, keys, midi, also_in)
                pieces.append(piece)
                if midi is not None:
                    found[piece.name] = shingles(voices(archive.read(midi), "MELODY" if name == "pop909" else None))
        print(f"{name}: {sum(p.archive == name for p in pieces)} pieces", file=sys.stderr)
    return pieces, found


def group(pieces: list[Piece], twins: list[Likeness]) -> dict[str, str]:
    """The group of every piece, known by the smallest key in it."""
    groups = Groups()
    by_name = {piece.name: piece for piece in pieces}
    for piece in pieces:
        for key in piece.keys[1:]:
            groups.join(piece.work, f"{piece.archive}:{key}")
    for twin in twins:
        groups.join(by_name[twin.a].work, by_name[twin.b].work)
    return {piece.name: groups.find(piece.work) for piece in pieces}


def divide(pieces: list[Piece], groups: dict[str, str]) -> dict[str, dict[str, list[str]]]:
    """Archive → fold → ids."""
    anchor: dict[str, str] = {}
    for piece in pieces:
        if piece.archive == "pop909":
            first = anchor.setdefault(groups[piece.name], piece.work)
            anchor[groups[piece.name]] = min(first, piece.work)
    out: dict[str, dict[str, list[str]]] = {name: {fold: [] for fold in FOLDS} for name in READERS}
    for piece in pieces:
        key = piece.work if piece.archive == "pop909" else anchor.get(groups[piece.name], groups[piece.name])
        out[piece.archive][fold_of(key)].append(piece.id)
    return {name: {fold: sorted(ids) for fold, ids in folds.items()} for name, folds in out.items()}


def main() -> None:
    """Write one list for each archive; with --report, print what was found alike."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="the folder that holds the archives")
    parser.add_argument("out", type=Path, help="the folder that takes the lists")
    parser.add_argument("--report", action="store_true", help="print pieces that are alike, and editions not found")
    args = parser.parse_args()
    pieces, found = read(args.data)
    twins = alike(found, {piece.name: piece.work for piece in pieces})
    groups = group(pieces, twins)
    args.out.mkdir(parents=True, exist_ok=True)
    for name, folds in divide(pieces, groups).items():
        (args.out / f"{name}.json").write_text(json.dumps(folds, indent=1), encoding="utf-8")
        print(name, {fold: len(ids) for fold, ids in folds.items()}, file=sys.stderr)
    if args.report:
        report(pieces, twins, groups)


def report(pieces: list[Piece], twins: list[Likeness], groups: dict[str, str]) -> None:
    """Every pair that was found alike, and every known second edition that was not."""
    for twin in twins:
        print(f"{twin.share:.2f} {twin.shared:5d} {twin.a}  =  {twin.b}")
    archives: dict[str, set[str]] = {}
    for piece in pieces:
        archives.setdefault(groups[piece.name], set()).add(piece.archive)
    for piece in pieces:
        if piece.also_in and piece.also_in not in archives[groups[piece.name]]:
            print(f"no other edition found: {piece.name} in {piece.also_in}")


if __name__ == "__main__":
    main()
