"""Where this installation came from, so that a hint names the words that work here.

Hints say `uv tool install 'partimento[cpu]'`, which is right where the package comes from an index. Who installed it from the
project's folder is told that folder instead.
"""

from __future__ import annotations

import json
import re
from functools import cache

_TOOL = re.compile(r"uv tool (install|upgrade)((?: --[a-z]+(?: [0-9.]+)?)*) '?partimento(\[[a-z0-9,-]+\])?'?(?=[`\s])")


@cache
def folder() -> str | None:
    """The folder it was installed from; None where it came from an index, or nobody noted it."""
    from importlib.metadata import PackageNotFoundError, distribution  # only when something went wrong: these are slow
    from urllib.parse import urlsplit
    from urllib.request import url2pathname

    try:
        noted = json.loads(distribution("partimento").read_text("direct_url.json") or "{}")
    except (PackageNotFoundError, ValueError):
        return None
    url = urlsplit(str(noted.get("url", ""))) if isinstance(noted, dict) else urlsplit("")
    return url2pathname(url.path) if url.scheme == "file" and "dir_info" in noted else None


def fitted(hint: str) -> str:
    """A hint with the words that work for this installation."""
    if "uv tool " not in hint:
        return hint
    place = folder()
    return hint if place is None else _TOOL.sub(lambda found: _words(found, place), hint)


def _words(found: re.Match[str], place: str) -> str:
    again = " --reinstall" if found[1] == "upgrade" else ""
    return f'uv tool install{again}{found[2]} "{place}{found[3] or ""}"'
