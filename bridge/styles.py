"""The style packs of this machine: what they are, and how one is built out of a musician's own files."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from bridge import paths
from bridge.files import atomic
from bridge.files.loading import KINDS, MIDI, PROJECT, SCORE, load
from bridge.resources import FolderShelf
from engines.accompaniment.borrowing import donor_of
from engines.accompaniment.donors import Donor
from engines.accompaniment.pack import Pack, packs
from engines.accompaniment.packing import packed
from engines.accompaniment.pool import ANY, ENERGY
from engines.accompaniment.tape import Origin, PackCard
from engines.api import Analysis, Reporter, Shelf
from engines.errors import EngineError, InvalidMusic, NotThere, WriteFailed
from engines.music.song import Song

NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
MINE = "private"
"""The licence of a pack that was built here: nobody's business."""
PAPERS = {
    "LICENSE": "Built from this musician's own files. Whether it may be passed on depends on them.\n",
    "SOURCE": "Built with `partimento style build`.\n",
}
_WORK = ".building-"


@dataclass(frozen=True)
class Style:
    """A pack that is here."""

    id: str
    origin: str
    """`shipped` or `yours`."""
    card: PackCard | None
    problem: EngineError | None

    @property
    def words(self) -> tuple[str, ...]:
        """What its donors can be asked for by."""
        if self.card is None:
            return ()
        return tuple(
            sorted({tag for song in self.card.songs for tag in song.tags if tag != ANY and not tag.startswith(ENERGY)})
        )


@dataclass(frozen=True)
class Built:
    """What became of a folder of music."""

    folder: Path
    card: PackCard
    left_out: tuple[tuple[str, str], ...]
    """Files that gave nothing, and why."""


def survey(shelf: Shelf) -> tuple[Style, ...]:
    """Every pack, whole or not."""
    out = []
    for name, pack in packs(shelf):
        origin = "yours" if _is_mine(shelf, name) else "shipped"
        broken = isinstance(pack, EngineError)
        out.append(
            Style(name, origin, None if broken else _card(pack), pack if isinstance(pack, EngineError) else None)
        )
    return tuple(out)


def _is_mine(shelf: Shelf, name: str) -> bool:
    """Whether it lies in the musician's folder. A link that leads off the shelf does: nothing like it is shipped."""
    try:
        return Path(shelf.path(name)).is_relative_to(paths.home().resolve())
    except NotThere:
        return True


def _card(pack: Pack | EngineError) -> PackCard | None:
    return pack.card if isinstance(pack, Pack) else None


def remove(shelf: FolderShelf, name: str) -> Path:
    """Take a pack of the musician's own away; it is renamed first, so that it goes whole."""
    if name not in shelf.ids() or not os.path.isdir(shelf.path(name)):
        raise NotThere(f"There is no style named {name[:40]!r}.", "`partimento style list` shows those that are there.")
    folder = Path(shelf.path(name))
    if not folder.is_relative_to(paths.home().resolve()):
        raise NotThere(
            f"The style {name!r} came with partimento and stays.", "Only styles that you built can be removed."
        )
    try:
        aside = folder.with_name(f".removed-{name}")
        shutil.rmtree(aside, ignore_errors=True)
        os.replace(folder, aside)
        shutil.rmtree(aside)
    except OSError as problem:
        raise WriteFailed(
            f"{name} cannot be removed: {problem.strerror or problem}.", "Close what uses it."
        ) from problem
    return folder


def build(
    source: Path, name: str, home: Path, hear: Callable[[Song], Analysis], report: Reporter, replace: bool = False
) -> Built:
    """A pack out of every piece in a folder, or of one file such as a REAPER project. What was heard of a file is kept until
    the pack is done: the same command goes on after an interruption.
    """
    if not NAME.fullmatch(name):
        raise InvalidMusic(f"{name!r} cannot name a style.", "Use small letters, digits and hyphens: my-waltzes.")
    _room_for(home, name, replace)
    files, work = _music(source), home / f"{_WORK}{name}"
    left_out: list[tuple[str, str]] = []
    donors = list(_donors(files, source, work, hear, report, left_out))
    if not donors:
        why = f": {left_out[0][0]}: {left_out[0][1]}" if left_out else ""
        raise InvalidMusic(
            f"None of the {len(files)} files has an accompaniment to borrow{why}", "Give pieces with a piano part."
        )
    origin = Origin(name=_readable(source.resolve().name)[:200] or name, licence=MINE)
    content = packed(name, ((donor, 0) for donor in donors), (origin,))
    _room_for(home, name, replace)  # another build may have been quicker
    atomic.write_files(home / name, {**content, **{paper: text.encode() for paper, text in PAPERS.items()}})
    shutil.rmtree(work, ignore_errors=True)
    return Built(home / name, msgspec.json.decode(content["pack.json"], type=PackCard), tuple(left_out))


def _room_for(home: Path, name: str, replace: bool) -> None:
    if (home / name).exists() and not replace:
        raise WriteFailed(f"There is a style {name!r} already.", "Choose another name, or say --replace.")


def _readable(name: str) -> str:
    """A file's name as text; bytes that are none become question marks."""
    return name.encode(errors="replace").decode()


def _music(source: Path) -> list[Path]:
    """The files that may hold music, in order of name."""
    # `Path.is_file` fails where a name is too long or a folder is closed; these say no.
    if os.path.isfile(source):
        return [source]
    if not os.path.isdir(source):
        raise NotThere(f"There is no folder {source.name[:40]} here.", "Check the path and the spelling.")
    readable = {suffix for suffix, kind in KINDS.items() if kind in (MIDI, PROJECT, SCORE)}
    found = sorted(path for path in source.rglob("*") if path.suffix.lower() in readable and os.path.isfile(path))
    if not found:
        raise NotThere(
            f"There is no music in {source.name}.", f"Give a folder with {' '.join(sorted(readable))} files."
        )
    return found


def _donors(
    files: Sequence[Path], source: Path, work: Path, hear: Callable[[Song], Analysis], report: Reporter,
    left_out: list[tuple[str, str]],
) -> Iterator[Donor]:  # fmt: skip
    for number, path in enumerate(files):
        shown = _readable(path.name if path == source else str(path.relative_to(source)))
        report(number / len(files), f"{number + 1} of {len(files)}: {shown}")
        try:
            yield _donor(path, shown, work, hear)
        except WriteFailed:  # no fault of the file's, and the next one would fail alike
            raise
        except EngineError as problem:
            left_out.append((shown, problem.message))


def _donor(path: Path, shown: str, work: Path, hear: Callable[[Song], Analysis]) -> Donor:
    """A piece, heard now or before the interruption."""
    try:
        about = path.stat()
    except OSError as problem:
        raise NotThere(f"{shown} is gone.", "Start again.") from problem
    state = os.fsencode(path.resolve()) + f"|{about.st_size}|{about.st_mtime_ns}".encode()
    kept = work / f"{hashlib.sha256(state).hexdigest()[:24]}.donor"
    if kept.is_file():
        try:
            return msgspec.msgpack.decode(kept.read_bytes(), type=Donor)
        except (msgspec.DecodeError, msgspec.ValidationError, EngineError):
            kept.unlink(missing_ok=True)
    donor = donor_of(hear(load(path).song), shown.rpartition(".")[0][:200], MINE)
    atomic.write_files(work, {kept.name: msgspec.msgpack.encode(donor)})
    return donor
