"""A style of latents: made from phrases, played by the model that heard them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from bridge import app
from engines.accompaniment.donors import Span
from engines.accompaniment.grid import STEP
from engines.accompaniment.pack import pack_of
from engines.accompaniment.packing import Learned, packed
from engines.accompaniment.tape import LOUDEST, Origin
from engines.accompaniment.texture import Texture
from engines.music.time import Meter
from tests.engines.accompaniment.examples import FOUR, oompah
from training.styles.pop import Heard, phrases, readable, shuffled, window
from training.styles.skeletons import skeleton


@pytest.fixture(scope="module")
def heard() -> Heard:
    return Heard(Texture.open(app.shelves()))


def test_windows_are_two_bars_and_the_last_bar_twice() -> None:
    donor = oompah("d", ["C", "F", "G"])
    assert window(donor, 1).bars == (FOUR.bar, FOUR.bar)
    first, second = (
        [s for s in window(donor, 2).strokes if bar * FOUR.bar <= s.tick < (bar + 1) * FOUR.bar] for bar in (0, 1)
    )
    assert [s.pitch for s in first] == [s.pitch for s in second]


def test_what_sounds_alike_is_taken_once(heard: Heard) -> None:
    song = replace(oompah("d", ["C", "F"] * 4), spans=(Span(0, 4), Span(4, 4), Span(0, 1)))
    assert len(list(phrases(song, heard))) == 1
    both = oompah("b", ["C", "F"] * 4, busy=True)
    late = tuple(s for s in both.strokes if s.tick >= 4 * FOUR.bar)
    early = tuple(s for s in song.strokes if s.tick < 4 * FOUR.bar)
    assert len(list(phrases(replace(song, strokes=(*early, *late)), heard))) == 2


def test_bars_beside_the_grid_are_left_out(heard: Heard) -> None:
    assert not readable(oompah("d", ["C", "F"], Meter(1, 4)))
    assert not list(phrases(oompah("d", ["C", "F"], Meter(1, 4)), heard))
    assert STEP == 240


def test_the_order_says_nothing_about_the_song(heard: Heard) -> None:
    found = [
        pair
        for chords in (["C", "F"], ["Am", "Dm", "G7", "C"], ["Eb", "Bb", "Fm"])
        for pair in phrases(oompah("d", chords, busy=len(chords) > 2), heard)
    ]
    assert [latents.tobytes() for _, latents in shuffled(found)] == [
        latents.tobytes() for _, latents in shuffled(found[::-1])
    ]


def test_latents_come_back_as_they_were_heard(heard: Heard) -> None:
    donor = oompah("d", ["C", "F", "G", "C"])
    heard.keep("pop/0000", heard.listen(donor))
    files = packed(
        "pop",
        [(skeleton(donor, "pop/0000"), 0)],
        (Origin(name="t", licence="MIT"),),
        learned=Learned(heard.ear, heard.of),
    )
    pack = pack_of(files)
    assert pack.card.kind == "latents"
    assert pack.card.adapts
    assert pack.card.ear == heard.ear
    for bar in range(4):
        said = np.frombuffer(pack.latent(bar) or b"", dtype=np.int8) / LOUDEST["bar_latent"]
        assert np.abs(said - heard.listen(donor)[bar]).max() <= 0.5 / LOUDEST["bar_latent"] + 1e-6
    assert "tune_step" not in pack.columns
    assert "beat_chord" not in pack.columns
