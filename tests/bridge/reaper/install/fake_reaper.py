"""A resource folder as REAPER leaves it, and stand-ins for the scripts that ship."""

from __future__ import annotations

from pathlib import Path

INI = (
    b"[REAPER]\r\nlastproject=C:\\M\xfcsik\\song.rpp\r\ncsurf_cnt=1\r\ncsurf_0=HTTP 0 2307 '' 'index.html' 0 ''\r\n"
    b"vzoom2=3\r\n\r\n[Recent]\r\nrecent01=song.rpp\r\n"
)
KEYS = (
    b'SCR 4 0 RS7d3c0000000000000000000000000000000000aa "Custom: theirs.lua" Other/theirs.lua\r\n'
    b"KEY 9 65 _RS7d3c0000000000000000000000000000000000aa 0\r\n"
)
STARTUP = b"-- mine\nhello()\nreturn"


def resource_folder(home: Path) -> Path:
    """Settings of somebody who has used REAPER for a while."""
    (home / "Scripts/Other").mkdir(parents=True)
    (home / "Effects").mkdir()
    (home / "reaper.ini").write_bytes(INI)
    (home / "reaper-kb.ini").write_bytes(KEYS)
    (home / "Scripts/__startup.lua").write_bytes(STARTUP)
    (home / "Scripts/Other/theirs.lua").write_bytes(b"x = 1\n")
    return home


def scripts(folder: Path) -> Path:
    """Three actions, a library, an instrument, a pattern file, and what does not ship."""
    for name, text in {
        "partimento_agent.lua": "-- @description Agent\n-- @version 0.1.0\n",
        "partimento_arrange.lua": "-- @description Arrange selected melody\n-- @version 0.1.0\n",
        "partimento_again.lua": "-- @description Again\n-- @version 0.1.0\n",
        "lib/json.lua": "return {}\n",
        "lib/instruments.json": "{}\n",
        "Effects/Sketch/partimento_drums.jsfx": "desc:Drums\n",
        "partimento.ReaperOSC": "PLAY t/play\n",
        "README.md": "for people\n",
        ".luacheckrc": "std = 'lua54'\n",
    }.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def everything(home: Path) -> dict[str, bytes | None]:
    """All that lies in a folder: files with what they hold, folders with None."""
    return {
        path.relative_to(home).as_posix(): path.read_bytes() if path.is_file() else None for path in home.rglob("*")
    }
