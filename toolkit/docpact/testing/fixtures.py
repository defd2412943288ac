"""What the plugin's fixtures give a test: a mock to change, a client, and the mock's faults."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, Final

import pytest

from docpact.check import Checker
from docpact.contract import Contract, Media, Place
from docpact.contract.path_template import (
    format_instance_reference,
    instance_request,
    parse_instance_reference,
)
from docpact.core.errors import WrongConfiguration
from docpact.core.exchange import Exchange, Request, Source
from docpact.core.text import near_match
from docpact.faults import FAULTS, Fault, Shows
from docpact.generate.broken import faults_named
from docpact.generate.response_model import MediaChoice, media_of
from docpact.http.client import Client, ConnectionLost
from docpact.http.har import RecordedCall
from docpact.http.signing import Key, signed
from docpact.mock import ListedWorld, Mock, serve
from docpact.mock.instances import instance_validator, valid_answer
from docpact.rules import RULES
from docpact.testing.judging import TeamValidator, validator_for
from docpact.testing.options import options_of

MOCK_KEY: Final = Key("testid", "testsecret")
_REPEATABLE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_INSTANCE: Final = "Instance"
_FIXTURE: Final = "docpact_mock"


# --- docpact_mock ---------------------------------------------------------------------------------


@dataclass(slots=True, repr=False)
class ContractMock:
    """A mock that a test calls and changes."""

    mock: Mock
    validator: TeamValidator
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
        """The requests and answers of this test, the oldest first."""
        return self.mock.calls

    @property
    def requests(self) -> tuple[Request, ...]:
        """The requests of this test, the oldest first."""
        return tuple(each.request for each in self.calls)

    @property
    def running(self) -> tuple[str, ...]:
        """The instances that are running, as in "project1/job1/123"."""
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
        """Add an instance until the test ends, and return its reference.

        Members that it leaves out are those of the page's example. Raises WrongConfiguration if it
        would break the contract; use `fault` to serve wrong answers.
        """
        world = self.mock.world
        if not isinstance(world, ListedWorld):
            raise WrongConfiguration("every instance exists in this world already")
        inner = instance.get(_INSTANCE, instance)
        if not isinstance(inner, Mapping):
            raise WrongConfiguration("an instance must be a mapping of its members")
        members: dict[str, Any] = {**_example(world), **inner}  # checked next
        # A team's own rules may be what a test is about.
        by_the_page = Checker(self.validator.contract, self.validator.schemas)
        value = valid_answer(members, "docpact_mock.add", instance_validator(by_the_page))
        names = world.keys.values_of(value)
        if world.stopped(names) is None:
            world.add(value)
        else:
            world.put(names, value)
        return format_instance_reference(names)

    def remove(self, instance_reference: str) -> None:
        """Remove an instance until the test ends."""
        world = self.mock.world
        if isinstance(world, ListedWorld):
            values = parse_instance_reference(instance_reference, self.validator.contract)
            world.remove(tuple(values.values()))

    def reset(self) -> None:
        """Restore the instances, and forget faults and calls."""
        self.mock.reset()


def _example(world: ListedWorld) -> Mapping[str, object]:
    """The members of the first instance of a world."""
    _, value = next(world.everything(), ((), {}))
    inner = value.get(_INSTANCE)
    return inner if isinstance(inner, dict) else {}


@contextmanager
def mock_for(config: pytest.Config) -> Iterator[ContractMock]:
    """A mock that accepts calls without a signature, and refuses wrong signatures."""
    validator = validator_for(config)
    with serve(
        contract=validator.contract,
        schemas=validator.schemas,
        auth="optional",
        keys={MOCK_KEY.id: MOCK_KEY.secret},
    ) as mock:
        yield ContractMock(mock, validator)


# --- docpact_client -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, repr=False)
class ContractClient:
    """Calls one endpoint, and signs if there is a key."""

    url: str
    contract: Contract
    key: Key | None
    _client: Client

    def __repr__(self) -> str:
        return f"<docpact_client of {self.url}>"

    def call(self, instance_reference: str, *, body: str = "", accept: str = "") -> Exchange:
        """Request an instance, as in "project1/job1/123", in a format if one is named."""
        request = instance_request(instance_reference, self.contract)
        if body:
            request = replace(request, target=f"{request.target}?{self._format(Media(body))}")
        if accept:
            request = replace(request, headers=(*request.headers, ("Accept", accept)))
        return self.send(request)

    def send(self, request: Request) -> Exchange:
        """Send a request as it is, with a signature if there is a key."""
        sent = self._signed(request)
        try:
            response = self._client.send(sent)
        except ConnectionLost:
            if request.method not in _REPEATABLE:
                raise
            sent = self._signed(request)  # anew, for the first one may have been read
            response = self._client.send(sent)
        return Exchange(response, Source(f"{sent.method} {sent.target[:200]}"), sent)

    def _signed(self, request: Request) -> Request:
        if self.key is None:
            return request
        version, prefix = self.contract.operation.version, self._client.endpoint.prefix
        return signed(request, self.key, version=version, prefix=prefix)

    def _format(self, media: Media) -> str:
        for parameter in self.contract.operation.parameters:
            for value in parameter.values:
                if parameter.place is Place.QUERY and value.lower() == media.value:
                    return f"{parameter.wire_name}={value}"
        return ""


@contextmanager
def client_for(config: pytest.Config, mock: Callable[[], ContractMock]) -> Iterator[ContractClient]:
    """A client of the endpoint that this run checks, or else of the mock."""
    options, contract = options_of(config), validator_for(config).contract
    url, key = options.url, options.key
    if not url:
        endpoint = mock()
        url, key = endpoint.url, endpoint.key
    with Client(url, timeout=options.timeout, verify=not options.insecure) as client:
        yield ContractClient(url, contract, key, client)


# --- The mark docpact_faults ----------------------------------------------------------------------


def parametrize(metafunc: pytest.Metafunc) -> str:
    """Run a test once with each fault that its mark names, or with all that any answer shows.

    Returns what is wrong with the mark, if anything is.
    """
    mark, name = metafunc.definition.get_closest_marker("docpact_faults"), metafunc.definition.name
    if mark is None:
        return ""
    if _FIXTURE not in metafunc.fixturenames:
        return f"docpact: {name} has the mark docpact_faults, but does not use {_FIXTURE}"
    try:
        names = [each.name for each in _chosen(*mark.args, **mark.kwargs)]
    except (TypeError, WrongConfiguration) as wrong:
        return f"docpact: {name}: docpact_faults: {wrong}"
    metafunc.parametrize(_FIXTURE, names, indirect=True, ids=names)
    return ""


def _chosen(*names: str, media: MediaChoice | None = None, rule: str | None = None) -> list[Fault]:
    """The faults of these names, or all that a format can show and that break a rule."""
    formats = media_of(media) if media else tuple(Media)
    if rule is not None and rule not in RULES:
        near = near_match(rule, RULES)
        advice = f"did you mean {near}?" if near else "`docpact explain` lists all rules"
        raise WrongConfiguration(f"unknown rule {rule!r}; {advice}")
    chosen = [
        each
        for each in (faults_named(names) if names else _shown_by_any_answer())
        if each.media.intersection(formats) and (rule is None or rule in each.breaks)
    ]
    if not chosen:
        raise WrongConfiguration("no fault matches")
    return chosen


def _shown_by_any_answer() -> Iterator[Fault]:
    for each in FAULTS.values():
        if not each.is_behaviour and each.shows is not Shows.ON_ERRORS:
            yield each
