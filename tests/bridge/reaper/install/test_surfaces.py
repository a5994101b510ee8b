"""The OSC surface in `reaper.ini`: numbered without a gap, and out again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.reaper.install import surfaces
from bridge.reaper.install.lines import Lines
from engines.errors import UnreadableFile

FOREIGN = (
    b"HTTP 0 2307 '' 'index.html' 0 ''",
    b'OSC "TouchOSC" 7 8000 "10.0.0.7" 9000 1024 10 ""',
    b'MCU 0 0 5 6 "" ""',
)


def settings(data: bytes) -> Lines:
    return Lines.of(data, surfaces.FILE)


def ini(*values: bytes, count: int | None = None, end: bytes = b"\n") -> bytes:
    lines = [b"[REAPER]", b"lastt=\xe9t\xe9", b"csurf_cnt=%d" % (len(values) if count is None else count)]
    lines += [b"csurf_%d=%s" % pair for pair in enumerate(values)]
    return end.join([*lines, b"vzoom=3", b"", b"[Recent]", b"csurf_cnt=9", b""])


def test_it_comes_behind_the_others_and_is_counted() -> None:
    text = surfaces.add(settings(ini(*FOREIGN))).data()
    assert b"csurf_cnt=4\n" in text
    assert b'csurf_3=OSC "partimento" 3 7341 "127.0.0.1" 7342 1024 10 "partimento"\n' in text
    assert text.endswith(b"[Recent]\ncsurf_cnt=9\n")


def test_without_any_surface_the_count_comes_and_goes_with_it() -> None:
    data = b"[reaper]\r\nvzoom=3\r\n\r\n[Recent]\r\nx=1\r\n"
    with_ours = surfaces.add(settings(data))
    assert with_ours.data().startswith(b"[reaper]\r\nvzoom=3\r\ncsurf_cnt=1\r\ncsurf_0=OSC")
    assert surfaces.remove(with_ours).data() == data


def test_a_count_of_none_that_was_there_stays() -> None:
    data = b"[reaper]\ncsurf_cnt=0\n"
    assert surfaces.remove(surfaces.add(settings(data))).data() == data


def test_ports_that_the_user_changed_stay() -> None:
    data = surfaces.add(settings(ini(*FOREIGN))).data().replace(b"7341", b"5000").replace(b"127.0.0.1", b"127.0.0.2")
    assert surfaces.add(settings(data)).data() == data
    ours = surfaces.ours(settings(data))
    assert ours is not None
    assert (ours.port, ours.host, ours.feedback_port, ours.pattern) == (5000, "127.0.0.2", 7342, "partimento")
    assert surfaces.remove(settings(data)).data() == ini(*FOREIGN)


def test_those_behind_it_move_up_when_it_goes() -> None:
    ours = b'OSC "partimento" 3 7341 "127.0.0.1" 7342 1024 10 "partimento"'
    assert surfaces.remove(settings(ini(FOREIGN[0], ours, *FOREIGN[1:]))).data() == ini(*FOREIGN)


def test_a_surface_beyond_the_count_is_none() -> None:
    ours = b'OSC "partimento" 3 7341 "127.0.0.1" 7342 1024 10 "partimento"'
    left_over = ini(FOREIGN[0], ours, count=1)
    assert surfaces.ours(settings(left_over)) is None
    assert surfaces.add(settings(left_over)) == surfaces.add(settings(ini(FOREIGN[0])))
    assert surfaces.remove(settings(left_over)).data() == ini(FOREIGN[0])


@pytest.mark.parametrize("data", [b"", b"[other]\ncsurf_cnt=1\n"])
def test_settings_without_their_section_are_not_guessed_at(data: bytes) -> None:
    with pytest.raises(UnreadableFile, match="no section"):
        surfaces.add(settings(data))


def test_a_count_that_is_no_number_is_not_guessed_at() -> None:
    with pytest.raises(UnreadableFile, match="'many'"):
        surfaces.add(settings(b"[reaper]\ncsurf_cnt=many\n"))


@given(
    st.lists(st.sampled_from(FOREIGN), max_size=5),
    st.integers(0, 5),
    st.sampled_from([b"\n", b"\r\n"]),
    st.sampled_from([b"", b"\xef\xbb\xbf"]),
)
def test_removed_gives_back_the_exact_bytes(values: list[bytes], counted: int, end: bytes, mark: bytes) -> None:
    data = mark + ini(*values, count=min(counted, len(values)), end=end)
    with_ours = surfaces.add(settings(data))
    assert surfaces.ours(with_ours)
    assert surfaces.add(with_ours) == with_ours
    assert surfaces.remove(settings(with_ours.data())).data() == data
