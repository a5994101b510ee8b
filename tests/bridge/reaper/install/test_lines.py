"""Putting lines into files that belong to somebody else, and taking them out again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.reaper.install.lines import Lines
from engines.errors import UnreadableFile


def file_of(draw: st.DrawFn) -> bytes:
    """Any file with one kind of line end, with or without one at its end, in any encoding."""
    end = draw(st.sampled_from([b"\n", b"\r\n"]))
    text = st.binary(max_size=12).map(lambda raw: raw.translate(None, b"\r\n"))
    lines = draw(st.lists(text, max_size=8))
    last = end if draw(st.booleans()) else b""
    mark = draw(st.sampled_from([b"", b"\xef\xbb\xbf"]))
    return mark + end.join(lines) + (last if lines else b"")


files = st.composite(file_of)()


@given(files, st.data())
def test_what_was_put_in_can_be_taken_out_without_a_trace(data: bytes, draw: st.DataObject) -> None:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return
    lines = Lines.of(data, "x")
    at = draw.draw(st.integers(0, len(lines.lines)))
    assert lines.data() == data
    with_two = lines.put_in(at, [b"ours", b"ours"])
    assert with_two.find(lambda text: text == b"ours")
    again = Lines.of(with_two.data(), "x")
    assert again.take_out(at + 1).take_out(at).data() == data


def test_a_new_line_ends_as_the_others_do() -> None:
    assert Lines.of(b"a\r\nb\r\n", "x").put_in(1, [b"new"]).data() == b"a\r\nnew\r\nb\r\n"
    assert Lines.of(b"a\nb", "x").put_in(2, [b"new"]).data() == b"a\nb\nnew"
    assert Lines.of(b"", "x", b"\r\n").put_in(0, [b"new"]).data() == b"new\r\n"


def test_a_changed_line_keeps_its_end() -> None:
    lines = Lines.of(b"a\r\nb\nc", "x")
    assert lines.change(0, b"A").change(1, b"B").change(2, b"C").data() == b"A\r\nB\nC"


@pytest.mark.parametrize("mark", [b"\xff\xfe", b"\xfe\xff"])
def test_utf_16_is_not_torn_apart(mark: bytes) -> None:
    with pytest.raises(UnreadableFile, match="UTF-16"):
        Lines.of(mark + b"a\0", "reaper.ini")
