"""Train the note decoder.

    python -m training.notes.train PACK.npz RUN_FOLDER [--size tiny] [--green] [--steps N] [--rest M] [--minutes T]

Runs unchanged on one CPU thread and on a GPU. The rate rises for a hundred steps, stays, and falls to nothing over the last
M of N steps, so a run can be prolonged as long as it has not begun to fall. A checkpoint is written every few minutes and
when the slice of T minutes is over; the same command goes on from there. Progress goes to RUN_FOLDER/log.jsonl. With
`--share-at S` the heads of a block have keys and values of their own for S steps and share the mean of them from then on.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch

from engines.models import tokens as t
from training.course import CHECKPOINT_SECONDS, Course, keep, optimisers
from training.notes.batches import POOL, Batch, Lessons
from training.notes.likelihood import held_out
from training.notes.model import BASE, PREDICTED, TINY, NoteDecoder, Shape, loss
from training.notes.pack import load
from training.notes.sharing import shared

SIZES = {"tiny": TINY, "base": BASE, "mini": Shape(64, 1, 1, 32)}
REPORT_STEPS, EXAM_STEPS = 50, 500


@dataclass(frozen=True)
class NotesCourse(Course):
    """The same for the note decoder."""

    events: int
    """Events a step."""
    share_at: int = 0
    """From this step on the heads of a block share keys and values."""


def matrices(model: NoteDecoder) -> list[str]:
    """The matrices inside blocks, in the order of the model."""
    return [n for n, w in model.named_parameters() if w.ndim == 2 and n.startswith(("lower", "upper"))]


class Run:
    """A model in training, and where it has got to."""

    def __init__(self, folder: Path, shape: Shape, course: NotesCourse, *, compile_: bool, command: str) -> None:
        self.folder, self.course, self.command = folder, course, command
        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        torch.manual_seed(course.seed)
        state = self._kept()
        self.step = state["step"] if state else 0
        apart = self.step < course.share_at
        self.model = NoteDecoder(replace(shape, kv=shape.heads if apart else shape.kv)).to(self.device)
        self.optimisers = optimisers(self.model, matrices(self.model), course.rate, self.device)
        self._loss = torch.compile(self._plain) if compile_ else self._plain
        folder.mkdir(parents=True, exist_ok=True)
        if state:
            self._resume(state if apart else shared(state, matrices(self.model)))

    def _kept(self) -> dict[str, Any] | None:
        file = self.folder / "last.pt"
        return torch.load(file, map_location=self.device, weights_only=True) if file.exists() else None

    def _resume(self, state: dict[str, Any]) -> None:
        self.model.load_state_dict(state["model"])
        for optimiser, kept in zip(self.optimisers, state["optimisers"], strict=True):
            optimiser.load_state_dict(kept)

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

    def _plain(self, rows: torch.Tensor, counts: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        with torch.autocast(self.device, torch.bfloat16):
            scores = self.model(rows[:, :-1], rows[:, 1:])
            return loss(scores, rows[:, 1:], counts)

    def learn(self, batch: Batch) -> torch.Tensor:
        """One step; the sums [field, (nats, weight)]."""
        rows = torch.from_numpy(batch.rows).to(self.device, non_blocking=True)
        counts = torch.from_numpy(batch.counts).to(self.device, non_blocking=True)
        value, table = self._loss(rows, counts)
        value.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        rate = self.course.rate_at(self.step)
        for optimiser in self.optimisers:
            for group in optimiser.param_groups:
                group["lr"] = rate
            optimiser.step()
            optimiser.zero_grad(set_to_none=True)
        self.step += 1
        return table

    def log(self, **row: Any) -> None:
        """A line for the log and the screen."""
        line = json.dumps({"step": self.step, "of": self.course.steps, **row})
        print(line, flush=True)
        with (self.folder / "log.jsonl").open("a", encoding="utf-8") as log:
            log.write(line + "\n")


def names() -> list[str]:
    """The predicted fields, in order."""
    return [t.FIELDS[field].name for field in PREDICTED]


def train(run: Run, end: int, batches: Iterator[Batch], until: float, exam: Any) -> None:
    """Until a step, or until a time."""
    began = saved = time.monotonic()
    sums, events = torch.zeros(len(PREDICTED), 2), 0
    while run.step < end and time.monotonic() < until:
        batch = next(batches)
        sums += run.learn(batch).cpu()
        events += batch.counts.shape[0] * batch.counts.shape[1]
        if run.step % REPORT_STEPS == 0:
            nats = {
                n: round(v, 4) for n, v in zip(names(), (sums[:, 0] / sums[:, 1].clamp(min=1)).tolist(), strict=True)
            }
            seconds = round(time.monotonic() - began, 1)
            run.log(rate=round(run.course.rate_at(run.step), 6), seconds=seconds, events=events, train=nats)
            sums.zero_()
        if run.step % EXAM_STEPS == 0:
            run.log(held_out=exam(run.model))
        if time.monotonic() - saved > CHECKPOINT_SECONDS:
            run.save()
            saved = time.monotonic()
    run.save()
    run.log(held_out=exam(run.model))


def main(words: Sequence[str] | None = None) -> None:
    """Train, or go on training."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("pack", type=Path)
    parser.add_argument("run", type=Path)
    parser.add_argument("--size", choices=SIZES, default="tiny")
    parser.add_argument("--green", action="store_true", help="only pieces whose weights may be shipped without doubt")
    parser.add_argument("--steps", type=int, default=6000)
    parser.add_argument("--rest", type=int, default=1200)
    parser.add_argument("--events", type=int, default=8192, help="events a step")
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--minutes", type=float, default=1e9, help="stop after so long; the same command goes on")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--share-at", type=int, default=0, help="the step from which heads share keys and values")
    parser.add_argument("--compile", action="store_true", help="faster after a few minutes; needs a C++ compiler")
    args = parser.parse_args(words)
    torch.set_num_threads(args.threads)
    course = NotesCourse(args.steps, args.rest, args.rate, args.seed, args.events, args.share_at)
    told = [f"--{name} {getattr(args, name)}" for name in ("size", "steps", "rest", "events", "rate", "seed")]
    told += [f"--share-at {args.share_at}"] if args.share_at else []
    command = " ".join(["python -m training.notes.train PACK RUN", *told, *(["--green"] if args.green else [])])
    lessons = Lessons(load(args.pack, ("train",), green=args.green), args.seed, args.events)
    judges = load(args.pack, ("validation",))
    until = 60 * args.minutes + time.monotonic()
    while True:
        run = Run(args.run, SIZES[args.size], course, compile_=args.compile, command=command)
        end = args.share_at if run.step < args.share_at else args.steps
        # A slice that ended inside a pool goes on with the next one.
        batches = lessons.from_pool(-(-run.step // POOL))
        run.log(device=run.device, parameters=sum(w.numel() for w in run.model.parameters()))
        train(run, end, batches, until, lambda model: held_out(model, judges))
        if run.step >= args.steps or time.monotonic() >= until:
            return


if __name__ == "__main__":
    main()
