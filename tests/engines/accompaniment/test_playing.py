"""From donor to what two hands play: on the chords, under the tune, playable, with feeling."""

from __future__ import annotations

import time
from dataclasses import replace
from itertools import pairwise
from statistics import pstdev

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engines.accompaniment import changes, ending, hands, performance, room, variation
from engines.accompaniment.donors import LEFT, RIGHT, Donor, Span, Stroke
from engines.accompaniment.loan import Loan
from engines.accompaniment.performance import Played
from engines.accompaniment.selection import Choice
from engines.accompaniment.sheet import Sheet
from engines.accompaniment.transfer import Touch, transfer
from engines.music.chance import Chance
from engines.music.harmony import Chord
from engines.music.time import Ticks
from tests.engines.accompaniment.examples import FOUR, Q, harmony, oompah, pack, sheet, touch

LUCK = Chance(1)


def borrowed(donor: Donor, song: Sheet, turn: int = 0, energy: float = 0.5) -> Choice:
    return Choice(song.strains[0], pack(donor), 0, turn, 1.0, energy)


def moved(song: Sheet, choice: Choice) -> list[Touch]:
    return transfer(song, Loan.of(song, choice))


def pitches(touches: list[Touch], tick: int) -> list[int]:
    return sorted(t.pitch for t in touches if t.tick == tick)


def test_on_its_own_chords_a_donor_sounds_as_it_was() -> None:
    donor = oompah("d", ["C", "F"])
    found = moved(sheet(["C", "F"]), borrowed(donor, sheet(["C", "F"])))
    assert [(t.tick, t.pitch) for t in found] == [(s.tick, s.pitch) for s in donor.strokes]


def test_on_other_chords_it_keeps_its_rhythm_and_takes_their_tones() -> None:
    song = sheet(["Dm7", "G7"])
    donor = oompah("d", ["C", "F"])
    found = moved(song, borrowed(donor, song))
    assert [t.tick for t in found] == [s.tick for s in donor.strokes]
    for t in found:
        assert song.chord_at(t.tick).tones >> t.pitch % 12 & 1
    assert pitches(found, 0)[0] % 12 == 2
    assert pitches(found, FOUR.bar)[0] % 12 == 7


def test_a_slash_chord_has_its_bass() -> None:
    song = sheet(["C/E", "F/C"])
    found = moved(song, borrowed(oompah("d", ["C", "F"]), song))
    assert [min(pitches(found, bar * FOUR.bar)) % 12 for bar in (0, 1)] == [4, 0]


