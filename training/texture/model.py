"""The texture model in torch.

Two networks that read all steps of a window at once. The encoder turns a roll into 64 numbers; the decoder turns these, chords
and a register into a score for every key at every step. Between steps and the 64 numbers stands a table of 48 places, 24 for
each bar, so that a place means the same in any metre.

The chords reach every answer directly, in four ways that are added: by the key, by the key's distance from the root, and by
whether the key is a tone of the chord or its bass. What is left to learn is which of them a texture asks for.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import torch
import torch.nn.functional as F  # noqa: N812  the name that everybody knows
from torch import Tensor, nn

from engines.accompaniment.grid import CHORD, DRAFT, KEYS, LATENT, LONGEST_BAR, LOWEST_KEY, PLACES, REGISTER, UNSAID

BELIEVED = 4.0
"""What it is worth at first to a key that a draft has it."""
OVER_ROOT = KEYS + 11
"""Distances of a key from a root in the lowest octave."""


@dataclass(frozen=True)
class Shape:
    """How large it is."""

    width: int = 192
    encoder: int = 2
    decoder: int = 6
    head: int = 64
    latent: int = LATENT
    lane: int = 24
    """Numbers that a step gives to, or takes from, its place in the table."""


class Block(nn.Module):
    """Attention to all steps of the window, then a look at oneself."""

    def __init__(self, width: int, head: int) -> None:
        super().__init__()
        self.head = head
        self.norm_a, self.norm_b = nn.RMSNorm(width, eps=1e-5), nn.RMSNorm(width, eps=1e-5)
        self.qkv, self.o = nn.Linear(width, 3 * width, bias=False), nn.Linear(width, width, bias=False)
        self.up, self.down = nn.Linear(width, 4 * width, bias=False), nn.Linear(4 * width, width, bias=False)

    def forward(self, x: Tensor, bias: Tensor) -> Tensor:
        """[windows, steps, width] → the same; `bias` hides what fills up."""
        n, steps, width = x.shape
        q, k, v = (
            y.view(n, steps, width // self.head, self.head).transpose(1, 2)
            for y in self.qkv(self.norm_a(x)).chunk(3, dim=-1)
        )
        # Written out: with so few steps, torch's own attention takes four times as long on a processor.
        y = F.softmax(q @ k.transpose(2, 3) * self.head**-0.5 + bias, dim=-1).to(v.dtype) @ v
        x = x + self.o(y.transpose(1, 2).reshape(n, steps, width))
        out: Tensor = x + self.down(F.gelu(self.up(self.norm_b(x))))
        return out


class Steps(nn.Module):
    """Where in a bar of which length a step stands."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.place, self.bar = nn.Embedding(PLACES, width), nn.Embedding(LONGEST_BAR + 1, width)

    def forward(self, place: Tensor, bar_steps: Tensor) -> Tensor:
        """[windows, steps] → [windows, steps, width]."""
        out: Tensor = self.place(place) + self.bar(bar_steps)
        return out


