"""Ext-state: words a script keeps in REAPER or in a project."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.reaper.double.api.values import line
from tests.reaper.double.dispatch import does
from tests.reaper.double.project import Project
from tests.reaper.double.rules import Refused

if TYPE_CHECKING:
    from tests.reaper.double.reaper import Reaper


def _name(words: str, what: str) -> str:
    """Sections and keys are written to an ini file, where case does not count."""
    if not words:
        raise Refused(f"the {what} is empty")
    return words.lower()


@does("GetExtState")
def _get(reaper: Reaper, section: str, key: str) -> str:
    return reaper.ext.get((_name(section, "section"), _name(key, "key")), "")


@does("HasExtState")
def _has(reaper: Reaper, section: str, key: str) -> bool:
    return (_name(section, "section"), _name(key, "key")) in reaper.ext


@does("SetExtState")
def _set(reaper: Reaper, section: str, key: str, value: str, persist: bool) -> None:
    place = (_name(section, "section"), _name(key, "key"))
    if persist and any(mark in value for mark in "\r\n"):
        raise Refused(f"{section}/{key}: a value that outlives REAPER has no line breaks")
    reaper.ext[place] = value
    if persist:
        reaper.persistent.add(place)


@does("DeleteExtState")
def _delete(reaper: Reaper, section: str, key: str, persist: bool) -> None:
    place = (_name(section, "section"), _name(key, "key"))
    reaper.ext.pop(place, None)
    if persist:
        reaper.persistent.discard(place)


@does("SetProjExtState")
def _set_in(_reaper: Reaper, project: Project, section: str, key: str, value: str) -> int:
    if not section:
        raise Refused("the section is empty")
    section, key = section.lower(), key.lower()
    project.dirty = True
    if not key:
        for place in [place for place in project.ext if place[0] == section]:
            del project.ext[place]
        return 0
    if value:
        project.ext[section, key] = line(value, f"{section}/{key}")
    else:
        project.ext.pop((section, key), None)
    return len(value)


@does("GetProjExtState")
def _get_from(_reaper: Reaper, project: Project, section: str, key: str) -> tuple[int, str]:
    value = project.ext.get((section.lower(), key.lower()))
    return (0, "") if value is None else (1, value)


@does("EnumProjExtState")
def _enum(_reaper: Reaper, project: Project, section: str, index: int) -> tuple[bool, str | None, str | None]:
    found = [(key, value) for (where, key), value in project.ext.items() if where == section.lower()]
    if not 0 <= index < len(found):
        return False, None, None
    return True, *found[index]
