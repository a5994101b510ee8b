"""JSON in Lua: what is JSON is read as Python reads it, what is not is refused, and what is written is read back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.reaper.scripts.lua import Library

CORPUS = Path(__file__).parents[1] / "json_corpus"
DECODE = "local json = require('lib.json'); local value, problem = json.decode(...); "


def again(lib: Library, text: bytes) -> bytes:
    """Read by Lua, written by Lua."""
    value = lib.lua.execute((DECODE + "assert(value ~= nil, problem); return json.encode(value)").encode(), text)
    assert isinstance(value, bytes)
    return value


@pytest.mark.parametrize("path", sorted((CORPUS / "accept").glob("*.json")), ids=lambda path: path.stem)
def test_json_is_read_as_python_reads_it(lib: Library, path: Path) -> None:
    assert json.loads(again(lib, path.read_bytes())) == json.loads(path.read_bytes())


@pytest.mark.parametrize("name", ["whole_numbers", "whole_stays_whole_and_broken_broken"])
def test_whole_numbers_stay_whole_and_others_stay_broken(lib: Library, name: str) -> None:
    data = (CORPUS / "accept" / f"{name}.json").read_bytes()
    assert [type(one) for one in json.loads(again(lib, data))] == [type(one) for one in json.loads(data)]


@pytest.mark.parametrize("path", sorted((CORPUS / "refuse").glob("*.json")), ids=lambda path: path.stem)
def test_what_is_no_json_is_refused_with_a_reason(lib: Library, path: Path) -> None:
    value, problem = lib.run(DECODE + "return value == nil, problem", path.read_bytes())
    assert value is True
    assert isinstance(problem, str)
    assert "byte" in problem


def test_the_corpus_is_what_we_think_it_is() -> None:
    """Python's own reader agrees about what is no JSON, apart from what it takes beyond the standard."""
    lenient = {
        "nan",
        "infinity",
        "too_large",
        "name_twice",
        "name_twice_by_escape",
        "name_twice_null_first",
        "too_deep",
    }
    lenient |= {"lone_high_surrogate", "lone_low_surrogate", "high_then_text", "two_highs", "utf_16"}
    for path in (CORPUS / "refuse").glob("*.json"):
        if path.stem not in lenient and not path.stem.startswith(
            ("byte_order", "latin", "overlong", "utf8", "beyond", "cut_utf8")
        ):
            with pytest.raises(ValueError, match=r"."):
                json.loads(path.read_bytes())


def test_an_empty_array_stays_one_and_an_empty_table_is_an_object(lib: Library) -> None:
    assert (
        lib.run("local json = require('lib.json'); return json.encode({ a = json.array(), b = {} })")
        == '{"a":[],"b":{}}'
    )


def test_a_float_keeps_its_point_so_that_a_float_field_gets_a_float(lib: Library) -> None:
    assert lib.run("return require('lib.json').encode({ 1, 1.0, 0.1, -2.5e300 })") == "[1,1.0,0.1,-2.5e+300]"


def test_bytes_that_are_no_utf8_become_replacement_characters(lib: Library) -> None:
    written = lib.lua.execute(b"return require('lib.json').encode({ name = ... })", b"Fl\xf6te \xe2\x82 \xff")
    assert json.loads(written) == {"name": "Fl\ufffdte \ufffd\ufffd \ufffd"}


@pytest.mark.parametrize("value", ["0/0", "1/0", "print", "{ 1, a = 2 }", "{ [1.5] = 1 }"])
def test_what_json_has_no_word_for_is_an_error(lib: Library, value: str) -> None:
    assert lib.run(f"return pcall(require('lib.json').encode, {{ x = {value} }})")[0] is False


def test_a_circle_is_an_error_and_not_the_end_of_the_stack(lib: Library) -> None:
    ok, problem = lib.run("local t = {}; t.t = t; return pcall(require('lib.json').encode, t)")
    assert not ok
    assert "circle" in problem


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)  # fmt: skip
LIBRARY = Library()


@given(VALUES)
def test_any_value_goes_through_lua_unchanged(value: object) -> None:
    assert json.loads(again(LIBRARY, json.dumps(value).encode())) == value


def test_a_text_that_pauses_is_read_on_whatever_else_is_read_meanwhile(lib: Library) -> None:
    code = """
    local json = require('lib.json')
    local pauses = 0
    local long = coroutine.wrap(function()
      return 'read', json.decode('{"a":[1,2,{"b":3}],"c":{"d":4}}', function()
        pauses = pauses + 1
        coroutine.yield('paused')
      end)
    end)
    local what, value = long()
    while what == 'paused' do
      json.decode('{"state":"ready"}')
      what, value = long()
    end
    return pauses, json.encode(value)
    """
    assert lib.run(code) == (7, '{"a":[1,2,{"b":3}],"c":{"d":4}}')
