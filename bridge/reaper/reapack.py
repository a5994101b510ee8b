"""The index that ReaPack reads: the same scripts and instruments, for people who install from inside REAPER.

    python -m bridge.reaper.reapack --url https://HOST/OWNER/REPOSITORY/raw --commit SHA >index.xml

Every address pins a commit, so that a published version never changes. ReaPack puts the instruments where our own
installer does (`Effects/partimento/Sketch`) and registers the actions; the start-up line and the OSC surface it cannot.
"""

from __future__ import annotations

import argparse
import re
import sys
import xml.etree.ElementTree as Xml
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from urllib.parse import quote

import bridge
from bridge import resources
from bridge.reaper.install.actions import shipped
from bridge.reaper.install.shipment import places
from engines.errors import SchemaError

NAME = "partimento"
AUTHOR = "The partimento authors"
ACTIONS = "Actions"
FOLDER = "reaper_scripts"


def index(scripts: Path, url: str, commit: str, time: str) -> bytes:
    """The index of one version, with the moment of its release (`2026-11-21T10:00:00Z`)."""
    if not url.startswith("https://") or not re.fullmatch(r"[0-9a-f]{40}", commit):
        raise SchemaError("An index needs an https address and a whole commit id.", "Give --url and --commit.")
    base = f"{url.rstrip('/')}/{commit}/{FOLDER}/"
    root = Xml.Element("index", version="1", name=NAME, commit=commit)
    files = [PurePosixPath(file) for file, _ in places(scripts)]
    mains = {action.file for action in shipped(scripts)}
    about = "Arrange, fill, plan and improvise beside REAPER; needs `uv tool install partimento`"
    version = _package(root, ACTIONS, "partimento.lua", "script", about, time)
    for file in files:
        if file.suffix in (".lua", ".json"):
            source = Xml.SubElement(version, "source", file=str(file))
            if str(file) in mains:
                source.set("main", "main")
            source.text = base + quote(str(file))
    for file in files:
        if file.parts[0] == "Effects":
            says = _description(scripts / file)
            version = _package(root, "/".join(file.parts[1:-1]), file.name, "effect", says, time)
            Xml.SubElement(version, "source").text = base + quote(str(file))
    Xml.indent(root, " ")
    text: str = Xml.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'.encode()


def _package(root: Xml.Element, category: str, name: str, kind: str, about: str, time: str) -> Xml.Element:
    """The version of a package, in its category."""
    shelf = next((one for one in root if one.get("name") == category), None)
    shelf = Xml.SubElement(root, "category", name=category) if shelf is None else shelf
    package = Xml.SubElement(shelf, "reapack", name=name, type=kind, desc=about)
    return Xml.SubElement(package, "version", name=bridge.__version__, author=AUTHOR, time=time)


def _description(effect: Path) -> str:
    """What an effect calls itself, in its first line."""
    return effect.read_text(encoding="utf-8").partition("\n")[0].removeprefix("desc:")


def main(arguments: Sequence[str]) -> int:
    """Write the index of this version to stdout."""
    parser = argparse.ArgumentParser(
        prog="python -m bridge.reaper.reapack", description="The index that ReaPack reads."
    )
    parser.add_argument("--url", required=True, help="where raw files lie, up to the commit")
    parser.add_argument("--commit", required=True, help="the commit of this release, all 40 digits")
    args = parser.parse_args(arguments)
    time = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    sys.stdout.buffer.write(index(resources.shipped(FOLDER), args.url, args.commit, time))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
