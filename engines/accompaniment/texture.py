"""The texture model: what an accompaniment does in two bars, as 64 numbers, and what it would do over other chords."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

import numpy as np

from engines.accompaniment.grid import (
    LATENT,
    Cue,
    Feeds,
    Floats,
    Scores,
    Window,
    ask_feeds,
    read_feeds,
    unframed,
    vocabulary_hash,
)
from engines.api import ModelUse, Resources
from engines.models.card import Card
from engines.models.faults import BadCard, WrongFamily
from engines.models.package import Package, open_package
from engines.models.rack import Rack
from engines.models.runtime import Use

MODEL = "texture-1"
"""The one that ships; the user's own of this name stands before it."""
VOCABULARY = "texture/1"
"""What its tensors mean: `engines.accompaniment.grid`."""
CONTEXT = 64
"""Windows in one call; with more, what is calculated no longer fits the caches of a processor."""
T = TypeVar("T")
Graph = Callable[[Feeds], Feeds]


class Texture:
    """A texture model that is open."""

    def __init__(
        self,
        encode: Graph,
        decode: Graph,
        context: int,
        ear: str = "",
        uses: Callable[[], tuple[ModelUse, ...]] = tuple,
    ) -> None:
        self._encode, self._decode, self._context = encode, decode, context
        self.ear = ear
        """What its latents mean: equal for models that understand each other's."""
        self.uses = uses
        """What played, and where, for the report."""

    @classmethod
    def open(cls, resources: Resources) -> Texture:
        """The model of this installation."""
        return cls.of(open_package(resources.models, MODEL, "texture"), Rack.of(resources))

    @classmethod
    def of(cls, package: Package, rack: Rack, use: Use | None = None) -> Texture:
        """The model of a package."""
        card = package.card
        if card.family != "texture":
            raise WrongFamily(
                f"The model {card.id!r} is of the family {card.family!r}, not 'texture'.", "Name another one."
            )
        if card.vocabulary.sha256 != vocabulary_hash():
            raise BadCard(
                f"The model {card.id} reads another grid than this version.",
                "Use the model that ships with this version, or train yours again.",
                path="vocabulary",
            )
        encode, decode = (rack.seat(package, role, use) for role in ("encode", "decode"))
        return cls(encode.run, decode.run, card.context, ear_of(card), lambda: (encode.model_use, decode.model_use))

    def encode(self, windows: Sequence[Window]) -> Floats:
        """The textures of windows, [windows, LATENT], about 1 in size and the same in every key and register."""
        rows = [self._encode(read_feeds(part))["latent"] for part in _parts(windows, self._context)]
        return np.concatenate([np.zeros((0, LATENT), dtype=np.float32), *rows])

    def decode(self, latents: Floats, cues: Sequence[Cue]) -> list[Scores]:
        """What each texture would do on its cue. `engines.accompaniment.voicing` makes notes of it."""
        out: list[Scores] = []
        for first, part in zip(range(0, len(cues), self._context), _parts(cues, self._context), strict=True):
            said = self._decode(ask_feeds(latents[first : first + len(part)], part))
            out += [unframed(cue, said["onsets"][i], said["lengths"][i]) for i, cue in enumerate(part)]
        return out


def ear_of(card: Card) -> str:
    """A hash of all that encodes; every variant of a graph hears the same."""
    graphs = sorted(graph.sha256 for graph in card.of_role("encode"))
    return hashlib.sha256(" ".join(graphs).encode()).hexdigest()


def _parts(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    return (items[i : i + size] for i in range(0, len(items), size))
