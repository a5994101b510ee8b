"""The model, played by a double that can be worked out by hand."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest

from bridge.resources import FolderShelf
from engines.accompaniment.grid import STEP, Cue, Register
from engines.accompaniment.texture import CONTEXT, Texture
from engines.models.card import Vocabulary
from engines.models.faults import BadCard, WrongFamily
from engines.models.package import Package, open_package
from engines.models.rack import Rack
from tests.engines.accompaniment.windows import FOUR_FOUR, THREE_FOUR, Hand, alberti, harmony
from tests.engines.models import packages
from tests.engines.models.doubles import FakeRuntime, Hardware


def textures(hand: Hand, context: int = CONTEXT) -> Texture:
    return Texture(hand.encode, hand.decode, context)


def cue(*symbols: str, high: int = 40) -> Cue:
    return Cue((FOUR_FOUR, FOUR_FOUR), harmony(*symbols), (Register(40, 40, high),) * 2)


def test_windows_become_latents() -> None:
    latents = textures(Hand()).encode([alberti(), alberti()])
    assert latents.shape == (2, 64)
    assert latents[:, 0].tolist() == [18.0, 18.0]


def test_calls_are_no_larger_than_the_card_says() -> None:
    hand = Hand()
    texture = textures(hand, context=3)
    latents = texture.encode([alberti()] * 7)
    assert len(texture.decode(latents, [cue("C")] * 7)) == 7
    assert hand.calls == [3, 3, 1, 3, 3, 1]


def test_every_latent_meets_its_own_sheet() -> None:
    texture = textures(Hand(), context=2)
    latents = np.arange(3, dtype=np.float32)[:, None] * np.ones((1, 64), dtype=np.float32)
    scores = texture.decode(latents, [cue("C")] * 3)
    lows = [float(each.onsets[0, 0]) for each in scores]
    assert np.allclose(np.diff(lows), 1.0)


def test_answers_are_as_long_as_their_sheets() -> None:
    texture = textures(Hand())
    cues = [cue("C"), Cue((THREE_FOUR, THREE_FOUR), harmony("C")), Cue((THREE_FOUR,), harmony("C"))]
    scores = texture.decode(np.zeros((3, 64), dtype=np.float32), cues)
    assert [len(each.onsets) for each in scores] == [32, 24, 12]
    assert scores[0].lengths[8, 0] == 2 * STEP


def test_a_higher_register_asks_for_higher_keys() -> None:
    texture = textures(Hand())
    low, high = texture.decode(np.zeros((2, 64), dtype=np.float32), [cue("C"), cue("C", high=64)])
    assert (high.onsets > low.onsets).all()


def test_nothing_is_asked_for_no_windows() -> None:
    hand = Hand()
    assert textures(hand).encode([]).shape == (0, 64)
    assert textures(hand).decode(np.zeros((0, 64), dtype=np.float32), []) == []
    assert hand.calls == []


def opened(models: Path, **other: object) -> Package:
    shelf: FolderShelf = packages.put(models, **other)  # type: ignore[arg-type]
    return open_package(shelf, "notes-tiny-1")


def test_another_family_is_refused(tmp_path: Path) -> None:
    rack = Rack(lambda: FakeRuntime({"cpu": Hardware()}), time.perf_counter)
    with pytest.raises(WrongFamily):
        Texture.of(opened(tmp_path), rack)


def test_another_grid_is_refused(tmp_path: Path) -> None:
    rack = Rack(lambda: FakeRuntime({"cpu": Hardware()}), time.perf_counter)
    package = opened(tmp_path, family="texture", vocabulary=Vocabulary(name="texture/0", sha256="0" * 64))
    with pytest.raises(BadCard, match="another grid"):
        Texture.of(package, rack)
