"""Paths as each system writes them."""

from __future__ import annotations

import pytest

from tests.reaper.scripts.lua import Library

JOIN = """
local separator, parts = ...
package.config = separator .. package.config:sub(2)
return require('lib.files').join(table.unpack(parts))
"""


@pytest.mark.parametrize(
    ("separator", "parts", "path"),
    [
        ("\\", ["C:\\Users\\Größe\\AppData\\Roaming\\REAPER", "Data"], "C:/Users/Größe/AppData/Roaming/REAPER/Data"),
        ("\\", ["\\\\server\\home\\me\\REAPER", "Data", "x"], "//server/home/me/REAPER/Data/x"),
        ("\\", ["D:\\", "Data"], "D:/Data"),
        ("/", ["/home/me/.config/REAPER", "Data"], "/home/me/.config/REAPER/Data"),
        ("/", ["/home/me\\you/", "Data"], "/home/me\\you/Data"),
    ],
)
def test_parts_of_a_path_are_joined(separator: str, parts: list[str], path: str) -> None:
    assert Library().run(JOIN, separator, parts) == path
