"""A pack gives back what went in, and nothing of a damaged one is used."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engines.accompaniment.donors import RIGHT
from engines.accompaniment.pack import Pack, open_pack, packs
from engines.accompaniment.tape import BadPack
from engines.errors import EngineError
from tests.engines.accompaniment.examples import FOUR, THREE, Q, files, oompah, pack, shelf

SONGS = (oompah("one", ["C", "Am", "F", "G7"]), oompah("two", ["Dm", "G"], THREE, busy=True))


def test_strokes_and_chords_come_back_in_ticks_from_the_phrase() -> None:
    found = pack(*SONGS)
    strokes = list(found.strokes(1, 2))
    assert [s._replace(tick=s.tick + FOUR.bar) for s in strokes] == [
        s for s in SONGS[0].strokes if FOUR.bar <= s.tick < 3 * FOUR.bar
    ]
    assert [(h.tick, h.root) for h in found.harmony(1, 2)] == [(0, 9), (FOUR.bar, 5)]
    assert found.song_of(3) == 0
    assert found.song_of(4) == 1
    assert found.meter(5) == THREE
    assert [s.pitch for s in found.strokes(4, 1) if s.hand == RIGHT][:3] == [62, 65, 69]


def test_two_two_is_felt_as_four_four() -> None:
    from engines.accompaniment.pack import meter_number

    assert meter_number(2, 2) == meter_number(4, 4) != meter_number(2, 4)


def test_a_shelf_names_what_is_damaged_and_goes_on(tmp_path: Path) -> None:
    broken = files(*SONGS, name="broken")
    broken["tape.bin"] = bytes([broken["tape.bin"][0] ^ 1]) + broken["tape.bin"][1:]
    found = dict(packs(shelf({"broken": broken, "whole": files(*SONGS, name="whole")}, tmp_path)))
    assert isinstance(found["whole"], Pack)
    assert isinstance(found["broken"], EngineError)
    assert "broken/tape.bin is damaged" in found["broken"].message


def _card(content: dict[str, bytes], **changes: object) -> dict[str, bytes]:
    card = json.loads(content["pack.json"])
    card.update(changes)
    return {**content, "pack.json": json.dumps(card).encode()}


def _column(content: dict[str, bytes], name: str, **changes: int) -> dict[str, bytes]:
    columns = json.loads(content["pack.json"])["columns"]
    columns[name].update(changes)
    return _card(content, columns=columns)


def _poked(content: dict[str, bytes], name: str, value: int, byte: int = 0) -> dict[str, bytes]:
    """A byte of a column changed, with the right checksum: what a hostile file would have."""
    import zlib

    at = json.loads(content["pack.json"])["columns"][name]["offset"] + byte
    tape = bytearray(content["tape.bin"])
    tape[at] = value
    return _card({**content, "tape.bin": bytes(tape)}, crc32=zlib.crc32(tape))


WRONG = {
    "short": lambda c: {**c, "tape.bin": c["tape.bin"][:-8]},
    "empty": lambda c: {**c, "tape.bin": b""},
    "no json": lambda c: {**c, "pack.json": b"{"},
    "another name": lambda c: _card(c, id="other"),
    "newer schema": lambda c: _card(c, schema="style/2"),
    "unknown field": lambda c: _card(c, colour="blue"),
    "column outside": lambda c: _column(c, "stroke_pitch", offset=10**9),
    "column too long": lambda c: _column(c, "stroke_pitch", count=10**6),
    "column askew": lambda c: _column(c, "bar_stroke", offset=1),
    "index that falls": lambda c: _poked(c, "bar_stroke", 200),
    "pitch of 200": lambda c: _poked(c, "stroke_pitch", 200),
    "no meter": lambda c: _poked(c, "bar_numerator", 0),
    "meter of thirds": lambda c: _poked(c, "bar_denominator", 3),
    "endless phrase": lambda c: _poked(c, "span_bars", 255),
    "third hand": lambda c: _poked(c, "stroke_hand", 2),
    "root of 12": lambda c: _poked(c, "chord_root", 12),
    "thirteenth tone": lambda c: _poked(c, "chord_tones", 0x10, byte=1),
    "bass of -2": lambda c: _poked(c, "chord_bass", 254),
    "stroke after its bar": lambda c: _poked(c, "stroke_at", 0xFF, byte=1),
    "bar of 17 steps": lambda c: _poked(c, "bar_step", 17, byte=4),
    "bar of 5 beats": lambda c: _poked(c, "bar_beat", 5, byte=4),
    "another texture": lambda c: _column(
        _card(c, texture=7), "bar_texture", count=7 * json.loads(c["pack.json"])["bars"]
    ),
    "no origin": lambda c: _card(c, origins=[]),
    "songs too few": lambda c: _card(c, songs=json.loads(c["pack.json"])["songs"][:1]),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_with_a_pack_is_said_in_one_sentence(what: str, tmp_path: Path) -> None:
    with pytest.raises(BadPack) as found:
        open_pack(shelf({"bad": WRONG[what](files(*SONGS, name="bad"))}, tmp_path), "bad")
    assert found.value.message.endswith(".")
    assert found.value.hint
    assert str(tmp_path) not in found.value.message


def test_a_tape_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    there = shelf({"whole": files(*SONGS, name="whole")}, tmp_path)

    def closed(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("numpy.memmap", closed)
    with pytest.raises(BadPack, match=r"tape\.bin cannot be read: Permission denied\."):
        open_pack(there, "whole")


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    content = files(*SONGS, name="bad")
    (tmp_path / "tape.bin").write_bytes(content["tape.bin"])
    home = tmp_path / "styles"
    home.mkdir()
    there = shelf({"bad": {"pack.json": content["pack.json"]}}, home)
    (home / "bad" / "tape.bin").symlink_to(tmp_path / "tape.bin")
    with pytest.raises(BadPack, match=r"has no tape\.bin"):
        open_pack(there, "bad")


def test_the_same_donors_give_the_same_bytes() -> None:
    assert files(*SONGS) == files(*SONGS)
    assert Q == 960
