"""Luck that is keyed."""

from __future__ import annotations

from engines.music.chance import Chance


def test_the_same_key_gives_the_same_luck() -> None:
    one, two = Chance(7).of("verse#2", "bass"), Chance(7).of("verse#2", "bass")
    assert [one.random().random() for _ in range(2)] == [two.random().random() for _ in range(2)]


def test_luck_does_not_depend_on_what_was_drawn_elsewhere() -> None:
    chance = Chance(7)
    before = chance.of("bass").random().random()
    chance.of("drums").random().random()
    assert chance.of("bass").random().random() == before


def test_seed_names_and_their_borders_all_count() -> None:
    keys = {Chance(1).of("ab", "c").key, Chance(1).of("a", "bc").key, Chance(2).of("ab", "c").key, Chance(1).key}
    assert len(keys) == 4


def test_luck_is_equal_on_every_platform() -> None:
    assert Chance(1).of("take", 2).random().randrange(10**9) == 380848291
