"""A short run of the fuzzer; `python -m tests.fuzz.fuzz_midi` makes long ones."""

from __future__ import annotations

from tests.fuzz.fuzz_midi import damaged_file, examine, own_seeds, run


def test_every_seed_is_read_without_fuss() -> None:
    for data in own_seeds():
        examine(data)


def test_damaged_files_are_read_or_refused_in_words() -> None:
    tally = run(own_seeds(), 500, seed=2, count_memory=False)
    assert tally.files == 500
    assert not tally.failures
    assert tally.read > 50
    assert tally.refused["E_FILE"] > 50


def test_the_same_seed_damages_the_same_way() -> None:
    assert [damaged_file(own_seeds(), 3, i) for i in range(20)] == [damaged_file(own_seeds(), 3, i) for i in range(20)]
