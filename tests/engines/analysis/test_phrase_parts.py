"""What the phrase reader is made of: echoes, cues, the search, letters, trees."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines.analysis.phrase_bars import lay_out, top_line
from engines.analysis.phrase_context import with_copies
from engines.analysis.phrase_cues import breaths, mean_over, shifted
from engines.analysis.phrase_echo import Echo, echo_cues, listen
from engines.analysis.phrase_letters import PAIR_CUES, Kinship, letters, pair_cues
from engines.analysis.phrase_material import Material, material, time_within
from engines.analysis.phrase_search import cut
from engines.analysis.phrase_trees import Trees
from engines.analysis.score import Floats, Grid, Ints, Notes, Score
from engines.errors import SchemaError
from engines.music.notes import Note
from engines.music.time import PPQ, MeterMap, Ticks

BAR = 4 * PPQ
SAME_TUNE = Kinship(np.array([10.0 if name == "tune" else 0.0 for name in PAIR_CUES]), -5.0, 0.0)
"""Phrases are one material when more than half of their notes are."""


def piece(*bars: tuple[int, ...], backing: tuple[Note, ...] = (), meter: MeterMap | None = None) -> Score:
    """Quarter notes, one tuple a bar."""
    melody = [
        Note(Ticks(b * BAR + i * PPQ), Ticks(PPQ), pitch)
        for b, bar in enumerate(bars)
        for i, pitch in enumerate(bar)
        if pitch
    ]
    meter = meter or MeterMap()
    return Score(Notes.of([melody, backing]), Grid.of(meter, len(bars) * BAR), meter)


def described(*bars: tuple[int, ...]) -> Material:
    return material(lay_out(piece(*bars), 0))


DO, RE, MI, FA = (60, 64, 67, 64), (62, 65, 69, 65), (64, 67, 71, 67), (65, 69, 72, 71)


def echo_of(*bars: tuple[int, ...]) -> Echo:
    return listen(described(*bars), np.zeros(len(bars), dtype=np.int64))


def test_equal_bars_are_alike_at_their_distance() -> None:
    echo = echo_of(DO, RE, MI, DO, RE, FA)
    assert echo.reach == 5
    assert echo.tune[echo.reach + 3].tolist()[:2] == [1.0, 1.0]
    assert echo.tune[echo.reach + 3, 2] < 0.5
    assert not echo.tune[echo.reach].any()


def test_likeness_is_mutual() -> None:
    echo = echo_of(DO, RE, MI, DO, RE, FA)
    for away, bar in itertools.product(range(1, 6), range(6)):
        if bar + away < 6:
            assert echo.whole[echo.reach + away, bar] == echo.whole[echo.reach - away, bar + away]


def test_a_transposed_bar_is_nearly_alike() -> None:
    moved = tuple(pitch + 5 for pitch in DO)
    assert 0.6 < echo_of(DO, RE, moved).tune[2 + 2, 0] <= 0.9


def test_bars_of_different_meter_have_nothing_in_common() -> None:
    echo = listen(described(DO, DO), np.array([0, 1]))
    assert not echo.whole.any()


def test_a_long_piece_is_compared_in_blocks_like_a_short_one() -> None:
    rng = np.random.default_rng(3)
    bars = [tuple(rng.integers(55, 80, 4).tolist()) for _ in range(700)]
    long, short = echo_of(*bars), echo_of(*bars[:129])
    assert long.reach == short.reach == 128
    assert np.array_equal(long.rhythm[129:140, :110], short.rhythm[129:140, :110])
    assert np.array_equal(long.tune[129:140, :110], short.tune[129:140, :110])


def test_repeats_begin_and_end_at_phrase_lines() -> None:
    cues = echo_cues(echo_of(DO, RE, MI, FA, DO, RE, MI, FA, RE, FA, DO, MI))
    assert np.flatnonzero(cues["tune4.ends"] == 1.0).tolist() == [4, 8]
    assert cues["tune4.begins"][4] > max(cues["tune4.begins"][[3, 5, 6, 7]])


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(1, 30)), max_size=20))
def test_time_within_adds_up(spans: list[tuple[int, int]]) -> None:
    start = np.array([s for s, _ in spans], dtype=np.int64)
    end = np.array([s + d for s, d in spans], dtype=np.int64)
    edges = np.array([0, 7, 20, 21, 40, 100])
    expected = [
        sum(max(0, min(e, high) - max(s, low)) for s, e in zip(start.tolist(), end.tolist(), strict=True))
        for low, high in itertools.pairwise(edges.tolist())
    ]
    assert time_within(start, end, edges).tolist() == expected


def test_the_top_line_leaves_inner_voices_out() -> None:
    held = Note(Ticks(0), Ticks(4 * PPQ), 72)
    inner = [Note(Ticks(PPQ * i), Ticks(PPQ), 60) for i in range(4)]
    after = Note(Ticks(4 * PPQ), Ticks(PPQ), 62)
    notes = Notes.of([[held, after], inner])
    assert notes.pitch[top_line(notes)].tolist() == [72, 62]


def test_the_longest_breath_near_a_line_says_where_the_phrase_begins() -> None:
    bars = lay_out(piece((60, 62, 64, 65), (67, 0, 0, 60), (62, 64, 65, 67), (60, 62, 64, 65)), 0)
    gap, at, held = breaths(bars)
    assert (gap[2], at[2], held[2]) == (0.75, -0.25, 0.25)
    assert gap[3] == 0.25


def test_bars_beside_the_piece_are_filled_in() -> None:
    values = np.array([1.0, 2.0, 3.0])
    assert shifted(values, 1, -1).tolist() == [2, 3, -1]
    assert shifted(values, -2).tolist() == [0, 0, 1]
    assert shifted(values, 5, 9).tolist() == [9, 9, 9]
    assert mean_over(values, -2, 0).tolist() == [0, 1, 1.5]


def test_copies_draw_the_evidence_together() -> None:
    form = [DO, RE, MI, FA, FA, MI, RE, DO] * 2
    evidence = np.zeros(16)
    evidence[4] = 2.0
    drawn = with_copies(evidence, echo_of(*form))
    assert drawn[4] == pytest.approx(drawn[12], abs=0.2)
    assert 0 < drawn[12] < 2


def brute_force(evidence: Floats, lengths: Floats) -> float:
    n, best = len(evidence), -np.inf
    for inner in itertools.product([False, True], repeat=n - 1):
        starts = [0, *(i + 1 for i, chosen in enumerate(inner) if chosen)]
        sizes = np.diff([*starts, n])
        if sizes.max() <= len(lengths):
            best = max(best, float(sum(evidence[s] for s in starts[1:]) + sum(lengths[z - 1] for z in sizes)))
    return best


@given(st.lists(st.floats(-3, 3), min_size=1, max_size=9), st.lists(st.floats(-3, 0), min_size=1, max_size=4))
def test_the_search_finds_the_best_cut(evidence: list[float], lengths: list[float]) -> None:
    gain, size = np.array(evidence), np.array(lengths)
    starts = cut(gain, np.array([0, len(gain)]), size)
    sizes = np.diff(np.append(starts, len(gain)))
    assert starts[0] == 0
    assert sizes.min() >= 1
    assert sizes.max() <= len(size)
    assert float(gain[starts[1:]].sum() + size[sizes - 1].sum()) == pytest.approx(brute_force(gain, size))


def test_no_phrase_crosses_a_border() -> None:
    starts = cut(np.full(12, -9.0), np.array([0, 5, 12]), np.zeros(16))
    assert starts.tolist() == [0, 5]


def spell(bars: list[tuple[int, ...]], start: list[int]) -> list[str]:
    """The letters of phrases, by their tunes alone."""
    made = described(*bars)
    sizes: Ints = np.diff(np.array([*start, len(bars)]))
    return letters(made, made.sung, np.array(start), sizes, SAME_TUNE)[0]


def test_equal_material_has_equal_letters() -> None:
    assert spell([DO, RE, MI, FA, DO, RE], [0, 2, 4]) == ["A", "B", "A"]


def test_phrases_of_different_length_may_be_one_family() -> None:
    assert spell([DO, RE, DO, RE, MI, FA, FA, FA], [0, 2, 5]) == ["A", "A", "B"]


def test_silence_is_intro_interlude_or_outro() -> None:
    rest = (0, 0, 0, 0)
    assert spell([rest, DO, RE, rest, rest, DO, RE, rest], [0, 1, 3, 5, 7]) == ["i", "A", "a", "A", "o"]


def test_many_families_use_the_alphabet_up() -> None:
    rng = np.random.default_rng(1)
    bars = [tuple(int(p) for p in rng.integers(48, 84, 4)) for _ in range(40)]
    labels = spell([*bars, bars[7]], list(range(41)))
    assert labels[7] == labels[40] != "X"
    assert labels.count("X") > 5


def test_hundreds_of_phrases_keep_their_letters() -> None:
    tunes = [DO, RE, MI, FA]
    order = np.random.default_rng(2).integers(0, 4, 600).tolist()
    labels = spell([tunes[i] for i in order], list(range(600)))
    assert len(set(zip(order, labels, strict=True))) == 4


def test_pairs_are_compared_both_ways_alike() -> None:
    cues = pair_cues(described(DO, RE, MI, DO, FA), np.array([0, 1, 3]), np.array([1, 2, 2]))
    assert set(cues) == set(PAIR_CUES)
    assert all(np.allclose(table, table.T) for table in cues.values())
    assert cues["tune"][0, 2] == 1.0


def stump(threshold: float = 0.5) -> Trees:
    return Trees(np.array([[1]]), np.array([[threshold]], dtype=np.float32), np.array([[-2000, 1000]]), 500)


def test_rows_go_right_above_the_threshold() -> None:
    assert stump().log_odds(np.array([[9, 0.5], [0, 0.75]], dtype=np.float32)).tolist() == [-1.5, 1.5]
    assert stump().log_odds(np.zeros((0, 2), dtype=np.float32)).tolist() == []


def test_trees_survive_storage() -> None:
    back = Trees.from_dict(stump(0.25).to_dict(), 2)
    rows = np.random.default_rng(0).random((50, 2)).astype(np.float32)
    assert back.log_odds(rows).tolist() == stump(0.25).log_odds(rows).tolist()


@pytest.mark.parametrize(
    "damage",
    [
        {"cue": [[2]]},
        {"cue": [[-1]]},
        {"cue": [1]},
        {"leaf": [[1, 2, 3]]},
        {"leaf": 7},
        {"threshold": [["x"]]},
        {"base": "many"},
        {"base": None},
        {"leaf": [[1, 2], [3]]},
    ],
)
def test_damaged_trees_are_refused(damage: dict[str, object]) -> None:
    with pytest.raises(SchemaError):
        Trees.from_dict({**stump().to_dict(), **damage}, 2)
