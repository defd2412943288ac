"""The mock as tests play with it: a server for the session, a world and faults for each test."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import pytest

from docpact.check import Checker
from docpact.contract.path_template import format_instance_reference, parse_instance_reference
from docpact.core.errors import WrongConfiguration
from docpact.core.exchange import Request
from docpact.faults import FAULTS, Fault
from docpact.http.har import RecordedCall
from docpact.http.signing import Key
from docpact.mock import ListedWorld, Mock, serve
from docpact.mock.instances import instance_validator, valid_answer
from docpact.testing.judging import Judging, judging_for

MOCK_KEY: Final = Key("testid", "testsecret")
_INSTANCE: Final = "Instance"


@dataclass(slots=True, repr=False)
class PlayedEndpoint:
    """A mock that a test calls, and changes as it likes."""

    mock: Mock
    judging: Judging
    key: Key = MOCK_KEY

    def __repr__(self) -> str:
        fault = f" with {self.current_fault.name}" if self.current_fault else ""
        return f"<docpact_mock at {self.url}{fault}>"

    @property
    def url(self) -> str:
        """The address to call."""
        return self.mock.url

    @property
    def calls(self) -> tuple[RecordedCall, ...]:
        """What was asked and answered in this test, the oldest first."""
        return self.mock.calls

    @property
    def requests(self) -> tuple[Request, ...]:
        """What was asked in this test, the oldest first."""
        return tuple(each.request for each in self.calls)

    @property
    def running(self) -> tuple[str, ...]:
        """What can be asked for, as in "project1/job1/123"."""
        return tuple(map(format_instance_reference, self.mock.world.known()[0]))

    @property
    def current_fault(self) -> Fault | None:
        """The first of the faults that it has."""
        names = self.mock.endpoint.faults.names
        return FAULTS[names[0]] if names else None

    def fault(self, *names: str, rate: float = 1.0) -> None:
        """Have these faults until the test ends, and no others; none without names.

        Raises WrongConfiguration if there is no such fault.
        """
        self.mock.fault(*names, rate=rate)

    def add(self, instance: Mapping[str, object]) -> str:
        """Let an instance exist until the test ends, and return how it is asked for.

        What it leaves out is as in the page's example. Raises WrongConfiguration if it would break
        the contract; what is wrong is served by `fault`.
        """
        world = self.mock.world
        if not isinstance(world, ListedWorld):
            raise WrongConfiguration("in this world everything exists already")
        inner = instance.get(_INSTANCE, instance)
        if not isinstance(inner, Mapping):
            raise WrongConfiguration("an instance is a mapping of its members")
        members: dict[str, Any] = {**_example(world), **inner}  # checked next
        # A team's own rules may be what a test is about.
        page = Checker(self.judging.contract, self.judging.schemas)
        value = valid_answer(members, "docpact_mock.add", instance_validator(page))
        names = world.keys.values_of(value)
        if world.stopped(names) is None:
            world.add(value)
        else:
            world.put(names, value)
        return format_instance_reference(names)

    def remove(self, asked: str) -> None:
        """Let an instance exist no longer, until the test ends."""
        world = self.mock.world
        if isinstance(world, ListedWorld):
            world.remove(tuple(parse_instance_reference(asked, self.judging.contract).values()))

    def reset(self) -> None:
        """The world as it was, no faults, no calls."""
        self.mock.reset()


def _example(world: ListedWorld) -> Mapping[str, object]:
    """The members of the first instance of a world."""
    _, value = next(world.everything(), ((), {}))
    inner = value.get(_INSTANCE)
    return inner if isinstance(inner, dict) else {}


@contextmanager
def played(config: pytest.Config) -> Iterator[PlayedEndpoint]:
    """A mock that takes calls without a signature, and refuses wrong ones."""
    judging = judging_for(config)
    with serve(
        contract=judging.contract,
        schemas=judging.schemas,
        auth="optional",
        keys={MOCK_KEY.id: MOCK_KEY.secret},
    ) as mock:
        yield PlayedEndpoint(mock, judging)
