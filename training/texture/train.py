"""Train the texture model.

    python -m training.texture.train PACK.npz RUN_FOLDER [--size small] [--green] [--steps N] [--rest M] [--minutes T]
    … --start OTHER_RUN --returns RETURNS.npz       goes on from another run, with drafts (`training.texture.returns`)

Runs unchanged on one CPU thread and on a GPU. The rate rises for a hundred steps, stays, and falls to nothing over the last
M of N steps, so a run can be prolonged as long as it has not begun to fall. A checkpoint is written every few minutes and when
the slice of T minutes is over; the same command goes on from there. Progress goes to RUN_FOLDER/log.jsonl.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F  # noqa: N812  the name that everybody knows
from torch import Tensor

from training.course import CHECKPOINT_SECONDS, Course, keep, optimisers
from training.notes.pack import load
from training.texture.batches import STEPS_A_BATCH, Batch, Batches
from training.texture.exam import cases, judged
from training.texture.judge import in_torch
from training.texture.model import Shape, TextureModel
from training.texture.return_exam import figures, judged_returns
from training.texture.returns import Returns, returns_of
from training.texture.windows import Table, tabulated

SIZES = {"small": Shape(), "large": Shape(384, 3, 6), "mini": Shape(64, 1, 2, 32, lane=8)}
REPORT_STEPS, EXAM_STEPS, EXAM_WINDOWS = 100, 1000, 300
NOISE = 0.1
"""Added to latents in training, so that neighbours mean much the same and eight bits are enough to store one."""
LENGTHS = 0.3
"""The weight of lengths beside onsets."""
LOSSES = ("onsets", "lengths")


def matrices(model: TextureModel) -> list[str]:
    """The matrices inside blocks, in the order of the model."""
    return [n for n, w in model.named_parameters() if w.ndim == 2 and ".blocks." in n]


def losses(model: TextureModel, *tensors: Tensor) -> Tensor:
    """Nats a step for onsets, and how far lengths lie off a step, in octaves."""
    roll, place, bar_steps, there, chords, register, counts, draft, onsets, lengths = tensors
    latent = model.encoder(roll, place, bar_steps, there)
    latent = latent + NOISE * torch.randn_like(latent)
    said, long = model.decoder(latent, chords, register, counts, draft, place, bar_steps, there)
    off = F.binary_cross_entropy_with_logits(said, onsets, reduction="none").sum(dim=-1)
    late = (F.smooth_l1_loss(long, lengths, reduction="none") * onsets).sum(dim=-1)
    return torch.stack([(off * there).sum(), (late * there).sum()]) / there.sum()


class Run:
    """A model in training, and where it has got to."""

    def __init__(self, folder: Path, shape: Shape, course: Course, *, compile_: bool, command: str) -> None:
        self.folder, self.course, self.command = folder, course, command
        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        torch.manual_seed(course.seed)
        self.model = TextureModel(shape).to(self.device)
        self.optimisers = optimisers(self.model, matrices(self.model), course.rate, self.device)
        self.step = 0
        # Batches have three lengths, each compiled once.
        self._losses = torch.compile(self._plain, dynamic=False) if compile_ else self._plain
        folder.mkdir(parents=True, exist_ok=True)
        if (folder / "last.pt").exists():
            self._resume(torch.load(folder / "last.pt", map_location=self.device, weights_only=True))

    def _resume(self, state: dict[str, Any]) -> None:
        self.model.load_state_dict(state["model"])
        for optimiser, kept in zip(self.optimisers, state["optimisers"], strict=True):
            optimiser.load_state_dict(kept)
        self.step = state["step"]

    def begin_with(self, other: Path) -> None:
        """Take over the weights of another run."""
        state = torch.load(other / "last.pt", map_location=self.device, weights_only=True)
        self.model.load_state_dict(state["model"])
        self.command = f"{state['command']} && {self.command}"

    def save(self) -> None:
        """Write the checkpoint aside, then put it in place."""
        state = {
            "model": self.model.state_dict(),
            "optimisers": [optimiser.state_dict() for optimiser in self.optimisers],
            "step": self.step,
            "shape": self.model.config(),
            "command": self.command,
        }
        keep(state, self.folder / "last.pt")

    def _plain(self, *tensors: Tensor) -> Tensor:
        with torch.autocast(self.device, torch.bfloat16):
            return losses(self.model, *tensors)

    def learn(self, batch: Batch) -> Tensor:
        """One step; the losses."""
        arrays = [getattr(batch, field.name) for field in fields(batch)]
        tensors = [torch.from_numpy(array).to(self.device, non_blocking=True) for array in arrays]
        found = self._losses(*tensors)
        (found[0] + LENGTHS * found[1]).backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        rate = self.course.rate_at(self.step)
        for optimiser in self.optimisers:
            for group in optimiser.param_groups:
                group["lr"] = rate
            optimiser.step()
            optimiser.zero_grad(set_to_none=True)
        self.step += 1
        return found.detach()

    def log(self, **row: Any) -> None:
        """A line for the log and the screen."""
        line = json.dumps({"step": self.step, "of": self.course.steps, **row})
        print(line, flush=True)
        with (self.folder / "log.jsonl").open("a", encoding="utf-8") as log:
            log.write(line + "\n")


def train(run: Run, batches: Iterator[Batch], minutes: float, exam: Callable[[], dict[str, float]]) -> None:
    """Until the course is over or the slice is."""
    began = saved = time.monotonic()
    sums, windows, count = torch.zeros(len(LOSSES), device=run.device), 0, 0
    while run.step < run.course.steps and time.monotonic() - began < 60 * minutes:
        batch = next(batches)
        sums += run.learn(batch)
        windows, count = windows + len(batch.place), count + 1
        if run.step % REPORT_STEPS == 0:
            found = {name: round(value, 4) for name, value in zip(LOSSES, (sums / count).tolist(), strict=True)}
            seconds = round(time.monotonic() - began, 1)
            run.log(rate=round(run.course.rate_at(run.step), 6), seconds=seconds, windows=windows, train=found)
            sums, count = sums.zero_(), 0
        if run.step % EXAM_STEPS == 0:
            run.log(gates=exam())
        if time.monotonic() - saved > CHECKPOINT_SECONDS:
            run.save()
            saved = time.monotonic()
    run.save()
    run.log(gates=exam())


def main(words: Sequence[str] | None = None) -> None:
    """Train, or go on training."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("pack", type=Path)
    parser.add_argument("run", type=Path)
    parser.add_argument("--size", choices=SIZES, default="small")
    parser.add_argument("--green", action="store_true", help="only pieces whose weights may be shipped without doubt")
    parser.add_argument("--steps", type=int, default=16000)
    parser.add_argument("--rest", type=int, default=4800)
    parser.add_argument("--grid", type=int, default=STEPS_A_BATCH, help="sixteenths in a batch")
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--minutes", type=float, default=1e9, help="stop after so long; the same command goes on")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--start", type=Path, help="another run, whose weights this one begins with")
    parser.add_argument(
        "--returns", type=Path, help="figures that return, to be learned with drafts; made where it is not there"
    )
    parser.add_argument("--compile", action="store_true", help="faster after a few minutes; needs a C++ compiler")
    args = parser.parse_args(words)
    torch.set_num_threads(args.threads)
    course = Course(args.steps, args.rest, args.rate, args.seed)
    told = [f"--{name} {getattr(args, name)}" for name in ("size", "steps", "rest", "grid", "rate", "seed")]
    command = " ".join(["python -m training.texture.train PACK RUN", *told, *(["--green"] if args.green else [])])
    command += " --start RUN --returns RETURNS" if args.returns else ""
    run = Run(args.run, SIZES[args.size], course, compile_=args.compile, command=command)
    if args.start and not run.step:
        run.begin_with(args.start)
    table = tabulated(load(args.pack, ("train",), green=args.green))
    batches = Batches(table, args.seed, args.grid, _returns(args.returns, table))
    unseen = tabulated(load(args.pack, ("validation",)))
    judges, returning = cases(unseen, EXAM_WINDOWS), figures(unseen, EXAM_WINDOWS) if args.returns else []
    run.log(device=run.device, parameters=sum(w.numel() for w in run.model.parameters()), epoch=batches.per_epoch)

    def exam() -> dict[str, float]:
        texture = in_torch(run.model)
        return judged(texture, judges) | (judged_returns(texture, returning) if returning else {})

    train(run, batches.from_batch(run.step), args.minutes, exam)


def _returns(file: Path | None, table: Table) -> Returns | None:
    """The lessons in a file; they are worked out where it is not there yet."""
    if file is None:
        return None
    if not file.exists():
        returns_of(table).save(file)
    return Returns.read(file)


if __name__ == "__main__":
    main()
