"""The note decoder: first when the next event comes, then what sounds there.

Two stacks of causal blocks share one residual stream. The lower one reads an event a step and says kind, part, bar and
position of the next. The upper one is told them and says pitch, length, velocity and early or late. So pitch can look back
for "what sounded at this place before", which a head that learns of the place after the last block cannot.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import torch
import torch.nn.functional as F  # noqa: N812  the name that everybody knows
from torch import Tensor, nn

from engines.models import tokens as t

SIZES = [field.size for field in t.FIELDS]
OFFSETS = [sum(SIZES[:i]) for i in range(len(SIZES))]
ANNOUNCED = (*t.WHEN, t.PROGRAM)
"""What the upper stack is told of the next event."""
PREDICTED = (*t.WHEN, *t.WHAT)


@dataclass(frozen=True)
class Shape:
    """How large a decoder is."""

    width: int = 192
    lower: int = 3
    upper: int = 2
    head: int = 64
    kv: int = 1
    """Heads of keys and values. One serves all heads of a block: a cache a third as large is read three times as fast."""
    context: int = 1024
    """Events that the rotary table reaches."""

    @property
    def heads(self) -> int:
        """Attention heads in a block."""
        return self.width // self.head


TINY, BASE = Shape(), Shape(448, 4, 3)


def rotary(length: int, head: int) -> tuple[Tensor, Tensor]:
    """Cosine and sine [length, head / 2]."""
    speed = 10000.0 ** (-torch.arange(0, head, 2, dtype=torch.float64) / head)
    angle = torch.arange(length, dtype=torch.float64)[:, None] * speed
    return angle.cos().float(), angle.sin().float()


def turn(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """Rotate the halves of [..., time, head] by their place in time."""
    a, b = x.chunk(2, dim=-1)
    return torch.cat([a * cos - b * sin, b * cos + a * sin], dim=-1)


class Block(nn.Module):
    """Attention to what came before, then a gated look at oneself."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        width = shape.width
        self.shape = shape
        self.norm_a, self.norm_b = nn.RMSNorm(width, eps=1e-5), nn.RMSNorm(width, eps=1e-5)
        self.q, self.o = (nn.Linear(width, width, bias=False) for _ in range(2))
        self.k, self.v = (nn.Linear(width, shape.kv * shape.head, bias=False) for _ in range(2))
        self.up, self.down = nn.Linear(width, 4 * width, bias=False), nn.Linear(4 * width, width, bias=False)

    def forward(self, x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
        """[batch, time, width] → the same."""
        batch, time, width = x.shape
        y = self.norm_a(x)
        q, k, v = (f(y).view(batch, time, -1, self.shape.head).transpose(1, 2) for f in (self.q, self.k, self.v))
        q, k = turn(q, cos, sin), turn(k, cos, sin)
        k, v = (x.repeat_interleave(self.shape.heads // self.shape.kv, dim=1) for x in (k, v))
        y = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.o(y.transpose(1, 2).reshape(batch, time, width))
        out: Tensor = x + self.down(F.gelu(self.up(self.norm_b(x))))
        return out


class Head(nn.Module):
    """Scores for one field, from the stream and what was chosen before it."""

    def __init__(self, width: int, size: int) -> None:
        super().__init__()
        self.norm = nn.RMSNorm(width, eps=1e-5)
        self.mix, self.out = nn.Linear(width, width, bias=False), nn.Linear(width, size)

    def forward(self, x: Tensor) -> Tensor:
        """[..., width] → [..., size]."""
        out: Tensor = self.out(F.gelu(self.mix(self.norm(x))))
        return out


class NoteDecoder(nn.Module):
    """See above."""

    def __init__(self, shape: Shape = TINY) -> None:
        super().__init__()
        self.shape = shape
        width, total = shape.width, sum(SIZES)
        self.event, self.announced, self.chosen = (nn.Embedding(total, width) for _ in range(3))
        self.lower = nn.ModuleList(Block(shape) for _ in range(shape.lower))
        self.upper = nn.ModuleList(Block(shape) for _ in range(shape.upper))
        self.heads = nn.ModuleList(Head(width, SIZES[field]) for field in PREDICTED)
        cos, sin = rotary(shape.context, shape.head)
        self.register_buffer("cos", cos, persistent=False)
        self.register_buffer("sin", sin, persistent=False)
        self.register_buffer("offsets", torch.tensor(OFFSETS), persistent=False)
        self._start()

    def _start(self) -> None:
        for table in (self.event, self.announced, self.chosen):
            nn.init.normal_(table.weight, std=0.02)
        deep = len(self.lower) + len(self.upper)
        for name, weight in self.named_parameters():
            if weight.ndim == 2 and not name.startswith(("event", "announced", "chosen")):
                scale = (2 * deep) ** -0.5 if name.endswith(("o.weight", "down.weight")) else 1.0
                nn.init.normal_(weight, std=scale * weight.shape[1] ** -0.5)
            elif name.endswith("bias"):
                nn.init.zeros_(weight)

    def config(self) -> dict[str, Any]:
        """What rebuilds it."""
        return asdict(self.shape)

    def read(self, rows: Tensor) -> Tensor:
        """Events [batch, time, WIDTH] as vectors."""
        out: Tensor = self.event(rows + self.offsets).sum(dim=2)
        return out

    def told(self, rows: Tensor) -> Tensor:
        """What the upper stack is told of events."""
        fields = list(ANNOUNCED)
        out: Tensor = self.announced(rows[..., fields] + self.offsets[fields]).sum(dim=2)
        return out

    def lower_stack(self, rows: Tensor) -> Tensor:
        """The stream after the lower stack."""
        x = self.read(rows)
        cos, sin = self.cos[: rows.shape[1]], self.sin[: rows.shape[1]]
        for block in self.lower:
            x = block(x, cos, sin)
        return x

    def upper_stack(self, x: Tensor, following: Tensor) -> Tensor:
        """The stream after the upper stack, told when the following events come."""
        x = x + self.told(following)
        cos, sin = self.cos[: x.shape[1]], self.sin[: x.shape[1]]
        for block in self.upper:
            x = block(x, cos, sin)
        return x

    def forward(self, rows: Tensor, following: Tensor) -> list[Tensor]:
        """Scores for each predicted field of the following events, given all fields before it."""
        low = self.lower_stack(rows)
        high = self.upper_stack(low, following)
        out, known = [], torch.zeros_like(low)
        for i, (field, head) in enumerate(zip(PREDICTED, self.heads, strict=True)):
            out.append(head((low if i < len(t.WHEN) else high) + known))
            known = known + self.chosen(following[..., field] + OFFSETS[field])
        return out


def loss(scores: list[Tensor], following: Tensor, counts: Tensor) -> tuple[Tensor, Tensor]:
    """Weighted nats an event, and the plain sums [field, (nats, weight)] for the report."""
    rows = []
    for i, field in enumerate(PREDICTED):
        nats = F.cross_entropy(scores[i].float().flatten(0, 1), following[..., field].flatten(), reduction="none")
        weight = counts[..., i].flatten()
        rows.append(torch.stack([(nats * weight).sum(), weight.sum()]))
    table = torch.stack(rows)
    return table[:, 0].sum() / counts[..., 0].sum().clamp(min=1), table.detach()
