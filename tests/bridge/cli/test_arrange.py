"""`arrange` and `style` as a musician meets them."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import mido
import pytest

from bridge import app, cli

SONGS = Path(__file__).parents[3] / "presets" / "songs"
WALTZ = SONGS / "ferrymans_waltz.mid"
Partimento = Callable[..., tuple[int, str, str]]


@pytest.fixture
def partimento(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Partimento:
    monkeypatch.setenv("PARTIMENTO_HOME", str(tmp_path / "home"))
    app.shelves.cache_clear()

    def run(*arguments: object) -> tuple[int, str, str]:
        code = cli.run([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        return code, out, err

    yield run  # type: ignore[misc]
    app.shelves.cache_clear()


def test_a_project_that_was_saved_in_reaper_is_not_replaced(partimento: Partimento, tmp_path: Path) -> None:
    out = tmp_path / "out"
    partimento("arrange", WALTZ, "--piano-only", "--out", out)
    assert partimento("arrange", WALTZ, "--piano-only", "--seed", "2", "--out", out)[0] == 0
    project = out / "arrangement.rpp"
    project.write_bytes(project.read_bytes() + b"\n")
    code, _, err = partimento("arrange", WALTZ, "--piano-only", "--seed", "3", "--out", out)
    assert code == 1
    assert "arrangement.rpp" in err
    assert project.read_bytes().endswith(b">\n\n")


def test_a_waltz_gets_a_piano(partimento: Partimento, tmp_path: Path) -> None:
    out = tmp_path / "out"
    code, said, err = partimento("arrange", WALTZ, "--piano-only", "--out", out)
    assert (code, err) == (0, "")
    assert "The Ferryman's Waltz: 36 bars" in said
    names = {path.relative_to(out).as_posix() for path in out.rglob("[!.]*") if path.is_file()}
    assert names == {"arrangement.mid", "arrangement.rpp", "parts/MELODY.mid", "parts/Piano.mid", "report.json"}
    written, given = mido.MidiFile(out / "arrangement.mid"), mido.MidiFile(WALTZ)
    assert written.type == 1
    assert written.ticks_per_beat == 960
    assert [track.name for track in written.tracks[1:]] == ["MELODY", "Piano"]

    def sung(file: mido.MidiFile) -> list[tuple[float, int]]:
        track, at, found = next(t for t in file.tracks if t.name == "MELODY"), 0, []
        for message in track:
            at += message.time
            if message.type == "note_on" and message.velocity:
                found.append((at / file.ticks_per_beat, message.note))
        return found

    assert sung(written) == sung(given)


def test_it_plays_like_a_clip_of_mine(partimento: Partimento, tmp_path: Path) -> None:
    partimento("arrange", WALTZ, "--piano-only", "--style", "waltz", "--out", tmp_path / "first")
    mine = tmp_path / "first" / "parts" / "Piano.mid"
    code, said, _ = partimento("arrange", WALTZ, "--piano-only", "--like", mine, "--json", "--out", tmp_path / "out")
    assert code == 0
    assert {phrase["donor"]["pack"] for phrase in json.loads(said)["phrases"]} == {"yours"}
    code, _, err = partimento("arrange", WALTZ, "--piano-only", "--like", tmp_path / "none.mid")
    assert (code, err.count("\n")) == (1, 2)


def test_the_report_says_where_everything_comes_from(partimento: Partimento, tmp_path: Path) -> None:
    code, said, _ = partimento("arrange", WALTZ, "--piano-only", "--json", "--takes", 2, "--seed", 4, "--out", tmp_path)
    report = json.loads(said)
    assert code == 0
    assert report == json.loads((tmp_path / "report.json").read_text())
    assert (report["schema"], report["verb"], report["seed"]) == ("report/1", "arrange", 4)
    assert report["source"]["phrases"] == "A8A8B8C12"
    assert sum(phrase["bars"] for phrase in report["phrases"]) == 36
    assert all(set(phrase["donor"]) == {"pack", "id", "bars", "transpose"} for phrase in report["phrases"])
    assert report["takes"] == [{"file": "arrangement.mid", "seed": 4}, {"file": "arrangement-2.mid", "seed": 5}]
    assert {"load", "analyse", "select", "texture", "write", "total"} <= set(report["timing_ms"])
    assert [(part["name"], part["role"]) for part in report["parts"]] == [("MELODY", "melody"), ("Piano", "comp")]
    assert (tmp_path / "arrangement-2.rpp").is_file()


def test_several_lead_sheets_go_into_folders_of_their_own(partimento: Partimento, tmp_path: Path) -> None:
    other = tmp_path / "sub" / WALTZ.name
    other.parent.mkdir()
    shutil.copy(WALTZ, other)
    code, said, _ = partimento("arrange", WALTZ, other, "--piano-only", "--json", "--out", tmp_path / "out")
    assert code == 0
    assert len(json.loads(said)["reports"]) == 2
    assert {path.parent.name for path in (tmp_path / "out").glob("*/arrangement.mid")} == {
        "ferrymans_waltz", "ferrymans_waltz-2",
    }  # fmt: skip


def test_when_one_of_several_fails_none_is_written(partimento: Partimento, tmp_path: Path) -> None:
    broken = tmp_path / "broken.mid"
    broken.write_bytes(b"MThd no")
    code, said, err = partimento("arrange", WALTZ, broken, "--piano-only", "--out", tmp_path / "out")
    assert code == 1
    assert "damaged" in err
    assert said == ""
    assert not (tmp_path / "out").exists()


def test_without_a_band_it_says_so(partimento: Partimento, tmp_path: Path) -> None:
    code, _, err = partimento("arrange", WALTZ, "--out", tmp_path / "a")
    assert code == 0
    assert "no band yet" in err
    code, _, err = partimento("arrange", WALTZ, "--band", "trio", "--out", tmp_path / "b")
    assert code == 1
    assert not (tmp_path / "b").exists()


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["--density", "1.7"], 2, "1.7 is not between 0 and 1"),
        (["--takes", "0"], 2, "0 is not between 1 and 16"),
        (["--phrases", "A8B9"], 1, "are 17 bars long; the song has 36"),
        (["--phrases", "hello"], 1, "is not a form"),
        (["--style", "bosanova"], 1, "There is no style 'bosanova'"),
        (["--chords", "| Xyz |"], 1, "'Xyz' is not a chord symbol"),
        (["--provider", "nonsense"], 1, "There is no provider 'nonsense' here"),
    ],
)
def test_bad_wishes(arguments: list[str], code: int, words: str, partimento: Partimento, tmp_path: Path) -> None:
    found, _, err = partimento("arrange", WALTZ, "--piano-only", *arguments, "--out", tmp_path / "out")
    assert found == code
    assert words in err
    assert not (tmp_path / "out").exists()


def test_a_style_of_ones_own(partimento: Partimento, tmp_path: Path) -> None:
    music = tmp_path / "music"
    music.mkdir()
    shutil.copy(SONGS / "lantern_street_band.mid", music / "lantern.mid")
    (music / "broken.mid").write_bytes(b"MThd no")
    code, said, _ = partimento("style", "build", music, "--name", "mine", "--json")
    built = json.loads(said)
    assert code == 0
    assert (built["id"], built["songs"]) == ("mine", 1)
    assert [one["file"] for one in built["left_out"]] == ["broken.mid"]
    _, said, _ = partimento("style", "list", "--json")
    assert "mine" in {style["id"] for style in json.loads(said)["styles"]}
    lead = SONGS / "lantern_street.mid"
    code, said, _ = partimento("arrange", lead, "--piano-only", "--style", "mine", "--json", "--out", tmp_path / "out")
    assert code == 0
    assert {phrase["donor"]["id"] for phrase in json.loads(said)["phrases"]} == {"lantern"}
    assert partimento("style", "build", music, "--name", "mine")[0] == 1
    assert partimento("style", "build", music, "--name", "mine", "--replace")[0] == 0
    assert partimento("style", "remove", "mine")[0] == 0
    assert "mine" not in partimento("style", "list")[1]


def test_a_project_is_a_style_too(partimento: Partimento, tmp_path: Path) -> None:
    partimento("arrange", SONGS / "lantern_street.mid", "--piano-only", "--out", tmp_path / "song")
    code, said, _ = partimento("style", "build", tmp_path / "song" / "arrangement.rpp", "--name", "this-project")
    assert code == 0
    assert "of 1 pieces" in said


def test_an_interrupted_build_goes_on(partimento: Partimento, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    music = tmp_path / "music"
    music.mkdir()
    for name in ("a.mid", "b.mid"):
        shutil.copy(SONGS / "lantern_street_band.mid", music / name)
    heard, analyze = list[str](), app.analyze

    def once(song: object, **more: object) -> object:
        heard.append("")
        if len(heard) == 2:
            raise KeyboardInterrupt
        return analyze(song, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(app, "analyze", once)
    assert partimento("style", "build", music, "--name", "mine")[0] == 1
    assert not (tmp_path / "home" / "styles" / "mine").exists()
    assert partimento("style", "build", music, "--name", "mine")[0] == 0
    assert len(heard) == 3  # the first file was not heard again
    assert not list((tmp_path / "home" / "styles").glob(".building*"))


def test_a_file_may_be_called_anything(partimento: Partimento, tmp_path: Path) -> None:
    music = tmp_path / os.fsdecode(b"m\xfcsica")
    music.mkdir()
    for name in (b"caf\xe9.mid", "\N{BEAMED EIGHTH NOTES} \n.mid".encode(), b"x" * 240 + b".mid"):
        shutil.copy(SONGS / "lantern_street_band.mid", os.path.join(os.fsencode(music), name))
    code, said, _ = partimento("style", "build", music, "--name", "mine", "--json")
    assert code == 0
    assert json.loads(said)["songs"] == 3
    assert partimento("style", "list", "--json")[0] == 0


def test_a_build_that_cannot_write_says_so(partimento: Partimento, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home/styles").write_text("in the way")
    code, _, err = partimento("style", "build", SONGS / "lantern_street_band.mid", "--name", "mine")
    assert code == 1
    assert err.startswith("partimento: Nothing was written to .building-mine: a file is in the way of a folder.")


def test_of_two_builds_at_once_the_first_one_stays(
    partimento: Partimento, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, analyze = tmp_path / "home/styles/mine", app.analyze

    def meanwhile(song: object, **more: object) -> object:
        place.mkdir(parents=True)
        (place / "pack.json").write_text("{}")
        return analyze(song, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(app, "analyze", meanwhile)
    code, _, err = partimento("style", "build", SONGS / "lantern_street_band.mid", "--name", "mine")
    assert code == 1
    assert "There is a style 'mine' already." in err
    assert [path.name for path in place.iterdir()] == ["pack.json"]


@pytest.mark.parametrize("name", [".", "", "./", "mine/", "mine/pack.json", "notes.txt", "x" * 5000])
def test_only_a_style_is_removed(name: str, partimento: Partimento, tmp_path: Path) -> None:
    mine = tmp_path / "home/styles/mine"
    mine.mkdir(parents=True)
    (mine / "pack.json").write_text("{}")
    (mine.parent / "notes.txt").write_text("mine: waltzes")
    code, _, err = partimento("style", "remove", name)
    assert code == 1
    assert "There is no style named" in err
    assert (mine / "pack.json").is_file()
    assert (mine.parent / "notes.txt").is_file()


def test_a_link_among_the_styles_hides_nothing(partimento: Partimento, tmp_path: Path) -> None:
    styles = tmp_path / "home/styles"
    styles.mkdir(parents=True)
    (styles / "loop").symlink_to("loop")
    (styles / "away").symlink_to(SONGS)
    code, said, _ = partimento("style", "list", "--json")
    assert code == 0
    assert {style["id"]: style["error"] is None for style in json.loads(said)["styles"]}.items() >= {
        "house": True, "away": False, "loop": False,
    }.items()  # fmt: skip
    assert partimento("arrange", WALTZ, "--piano-only", "--out", tmp_path / "out")[0] == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["build", "nowhere", "--name", "x"], "There is no folder nowhere"),
        (["build", "x" * 5000, "--name", "x"], "There is no folder xxxx"),
        (["build", ".", "--name", "My Style"], "cannot name a style"),
        (["build", "empty", "--name", "x"], "There is no music in empty"),
        (["remove", "nobody"], "There is no style named 'nobody'"),
    ],
)
def test_bad_styles(
    arguments: list[str], words: str, partimento: Partimento, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path)
    code, _, err = partimento("style", *arguments)
    assert code == 1
    assert words in err
