"""Draw answers in bulk that break the contract in ways known by name."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import cycle
from random import Random
from typing import Final
from urllib.parse import quote

from docpact.contract import Contract, Media, Place
from docpact.errors import WrongConfiguration
from docpact.exchange import Response
from docpact.faults import FAULTS, Fault, Shows
from docpact.generate.plan import Leaf, Plan, Value, plan_for
from docpact.generate.responses import FAILURE_STATUSES
from docpact.generate.sampler import Sampler

_TRIES: Final = 1000  # some faults show only in names with spaces, or in large numbers
_NAMED: Final = 4


@dataclass(frozen=True, slots=True)
class Broken:
    """An answer with a fault, and what it was about before it broke."""

    response: Response
    fault: Fault
    request: str  # as `docpact validate --request` takes it; empty where an answer does not tell


def faults_named(names: Sequence[str]) -> list[Fault]:
    """The faults of these names.

    Raises WrongConfiguration if there is no such fault.
    """
    for name in names:
        if name not in FAULTS:
            raise WrongConfiguration(f"there is no fault {name!r}{_way_out(name)}")
    return [FAULTS[name] for name in dict.fromkeys(names)]


def _way_out(name: str) -> str:
    breaking = [each.name for each in FAULTS.values() if name in each.breaks]
    if breaking:
        return f"; it is a rule, broken for example by {', '.join(breaking[:_NAMED])}"
    near = get_close_matches(name, FAULTS, n=1)
    return f"; did you mean {near[0]}?" if near else "; `docpact generate --list-faults` has all"


def shown_by_answers(contract: Contract, faults: Sequence[Fault], media: Media) -> list[Fault]:
    """The faults that a single answer of this contract in this format can have."""
    return [
        fault
        for fault in faults
        if not fault.is_behaviour
        and media in fault.media
        and (contract.failure is not None or fault.shows is not Shows.ON_ERRORS)
    ]


def sample_broken(
    contract: Contract,
    faults: Sequence[Fault],
    *,
    seed: int,
    media: Media,
    chosen: Mapping[str, tuple[str, ...]] | None = None,
) -> Iterator[Broken]:
    """Answers without end, with one fault after the other in turn; the same for the same seed.

    Raises WrongConfiguration if a fault does not show in the answers chosen.
    """
    plan = plan_for(contract, contract.success, media=media.value, chosen=chosen)
    draws = {False: Sampler(plan)}
    if contract.failure is not None:
        failing = plan_for(contract, contract.failure, media=media.value)
        draws[True] = Sampler(failing, statuses=FAILURE_STATUSES)
    random = Random(seed)  # noqa: S311  # repeatable is the point
    for fault in cycle(faults):
        sampler = draws[fault.shows is Shows.ON_ERRORS]
        value, response = _faulty(fault, sampler, random)
        yield Broken(response, fault, _request(contract, plan, value))


def _faulty(fault: Fault, sampler: Sampler, random: Random) -> tuple[Value, Response]:
    for _ in range(_TRIES):
        value = sampler.value(random)
        response = fault.apply(sampler.written(value, random), random)
        if response is not None:
            return value, response
    raise WrongConfiguration(
        f"the fault {fault.name} does not show in any answer that was tried",
        hint="Leave it out, or ask for fewer states and types.",
    )


def _request(contract: Contract, plan: Plan, value: Value) -> str:
    """What the answer was about: the parameters that it repeats, in the order of the path."""
    path = contract.operation.path
    names = [each.name for each in contract.operation.parameters if each.place is Place.PATH]
    fields = {each.parameter: each.field for each in plan.constraints.echoes}
    leaves = [_leaf(value, fields.get(each, "")) for each in sorted(names, key=path.find)]
    if not path or None in leaves:
        return ""
    return "/".join(quote(str(each), safe="") for each in leaves)


def _leaf(value: Value, dotted: str) -> Leaf:
    found: Leaf | Value = value
    for name in dotted.split("."):
        found = found.get(name) if isinstance(found, dict) else None
    return None if isinstance(found, dict) else found
