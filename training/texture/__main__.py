"""From music to a texture model, in one command.

    python -m training.texture DATA_FOLDER presets/models/texture-1 --green --compile
    python -m training.texture PACK.npz presets/models/texture-1 --green --compile

Packs (a pack of `training.notes` serves as it is), trains (textures alone, then with drafts too) and exports. What is already
done in the work folder is not done again: after an interruption, or with `--minutes` for each slice, the same command goes on.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

from training.notes import pack
from training.texture import export, train

RATE = 1e-3
"""Of the lessons with drafts."""


def main(words: Sequence[str] | None = None) -> None:
    """All three."""
    parser = argparse.ArgumentParser(
        prog="python -m training.texture", description="Pack, train and export a texture model.",
        epilog="What is not listed here goes to `training.texture.train` as it is: --size, --steps, --rest, --minutes …",
    )  # fmt: skip
    parser.add_argument("music", type=Path, help="the archives, a pack of them, or with --mine a folder of MIDI files")
    parser.add_argument("package", type=Path, help="where the model goes; the folder's name is its id")
    parser.add_argument(
        "--work", type=Path, default=Path("out/texture"), help="for the pack, checkpoints and log (out/texture)"
    )
    parser.add_argument("--mine", metavar="LICENCE", help="the music is yours, under this licence")
    parser.add_argument("--grade", choices=("green", "amber"), default="amber", help="of your own files")
    parser.add_argument("--green", action="store_true", help="only pieces whose weights may be shipped without doubt")
    parser.add_argument("--all", action="store_true", help="export whole precision too")
    parser.add_argument("--drafts", type=int, default=1500, metavar="N", help="steps of the lessons with drafts (1500)")
    args, rest = parser.parse_known_args(words)
    args.work.mkdir(parents=True, exist_ok=True)
    packed, run = args.music if args.music.is_file() else args.work / "music.npz", args.work / "run"
    green = ["--green"] if args.green else []
    if not packed.exists():
        aside = packed.with_suffix(".part.npz")
        mine = ["--mine", args.mine, "--grade", args.grade] if args.mine else []
        pack.main([str(args.music), str(aside), *mine])
        aside.rename(packed)
    drafts, returns = args.work / "run-drafts", args.work / "returns.npz"
    course = ["--steps", str(args.drafts), "--rest", str(args.drafts * 3 // 5), "--rate", str(RATE)]
    second = ["--start", str(run), "--returns", str(returns), *course]
    for folder, words_ in ((run, rest), (drafts, [*rest, *second])):
        train.main([str(packed), str(folder), *green, *words_])
        last = json.loads((folder / "log.jsonl").read_text(encoding="utf-8").splitlines()[-1])
        if last["step"] < last["of"]:
            print(f"{last['step']} of {last['of']} steps in {folder.name}; the same command goes on.")
            return
    export.main([str(drafts), str(args.package), "--pack", str(packed), *green, *(["--all"] if args.all else [])])


if __name__ == "__main__":
    main()
