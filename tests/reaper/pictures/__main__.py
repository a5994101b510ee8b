"""The pictures of the musician's guide: `python -m tests.reaper.pictures docs/pictures`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from bridge.files.picture import png_from_svg
from tests.reaper.pictures.palette import indexed
from tests.reaper.pictures.story import screens

SCALE = 1.25
"""Pixels of the picture to a pixel of the drawing: letters stay sharp where a page shows it smaller."""


def main(out: Path) -> None:
    """Draw every screen anew."""
    out.mkdir(parents=True, exist_ok=True)
    for old in out.glob("*.png"):
        old.unlink()
    with tempfile.TemporaryDirectory() as folder:
        for name, svg in screens(Path(folder)):
            (out / f"{name}.png").write_bytes(indexed(png_from_svg(svg, scale=SCALE)))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
