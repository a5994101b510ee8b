"""Whatever the model would like to write, the rules hold."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from engines.models import tokens as t
from engines.models.notes import Notes, Task
from engines.models.sampling import GREEDY, Dials, Luck
from engines.models.window import bars_of
from engines.models.writing import Rules
from engines.music.chance import Chance
from tests.engines.models.notes_examples import BAR, ballad, shipped

WILD = Dials(temperature=1.5)


def write(
    rules: Rules, slot: int = 2, takes: Sequence[int] = (0,), dials: Dials = WILD, bar: int = 2
) -> list[np.ndarray]:
    """Notes (bar, position, micro, length, pitch, velocity) of one cell of the ballad, for each take."""
    cell = (bar, slot)
    task = Task(ballad(), (cell,), rules={cell: rules})
    luck = [Luck(Chance(7).of("take", take)) for take in takes]
    return [t.notes_of(rows) for rows in Notes(shipped()).write(task, luck, dials)]


@settings(max_examples=15)
@given(
    low=st.integers(20, 60),
    span=st.integers(5, 40),
    voices=st.integers(0, 3),
    room=st.integers(40, 2 * BAR),
    fewest=st.integers(0, 3),
    scale=st.sets(st.integers(0, 11), min_size=3),
    micro=st.booleans(),
    seed=st.integers(0, 3),
)
def test_every_rule_is_kept(
    low: int, span: int, voices: int, room: int, fewest: int, scale: set[int], micro: bool, seed: int
) -> None:
    wanted = tuple(pc in scale for pc in range(12))
    rules = Rules(BAR, room, low, low + span + 12, wanted, voices, fewest=fewest, most=12, micro=micro)
    for found in write(rules, takes=(seed,)):
        bar, position, early, length, pitch, velocity = found.T
        assert len(found) <= 12
        assert voices or len(found) >= fewest  # where voices are busy to the end, no place is left for more
        assert (bar == 2).all()
        assert (position < min(BAR, room)).all()
        assert (position + length <= room).all()
        assert ((low <= pitch) & (pitch <= low + span + 12)).all()
        assert set((pitch % 12).tolist()) <= scale
        assert ((velocity >= 1) & (velocity <= 127)).all()
        assert micro or (early == 0).all()
        order = np.lexsort((pitch, position))
        assert (order == np.arange(len(found))).all()
        assert len({(p, q) for p, q in zip(position.tolist(), pitch.tolist(), strict=True)}) == len(found)
        if voices:
            sounding = (position[None, :] <= position[:, None]) & (position[:, None] < (position + length)[None, :])
            assert sounding.sum(axis=1).max(initial=0) <= voices


def test_one_voice_never_overlaps_itself() -> None:
    for found in write(Rules(BAR, BAR, voices=1, fewest=4), slot=1, takes=range(4)):
        ends = found[:, 1] + found[:, 3]
        assert (found[1:, 1] >= ends[:-1]).all()


def test_notes_begin_where_the_rhythm_lets_them() -> None:
    rhythm = np.zeros(BAR, dtype=bool)
    rhythm[[0, 36, 72]] = True
    for found in write(Rules(BAR, BAR, rhythm=rhythm, fewest=2), takes=range(3)):
        assert set(found[:, 1].tolist()) <= {0, 36, 72}


def test_drums_write_drums() -> None:
    found = write(Rules(BAR, BAR, 35, 59, fewest=3), slot=3)[0]
    assert len(found) >= 3
    assert ((found[:, 4] >= 35) & (found[:, 4] <= 59)).all()


def test_nothing_but_the_end_where_nothing_is_allowed() -> None:
    assert len(write(Rules(BAR, BAR, rhythm=np.zeros(BAR, dtype=bool), fewest=3))[0]) == 0


def test_a_take_is_the_same_however_many_are_asked_for() -> None:
    rules = Rules(BAR, BAR, fewest=3)
    alone, among = write(rules, takes=(1,)), write(rules, takes=(0, 1, 2))
    assert np.array_equal(alone[0], among[1])
    assert not all(np.array_equal(among[0], other) for other in among[1:])
    assert all(np.array_equal(a, b) for a, b in zip(among, write(rules, takes=(0, 1, 2)), strict=True))


def test_a_full_memory_ends_cells_early_and_closes_them_all() -> None:
    cells = tuple((bar, 3) for bar in range(4))
    task = Task(ballad(), cells, rules={cell: Rules(BAR, BAR, fewest=40, most=60) for cell in cells})
    memory = shipped().memory(128)
    memory.hear(task.prompt()[None])
    free = memory.capacity - int(memory.lengths[0])
    rows = Notes(shipped()).write(task, [Luck(Chance(1))], WILD, memory)[0]
    assert len(rows) == free - 2 * len(cells)


def test_greedily_luck_does_not_matter() -> None:
    one, other = (write(Rules(BAR, BAR), takes=(take,), dials=GREEDY)[0] for take in (0, 5))
    assert np.array_equal(one, other)


def test_several_cells_are_written_in_order_and_stay_apart() -> None:
    cells = ((1, 2), (2, 1), (2, 2))
    task = Task(ballad(), cells, rules={cell: Rules(BAR, BAR, fewest=1, most=6) for cell in cells})
    rows = Notes(shipped()).write(task, [Luck(Chance(1))], WILD)[0]
    assert set(zip(bars_of(rows).tolist(), rows[:, t.SLOT].tolist(), strict=True)) == set(cells)
    assert (rows[:, t.KIND] == t.Kind.FILL).all()


def test_hints_are_heard() -> None:
    """With the whole old bar as a hint the model writes what is nearer to it than without."""
    window, cell = ballad(), (2, 2)
    old = window.rows[(bars_of(window.rows) == 2) & (window.rows[:, t.SLOT] == 2)]
    hints = old.copy()
    hints[:, t.KIND] = t.Kind.HINT
    rules = {cell: Rules(BAR, BAR, fewest=1)}
    notes = Notes(shipped())
    luck = [Luck(Chance(3).of(take)) for take in range(6)]
    plain = notes.write(Task(window, (cell,), rules=rules), luck, Dials())
    minded = notes.write(Task(window, (cell,), rules=rules, hints={cell: hints}), luck, Dials())

    def kept(found: list[np.ndarray]) -> float:
        where = {(int(row[t.POSITION]), int(row[t.PITCH])) for row in old}
        return float(np.mean([len(where & {(int(r[t.POSITION]), int(r[t.PITCH])) for r in rows}) for rows in found]))

    assert kept(minded) > kept(plain)
