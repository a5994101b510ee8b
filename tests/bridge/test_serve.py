"""`partimento serve`: a real process, real folders, real UDP."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from pythonosc.osc_message import OscMessage

import bridge
from bridge.osc import LARGEST, LOOPBACK, encode
from tests.bridge.requests import item, track
from tests.bridge.serving import TIMEOUT, Peer, Served, launch, serving, until

RULES = {"by_rule": True, "style": "house", "piano_only": True}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One bridge for all tests that leave it as it was."""
    folder = tmp_path_factory.mktemp("served")
    with serving(folder / "REAPER", folder / "home") as one:
        yield one


@pytest.fixture
def peer(served: Served) -> Iterator[Peer]:
    own = Peer(served.ready["osc_port"])
    yield own
    own.close()


@pytest.fixture
def place(tmp_path: Path) -> tuple[Path, Path]:
    (tmp_path / "REAPER").mkdir()
    return tmp_path / "REAPER", tmp_path / "home"


def test_a_request_becomes_a_status_clips_and_a_result(served: Served) -> None:
    folder = served.ask("slice-1", options=RULES)
    status = served.wait("slice-1")
    assert (status.state, status.progress, status.error) == ("done", 1.0, None)
    result = json.loads((folder / "result.json").read_bytes())
    assert [write["op"] for write in result["writes"]] == ["track", "item"]
    files = [take["file"] for write in result["writes"][1:] for take in write["takes"]]
    assert all((folder / file).read_bytes().startswith(b"MThd") for file in files)


def test_detect_comes_back_too(served: Served) -> None:
    folder = served.ask("detect-1", verb="detect")
    assert served.wait("detect-1").state == "done"
    ops = {write["op"] for write in json.loads((folder / "result.json").read_bytes())["writes"]}
    assert ops == {"track", "item", "region"}


def test_what_it_says_of_itself(served: Served) -> None:
    said = served.presence()
    assert (said.state, said.pid, said.version) == ("ready", served.process.pid, bridge.__version__)
    assert said.osc_port == served.ready["osc_port"]
    until(lambda: served.presence().beat > said.beat, "its heart does not beat")


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"verb": "fill"}, "E_UNAVAILABLE"),
        ({"scripts": "9.9.0"}, "E_VERSION"),
        ({"selection": {}}, "E_NOT_FOUND"),
        ({"tracks": [track([item(from_qn=4.0, to_qn=4.0)])]}, "E_SCHEMA"),
    ],
)
def test_what_cannot_be_done_is_a_sentence_and_a_hint(served: Served, more: dict[str, object], code: str) -> None:
    job = f"no-{code[2:].replace('_', '-')}"
    folder = served.ask(job, **more)
    status = served.wait(job)
    assert status.state == "failed"
    assert status.error is not None
    assert status.error.code == code
    assert status.error.hint
    assert not (folder / "result.json").exists()
    assert not (folder / "clips").exists()


def test_requests_that_are_no_requests_end_nothing(served: Served) -> None:
    texts = [
        "",
        "{",
        "[]",
        "null",
        '{"schema":"request/1"}',
        "\x00" * 100,
        "[" * 100_000,
        '{"schema":"request/2","id":"x"}',
    ]
    for number, text in enumerate(texts):
        served.put(f"junk-{number}", text)
    (served.mailbox.jobs / "no request").mkdir()
    (served.mailbox.jobs / "..strange").mkdir()
    (served.mailbox.jobs / "..strange" / "request.json").write_text("{}")
    for number in range(len(texts)):
        status = served.wait(f"junk-{number}")
        assert status.error is not None
        assert status.error.code == "E_SCHEMA"
    assert served.process.poll() is None


def test_a_cancel_file_stops_a_job(served: Served) -> None:
    served.ask("long-1", tracks=[track([item(pitches=(60, 62, 64, 65) * 600)])])
    served.wait("long-1", "running")
    (served.mailbox.jobs / "long-1" / "cancel").touch()
    assert served.wait("long-1").state == "cancelled"
    assert not (served.mailbox.jobs / "long-1" / "result.json").exists()


def test_control_files_are_obeyed_and_answered(served: Served) -> None:
    served.control("c1", "ping")
    served.control("c2", "transport", playing=True, qpm=96.0)
    served.control("c3", "live-start", mode="trade")
    (served.mailbox.control / "c4.json").write_text("nonsense")

    def answers() -> dict[str, str | None]:
        return {one.id: one.error.code if one.error else None for one in served.presence().answers}

    wanted = {"c1": None, "c2": None, "c3": "E_UNAVAILABLE", "c4": "E_SCHEMA"}
    until(lambda: wanted.items() <= answers().items(), "not all control files were answered")
    assert served.presence().transport == {"playing": True, "qpm": 96.0}
    assert list(served.mailbox.control.iterdir()) == []


