"""SVG to PNG, with whatever converter this machine has."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path

from bridge.files.tools import find_tool, run_tool
from engines.errors import InvalidMusic, Unavailable

PROGRAMS = ("rsvg-convert", "resvg", "inkscape", "magick", "chromium", "chromium-browser", "google-chrome")
"""Converters that are looked for, in this order."""

MAX_PNG = 64 * 1024 * 1024
LARGEST_SIDE = 30_000
_SIZE = re.compile(r'<svg[^>]*? width="([0-9.]+)" height="([0-9.]+)"')


def find_converter(environment: Mapping[str, str] = os.environ) -> Path | None:
    """The program that would draw a PNG here."""
    return find_tool(*PROGRAMS, environment=environment)


def png_from_svg(
    svg: str, *, scale: float = 1.5, seconds: float = 60.0, environment: Mapping[str, str] = os.environ
) -> bytes:
    """A picture as PNG. `scale` is how many pixels of it a pixel of the drawing becomes."""
    size = _SIZE.search(svg)
    if not size:
        raise InvalidMusic("This is no picture of a song.", "Give the text that draw_song returns.")
    width, height = (round(float(side) * scale) for side in size.groups())
    if max(width, height) > LARGEST_SIDE:
        raise InvalidMusic(
            f"A picture of {width} × {height} pixels is too large for a PNG.", "Use a smaller scale, or draw fewer bars."
        )
    converter = find_converter(environment)
    if converter is None:
        raise Unavailable(
            "There is no program on this machine that makes a PNG of a picture.",
            "Install one, for instance with `apt install librsvg2-bin` or `brew install librsvg`; the SVG opens in any browser.",
        )
    with tempfile.TemporaryDirectory(prefix="partimento-") as folder:
        drawing, picture = Path(folder, "song.svg"), Path(folder, "song.png")
        drawing.write_text(svg, encoding="utf-8")
        command = _command(converter, drawing, picture, width, height)
        png = run_tool(command, makes=picture, seconds=seconds, at_most=MAX_PNG)
    if png[:8] != b"\x89PNG\r\n\x1a\n":
        raise Unavailable(f"{converter.stem} made something that is no PNG.", "Try it by hand, or install librsvg.")
    return png


def _command(converter: Path, drawing: Path, picture: Path, width: int, height: int) -> list[str]:
    """How each converter is asked. The drawing refers to nothing outside itself, so none of them has to load anything."""
    program, name = str(converter), converter.stem.lower()
    match name:
        case "rsvg-convert":
            return [program, "-f", "png", "-w", str(width), "-h", str(height), "-o", str(picture), str(drawing)]
        case "resvg":
            return [program, "-w", str(width), "-h", str(height), str(drawing), str(picture)]
        case "inkscape":
            return [program, "--export-type=png", f"--export-width={width}", f"--export-filename={picture}", str(drawing)]
        case "magick":
            return [program, "-background", "none", "-resize", f"{width}x{height}", str(drawing), f"png:{picture}"]
        case _:
            page = f"--window-size={width},{height}"
            quiet = ("--headless", "--disable-gpu", "--hide-scrollbars", "--no-first-run", "--disable-extensions")
            return [program, *quiet, page, f"--screenshot={picture}", drawing.as_uri()]
