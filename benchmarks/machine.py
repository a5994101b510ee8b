"""The machine that a figure was measured on, as every recorded result names it."""

from __future__ import annotations

import os
import platform
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import bridge


def describe() -> dict[str, Any]:
    """Processor, cores, system, and the versions of what does the work."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "partimento": bridge.__version__,
        **{name: _version(name) for name in ("numpy", "msgspec", "mido")},
    }


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _processor() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as info:
            models = [line.partition(":")[2].strip() for line in info if line.startswith("model name")]
        return models[0] if models else platform.processor()
    except OSError:
        return platform.processor()
