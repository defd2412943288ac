"""What a mock holds while it runs: what exists, its faults, and the calls it answered."""

from collections import deque
from dataclasses import dataclass, field
from typing import Final

from docpact.contract import Contract, Schemas
from docpact.http.har import RecordedCall, har_text
from docpact.mock.behaviour_faults import FaultChoice
from docpact.mock.endpoint import MockEndpoint
from docpact.mock.world import ListedWorld, World

_MOST_RECORDED: Final = 1_000


@dataclass(slots=True)
class Mock:
    """A mock that is served, seen from the code beside it."""

    endpoint: MockEndpoint
    url: str
    schemas: Schemas
    has_controls: bool = True  # the explorer, the controls, and faults by header
    recorded: deque[RecordedCall] = field(default_factory=lambda: deque(maxlen=_MOST_RECORDED))
    _first_world: World = field(init=False)  # what `reset` goes back to

    def __post_init__(self) -> None:
        self.endpoint.takes_fault_header = self.has_controls
        self._first_world = _own_copy(self.endpoint.world)

    @property
    def contract(self) -> Contract:
        """The contract that it answers by."""
        return self.endpoint.contract

    @property
    def world(self) -> World:
        """What exists, to be added to and changed."""
        return self.endpoint.world

    @property
    def calls(self) -> tuple[RecordedCall, ...]:
        """The last calls that were answered, the oldest first."""
        return tuple(self.recorded)

    def fault(self, *names: str, rate: float = 1.0) -> None:
        """Have these faults from now on, and no others; none without names.

        Raises WrongConfiguration if there is no such fault.
        """
        self.endpoint.faults = FaultChoice.of(names, rate, self.contract)

    def reset(self) -> None:
        """Go back to the first world, without faults and without calls."""
        self.endpoint.world = _own_copy(self._first_world)
        self.endpoint.faults = FaultChoice()
        self.recorded.clear()

    def har(self) -> str:
        """The last calls as an HTTP Archive, without secrets."""
        return har_text(self.calls, self.url)


def _own_copy(world: World) -> World:
    """A copy of a world that can change; other worlds always stay as they are."""
    return world.copy() if isinstance(world, ListedWorld) else world
