"""A seat: one graph on one device, and those who play there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from numpy.typing import NDArray

from engines.api import ModelUse
from engines.models.card import Graph
from engines.models.faults import ProviderFailed
from engines.models.golden import Case
from engines.models.package import Package
from engines.models.runtime import Device, Feeds, Session, Use

if TYPE_CHECKING:
    from engines.models.rack import Rack

T = TypeVar("T")


@dataclass(frozen=True)
class Opened:
    """A graph that has shown on its device that it works."""

    device: Device
    graph: Graph
    session: Session
    case: Case
    """What it answered rightly."""
    distance: float
    """How far its answer lay from the golden one."""


class Seat:
    """One graph of a package, ready to play."""

    def __init__(self, rack: Rack, package: Package, role: str, use: Use, opened: Opened, because: str) -> None:
        self._rack = rack
        self.package = package
        self.role = role
        self.use = use
        self.opened = opened
        self.because = because
        """Why it plays where it plays, in words."""

    @property
    def session(self) -> Session:
        """The session it has now."""
        return self.opened.session

    @property
    def graph(self) -> Graph:
        """The variant it plays now."""
        return self.opened.graph

    @property
    def device(self) -> Device:
        """Where it plays now."""
        return self.opened.device

    @property
    def model_use(self) -> ModelUse:
        """Its line in the report."""
        return ModelUse(self.package.id, self.graph.sha256, self.session.provider)

    def run(self, feeds: Feeds, outputs: Sequence[str] | None = None) -> dict[str, NDArray[Any]]:
        """Answer once, for graphs without memory that have the same tensors in every variant."""
        return self.player().perform(lambda session: session.run(feeds, outputs))

    def player(self, replay: Callable[[Session], None] | None = None) -> Player:
        """Somebody who plays here with a memory (caches) of their own."""
        return Player(self, replay)

    def milliseconds(self) -> float:
        """The median time of the golden case."""
        return self._rack.milliseconds(self.opened)

    def move(self, problem: ProviderFailed) -> None:
        """Go to the CPU, if the musician left the choice to us and we are not there already; otherwise it is an error."""
        self.opened, self.because = self._rack.after_failure(self, problem)


class Player:
    """One user of a seat. When the seat has moved to another device, its memory is played to it again."""

    def __init__(self, seat: Seat, replay: Callable[[Session], None] | None) -> None:
        self.seat = seat
        self._replay = replay
        self._session: Session | None = None

    def perform(self, work: Callable[[Session], T]) -> T:
        """Do some work on the seat's session. Before the first work, and after each move, `replay` builds the caches up."""
        while True:
            session = self.seat.session
            try:
                if self._session is not session:
                    if self._replay is not None:
                        self._replay(session)
                    self._session = session
                return work(session)
            except ProviderFailed as problem:
                # Another player of this seat may have moved it meanwhile.
                if self.seat.session is session:
                    self.seat.move(problem)
