"""The bridge's own benchmarks, small: what they count must come out as the tables say."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks import bridge_endurance, bridge_osc
from bridge.osc import decode
from engines.errors import SchemaError
from tests.bridge.serving import Peer, Served, serving


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    with serving(tmp_path / "REAPER", tmp_path / "home") as one:
        yield one


@pytest.fixture
def peer(served: Served) -> Iterator[Peer]:
    own = Peer(served.ready["osc_port"])
    yield own
    own.close()


def test_bad_packets_are_bad() -> None:
    chance = random.Random(1)
    refused = 0
    for _ in range(500):
        try:
            decode(bridge_osc.bad_packet(chance))
        except SchemaError:
            refused += 1
    assert refused > 250


def test_between_bad_packets_every_ping_is_answered(served: Served, peer: Peer) -> None:
    found = bridge_osc.fuzz(served, peer, 3000)
    assert found["pings_answered"] == found["pings"] == 300
    assert found["errors_answered"] > 2500
    assert found["memory_mb_at_the_end"] < found["memory_mb_after_a_fifth"] + 8
    assert "Traceback" not in served.log()


@pytest.mark.benchmark
def test_a_ping_comes_back_within_five_milliseconds(served: Served, peer: Peer) -> None:
    times = sorted(bridge_osc.pings(peer, 3000))
    assert times[int(len(times) * 0.99)] <= 5.0


@pytest.mark.slow
def test_twenty_jobs_with_every_trouble_lose_nothing() -> None:
    found = bridge_endurance.report(20)
    assert found["wrong"] == []
    assert sum(row["jobs"] for row in found["ended"]) == 20
    assert found["exit_code"] == 0
