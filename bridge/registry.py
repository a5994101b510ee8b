"""Finds engines. Built-in ones register by entry point exactly as third-party ones do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points

from engines.api import Engine, Improviser, Resources
from engines.errors import Unavailable

GROUP = "partimento.engines"


@dataclass(frozen=True)
class Found:
    """An engine by name, or the reason why it cannot be loaded."""

    name: str
    """The verb it serves, which is also its entry-point name."""
    origin: str
    """The distribution that brings it."""
    problem: str | None = None


class Registry:
    """Looks engines up by the task they serve and loads them on first use."""

    def __init__(self, points: Iterable[EntryPoint] | None = None) -> None:
        found = entry_points(group=GROUP) if points is None else points
        # The last one wins, so that a user's engine can stand in for a built-in one: ours come first.
        ordered = sorted(found, key=lambda p: (_origin(p) != "partimento", _origin(p), p.name))
        self._points = {point.name: point for point in ordered}

    def tasks(self) -> tuple[str, ...]:
        """Every task that has an engine."""
        return tuple(sorted(self._points))

    def load(self, task: str) -> type[Engine] | type[Improviser]:
        """The class that serves a task."""
        point = self._points.get(task)
        if point is None:
            have = ", ".join(self.tasks()) or "none"
            raise Unavailable(
                f"There is no engine for {task!r} in this installation.", f"Engines that are here: {have}."
            )
        try:
            loaded = point.load()
        except Exception as problem:  # a third party's code may fail in any way while it is imported
            raise Unavailable(
                f"The engine for {task!r} ({_origin(point)}) cannot be loaded: {type(problem).__name__}: {problem}",
                "Update or remove that package; `partimento doctor` lists engines.",
            ) from problem
        if not isinstance(loaded, type) or not (hasattr(loaded, "run") or hasattr(loaded, "feed")):
            raise Unavailable(
                f"{point.value} ({_origin(point)}) is not an engine.", "It must be a class with `task` and `run`."
            )
        return loaded

    def build(self, task: str, resources: Resources) -> Engine:
        """An engine that is ready to run."""
        kind = self.load(task)
        if not hasattr(kind, "run"):
            raise Unavailable(f"{task!r} is played live, not run as a job.", "Use `partimento live`.")
        return kind(resources)  # type: ignore[return-value]  # narrowed by the line above

    def check(self) -> tuple[Found, ...]:
        """Every engine and whether it loads, for `doctor`."""
        out = []
        for name, point in sorted(self._points.items()):
            try:
                self.load(name)
                out.append(Found(name, _origin(point)))
            except Unavailable as problem:
                out.append(Found(name, _origin(point), problem.message))
        return tuple(out)


def _origin(point: EntryPoint) -> str:
    return point.dist.name if point.dist else "unknown"
