"""One stack of a decoder at play: it remembers what it was told, in caches of fixed size.

Fused graphs write keys and values into the buffers themselves; portable ones hand out what is new and we put it there. Either
way a row of the batch has a length of its own, and going back is free: a shorter length forgets.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from engines.models.runtime import Binding, Session
from engines.models.seat import Seat

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]
NEVER = -60000.0
"""What keeps attention away, in half precision too."""


@dataclass(frozen=True)
class StackShape:
    """What the card says of a stack."""

    layers: int
    kv: int
    """Heads of keys and values."""
    head: int
    width: int


def rotary(places: int, head: int) -> tuple[Floats, Floats]:
    """Cosine and sine of every place: [places, head / 2]."""
    speed = 10000.0 ** (-np.arange(0, head, 2, dtype=np.float64) / head)
    angle = np.arange(places, dtype=np.float64)[:, None] * speed
    return np.cos(angle).astype(np.float32), np.sin(angle).astype(np.float32)


class Stack:
    """A batch of streams through one stack."""

    def __init__(self, seat: Seat, shape: StackShape, batch: int, capacity: int) -> None:
        self._player = seat.player(self._rebuild)
        self._shape, self._batch, self._capacity = shape, batch, capacity
        self._seen: dict[str, npt.NDArray[Any]] = {}
        self.lengths: Ints = np.zeros(batch, dtype=np.int64)
        """How much each row remembers. Setting it to less forgets the rest."""
        self._caches: dict[str, npt.NDArray[Any]] = {}
        self._inherited: dict[str, npt.NDArray[Any]] = {}
        self._binding: Binding | None = None
        self._fused = False
        self._time = 0
        self._desk: dict[str, npt.NDArray[Any]] = {}
        self._new: dict[str, npt.NDArray[Any]] = {}
        self._out = np.zeros(0, dtype=np.float32)
        self._rotary = rotary(capacity, shape.head)
        self._dtype = np.dtype(np.float32)

    def step(self, feeds: Mapping[str, npt.NDArray[Any]], going: npt.NDArray[np.bool_] | None = None) -> Floats:
        """Hear more: arrays [batch, time, …]; the stream that comes out. Rows that are not `going` hear nothing."""
        time = next(iter(feeds.values())).shape[1]
        assert int(self.lengths.max()) + time <= self._capacity, "the window is fuller than its memory"
        for name, array in feeds.items():
            seen = self._seen.get(name)
            if seen is None:
                seen = self._seen[name] = np.zeros((self._batch, self._capacity, *array.shape[2:]), array.dtype)
            for row, at in enumerate(self.lengths.tolist()):
                seen[row, at : at + time] = array[row]
        out = self._player.perform(lambda session: self._attend(session, feeds, self.lengths))
        self.lengths = self.lengths + (time if going is None else time * going)
        return out

    def fork(self, seat: Seat, batch: int) -> Stack:
        """The same memory for several rows; this one must have one row."""
        other = Stack(seat, self._shape, batch, self._capacity)
        other._seen = {name: np.repeat(seen, batch, axis=0) for name, seen in self._seen.items()}
        other.lengths = np.repeat(self.lengths, batch)
        other._inherited = self._remembered()
        return other

    def _remembered(self) -> dict[str, npt.NDArray[Any]]:
        if self._binding is None or not self._fused:
            return self._caches
        return {name: self._binding.shared(name) for name in self._caches}

    def _rebuild(self, session: Session) -> None:
        """A new binding, on the first work and after a move to another device; what was heard is heard again."""
        self._fused = session.graph.fused
        # Caches, rotary table and mask have the precision of the graph's inside.
        self._dtype = np.dtype(next(one.dtype for one in session.inputs if one.name == "key_0"))
        self._cos, self._sin = (table.astype(self._dtype) for table in self._rotary)
        self._binding = binding = session.bind()
        shape = (self._batch, self._shape.kv, self._capacity, self._shape.head)
        self._caches = {}
        for layer in range(self._shape.layers):
            for kind in ("key", "value"):
                name = f"{kind}_{layer}"
                buffer = np.zeros(shape, dtype=self._dtype)
                if self._inherited:
                    buffer[:] = self._inherited[name]
                self._caches[name] = buffer
                if self._fused:
                    binding.share(name, f"new_{name}", buffer)
                else:
                    binding.feed(name, buffer)
        self._time, self._new = 0, {}
        if self._inherited:
            self._inherited = {}
        elif self.lengths.any():
            self._again(session)

    def _again(self, session: Session) -> None:
        """All rows together as far as the shortest reaches, then step by step: fused graphs take no other way."""
        whole = int(self.lengths.min())
        places = [(0, whole)] if whole else []
        places += [(at, at + 1) for at in range(whole, int(self.lengths.max()))]
        for begin, end in places:
            feeds = {name: np.ascontiguousarray(seen[:, begin:end]) for name, seen in self._seen.items()}
            self._attend(session, feeds, np.full(self._batch, begin, dtype=np.int64))

    def _attend(self, session: Session, feeds: Mapping[str, npt.NDArray[Any]], lengths: Ints) -> Floats:
        binding, time = self._binding, next(iter(feeds.values())).shape[1]
        assert binding is not None
        if time != self._time:
            self._lay_out(feeds, time)
        for name, array in feeds.items():
            self._desk[name][...] = array
        if self._fused:
            self._desk["last"][:] = lengths + (time - 1)
            self._desk["total"][...] = int(lengths.max()) + time
        else:
            self._mask(lengths, time)
        for name, array in (self._desk | ({} if self._fused else self._caches)).items():
            binding.feed(name, array)
        binding.run()
        for name, new in self._new.items():
            cache = self._caches[name]
            for row, at in enumerate(lengths.tolist()):
                cache[row, :, at : at + time] = new[row]
        return self._out.copy()

    def _lay_out(self, feeds: Mapping[str, npt.NDArray[Any]], time: int) -> None:
        """Arrays for so many events at once. They stay in place, so that a step binds nothing anew."""
        binding, shape, batch = self._binding, self._shape, self._batch
        assert binding is not None
        self._time = time
        self._desk = {name: np.zeros((batch, time, *array.shape[2:]), array.dtype) for name, array in feeds.items()}
        if self._fused:
            self._desk |= {"last": np.zeros(batch, np.int32), "total": np.zeros((), np.int32)}
            self._desk |= {"cos": self._cos, "sin": self._sin}
        else:
            half = (batch, 1, 1, time, shape.head // 2)
            self._desk |= {"bias": np.zeros((batch, 1, 1, time, self._capacity + time), self._dtype)}
            self._desk |= {"cos": np.zeros(half, self._dtype), "sin": np.zeros(half, self._dtype)}
            new = (batch, shape.kv, time, shape.head)
            self._new = {name: np.zeros(new, self._dtype) for name in self._caches}
            for name, array in self._new.items():
                binding.take(f"new_{name}", array)
        self._out = np.zeros((batch, time, shape.width), dtype=np.float32)
        binding.take("out", self._out)

    def _mask(self, lengths: Ints, time: int) -> None:
        """Portable graphs get the caches whole; what is not remembered in them is masked."""
        bias = self._desk["bias"]
        bias[..., : self._capacity] = NEVER
        for row, at in enumerate(lengths.tolist()):
            bias[row, ..., :at] = 0
        bias[..., self._capacity :] = np.where(np.tri(time, dtype=bool), 0, NEVER)
        places = lengths[:, None] + np.arange(time)
        self._desk["cos"][:, 0, 0], self._desk["sin"][:, 0, 0] = self._cos[places], self._sin[places]