def test_a_passing_tone_passes_into_the_new_tone() -> None:
    strokes = (
        Stroke(Ticks(0), Ticks(Q), 48, 70, LEFT),
        Stroke(Ticks(0), Ticks(Q // 2), 64, 70, RIGHT),
        Stroke(Ticks(Q // 2), Ticks(Q // 2), 65, 70, RIGHT),
        Stroke(Ticks(Q), Ticks(Q), 67, 70, RIGHT),
    )
    donor = Donor("p", "CC0-1.0", (FOUR,), strokes, harmony((0, "C")), (Span(0, 1),))
    song = sheet(["Am"], key="A minor")
    line = [t.pitch for t in moved(song, borrowed(donor, song)) if t.hand == RIGHT]
    assert line == [64, 67, 69] or line == [60, 62, 64]
    assert line[2] - line[1] in (1, 2)


def test_nothing_is_played_without_a_chord() -> None:
    song = sheet(["C", "N.C.", "G"])
    found = moved(song, borrowed(oompah("d", ["C", "F", "G"]), song))
    assert {t.tick // FOUR.bar for t in found} == {0, 2}


def test_a_push_does_not_break_a_silence() -> None:
    push = Stroke(Ticks(FOUR.bar - Q // 2), Ticks(Q), 65, 70, RIGHT)
    donor = Donor("p", "CC0-1.0", (FOUR,) * 2, (push,), harmony((0, "C"), (FOUR.bar, "F")), (Span(0, 2),))
    played, silent = sheet(["G", "F"]), sheet(["N.C.", "F"])
    assert [t.tick for t in moved(played, borrowed(donor, played))] == [push.tick]
    assert moved(silent, borrowed(donor, silent)) == []


def test_a_long_run_of_passing_tones() -> None:
    run = tuple(Stroke(Ticks(at * 80), Ticks(80), 61 + at % 2 * 2, 70, RIGHT) for at in range(32 * 48))
    donor = Donor("trill", "CC0-1.0", (FOUR,) * 32, run, harmony((0, "C")), (Span(0, 32),))
    song = sheet(["Am"] * 32)
    assert len(moved(song, borrowed(donor, song))) == len(run)


def test_a_change_that_the_donor_does_not_strike_is_struck() -> None:
    song = Sheet(
        (Ticks(0), FOUR.bar), (FOUR,), (), harmony((0, "C"), (2 * Q, "F")), (), sheet(["C"]).strains
    )  # fmt: skip
    held = [touch(0, 36, FOUR.bar, LEFT, bass=True), *(touch(0, p, FOUR.bar) for p in (60, 64, 67))]
    found = changes.follow(song, held)
    assert [p % 12 for p in pitches(found, 2 * Q)] == [5, 5, 9]
    assert all(song.chord_at(tick).tones >> t.pitch % 12 & 1 for t in found for tick in (t.tick, t.end - 1))


def test_a_song_of_two_thousand_bars_takes_its_time_and_no_more() -> None:
    chords = ["C", "Am", "F", "G7"] * 500
    song = sheet(chords)
    touches = [touch(at * Q // 2, 60 + at % 12, Q) for at in range(8 * len(chords))]
    begin = time.process_time()
    found = changes.complete(song, changes.follow(song, touches))
    assert len(found) >= len(touches)
    assert time.process_time() - begin < 3  # a tenth of that; ten times that where every chord looks at every note


def test_a_new_chord_begins_on_its_bass() -> None:
    song = sheet(["C", "C", "F/A", "G7"])
    inverted = [touch(bar * FOUR.bar, pitch, hand=LEFT) for bar, pitch in enumerate((40, 43, 41, 38))]
    found = changes.ground(song, inverted + [touch(bar * FOUR.bar, 60) for bar in range(4)])
    # The same chord again may stand on its fifth: basses alternate.
    assert [pitches(found, bar * FOUR.bar)[0] for bar in range(4)] == [36, 43, 45, 43]


def test_a_bass_is_there_where_the_left_hand_rests_on_a_new_chord() -> None:
    song = sheet(["C", "F", "G", "Am"])
    early = touch(2 * FOUR.bar - Q // 4, 43, hand=LEFT)
    found = changes.ground(song, [touch(0, 48, hand=LEFT), *(touch(bar * FOUR.bar, 64) for bar in range(4)), early])
    assert [(t.tick, t.pitch, t.length) for t in found if t.hand == LEFT] == [
        (0, 48, Q), (FOUR.bar, 53, FOUR.bar - Q // 4), (2 * FOUR.bar - Q // 4, 43, Q), (3 * FOUR.bar, 45, FOUR.bar),
    ]  # fmt: skip


def test_a_bass_below_crossed_hands_lasts_until_the_left_one_plays_again() -> None:
    song = sheet(["C", "F"])
    crossed = [touch(0, 55), touch(0, 64, hand=LEFT), touch(2 * Q, 60, hand=LEFT)]
    found = changes.ground(song, crossed)
    assert [(t.tick, t.pitch, t.length) for t in found if t.bass] == [(0, 48, 2 * Q)]


@settings(max_examples=200)
@given(
    st.lists(
        st.tuples(st.integers(0, 32), st.integers(1, 12), st.integers(30, 84), st.sampled_from((LEFT, RIGHT))),
        min_size=1,
        max_size=30,
    ),
    st.lists(st.sampled_from(["C", "F/A", "G7", "Am", "Dm7", "N.C."]), min_size=3, max_size=3),
)
def test_whatever_is_played_every_note_lasts_and_none_begins_before_the_song(
    struck: list[tuple[int, int, int, int]], chords: list[str]
) -> None:
    song = sheet(chords)
    end = 3 * FOUR.bar
    touches = [touch(at * Q // 4, pitch, length * Q // 4, hand) for at, length, pitch, hand in struck]
    found = changes.ground(song, changes.complete(song, changes.follow(song, touches)))
    found = ending.close(song, hands.playable(found))
    assert all(t.length >= 1 and 0 <= t.tick < end for t in found)


def test_third_and_seventh_are_there() -> None:
    song = sheet(["Dm7"])
    open_fifths = [
        touch(0, 38, hand=LEFT, bass=True),
        touch(Q, 62),
        touch(Q, 69),
        touch(Q, 74),
        touch(2 * Q, 62),
        touch(2 * Q, 69),
    ]
    found = changes.complete(song, open_fifths)
    assert {t.pitch % 12 for t in found} >= {2, 5, 0}
    assert [t.tick for t in found] == [t.tick for t in open_fifths]


def test_what_rings_gives_way_to_a_tune_that_comes_in_below_it() -> None:
    song = sheet(["C"], [(2 * Q, 2 * Q, 67)])
    long, low = touch(0, 72, 4 * Q), touch(0, 60, 4 * Q)
    made = room.make_room(song, [low, long], LUCK)
    assert [(t.pitch, t.length) for t in made] == [(60, 4 * Q), (72, 2 * Q)]


def test_it_stays_under_the_tune() -> None:
    song = sheet(["C"], [(beat * Q, Q, 69) for beat in range(4)])
    found = room.make_room(song, [touch(0, 72), touch(Q, 64), touch(2 * Q, 76)], LUCK)
    assert all(t.pitch <= 69 for t in found)
    assert {t.pitch % 12 for t in found} == {0, 4}


def test_over_a_deep_voice_the_right_hand_stays_where_it_is() -> None:
    song = sheet(["C"], [(beat * Q, Q, 43) for beat in range(4)])
    chords = [touch(beat * Q, pitch) for beat in range(4) for pitch in (60, 64, 67)]
    assert room.make_room(song, chords, LUCK) == chords


def test_it_may_answer_above_while_the_tune_rests_on_a_long_note() -> None:
    song = sheet(["C"], [(0, FOUR.bar, 69)])
    found = room.make_room(song, [touch(0, 76), touch(2 * Q, 76)], LUCK)
    assert [(t.tick, t.pitch) for t in found] == [(0, 64), (2 * Q, 76)]


def test_no_semitone_beside_a_held_note() -> None:
    song = sheet(["Cmaj7"], [(0, FOUR.bar, 72)])
    assert [t.pitch for t in room.make_room(song, [touch(0, 71), touch(0, 64)], LUCK)] == [64, 67]


def test_it_steps_back_while_the_tune_is_busy() -> None:
    comping = [touch(at * Q // 2, 60 + at % 2 * 4, Q // 2) for at in range(8)]
    busy = sheet(["C"], [(at * Q // 4, Q // 4, 84) for at in range(16)])
    calm = sheet(["C"], [(0, FOUR.bar, 84)])
    assert len(room.make_room(calm, comping, LUCK)) == 8
    left = room.make_room(busy, comping, LUCK)
    assert 4 <= len(left) < 8
    assert [t.tick for t in left if t.tick % Q == 0] == [0, Q, 2 * Q, 3 * Q]


def test_air_at_the_bottom_and_a_hand_that_reaches() -> None:
    found = hands.playable([touch(0, p, hand=LEFT) for p in (36, 39, 43, 48)] + [touch(0, p) for p in (55, 60, 64, 79)])
    low = [t.pitch for t in found if t.pitch < 48]
    assert all(b - a >= 5 for a, b in pairwise(low))
    for hand in (LEFT, RIGHT):
        mine = [t.pitch for t in found if t.hand == hand]
        assert max(mine) - min(mine) <= hands.REACH


def test_low_neighbours_do_not_ring_together() -> None:
    found = hands.playable([touch(0, 40, 4 * Q, LEFT), touch(Q, 43, Q, LEFT), touch(2 * Q, 52, Q, LEFT)])
    assert [(t.pitch, t.end) for t in found] == [(40, Q), (43, 2 * Q), (52, 3 * Q)]


@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(st.integers(0, 7), st.integers(24, 96), st.integers(1, 8), st.sampled_from([LEFT, RIGHT])),
        max_size=40,
    )
)
def test_whatever_comes_two_hands_can_play_it(rows: list[tuple[int, int, int, int]]) -> None:
    found = hands.playable([touch(at * Q // 2, pitch, length * Q // 2, hand) for at, pitch, length, hand in rows])
    for tick in {t.tick for t in found}:
        for hand in (LEFT, RIGHT):
            mine = [t.pitch for t in found if t.tick == tick and t.hand == hand]
            assert len(mine) <= hands.FINGERS
            assert not mine or max(mine) - min(mine) <= hands.REACH
    for pitch in {t.pitch for t in found}:
        line = sorted((t.tick, t.end) for t in found if t.pitch == pitch)
        assert all(end <= tick for (_, end), (tick, _) in pairwise(line))


def test_the_last_chord_is_held() -> None:
    song = sheet(["F", "C"], [(FOUR.bar, 2 * Q, 72)])
    found = ending.close(
        song, [touch(0, 41, hand=LEFT, bass=True), touch(0, 60), touch(FOUR.bar, 60), touch(FOUR.bar + Q, 64)]
    )
    last = [t for t in found if t.tick == FOUR.bar]
    assert {t.pitch % 12 for t in last} >= {0, 4, 7}
    assert {t.end for t in last} == {2 * FOUR.bar}
    assert min(t.pitch for t in last) % 12 == 0
    assert max(t.tick for t in found) == FOUR.bar


def test_the_last_chord_can_be_reached() -> None:
    song = sheet(["F", "C"])
    found = ending.close(song, [touch(0, 41, hand=LEFT, bass=True), touch(0, 57), touch(FOUR.bar, 79)])
    last = [t.pitch for t in found if t.tick == FOUR.bar and t.hand == RIGHT]
    assert last
    assert max(last) - min(last) <= hands.REACH


def test_on_the_grid_where_nobody_is_to_be_late() -> None:
    song = sheet(["C"])
    beats = tuple(touch(i * Q, 60 + i, velocity=60) for i in range(4))
    phrase = Played(borrowed(oompah("d", ["C"]), song), tuple(replace(t, late=40) for t in beats))
    starts = {how: [n.start % Q for n in performance.notes(song, [phrase], LUCK, how)] for how in (1.0, 0.5, 0.0)}
    assert starts == {1.0: [40] * 4, 0.5: [20] * 4, 0.0: [0] * 4}


def test_lateness_keeps_keys_apart_and_ends_where_it_should() -> None:
    song = sheet(["N.C.", "C"])
    beats = [touch(FOUR.bar + beat * Q, 60, Q - hands.BREATH, velocity=60) for beat in range(4)]
    lates = (-90, 90, -90, 127)
    phrase = played(song, 0.5)
    late = Played(phrase.choice, tuple(replace(t, late=by) for t, by in zip(beats, lates, strict=True)))
    found = performance.notes(song, [late], LUCK)
    assert [n.start - FOUR.bar for n in found] == [0, Q + 90, 2 * Q - hands.BREATH, 3 * Q + 127]
    assert [n.end for n in found] == [t.end for t in beats]


def test_a_return_varies_and_the_first_time_does_not() -> None:
    song = sheet(["C"] * 8)
    touches = [touch(at * Q // 2, 60 + 4 * (at % 2), Q // 2) for at in range(64)]
    assert variation.vary(song, touches, 0, LUCK) == touches
    again = variation.vary(song, touches, 1, LUCK)
    assert again != touches
    kept = {(t.tick, t.pitch) for t in touches} & {(t.tick, t.pitch) for t in again}
    assert len(kept) > 0.8 * len(touches)
    assert again == variation.vary(song, touches, 1, LUCK)
    assert again != variation.vary(song, touches, 2, LUCK)


def test_a_stroke_is_not_doubled_into_another_chord() -> None:
    song = Sheet(
        tuple(Ticks(bar * FOUR.bar) for bar in range(65)), (FOUR,) * 64, (),
        harmony(*((bar * FOUR.bar + at, symbol) for bar in range(64) for at, symbol in ((0, "C"), (2 * Q, "N.C.")))),
        (), sheet(["C"] * 64).strains,
    )  # fmt: skip
    touches = [touch(bar * FOUR.bar + Q // 2, 64, 3 * Q) for bar in range(64)]
    again = variation.vary(song, touches, 1, LUCK)
    assert again != touches
    assert all(song.chord_at(t.tick).root >= 0 for t in again)


def quoted(song: Sheet, choice: Choice, played: list[Touch]) -> list[bool]:
    """Which bars are the donor's, note for note."""
    bars = []
    for bar in range(len(song.meters)):
        begin = bar * FOUR.bar
        mine = sorted((t.tick - begin, t.pitch) for t in played if begin <= t.tick < begin + FOUR.bar)
        bars.append(mine == sorted((s.tick, s.pitch) for s in choice.pack.strokes(bar, 1)))
    return bars


@pytest.mark.parametrize("busy", [True, False])
def test_no_more_than_four_bars_word_for_word(busy: bool) -> None:
    chords = ["C", "F", "G", "Am", "F", "G", "C", "C", "F", "G", "C", "C"]
    song = sheet(chords)
    choice = borrowed(oompah("d", chords, busy=busy), song)
    played = variation.Quotes().broken(song, choice, moved(song, choice), LUCK)
    assert quoted(song, choice, played) == [True] * 4 + [False] + [True] * 4 + [False] + [True] * 2


def test_a_quotation_goes_on_over_the_border_of_a_phrase() -> None:
    chords = ["C", "F", "G", "Am", "F", "G"]
    song = sheet(chords, strains=[("A", 3), ("B", 3)])
    shared, quotes, played = pack(oompah("d", chords)), variation.Quotes(), list[Touch]()
    choices = [Choice(strain, shared, strain.bar, 0, 1.0, 0.5) for strain in song.strains]
    for choice in choices:
        played += quotes.broken(song, choice, moved(song, choice), LUCK)
    assert quoted(song, replace(choices[0], bar=0), played) == [True] * 4 + [False, True]


def played(song: Sheet, energy: float, velocity: int = 0) -> Played:
    touches = [touch(b * FOUR.bar, 48, FOUR.bar, LEFT, bass=True, velocity=velocity) for b in range(4)]
    touches += [touch(at * Q // 2, p, Q // 2, velocity=velocity) for at in range(32) for p in (60, 64, 67)]
    touches.sort(key=lambda t: (t.tick, t.pitch))
    return Played(Choice(song.strains[0], pack(oompah("d", ["C"] * 4)), 0, 0, 1.0, energy), tuple(touches))


def test_dynamics_breathe() -> None:
    song = sheet(["C"] * 4)
    soft, loud = (performance.notes(song, [played(song, energy)], LUCK) for energy in (0.1, 0.9))
    for notes in (soft, loud):
        assert 8 <= pstdev(n.velocity for n in notes) <= 14
    mean = [sum(n.velocity for n in notes) / len(notes) for notes in (soft, loud)]
    assert mean[1] > mean[0] + 20
    on, off = ([n.velocity for n in loud if (n.start % Q == 0) == beat] for beat in (True, False))
    assert sum(on) / len(on) > sum(off) / len(off)


def test_the_pedal_changes_with_the_chords() -> None:
    song = sheet(["C", "F", "F", "G"])
    phrase = played(song, 0.5)
    events = performance.pedal(song, [phrase])
    downs = [e.tick for e in events if e.value == performance.DOWN]
    ups = [e.tick for e in events if e.value == performance.UP]
    assert downs == [bar * FOUR.bar + performance.CHANGE for bar in range(4)]
    assert ups == [bar * FOUR.bar for bar in range(1, 5)]


def test_short_playing_has_no_pedal() -> None:
    song = sheet(["C"] * 4)
    phrase = played(song, 0.5)
    short = Played(phrase.choice, tuple(touch(t.tick, t.pitch, 120) for t in phrase.touches))
    assert performance.pedal(song, [short]) == ()


@pytest.mark.parametrize("symbol", ["C", "F#m7b5", "Bb13", "Esus4", "Abmaj7#11/C", "G7alt", "D5"])
def test_any_chord_can_be_played(symbol: str) -> None:
    song = sheet([symbol, "C"])
    found = moved(song, borrowed(oompah("d", ["Dm7", "G7"]), song))
    chord = Chord.parse(symbol)
    assert all(t.pitch % 12 in chord.pitch_classes for t in found if t.tick < FOUR.bar)
    assert min(t.pitch for t in found if t.tick == 0) % 12 == chord.bass_pc
