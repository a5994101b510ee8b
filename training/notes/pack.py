"""Pieces in a compact file, so that training starts in seconds.

    python -m training.notes.pack DATA_FOLDER PACK.npz
    python -m training.notes.pack MIDI_FOLDER PACK.npz --mine "licence of the files"

Reads every archive of `training.notes.pieces.SOURCES` by the committed splits, or a folder of MIDI files. Columns of all pieces
lie one after another; licence, grade and fold stand beside every piece.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np

from training.notes.folder import read_folder
from training.notes.pieces import COLUMNS, SOURCES, Part, Piece, read

SCHEMA = "notes-pack/2"
SPLITS = Path(__file__).parents[2] / "benchmarks" / "splits"
TABLES = {"notes": len(COLUMNS), "bars": 1, "chords": 3, "keys": 3}


def save(pieces: Iterable[Piece], path: Path) -> int:
    """Write pieces; how many."""
    kept = list(pieces)
    about = [
        {
            "archive": p.archive,
            "id": p.id,
            "fold": p.fold,
            "grade": p.grade,
            "licence": p.licence,
            "credit": p.credit,
            "parts": [asdict(part) for part in p.parts],
        }
        for p in kept
    ]
    columns: dict[str, np.ndarray] = {"about": np.frombuffer(json.dumps([SCHEMA, about]).encode(), dtype=np.uint8)}
    for name, width in TABLES.items():
        tables = [getattr(p, name).reshape(-1, width).astype(np.int32) for p in kept]
        columns[name] = np.concatenate([np.zeros((0, width), dtype=np.int32), *tables])
        columns[f"{name}_end"] = np.cumsum([len(t) for t in tables])
    np.savez_compressed(path, **columns)
    return len(kept)


def load(path: Path, folds: Iterable[str] = ("train", "validation", "test"), *, green: bool = False) -> list[Piece]:
    """Pieces of some folds; `green` leaves out what is not surely free."""
    wanted = set(folds)
    with np.load(path) as box:
        schema, about = json.loads(box["about"].tobytes())
        if schema != SCHEMA:
            raise ValueError(f"{path} is {schema}, not {SCHEMA}: pack the archives again.")
        tables = {name: np.split(box[name].astype(np.int64), box[f"{name}_end"][:-1]) for name in TABLES}
    out = []
    for i, row in enumerate(about):
        if row["fold"] in wanted and not (green and row["grade"] != "green"):
            parts = tuple(Part(**part) for part in row.pop("parts"))
            columns = {name: tables[name][i] for name in TABLES}
            columns["bars"] = columns["bars"][:, 0]
            out.append(Piece(**row, parts=parts, **columns))
    return out


def main(words: Sequence[str] | None = None) -> None:
    """Pack every archive."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("pack", type=Path)
    parser.add_argument("--splits", type=Path, default=SPLITS)
    parser.add_argument("--mine", metavar="LICENCE", help="a folder of MIDI files of your own, and their licence")
    parser.add_argument("--grade", choices=("green", "amber"), default="amber", help="of your own files")
    args = parser.parse_args(words)
    archives = (piece for source in SOURCES for piece in read(args.data, args.splits, source))
    count = save(read_folder(args.data, args.mine, args.grade) if args.mine else archives, args.pack)
    print(f"{count} pieces in {args.pack} ({args.pack.stat().st_size / 1e6:.1f} MB)")


if __name__ == "__main__":
    main()
