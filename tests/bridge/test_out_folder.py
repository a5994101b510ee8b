"""A second run replaces what the first wrote, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from bridge.out_folder import RECORD, deliver
from engines.errors import WriteFailed

FIRST, SECOND = {"song.rpp": b"first", "parts/Piano.mid": b"x"}, {"song.rpp": b"second", "parts/Piano.mid": b"y"}


def test_what_we_wrote_may_be_written_anew(tmp_path: Path) -> None:
    deliver(tmp_path, FIRST)
    deliver(tmp_path, SECOND)
    assert (tmp_path / "song.rpp").read_bytes() == b"second"
    assert (tmp_path / "parts/Piano.mid").read_bytes() == b"y"


def test_what_was_changed_since_stays_and_nothing_is_written(tmp_path: Path) -> None:
    deliver(tmp_path, FIRST)
    (tmp_path / "song.rpp").write_bytes(b"saved in REAPER")
    with pytest.raises(WriteFailed, match=r"song\.rpp") as caught:
        deliver(tmp_path, SECOND)
    assert "--out" in caught.value.hint
    assert (tmp_path / "song.rpp").read_bytes() == b"saved in REAPER"
    assert (tmp_path / "parts/Piano.mid").read_bytes() == b"x"


def test_what_was_there_before_us_stays(tmp_path: Path) -> None:
    (tmp_path / "song.rpp").write_bytes(b"mine")
    with pytest.raises(WriteFailed, match="not as we wrote it"):
        deliver(tmp_path, FIRST)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["song.rpp"]


def test_the_same_bytes_are_nobodys_loss(tmp_path: Path) -> None:
    (tmp_path / "song.rpp").write_bytes(b"first")
    deliver(tmp_path, FIRST)


def test_a_file_that_was_removed_is_written_again(tmp_path: Path) -> None:
    deliver(tmp_path, FIRST)
    (tmp_path / "song.rpp").unlink()
    deliver(tmp_path, SECOND)
    assert (tmp_path / "song.rpp").read_bytes() == b"second"


def test_results_of_different_verbs_share_a_folder(tmp_path: Path) -> None:
    deliver(tmp_path, FIRST)
    deliver(tmp_path, {"fill-1.mid": b"fill"})
    deliver(tmp_path, SECOND)
    assert (tmp_path / "fill-1.mid").read_bytes() == b"fill"


@pytest.mark.parametrize("record", [b"", b"{", b'{"schema":"written/1","files":[]}', b"[1]"])
def test_a_damaged_record_makes_us_careful(tmp_path: Path, record: bytes) -> None:
    deliver(tmp_path, FIRST)
    (tmp_path / RECORD).write_bytes(record)
    with pytest.raises(WriteFailed):
        deliver(tmp_path, SECOND)


def test_a_link_that_leads_away_is_not_followed(tmp_path: Path) -> None:
    mine = tmp_path / "mine.rpp"
    mine.write_bytes(b"mine")
    out = tmp_path / "out"
    out.mkdir()
    (out / "song.rpp").symlink_to(mine)
    with pytest.raises(WriteFailed):
        deliver(out, FIRST)
    assert mine.read_bytes() == b"mine"