def test_a_ping_is_answered_with_the_version_and_what_it_carried(peer: Peer) -> None:
    assert peer.ask("/partimento/ping", 7, "x") == ("/partimento/pong", [bridge.__version__, 7, "x"])


def test_what_a_ping_carried_comes_back_as_far_as_a_message_reaches(peer: Peer) -> None:
    address, (_, *echo) = peer.ask("/partimento/ping", *(["音" * 500] * 8))
    assert address == "/partimento/pong"
    assert len(echo) == 2
    assert len(encode(address, bridge.__version__, *echo)) <= LARGEST


@pytest.mark.parametrize("address", ["/partimento/panic", "/partimento/live/panic"])
def test_panic_is_never_refused(served: Served, peer: Peer, address: str) -> None:
    peer.send(address)
    assert peer.ask("/partimento/arrange", "none-such")[1][0] == "E_NOT_FOUND"  # the first word that comes back
    served.control("panic", "panic")
    until(
        lambda: [one.ok for one in served.presence().answers if one.id == "panic"] == [True], "panic was not answered"
    )


def test_a_job_that_is_named_over_osc_is_followed_to_its_end(served: Served, peer: Peer) -> None:
    served.ask("osc-1", options=RULES)
    peer.send("/partimento/arrange", "osc-1")
    states = []
    while not states or states[-1] not in ("done", "failed", "cancelled"):
        address, (state, progress, _) = peer.hear()
        assert address == "/partimento/job/osc-1"
        assert 0.0 <= progress <= 1.0
        states.append(state)
    assert states[-1] == "done"
    assert peer.ask("/partimento/arrange", "osc-1")[1][0] == "done"


@pytest.mark.parametrize(
    ("address", "arguments", "code"),
    [
        ("/partimento/arrange", ("none-such",), "E_NOT_FOUND"),
        ("/partimento/arrange", ("../../etc",), "E_NOT_FOUND"),
        ("/partimento/arrange", (), "E_OSC"),
        ("/partimento/cancel", ("none-such",), "E_NOT_FOUND"),
        ("/partimento/live/start", ("trade",), "E_UNAVAILABLE"),
        ("/nowhere", (), "E_OSC"),
    ],
)
def test_a_message_that_cannot_be_obeyed_is_one_error(
    peer: Peer, address: str, arguments: tuple[str, ...], code: str
) -> None:
    said, (heard, sentence, hint) = peer.ask(address, *arguments)
    assert (said, heard) == ("/partimento/error", code)
    assert sentence
    assert hint
    assert peer.ask("/partimento/ping")[0] == "/partimento/pong"


def test_the_verb_must_be_the_jobs(served: Served, peer: Peer) -> None:
    served.ask("verb-1", verb="detect")
    served.wait("verb-1")
    assert peer.ask("/partimento/arrange", "verb-1")[1][0] == "E_SCHEMA"


def test_cancel_without_an_id_stops_everything(served: Served, peer: Peer) -> None:
    long = [track([item(pitches=(60, 62, 64, 65) * 600)])]
    for job in ("all-1", "all-2"):
        served.ask(job, tracks=long)
    served.wait("all-1", "running")
    served.wait("all-2", "queued")
    peer.send("/partimento/cancel")
    assert served.wait("all-1").state == "cancelled"
    assert served.wait("all-2").state == "cancelled"


def test_answers_go_to_one_port_where_that_is_fixed(place: tuple[Path, Path]) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listens:
        listens.bind((LOOPBACK, 0))
        listens.settimeout(10)
        with serving(*place, "--reply-port", str(listens.getsockname()[1])) as served:
            peer = Peer(served.ready["osc_port"])
            for address in ("/partimento/ping", "/nowhere"):
                peer.send(address)
            heard = [OscMessage(listens.recv(2000)).address for _ in range(2)]
            peer.close()
    assert heard == ["/partimento/pong", "/partimento/error"]


def test_what_reaper_plays_is_heard_on_the_port_of_its_surface(place: tuple[Path, Path]) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind((LOOPBACK, 0))
        port = free.getsockname()[1]
    line = f'csurf_0=OSC "partimento" 3 7441 "127.0.0.1" {port} 1024 10 "partimento"'
    (place[0] / "reaper.ini").write_text(f"[reaper]\ncsurf_cnt=1\n{line}\n", encoding="utf-8")
    with serving(*place) as served:
        reaper = Peer(port)
        reaper.send("/tempo/raw", 96.0)
        reaper.send("/play", 1.0)
        reaper.socket.send(b"nonsense")
        until(lambda: served.presence().transport == {"qpm": 96.0, "playing": True}, "REAPER was not heard")
        reaper.close()


