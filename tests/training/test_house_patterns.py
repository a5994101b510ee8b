"""The house patterns: what their notation means, and what holds for every one of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from statistics import pstdev

import pytest

from engines.accompaniment.donors import LEFT, RIGHT, Donor, Harmony, Span, Stroke
from engines.errors import InvalidMusic
from engines.music.harmony import Chord, Key
from engines.music.time import PPQ, Meter, Ticks
from training.house_patterns import donors, notation
from training.house_patterns.building import LICENCE, SPANS, USUAL, build, chords_of, spans_of
from training.house_patterns.dynamics import SPREAD, groups_of
from training.house_patterns.library import PATTERNS
from training.house_patterns.notation import FILLS, Hand, Pattern, read_bars, read_voice
from training.house_patterns.voicing import grip_of, pitch_of

DONORS = donors()
BAR = Ticks(4 * PPQ)
C = Key.parse("C")
LOW_C, MIDDLE_C = 36, 60

WANTED = {"4/4": 20, "3/4": 6, "6/8": 6, "12/8": 6} | dict.fromkeys(
    ["2/4", "2/2", "3/2", "3/8", "5/4", "5/8", "6/4", "7/4", "7/8", "9/8"], 2
)
"""How many patterns a meter needs at the least."""
KINDS = """
    ballad pop rock piano-rock soul gospel bossa samba tango habanera salsa montuno reggae ska swing two-feel walking stride
    ragtime blues shuffle boogie funk bolero waltz jazz viennese march hymn folk country boom-chuck train arpeggio synth pulse
    ostinato cinematic sparse minimal lullaby musette polka jig doo-wop
