"""The model packages of this machine: what they are, whether they are whole, and where they play."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bridge import paths
from bridge.files import atomic
from bridge.resources import FolderShelf
from engines.api import Shelf
from engines.errors import EngineError, Notice, WriteFailed
from engines.models.card import Card, Family
from engines.models.choices import fitting
from engines.models.package import Package, open_package, packages
from engines.models.rack import Rack
from engines.models.runtime import AUTO, Use
from engines.models.seat import Seat


@dataclass(frozen=True)
class FileNotebook:
    """Where measurements are kept between two starts: a small file in the user folder."""

    path: Path

    def read(self) -> bytes:
        """What it holds; nothing when it cannot be read, since it can be measured again."""
        try:
            return self.path.read_bytes()
        except OSError:
            return b""

    def write(self, data: bytes) -> None:
        """Keep this instead. A folder that cannot be written is `doctor`'s to report, and costs only time here."""
        try:
            atomic.write_files(self.path.parent, {self.path.name: data})
        except WriteFailed:
            return


@dataclass(frozen=True)
class Played:
    """A graph that was run here."""

    role: str
    variant: str
    device: str
    provider: str
    milliseconds: float
    """The median of its golden case."""
    distance: float
    """From its golden vector."""
    tolerance: float
    chosen: bool
    """Whether it is the variant that engines get."""


@dataclass(frozen=True)
class Model:
    """A package as `models` and `doctor` show it."""

    id: str
    origin: str
    """`built in`, `yours`, or `yours, instead of the built-in one`."""
    card: Card | None = None
    """None when the package cannot be opened."""
    plays_on: str = ""
    """Where, or what stands in the way, in words."""
    played: tuple[Played, ...] = ()
    problem: EngineError | None = None
    notices: tuple[Notice, ...] = ()


def survey(shelf: Shelf, rack: Rack, provider: str | None = None) -> tuple[Model, ...]:
    """Every package, without running anything; one that is broken does not hide the others."""
    out = []
    for name, found in packages(shelf):
        model = Model(name, _origin(shelf, name))
        if isinstance(found, Package):
            out.append(replace(model, card=found.card, plays_on=_foreseen(rack, found, provider)))
        else:
            out.append(replace(model, problem=found))
    return tuple(out)


def check(shelf: Shelf, rack: Rack, names: Sequence[str] = (), provider: str | None = None) -> tuple[Model, ...]:
    """Packages (all, or those named), each opened, compared with its card and its golden vectors, and timed."""
    if provider not in (None, AUTO):
        rack.named(str(provider))
    return tuple(_checked(shelf, rack, name, provider) for name in names or [name for name, _ in packages(shelf)])


def played(model: Model) -> str:
    """Where a checked model plays, in words."""
    chosen = [each for each in model.played if each.chosen]
    return ", ".join(f"{each.role} on {each.device} as {each.variant}, {each.milliseconds:.2f} ms" for each in chosen)


def _checked(shelf: Shelf, rack: Rack, name: str, provider: str | None) -> Model:
    shelf.path(name)  # a name that is not there at all is the caller's mistake, not a broken package
    model = Model(name, _origin(shelf, name))
    try:
        package = open_package(shelf, name, _family_of_shadowed(shelf, name))
        model = replace(model, card=package.card)
        package.verify()
        runs: list[Played] = []
        for role in package.card.roles:
            runs += _run(rack, package, rack.seat(package, role, Use(provider=provider)))
        return replace(model, played=tuple(runs), notices=rack.notices())
    except EngineError as problem:
        return replace(model, problem=problem, notices=rack.notices())


def _run(rack: Rack, package: Package, seat: Seat) -> list[Played]:
    """Every variant that suits the device of a seat, the chosen one among them."""
    runs = []
    for graph in fitting(package.card.of_role(seat.role), seat.device):
        chosen = graph == seat.graph
        opened = seat.opened if chosen else rack.open(package, graph, seat.use, seat.device)
        runs.append(
            Played(
                role=graph.role,
                variant=graph.variant,
                device=opened.device.name,
                provider=opened.session.provider,
                milliseconds=round(rack.milliseconds(opened), 3),
                distance=opened.distance,
                tolerance=graph.tolerance,
                chosen=chosen,
            )
        )
    return runs


def _foreseen(rack: Rack, package: Package, provider: str | None) -> str:
    use = Use(provider=provider)
    try:
        places = {role: rack.foresee(package, role, use) for role in package.card.roles}
    except EngineError as problem:
        return problem.message
    if len(set(places.values())) == 1:
        return next(iter(places.values()))
    return ", ".join(f"{role}: {place}" for role, place in places.items())


def _family_of_shadowed(shelf: Shelf, name: str) -> Family | None:
    """The family that engines expect behind a built-in name, whoever's package stands there."""
    try:
        return open_package(_behind(shelf, name), name).card.family
    except EngineError:
        return None  # nothing is shadowed, or it cannot be read; it plays no part then


def _origin(shelf: Shelf, name: str) -> str:
    if not Path(shelf.path(name)).is_relative_to((paths.home() / "models").resolve()):
        return "built in"
    return "yours, instead of the built-in one" if name in _behind(shelf, name).ids() else "yours"


def _behind(shelf: Shelf, name: str) -> FolderShelf:
    """The shelf without the folder that a package lies in."""
    place = Path(shelf.path(name))
    folders = getattr(shelf, "folders", ())
    return FolderShelf(tuple(each for each in folders if not place.is_relative_to(each.resolve())), "model")
