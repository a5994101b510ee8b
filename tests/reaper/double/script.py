"""A script in its own Lua state, as REAPER runs each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import thread_time
from typing import TYPE_CHECKING, Any

from lupa import lua54  # type: ignore[import-untyped, unused-ignore]

from tests.reaper.double.dispatch import FAIL
from tests.reaper.double.gfx import Gfx
from tests.reaper.double.rules import ScriptFailed

if TYPE_CHECKING:
    from tests.reaper.double.reaper import Reaper

STRIDE, LONG_STRIDE = 1000, 1_000_000
"""Instructions of Lua between two looks at whether it takes too long."""
PRELUDE = Path(__file__).with_name("prelude.lua").read_bytes()


@dataclass(frozen=True, slots=True)
class Step:
    """One turn of one script: its main part, or what it deferred."""

    tick: int
    script: str
    lua_ms: float
    """Processor time in Lua alone, so that a busy machine does not count: what REAPER spends beside its own functions."""
    reaper_ms: float
    """Time in the double's functions. Says nothing of REAPER's."""
    calls: int
    """How often it called REAPER."""
    work_ms: float
    """What it took at the pace of a `paced` REAPER: the same on every machine."""


def _no_attributes(_object: object, name: object, _setting: bool) -> object:
    raise AttributeError(f"a pointer has no fields ({name!r})")


class Script:
    """One running script."""

    def __init__(self, reaper: Reaper, path: str, command: int) -> None:
        self._reaper = reaper
        self.path = path
        self.command = command
        self.deferred: list[Any] = []
        self.at_exit: list[Any] = []
        self.gfx = Gfx(reaper)
        self.value: float | None = None
        """How far the knob that started it is turned, from 0 to 1; None for a key or button."""
        self.options = 0
        self.printed: list[str] = []
        self.running = True
        self.late = False
        """Whether its main part is over and it runs what it deferred."""
        self.used_undo = False
        self.ever_deferred = False
        self.lua = lua54.LuaRuntime(
            encoding=None,
            register_eval=False,
            register_builtins=False,
            unpack_returned_tuples=True,
            attribute_filter=_no_attributes,
        )
        desk, gfx = reaper.desk, self.gfx
        outer = self.lua.execute(b"return function(text, ...) return assert(load(text, '=prelude'))(...) end")
        self._protected, self._from_file, self._from_text = outer(
            PRELUDE,
            desk.call,
            desk.lookup,
            lambda why: desk.refuse(why.decode("utf-8", "replace")),
            reaper.late,
            FAIL,
            desk.timed(gfx.call),
            desk.timed(gfx.get),
            desk.timed(gfx.set),
            lambda words: self.printed.append(words.decode("utf-8", "replace")),
            reaper.system.startswith("Win"),
            lambda: reaper.disk_is_full,
            lambda file, line: reaper.rules.locate(f"{Path(file.decode('utf-8', 'replace')).name}:{line}"),
            STRIDE if reaper.paced else LONG_STRIDE,
        )

    def start(self, text: str | None = None) -> Any:
        """The main part, from its file or from `text`; what it returns."""
        if text is None:
            return self._turn(lambda: self._from_file(str(self.path).encode("utf-8", "surrogateescape")))
        return self._turn(lambda: self._from_text(text.encode(), b"=" + self.path.encode()))

    def resume(self) -> None:
        """Everything it deferred, once."""
        waiting, self.deferred, self.late = self.deferred, [], True
        if len(waiting) > 64:
            self._reaper.rules.note(f"{self.path} defers more and more: {len(waiting)} functions wait for one tick")
            waiting = []
        for function in waiting:
            self._turn(lambda function=function: self._protected(function))  # type: ignore[misc]
        self.gfx.check_wheel()

    def end(self) -> None:
        """It is over: what it left for its exit runs."""
        self.running = False
        leaving, self.at_exit, self.deferred = self.at_exit, [], []
        for function in leaving:
            self._turn(lambda function=function: self._protected(function))  # type: ignore[misc]
        self.gfx.open = False  # the window goes with the script

    def _turn(self, play: Callable[[], Any]) -> Any:
        reaper, desk = self._reaper, self._reaper.desk
        inside, nested, calls = desk.inside, reaper.lua_seconds, desk.calls
        with reaper.turn_of(self):
            began = thread_time()
            answer = play()
            total, work = thread_time() - began, reaper.work()
        ours, others = desk.inside - inside, reaper.lua_seconds - nested
        lua = max(0.0, total - ours - others)
        reaper.lua_seconds += lua
        reaper.steps.append(Step(reaper.ticks, self.path, lua * 1000, ours * 1000, desk.calls - calls, work * 1000))
        if reaper.turn_limit_ms is not None and lua * 1000 > reaper.turn_limit_ms:
            reaper.rules.note(f"{self.path}: a turn took Lua {lua * 1000:.1f} ms, {reaper.turn_limit_ms:g} are allowed")
        ok, *values = answer if isinstance(answer, tuple) else (answer,)
        if not ok:
            self.running = False
            self.deferred = []
            why = values[0].decode("utf-8", "replace") if values else "no reason given"
            reaper.rules.reckon()
            raise ScriptFailed(f"{self.path}: {why}")
        return values[0] if len(values) == 1 else tuple(values)
