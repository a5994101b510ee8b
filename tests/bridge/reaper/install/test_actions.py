"""The lines of `reaper-kb.ini`: one for every action, and nobody else's touched."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.reaper.install import actions
from bridge.reaper.install.actions import Action
from bridge.reaper.install.lines import Lines
from engines.errors import UnreadableFile

ARRANGE = Action("partimento_arrange.lua", "Arrange selected melody", "0.1.0")
AGENT = Action("partimento_agent.lua", "Agent", "0.1.0")
BOTH = (AGENT, ARRANGE)
FOREIGN = (
    b'ACT 1 0 "abc123" "Custom: two things" 40001 40002\r\n'
    b'SCR 4 0 RS7d3c0000000000000000000000000000000000aa "Custom: Gro\xdfe Pause.lua" "Other Scripts\\Gro\xdfe Pause.lua"\r\n'
    b'SCR 516 32060 RS11110000000000000000000000000000000000bb "Custom: notes.lua" Cockos\\notes.lua\r\n'
    b"KEY 9 65 _RS7d3c0000000000000000000000000000000000aa 0\t\t # Main : Ctrl+A\r\n"
)


def keys(data: bytes = FOREIGN) -> Lines:
    return Lines.of(data, actions.FILE)


def test_a_command_id_is_the_same_on_every_machine() -> None:
    assert ARRANGE.command == "_RSb98298aa64d88ab7c5abaab1367d9e8349e1f6e4"
    assert ARRANGE.command != AGENT.command


def test_actions_stand_behind_the_definitions_and_before_the_keys() -> None:
    lines = actions.register(keys(), BOTH, windows=True).data().split(b"\r\n")
    ours = f'SCR 4 0 {ARRANGE.command[1:]} "Custom: partimento_arrange.lua" partimento\\partimento_arrange.lua'
    assert lines[3].startswith(b"SCR 4 0 RS")
    assert lines[4] == ours.encode()
    assert lines[5].startswith(b"KEY")


def test_a_path_with_a_space_stands_in_quotes_and_slashes_follow_the_system() -> None:
    line = Action("next take.lua", "Next take", "1").line(windows=False)
    assert line.endswith(b'"Custom: next take.lua" "partimento/next take.lua"')


def test_registered_twice_is_registered_once() -> None:
    once = actions.register(keys(), BOTH)
    assert actions.register(once, BOTH) == once
    assert actions.registered(once) == {action.file: action.command for action in BOTH}


def test_a_script_that_the_user_registered_keeps_the_users_line() -> None:
    by_hand = keys(b'SCR 4 0 RSmine "Custom: partimento_arrange.lua" partimento/partimento_arrange.lua\n')
    assert actions.registered(actions.register(by_hand, BOTH)) == {AGENT.file: AGENT.command, ARRANGE.file: "_RSmine"}
    assert actions.unregister(actions.register(by_hand, BOTH)) == by_hand


def test_a_whole_path_names_the_same_script() -> None:
    by_hand = (
        b'SCR 4 0 RSmine "Custom: partimento_arrange.lua" "/home/My REAPER/Scripts/partimento/partimento_arrange.lua"\n'
    )
    assert actions.registered(keys(by_hand)) == {ARRANGE.file: "_RSmine"}
    elsewhere = b'SCR 4 0 RSmine "Custom: partimento_arrange.lua" /home/me/partimento/partimento_arrange.lua\n'
    assert actions.registered(keys(elsewhere)) == {}


def test_flags_that_reaper_changed_stay() -> None:
    ours = ARRANGE.command[1:].encode()
    data = actions.register(keys(), BOTH).data().replace(b"SCR 4 0 " + ours, b"SCR 516 0 " + ours)
    assert actions.register(keys(data), BOTH).data() == data
    assert actions.unregister(keys(data)).data() == FOREIGN


def test_an_action_that_is_no_more_loses_its_line() -> None:
    assert actions.register(actions.register(keys(), BOTH), (AGENT,)) == actions.register(keys(), (AGENT,))


@given(st.permutations(FOREIGN.splitlines(keepends=True)), st.booleans(), st.sampled_from([b"", b"\xef\xbb\xbf"]))
def test_unregistered_gives_back_the_exact_bytes(lines: list[bytes], ended: bool, mark: bytes) -> None:
    data = mark + b"".join(lines) if ended else mark + b"".join(lines).removesuffix(b"\r\n")
    with_ours = actions.register(keys(data), BOTH)
    assert set(actions.registered(with_ours)) == {AGENT.file, ARRANGE.file}
    assert actions.unregister(Lines.of(with_ours.data(), actions.FILE)).data() == data


def test_headers_name_the_actions(tmp_path: Path) -> None:
    (tmp_path / "a.lua").write_text("-- @description Arrange selected melody\n-- @version 0.1.0\nlocal x = 1\n")
    (tmp_path / "b.lua").write_text("-- @noindex\n")
    assert actions.shipped(tmp_path) == (Action("a.lua", "Arrange selected melody", "0.1.0"),)
    (tmp_path / "c.lua").write_text("local x = 1\n-- @description too late\n-- @version 1\n")
    with pytest.raises(UnreadableFile, match=r"c\.lua has no header"):
        actions.shipped(tmp_path)
