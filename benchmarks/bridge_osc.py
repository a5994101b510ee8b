"""The bridge from outside: how soon it is there, how soon it answers a ping, and what 50,000 bad packets do to it.

    OPENBLAS_NUM_THREADS=1 python -m benchmarks.bridge_osc            prints the table
    OPENBLAS_NUM_THREADS=1 python -m benchmarks.bridge_osc --record   writes benchmarks/results/bridge_osc.{json,md} too

A real process, real UDP on the loopback interface. Bad packets are random bytes, and messages and bundles of ours with bytes
changed, cut or doubled; after every ten of them a valid ping with a number must come back with it.
"""

from __future__ import annotations

import argparse
import json
import random
import signal
import statistics
import struct
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.machine import describe
from bridge.osc import encode
from tests.bridge.requests import TUNE, item, track
from tests.bridge.serving import Peer, Served, launch, serving

RESULTS = Path(__file__).parent / "results"
STARTS, PINGS, PACKETS, BETWEEN = 7, 5000, 50_000, 10
SEED = 1


def starts(folder: Path) -> list[float]:
    """Seconds from the start of the process to its saying that it is ready."""
    out = []
    for number in range(STARTS):
        place = folder / f"start-{number}"
        place.mkdir()
        begin = time.perf_counter()
        served = launch(place, folder / "home")
        out.append(time.perf_counter() - begin)
        served.process.send_signal(signal.SIGTERM)
        served.process.communicate(timeout=30)
    return out


def pings(peer: Peer, count: int, until: Callable[[], bool] = lambda: False) -> list[float]:
    """Round trips in milliseconds."""
    out = []
    for number in range(count):
        if until():
            break
        begin = time.perf_counter()
        answer = peer.ask("/partimento/ping", number)
        out.append((time.perf_counter() - begin) * 1000)
        assert answer[1][1] == number
    return out


def pings_beside_a_job(served: Served, peer: Peer) -> list[float]:
    """The same while the worker arranges one melody after another."""
    done = threading.Event()

    def work() -> None:
        for number in range(8):
            served.ask(f"beside-{number}", tracks=[track([item(pitches=TUNE * 8)])])
            assert served.wait(f"beside-{number}").state == "done"
        done.set()

    worker = threading.Thread(target=work)
    worker.start()
    out = pings(peer, 1_000_000, done.is_set)
    worker.join()
    return out


def bad_packet(chance: random.Random) -> bytes:
    """Something that nobody should send."""
    kind = chance.randrange(5)
    if kind == 0:
        return chance.randbytes(chance.randrange(0, 200))
    if kind == 1:
        return b"/" + chance.randbytes(chance.randrange(0, 2000))
    if kind == 2:
        return b"#bundle\0" + chance.randbytes(chance.randrange(0, 400))
    verb = chance.choice(("ping", "arrange", "cancel", "live/start", "panic", "job/x", "nowhere"))
    packet = encode(f"/partimento/{verb}", *chance.choice(((), ("a",), (1, 2.5), ("x" * 300, 7))))
    if kind == 4:
        inside = b"".join(struct.pack(">i", len(packet)) + packet for _ in range(chance.randrange(1, 4)))
        packet = b"#bundle\0" + bytes(8) + inside
    changed = bytearray(packet * chance.choice((1, 1, 2)))
    for _ in range(chance.randrange(1, 8)):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed[: chance.randrange(1, len(changed) + 1)])


def fuzz(served: Served, peer: Peer, packets: int) -> dict[str, Any]:
    """Bad packets with pings between them; what came back, and what it cost."""
    chance, came = random.Random(SEED), Counter[str]()
    begin, settled = time.perf_counter(), 0.0
    for number in range(packets):
        peer.socket.send(bad_packet(chance))
        if number % BETWEEN == BETWEEN - 1:
            peer.send("/partimento/ping", number)
            while (answer := peer.hear()) != ("/partimento/pong", [served.ready["version"], number]):
                came[answer[0]] += 1
            came["the ping's own pong"] += 1
        if number == packets // 5:
            settled = memory(served)
    seconds = time.perf_counter() - begin
    assert served.process.poll() is None, "the bridge died"
    return {
        "packets": packets,
        "seconds": round(seconds, 1),
        "pings": packets // BETWEEN,
        "pings_answered": came["the ping's own pong"],
        "errors_answered": came["/partimento/error"],
        "memory_mb_after_a_fifth": settled,
        "memory_mb_at_the_end": memory(served),
        "open_files": len(list(Path(f"/proc/{served.process.pid}/fd").iterdir())),
        "log_bytes": len(served.log()),
    }


def memory(served: Served) -> float:
    """Resident megabytes of the bridge's main process."""
    status = Path(f"/proc/{served.process.pid}/status").read_text(encoding="ascii")
    return round(int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS"))) / 1024, 1)


def _spread(milliseconds: list[float]) -> dict[str, float]:
    cuts = statistics.quantiles(milliseconds, n=100)
    return {
        "n": len(milliseconds),
        "p50": round(cuts[49], 3),
        "p99": round(cuts[98], 3),
        "max": round(max(milliseconds), 2),
    }


def report(packets: int) -> dict[str, Any]:
    """Everything."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        started = starts(folder)
        with serving(folder / "REAPER", folder / "home") as served:
            peer = Peer(served.ready["osc_port"])
            served.ask("warm")
            served.wait("warm")
            idle = pings(peer, PINGS)
            busy = pings_beside_a_job(served, peer)
            fuzzed = fuzz(served, peer, packets)
            after = pings(peer, PINGS)
            peer.close()
            code = served.stop()
    return {
        "machine": describe(),
        "start_s": {"median": round(statistics.median(started), 3), "max": round(max(started), 3), "n": len(started)},
        "ping_ms": {"idle": _spread(idle), "beside a job": _spread(busy), "after the fuzz": _spread(after)},
        "fuzz": fuzzed,
        "exit_code": code,
    }


def render(found: dict[str, Any]) -> str:
    """The table in Markdown."""
    machine, fuzzed, start = found["machine"], found["fuzz"], found["start_s"]
    lines = [
        f"{machine['processor']}, {machine['cores']} cores, Python {machine['python']}.",
        "",
        f"Start to ready: median {start['median']} s, slowest of {start['n']} {start['max']} s.",
        "",
        "| ping round trip | n | p50 ms | p99 ms | max ms |",
        "|---|---|---|---|---|",
        *(f"| {what} | {one['n']} | {one['p50']} | {one['p99']} | {one['max']} |" for what, one in found["ping_ms"].items()),
        "",
        f"{fuzzed['packets']:,} bad packets in {fuzzed['seconds']} s: {fuzzed['pings_answered']:,} of {fuzzed['pings']:,} "
        f"pings between them answered, {fuzzed['errors_answered']:,} errors answered; memory "
        f"{fuzzed['memory_mb_after_a_fifth']} MB after a fifth of them, {fuzzed['memory_mb_at_the_end']} MB at the end; "
        f"{fuzzed['open_files']} open files; {fuzzed['log_bytes']:,} bytes of log. "
        f"Exit code after SIGTERM: {found['exit_code']}.",
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def main() -> None:
    """Measure, print, and record if asked."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--packets", type=int, default=PACKETS)
    parser.add_argument("--record", action="store_true")
    args = parser.parse_args()
    found = report(args.packets)
    print(render(found))
    if args.record:
        RESULTS.mkdir(exist_ok=True)
        (RESULTS / "bridge_osc.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
        (RESULTS / "bridge_osc.md").write_text(render(found), encoding="utf-8")


if __name__ == "__main__":
    main()
