"""The scripts as Lua's own tools see them."""

from __future__ import annotations

import subprocess

import pytest
from lupa import lua54

from tests.reaper.scripts.lua import SCRIPTS

FILES = sorted(SCRIPTS.rglob("*.lua"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_each_file_is_lua_5_4_and_short(path: object) -> None:
    text = path.read_text()  # type: ignore[attr-defined]
    assert lua54.LuaRuntime().eval("load(...) ~= nil", text)
    assert len(text.splitlines()) < 400


@pytest.mark.needs_tool
def test_luacheck_finds_nothing() -> None:
    command = [
        "luacheck",
        "--std",
        "lua54",
        "--read-globals",
        "reaper",
        "--globals",
        "gfx",
        "--max-line-length",
        "128",
        "-q",
        ".",
    ]
    done = subprocess.run(command, cwd=SCRIPTS, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
