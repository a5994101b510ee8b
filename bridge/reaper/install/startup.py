"""The line in `Scripts/__startup.lua`, which REAPER runs when it starts: it starts our agent.

It stands on top, because a script may end early or with `return`, after which nothing may follow. It runs the agent as
the action that it is: a script of its own, which can go wrong without taking the user's start-up script along. It defers
nothing at all, because a script that defers leaves no undo point, and a project that was only opened has nothing to undo.
"""

from __future__ import annotations

import re

from bridge.reaper.install.lines import Lines

FILE = "Scripts/__startup.lua"
AGENT = "partimento_agent.lua"
_MARK = "-- partimento: `partimento reaper remove` takes this line out"
_COMMAND = re.compile(rb'NamedCommandLookup\("([^"]*)"\)')


def add(script: Lines, command: str) -> Lines:
    """With the line that runs a command, in the place of an older one of ours."""
    start = f'reaper.Main_OnCommand(reaper.NamedCommandLookup("{command}"), 0)'
    line = f"{start} reaper.defer(function() end) {_MARK}".encode()
    ours = _ours(script)
    if ours:
        return script if script.text(ours[0]) == line else script.change(ours[0], line)
    has_shebang = bool(script.lines) and script.lines[0].startswith(b"#")
    return script.put_in(1 if has_shebang else 0, [line])


def remove(script: Lines) -> Lines:
    """Without our line."""
    for number in reversed(_ours(script)):
        script = script.take_out(number)
    return script


def started(script: Lines) -> str | None:
    """The command that our line runs; None where there is no such line."""
    for number in _ours(script):
        if match := _COMMAND.search(script.text(number)):
            return match[1].decode("ascii", "replace")
    return None


def _ours(script: Lines) -> tuple[int, ...]:
    return script.find(lambda text: text.endswith(_MARK.encode()))
