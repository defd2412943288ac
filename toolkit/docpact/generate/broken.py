"""Answers that break the contract in ways known by name: which there are, and many of them."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import cycle
from random import Random
from typing import Final, NamedTuple

from docpact.contract import Contract, Media
from docpact.contract.path_template import PathTemplate
from docpact.contract.value_path import scalar_at
from docpact.core.errors import WrongConfiguration
from docpact.core.exchange import Request, Response
from docpact.core.text import did_you_mean
from docpact.faults import FAULTS, Fault, Shows
from docpact.generate.response_model import FieldFilters, response_model_for
from docpact.generate.sampler import Sampler, failure_sampler

_TRIES: Final = 1000  # some faults show only in names with spaces, or in large numbers
_NAMED: Final = 4


class BrokenResponse(NamedTuple):
    """A response with one fault, and the request that it answers.

    Without the request, nobody can notice a fault that `needs_request`.
    """

    response: Response
    fault: Fault
    request: Request | None  # none for a failure, which does not say what it is about


def faults_named(names: Sequence[str]) -> list[Fault]:
    """The faults of these names.

    Raises WrongConfiguration if there is no such fault.
    """
    for name in names:
        if name not in FAULTS:
            raise WrongConfiguration(f"unknown fault {name!r}{_way_out(name)}")
    return [FAULTS[name] for name in dict.fromkeys(names)]


def _way_out(name: str) -> str:
    breaking = [each.name for each in FAULTS.values() if name in each.breaks]
    if breaking:
        return f"; it is a rule, broken for example by {', '.join(breaking[:_NAMED])}"
    return did_you_mean(name, FAULTS) or "; `docpact generate --list-faults` lists all"


def shown_by_answers(
    contract: Contract, faults: Sequence[Fault], media: Media, filters: FieldFilters | None = None
) -> list[Fault]:
    """The faults that a single answer in this format can have, within the filters."""
    return [each for each in faults if not why_hidden(contract, each, (media,), filters)]


def refuse_hidden(
    contract: Contract,
    faults: Sequence[Fault],
    media: tuple[Media, ...],
    filters: FieldFilters | None = None,
) -> None:
    """Let no fault be asked for that no single answer can have in one of these formats.

    Raises WrongConfiguration if there is one.
    """
    for fault in faults:
        reason = why_hidden(contract, fault, media, filters)
        if reason:
            raise WrongConfiguration(f"{fault.name} {reason}")


def why_hidden(
    contract: Contract, fault: Fault, media: tuple[Media, ...], filters: FieldFilters | None = None
) -> str:
    """Why no single answer has the fault, as the rest of a sentence; empty if one can."""
    if fault.is_behaviour:
        return "is a fault of a server's behaviour, which no single answer shows"
    if not fault.fits(contract):
        return f"shows in no answer of {contract.operation.name}"
    if fault.media.isdisjoint(media):
        (only,) = fault.media
        return f'shows only in {only.value.upper()}: --body {only.value}, or media="{only.value}"'
    if fault.shows is Shows.ON_ERRORS:
        return _why_no_failure(contract, filters)
    given = dict(fault.gives)
    for path, wanted in (filters or {}).items():
        field, value = contract.success.find(path), given.get(_last(path))
        # What the page does not list is the fault itself, and no other state or type.
        if field and value not in wanted and value in {each.value for each in field.values}:
            return f"shows only where {path} is {value}, and {' or '.join(wanted)} was asked for"
    return ""


def _why_no_failure(contract: Contract, filters: FieldFilters | None) -> str:
    if contract.failure is None:
        return "shows only in failures, of which the contract knows none"
    if filters:
        return f"shows only in failures, which have no {' and no '.join(map(_last, filters))}"
    return ""


def _last(path: str) -> str:
    return path.rpartition(".")[2]


class ResponseBreaker:
    """Draws responses of one format with one fault each."""

    def __init__(
        self, contract: Contract, media: Media, filters: FieldFilters | None = None
    ) -> None:
        self._contract = contract
        model = response_model_for(contract, contract.success, media=media.value, filters=filters)
        self._successes = Sampler(model)
        self._failures = failure_sampler(contract, media.value)

    def broken(self, fault: Fault, random: Random) -> BrokenResponse:
        """A response with the fault.

        Raises WrongConfiguration if the fault does not show in the answers that pass the filters.
        """
        for _ in range(_TRIES):
            broken = self.attempt(fault, random)
            if broken is not None:
                return broken
        raise WrongConfiguration(
            f"the fault {fault.name} does not show in any answer that was tried",
            hint="Leave it out, or ask for fewer states and types.",
        )

    def attempt(self, fault: Fault, random: Random) -> BrokenResponse | None:
        """A response with the fault, if it shows in the first one drawn."""
        on_errors = fault.shows is Shows.ON_ERRORS
        sampler = self._failures if self._failures and on_errors else self._successes
        value = sampler.value(random)
        response = fault.apply(sampler.written(value, random), self._contract)
        if response is None:
            return None
        return BrokenResponse(response, fault, request_for(self._contract, value))


def sample_broken(
    contract: Contract,
    faults: Sequence[Fault],
    *,
    seed: int,
    media: Media,
    filters: FieldFilters | None = None,
) -> Iterator[BrokenResponse]:
    """Answers without end, with one fault after the other in turn; the same for the same seed.

    Raises WrongConfiguration if a fault does not show in the answers that pass the filters.
    """
    breaker = ResponseBreaker(contract, media, filters)
    random = Random(seed)  # noqa: S311  # repeatable is the point
    for fault in cycle(faults):
        yield breaker.broken(fault, random)


def request_for(contract: Contract, members: Mapping[str, object]) -> Request | None:
    """The request that a right answer with these members is about; none where it does not say."""
    operation = contract.operation
    template = PathTemplate.parse(operation.path)
    fields = {each.parameter: each.field for each in contract.constraints.echoes}
    leaves = [scalar_at(members, fields.get(each, "")) for each in template.names]
    if not operation.path or any(each in {None, ""} for each in leaves):
        return None  # nothing can be asked for by an empty name
    return Request(operation.method, template.fill(map(str, leaves)))
