"""The queue, with a real worker process and real folders."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from bridge.clock import SystemClock
from bridge.job_folder import JobFolder, JobShelf
from bridge.jobs import Jobs
from bridge.wire import Request1, Status1
from bridge.wire.jobs import Project
from engines.errors import NotThere, SchemaError, WriteFailed

TIMEOUT = 30


def request(job: str, does: str = "hum") -> Request1:
    return Request1(schema="request/1", id=job, verb="detect", project=Project(id="{GUID}", name=does))


@pytest.fixture
def shelf(tmp_path: Path) -> JobShelf:
    return JobShelf(tmp_path / "jobs", SystemClock())


@pytest.fixture
def heard() -> list[Status1]:
    return []


@pytest.fixture
def jobs(shelf: JobShelf, heard: list[Status1]) -> Iterator[Jobs]:
    with Jobs(shelf, "tests.bridge.jobs_handlers:by_name", heard.append, patience=0.3) as queue:
        yield queue


def finish(jobs: Jobs, job: str, does: str) -> Status1:
    jobs.shelf.create(request(job, does))
    jobs.submit(job)
    status = jobs.wait(job, TIMEOUT)
    assert status is not None
    return status


def test_a_job_goes_from_queued_to_done_and_its_result_lies_there(jobs: Jobs, heard: list[Status1]) -> None:
    status = finish(jobs, "a", "hum")
    folder = jobs.shelf.open("a")
    assert (status.state, status.progress) == ("done", 1.0)
    assert [s.state for s in heard][:2] == ["queued", "running"]
    assert "humming" in [s.message for s in heard]
    assert (folder.path / "result.json").read_bytes() == b"{}"
    assert (folder.path / "clips/hum.mid").read_bytes() == b"MThd"


def test_a_refusal_reaches_the_musician_in_its_own_words(jobs: Jobs) -> None:
    status = finish(jobs, "a", "refuse")
    assert status.state == "failed"
    assert status.error is not None
    assert (status.error.code, status.error.hint) == ("E_NOT_FOUND", "This song has 32.")


def test_a_bug_is_one_sentence_and_the_queue_goes_on(jobs: Jobs, caplog: pytest.LogCaptureFixture) -> None:
    status = finish(jobs, "a", "stumble")
    assert status.error is not None
    assert status.error.message == "The engine failed: ZeroDivisionError: a bug"
    assert "Traceback" in caplog.text
    assert finish(jobs, "b", "hum").state == "done"


def test_a_worker_that_dies_is_replaced(jobs: Jobs) -> None:
    status = finish(jobs, "a", "die")
    assert status.error is not None
    assert status.error.code == "E_WORKER"
    assert not (jobs.shelf.open("a").path / "result.json").exists()
    assert finish(jobs, "b", "hum").state == "done"


@pytest.mark.parametrize("does", ["practise", "sulk"])
def test_a_running_job_can_be_cancelled_whether_it_listens_or_not(jobs: Jobs, does: str) -> None:
    jobs.shelf.create(request("a", does))
    jobs.submit("a")
    folder = jobs.shelf.open("a")
    _until(folder, "running")
    jobs.cancel("a")
    status = jobs.wait("a", TIMEOUT)
    assert status is not None
    assert status.state == "cancelled"
    assert not (folder.path / "result.json").exists()
    assert finish(jobs, "b", "hum").state == "done"


def test_a_queued_job_can_be_cancelled_before_its_turn(jobs: Jobs) -> None:
    for job, does in (("a", "practise"), ("b", "hum")):
        jobs.shelf.create(request(job, does))
        jobs.submit(job)
    jobs.cancel("b")
    jobs.cancel("a")
    status = jobs.wait("b", TIMEOUT)
    assert status is not None
    assert status.state == "cancelled"


def test_cancelling_a_finished_job_changes_nothing(jobs: Jobs) -> None:
    finish(jobs, "a", "hum")
    jobs.cancel("a")
    assert not jobs.shelf.open("a").cancel_asked


def test_a_request_that_makes_no_sense_fails_at_once(jobs: Jobs) -> None:
    folder = jobs.shelf.root / "x"
    folder.mkdir(parents=True)
    (folder / "request.json").write_text('{"schema":"request/1"')
    status = jobs.submit("x")
    assert status.error is not None
    assert status.error.code == "E_SCHEMA"


def test_a_request_must_lie_in_the_folder_of_its_id(shelf: JobShelf) -> None:
    shelf.create(request("a"))
    (shelf.root / "a").rename(shelf.root / "b")
    with pytest.raises(SchemaError):
        shelf.open("b").request()


@pytest.mark.parametrize("job", ["../etc", "", ".", "a/b", "x" * 65, "none-such"])
def test_an_id_cannot_lead_elsewhere(shelf: JobShelf, job: str) -> None:
    shelf.root.mkdir()
    with pytest.raises(NotThere):
        shelf.open(job)


def test_what_an_earlier_bridge_left_is_settled(shelf: JobShelf) -> None:
    for job, state in (("waiting", "queued"), ("broken-off", "running"), ("new", None)):
        folder = shelf.create(request(job))
        if state:
            folder.set_status(state)  # type: ignore[arg-type]
    with Jobs(shelf, "tests.bridge.jobs_handlers:by_name") as jobs:
        assert jobs.wait("waiting", TIMEOUT) is not None
        assert jobs.wait("new", TIMEOUT) is not None
    states = {job.id: job.status() for job in shelf}
    assert [states[job].state for job in ("waiting", "broken-off", "new")] == ["done", "failed", "done"]  # type: ignore[union-attr]


def test_the_history_is_bounded_and_loses_the_oldest_first(tmp_path: Path) -> None:
    shelf = JobShelf(tmp_path, SystemClock(), keep=2)
    for job in ("a", "b", "c", "d"):
        shelf.create(request(job)).set_status("done")
    shelf.create(request("e")).set_status("queued")
    assert shelf.clear() == ("a", "b")
    assert [job.id for job in shelf] == ["c", "d", "e"]


def test_a_status_that_cannot_be_written_is_written_later_and_the_queue_goes_on(
    jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = True
    put = JobFolder.put_status

    def put_if_there_is_room(self: JobFolder, status: Status1) -> None:
        if full:
            raise WriteFailed("Nothing was written to a: the disk is full.", "Free some space.")
        put(self, status)

    monkeypatch.setattr(JobFolder, "put_status", put_if_there_is_room)
    jobs.shelf.create(request("a"))
    jobs.submit("a")
    assert jobs.wait("a", 1.0) is None
    full = False
    status = jobs.wait("a", TIMEOUT)
    assert status is not None
    assert status.state == "done"
    assert finish(jobs, "b", "hum").state == "done"


def test_a_worker_that_dies_after_it_has_written_the_result_has_done_its_job(jobs: Jobs) -> None:
    assert finish(jobs, "a", "hum_and_die").state == "done"
    assert jobs.shelf.open("a").has_result


def test_a_bridge_that_died_after_the_result_was_written_finds_the_job_done(shelf: JobShelf) -> None:
    folder = shelf.create(request("a"))
    folder.set_status("running")
    folder.finish(b"{}", {})
    with Jobs(shelf, "tests.bridge.jobs_handlers:by_name"):
        status = folder.status()
    assert status is not None
    assert status.state == "done"


def test_a_job_whose_folder_is_taken_away_leaves_nothing_behind(jobs: Jobs) -> None:
    jobs.shelf.create(request("a", "practise"))
    jobs.submit("a")
    folder = jobs.shelf.open("a")
    _until(folder, "running")
    _take_away(folder)
    jobs.stop()
    assert not folder.path.exists()


def test_a_job_whose_folder_is_taken_away_while_it_waits_is_cancelled(jobs: Jobs, heard: list[Status1]) -> None:
    for job, does in (("a", "practise"), ("b", "hum")):
        jobs.shelf.create(request(job, does))
        jobs.submit(job)
    _take_away(jobs.shelf.open("b"))
    jobs.cancel("a")
    assert finish(jobs, "c", "hum").state == "done"
    assert [status.state for status in heard if status.id == "b"] == ["queued", "cancelled"]


def test_a_full_disk_keeps_nobody_from_cancelling(jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: JobFolder) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(JobFolder, "ask_cancel", full)
    jobs.shelf.create(request("a", "practise"))
    jobs.submit("a")
    _until(jobs.shelf.open("a"), "running")
    jobs.cancel("a")
    status = jobs.wait("a", TIMEOUT)
    assert status is not None
    assert status.state == "cancelled"


def test_a_request_that_cannot_be_read_is_a_sentence(jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    jobs.shelf.create(request("a"))
    read = Path.read_bytes

    def locked(self: Path) -> bytes:
        if self.name == "request.json":
            raise PermissionError(13, "Permission denied")
        return read(self)

    monkeypatch.setattr(Path, "read_bytes", locked)
    status = jobs.submit("a")
    assert status.error is not None
    assert status.error.message == "The request of job a cannot be read: Permission denied."


def test_a_worker_is_prepared_before_the_first_job(shelf: JobShelf) -> None:
    handlers = "tests.bridge.jobs_handlers"
    with Jobs(shelf, f"{handlers}:was_prepared", prepare=f"{handlers}:tune_up") as jobs:
        assert finish(jobs, "a", "hum").state == "done"


def test_what_a_worker_cannot_prepare_the_first_job_is_told(shelf: JobShelf) -> None:
    handlers = "tests.bridge.jobs_handlers"
    with Jobs(shelf, f"{handlers}:refuse", prepare=f"{handlers}:cannot_tune_up") as jobs:
        assert finish(jobs, "a", "hum").state == "failed"


def test_a_worker_that_is_killed_between_two_jobs_is_replaced(jobs: Jobs) -> None:
    assert finish(jobs, "a", "hum").state == "done"
    assert jobs._hand.pid is not None
    os.kill(jobs._hand.pid, signal.SIGKILL)
    assert finish(jobs, "b", "hum").state in ("done", "failed")
    assert finish(jobs, "c", "hum").state == "done"


def test_the_queue_knows_what_it_has_taken(jobs: Jobs) -> None:
    assert not jobs.knows("a")
    finish(jobs, "a", "hum")
    assert jobs.knows("a")


def _take_away(folder: JobFolder) -> None:
    """At once: the queue may be writing into it."""
    shutil.rmtree(folder.path.rename(folder.path.parent.parent / f"{folder.id}-away"))


def _until(folder: JobFolder, state: str) -> None:
    import time

    for _ in range(TIMEOUT * 100):
        status = folder.status()
        if status is not None and status.state == state:
            return
        time.sleep(0.01)
    raise AssertionError(f"{folder.id} never was {state}")
