"""Figures that return: which are lessons, what is drafted, and what a batch makes of them."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from engines.accompaniment.grid import KEYS, LOWEST_KEY, ask_feeds, read_feeds
from engines.accompaniment.keys import belongs
from tests.training.texture.songs import song
from training.texture.batches import Batches, Lent, drafts_of, gathered
from training.texture.exam import window_at
from training.texture.return_exam import figures
from training.texture.returns import OFF, Returns, draft, pairs, returns_of, struck
from training.texture.windows import Table, tabulated


@pytest.fixture(scope="module")
def table() -> Table:
    return tabulated([song(1), song(2, beats=3, bars=12), song(3)])


@pytest.fixture(scope="module")
def returns(table: Table) -> Returns:
    return returns_of(table)


def test_lessons_strike_at_the_same_steps_in_one_piece(table: Table) -> None:
    found = list(pairs(table, 7))
    assert len(found) > 20
    for donor, target in found:
        assert table.piece[donor] == table.piece[target]
        assert abs(donor - target) > 1
        mine, theirs = struck(table, donor), struck(table, target)
        assert np.array_equal(mine > 0, theirs > 0)
        assert np.abs(mine - theirs).sum() <= OFF


def test_a_draft_is_the_donor_s_figure_on_the_target_s_chords(table: Table) -> None:
    on = total = 0
    for donor, target in pairs(table, 7):
        drafted = draft(table, donor, target)
        window = window_at(table, target)
        assert {step for step, _ in drafted} == set(np.flatnonzero(struck(table, target).sum(axis=1)).tolist())
        for step, key in drafted:
            chord = [h for h in window.harmony if h.tick <= step * 240][-1]
            on += belongs(key + LOWEST_KEY, chord)
            total += 1
    assert on > 0.95 * total


def test_what_is_saved_comes_back(returns: Returns, tmp_path: Path) -> None:
    returns.save(tmp_path / "returns.npz")
    again = Returns.read(tmp_path / "returns.npz")
    assert all(np.array_equal(getattr(returns, name), getattr(again, name)) for name in Returns.__dataclass_fields__)


def test_a_batch_with_drafts_is_what_the_engine_feeds(table: Table, returns: Returns) -> None:
    """Read from the donor, asked on the target's chords in the register of the draft."""
    lessons = np.arange(len(returns.target))
    lent = Lent(returns.donor, np.ones(len(lessons), dtype=np.bool_), *drafts_of(returns, lessons))
    batch = gathered(table, returns.target, 48, None, lent)
    exam = figures(table, len(lessons))
    assert [each.target for each in exam] == [window_at(table, w) for w in returns.target.tolist()]
    read = read_feeds([each.donor for each in exam])
    ask = ask_feeds(np.zeros((len(exam), 64), dtype=np.float32), [each.cue() for each in exam])
    longest = ask["place"].shape[1]
    assert np.allclose(batch.roll[:, :longest], read["roll"])
    for name in ("chords", "register", "draft"):
        assert np.allclose(getattr(batch, name)[:, :longest], ask[name], atol=1e-6), name


def test_half_of_an_epoch_has_drafts(table: Table, returns: Returns) -> None:
    batches = Batches(table, 3, 480, returns)
    flags = np.concatenate([batch.draft[:, 0, KEYS] for batch in islice(batches.from_batch(0), batches.per_epoch)])
    assert 0.4 < flags.mean() < 0.6
    plain = next(Batches(table, 3, 480).from_batch(0))
    assert not plain.draft.any()
