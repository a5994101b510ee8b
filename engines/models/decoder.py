"""The note decoder at play: streams of events that it has read, and what it says of the next one.

Every event passes the lower stack when it is heard. The upper stack follows one event behind, since it wants to be told when
the next one comes; so `when` is asked first, then the choice is announced, then `what` is asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from engines.models import tokens as t
from engines.models.card import Card
from engines.models.faults import EXPORT, BadCard, WrongFamily
from engines.models.package import Package
from engines.models.rack import Rack
from engines.models.runtime import CPU, Use
from engines.models.stack import Floats, Ints, Stack, StackShape

PREDICTED = (*t.WHEN, *t.WHAT)
"""The fields that are chosen, in the order in which they are."""
CAPACITIES = (128, 256, 384, 512, 768, 1024)
"""Sizes of memory. Few, so that graphs see few shapes."""


@dataclass(frozen=True)
class _Shape:
    width: int
    lower: int
    upper: int
    head: int
    kv: int

    def stack(self, layers: int) -> StackShape:
        return StackShape(layers, self.kv, self.head, self.width)


class Decoder:
    """A note decoder that is open on a device."""

    def __init__(self, package: Package, rack: Rack, use: Use | None = None) -> None:
        card = package.card
        if card.family != "notes":
            raise WrongFamily(
                f"The model {card.id!r} is of the family {card.family!r}, not 'notes'.", "Name another one."
            )
        if card.vocabulary.sha256 != t.vocabulary_hash():
            raise BadCard(
                f"The model {card.id} speaks another vocabulary than this version.",
                "Use the model that ships with this version, or train yours again.",
                path="vocabulary",
            )
        self._shape = _Shape(**{name: _setting(card, name) for name in ("width", "lower", "upper", "head", "kv")})
        self.package = package
        self.context = card.context
        self._lower, self._upper = (rack.seat(package, role, use) for role in ("lower", "upper"))
        # Heads are small: an accelerator would cost more on the way than it saves.
        on_cpu = Use(live=use.live if use else False, provider="cpu")
        self._heads = {field: rack.seat(package, t.FIELDS[field].name, on_cpu) for field in PREDICTED}
        self.seats = (self._lower, self._upper)

    def memory(self, events: int, batch: int = 1) -> Memory:
        """An empty memory for up to so many events."""
        capacity = next((size for size in CAPACITIES if size >= events), self.context)
        return Memory(self, min(capacity, self.context), batch)

    def stacks(self, capacity: int, batch: int) -> tuple[Stack, Stack]:
        """A pair of stacks of its own."""
        shape = self._shape
        return (
            Stack(self._lower, shape.stack(shape.lower), batch, capacity),
            Stack(self._upper, shape.stack(shape.upper), batch, capacity),
        )

    def forked(self, lower: Stack, upper: Stack, batch: int) -> tuple[Stack, Stack]:
        """The same memories for several rows."""
        return lower.fork(self._lower, batch), upper.fork(self._upper, batch)

    def ask(self, field: int, stream: Floats, chosen: Ints) -> Floats:
        """Scores of a field for [rows, width], given what has been chosen before it of [rows, PREDICTED]."""
        before = PREDICTED.index(field)
        feeds: dict[str, npt.NDArray[Any]] = {"stream": stream}
        if before:
            feeds["so_far"] = chosen[:, :before]
        out: Floats = self._heads[field].run(feeds)["scores"]
        return out

    @property
    def writes_together(self) -> bool:
        """Whether candidates are better written in one batch. Not on the processor: there a batch is no faster than its rows
        one by one (models of eight bits even round together, so that one candidate would depend on the others).
        """
        return self._lower.device.name != CPU

    @property
    def width(self) -> int:
        """Of the stream."""
        return self._shape.width


def _setting(card: Card, name: str) -> int:
    value = card.settings.get(name)
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise BadCard(f"The card of {card.id} does not say its {name!r}.", EXPORT, path=f"settings.{name}")
    return value


class Memory:
    """A batch of streams that a decoder has heard."""

    def __init__(self, decoder: Decoder, capacity: int, batch: int, stacks: tuple[Stack, Stack] | None = None) -> None:
        self.decoder, self.capacity, self.batch = decoder, capacity, batch
        self._lower, self._upper = stacks or decoder.stacks(capacity, batch)
        self._streams: Floats = np.zeros((batch, capacity, decoder.width), dtype=np.float32)
        self._announced: Ints | None = None

    @property
    def lengths(self) -> Ints:
        """How many events each row has heard."""
        return self._lower.lengths

    @property
    def last(self) -> Floats:
        """[batch, width]: the lower stream after the newest event of each row."""
        return np.ascontiguousarray(self._streams[np.arange(self.batch), self.lengths - 1])

    def hear(self, rows: Ints, going: npt.NDArray[np.bool_] | None = None) -> tuple[Floats, Floats]:
        """Hear events [batch, time, WIDTH]. For each of them, what the two stacks had to say of it before it came:
        [batch, time, width]; of the very first event of a stream they say nothing. Rows that are not `going` hear nothing.
        """
        begun, time = self.lengths.copy(), rows.shape[1]
        first = not begun.any()
        low = self._lower.step({"rows": rows}, going)
        for row, at in enumerate(begun.tolist()):
            self._streams[row, at : at + time] = low[row]
        before = np.zeros_like(low) if first else self._streams[np.arange(self.batch), begun - 1][:, None]
        before = np.concatenate([before[:, :1], low[:, :-1]], axis=1)
        high = np.zeros_like(low)
        if self._announced is not None and time == 1 and _same(self._announced, rows[:, 0], going):
            self._announced = None
            return before, high
        self._forget_announced()
        skip = 1 if first else 0
        if time > skip:
            high[:, skip:] = self._upper.step({"stream": before[:, skip:], "following": rows[:, skip:]}, going)
        return before, high

    def when(self, field: int, chosen: Ints) -> Floats:
        """Scores for kind, slot, bar or position of the next event, given `chosen` [batch, PREDICTED] as far as it is."""
        return self.decoder.ask(field, self.last, chosen)

    def announce(self, following: Ints, going: npt.NDArray[np.bool_] | None = None) -> Floats:
        """Tell when the next event [batch, WIDTH] comes; the stream that `what` is asked with."""
        self._forget_announced()
        self._announced = following.copy()
        out = self._upper.step({"stream": self.last[:, None], "following": following[:, None]}, going)
        return np.ascontiguousarray(out[:, 0])

    def what(self, field: int, stream: Floats, chosen: Ints) -> Floats:
        """Scores for pitch, length, velocity or micro of the next event."""
        return self.decoder.ask(field, stream, chosen)

    def rewind(self, length: int) -> None:
        """Forget all but the first events."""
        self._announced = None
        self._lower.lengths = np.minimum(self._lower.lengths, length)
        self._upper.lengths = np.minimum(self._upper.lengths, max(length - 1, 0))

    def fork(self, batch: int) -> Memory:
        """The same memory in several rows; this one has one row and stays as it is."""
        self._forget_announced()
        stacks = self.decoder.forked(self._lower, self._upper, batch)
        other = Memory(self.decoder, self.capacity, batch, stacks)
        other._streams = np.repeat(self._streams, batch, axis=0)
        return other

    def nats(self, rows: Ints) -> npt.NDArray[np.float64]:
        """Hear events [time, WIDTH] in a memory of one row, and how surprising each field of each was: [time, PREDICTED]."""
        before, high = self.hear(rows[None])
        chosen = rows[:, list(PREDICTED)]
        out = np.zeros((len(rows), len(PREDICTED)))
        for i, field in enumerate(PREDICTED):
            stream = before[0] if field in t.WHEN else high[0]
            table = self.decoder.ask(field, stream, chosen).astype(np.float64)
            table -= table.max(axis=1, keepdims=True)
            out[:, i] = (
                np.log(np.exp(table).sum(axis=1)) - np.take_along_axis(table, chosen[:, i : i + 1], axis=1)[:, 0]
            )
        return out

    def _forget_announced(self) -> None:
        if self._announced is not None:
            self._upper.lengths = np.maximum(self._lower.lengths - 1, 0)
            self._announced = None


def _same(announced: Ints, rows: Ints, going: npt.NDArray[np.bool_] | None) -> bool:
    fields = [*t.WHEN, t.PROGRAM]
    equal = (announced[:, fields] == rows[:, fields]).all(axis=1)
    return bool(equal.all() if going is None else equal[going].all())
