"""SVG to PNG, with whatever converter this machine has."""

from __future__ import annotations

import math
import os
import re
import sys
import tempfile
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

from bridge.files.tools import find_tool, run_tool
from engines.errors import InvalidMusic, Unavailable

PROGRAMS = ("rsvg-convert", "resvg", "inkscape", "magick", "chromium", "chromium-browser", "google-chrome")
"""Converters that are looked for on PATH, in this order; after them the Python package cairosvg."""

MAX_PNG = 64 * 1024 * 1024
LARGEST_SIDE = 30_000
MOST_PIXELS = 60_000_000
_SIZE = re.compile(r'<svg[^>]*? width="([0-9.]+)" height="([0-9.]+)"')


def find_converter(environment: Mapping[str, str] = os.environ) -> Path | None:
    """What would draw a PNG here; its name says which it is."""
    program = find_tool(*PROGRAMS, environment=environment)
    if program is not None:
        return program
    package = find_spec("cairosvg")
    return Path(package.origin).parent if package and package.origin else None


def png_from_svg(
    svg: str, *, scale: float = 1.5, seconds: float = 60.0, environment: Mapping[str, str] = os.environ
) -> bytes:
    """A picture as PNG. `scale` is how many pixels of it a pixel of the drawing becomes; a very large one gets fewer."""
    size = _SIZE.search(svg)
    if not size:
        raise InvalidMusic("This is no picture of a song.", "Give the text that draw_song returns.")
    width, height = (max(1.0, float(side)) for side in size.groups())
    scale = min(scale, LARGEST_SIDE / max(width, height), math.sqrt(MOST_PIXELS / (width * height)))
    converter = find_converter(environment)
    if converter is None:
        raise Unavailable(
            "There is no program on this machine that makes a PNG of a picture.",
            "Install one, such as librsvg (`apt install librsvg2-bin`, `brew install librsvg`). Any browser shows the SVG.",
        )
    with tempfile.TemporaryDirectory(prefix="partimento-") as folder:
        drawing, picture = Path(folder, "song.svg"), Path(folder, "song.png")
        drawing.write_text(svg, encoding="utf-8")
        command = _command(converter, drawing, picture, (width, height), scale)
        png = run_tool(command, makes=picture, seconds=seconds, at_most=MAX_PNG)
    if png[:8] != b"\x89PNG\r\n\x1a\n":
        raise Unavailable(f"{converter.stem} made something that is no PNG.", "Install librsvg instead.")
    return png


def _command(converter: Path, drawing: Path, picture: Path, size: tuple[float, float], scale: float) -> list[str]:
    """How each converter is asked. The drawing refers to nothing outside itself, so none of them has to load anything."""
    program = str(converter)
    width, height = (str(round(side * scale)) for side in size)
    match converter.stem.lower():
        case "rsvg-convert":
            return [program, "-f", "png", "-w", width, "-h", height, "-o", str(picture), str(drawing)]
        case "resvg":
            return [program, "-w", width, "-h", height, str(drawing), str(picture)]
        case "inkscape":
            return [
                program,
                "--export-type=png",
                f"--export-width={width}",
                f"--export-filename={picture}",
                str(drawing),
            ]
        case "magick":
            return [program, "-density", f"{96 * scale:g}", "-background", "none", str(drawing), f"png:{picture}"]
        case "cairosvg":
            wanted = ["-f", "png", "--output-width", width, "--output-height", height, "-o", str(picture)]
            return [sys.executable, "-m", "cairosvg", str(drawing), *wanted]
        case _:
            quiet = ["--headless", "--disable-gpu", "--hide-scrollbars", "--no-first-run", "--disable-extensions"]
            window = f"--window-size={size[0]:.0f},{size[1]:.0f}"
            sharp = f"--force-device-scale-factor={scale:g}"
            return [program, *quiet, window, sharp, f"--screenshot={picture}", drawing.as_uri()]
