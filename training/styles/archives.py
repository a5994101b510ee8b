"""Style packs out of the archives.

    python -m training.styles.archives DATA lieder presets/styles/lieder

Only what the split calls train goes into a pack, so that benchmarks meet songs whose accompaniment it has not seen.
"""

from __future__ import annotations

import argparse
import json
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bridge import app
from bridge.files import atomic
from bridge.files.midi import read_song
from engines.accompaniment.borrowing import donor_of
from engines.accompaniment.donors import Donor
from engines.accompaniment.packing import packed
from engines.accompaniment.tape import Origin
from engines.analysis.lead_sheet_chords import stated_chords
from engines.api import Analysis
from engines.errors import EngineError
from training.notes.pieces import SOURCES
from training.styles.papers import cc0

SPLITS = Path(__file__).parents[2] / "benchmarks" / "splits"


@dataclass(frozen=True)
class Recipe:
    """What becomes a pack."""

    archive: str
    tracks: tuple[str, ...]
    """Its accompaniment."""
    about: str
    """What SOURCE says."""
    lead: tuple[str, ...] = ()
    """The tracks of a lead sheet in it, melody and block chords, where its chords are stated."""


RECIPES = {
    "lieder": Recipe(
        "openscore_lieder",
        ("PIANO_RH", "PIANO_LH"),
        "Piano parts of OpenScore Lieder (CC0 1.0), the train part of the split in benchmarks/splits.",
    ),
}


def donors(data: Path, recipe: Recipe, most: int | None = None) -> Iterator[Donor]:
    """Every piece of the archive that may be learned from; what cannot be read or has nothing to borrow is named."""
    source = next(one for one in SOURCES if one.archive == recipe.archive)
    train = set(json.loads((SPLITS / f"{recipe.archive}.json").read_text(encoding="utf-8"))["train"])
    with zipfile.ZipFile(data / f"{recipe.archive}.zip") as box:
        names = [n for n in sorted(box.namelist()) if n.startswith(source.inside) and n.endswith(".mid")]
        for name in [n for n in names if Path(n).stem in train][:most]:
            try:
                yield donor(box.read(name), Path(name).stem, source.licence, recipe)
            except EngineError as problem:
                print(f"{name} is left out: {problem.message}", flush=True)


def donor(data: bytes, name: str, licence: str, recipe: Recipe) -> Donor:
    """One piece as a donor."""
    heard = listened(data, recipe)
    tracks = {track.name for track in heard.song.tracks if track.name.split(" ")[0] in recipe.tracks}
    return donor_of(heard, name, licence, tracks=tracks)


def listened(data: bytes, recipe: Recipe) -> Analysis:
    """One piece, heard whole."""
    song = read_song(data).song
    lead = tuple(track for track in song.tracks if track.name in recipe.lead)
    stated = stated_chords(replace(song, tracks=lead)) if lead else None
    return app.analyze(song, chords=stated.chords if stated else None)


def main(words: Sequence[str] | None = None) -> None:
    """Write a pack."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("recipe", choices=RECIPES)
    parser.add_argument("out", type=Path)
    parser.add_argument("--most", type=int)
    args = parser.parse_args(words)
    recipe = RECIPES[args.recipe]
    source = next(one for one in SOURCES if one.archive == recipe.archive)
    origin = Origin(name=source.archive, licence=source.licence, attribution=source.attribution)
    files = packed(args.out.name, ((one, 0) for one in donors(args.data, recipe, args.most)), (origin,))
    papers = cc0(recipe.about, f"python -m training.styles.archives DATA {args.recipe} presets/styles/{args.recipe}")
    atomic.write_files(args.out, {**files, **papers})
    print({name: len(data) for name, data in files.items()})


if __name__ == "__main__":
    main()
