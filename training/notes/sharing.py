"""Heads that had keys and values of their own share the mean of them from here on.

What a checkpoint holds of a key or value matrix, the weights and what the optimiser remembers of them, becomes its mean over
the heads. It costs a little at first, and a few hundred steps make good for it.
"""

from __future__ import annotations

from typing import Any

import torch

from training.notes.model import Shape

SHARED = (".k.weight", ".v.weight")


def shared(state: dict[str, Any], matrices: list[str]) -> dict[str, Any]:
    """A checkpoint whose blocks have one head of keys and values; `matrices` names what its first optimiser moves, in order."""
    shape = Shape(**state["shape"])
    if shape.kv == 1:
        return state

    def mean(rows: torch.Tensor) -> torch.Tensor:
        return rows.view(shape.kv, shape.head, shape.width).mean(dim=0)

    model = {name: mean(w) if name.endswith(SHARED) else w for name, w in state["model"].items()}
    first, *others = state["optimisers"]
    moved = {
        at: {key: mean(value) for key, value in memory.items()} if matrices[at].endswith(SHARED) else memory
        for at, memory in first["state"].items()
    }
    return state | {
        "model": model,
        "optimisers": [first | {"state": moved}, *others],
        "shape": state["shape"] | {"kv": 1},
    }
