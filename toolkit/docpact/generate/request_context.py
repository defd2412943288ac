"""What requests are made from: an operation, and what is known to exist at the endpoint."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from random import Random
from typing import Final, Protocol, TypeVar
from urllib.parse import quote

from docpact.contract import WHOLE_NUMBERS, Contract, Kind, Operation, Parameter, Place
from docpact.contract.path_template import PathTemplate, encoded_segment
from docpact.core.errors import BrokenContract, WrongConfiguration
from docpact.core.exchange import Expectation, Headers, Outcome, Request
from docpact.core.span import Origin

Values = tuple[str, ...]  # one for each parameter of the path, in its order, decoded
Known = tuple[str | int, ...]  # the same as a caller writes it: ("project1", "job1", 412536)
T = TypeVar("T")

_WHOLE_NUMBER = re.compile(r"-?[0-9]{1,40}", re.ASCII)
_RUNS: Final = Expectation(Outcome.SUCCESS, "the instance is known to run")
_STOPPED: Final = Expectation(Outcome.FAILURE, "its job is known not to run")
UNKNOWN: Final = Expectation(Outcome.EITHER, "nothing is known about the instance")


class Signing(StrEnum):
    """What a sender that has a key does with a request; one that has none sends it as it is."""

    VALID = "sign it"
    NOT_AT_ALL = "leave its Authorization as it is, or leave it without one"
    OTHER_SECRET = "sign it with the key's id and a secret that is not its own"  # noqa: S105
    ALTERED = "sign it, then change the signature's last characters"
    WITHOUT_QUERY = "sign it as if it had no query"


@dataclass(frozen=True, slots=True)
class RequestCase:
    """A request, and what the contract says must come of it."""

    request: Request
    expectation: Expectation
    label: str = ""  # a name of REQUEST_LABELS
    safe: bool = True  # whether it cannot change anything, whatever the server makes of it
    signing: Signing = Signing.VALID


class Pick(Protocol):
    """Picks a value: the first of the pool for a probe; any of them, or another, at random."""

    def __call__(self, pool: Sequence[T], draw: Callable[[Random], T] | None = None, /) -> T:
        """One of the pool, or what `draw` returns."""


@dataclass(frozen=True, slots=True)
class RequestSubject:
    """The instance that a request is about, and which of its values the request may change."""

    values: Values
    position: int = 0

    @property
    def value(self) -> str:
        """The value that may be changed."""
        return self.values[self.position]

    def with_value(self, value: str) -> Values:
        """The instance with another value in that place."""
        return (*self.values[: self.position], value, *self.values[self.position + 1 :])


@dataclass(frozen=True, slots=True)
class RequestContext:
    """An operation, and what is known to exist at the endpoint."""

    operation: Operation
    parameters: tuple[Parameter, ...]  # those of the path, in its order
    current: Mapping[str, tuple[str, ...]]  # by parameter: what asks for no particular instance
    accepted: Mapping[str, str]  # values of optional parameters that the endpoint takes, by name
    running: tuple[Values, ...]
    not_running: tuple[Values, ...]
    subjects: tuple[Values, ...]  # the instances to ask for where any will do
    everything_exists: bool = False  # the endpoint answers for any instance, whatever its names
    current_origins: Mapping[str, Origin] = field(default_factory=dict)  # by parameter: who says so
    absent_fails: bool = True  # whether the contract says that what does not exist or run fails

    @property
    def example(self) -> Values:
        """The instance that the page gives as an example."""
        return tuple(map(_example, self.parameters))

    def narrowed(self) -> "RequestContext":
        """The same with a single subject."""
        return replace(self, subjects=self.subjects[:1])

    def each_parameter(self, kind: Kind) -> tuple[RequestSubject, ...]:
        """Each parameter of that kind, for each subject."""
        positions = [at for at, each in enumerate(self.parameters) if each.kind is kind]
        return tuple(RequestSubject(values, at) for values in self.subjects for at in positions)

    def taken(self, position: int) -> frozenset[str]:
        """The known values of one parameter."""
        known = (*self.running, *self.not_running, self.example)
        return frozenset(each[position] for each in known)

    def expected_of(self, values: Values) -> Expectation:
        """What must come of a well-formed request."""
        if values in self.running:
            return _RUNS
        if values in self.not_running:
            return self._expected_of_stopped
        fixed = [at for at, each in enumerate(values) if each not in self.current_at(at)]
        return UNKNOWN if len(fixed) == len(values) else self._expected_of_current(values, fixed)

    def _expected_of_current(self, values: Values, fixed: list[int]) -> Expectation:
        if any(all(each[at] == values[at] for at in fixed) for each in self.running):
            return self._expected_current(values)
        if any(all(each[at] == values[at] for at in fixed) for each in self.not_running):
            return self._expected_of_stopped
        return UNKNOWN

    @property
    def _expected_of_stopped(self) -> Expectation:
        return _STOPPED if self.absent_fails else UNKNOWN

    def _expected_current(self, values: Values) -> Expectation:
        """The job runs; who says that such a value asks for its current instance, if anybody."""
        free = [at for at, each in enumerate(values) if each in self.current_at(at)]
        name, value = self.parameters[free[0]].name, values[free[0]]
        because = f"{value} asks for the current instance, and one of the job is known to run"
        return replace(_RUNS, because=because, origin=self.current_origins.get(name))

    def current_at(self, position: int) -> tuple[str, ...]:
        """The values of one parameter that ask for no particular instance."""
        return self.current.get(self.parameters[position].name, ())

    def must_fail(
        self, values: Values, because: str, blame: Parameter | None = None, *, position: int
    ) -> Expectation:
        """What must come of a wrong request, unless it can be read as one for what runs."""
        may_exist = self.everything_exists or not self.absent_fails
        if values in self.running or (may_exist and blame is None):
            return UNKNOWN
        origin = blame.origin if blame else None
        changed = self.parameters[position].name
        return Expectation(Outcome.FAILURE, because, origin=origin, parameter=changed)

    def listed(self) -> tuple[Parameter, ...]:
        """The parameters of the query whose values the page lists."""
        every = self.operation.parameters
        return tuple(each for each in every if each.place is Place.QUERY and each.values)

    def headers(self) -> tuple[Parameter, ...]:
        """The parameters that travel as headers and have a value that a header can hold."""
        every = (each for each in self.operation.parameters if each.place is Place.HEADER)
        return tuple(each for each in every if _fits_a_header(self.header_value(each)))

    def header_value(self, parameter: Parameter) -> str:
        """What to send in a header: what the endpoint takes, or else the page's example."""
        return self.accepted.get(parameter.name, parameter.example)

    def case(  # noqa: PLR0913  # a request has that many parts
        self,
        segments: Sequence[str],
        expectation: Expectation,
        *,
        query: str = "",
        headers: Headers = (),
        method: str = "",
        signing: Signing = Signing.VALID,
    ) -> RequestCase:
        """A request with these segments, which are encoded already, in the path's places."""
        path = PathTemplate.parse(self.operation.path).fill_encoded(segments)
        target = f"{path}?{query}" if query else path
        request = Request(method or self.operation.method, target, headers)
        return RequestCase(request, expectation, signing=signing)


