"""The scripts' library in a Lua of its own, without REAPER: for what is arithmetic and text alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lupa import lua54

SCRIPTS = Path(__file__).parents[3] / "reaper_scripts"


class Library:
    """Modules of `reaper_scripts/lib`."""

    def __init__(self) -> None:
        self.lua = lua54.LuaRuntime(encoding=None, unpack_returned_tuples=True, register_eval=False)
        self.lua.execute(b"package.path = ... .. '/?.lua'", str(SCRIPTS).encode())

    def run(self, code: str, *values: Any) -> Any:
        """What a chunk returns; it reaches the values that are given as `...`, tables are made of lists and dicts."""
        return plain(self.lua.execute(code.encode(), *(self._table(value) for value in values)))

    def _table(self, value: Any) -> Any:
        if isinstance(value, dict):
            return self.lua.table_from({self._table(k): self._table(v) for k, v in value.items()})
        if isinstance(value, list | tuple):
            return self.lua.table_from([self._table(one) for one in value])
        return value.encode() if isinstance(value, str) else value


def plain(value: Any) -> Any:
    """Lua's values as Python's: sequences as lists, other tables as dicts, text as str where it is UTF-8."""
    if isinstance(value, tuple):
        return tuple(plain(one) for one in value)
    if lua54.lua_type(value) == "table":
        keys = list(value.keys())
        if keys == list(range(1, len(keys) + 1)):
            return [plain(value[key]) for key in keys]
        return {plain(key): plain(value[key]) for key in keys}
    if isinstance(value, bytes):
        try:
            return value.decode()
        except UnicodeDecodeError:
            return value
    return value
