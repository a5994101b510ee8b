"""A song as a picture: a piano roll with sections and chords, as SVG and as PNG."""

from bridge.files.picture.draw import draw_song
from bridge.files.picture.png import find_converter, png_from_svg

__all__ = ["draw_song", "find_converter", "png_from_svg"]
