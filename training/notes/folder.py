"""Pieces from anybody's folder of MIDI files."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from bridge.files.midi import read_song
from engines.errors import EngineError
from training.near_duplicates import Groups, alike, shingles
from training.notes.harmony import Listener
from training.notes.pieces import Piece, of_song
from training.splits import voices

HELD_OUT = 10
"""One work in so many is kept for validation, but at least one."""


def read_folder(folder: Path, licence: str, grade: str) -> Iterator[Piece]:
    """Every readable MIDI file; works that share their melodies stay on one side of the split."""
    listener = Listener()
    found, hashes = [], {}
    for path in sorted(path for path in folder.rglob("*") if path.suffix.lower() in (".mid", ".midi", ".kar")):
        name = path.relative_to(folder).as_posix()
        try:
            data = path.read_bytes()
            piece = of_song(read_song(data).song, (folder.name, name, "train", grade, licence, ""), listener)
            hashes[name] = shingles(voices(data))
        except (EngineError, OSError, EOFError, ValueError) as problem:
            print(f"{name} is left out: {problem}")
            continue
        if len(piece.notes):
            found.append(piece)
    groups = Groups()
    for twin in alike(hashes, {name: name for name in hashes}):
        groups.join(twin.a, twin.b)
    works = sorted({groups.find(piece.id) for piece in found}, key=lambda work: hashlib.sha256(work.encode()).digest())
    kept = set(works[: max(1, len(works) // HELD_OUT)]) if len(works) > 1 else set()
    for piece in found:
        yield replace(piece, fold="validation" if groups.find(piece.id) in kept else "train")
