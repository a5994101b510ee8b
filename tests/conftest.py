"""What every test may use, and the rule that CI skips nothing."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("default", deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("thorough", deadline=None, max_examples=1000, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--refresh-golden", action="store_true", help="write golden files anew instead of comparing")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """In CI a skipped test is a failed run: everything that a test needs is installed there."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") and reporter is not None and reporter.stats.get("skipped"):
        reporter.write_line("CI means to run every test, and some were skipped.", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(autouse=True)
def _own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test sees or touches the user folder of whoever runs it."""
    monkeypatch.setenv("PARTIMENTO_HOME", str(tmp_path_factory.mktemp("home")))


@pytest.fixture(scope="session")
def jack(worker_id: str) -> Iterator[str]:
    """A real JACK server with the dummy driver, alone for this test process; its name."""
    if shutil.which("jackd") is None:
        pytest.skip("jackd is not installed")
    name = f"partimento-{worker_id}"
    # Synchronous (-S): asynchronous mode loses and repeats MIDI messages when a client is late.
    command = ["jackd", "-r", "-S", "-n", name, "-d", "dummy", "-r", "48000", "-p", "256"]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait = ["jack_wait", "-w", "-t", "10", "-s", name]
        subprocess.run(wait, check=True, capture_output=True, timeout=20)
        yield name
    finally:
        server.terminate()
        server.wait(timeout=10)


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> GoldenFiles:
    """Compare with a stored file, or refresh it: `pytest --refresh-golden`."""
    return GoldenFiles(Path(__file__).parent / "golden", request.config.getoption("--refresh-golden"))


class GoldenFiles:
    def __init__(self, folder: Path, refresh: bool) -> None:
        self.folder = folder
        self.refresh = refresh

    def check(self, name: str, content: str) -> None:
        path = self.folder / name
        if self.refresh:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
        assert path.is_file(), f"there is no golden file {name}; make it with --refresh-golden"
        assert content == path.read_text(encoding="utf-8")