class Encoder(nn.Module):
    """A roll as 64 numbers of mean square 1."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        width = shape.width
        self.steps, self.roll = Steps(width), nn.Linear(2 * KEYS, width)
        self.blocks = nn.ModuleList(Block(width, shape.head) for _ in range(shape.encoder))
        self.norm, self.lane = nn.RMSNorm(width, eps=1e-5), nn.Linear(width, shape.lane, bias=False)
        self.out = nn.Linear(PLACES * shape.lane, shape.latent)

    def forward(self, roll: Tensor, place: Tensor, bar_steps: Tensor, there: Tensor) -> Tensor:
        """[windows, steps, 2 × KEYS] → [windows, latent]."""
        x, bias = self.roll(roll) + self.steps(place, bar_steps), hidden(there)
        for block in self.blocks:
            x = block(x, bias)
        lane = self.lane(self.norm(x))
        table = seats(place, there).to(lane.dtype).transpose(1, 2) @ lane
        z = self.out(table.flatten(1)).float()
        return z * torch.rsqrt(z.square().mean(dim=1, keepdim=True) + 1e-5)


class Decoder(nn.Module):
    """64 numbers over chords."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        width = shape.width
        self.shape = shape
        self.steps, self.counts = Steps(width), nn.Embedding(UNSAID + 1, width)
        self.table, self.lane = nn.Linear(shape.latent, PLACES * shape.lane), nn.Linear(shape.lane, width, bias=False)
        self.asked, self.draft = nn.Linear(CHORD + REGISTER, width), nn.Linear(DRAFT, width, bias=False)
        self.blocks = nn.ModuleList(Block(width, shape.head) for _ in range(shape.decoder))
        self.norm = nn.RMSNorm(width, eps=1e-5)
        self.mix = nn.Linear(width + CHORD, width)
        self.keys, self.lean = nn.Linear(width, 4 * KEYS + OVER_ROOT), nn.Linear(width, KEYS)
        keys = torch.arange(KEYS)
        self.register_buffer("pcs", (keys + LOWEST_KEY) % 12, persistent=False)
        self.register_buffer("over", keys + 11, persistent=False)

    def forward(
        self, latent: Tensor, chords: Tensor, register: Tensor, counts: Tensor, draft: Tensor, place: Tensor,
        bar_steps: Tensor, there: Tensor,
    ) -> tuple[Tensor, Tensor]:  # fmt: skip
        """Onsets and lengths, both [windows, steps, KEYS]."""
        lanes = self.table(latent).view(-1, PLACES, self.shape.lane)
        x = self.lane(seats(place, there).to(lanes.dtype) @ lanes)
        x = x + self.steps(place, bar_steps) + self.counts(counts) + self.asked(torch.cat([chords, register], dim=-1))
        x = x + self.draft(draft)
        bias = hidden(there)
        for block in self.blocks:
            x = block(x, bias)
        x = F.gelu(self.mix(torch.cat([self.norm(x), chords.to(x.dtype)], dim=-1)))
        y, lean = self.keys(x), self.lean(x).float()
        plain, lengths, tone, bass, over = y.float().split([KEYS] * 4 + [OVER_ROOT], dim=-1)
        root = chords[..., :12].argmax(dim=-1, keepdim=True)
        onsets = plain + over.gather(2, self.over - root) + lean * draft[..., :KEYS]
        onsets = onsets + tone * chords[..., 12 + self.pcs] + bass * chords[..., 24 + self.pcs]
        return onsets, lengths


class TextureModel(nn.Module):
    """Both."""

    def __init__(self, shape: Shape | None = None) -> None:
        super().__init__()
        self.shape = shape or Shape()
        self.encoder, self.decoder = Encoder(self.shape), Decoder(self.shape)
        self._start()

    def _start(self) -> None:
        for name, weight in self.named_parameters():
            if name.endswith("bias"):
                nn.init.zeros_(weight)
            elif "steps" in name or "counts" in name:
                nn.init.normal_(weight, std=0.1)
            elif weight.ndim == 2:
                deep = self.shape.encoder if name.startswith("encoder") else self.shape.decoder
                scale = (2 * deep) ** -0.5 if name.endswith(("o.weight", "down.weight")) else 1.0
                nn.init.normal_(weight, std=scale * weight.shape[1] ** -0.5)
        # At first hardly any key sounds.
        nn.init.normal_(self.decoder.keys.weight, std=0.02)
        self.decoder.keys.bias.data[:KEYS] = -4.5
        # Drafts come later in the lessons, change nothing before, and are believed at first.
        nn.init.zeros_(self.decoder.draft.weight)
        nn.init.zeros_(self.decoder.lean.weight)
        nn.init.constant_(self.decoder.lean.bias, BELIEVED)

    def config(self) -> dict[str, Any]:
        """What rebuilds it."""
        return asdict(self.shape)


def seats(place: Tensor, there: Tensor) -> Tensor:
    """[windows, steps, PLACES]: 1 where a step stands."""
    return F.one_hot(place, PLACES) * there[..., None]


def hidden(there: Tensor) -> Tensor:
    """[windows, 1, 1, steps]: what attention adds so that nobody listens to what fills up."""
    return ((there - 1) * 1e4)[:, None, None]
