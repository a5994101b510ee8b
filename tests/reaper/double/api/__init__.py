"""REAPER's functions, by area. Importing this makes them all known."""

from tests.reaper.double.api import (
    chunks,
    extstate,
    files,
    fx,
    items,
    markers,
    midi,
    program,
    projects,
    takes,
    time,
    tracks,
    undo,
    view,
)

__all__ = [
    "chunks",
    "extstate",
    "files",
    "fx",
    "items",
    "markers",
    "midi",
    "program",
    "projects",
    "takes",
    "time",
    "tracks",
    "undo",
    "view",
]
