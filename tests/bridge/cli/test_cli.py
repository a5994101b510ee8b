"""The command line as its contract states it: verbs, exit codes, one JSON object, one sentence and one hint."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import mido
import pytest

import bridge
from bridge import cli, resources
from bridge.wire import Analysis1, Error1, Report1, decode

Partimento = Callable[..., tuple[int, str, str]]


@pytest.fixture
def partimento(capsys: pytest.CaptureFixture[str]) -> Partimento:
    def run(*arguments: object) -> tuple[int, str, str]:
        code = cli.run([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        return code, out, err

    return run


@pytest.fixture
def song() -> str:
    return resources.standard().songs.path("lantern_street_band.mid")


def test_version_and_help(partimento: Partimento) -> None:
    assert partimento("--version") == (0, f"partimento {bridge.__version__}\n", "")
    code, out, _ = partimento("--help")
    assert code == 0
    assert all(verb.name in out for verb in cli.VERBS)
    assert partimento()[0] == 2


@pytest.mark.parametrize("verb", [verb.name for verb in cli.VERBS])
def test_every_verb_has_help(partimento: Partimento, verb: str) -> None:
    code, out, _ = partimento(verb, "--help")
    assert code == 0
    assert verb in out


@pytest.mark.parametrize("verb", [verb.name for verb in cli.VERBS if verb.module])
def test_the_help_of_a_verb_shows_an_example(partimento: Partimento, verb: str) -> None:
    assert f"example: partimento {verb}" in " ".join(partimento(verb, "--help")[1].split())


def test_a_slip_of_the_pen_is_wrong_usage_with_the_nearest_verb(partimento: Partimento) -> None:
    assert partimento("anlyse")[0] == 2
    assert "did you mean `analyze`?" in partimento("anlyze")[2]
    assert partimento("analyze")[0] == 2
    assert partimento("analyze", "x.mid", "--loudly")[0] == 2


@pytest.mark.parametrize("verb", [verb.name for verb in cli.VERBS if not verb.module])
def test_a_verb_without_an_engine_says_so(partimento: Partimento, verb: str) -> None:
    code, out, err = partimento(verb, "--json")
    assert code == 1
    assert decode(Error1, out).error.code == "E_UNAVAILABLE"
    assert err.startswith(f"partimento: `{verb}` is not in this version")


def test_analyze_tells_a_musician(partimento: Partimento, song: str) -> None:
    code, out, err = partimento("analyze", song)
    assert code == 0
    assert err == ""
    assert "C major" in out
    assert "4/4" in out
    assert "Bass" in out


def test_analyze_tells_a_program(partimento: Partimento, song: str) -> None:
    code, out, _ = partimento("analyze", song, "--json")
    assert code == 0
    heard = decode(Analysis1, out)
    assert (heard.key[0].tonic, heard.key[0].mode) == ("C", "major")
    assert sum(phrase.bars for phrase in heard.phrases) == 40
    assert {t.name: t.role for t in heard.tracks}["Bass"] == "bass"


def test_chords_and_key_that_are_given_win(partimento: Partimento, song: str, tmp_path: Path) -> None:
    chart = tmp_path / "chart.txt"
    chart.write_text("| Fm7 | Bb7 |", encoding="utf-8")
    for chords in ("| Fm7 | Bb7 |", str(chart)):
        _, out, _ = partimento("analyze", song, "--json", "--chords", chords, "--key", "Eb")
        heard = decode(Analysis1, out)
        assert heard.chords_from == "given"
        assert [c.symbol for c in heard.chords[:2]] == ["Fm7", "Bb7"]
        assert heard.key[0].tonic == "Eb"


def test_a_chord_that_nobody_knows_is_named_with_its_nearest(partimento: Partimento, song: str) -> None:
    code, _, err = partimento("analyze", song, "--chords", "| Am7 | Cmaj77 |")
    assert code == 1
    assert "Cmaj77" in err
    assert "Cmaj7" in err.splitlines()[1]


def test_a_chord_file_that_is_not_there_is_not_read_as_a_chord(partimento: Partimento, song: str) -> None:
    code, _, err = partimento("analyze", song, "--chords", "chart.txt")
    assert code == 1
    assert err.splitlines()[0] == "partimento: There is no file chart.txt here."


def test_the_demo_writes_everything_and_says_what(partimento: Partimento, tmp_path: Path) -> None:
    code, out, _ = partimento("demo", "--out", tmp_path / "demo")
    assert code == 0
    written = {p.relative_to(tmp_path / "demo").as_posix() for p in (tmp_path / "demo").rglob("[!.]*") if p.is_file()}
    assert {"arrangement.mid", "arrangement.rpp", "arrangement.svg", "analysis.json", "report.json"} <= written
    assert all(name in out for name in written)
    report = decode(Report1, (tmp_path / "demo/report.json").read_bytes())
    assert {part["file"] for part in report.parts} <= written
    assert report.timing_ms["total"] > 0
    played = mido.MidiFile(tmp_path / "demo/arrangement.mid")
    assert (played.type, played.ticks_per_beat) == (1, 960)
    assert [track.name for track in played.tracks[1:]] == [part["name"] for part in report.parts]


def test_the_demo_is_the_same_every_time(partimento: Partimento, tmp_path: Path) -> None:
    for name in ("one", "two"):
        assert partimento("demo", "--out", tmp_path / name, "--json")[0] == 0
    for file in ("arrangement.mid", "arrangement.rpp", "arrangement.svg", "analysis.json"):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()


@pytest.mark.parametrize("song", sorted(n for n in resources.standard().songs.ids() if n.endswith(".mid")))
def test_every_shipped_song_goes_through_the_demo(partimento: Partimento, tmp_path: Path, song: str) -> None:
    code, out, err = partimento("demo", "--song", song, "--out", tmp_path, "--json")
    assert (code, err) == (0, "")
    assert decode(Report1, out).source["chords_from"] == ("recognition" if "band" in song else "markers")


def bad_files(folder: Path) -> dict[str, Path]:
    content: dict[str, bytes] = {
        "text.mid": b"This is no music.",
        "empty.mid": b"",
        "truncated.mid": Path(resources.standard().songs.path("lantern_street.mid")).read_bytes()[:200],
        "type2.mid": b"MThd\0\0\0\6\0\2\0\1\1\xe0MTrk\0\0\0\4\0\xff\x2f\0",
        "smpte.mid": b"MThd\0\0\0\6\0\1\0\1\xe7\x28MTrk\0\0\0\4\0\xff\x2f\0",
        "tempo0.mid": b"MThd\0\0\0\6\0\1\0\1\1\xe0MTrk\0\0\0\x0b\0\xff\x51\3\0\0\0\0\xff\x2f\0",
        "meter0.mid": b"MThd\0\0\0\6\0\1\0\1\1\xe0MTrk\0\0\0\x0c\0\xff\x58\4\0\2\x18\x08\0\xff\x2f\0",
        "broken.rpp": b'<REAPER_PROJECT 0.1 "7.0" 0\n  <TRACK\n',
        "binary.xml": bytes(range(256)),
        "chart.txt": b"| Am7 | Xyz |",
        "latin.txt": b"| Am7 | \xff |",
        "what.bin": b"\0\1\2",
    }
    for name, data in content.items():
        (folder / name).write_bytes(data)
    (folder / "folder.mid").mkdir()
    return {name: folder / name for name in (*content, "folder.mid", "not-there.mid")}


NAMES = [
    "text.mid", "empty.mid", "truncated.mid", "type2.mid", "smpte.mid", "tempo0.mid", "meter0.mid", "broken.rpp",
    "binary.xml", "chart.txt", "latin.txt", "what.bin", "folder.mid", "not-there.mid",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_bad_input_is_one_sentence_and_one_hint(partimento: Partimento, tmp_path: Path, name: str) -> None:
    file = bad_files(tmp_path)[name]
    code, out, err = partimento("analyze", file, "--json")
    assert code == 1
    said = decode(Error1, out).error
    assert said.message
    assert said.hint
    assert err.splitlines() == [f"partimento: {said.message}", f"hint: {said.hint}"]


def test_an_empty_file_of_no_tracks_has_nothing_to_say_but_does_not_fail(
    partimento: Partimento, tmp_path: Path
) -> None:
    silent = tmp_path / "silent.mid"
    silent.write_bytes(b"MThd\0\0\0\6\0\1\0\1\1\xe0MTrk\0\0\0\4\0\xff\x2f\0")
    code, out, _ = partimento("analyze", silent, "--json")
    assert code == 0
    assert decode(Analysis1, out).tracks == ()


def test_an_output_folder_that_cannot_be_made(partimento: Partimento, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    code, _, err = partimento("demo", "--out", tmp_path / "file/demo")
    assert code == 1
    assert "hint:" in err
    assert (tmp_path / "file").read_text() == "mine"


def test_doctor_and_ports_answer_in_json(partimento: Partimento) -> None:
    for verb, schema in (("doctor", "doctor/1"), ("ports", "ports/1")):
        code, out, _ = partimento(verb, "--json")
        assert code == 0
        assert json.loads(out)["schema"] == schema
        assert partimento(verb)[0] == 0


def test_the_installed_command_is_this_one() -> None:
    command = Path(sys.executable).parent / "partimento"
    done = subprocess.run([command, "--version"], capture_output=True, text=True, check=True)
    assert done.stdout == f"partimento {bridge.__version__}\n"


def test_starting_up_imports_nothing_heavy() -> None:
    code = (
        "import sys; from bridge import cli; cli.run(['--version']); cli.run(['--help']);"
        "heavy = {'numpy', 'msgspec', 'mido', 'rtmidi', 'onnxruntime', 'partitura', 'reapy', 'torch'} & set(sys.modules);"
        "sys.exit(str(heavy) if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_interrupting_ends_cleanly(partimento: Partimento, monkeypatch: pytest.MonkeyPatch, song: str) -> None:
    def interrupt(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("bridge.app.analyze", interrupt)
    code, _, err = partimento("analyze", song)
    assert code == 1
    assert "Cancelled" in err
