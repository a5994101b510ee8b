"""What holds for every job: versions, verbs, results in their folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bridge import handlers
from bridge.clock import SystemClock
from bridge.job_folder import JobFolder, JobShelf
from bridge.wire import Request1, decode, encode
from engines.errors import Cancelled, EngineError, Unavailable
from tests.bridge.requests import request


def job(folder: Path, **more: Any) -> JobFolder:
    return JobShelf(folder, SystemClock()).create(decode(Request1, encode(request(**more))))


def unheard(progress: float, message: str) -> None:
    """Nobody listens."""


def test_a_job_ends_with_its_result_and_its_clips_in_the_folder(tmp_path: Path) -> None:
    folder = job(tmp_path, options={"by_rule": True, "style": "house"})
    handlers.handle(folder, unheard)
    result = json.loads((folder.path / "result.json").read_bytes())
    for write in result["writes"]:
        for take in write.get("takes", ()):
            assert (folder.path / take["file"]).read_bytes().startswith(b"MThd")


def test_a_job_that_is_cancelled_at_the_last_moment_writes_nothing(tmp_path: Path) -> None:
    folder = job(tmp_path, verb="detect")

    def report(progress: float, message: str) -> None:
        if message == "writing":
            raise Cancelled("Cancelled.")

    with pytest.raises(Cancelled):
        handlers.handle(folder, report)
    assert [each.name for each in folder.path.iterdir()] == ["request.json"]


@pytest.mark.parametrize("verb", ["orchestrate", "fill", "plan", "apply", "live-capture"])
def test_a_verb_without_an_engine_is_one_sentence(tmp_path: Path, verb: str) -> None:
    with pytest.raises(Unavailable) as caught:
        handlers.handle(job(tmp_path, verb=verb), unheard)
    assert caught.value.message == f"`{verb}` is not in this version yet."


@pytest.mark.parametrize("scripts", ["", "0.1.0", "0.1.9", "0.1"])
def test_scripts_of_the_same_minor_version_are_understood(scripts: str) -> None:
    handlers.check_version(scripts, ours="0.1.4")


@pytest.mark.parametrize(
    ("scripts", "remedy"),
    [
        ("0.0.9", "reaper install"),
        ("0.2.0", "uv tool upgrade"),
        ("1.1.0", "uv tool upgrade"),
        ("new", "uv tool upgrade"),
    ],
)
def test_scripts_of_another_version_are_refused_with_the_remedy(scripts: str, remedy: str) -> None:
    with pytest.raises(EngineError) as caught:
        handlers.check_version(scripts, ours="0.1.4")
    assert caught.value.code == "E_VERSION"
    assert remedy in caught.value.hint


def test_preparing_opens_the_engine() -> None:
    handlers.prepare()