@dataclass(frozen=True, slots=True)
class RequestKind:
    """One label: the requests that it stands for, and how one is made."""

    label: str
    summary: str
    subjects: Callable[[RequestContext], tuple[RequestSubject, ...]]  # none if it does not apply
    make: Callable[[RequestContext, RequestSubject, Pick], RequestCase]
    every_subject: bool = False  # whether probes need one request for each

    def case(self, context: RequestContext, subject: RequestSubject, pick: Pick) -> RequestCase:
        """A request of this kind."""
        return replace(self.make(context, subject, pick), label=self.label)


def canonical(values: Values) -> tuple[str, ...]:
    """The values as segments of a path."""
    return tuple(map(encoded_segment, values))


def query_with(parameter: Parameter, *values: str) -> str:
    """A query that holds a parameter, once for each value."""
    return "&".join(f"{parameter.wire_name}={quote(each, safe='')}" for each in values)


def context_of(
    contract: Contract,
    running: Sequence[Known],
    not_running: Sequence[Known],
    accepted: Mapping[str, str] | None,
) -> RequestContext:
    """The context for a contract and what its caller knows.

    Raises BrokenContract if the page shows no path, WrongConfiguration if what is known does not
    fit it.
    """
    operation = contract.operation
    by_name = {each.name: each for each in operation.parameters}
    placeholders = PathTemplate.parse(operation.path).names
    if not operation.path or not by_name.keys() >= set(placeholders):
        raise BrokenContract(f"{contract.page} does not show how a request is made")
    parameters = tuple(by_name[each] for each in placeholders)
    up, down = (
        tuple(_values(each, parameters) for each in many) for many in (running, not_running)
    )
    if both := set(up) & set(down):
        raise WrongConfiguration(f"{_shown(min(both))} cannot both run and not run")
    current = {each.parameter: each.unless for each in contract.constraints.echoes if each.unless}
    origins = _origins_of_current(contract, current)
    context = RequestContext(
        operation,
        parameters,
        current,
        accepted or {},
        up,
        down,
        up,
        current_origins=origins,
        absent_fails=contract.ruling_on("unexpected-success") is not None,
    )
    return context if up else replace(context, subjects=(context.example,))


def _origins_of_current(
    contract: Contract, current: Mapping[str, tuple[str, ...]]
) -> dict[str, Origin]:
    """By parameter, the ruling at its line that speaks of a value asking for what is current."""
    lines = {each.name: each.origin.span for each in contract.operation.parameters}
    return {
        name: each.origin
        for name, values in current.items()
        for each in contract.rulings
        if name in lines
        and each.origin.span.first == lines[name].first
        and any(value in each.decision.split() for value in values)
    }


def _example(parameter: Parameter) -> str:
    if parameter.kind in WHOLE_NUMBERS:
        return parameter.example if _WHOLE_NUMBER.fullmatch(parameter.example) else "1"
    return parameter.example or parameter.name


def _fits_a_header(value: str) -> bool:
    return value.isascii() and value.isprintable() and bool(value.strip())


def _values(known: Known, parameters: tuple[Parameter, ...]) -> Values:
    values = tuple(map(str, known))
    form = "/".join(each.name for each in parameters)
    if len(values) != len(parameters) or not all(map(_can_be_sent, values)):
        raise WrongConfiguration(f"a known instance is given as {form}, not as {_shown(values)}")
    for value, parameter in zip(values, parameters, strict=True):
        if parameter.kind in WHOLE_NUMBERS and not _WHOLE_NUMBER.fullmatch(value):
            raise WrongConfiguration(f"{_shown(values)}: {parameter.name} must be a whole number")
    return values


def _can_be_sent(value: str) -> bool:
    return bool(value) and not any("\ud800" <= each <= "\udfff" for each in value)


def _shown(values: Values) -> str:
    return "/".join(values) or "nothing"
