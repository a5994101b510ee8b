"""The line in `__startup.lua`: on top, once, and out again."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from lupa import lua54

from bridge.reaper.install import startup
from bridge.reaper.install.lines import Lines

USERS = b"-- Gr\xfc\xdfe\nlocal function hello() reaper.ShowConsoleMsg('hello') end\nhello()\nreturn hello\n"


def script(data: bytes) -> Lines:
    return Lines.of(data, startup.FILE)


def test_it_stands_on_top_where_a_return_cannot_hide_it() -> None:
    first, _, rest = startup.add(script(USERS), "_RSabc").data().partition(b"\n")
    assert first.startswith(b'reaper.Main_OnCommand(reaper.NamedCommandLookup("_RSabc"), 0) reaper.defer(')
    assert rest == USERS


def test_a_first_line_for_the_shell_stays_first() -> None:
    data = startup.add(script(b"#!/usr/bin/lua\nhello()\n"), "_RSabc").data()
    assert data.splitlines()[0] == b"#!/usr/bin/lua"
    assert data.splitlines()[2] == b"hello()"


def test_another_command_takes_the_place_of_the_old_one() -> None:
    old = startup.add(script(USERS), "_RSold")
    assert startup.started(old) == "_RSold"
    assert startup.add(old, "_RSnew") == startup.add(script(USERS), "_RSnew")
    assert startup.add(old, "_RSold") == old
    assert startup.started(script(USERS)) is None


def test_lua_accepts_it() -> None:
    runtime = lua54.LuaRuntime()
    runtime.execute(
        "ran = {} reaper = {NamedCommandLookup = function(n) return n end, Main_OnCommand = function(c) ran[1] = c end, "
        "defer = function(f) f() end}"
    )
    runtime.execute(startup.add(script(b"return 1\n"), "_RSabc").data())
    assert runtime.eval("ran[1]") in ("_RSabc", b"_RSabc")


@given(
    st.binary(max_size=60)
    .map(lambda raw: raw.replace(b"\r", b""))
    .filter(lambda raw: raw[:2] not in (b"\xff\xfe", b"\xfe\xff"))
)
def test_removed_gives_back_the_exact_bytes(data: bytes) -> None:
    assert startup.remove(script(startup.add(script(data), "_RSabc").data())).data() == data
