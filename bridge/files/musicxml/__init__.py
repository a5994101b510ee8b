"""MusicXML lead sheets."""

from bridge.files.musicxml.reading import read_musicxml, read_score

__all__ = ["read_musicxml", "read_score"]
