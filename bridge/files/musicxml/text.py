"""From the bytes of a MusicXML file, plain or compressed, to its elements. Nothing in it is trusted.

A score needs no definitions of its own: a document type is taken off unread, and a file that brings entities is refused, so
that no parser behind this one can be made to load or to unfold anything.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from engines.errors import UnreadableFile

MAX_BYTES = 16 * 1024 * 1024
"""Of the score itself, unpacked. A symphony has less."""
MAX_ENTRIES = 2000
_CONTAINER = "META-INF/container.xml"
_EXPORT_AGAIN = "Open it in the program it comes from and export it as MusicXML again."

_DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>")
_ENCODING = re.compile(rb"""<\?xml[^>]*encoding\s*=\s*["']([A-Za-z0-9_.-]+)["']""")
_DOCTYPE = re.compile(r"<!DOCTYPE\s[^>\[]*>", re.IGNORECASE)
_READ_AS = {"utf-8": "utf-8", "us-ascii": "ascii", "ascii": "ascii", "iso-8859-1": "latin-1", "windows-1252": "cp1252"}


def open_score(data: bytes, name: str) -> Element:
    """The root of the score in a `.musicxml` or `.mxl` file."""
    text = decode(unpacked(data, name) if data[:4] == b"PK\x03\x04" else data, name)
    root = parse(text, name)
    if root.tag == "score-timewise":
        raise UnreadableFile(f"{name} is written time-wise, which is not read.", "Export it part-wise, as is usual.")
    if root.tag != "score-partwise":
        raise UnreadableFile(f"{name} is XML, but no MusicXML score.", _EXPORT_AGAIN)
    return root


def unpacked(data: bytes, name: str) -> bytes:
    """The score inside a compressed file."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if len(archive.infolist()) > MAX_ENTRIES:
                raise UnreadableFile(f"{name} holds {len(archive.infolist()):,} files.", _EXPORT_AGAIN)
            return _entry(archive, _score_entry(archive, name), name)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        # RuntimeError: an encrypted entry; ValueError: a name or date that zip does not allow.
        raise UnreadableFile(f"{name} is a damaged compressed score: {error}.", _EXPORT_AGAIN) from error


def _score_entry(archive: zipfile.ZipFile, name: str) -> str:
    """Which entry is the score: the one its container names, or else the first that looks like one."""
    entries = archive.namelist()
    if _CONTAINER in entries:
        container = parse(decode(_entry(archive, _CONTAINER, name), name), name)
        for rootfile in container.iter():
            path = rootfile.get("full-path")
            if rootfile.tag.rpartition("}")[2] == "rootfile" and path in entries:
                return path
    for entry in entries:
        if entry.lower().endswith((".musicxml", ".xml")) and not entry.startswith("META-INF/"):
            return entry
    raise UnreadableFile(f"{name} is an archive without a score.", _EXPORT_AGAIN)


def _entry(archive: zipfile.ZipFile, entry: str, name: str) -> bytes:
    """What an entry holds. What it says of its size is not believed."""
    info = archive.getinfo(entry)
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise UnreadableFile(f"{name} is compressed in a way that MusicXML does not use.", _EXPORT_AGAIN)
    with archive.open(info) as stream:
        content = stream.read(MAX_BYTES + 1)
    return _checked(content, name)


def _checked(content: bytes, name: str) -> bytes:
    if len(content) > MAX_BYTES:
        raise UnreadableFile(
            f"The score in {name} is larger than {MAX_BYTES // (1024 * 1024)} MiB.", "Export a shorter excerpt of it."
        )
    return content


def decode(content: bytes, name: str) -> str:
    """The text, without its declaration and document type."""
    _checked(content, name)
    try:
        text = content.decode(_encoding(content, name))
    except UnicodeDecodeError as error:
        raise UnreadableFile(f"{name} is not the text that it says it is.", _EXPORT_AGAIN) from error
    text = _DOCTYPE.sub("", _DECLARATION.sub("", text.lstrip("\ufeff"), count=1), count=1)
    if "<!doctype" in text.lower() or "<!entity" in text.lower():
        raise UnreadableFile(
            f"{name} brings XML definitions of its own, which no score needs.",
            "It may be meant to do harm. Export it again, or take it from another source.",
        )
    return text


def _encoding(content: bytes, name: str) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if content[:2] in (b"<\0", b"\0<"):
        return "utf-16-le" if content[0] else "utf-16-be"
    stated = _ENCODING.search(content[:256])
    wanted = stated[1].decode("ascii").lower() if stated else "utf-8"
    if wanted not in _READ_AS:
        raise UnreadableFile(f"{name} is encoded as {wanted}, which is not read.", "Save it as UTF-8.")
    return _READ_AS[wanted]


def parse(text: str, name: str) -> Element:
    """The root element of a text."""
    try:
        return ElementTree.fromstring(text)  # noqa: S314  # decode() lets no definition or entity through
    except ElementTree.ParseError as error:
        line, column = error.position
        raise UnreadableFile(
            f"{name} is not well-formed XML (line {line}, column {column}).", _EXPORT_AGAIN, path=f"line {line}"
        ) from error
    except ValueError as error:  # a NUL or a lone surrogate in the text
        raise UnreadableFile(f"{name} is not well-formed XML: {error}.", _EXPORT_AGAIN) from error


def first_text(element: Element, path: str) -> str:
    """The words of the first element on a path, stripped; empty where there is none."""
    return (element.findtext(path) or "").strip()
