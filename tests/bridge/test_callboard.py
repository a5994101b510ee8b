"""What is remembered in order to be told."""

from __future__ import annotations

from bridge.callboard import ANSWERS, FOLLOWERS, Callboard
from bridge.wire import Status1
from bridge.wire.presence import JobsNow
from engines.errors import NotThere

ME = ("127.0.0.1", 9000)


def test_the_queue_is_what_the_statuses_say() -> None:
    board = Callboard()
    for job, states in (("a", ["queued", "running"]), ("b", ["queued"]), ("c", ["queued", "running", "done"])):
        for state in states:
            board.note(Status1(id=job, state=state))  # type: ignore[arg-type]
    assert board.jobs == JobsNow(queued=1, running="a")
    assert board.unfinished == ("a", "b")


def test_who_follows_a_job_is_told_and_the_oldest_are_forgotten() -> None:
    board = Callboard()
    for number in range(FOLLOWERS + 1):
        board.follow(f"j{number}", ME)
    assert board.note(Status1(id="j0", state="running")) is None
    assert board.note(Status1(id="j1", state="running")) == ME
    board.follow("j1", ME)
    board.follow("new", ME)
    assert board.note(Status1(id="j1", state="running")) == ME
    assert board.note(Status1(id="j2", state="running")) is None


def test_the_last_answers_are_kept() -> None:
    board = Callboard()
    for number in range(ANSWERS):
        board.answer(f"c{number}", "ping", None)
    board.answer("late", "cancel", NotThere("There is no job 'x'.", "Ask again."))
    assert [one.id for one in board.answers][::15] == ["c1", "late"]
    assert board.answers[-1].error is not None
    assert not board.answers[-1].ok
