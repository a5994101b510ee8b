"""How a training run goes: its rate, what moves its weights, and how its state is kept."""

from __future__ import annotations

import os
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import nn

WARM_UP = 100
"""Steps over which the rate rises."""
CHECKPOINT_SECONDS = 240


@dataclass(frozen=True)
class Course:
    """A rate that rises, stays, and falls to nothing. A run can be prolonged as long as it has not begun to fall."""

    steps: int
    rest: int
    """Steps at the end over which the rate falls."""
    rate: float
    seed: int

    def rate_at(self, step: int) -> float:
        """The learning rate of a step."""
        left = (self.steps - step) / max(self.rest, 1)
        return self.rate * min(1.0, (step + 1) / WARM_UP, max(left, 0.0))


def optimisers(model: nn.Module, inside: Collection[str], rate: float, device: str) -> list[torch.optim.Optimizer]:
    """Muon for the matrices inside blocks, in the order of the model; AdamW for tables, heads and norms."""
    matrices = [w for n, w in model.named_parameters() if n in inside]
    others = [w for n, w in model.named_parameters() if n not in inside]
    return [
        torch.optim.Muon(matrices, lr=rate, weight_decay=0.05, adjust_lr_fn="match_rms_adamw"),
        torch.optim.AdamW(others, lr=rate, weight_decay=0.01, betas=(0.9, 0.98), fused=device == "cuda"),
    ]


def keep(state: dict[str, Any], file: Path) -> None:
    """Write a checkpoint aside, then put it in place."""
    aside = file.with_name(file.name + ".part")
    torch.save(state, aside)
    os.replace(aside, file)
