"""The text of a project: what comes in goes out, and edits touch only their own lines."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
import reaper_parser
import rpp
from hypothesis import given
from hypothesis import strategies as st

from bridge.files.rpp.text import (
    MAX_BYTES,
    MAX_DEPTH,
    Block,
    Document,
    as_text,
    build,
    fixed,
    number,
    parse,
    quoted,
    whole,
    words,
)
from engines.errors import EngineError, UnreadableFile

SAMPLES = sorted(Path(__file__).parent.joinpath("data").glob("*.RPP"))
LINES = st.text(st.characters(exclude_characters="\n", exclude_categories=["Cs"]), max_size=30).filter(
    lambda line: line.lstrip(" \t\ufeff")[:1] not in ("<", ">")
)
BLANK = st.text(" \t", max_size=4)


def block_of(indent: str, rest: str, body: list[str | Block], end: str) -> Block:
    return Block(f"{indent}<{rest}", body, f"{indent}>{end}")


NODES = st.recursive(
    LINES, lambda inner: st.builds(block_of, BLANK, LINES, st.lists(inner, max_size=5), BLANK), max_leaves=30
)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
@pytest.mark.parametrize("newline", [b"\n", b"\r\n"], ids=["LF", "CRLF"])
def test_a_project_is_written_back_byte_for_byte(sample: Path, newline: bytes) -> None:
    data = sample.read_bytes().replace(b"\r\n", b"\n").replace(b"\n", newline)
    document = parse(data)
    assert document.to_bytes() == data
    assert document.newline.encode() == newline


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
def test_the_samples_are_projects_to_other_readers_too(sample: Path) -> None:
    text = sample.read_text(encoding="utf-8")
    assert len(rpp.loads(text)) == len(parse(text.encode()).project.body)
    assert reaper_parser.emit(reaper_parser.parse(text)) == text


@given(st.lists(NODES, max_size=6))
def test_any_tree_survives_writing_and_reading(body: list[str | Block]) -> None:
    data = Document(body or [""]).to_bytes()
    again = parse(data)
    assert again.to_bytes() == data
    assert _shape(again.body) == _shape(body or [""])


def _shape(body: list[str | Block]) -> list[object]:
    return [node if isinstance(node, str) else (node.opening, _shape(node.body), node.closing) for node in body]


@given(st.binary(max_size=200) | st.text('<> \n\r\t"|E', max_size=60).map(str.encode))
def test_anything_else_is_refused_or_kept(data: bytes) -> None:
    with suppress(EngineError):
        assert parse(data).to_bytes() == data


def test_odd_files_are_kept_as_they_are() -> None:
    for data in (b"", b"\n", b"\xef\xbb\xbf<REAPER_PROJECT\r\n>", b"<A\n\t >  \n", b"<A\nNAME \xe9t\xe9 \x00\n>\n\n\n"):
        assert parse(data).to_bytes() == data


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("<REAPER_PROJECT\n  <TRACK\n  NAME a\n>\n", "line 1"),
        ("<REAPER_PROJECT\n  <TRACK\n", "line 2"),
        ("<REAPER_PROJECT\n>\n>\n", "line 3"),
        ("<A\n" * (MAX_DEPTH + 1), f"line {MAX_DEPTH + 1}"),
    ],
)
def test_an_unbalanced_project_is_refused_with_its_line(text: str, line: str) -> None:
    with pytest.raises(UnreadableFile, match=line.capitalize()) as refused:
        parse(text.encode())
    assert refused.value.path == line
    assert "RPP-bak" in refused.value.hint


def test_what_is_too_large_is_refused_before_it_is_read() -> None:
    with pytest.raises(UnreadableFile, match="256 MiB"):
        parse(bytes(MAX_BYTES + 1))


def test_something_that_is_no_project_is_said_to_be_none() -> None:
    for data in (b"", b"hello", b"<TRACK\n>\n", b"MThd\x00\x00\x00\x06"):
        with pytest.raises(UnreadableFile, match="not a REAPER project"):
            _ = parse(data).project


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("  NAME guitar", ["NAME", "guitar"]),
        ('  NAME "a b" 1', ["NAME", "a b", "1"]),
        ("  NAME 'the \"hook\"'\r", ["NAME", 'the "hook"']),
        ('  NAME `it\'s "it"`', ["NAME", 'it\'s "it"']),
        ('  RECORD_PATH "" ""', ["RECORD_PATH", "", ""]),
        ("  FILE C:\\a\\b.wav", ["FILE", "C:\\a\\b.wav"]),
        ('  NAME "never closed', ["NAME", "never closed"]),
        ("  NAME Zoë\u00a0x", ["NAME", "Zoë\u00a0x"]),
        ("\t", []),
    ],
)
def test_words_are_read_as_reaper_reads_them(line: str, expected: list[str]) -> None:
    assert words(line) == expected


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\u2028\u2029"), max_size=20))
def test_a_quoted_word_reads_as_itself(text: str) -> None:
    kept = text if not all(mark in text for mark in "\"'`") else text.replace("`", "'")
    assert words(f"NAME {quoted(text)} 1") == ["NAME", kept, "1"]


def test_quoting_picks_the_first_mark_that_is_free() -> None:
    assert [quoted(text) for text in ("a", "a b", 'a "b"', "'\"", "'\"`", "", "two\nlines")] == [
        "a",
        '"a b"',
        "'a \"b\"'",
        "`'\"`",
        "`'\"'`",
        '""',
        '"two lines"',
    ]


def test_names_in_an_old_code_page_are_shown_right() -> None:
    name = words(parse(b"<A\nNAME caf\xe9\n>").body[0].body[0])[1]  # type: ignore[union-attr, arg-type]
    assert as_text(name) == "café"


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_are_printed_exactly_and_plainly(value: float) -> None:
    assert set(fixed(value)) <= set("-0123456789.")
    assert float(fixed(value)) == value


def test_absurd_numbers_are_errors() -> None:
    for word in ("nan", "inf", "-inf", "1e400", "", "x", "0x10"):
        with pytest.raises(UnreadableFile, match="makes no sense"):
            number(["LENGTH", word], 1)
    with pytest.raises(UnreadableFile):
        whole(["MUTE", "0.5"], 1)
    assert number(["LENGTH"], 1, 2.0) == 2.0


def test_an_edit_touches_only_its_own_lines() -> None:
    data = SAMPLES[0].read_bytes().replace(b"\n", b"\r\n")
    document = parse(data)
    track = list(document.project.blocks("TRACK"))[1]
    place = next(i for i, node in enumerate(track.body) if isinstance(node, str) and words(node)[0] == "NAME")
    track.body[place : place + 1] = build(["    NAME Cello", "    <EXT", "      a b", "    >"], document.newline)
    before, after = data.split(b"\r\n"), document.to_bytes().split(b"\r\n")
    at = before.index(b'    NAME "Upright bass"')
    assert after == [*before[:at], b"    NAME Cello", b"    <EXT", b"      a b", b"    >", *before[at + 1 :]]