def test_it_ends_on_sigterm_with_0(place: tuple[Path, Path]) -> None:
    with serving(*place) as served:
        assert served.stop(signal.SIGTERM) == 0
        assert served.presence().state == "stopped"
        assert "stopped: SIGTERM" in served.log()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for another process")
def test_ctrl_c_ends_it_in_good_order(place: tuple[Path, Path]) -> None:
    with serving(*place) as served:
        assert served.stop(signal.SIGINT) == 0


def test_a_second_bridge_is_refused_and_harms_nothing(served: Served) -> None:
    resource_path = served.mailbox.root.parent.parent
    with pytest.raises(AssertionError, match="serves this REAPER already"):
        launch(resource_path, served.home)
    assert served.presence().pid == served.process.pid
    served.ask("after-second", verb="detect")
    assert served.wait("after-second").state == "done"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows stops no process for a while")
def test_a_bridge_that_hangs_is_taken_over_and_goes_when_it_wakes(place: tuple[Path, Path]) -> None:
    with serving(*place) as hangs:
        hangs.process.send_signal(signal.SIGSTOP)
        try:
            with serving(*place) as other:
                assert other.presence().pid == other.process.pid
                hangs.process.send_signal(signal.SIGCONT)
                assert hangs.process.wait(TIMEOUT) == 0
                assert "another bridge has taken over" in hangs.log()
                other.ask("mine", verb="detect")
                assert other.wait("mine").state == "done"
                assert other.presence().state == "ready"
        finally:
            hangs.process.send_signal(signal.SIGCONT)


def test_a_killed_bridge_leaves_a_message_for_its_job_and_no_result(place: tuple[Path, Path]) -> None:
    with serving(*place) as served:
        folder = served.ask("lost", tracks=[track([item(pitches=(60, 62, 64, 65) * 600)])])
        served.wait("lost", "running")
        waits = served.ask("waits", options=RULES)
        served.process.kill()
        served.process.wait(TIMEOUT)
    with serving(*place) as served:
        status = served.wait("lost")
        assert status.error is not None
        assert status.error.code == "E_BRIDGE"
        assert served.wait("waits").state == "done"
        assert (waits / "result.json").exists()
        assert not (folder / "result.json").exists()


def test_jobs_that_came_while_nobody_served_are_done_at_the_start(place: tuple[Path, Path]) -> None:
    with serving(*place) as served:
        served.stop()
        served.ask("early", options=RULES)
    with serving(*place) as served:
        assert served.wait("early").state == "done"


def test_a_word_from_before_the_start_is_heard_unless_it_is_old(place: tuple[Path, Path]) -> None:
    with serving(*place) as served:
        served.stop()
        for name in ("yesterday", "just-now"):
            served.control(name, "live-start", mode="trade")
        os.utime(served.mailbox.control / "yesterday.json", (time.time() - 86_400,) * 2)
    with serving(*place) as served:
        until(lambda: served.presence().answers, "nothing was answered")
        assert [one.id for one in served.presence().answers] == ["just-now"]
        assert list(served.mailbox.control.iterdir()) == []


def test_a_port_that_is_taken_is_a_notice_and_the_mailbox_works(served: Served, place: tuple[Path, Path]) -> None:
    with serving(*place, "--osc-port", str(served.ready["osc_port"])) as other:
        assert other.ready["osc_port"] is None
        assert "W_OSC" in [warning["code"] for warning in other.ready["warnings"]]
        other.ask("a", verb="detect")
        assert other.wait("a").state == "done"


def test_without_a_reaper_there_is_a_sentence(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "bridge", "serve", "--json", "--resource-path", str(tmp_path / "none")]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT, env=dict(os.environ))
    assert ended.returncode == 1
    assert json.loads(ended.stdout)["error"]["code"] == "E_NOT_FOUND"
    assert "--resource-path" in ended.stderr


def test_it_listens_to_this_machine_alone(served: Served) -> None:
    with open("/proc/net/udp", encoding="ascii") as table:
        locals_ = [line.split()[1] for line in table.readlines()[1:]]
    port = f"{served.ready['osc_port']:04X}"
    assert [where.split(":")[0] for where in locals_ if where.endswith(port)] == ["0100007F"]
    assert LOOPBACK == "127.0.0.1"


def test_it_leaves_when_reaper_has_gone_and_says_so(place: tuple[Path, Path]) -> None:
    with serving(*place, "--leave-after", "2") as served:
        served.ask("last-wish")
        assert served.wait("last-wish").state == "done"
        assert served.process.wait(30) == 0
        assert "stopped: REAPER has gone" in served.log()
        assert served.presence().state == "stopped"
