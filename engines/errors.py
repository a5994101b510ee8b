"""What can go wrong, in words a musician can act on.

Every error has a stable code, one sentence and one hint. The bridge prints exactly those; it never shows a traceback for
one of these.
"""

from __future__ import annotations

from dataclasses import dataclass


class EngineError(Exception):
    """A failure with a remedy. Subclasses fix the code; the message says what, the hint says what to do next."""

    code = "E_ENGINE"

    def __init__(
        self,
        message: str,
        hint: str = "",
        *,
        code: str | None = None,
        path: str | None = None,
        suggests: tuple[str, ...] = (),
    ) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        if code is not None:
            self.code = code
        self.path = path
        """Where in the input it went wrong: a field (`brief.bars`), a position (`bar 12`), or None."""
        self.suggests = suggests
        """Fields of a brief whose change would help."""

    def __reduce__(self) -> tuple[object, ...]:
        # Errors travel from the worker process to the main process; Exception's own pickling would lose the hint.
        return (_rebuild, (type(self), self.message, self.hint, self.code, self.path, self.suggests))


def _rebuild(
    kind: type[EngineError], message: str, hint: str, code: str, path: str | None, suggests: tuple[str, ...]
) -> EngineError:
    return kind(message, hint, code=code, path=path, suggests=suggests)


class InvalidMusic(EngineError):
    """Musical data outside what the domain allows: a pitch of 200, a meter of 0/4."""

    code = "E_MUSIC"


class UnreadableFile(EngineError):
    """A file that is not what its name says, or is damaged."""

    code = "E_FILE"


class UnknownChord(EngineError):
    """A chord symbol that the grammar does not know; the hint names the nearest one that it does."""

    code = "E_CHORD"


class SchemaError(EngineError):
    """JSON that does not follow its schema."""

    code = "E_SCHEMA"


class NotThere(EngineError):
    """Something that was asked for by name does not exist: a bar, a track, a port, a preset."""

    code = "E_NOT_FOUND"


class Unavailable(EngineError):
    """Something this machine or this installation lacks: a runtime, a synthesiser, an engine."""

    code = "E_UNAVAILABLE"


class WriteFailed(EngineError):
    """The result could not be written; nothing half-written is left behind."""

    code = "E_WRITE"


class Cancelled(EngineError):
    """The musician stopped the job."""

    code = "E_CANCELLED"


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that did not stop the work but that the musician should know. Printed, and kept in every report."""

    code: str
    """Stable, starts with `W_`."""
    message: str
    """One sentence."""
    hint: str = ""
    """What to do about it."""
