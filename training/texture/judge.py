"""What a texture model is worth, on windows of pieces that it has not seen (`training.texture.exam`).

python -m training.texture.judge RUN_OR_PACKAGE_FOLDER PACK.npz [--windows N]
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import torch

from bridge.resources import FolderShelf
from engines.accompaniment.grid import Feeds
from engines.accompaniment.texture import CONTEXT, Texture
from engines.models.package import open_package
from engines.models.rack import Rack
from engines.models.runtime import Use
from engines.models.session import installed
from training.notes.pack import load
from training.texture.exam import by_archive, cases
from training.texture.model import Shape, TextureModel
from training.texture.return_exam import figures, judged_returns
from training.texture.windows import tabulated

WINDOWS = 2000


def torch_graphs(model: TextureModel) -> dict[str, Callable[[Feeds], Feeds]]:
    """`encode` and `decode` of a model that is not exported yet."""
    device = next(model.parameters()).device

    def tensors(feeds: Feeds, names: str) -> Iterable[torch.Tensor]:
        return (torch.from_numpy(feeds[name]).to(device) for name in names.split())

    @torch.no_grad()
    def encode(feeds: Feeds) -> Feeds:
        return {"latent": model.encoder(*tensors(feeds, "roll place bar_steps there")).cpu().numpy()}

    @torch.no_grad()
    def decode(feeds: Feeds) -> Feeds:
        said = model.decoder(*tensors(feeds, "latent chords register counts draft place bar_steps there"))
        return {name: part.cpu().numpy() for name, part in zip(("onsets", "lengths"), said, strict=True)}

    return {"encode": encode, "decode": decode}


def in_torch(model: TextureModel) -> Texture:
    """The same, for the engine."""
    return Texture(**torch_graphs(model), context=CONTEXT)


def of_run(run: Path) -> TextureModel:
    """The model of a run."""
    state = torch.load(run / "last.pt", map_location="cpu", weights_only=True)
    model = TextureModel(Shape(**state["shape"])).eval()
    model.load_state_dict(state["model"])
    return model


def of_package(folder: Path) -> Texture:
    """The model of a package."""
    package = open_package(FolderShelf((folder.parent,), "model"), folder.name, "texture")
    return Texture.of(package, Rack(installed, time.perf_counter), Use(provider="cpu"))


def main(words: Sequence[str] | None = None) -> None:
    """Print the gates."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("model", type=Path, help="a run's folder or a package's")
    parser.add_argument("pack", type=Path)
    parser.add_argument("--windows", type=int, default=WINDOWS)
    args = parser.parse_args(words)
    torch.set_num_threads(1)
    is_package = (args.model / "card.json").exists()
    texture = of_package(args.model) if is_package else in_torch(of_run(args.model))
    unseen = tabulated(load(args.pack, ("validation",)))
    found = by_archive(texture, cases(unseen, args.windows))
    found["all"] |= judged_returns(texture, figures(unseen, args.windows))
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
