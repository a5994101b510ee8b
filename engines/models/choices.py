"""Which device suits which graph, and what was measured the last time."""

from __future__ import annotations

from typing import Annotated, Literal, Protocol

import msgspec

from engines.models.card import Graph, Variant, Word
from engines.models.runtime import CPU, CUDA, Device

_ON_CPU: tuple[Variant, ...] = (
    "int8-fused", "int8", "int8-portable", "fp32-fused", "fp32", "fp32-portable", "fp16-fused", "fp16", "fp16-portable",
)  # fmt: skip
_ON_CUDA: tuple[Variant, ...] = (
    "fp16-fused", "fp16", "fp16-portable", "fp32-fused", "fp32", "fp32-portable", "int8-fused", "int8", "int8-portable",
)  # fmt: skip
# The fused operators are ONNX Runtime's own, and only its CPU and CUDA providers have them.
_ELSEWHERE: tuple[Variant, ...] = ("fp16", "fp16-portable", "fp32", "fp32-portable", "int8", "int8-portable")

MAX_BYTES = 256 * 1024
MAX_CHOICES = 256


def fitting(graphs: tuple[Graph, ...], device: Device) -> tuple[Graph, ...]:
    """The variants that can run on a device, the best first."""
    order = {CPU: _ON_CPU, CUDA: _ON_CUDA}.get(device.name, _ELSEWHERE)
    return tuple(sorted((g for g in graphs if g.variant in order), key=lambda graph: order.index(graph.variant)))


class Notebook(Protocol):
    """Where measurements are kept from one start to the next. The bridge has a file for it."""

    def read(self) -> bytes:
        """What was written last; empty when nothing was."""
        ...

    def write(self, data: bytes) -> None:
        """Keep this instead."""
        ...


class BlankNotebook:
    """A notebook that lasts as long as the process."""

    def __init__(self) -> None:
        self._page = b""

    def read(self) -> bytes:
        """What was written last."""
        return self._page

    def write(self, data: bytes) -> None:
        """Keep this instead."""
        self._page = data


class Choice(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where a model plays, and why."""

    device: Word
    variant: Variant
    because: str
    """In words, with what was measured."""


class _Page(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    schema: Literal["choices/1"] = "choices/1"
    choices: Annotated[dict[str, Choice], msgspec.Meta(max_length=MAX_CHOICES)] = {}


class Choices:
    """The measurements in a notebook. A page that cannot be read is a blank one: what it held can be measured again."""

    def __init__(self, notebook: Notebook) -> None:
        self._notebook = notebook

    def recall(self, key: str) -> Choice | None:
        """What was chosen for this key."""
        return self._page().get(key)

    def note(self, key: str, choice: Choice | None) -> None:
        """Keep a choice, or forget it."""
        page = self._page()
        page.pop(key, None)
        if choice is not None:
            page[key] = choice
        newest = dict(list(page.items())[-MAX_CHOICES:])
        self._notebook.write(msgspec.json.encode(_Page(choices=newest)))

    def _page(self) -> dict[str, Choice]:
        data = self._notebook.read()
        if not data or len(data) > MAX_BYTES:
            return {}
        try:
            return dict(msgspec.json.decode(data, type=_Page).choices)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            return {}
