"""Windows out of pieces, and in batches."""

from __future__ import annotations

from dataclasses import fields, replace
from itertools import islice

import numpy as np
import pytest

from engines.accompaniment.grid import KEYS, LOWEST_KEY, UNSAID, ask_feeds, read_feeds
from tests.training.texture.songs import PIANO, song
from training.notes.pieces import Part
from training.texture.batches import LENGTHS, Batches, gathered
from training.texture.exam import cases
from training.texture.windows import accompaniment, apart, tabulated

RIGHT, LEFT = Part("upper", 0, False), Part("lower", 0, False)


@pytest.mark.parametrize(
    ("archive", "parts", "mine"),
    [
        ("songs", PIANO, (1,)),
        ("pop909", (Part("MELODY", 0, False), Part("BRIDGE", 0, False), Part("PIANO", 0, False)), (1, 2)),
        ("openscore_lieder", (Part("VOICE Singstimme", 0, False), Part("PIANO_RH Piano", 0, False)), (1,)),
        ("mutopia_pd", (RIGHT, LEFT), (1,)),
        ("freedoom_music", PIANO, ()),
        ("songs", (Part("Bass", 33, False), Part("Drums", 0, True)), ()),
    ],
)
def test_who_accompanies(archive: str, parts: tuple[Part, ...], mine: tuple[int, ...]) -> None:
    assert accompaniment(replace(song(1), archive=archive, parts=parts)) == mine


def test_a_table_has_every_bar_once_and_every_pair_of_bars() -> None:
    table = tabulated([song(1), song(2, beats=3, bars=8)])
    assert table.steps.tolist() == [16] * 16 + [12] * 8
    assert table.windows.tolist() == [*range(15), *range(16, 23)]
    assert list(apart(table)) == [*range(0, 15, 2), *range(16, 23, 2)]
    assert table.note_end[-1] == sum((piece.notes[:, 0] == 1).sum() for piece in (song(1), song(2, beats=3, bars=8)))


def test_bars_off_the_grid_are_left_out() -> None:
    piece = song(1)
    lines = piece.bars.copy()
    lines[5:] += 3
    table = tabulated([replace(piece, bars=lines)])
    assert table.steps[4] == 0
    assert not {3, 4} & set(table.windows.tolist())


def test_what_is_played_late_in_a_bar_belongs_to_the_next() -> None:
    piece = song(1)
    notes = piece.notes.copy()
    early = (notes[:, 0] == 1) & (notes[:, 1] == 96)
    notes[early, 1] -= 2
    table = tabulated([replace(piece, notes=notes)])
    assert np.array_equal(table.note_end, tabulated([piece]).note_end)
    assert np.array_equal(table.notes[:, 0], tabulated([piece]).notes[:, 0])


def test_the_bass_is_what_is_lowest() -> None:
    piece = song(4)
    assert np.array_equal(tabulated([piece]).basses, tabulated([piece]).roots)
    notes = piece.notes.copy()
    low = (notes[:, 0] == 1) & (notes[:, 4] < 50)
    roots = dict(piece.chords[:, :2].tolist())
    notes[low, 4] = [40 + (roots[onset] + 7 - 40) % 12 for onset in notes[low, 1].tolist()]
    table = tabulated([replace(piece, notes=notes)])
    assert np.array_equal(table.basses, (table.roots + 7) % 12)


def test_without_an_accompaniment_there_is_nothing_to_learn() -> None:
    with pytest.raises(SystemExit, match="accompaniment"):
        tabulated([replace(song(1), parts=(PIANO[0], Part("Bass", 33, False)))])


def test_a_batch_is_what_the_engine_feeds() -> None:
    """The tables and the engine's windows say the same in all numbers."""
    table = tabulated([song(seed, beats=beats) for seed, beats in ((1, 4), (2, 3), (5, 6))])
    exam = cases(table, 99)
    batch = gathered(table, np.array(list(apart(table))), 48, None)
    read, ask = read_feeds([c.window for c in exam]), ask_feeds(np.zeros((len(exam), 64)), [c.cue() for c in exam])
    assert np.allclose(batch.roll, read["roll"])
    for name in ("place", "bar_steps", "there", "chords", "register"):
        assert np.allclose(getattr(batch, name), ask[name], atol=1e-6), name
    inside = batch.there > 0
    assert np.array_equal(batch.counts[inside], ask["counts"][inside])
    assert (batch.counts[~inside] == UNSAID).all()


@pytest.mark.parametrize("up", range(-5, 7))
def test_all_keys_are_one_lesson(up: int) -> None:
    here, there = (tabulated([song(3, up=semitones)]) for semitones in (0, up))
    one, other = (gathered(table, table.windows, 32, None) for table in (here, there))
    for field in fields(one):
        if field.name not in ("register", "onsets", "lengths"):
            assert np.array_equal(getattr(one, field.name), getattr(other, field.name)), field.name
    # What is to be answered lies in the same frame, or an octave beside it.
    apart_by = (other.register - one.register)[..., :3].max(axis=(1, 2)) * 24
    assert set(np.round(apart_by).tolist()) <= {-12.0, 0.0, 12.0}


def test_a_roll_that_is_bent_keeps_its_rhythm() -> None:
    table = tabulated([song(1)])
    plain, bent = (gathered(table, table.windows, 32, rng) for rng in (None, np.random.default_rng(1)))
    assert not np.array_equal(plain.roll, bent.roll)
    assert np.array_equal(plain.roll[..., :KEYS].any(axis=2), bent.roll[..., :KEYS].any(axis=2))
    assert np.array_equal(plain.onsets, bent.onsets)


def test_an_epoch_has_every_window() -> None:
    table = tabulated([song(1), song(2, beats=3, bars=9), song(3, beats=6)])
    batches = Batches(table, seed=3, steps=96)
    epoch = list(islice(batches.from_batch(0), batches.per_epoch))
    total = table.steps[table.windows] + table.steps[table.windows + 1]
    for length in LENGTHS:
        there = sum(len(batch.place) for batch in epoch if batch.place.shape[1] == length)
        due = int((total == length).sum())
        assert due <= there < due + 96 // length


def test_batches_go_on_where_they_stopped() -> None:
    table = tabulated([song(1), song(2)])
    whole = list(islice(Batches(table, 5, 128).from_batch(0), 20))
    later = list(islice(Batches(table, 5, 128).from_batch(9), 11))
    for one, other in zip(whole[9:], later, strict=True):
        assert all(np.array_equal(getattr(one, f.name), getattr(other, f.name)) for f in fields(one))


def test_notes_off_the_keyboard_are_left_out() -> None:
    piece = song(1)
    notes = piece.notes.copy()
    notes[:, 4] += LOWEST_KEY + KEYS - notes[:, 4].max()
    assert (
        len(tabulated([replace(piece, notes=notes)]).notes) == (notes[notes[:, 0] == 1][:, 4] < LOWEST_KEY + KEYS).sum()
    )
