"""The lines of a REAPER project, kept byte for byte.

A project is text. Blocks open with a line `<NAME …` and close with a line `>`; everything else is a line of words: a
key and its values, a row of base64, a `|` line of notes. This module knows that much and no more: what it reads it
writes back unchanged, whatever it means, and an edit touches only the lines that are exchanged.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from engines.errors import UnreadableFile

MAX_BYTES = 256 * 1024 * 1024
"""Larger projects are refused."""
MAX_DEPTH = 100
"""Blocks inside blocks; REAPER itself nests less than ten deep."""

_BLANK = " \t\ufeff"
"""What may stand before a line's first word; a byte order mark only before the very first."""
_WORD = re.compile(r""""([^"]*)(?:"|$)|'([^']*)(?:'|$)|`([^`]*)(?:`|$)|([^ \t]+)""")
_BARE = re.compile(r"[A-Za-z0-9_.+\-]+")
_NOT_IN_A_LINE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


@dataclass(slots=True, eq=False)
class Block:
    """A block of a project. Its body is a list: edit it in place."""

    opening: str
    """The whole line that opens it, indentation included."""
    body: list[str | Block] = field(default_factory=list)
    """Lines and inner blocks, in order."""
    closing: str = ">"

    @property
    def head(self) -> list[str]:
        """The words of its first line, the name (`TRACK`, `ITEM`, `SOURCE` …) before the rest."""
        return words(self.opening.lstrip(_BLANK)[1:]) or [""]

    def blocks(self, *names: str) -> Iterator[Block]:
        """The blocks directly inside that bear one of these names, in order."""
        return (node for node in self.body if isinstance(node, Block) and node.head[0] in names)

    def rows(self) -> Iterator[list[str]]:
        """The lines directly inside, as words, the key first; empty lines are left out."""
        return (row for node in self.body if isinstance(node, str) and (row := words(node)))

    def row(self, key: str) -> list[str] | None:
        """The first line with this key."""
        return next((row for row in self.rows() if row[0] == key), None)

    def notes(self) -> str:
        """The text of its `|` lines: how REAPER stores words that run over several lines."""
        kept = (node.lstrip(_BLANK).rstrip("\r") for node in self.body if isinstance(node, str))
        return "\n".join(as_text(line[1:]) for line in kept if line.startswith("|"))


@dataclass(slots=True, eq=False)
class Document:
    """A whole file."""

    body: list[str | Block]
    newline: str = "\n"
    """How its lines end."""

    def to_bytes(self) -> bytes:
        """The file: what was read, but for the nodes that were exchanged."""
        return "\n".join(_flat(self.body)).encode("utf-8", "surrogateescape")

    @property
    def project(self) -> Block:
        """The block that holds a whole project."""
        first = next((node for node in self.body if isinstance(node, Block)), None)
        if first is None or first.head[0] != "REAPER_PROJECT":
            raise UnreadableFile(
                "This text is not a REAPER project: it does not begin with <REAPER_PROJECT.",
                "Choose a .RPP file that REAPER saved.",
            )
        return first


def parse(data: bytes) -> Document:
    """Read a project, or a part of one, such as a track template."""
    if len(data) > MAX_BYTES:
        raise UnreadableFile(
            f"The project is larger than {MAX_BYTES // 2**20} MiB.", "Save it without embedded data, or split it."
        )
    top: list[str | Block] = []
    body, above = top, list[list[str | Block]]()
    opened: list[tuple[Block, int]] = []
    # Bytes that are not UTF-8 (old projects hold names in the system's code page) pass through as surrogates.
    for number, line in enumerate(data.decode("utf-8", "surrogateescape").split("\n"), 1):
        first = line.lstrip(_BLANK)[:1]
        if first == "<":
            block = Block(line)
            body.append(block)
            above.append(body)
            opened.append((block, number))
            body = block.body
            if len(opened) > MAX_DEPTH:
                raise _damaged(number, line, "blocks lie more than a hundred deep")
        elif first == ">":
            if not opened:
                raise _damaged(number, line, "a block closes that was never opened")
            opened.pop()[0].closing = line
            body = above.pop()
        else:
            body.append(line)
    if opened:
        block, number = opened[-1]
        raise _damaged(number, block.opening, "a block opens here and never closes")
    return Document(top, "\r\n" if b"\r\n" in data[:100_000] else "\n")


