"""What stands between REAPER and a person: dialogs and their answers, console, mouse."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from tests.reaper.double.rules import Refused

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Dialog:
    """One window that was shown and waited."""

    kind: str
    """`inputs`, `box`, `file` or `menu`."""
    title: str
    text: str
    """The words in it; of `inputs` the captions, as they were given."""
    proposed: tuple[str, ...] = ()
    """What stood in the fields of `inputs` when it came."""
    values: tuple[str, ...] = ()
    """What stood in the fields of `inputs` when the person closed it."""
    buttons: tuple[str, ...] = ()
    """Of a `box`."""


@dataclass
class Desktop:
    """A person's screen. Answers are given before they are asked for: a dialog nobody answers would stand there for ever."""

    inputs: list[list[str] | None] = field(default_factory=list)
    """Answers to `GetUserInputs`, the fields in order; None cancels."""
    boxes: list[str] = field(default_factory=list)
    """Answers to `ShowMessageBox`: `ok`, `cancel`, `abort`, `retry`, `ignore`, `yes`, `no`."""
    files: list[str | None] = field(default_factory=list)
    """Answers to file dialogs; None cancels."""
    menus: list[int] = field(default_factory=list)
    """Answers to `gfx.showmenu`, from 1; 0 closes it."""
    seen: list[Dialog] = field(default_factory=list)
    """Everything that was shown."""
    console: str = ""
    help_line: str = ""
    mouse: tuple[int, int] = (0, 0)
    midi_in: list[tuple[int, bytes, int]] = field(default_factory=list)
    """What was played lately, oldest first: a counter from 1, the message, samples ago."""
    midi_out: list[tuple[int, int, int, int]] = field(default_factory=list)
    """What `StuffMIDIMessage` was given."""
    processes: list[tuple[str, int]] = field(default_factory=list)
    """Command lines that were started, with their timeouts."""
    on_process: Callable[[str], object] | None = None
    """What really happens when a script starts a program; None: nothing."""
    opened: list[str] = field(default_factory=list)
    """Folders and files the media explorer was shown."""

    anyone: Callable[[str, int], Any] | None = None
    """Answers whatever nobody has answered before: the kind of dialog, and how many fields or buttons it has."""

    def answer_inputs(self, title: str, captions: str, proposed: list[str]) -> list[str] | None:
        if self.anyone and not self.inputs:
            self.inputs.append(self.anyone("inputs", len(proposed)))
        answer = _next(self.inputs, f"GetUserInputs {title!r} ({captions})", "desktop.inputs")
        values = tuple(proposed if answer is None else answer)
        self.seen.append(Dialog("inputs", title, captions, tuple(proposed), values))
        return answer

    def answer_box(self, title: str, text: str, buttons: tuple[str, ...]) -> str:
        self.seen.append(Dialog("box", title, text, buttons=buttons))
        if buttons == ("ok",) and not self.boxes:
            return "ok"  # there is nothing to choose
        if self.anyone and not self.boxes:
            self.boxes.append(buttons[self.anyone("box", len(buttons))])
        answer = _next(self.boxes, f"ShowMessageBox {title!r} ({text})", "desktop.boxes")
        if answer not in buttons:
            raise Refused(f"the test answers {answer!r}, the box has {', '.join(buttons)}")
        return answer

    def answer_file(self, title: str) -> str | None:
        self.seen.append(Dialog("file", title, ""))
        return _next(self.files, f"the file dialog {title!r}", "desktop.files")

    def answer_menu(self, text: str) -> int:
        self.seen.append(Dialog("menu", "", text))
        return _next(self.menus, f"the menu {text!r}", "desktop.menus")


def _next(answers: list[T], what: str, where: str) -> T:
    if not answers:
        raise Refused(f"nobody answers {what}; give the answer in {where}")
    return answers.pop(0)
