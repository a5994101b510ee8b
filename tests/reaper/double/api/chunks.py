"""State chunks of tracks and items, saving, and what comes from files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tests.reaper.double.chunk_reader import into_track, parse
from tests.reaper.double.chunks import item_chunk, project_file, track_chunk
from tests.reaper.double.dispatch import does
from tests.reaper.double.model import Item, Track
from tests.reaper.double.project import FX, ITEMS, TRACKS, Project
from tests.reaper.double.rules import Refused

if TYPE_CHECKING:
    from tests.reaper.double.reaper import Reaper


@does("GetTrackStateChunk")
def _get_track(_reaper: Reaper, track: Track, _buffer: str, _undo: bool) -> tuple[bool, str]:
    return True, track_chunk(track)


@does("SetTrackStateChunk", changes=TRACKS | FX | ITEMS)
def _set_track(_reaper: Reaper, track: Track, text: str, _undo: bool) -> bool:
    node = parse(text)
    if node is None or node.head[0] != "TRACK":
        raise Refused("the chunk is no whole <TRACK … >")
    guid = node.head[1] if len(node.head) > 1 else ""
    if any(other.guid == guid for other in track.project.tracks if other is not track):
        raise Refused(f"another track already has the GUID {guid}: a template's must be taken out")
    into_track(track, node)
    return True


@does("GetItemStateChunk")
def _get_item(_reaper: Reaper, item: Item, _buffer: str, _undo: bool) -> tuple[bool, str]:
    return True, item_chunk(item)


@does("Main_SaveProject")
def _save(_reaper: Reaper, project: Project, ask: bool) -> None:
    if ask or not project.path:
        raise Refused("REAPER would ask where to save it")
    save(project, Path(project.path))


@does("Main_SaveProjectEx")
def _save_as(_reaper: Reaper, project: Project, path: str, _options: int) -> None:
    save(project, Path(path or project.path))


def save(project: Project, path: Path) -> None:
    """Write the `.RPP`; from then on the project has that name."""
    path.write_text(project_file(project), encoding="utf-8", errors="surrogateescape")
    project.path, project.dirty = str(path), False
