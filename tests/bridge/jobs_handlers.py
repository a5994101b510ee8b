"""Handlers that jobs run in the worker process of the tests."""

from __future__ import annotations

import os
import time

from bridge.job_folder import JobFolder
from engines.api import Reporter
from engines.errors import NotThere


def hum(folder: JobFolder, report: Reporter) -> None:
    report(0.5, "humming")
    folder.finish(b"{}", {"clips/hum.mid": b"MThd"})


def refuse(folder: JobFolder, report: Reporter) -> None:
    raise NotThere("There is no bar 99.", "This song has 32.")


def stumble(folder: JobFolder, report: Reporter) -> None:
    raise ZeroDivisionError("a bug")


def die(folder: JobFolder, report: Reporter) -> None:
    os._exit(3)


def hum_and_die(folder: JobFolder, report: Reporter) -> None:
    hum(folder, report)
    die(folder, report)


def practise(folder: JobFolder, report: Reporter) -> None:
    """Go on until cancelled, as a good engine does."""
    for step in range(10_000):
        report(step / 10_000, "practising")
        time.sleep(0.01)


def sulk(folder: JobFolder, report: Reporter) -> None:
    """Go on whatever is said, as a hanging engine does."""
    time.sleep(60)


_tuned = False


def tune_up() -> None:
    global _tuned
    _tuned = True


def cannot_tune_up() -> None:
    raise NotThere("There is no tuning fork.", "Buy one.")


def was_prepared(folder: JobFolder, report: Reporter) -> None:
    assert _tuned
    hum(folder, report)


def by_name(folder: JobFolder, report: Reporter) -> None:
    """Do what the project's name says."""
    globals()[folder.request().project.name](folder, report)
