"""From a call in Lua to the function of the double that answers it, through every check."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import thread_time
from typing import TYPE_CHECKING, Any

from tests.reaper.double.arguments import check_arguments, check_returns
from tests.reaper.double.facts import EXTENSIONS, Signature, functions, signature
from tests.reaper.double.rules import Refused

if TYPE_CHECKING:
    from tests.reaper.double.reaper import Reaper


@dataclass(frozen=True, slots=True)
class Part:
    """One function that the double plays."""

    function: Callable[..., Any]
    raw: bool
    """Whether its strings are bytes: MIDI and file contents."""
    changes: int
    """What kind of project state it changes, as undo flags; 0 if none."""


PARTS: dict[str, Part] = {}
"""By REAPER's name."""


class Fail:
    """What Lua gets instead of values when a call was refused."""


FAIL = Fail()


def does(*names: str, raw: bool = False, changes: int = 0) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """This function plays REAPER's function of that name: it gets the double first, then the checked arguments."""

    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        for name in names:
            assert name in functions(), f"REAPER has no {name}"
            PARTS[name] = Part(function, raw, changes)
        return function

    return register


class Desk:
    """Where calls from Lua arrive. One for each REAPER."""

    def __init__(self, reaper: Reaper) -> None:
        self._reaper = reaper
        self.extensions: dict[str, tuple[Signature, Part]] = {}
        """Functions of extensions that a test asked for."""
        self.inside = 0.0
        """Seconds spent in the double and not in Lua, ever."""
        self.calls = 0
        self.listener: Callable[[str], object] | None = None
        """Told the name of every call, when a test asks."""

    def there(self, name: str) -> bool:
        """Whether this REAPER has the function."""
        if name in self.extensions:
            return True
        found = functions().get(name)
        return found is not None and found.since <= self._reaper.version

    def lookup(self, name: object) -> object:
        """What `reaper.NAME` is: a function with values, one without, or nothing. Only a name nobody knows is a mistake."""
        key = name.decode("utf-8", "replace") if isinstance(name, bytes) else str(name)
        if self.there(key):
            found = self.extensions[key][0] if key in self.extensions else functions()[key]
            return b"call" if found.returns else b"void"
        if key in functions() or key.startswith(EXTENSIONS):
            return None
        return self.refuse(f"reaper.{key}: REAPER has no such function")

    def install(self, name: str, text: str, function: Callable[..., Any]) -> None:
        """A function of an extension, for a test: `install("JS_Mouse_GetState", "flags integer -> retval integer", …)`."""
        assert name.startswith(EXTENSIONS), f"{name} is no function of an extension"
        self.extensions[name] = (signature(name, text), Part(lambda _reaper, *given: function(*given), False, 0))

    def refuse(self, why: str) -> object:
        """Note a broken rule; Lua raises the error."""
        self._reaper.rules.note(f"{self._reaper.where()}{why}")
        return FAIL, why.encode("utf-8", "replace")

    def timed(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """The same function, its time counted as the double's."""

        def play(*given: Any) -> Any:
            began = thread_time()
            try:
                return function(*given)
            finally:
                self.inside += thread_time() - began

        return play

    def call(self, name: bytes, *given: Any) -> Any:
        """One call from Lua."""
        began, nested = thread_time(), self._reaper.lua_seconds
        self.calls += 1
        key = name.decode()
        if self.listener:
            self.listener(key)
        try:
            return self._answer(key, given)
        except Refused as refused:
            return self.refuse(f"reaper.{key}: {refused}")
        finally:
            ours = thread_time() - began - (self._reaper.lua_seconds - nested)
            self.inside += ours

    def _answer(self, key: str, given: tuple[Any, ...]) -> Any:
        reaper = self._reaper
        if not reaper.in_tick:
            raise Refused("called outside a tick, where nobody may talk to REAPER")
        wanted, part = self.extensions.get(key) or (functions()[key], PARTS.get(key))
        arguments = check_arguments(reaper, wanted, given, raw=part is not None and part.raw)
        if part is None:
            raise Refused("REAPER has it, the double does not play it yet")
        project = reaper.check_change(part.changes, arguments) if part.changes else None
        result = part.function(reaper, *arguments)
        if project is not None:
            reaper.changed(key, part.changes, project)
        values = check_returns(wanted, result)
        return values[0] if len(values) == 1 else values
