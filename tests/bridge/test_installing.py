"""Hints name the words that work for this installation."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bridge.installing import fitted, folder


class Noted:
    """An installation that has noted where it came from."""

    def __init__(self, text: str | None) -> None:
        self._text = text

    def read_text(self, name: str) -> str | None:
        assert name == "direct_url.json"
        return self._text


def came_from(monkeypatch: pytest.MonkeyPatch, text: str | None) -> None:
    monkeypatch.setattr("importlib.metadata.distribution", lambda name: Noted(text))
    folder.cache_clear()


@pytest.fixture(autouse=True)
def _forget() -> object:
    yield
    folder.cache_clear()


@pytest.mark.parametrize(
    ("hint", "here"),
    [
        ("`uv tool install 'partimento[cpu]'` (or cuda).", '`uv tool install "{}[cpu]"` (or cuda).'),
        (
            "Update it with `uv tool upgrade partimento`, then",
            'Update it with `uv tool install --reinstall "{}"`, then',
        ),
        ("`uv tool install --reinstall partimento`.", '`uv tool install --reinstall "{}"`.'),
        ("`uv tool install --python 3.12 partimento`.", '`uv tool install --python 3.12 "{}"`.'),
        ("`uv tool install 'partimento-extra'`", "`uv tool install 'partimento-extra'`"),
        ("Close its dialogs.", "Close its dialogs."),
    ],
)
def test_from_a_folder_the_folder_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, hint: str, here: str
) -> None:
    place = tmp_path / "my müsic"
    came_from(monkeypatch, json.dumps({"url": place.as_uri(), "dir_info": {"editable": True}}))
    assert fitted(hint) == here.format(place)


@pytest.mark.parametrize(
    "noted",
    [None, "", "{", "[]", "{}", '{"url": 7}', '{"url": "https://example.org/partimento.whl", "archive_info": {}}'],
)
def test_from_anywhere_else_the_hint_stays(monkeypatch: pytest.MonkeyPatch, noted: str | None) -> None:
    came_from(monkeypatch, noted)
    assert fitted("`uv tool install 'partimento[cpu]'`") == "`uv tool install 'partimento[cpu]'`"
