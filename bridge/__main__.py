"""`partimento` and `python -m bridge`."""

from __future__ import annotations

import sys


def main() -> int:
    """Run one verb and return its exit code."""
    from bridge.cli import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    raise SystemExit(main())
