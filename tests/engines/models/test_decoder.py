"""The shipped decoder: however it is fed, it hears the same."""

from __future__ import annotations

import time
from dataclasses import replace

import msgspec
import numpy as np
import pytest

from engines.models import faults
from engines.models import tokens as t
from engines.models.decoder import PREDICTED, Decoder
from engines.models.notes import Notes, Task
from engines.models.rack import Rack
from engines.models.runtime import Use
from engines.models.session import installed
from engines.models.window import merged, opening
from tests.engines.models.notes_examples import ballad, shipped

CLOSE = 0.35
"""Nats between int8 ways to hear the same: activations are rounded for all events of a call together."""


def stream() -> np.ndarray:
    window = ballad(6)
    return np.concatenate([opening(window), merged(window, window.rows)])


def only(variant: str) -> Decoder:
    """The shipped package with one kind of stack."""
    package = shipped().package
    kept = tuple(graph for graph in package.card.graphs if graph.variant in (variant, "int8"))
    fewer = replace(package, card=msgspec.structs.replace(package.card, graphs=kept))
    fewer.__dict__["golden"] = package.golden
    return Decoder(fewer, Rack(installed, time.perf_counter), Use(provider="cpu"))


def test_music_surprises_it_less_than_noise() -> None:
    rows = stream()
    noise = rows.copy()
    notes = noise[:, t.KIND] == t.Kind.CONTEXT
    pitched = notes & (noise[:, t.PROGRAM] == 1)
    noise[pitched, t.PITCH] = np.random.default_rng(1).integers(30, 100, int(pitched.sum()))
    pitch = PREDICTED.index(t.PITCH)
    music, random = (shipped().memory(256).nats(each)[pitched, pitch].mean() for each in (rows, noise))
    assert music < random - 1.0


def test_one_by_one_in_pieces_or_at_once_is_the_same() -> None:
    rows = stream()
    whole = shipped().memory(256).nats(rows)
    memory = shipped().memory(256)
    pieces = np.concatenate(
        [memory.nats(rows[:40]), *(memory.nats(rows[i : i + 1]) for i in range(40, 50)), memory.nats(rows[50:])]
    )
    assert np.abs(whole - pieces)[1:].mean() < 0.05
    assert np.abs(whole - pieces)[1:].max() < CLOSE * 4


def test_the_portable_graphs_hear_what_the_fused_ones_hear() -> None:
    rows = stream()
    fused, portable = (only(f"int8-{kind}").memory(256).nats(rows)[1:] for kind in ("fused", "portable"))
    assert np.abs(fused - portable).mean() < 0.02


@pytest.mark.parametrize("variant", ["int8-fused", "int8-portable"])
def test_rows_of_a_fork_go_ways_of_their_own(variant: str) -> None:
    rows, decoder = stream(), only(variant)
    memory = decoder.memory(256)
    memory.hear(rows[None, :60])
    fork = memory.fork(3)
    # Row 1 hears nothing; the others hear different events.
    going = np.array([True, False, True])
    fork.hear(np.stack([rows[60], rows[60], rows[80]])[:, None], going)
    assert fork.lengths.tolist() == [61, 60, 61]
    alone = decoder.memory(256)
    alone.hear(rows[None, :60])
    assert np.abs(fork.last[1] - alone.last[0]).max() < CLOSE
    alone.hear(rows[None, 60:61])
    assert np.abs(fork.last[0] - alone.last[0]).max() < CLOSE
    assert np.abs(fork.last[2] - alone.last[0]).max() > CLOSE
    assert memory.lengths.tolist() == [60]


def test_going_back_forgets() -> None:
    rows = stream()
    memory = shipped().memory(256)
    memory.hear(rows[None, :50])
    before = memory.nats(rows[50:60])
    memory.rewind(50)
    memory.nats(rows[90:100])
    memory.rewind(50)
    assert np.array_equal(memory.nats(rows[50:60]), before)


def test_what_was_announced_and_does_not_come_is_forgotten() -> None:
    rows = stream()
    memory, other = shipped().memory(256), shipped().memory(256)
    for each in (memory, other):
        each.hear(rows[None, :50])
    memory.announce(rows[None, 70])
    assert np.abs(memory.nats(rows[50:51]) - other.nats(rows[50:51])).max() < CLOSE
    assert np.abs(memory.last - other.last).max() < CLOSE


def test_a_memory_moves_to_another_device_and_goes_on() -> None:
    """As when an accelerator gives up: another session, with other graphs, is told everything again."""
    rows, decoder = stream(), only("int8-fused")
    memory = decoder.memory(256)
    memory.hear(rows[None, :60])
    fork = memory.fork(3)
    fork.hear(np.repeat(rows[None, 60:61], 3, axis=0), np.array([True, False, True]))
    package = shipped().package
    for seat in decoder.seats:
        portable = next(graph for graph in package.card.of_role(seat.role) if graph.variant == "int8-portable")
        rack = Rack(installed, time.perf_counter)
        seat.opened = rack.open(package, portable, Use(provider="cpu"), rack.named("cpu"))
    following = rows[None, 61:62]
    memory.hear(following)
    fork.hear(np.repeat(following, 3, axis=0))
    assert (memory.lengths.tolist(), fork.lengths.tolist()) == ([61], [62, 61, 62])
    for moved, heard in ((memory.last[0], rows[:60]), (fork.last[0], rows[:61]), (fork.last[1], rows[:60])):
        alone = only("int8-portable").memory(256)
        alone.hear(heard[None])
        alone.hear(following)
        assert np.abs(moved - alone.last[0]).mean() < 0.03
    assert np.abs(fork.last[0] - fork.last[1]).mean() > 0.03


def test_a_memory_can_be_full() -> None:
    memory = shipped().memory(100)
    assert memory.capacity == 128
    with pytest.raises(AssertionError, match="fuller than its memory"):
        memory.hear(np.concatenate([stream()] * 2)[None, :129])


def test_a_package_of_another_language_is_refused() -> None:
    package = shipped().package
    vocabulary = msgspec.structs.replace(package.card.vocabulary, sha256="0" * 64)
    other = replace(package, card=msgspec.structs.replace(package.card, vocabulary=vocabulary))
    with pytest.raises(faults.BadCard, match="another vocabulary"):
        Decoder(other, Rack(installed, time.perf_counter))


def test_a_task_costs_what_its_notes_cost() -> None:
    """The nats of a cell do not depend on what was heard and forgotten before."""
    window = ballad()
    task, notes = Task(window, ((2, 2),)), Notes(shipped())
    there = window.rows[(window.rows[:, t.SLOT] == 2) & (window.rows[:, t.BAR] == window.rows[0, t.BAR] + 2)]
    memory = notes.ready(task)
    first = notes.nats(task, there, memory)
    notes.nats(task, there[:2], memory)
    assert np.array_equal(notes.nats(task, there, memory), first)
    assert first.shape == (len(there) + 1, len(PREDICTED))
    assert (first[-1, 1:] == 0).all()
