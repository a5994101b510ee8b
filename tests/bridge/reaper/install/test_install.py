"""In and out of a resource folder: everything or nothing, once is enough, and not a byte stays behind."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.reaper import install
from bridge.reaper.install import actions, changes, receipt
from bridge.reaper.install.changes import Change
from bridge.reaper.install.desk import BACKUP
from bridge.reaper.install.running import Look
from engines.errors import NotThere, Unavailable, UnreadableFile, WriteFailed
from tests.bridge.reaper.install.fake_reaper import INI, KEYS, STARTUP, everything, resource_folder, scripts

CLOSED = Look(())
COMMAND = ("/opt/partimento/bin/partimento",)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return resource_folder(tmp_path / "REAPER ♫")


@pytest.fixture
def ships(tmp_path: Path) -> Path:
    return scripts(tmp_path / "ships")


def put_in(home: Path, ships: Path) -> install.Plan:
    plan = install.plan_install(home, ships, COMMAND)
    install.carry_out(home, plan, CLOSED)
    return plan


def take_out(home: Path, ships: Path) -> install.Plan:
    plan = install.plan_remove(home, ships)
    install.carry_out(home, plan, CLOSED)
    return plan


def test_everything_comes_to_its_place(home: Path, ships: Path) -> None:
    put_in(home, ships)
    there = everything(home)
    assert there["Scripts/partimento/lib/json.lua"] == b"return {}\n"
    assert there["Effects/partimento/Sketch/partimento_drums.jsfx"] == b"desc:Drums\n"
    assert there["OSC/partimento.ReaperOSC"] == b"PLAY t/play\n"
    assert not [name for name in there if "README" in name or "luacheck" in name]
    keys = actions.registered(actions.Lines.of(there["reaper-kb.ini"] or b"", "keys"))
    assert set(keys) == {"partimento_agent.lua", "partimento_arrange.lua", "partimento_again.lua"}
    assert keys["partimento_agent.lua"].encode() in (there["Scripts/__startup.lua"] or b"").splitlines()[0]
    assert b"csurf_cnt=2\r\n" in (there["reaper.ini"] or b"")


def test_the_scripts_learn_how_to_start_the_bridge(home: Path, ships: Path) -> None:
    put_in(home, ships)
    paper = msgspec.json.decode((home / "Data/partimento/install.json").read_bytes())
    assert paper["schema"] == "install/1"
    assert paper["command"] == list(COMMAND)


def test_removed_leaves_no_trace(home: Path, ships: Path) -> None:
    before = everything(home)
    put_in(home, ships)
    assert everything(home) != before
    take_out(home, ships)
    assert everything(home) == before


def test_a_folder_that_never_had_keys_or_a_startup_has_none_again(tmp_path: Path, ships: Path) -> None:
    home = tmp_path / "new"
    home.mkdir()
    (home / "reaper.ini").write_bytes(b"[REAPER]\n")
    put_in(home, ships)
    assert (home / "Scripts/__startup.lua").is_file()
    take_out(home, ships)
    assert everything(home) == {"reaper.ini": b"[REAPER]\n"}


def test_a_second_time_changes_nothing(home: Path, ships: Path) -> None:
    put_in(home, ships)
    before = everything(home)
    assert put_in(home, ships).changes == ()
    assert everything(home) == before
    take_out(home, ships)
    assert take_out(home, ships).changes == ()


def test_what_somebody_added_since_stays(home: Path, ships: Path) -> None:
    put_in(home, ships)
    for name, line in (("reaper.ini", b"recent02=b.rpp\r\n"), ("reaper-kb.ini", b"KEY 1 1 1 0\r\n")):
        with (home / name).open("ab") as file:
            file.write(line)
    assert put_in(home, ships).changes == ()
    take_out(home, ships)
    assert (home / "reaper.ini").read_bytes() == INI + b"recent02=b.rpp\r\n"
    assert (home / "reaper-kb.ini").read_bytes() == KEYS + b"KEY 1 1 1 0\r\n"
    assert (home / "Scripts/__startup.lua").read_bytes() == STARTUP


def test_a_lost_receipt_is_no_obstacle(home: Path, ships: Path) -> None:
    before = everything(home)
    put_in(home, ships)
    (home / receipt.FILE).unlink()
    take_out(home, ships)
    left = {name for name in everything(home) if name not in before}
    assert {name for name in left if (home / name).is_file()} == {
        f"{BACKUP}{name}" for name in ("reaper.ini", "reaper-kb.ini", "Scripts/__startup.lua")
    }
    assert {name: everything(home)[name] for name in before} == before


def test_jobs_and_clips_outlive_a_removal(home: Path, ships: Path) -> None:
    put_in(home, ships)
    clip = home / "Data/partimento/jobs/1/clips/bass.mid"
    clip.parent.mkdir(parents=True)
    clip.write_bytes(b"MThd")
    take_out(home, ships)
    assert clip.read_bytes() == b"MThd"


def test_a_file_in_the_way_comes_back(home: Path, ships: Path) -> None:
    (home / "OSC").mkdir()
    (home / "OSC/partimento.ReaperOSC").write_bytes(b"somebody's")
    before = everything(home)
    put_in(home, ships)
    assert (home / "OSC/partimento.ReaperOSC").read_bytes() == b"PLAY t/play\n"
    assert put_in(home, ships).changes == ()
    take_out(home, ships)
    assert everything(home) == before


def test_a_file_in_the_way_comes_back_when_a_version_ships_it_no_more(home: Path, ships: Path) -> None:
    (home / "Effects/partimento/Sketch").mkdir(parents=True)
    theirs = home / "Effects/partimento/Sketch/partimento_drums.jsfx"
    theirs.write_bytes(b"somebody's")
    put_in(home, ships)
    (ships / "Effects/Sketch/partimento_drums.jsfx").unlink()
    put_in(home, ships)
    assert theirs.read_bytes() == b"somebody's"
    take_out(home, ships)
    assert theirs.read_bytes() == b"somebody's"


def test_a_new_version_replaces_the_old_and_keeps_what_was_changed_by_hand(home: Path, ships: Path) -> None:
    before = everything(home)
    put_in(home, ships)
    (home / "Scripts/partimento/lib/json.lua").write_bytes(b"-- mine\n")
    (ships / "lib/json.lua").write_text("return {2}\n")
    (ships / "partimento_again.lua").unlink()
    (ships / "partimento_vary.lua").write_text("-- @description Vary\n-- @version 0.2.0\n")
    plan = put_in(home, ships)
    assert [notice.code for notice in plan.notices] == ["W_CHANGED"]
    there = everything(home)
    assert there["Scripts/partimento/lib/json.lua"] == b"return {2}\n"
    assert [data for name, data in there.items() if name.startswith("Data/partimento/changed/")].count(
        b"-- mine\n"
    ) == 1
    assert "Scripts/partimento/partimento_again.lua" not in there
    assert b"partimento_again" not in (there["reaper-kb.ini"] or b"")
    assert b"partimento_vary" in (there["reaper-kb.ini"] or b"")
    take_out(home, ships)
    left = set(everything(home)) - set(before)
    assert all(name.startswith("Data/partimento/changed") for name in left if (home / name).is_file())
    assert (home / "reaper-kb.ini").read_bytes() == KEYS


def test_a_script_changed_by_hand_is_left_to_its_owner(home: Path, ships: Path) -> None:
    put_in(home, ships)
    (home / "Scripts/partimento/lib/json.lua").write_bytes(b"-- mine\n")
    plan = take_out(home, ships)
    assert [notice.code for notice in plan.notices] == ["W_CHANGED"]
    assert (home / "Scripts/partimento/lib/json.lua").read_bytes() == b"-- mine\n"


def test_nothing_is_touched_while_reaper_runs(home: Path, ships: Path) -> None:
    before = everything(home)
    plan = install.plan_install(home, ships, COMMAND)
    with pytest.raises(Unavailable, match="process 7") as refused:
        install.carry_out(home, plan, Look(("process 7",)))
    assert "Close REAPER" in refused.value.hint
    assert everything(home) == before


def test_that_nobody_could_look_is_said(home: Path, ships: Path) -> None:
    plan = install.plan_install(home, ships, COMMAND)
    (notice,) = install.carry_out(home, plan, Look((), "there is no pgrep"))
    assert notice.code == "W_REAPER_UNSEEN"


@pytest.mark.parametrize("call", ["fsync", "replace", "fdopen"])
def test_a_failure_anywhere_leaves_everything_as_it_was(
    home: Path, ships: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    before = everything(home)
    plan = install.plan_install(home, ships, COMMAND)
    real = getattr(os, call)
    left = 0

    def failing(*arguments: Any, **named: Any) -> Any:
        nonlocal left
        left -= 1
        if left == 0:
            raise OSError(28, "No space left on device")
        return real(*arguments, **named)

    monkeypatch.setattr(os, call, failing)
    for number in range(1, len(plan.changes) + 1):
        left = number
        with pytest.raises(WriteFailed, match="No space left"):
            install.carry_out(home, plan, CLOSED)
        assert everything(home) == before
    left = 10_000
    install.carry_out(home, plan, CLOSED)
    assert install.plan_install(home, ships, COMMAND).changes == ()


KILLED = """
import os, sys
from pathlib import Path
from bridge.reaper import install
from bridge.reaper.install.running import Look
home, ships, left, verb = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
names = ("replace", "unlink")
real = {name: getattr(os, name) for name in names}
def dying(name):
    def call(*arguments, **named):
        global left
        left -= 1
        if left < 0:
            os._exit(9)
        return real[name](*arguments, **named)
    return call
