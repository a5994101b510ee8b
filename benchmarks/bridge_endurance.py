"""Two hundred jobs in a row while everything goes wrong: no job may be lost without a message, no result may be half there.

    OPENBLAS_NUM_THREADS=1 python -m benchmarks.bridge_endurance            prints what became of them
    OPENBLAS_NUM_THREADS=1 python -m benchmarks.bridge_endurance --record   writes benchmarks/results/bridge_endurance.{json,md}

A real bridge with its real engines. Of every twenty jobs two are cancelled, one loses its bridge to SIGKILL while it runs, one
meets a full disk, one loses its worker to SIGKILL, one has its folder taken away, and one is no request at all. The full disk
is a small tmpfs, which takes root; without it that row says that it was not measured.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from benchmarks.machine import describe
from tests.bridge.requests import TUNE, item, track
from tests.bridge.serving import TIMEOUT, Served, launch, until

RESULTS = Path(__file__).parent / "results"
JOBS = 200
CANCEL, WITHDRAWN = "cancelled", "folder taken away"
KILL, FULL, WORKER, JUNK, PLAIN = "bridge killed", "disk full", "worker killed", "no request", "plain"
TROUBLE = {2: CANCEL, 5: KILL, 8: FULL, 11: CANCEL, 13: WORKER, 15: WITHDRAWN, 17: JUNK}
"""Which of twenty jobs meets what."""
LONG = [track([item(pitches=TUNE * 12)])]
"""A melody that takes the engine long enough to be interrupted."""
SIZE_MB = 64


class Endurance:
    """A bridge that is started anew whenever it was killed, and the jobs it was given."""

    def __init__(self, place: Path, home: Path, can_fill: bool) -> None:
        self.place, self.home, self.can_fill = place, home, can_fill
        self.served = launch(place, home)
        self.met: dict[str, str] = {}
        self.restarts = 0

    def run(self, number: int) -> None:
        """One job with its trouble."""
        job, trouble = f"job-{number:03d}", TROUBLE.get(number % 20, PLAIN)
        if trouble == FULL and not self.can_fill:
            trouble = PLAIN
        self.met[job] = trouble
        match trouble:
            case "cancelled":
                self._running(job)
                (self.served.mailbox.jobs / job / "cancel").touch()
            case "bridge killed":
                self._running(job)
                self.served.process.kill()
                self.served.process.communicate(timeout=TIMEOUT)
                self.served = launch(self.place, self.home)
                self.restarts += 1
            case "worker killed":
                self._running(job)
                os.kill(_worker_of(self.served), signal.SIGKILL)
            case "folder taken away":
                self._running(job)
                shutil.rmtree((self.served.mailbox.jobs / job).rename(self.place / "away"))
                return
            case "disk full":
                self._on_a_full_disk(job)
            case "no request":
                self.served.put(job, '{"schema":"request/1",')
            case _:
                verb = "detect" if number % 3 == 0 else "arrange"
                self.served.ask(job, verb=verb, options={"seed": number} if verb == "arrange" else {})
        self.served.wait(job)

    def _running(self, job: str) -> None:
        self.served.ask(job, tracks=LONG)
        self.served.wait(job, "running")

    def _on_a_full_disk(self, job: str) -> None:
        """The request has arrived when the last byte of the disk is taken; a while later there is room again."""
        filler = self.place / "filler"
        self.served.process.send_signal(signal.SIGSTOP)
        self.served.ask(job, tracks=LONG)
        with suppress(OSError), filler.open("wb", buffering=0) as file:
            while True:
                file.write(bytes(65536))
        with suppress(OSError), (self.place / "filler-2").open("wb", buffering=0) as file:
            while True:
                file.write(b"0")
        self.served.process.send_signal(signal.SIGCONT)
        time.sleep(3.0)
        assert self.served.status(job) is None or self.served.status(job).state != "done", "the disk was not full"  # type: ignore[union-attr]
        filler.unlink()
        (self.place / "filler-2").unlink(missing_ok=True)


def _worker_of(served: Served) -> int:
    """The process that runs engines: the child with the most memory (another keeps semaphores)."""
    threads = Path(f"/proc/{served.process.pid}/task").glob("*/children")
    pids = [pid for children in threads for pid in children.read_text().split()]
    return max(map(int, pids), key=lambda pid: int(Path(f"/proc/{pid}/statm").read_text().split()[1]))


def verdict(jobs: Path, job: str) -> tuple[str, list[str]]:
    """How a job ended, and what is wrong with it."""
    folder, wrong = jobs / job, []
    status = json.loads((folder / "status.json").read_bytes())
    state = str(status["state"])
    result, clips = folder / "result.json", list(folder.glob("clips/*"))
    if state == "done":
        takes = [take for write in json.loads(result.read_bytes())["writes"] for take in write.get("takes", ())]
        files = {take["file"]: take["hash"] for take in takes if take["file"]}
        damaged = [f for f, told in files.items() if hashlib.sha256((folder / f).read_bytes()).hexdigest() != told]
        wrong += [f"{job}: {file} is not what the result says" for file in damaged]
    else:
        if result.exists() or clips:
            wrong.append(f"{job}: {state}, with a result")
        if state == "failed" and not (status["error"] and status["error"]["message"] and status["error"]["hint"]):
            wrong.append(f"{job}: failed without a message")
        if state not in ("failed", "cancelled"):
            wrong.append(f"{job}: left {state}")
    code = (status["error"] or {}).get("code")
    return f"{state} {code}" if code else state, wrong


@contextmanager
def small_disk(place: Path) -> Iterator[bool]:
    """A file system of its own for the mailbox; False where that is not allowed."""
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE_MB}m", "tmpfs", str(place)]
    mounted = subprocess.run(mount, capture_output=True).returncode == 0  # noqa: S603  our own words
    try:
        yield mounted
    finally:
        if mounted:
            subprocess.run(["umount", "-l", str(place)], check=True)  # noqa: S603, S607  likewise


def report(jobs: int) -> dict[str, Any]:
    """Everything."""
    with tempfile.TemporaryDirectory() as name, small_disk(Path(name) / "REAPER") as can_fill:
        begin = time.perf_counter()
        run = Endurance(Path(name) / "REAPER", Path(name) / "home", can_fill)
        try:
            for number in range(jobs):
                run.run(number)
            until(lambda: run.served.presence().jobs.queued == 0, "the queue never was empty")
        except BaseException:
            run.served.process.kill()
            raise
        seconds = time.perf_counter() - begin
        ended, wrong = Counter[tuple[str, str]](), list[str]()
        for job, trouble in run.met.items():
            if trouble == WITHDRAWN:
                there = (run.served.mailbox.jobs / job).exists()
                ended[trouble, "left behind" if there else "gone"] += 1
                wrong += [f"{job}: came back"] if there else []
                continue
            state, problems = verdict(run.served.mailbox.jobs, job)
            ended[trouble, state] += 1
            wrong += problems
        code = run.served.stop()
        run.served.process.communicate(timeout=TIMEOUT)
    return {
        "machine": describe(),
        "jobs": jobs,
        "seconds": round(seconds, 1),
        "restarts": run.restarts,
        "full_disk_measured": can_fill,
        "ended": [{"met": met, "ended": how, "jobs": count} for (met, how), count in sorted(ended.items())],
        "wrong": wrong,
        "exit_code": code,
    }


def render(found: dict[str, Any]) -> str:
    """The table in Markdown."""
    machine = found["machine"]
    disk = "" if found["full_disk_measured"] else " A full disk was not measured: no small file system could be made."
    return "\n".join(
        [
            f"{machine['processor']}, {machine['cores']} cores, Python {machine['python']}.",
            "",
            f"{found['jobs']} jobs in {found['seconds']} s, the bridge started {found['restarts'] + 1} times.{disk}",
            "",
            "| met | ended | jobs |",
            "|---|---|---|",
            *(f"| {row['met']} | {row['ended']} | {row['jobs']} |" for row in found["ended"]),
            "",
            f"Lost without a message, half written, or left behind: {len(found['wrong'])}."
            f" Exit code at the end: {found['exit_code']}.",
            *(f"- {one}" for one in found["wrong"]),
        ]
    ) + "\n"  # fmt: skip


def main() -> None:
    """Run, print, and record if asked."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--jobs", type=int, default=JOBS)
    parser.add_argument("--record", action="store_true")
    args = parser.parse_args()
    found = report(args.jobs)
    print(render(found))
    if args.record:
        RESULTS.mkdir(exist_ok=True)
        (RESULTS / "bridge_endurance.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
        (RESULTS / "bridge_endurance.md").write_text(render(found), encoding="utf-8")


if __name__ == "__main__":
    main()
