"""The gates, on a few songs of letters with the decoder that ships."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.gates import MIXTURE, MODEL, Offer, Trial, likelihood, measure, settle, trials
from benchmarks.gates_tables import render
from benchmarks.infill.bigram import Bigram
from benchmarks.infill.model import ModelFill, ModelJudge, adherence, asked_of, laid_out, note_nats
from benchmarks.infill.tasks import Exercise, exercises
from benchmarks.quality import Archive
from engines.models import tokens as t
from engines.models.notes import Notes
from engines.models.window import bars_of
from tests.benchmarks.infill.examples import FORMS, song
from tests.engines.models.notes_examples import shipped


@pytest.fixture(scope="module")
def archive() -> Archive:
    songs = [song(form * 2, f"{i:03}") for i, form in enumerate(FORMS)]
    return Archive("pop909", songs[:3], songs)


@pytest.fixture(scope="module")
def tasks(archive: Archive) -> list[Exercise]:
    return [one for one in exercises(archive.held_out) if one.task.kind == "1 bar"]


@pytest.fixture(scope="module")
def notes() -> Notes:
    return Notes(shipped())


def test_a_task_goes_there_and_back(tasks: list[Exercise]) -> None:
    """What stood there, as events and as notes again, is the same but for the rounding of velocities."""
    for one in tasks:
        laid = laid_out(one.task)
        back = laid.notes(laid.rows(one.answer, one.task), one.task)
        assert np.array_equal(back[:, :5], one.answer[:, :5])
        assert {(bar, int(laid.slots[part])) for part, bar in one.task.hidden} == set(laid.ask.cells)
        prompt = laid.ask.prompt()
        context = prompt[prompt[:, t.KIND] == t.Kind.CONTEXT]
        assert len(context) == len(one.task.window.notes)
        assert not np.isin(bars_of(context)[context[:, t.SLOT] == laid.ask.cells[0][1]], [0]).any()


def test_the_model_writes_where_it_is_asked_to(tasks: list[Exercise], notes: Notes) -> None:
    for one in tasks[:4]:
        found = ModelFill(notes).fill(one.task)
        assert len(found)
        assert one.task.is_hidden(found).all()


def test_what_stood_there_surprises_less_than_noise(tasks: list[Exercise], notes: Notes) -> None:
    judge, rng = ModelJudge(notes), np.random.default_rng(1)
    better = 0
    for one in tasks:
        noise = one.answer.copy()
        noise[:, 4] = rng.integers(30, 90, len(noise))
        noise = noise[np.lexsort((noise[:, 4], noise[:, 0], noise[:, 1]))]
        better += judge.cost(one.task, one.answer) < judge.cost(one.task, noise)
    assert better > 0.9 * len(tasks)


def test_nats_are_counted_once_for_every_note(tasks: list[Exercise], notes: Notes) -> None:
    found = note_nats(ModelJudge(notes), tasks[0])
    assert {len(values) for values in found.values()} == {len(tasks[0].answer)}
    assert all((values >= 0).all() for values in found.values())


def test_what_stood_there_keeps_to_what_it_is_like(tasks: list[Exercise]) -> None:
    asked = asked_of(tasks[0])
    assert set(adherence(tasks[0].task, tasks[0].answer, asked).values()) == {1.0}
    nothing = adherence(tasks[0].task, tasks[0].answer[:0], asked)
    assert nothing["density"] == 0.0


def test_the_best_offer_weighs_surprise_against_match(tasks: list[Exercise]) -> None:
    a, b, c = (tasks[0].answer[:n] for n in (1, 2, 3))
    trial = Trial(tasks[0], (Offer(a, 0.9, 2.0), Offer(b, 0.1, 1.5), Offer(c, None, 1.4)), c, a, {})
    assert len(trial.best(0.0, 0.0)) == 3
    assert len(trial.best(0.0, 0.0, own=False)) == 2
    assert len(trial.best(1.0, 0.0)) == 1
    assert len(trial.best(4.0, 1.0)) == 3


def test_the_whole_table(archive: Archive, tasks: list[Exercise], notes: Notes) -> None:
    every = trials(tasks, notes)
    trust, match = settle(every)
    row = measure(every, trust, match, archive)
    nats = likelihood(tasks, notes, Bigram.of(archive.train))
    figures = row["against harmonic match"]["1 bar"]
    assert 0 <= figures[MODEL]["note_f1"][0] <= figures[MIXTURE]["note_f1"][0] <= 1
    assert all(method["outside"][0] == 0 for method in figures.values())
    found = {
        "model": "notes-tiny-1", "machine": {"processor": "a machine"}, "songs_limit": None,
        "trust": trust, "match": match, "archives": {"pop909": {**row, "nats": nats}},
    }  # fmt: skip
    text = render(found)
    for word in ("harmonic-match copy", "mixture", "bigram", "Asked and kept", "a machine"):
        assert word in text