for name in names:
    setattr(os, name, dying(name))
plan = install.plan_install(home, ships, ("partimento",)) if verb == "install" else install.plan_remove(home, ships)
install.carry_out(home, plan, Look(()))
"""


@pytest.mark.parametrize("verb", ["install", "remove"])
def test_who_is_killed_in_the_middle_begins_again(tmp_path: Path, ships: Path, verb: str) -> None:
    for left in range(0, 30, 2):
        home = resource_folder(tmp_path / f"{left}")
        (home / "Scripts/__startup.lua").unlink()
        (home / "Data").mkdir()
        (home / "OSC").mkdir()
        (home / "OSC/partimento.ReaperOSC").write_bytes(b"somebody's")
        before = everything(home)
        if verb == "remove":
            put_in(home, ships)
        command = [sys.executable, "-c", KILLED, str(home), str(ships), str(left), verb]
        died = subprocess.run(command, check=False).returncode
        assert died in (0, 9)
        put_in(home, ships)
        assert changes.ASIDE not in everything(home)
        take_out(home, ships)
        assert everything(home) == before
        if died == 0:
            break
    assert left > 0


def test_a_file_that_changed_since_the_plan_is_not_overwritten(home: Path, ships: Path) -> None:
    plan = install.plan_install(home, ships, COMMAND)
    (home / "reaper.ini").write_bytes(INI + b"x=1\r\n")
    before = everything(home)
    with pytest.raises(WriteFailed, match=r"reaper\.ini has just been changed"):
        install.carry_out(home, plan, CLOSED)
    assert everything(home) == before


@pytest.mark.skipif(os.name == "nt", reason="links and permissions as Unix has them")
def test_links_and_permissions_stay(home: Path, ships: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "dotfiles.ini"
    (home / "reaper.ini").rename(elsewhere)
    (home / "reaper.ini").symlink_to(elsewhere)
    elsewhere.chmod(0o600)
    put_in(home, ships)
    assert (home / "reaper.ini").is_symlink()
    assert b"partimento" in elsewhere.read_bytes()
    assert stat.S_IMODE(elsewhere.stat().st_mode) == 0o600
    take_out(home, ships)
    assert elsewhere.read_bytes() == INI


@pytest.mark.skipif(os.name == "nt", reason="permissions as Unix has them")
def test_a_portable_folder_with_all_that_may_lie_in_one_comes_back_to_the_byte(tmp_path: Path, ships: Path) -> None:
    home, mark = tmp_path / "Stick ♫/REAPER Größe", b"\xef\xbb\xbf"
    (home / "Scripts").mkdir(parents=True)
    (home / "reaper").write_bytes(b"\x7fELF")
    settings = {
        "reaper.ini": mark
        + INI.replace(b"csurf_cnt=1", b'csurf_cnt=2\r\ncsurf_1=OSC "Touch" 3 8000 "10.0.0.7" 9000 1024 10 ""'),
        "reaper-kb.ini": mark + KEYS,
        "Scripts/__startup.lua": mark + STARTUP.replace(b"\n", b"\r\n"),
    }
    for name, data in settings.items():
        (home / name).write_bytes(data)
        (home / name).chmod(0o444)
    before = everything(home)
    put_in(home, ships)
    for name, data in settings.items():
        now = (home / name).read_bytes()
        assert now.startswith(mark)
        assert now.count(b"\r\n") == now.count(b"\n")
        assert set(data.splitlines()) - set(now.splitlines()) <= {b"csurf_cnt=2", mark + b"-- mine"}
        assert stat.S_IMODE((home / name).stat().st_mode) == 0o444
    take_out(home, ships)
    assert everything(home) == before
    assert all(stat.S_IMODE((home / name).stat().st_mode) == 0o444 for name in settings)


def test_another_surface_on_our_port_is_said(home: Path, ships: Path) -> None:
    other = b'csurf_cnt=1\r\ncsurf_0=OSC "Lights" 3 %d "10.0.0.2" 9000 1024 10 ""\r\n'
    (home / "reaper.ini").write_bytes(b"[reaper]\r\n" + other % 8000)
    assert put_in(home, ships).notices == ()
    take_out(home, ships)
    (home / "reaper.ini").write_bytes(b"[reaper]\r\n" + other % 7341)
    (notice,) = put_in(home, ships).notices
    assert (notice.code, "'Lights'" in notice.message) == ("W_PORT_TAKEN", True)


def test_scripts_without_their_agent_are_not_installed(home: Path, ships: Path) -> None:
    (ships / "partimento_agent.lua").unlink()
    with pytest.raises(NotThere, match="agent"):
        install.plan_install(home, ships, COMMAND)


def test_a_damaged_receipt_is_said(home: Path, ships: Path) -> None:
    put_in(home, ships)
    (home / receipt.FILE).write_bytes(b"{")
    with pytest.raises(UnreadableFile, match="damaged"):
        install.plan_remove(home, ships)


def test_a_diff_shows_lines_and_whole_files() -> None:
    text = changes.diff(
        (Change("a", b"x\r\ny\r\n", b"x\r\nz\r\n"), Change("b", None, b"new\n"), Change("c", b"old", None))
    )
    assert "--- a\n+++ a\n" in text
    assert "-y\n+z\n" in text
    assert "--- /dev/null\n+++ b\n" in text
    assert "-old\n" in text


foreign = st.lists(st.binary(max_size=20).map(lambda raw: raw.translate(None, b"\r\n[")), max_size=4)


@settings(max_examples=20)
@given(ini=foreign, keys=foreign, script=foreign, end=st.sampled_from([b"\n", b"\r\n"]), ended=st.booleans())
def test_any_settings_come_back(
    tmp_path_factory: pytest.TempPathFactory,
    ini: list[bytes], keys: list[bytes], script: list[bytes], end: bytes, ended: bool,
) -> None:  # fmt: skip
    folder = tmp_path_factory.mktemp("any")
    ships, home = scripts(folder / "ships"), folder / "home"
    (home / "Scripts").mkdir(parents=True)
    tail = end if ended else b""
    (home / "reaper.ini").write_bytes(end.join([b"[reaper]", *ini]) + tail)
    (home / "reaper-kb.ini").write_bytes(end.join([b"# keys", *keys]) + tail)
    (home / "Scripts/__startup.lua").write_bytes(end.join([b"-- mine", *script]) + tail)
    before = everything(home)
    put_in(home, ships)
    assert put_in(home, ships).changes == ()
    installed = everything(home)
    assert all(line in (installed["reaper-kb.ini"] or b"").split(end) for line in keys)
    take_out(home, ships)
    assert everything(home) == before


EDITS = {
    "reaper.ini": b"recent%d=x.rpp\r\n",
    "reaper-kb.ini": b"KEY 1 %d 40001 0\r\n",
    "Scripts/__startup.lua": b"hello(%d)\r\n",
}


@settings(max_examples=20)
@given(st.lists(st.sampled_from(["install", "new version", "remove", *EDITS]), max_size=9))
def test_what_the_user_does_meanwhile_is_what_is_left(
    tmp_path_factory: pytest.TempPathFactory, steps: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("life")
    ships, home = scripts(folder / "ships"), resource_folder(folder / "home")
    (home / "Scripts/__startup.lua").write_bytes(b"-- mine\r\n")
    expected = everything(home)
    for number, step in enumerate(steps):
        if step in EDITS:
            line = EDITS[step] % number
            (home / step).write_bytes((home / step).read_bytes() + line)
            expected[step] = (expected[step] or b"") + line
        elif step == "remove":
            take_out(home, ships)
            assert everything(home) == expected
        else:
            if step == "new version":
                (ships / f"partimento_{number}.lua").write_text("-- @description New\n-- @version 0.2.0\n")
            put_in(home, ships)
            assert put_in(home, ships).changes == ()
    take_out(home, ships)
    assert everything(home) == expected