"""

every_donor = pytest.mark.parametrize("donor", DONORS, ids=lambda donor: donor.name)
every_pattern = pytest.mark.parametrize("pattern", PATTERNS, ids=lambda pattern: pattern.name)


def keys(text: str, chord: str, hand: Hand, *, on_bass: bool = True, key: Key = C) -> list[list[int]]:
    """The keys that each sign of a bar strikes."""
    signs = read_voice(text, BAR)
    return [[pitch_of(note, hand, Chord.parse(chord), key, on_bass=on_bass) for note in sign.notes] for sign in signs]


def tiny(bars: str = "A | 1 - - - | abc - abc -\nF | 1 - 5 - | abc - - -", play: str = "AAAF", **rest: str) -> Pattern:
    chords = rest.get("chords", "C | F | G7 | C")
    return Pattern("tiny", "test", "4/4", 3, "C", chords, Hand("C2"), Hand("C4", "1 3 5"), bars, play=play)


# The notation


def test_signs_stand_on_an_even_grid_and_are_held() -> None:
    signs = read_voice("1 - . 5", BAR)
    assert [(sign.start, sign.length) for sign in signs] == [(0, 1920), (2880, 960)]


def test_a_place_may_be_shared() -> None:
    signs = read_voice("1 5:-:3 . 8:.", BAR)
    assert [(sign.start, sign.length) for sign in signs] == [(0, 960), (960, 640), (1600, 320), (2880, 480)]


def test_degrees_are_counted_from_the_bass_in_the_left_hand() -> None:
    assert keys("1 5 8 10", "C", Hand("C2")) == [[LOW_C], [43], [48], [52]]
    assert keys("1+5+8 . 2 6", "Am", Hand("E2")) == [[45, 52, 57], [47], [53]]
    assert keys("1 5", "C/E", Hand("C2")) == [[40], [43]]


def test_degrees_are_counted_from_the_root_in_the_right_hand() -> None:
    assert keys("1+8 3 5", "C/E", Hand("C4"), on_bass=False) == [[60, 72], [64], [67]]


def test_a_grip_lies_in_close_position_above_its_place() -> None:
    hand = Hand("C4", "3 5 7 9", at="A3")
    assert grip_of(hand, Chord.parse("Dm9")) == (57 - 4, 57, 60, 64)  # a half step would be on top
    assert grip_of(hand, Chord.parse("G13")) == (57, 59, 62, 65)
    assert grip_of(hand, Chord.parse("C6")) == (57, 60, 64, 67)  # the sixth for the seventh, the root for the ninth


def test_voices_climb_on_by_octaves_and_step_along_the_scale() -> None:
    hand = Hand("C4", "1 3 5")
    assert keys("a d cd bc^", "C", hand, on_bass=False) == [[60], [72], [67, 72], [64, 69]]
    assert keys("c_ xb ,a 'a", "C", hand, on_bass=False) == [[65], [63], [48], [72]]


def test_the_scale_takes_the_tones_of_the_chord() -> None:
    assert keys("a^ b^", "D7", Hand("D4", "1 3 5"), on_bass=False) == [[64], [67]]  # d f# a: up to e, up to g
    assert keys("b_", "E7", Hand("E4", "1 3 5"), on_bass=False, key=Key.parse("Am")) == [[65]]  # g# steps down to f


def test_an_approach_is_meant_in_the_chord_that_follows() -> None:
    donor = build(tiny("A | 1 3 5 >x1 | abc\nF | 1 - 5 - | abc", chords="C | F | C | F"))
    assert [s.pitch for s in donor.strokes if s.hand == LEFT and s.tick < BAR] == [36, 40, 43, 40]
    assert [s.pitch for s in donor.strokes if s.hand == LEFT and s.tick == BAR] == [41]


def test_marks_make_a_note_louder_softer_or_short() -> None:
    donor = build(tiny("A | 1 | abc abc! abc? abc*\nF | 1 | abc"))
    plain, loud, soft, short = [next(s for s in donor.strokes if s.tick == i * PPQ and s.pitch == 67) for i in range(4)]
    assert soft.velocity < short.velocity < loud.velocity
    assert plain.velocity < loud.velocity
    assert short.length < plain.length // 2 < plain.length < PPQ


def test_a_line_without_a_name_adds_a_voice() -> None:
    bars = read_bars(tiny("A | 1 | abc\n  | . 5 8 5 |\nF | 1 | abc"))
    assert [len(bars[name].left) for name in "AF"] == [4, 1]


def test_a_key_struck_again_was_let_go() -> None:
    donor = build(tiny("A | 1 | abc\n  | . 1 . . |\nF | 1 | abc"))
    first, again = [stroke for stroke in donor.strokes if stroke.pitch == LOW_C][:2]
    assert first.tick + first.length == again.tick == PPQ


@pytest.mark.parametrize(
    ("bars", "wrong"),
    [
        ("A | 1 5 8 . . . . | abc\nF | 1 | a", "do not divide"),
        ("A | - 1 | abc\nF | 1 | a", "a hold without"),
        ("A | 1+ | abc\nF | 1 | a", "no sign"),
        ("A | 1 | abz\nF | 1 | a", "no sign"),
        ("A | 1 | abc\nF | 1 | a\nA | 1 | a", "no bar"),
        ("A | 1 | abc\nF | 1 | a\nB | 1 | a", "does not play"),
    ],
)
def test_slips_of_the_pen_are_named(bars: str, wrong: str) -> None:
    with pytest.raises(InvalidMusic, match=wrong):
        build(tiny(bars))


def test_the_order_of_bars_may_be_left_to_usage() -> None:
    bars = "\n".join(f"{name} | 1 | abc" for name in "ABCDFG")
    donor = build(tiny(bars, play=""))
    assert len(donor.bars) == 16
    assert Span(4, 12) in donor.spans


def test_the_example_of_the_notation_reads() -> None:
    lines = [line for line in (notation.__doc__ or "").splitlines() if line.startswith(("    A |", "      |"))]
    bar = read_bars(tiny("\n".join(lines)))["A"]
    assert [sign.start for sign in bar.left] == [0, 1440, 1920, 1920, 2880, 3360]
    assert [sign.marks for sign in bar.right] == ["", "*", "!"]


def test_chords_divide_their_bar_and_repeat() -> None:
    changes = chords_of(tiny(chords="C | F . G7 ."), 3)
    assert [(tick, str(chord)) for tick, chord in changes] == [
        (0, "C"),
        (3840, "F"),
        (5760, "G7"),
        (7680, "C"),
        (11520, "F"),
    ]


def test_no_chord_is_rested_through() -> None:
    rest = build(tiny("A | 1 | abc\nB | . | .\nF | 1 | abc", play="ABAF", chords="C | N.C. | F | C"))
    assert rest.harmony[1] == Harmony(BAR, -1, 0, -1)
    with pytest.raises(InvalidMusic, match="over no chord"):
        build(tiny(chords="C | N.C. | F | C"))


def test_harmony_names_a_chord_once() -> None:
    donor = build(tiny(chords="C | C | G7/B | C"))
    assert donor.harmony == (
        Harmony(Ticks(0), 0, 0b000010010001, 0),
        Harmony(Ticks(7680), 7, 0b100010100100, 11),
        Harmony(Ticks(11520), 0, 0b000010010001, 0),
    )


def test_groups_of_a_bar() -> None:
    assert groups_of(Meter(4, 4), "") == (2, 2)
    assert groups_of(Meter(3, 4), "") == (3,)
    assert groups_of(Meter(12, 8), "") == (3, 3, 3, 3)
    assert groups_of(Meter(5, 4), "2+3") == (2, 3)


def test_phrases_end_with_a_fill() -> None:
    spans = spans_of("ABCFABDGABCDACBG")
    assert {span.bars for span in spans} == set(SPANS)
    assert [span.bar for span in spans if span.bars == 4] == [0, 4, 12]
    assert [span.bar for span in spans if span.bars == 6] == [10]
    assert [span.bar for span in spans if span.bars == 8] == [0, 8]


# What holds for every pattern


def chord_at(donor: Donor, tick: int) -> Harmony:
    return [harmony for harmony in donor.harmony if harmony.tick <= tick][-1]


def struck(donor: Donor, tick: int, hand: int) -> list[int]:
    return [stroke.pitch for stroke in donor.strokes if stroke.tick == tick and stroke.hand == hand]


def sounding(donor: Donor, tick: int, hand: int) -> list[int]:
    return sorted(s.pitch for s in donor.strokes if s.hand == hand and s.tick <= tick < s.tick + s.length)


def moments(donor: Donor) -> list[int]:
    return sorted({stroke.tick for stroke in donor.strokes})


def bars(donor: Donor, of: Callable[[Stroke], object]) -> list[set[tuple[int, object]]]:
    """What each bar holds, by place."""
    return [
        {(s.tick - start, of(s)) for s in donor.strokes if start <= s.tick < end}
        for start, end in pairwise(donor.lines)
    ]


@every_donor
def test_every_bar_is_played_by_the_left_hand_and_every_two_by_the_right(donor: Donor) -> None:
    hands = [{hand for _, hand in bar} for bar in bars(donor, lambda stroke: stroke.hand)]
    assert all(LEFT in bar for bar in hands)
    assert all(RIGHT in a | b for a, b in pairwise(hands))


@every_donor
def test_strokes_are_in_order_and_inside(donor: Donor) -> None:
    assert list(donor.strokes) == sorted(donor.strokes, key=lambda s: (s.tick, s.pitch))
    assert all(s.tick >= 0 and s.length > 0 and s.tick + s.length <= donor.lines[-1] for s in donor.strokes)
    assert all(s.hand in (LEFT, RIGHT) and 0 < s.velocity < 128 and s.late == 0 for s in donor.strokes)
    assert max(Counter((s.tick, s.pitch) for s in donor.strokes).values()) == 1


@every_donor
def test_onsets_stand_on_a_grid_of_their_bar(donor: Donor) -> None:
    starts = [max(line for line in donor.lines if line <= stroke.tick) for stroke in donor.strokes]
    assert all((s.tick - start) % 40 == 0 for s, start in zip(donor.strokes, starts, strict=True))


@every_donor
def test_hands_can_play_it(donor: Donor) -> None:
    for tick in moments(donor):
        left, right = sounding(donor, tick, LEFT), sounding(donor, tick, RIGHT)
        for hand in filter(None, (left, right)):
            assert len(hand) <= 5, (tick, hand)
            assert hand[-1] - hand[0] <= 16, (tick, hand)
        assert not left or not right or left[-1] < right[0], (tick, left, right)


@every_donor
def test_registers(donor: Donor) -> None:
    low, high = ([s.pitch for s in donor.strokes if s.hand == hand] for hand in (LEFT, RIGHT))
    assert min(low) >= 28
    assert max(low) <= 64
    assert min(high) >= 52
    assert max(high) <= 84
    assert 57 <= sum(high) / len(high) <= 72


@every_donor
def test_nothing_growls_in_the_bass(donor: Donor) -> None:
    for tick in moments(donor):
        together = sorted(sounding(donor, tick, LEFT) + sounding(donor, tick, RIGHT))
        assert not [(tick, a, b) for a, b in pairwise(together) if a < 48 and b - a < 5]


@every_donor
def test_the_bass_is_lowest_where_a_bar_or_a_chord_begins(donor: Donor) -> None:
    for tick in {*donor.lines[:-1], *(harmony.tick for harmony in donor.harmony)}:
        left = struck(donor, tick, LEFT)
        assert not left or min(left) % 12 == chord_at(donor, tick).bass, tick


@every_donor
def test_most_strokes_are_on_the_chord(donor: Donor) -> None:
    on = [chord_at(donor, s.tick).tones >> s.pitch % 12 & 1 for s in donor.strokes]
    assert 0.85 <= sum(on) / len(on) <= 1.0


@every_donor
def test_nothing_hangs_over_into_a_foreign_chord(donor: Donor) -> None:
    for change in donor.harmony:
        late = [s for s in donor.strokes if s.tick < change.tick < s.tick + s.length - PPQ // 4]
        assert not [s for s in late if not change.tones >> s.pitch % 12 & 1]


@every_donor
def test_bars_are_not_copied(donor: Donor) -> None:
    held = bars(donor, lambda stroke: stroke.pitch)
    assert sum(a == b for a, b in pairwise(held)) / (len(held) - 1) < 0.1


@every_donor
def test_dynamics_breathe(donor: Donor) -> None:
    assert 9 <= pstdev(stroke.velocity for stroke in donor.strokes) <= 14


@every_donor
def test_phrases_of_every_length_end_with_a_fill(donor: Donor) -> None:
    pattern = PATTERNS[DONORS.index(donor)]
    order = "".join((pattern.play or USUAL).split())
    for span in donor.spans:
        assert 0 <= span.bar < span.bar + span.bars <= len(donor.bars)
        assert span.bars < 4 or order[span.bar + span.bars - 1] in FILLS
    assert {span.bars for span in donor.spans} == set(SPANS)


@every_pattern
def test_bars_are_written_once(pattern: Pattern) -> None:
    """Players vary: over one chord, too, no two bars of a pattern are the same."""
    written = read_bars(pattern)
    assert len(set(written.values())) == len(written)
    assert len(set(written) - FILLS) >= 2
    assert set(written) & FILLS


def test_names_licence_and_tags() -> None:
    assert len({donor.name for donor in DONORS}) == len(DONORS)
    for donor in DONORS:
        assert donor.name.startswith("house/")
        assert donor.licence == LICENCE == "CC0-1.0"
        assert len(donor.tags) >= 3
        assert sum(tag.startswith("energy:") for tag in donor.tags) == 1


def test_every_meter_has_its_patterns_from_soft_to_loud() -> None:
    energies: dict[str, list[int]] = {}
    for pattern in PATTERNS:
        energies.setdefault(pattern.meter, []).append(pattern.energy)
    assert energies.keys() == WANTED.keys()
    for meter, found in energies.items():
        assert len(found) >= WANTED[meter], meter
        assert min(found) <= 2 < 4 <= max(found), meter
        assert len(found) < 6 or 3 in found, meter


def test_every_kind_that_a_musician_asks_for_is_there() -> None:
    tags = {tag for donor in DONORS for tag in donor.tags}
    assert not set(KINDS.split()) - tags


def test_the_spread_aimed_at_is_within_bounds() -> None:
    assert 9 <= SPREAD <= 14
