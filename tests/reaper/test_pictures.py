"""The pictures of the musician's guide come from the scripts, the bridge and the double, every one of them."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path
from xml.etree import ElementTree

import pytest

from bridge.files.picture import png_from_svg
from bridge.files.picture.svg import box, document
from tests.reaper.pictures.palette import indexed
from tests.reaper.pictures.story import SONG, screens

DOCS = Path(__file__).parents[2] / "docs"


def words(svg: str) -> list[str]:
    return ["".join(one.itertext()) for one in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")]  # noqa: S314


def test_every_screen_of_the_guide_is_drawn_from_what_the_scripts_do(tmp_path: Path) -> None:
    drawn = {name: words(svg) for name, svg in screens(tmp_path)}
    assert sorted(drawn) == sorted(path.stem for path in (DOCS / "pictures").iterdir())
    assert f"partimento demo --song {SONG} --out first" in (DOCS / "musician.md").read_text(encoding="utf-8")
    assert "✓ The agent runs." in drawn["doctor"]
    assert {"Chords", "MELODY", "A1", "Fmaj7"} <= set(drawn["melody"])
    assert {"Piano", "Piano take 3 A1", "partimento: Arrange: piano · written"} <= set(drawn["arranged"])
    assert drawn["takes"][-1] == "partimento: Piano take 2 A1"
    assert "Piano take 1 Bridge" in drawn["clips"]
    assert {"bossa", "3"} <= set(drawn["arrange"])
    assert str(tmp_path) not in "".join(word for picture in drawn.values() for word in picture)


@pytest.mark.needs_tool
def test_a_picture_with_few_colours_keeps_them_and_loses_weight() -> None:
    half = box(20, 0, 20, 30, "#d1551c")
    png = png_from_svg(document(40, 30, "Two halves", "One is red.", [box(0, 0, 40, 30, "#2b2e33"), half]), scale=1.0)
    small = indexed(png)
    assert len(small) < len(png)
    assert struct.unpack(">IIBB", small[16:26]) == (40, 30, 8, 3)
    palette = small[small.index(b"PLTE") + 4 :]
    colours = [palette[at : at + 3] for at in range(0, 3 * 128, 3)]
    start = small.index(b"IDAT") + 4
    row = zlib.decompressobj().decompress(small[start:])[41 * 15 : 41 * 16]
    assert [colours[place] for place in row[1:]] == [b"\x2b\x2e\x33"] * 20 + [b"\xd1\x55\x1c"] * 20
