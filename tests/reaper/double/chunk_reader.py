"""State chunks and project files read: what a track template or an FX chain holds, as far as the double knows it."""

from __future__ import annotations

import base64
from collections.abc import Iterator

from tests.reaper.double.chunks import NO_COLOUR
from tests.reaper.double.midi import MUTED, SELECTED, Event, Pool
from tests.reaper.double.model import Fx, Item, Marker, Source, Track
from tests.reaper.double.project import Project
from tests.reaper.double.timemap import TempoMarker


class Node:
    """A block of a chunk."""

    def __init__(self, head: str) -> None:
        self.head = words(head)
        self.body: list[str | Node] = []

    def rows(self) -> Iterator[list[str]]:
        """Its plain lines, as words."""
        return (words(line) for line in self.body if isinstance(line, str))

    def blocks(self, *kinds: str) -> Iterator[Node]:
        return (node for node in self.body if isinstance(node, Node) and node.head[0] in kinds)

    def value(self, key: str, default: str = "0", at: int = 1) -> str:
        """The word after a key."""
        row = next((row for row in self.rows() if row and row[0] == key), [])
        return row[at] if len(row) > at else default


def words(line: str) -> list[str]:
    """A line's words, quotes taken off."""
    found, rest = [], line.strip()
    while rest:
        if rest[0] in "\"'`":
            word, _, rest = rest[1:].partition(rest[0])
        else:
            word, _, rest = rest.partition(" ")
        found.append(word)
        rest = rest.lstrip()
    return found


def parse(text: str) -> Node | None:
    """The one block of a chunk; None when it is not whole."""
    stack: list[Node] = []
    for line in text.splitlines():
        plain = line.strip()
        if plain.startswith("<"):
            node = Node(plain[1:])
            if stack:
                stack[-1].body.append(node)
            stack.append(node)
        elif plain == ">" and stack:
            if len(stack) == 1:
                return stack[0]
            stack.pop()
        elif plain and stack:
            stack[-1].body.append(plain)
        elif plain:
            return None
    return None


def into_project(project: Project, node: Node) -> None:
    """Make an empty tab what a project file says: time, regions, tracks."""
    qpm, numerator, denominator = (node.value("TEMPO", "0", at) for at in (1, 2, 3))
    project.state.base = (float(qpm), int(numerator), int(denominator))
    project.state.tempo = [
        _read_tempo(row) for block in node.blocks("TEMPOENVEX") for row in block.rows() if row[0] == "PT"
    ]
    ends: dict[str, float] = {}
    for row in reversed([row for row in node.rows() if row[0] == "MARKER"]):
        if row[4] == "1" and len(row) < 7:
            ends[row[1]] = float(row[2])  # a region's second line
            continue
        end = ends[row[1]] if row[4] == "1" else None
        marker = project.place_marker(Marker(int(row[1]), row[3], float(row[2]), end, int(row[5])))
        marker.guid = row[8]
    for block in node.blocks("TRACK"):
        into_track(project.add_track(), block)


def _read_tempo(row: list[str]) -> TempoMarker:
    meter = int(row[4]) if len(row) > 4 else 0
    return TempoMarker(float(row[1]), float(row[2]), meter & 0xFFFF, meter >> 16, row[3] == "0")


def into_track(track: Track, node: Node) -> None:
    """Make a track what its chunk says. Its items become new ones."""
    if len(node.head) > 1 and node.head[1].startswith("{"):
        track.guid = node.head[1]
    track.name = node.value("NAME", "")
    colour = int(node.value("PEAKCOL", str(NO_COLOUR)))
    track.values.update(
        I_CUSTOMCOLOR=0.0 if colour == NO_COLOUR else float(colour),
        D_VOL=float(node.value("VOLPAN", "1")),
        D_PAN=float(node.value("VOLPAN", "0", 2)),
        B_MUTE=float(node.value("MUTESOLO")),
        I_FOLDERDEPTH=float(node.value("ISBUS", "0", 2)),
        I_SELECTED=float(node.value("SEL")),
        I_RECARM=float(node.value("REC")),
        I_RECINPUT=float(node.value("REC", "0", 2)),
        I_RECMON=float(node.value("REC", "0", 3)),
    )
    track.ext = _read_ext(node)
    track.fx = [fx for chain in node.blocks("FXCHAIN") for fx in read_effects(chain)]
    for item in track.items:
        item.die()
    track.items = []
    for block in node.blocks("ITEM"):
        track.place(_read_item(track, block))


def read_effects(chain: Node) -> Iterator[Fx]:
    """The effects of a chain."""
    for block in chain.blocks("VST", "JS", "AU", "CLAP"):
        js = block.head[0] == "JS"
        name = f"JS: {block.head[1]}" if js else block.head[1]
        made = Fx(name, instrument=name.split(":")[0] in ("VSTi", "VST3i", "AUi", "CLAPi"))
        made.file = block.head[1] if js else ""
        yield made


def _read_ext(node: Node) -> dict[str, str]:
    return {row[0]: row[1] for block in node.blocks("EXT") for row in block.rows() if len(row) > 1}


def _read_item(track: Track, node: Node) -> Item:
    item = Item(track, float(node.value("POSITION")), float(node.value("LENGTH")))
    item.guid = node.value("IGUID", item.guid)
    item.values.update(
        B_LOOPSRC=float(node.value("LOOP", "0")),
        C_BEATATTACHMODE=float(node.value("BEAT", "-1")),
        C_LOCK=float(node.value("LOCK")),
        B_UISEL=float(node.value("SEL")),
    )
    item.ext = _read_ext(node)
    for notes in node.blocks("NOTES"):
        item.notes = "\n".join(line[1:] for line in notes.body if isinstance(line, str))
    for source in node.blocks("SOURCE"):
        take = item.add_take()
        if source.head[1] == "MIDI":
            take.give(Source("MIDI", _read_midi(source)))
        elif source.head[1] != "EMPTY":
            take.give(Source(source.head[1], file=source.value("FILE", "")))
    names = [row[1] for row in node.rows() if row[0] == "NAME" and len(row) > 1]
    for take, name in zip(item.takes, names, strict=False):
        take.name = name
    for take, row in zip(item.takes, (row for row in node.rows() if row[0] == "GUID"), strict=False):
        take.guid = row[1]
    return item


def _read_midi(node: Node) -> Pool:
    pool, at = Pool(0, ppq=int(node.value("HASDATA", "960", 2))), 0
    pool.guid = node.value("POOLEDEVTS", pool.guid)
    for line in node.body:
        row = line.head if isinstance(line, Node) else words(line)
        kind = row[0]
        if kind.rstrip("m") not in ("E", "e", "X", "x"):
            continue
        at += int(row[1])
        if isinstance(line, Node):
            message = base64.b64decode("".join(part for part in line.body if isinstance(part, str)))
        else:
            message = bytes(int(part, 16) for part in row[2:5])
            message = message[: 2 if message[0] & 0xF0 in (0xC0, 0xD0) else 3]
        pool.events.append(Event(at, SELECTED * kind[0].islower() | MUTED * kind.endswith("m"), message))
    if pool.events:
        pool.length = pool.events.pop().ppq
    return pool
