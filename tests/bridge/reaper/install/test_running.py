"""Whether REAPER runs: seen among real processes, or said that nobody could look."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bridge.reaper.install import running


def process(folder: Path, number: int, name: str, state: str = "S") -> None:
    place = folder / str(number)
    place.mkdir(parents=True)
    (place / "comm").write_text(f"{name}\n")
    (place / "stat").write_text(f"{number} ({name}) {state} 1 1\n")


def test_reaper_is_told_from_its_namesakes(tmp_path: Path) -> None:
    (tmp_path / "self").mkdir()
    for number, name in enumerate(("oom_reaper", "reaper", "REAPER.exe", "reaperd", "bash"), 10):
        process(tmp_path, number, name)
    process(tmp_path, 20, "reaper", state="Z")
    (tmp_path / "11/exe").symlink_to("/opt/REAPER/reaper")
    found = running.look("linux", tmp_path)
    assert found == running.Look(("process 11 (/opt/REAPER/reaper)", "process 12 (REAPER.exe)"))


@pytest.mark.skipif(sys.platform != "linux", reason="a program under another name, as Linux shows it")
def test_a_program_of_that_name_is_seen(tmp_path: Path) -> None:
    program = tmp_path / "reaper"
    shutil.copy(shutil.which("sleep") or "", program)
    child = subprocess.Popen([program, "30"])
    try:
        assert f"process {child.pid} ({program})" in running.look().found
    finally:
        child.kill()
        child.wait()
    assert not [one for one in running.look().found if str(child.pid) in one]


def tool(folder: Path, name: str, prints: str, code: int = 0) -> None:
    path = folder / name
    path.write_text(f"#!/bin/sh\ncat <<'END'\n{prints}\nEND\nexit {code}\n")
    path.chmod(0o755)


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    return tmp_path


@pytest.mark.skipif(os.name == "nt", reason="stand-ins for programs are shell scripts")
class TestOtherSystems:
    def test_windows_asks_tasklist(self, tools: Path) -> None:
        tool(tools, "tasklist", '"reaper.exe","4711","Console","1","210,000 K"')
        assert running.look("win32").found == ("process 4711 (reaper.exe)",)
        tool(tools, "tasklist", "INFO: No tasks are running which match the specified criteria.")
        assert running.look("win32") == running.Look(())

    def test_macos_asks_pgrep(self, tools: Path) -> None:
        tool(tools, "pgrep", "4711\n4712")
        assert running.look("darwin").found == ("process 4711", "process 4712")
        tool(tools, "pgrep", "", code=1)
        assert running.look("darwin") == running.Look(())

    def test_a_tool_that_fails_is_said(self, tools: Path) -> None:
        tool(tools, "pgrep", "", code=3)
        assert running.look("darwin").problem is not None
        tool(tools, "tasklist", "", code=1)
        assert running.look("win32").problem is not None

    def test_no_tool_is_said(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.setenv("PATH", str(tmp_path))
        assert running.look("darwin").problem == "there is no pgrep"
        assert running.look("linux", tmp_path).problem == "there is no pgrep"
        assert running.look("win32").problem is not None