def build(texts: Iterable[str], newline: str = "\n") -> list[str | Block]:
    """Lines of ours as nodes, to be put into a document whose lines end in `newline`."""
    return parse("".join(text + newline for text in texts).encode("utf-8", "surrogateescape")).body[:-1]


def _flat(nodes: Sequence[str | Block]) -> list[str]:
    out: list[str] = []
    closings: list[str] = []
    levels: list[Iterator[str | Block]] = [iter(nodes)]
    while levels:
        for node in levels[-1]:
            if isinstance(node, str):
                out.append(node)
                continue
            out.append(node.opening)
            closings.append(node.closing)
            levels.append(iter(node.body))
            break
        else:
            levels.pop()
            if closings:
                out.append(closings.pop())
    return out


def _damaged(number: int, line: str, what: str) -> UnreadableFile:
    shown = as_text(line.strip())[:60]
    return UnreadableFile(
        f"Line {number} of the project is damaged: {what} ({shown}).",
        "Open the last backup that REAPER kept (.RPP-bak).",
        path=f"line {number}",
    )


def words(line: str) -> list[str]:
    """The words of a line. A word in double, single or back quotes may hold spaces and the other quotes."""
    if line.isascii() and '"' not in line and "'" not in line and "`" not in line:
        return line.split()
    return [a or b or c or d for a, b, c, d in _WORD.findall(line.rstrip("\r"))]


def quoted(text: str) -> str:
    """A word as REAPER writes it: in the first kind of quotes that it does not contain.

    There is no escape: a text with all three kinds loses its back quotes to single ones.
    """
    text = one_line(text)
    if _BARE.fullmatch(text):
        return text
    for mark in "\"'`":
        if mark not in text:
            return mark + text + mark
    return "`" + text.replace("`", "'") + "`"


def one_line(text: str) -> str:
    """A text without what would break a line."""
    return _NOT_IN_A_LINE.sub(" ", text)


def as_text(word: str) -> str:
    """A word to show: bytes that are not UTF-8 are read as the code page of old western Windows projects."""
    if word.isascii():
        return word
    raw = word.encode("utf-8", "surrogateescape")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def number(row: Sequence[str], index: int, default: float | None = None) -> float:
    """A number of a line; `default` where the line is too short. Absurd values are errors, not guesses."""
    if index >= len(row) and default is not None:
        return default
    word = row[index] if index < len(row) else ""
    try:
        value = float(word)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise senseless(row, word)
    return value


def whole(row: Sequence[str], index: int, default: int | None = None) -> int:
    """A whole number of a line."""
    value = number(row, index, default)
    if value != math.floor(value) or abs(value) > 2**53:
        raise senseless(row, row[index])
    return int(value)


def senseless(row: Sequence[str], word: str | None = None) -> UnreadableFile:
    """The error for a line whose values cannot be meant."""
    shown = as_text(" ".join(row))[:60]
    why = "" if word is None else f" ({as_text(word)[:30]!r} is no number)"
    return UnreadableFile(
        f"The project holds a line that makes no sense: {shown}{why}.",
        "Open the last backup that REAPER kept (.RPP-bak), or correct the line in a text editor.",
    )


def fixed(value: float) -> str:
    """A number in plain decimals, with as many digits as it takes to read the same number back."""
    text = repr(float(value))
    if "e" in text:
        text = format(Decimal(text), "f")
    return text.removesuffix(".0")
