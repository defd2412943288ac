"""Which faults a mock has, and its answers where a correct server would give others."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from docpact.contract import WHOLE_NUMBERS, Contract, Field, Kind
from docpact.contract.value_path import value_at, with_value
from docpact.core.errors import WrongConfiguration
from docpact.core.exchange import Response
from docpact.faults import FAULTS, Fault
from docpact.faults.fault import Behaviour, RequestDefect, overlooks
from docpact.generate.broken import faults_named
from docpact.generate.response_model import Value
from docpact.http.signing import Refusal
from docpact.mock.request_parsing import NOT_RUNNING, Route, texts_at
from docpact.mock.world import InstanceKeys, ListedWorld, Values, World

_INTEGER: Final = re.compile("-?[0-9]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class ParsedPath:
    """The path of a call, and the values in it or why they are refused."""

    route: Route
    path: str
    values: Values | Refusal


def answer_despite(
    parsed: ParsedPath,
    refusal: Refusal,
    world: World,
    keys: InstanceKeys,
    faults: Sequence[Behaviour],
) -> Value | None:
    """The answer to a call that should be refused; None if no fault overlooks the refusal."""
    stand_in = world.any_running()
    if isinstance(parsed.values, Refusal):
        answered = overlooks(faults, RequestDefect.ID_NOT_A_NUMBER)
        return _for_any_id(parsed, stand_in, keys) if answered and stand_in else None
    if refusal is NOT_RUNNING:
        stopped = world.stopped(parsed.values) if isinstance(world, ListedWorld) else None
        return stopped if overlooks(faults, RequestDefect.STOPPED_JOB) else None
    ignored = overlooks(faults, RequestDefect.UNKNOWN_INSTANCE) or (
        overlooks(faults, RequestDefect.OTHER_PROJECT) and _exists_elsewhere(parsed.values, world)
    )
    return keys.with_values(stand_in, parsed.values) if ignored and stand_in else None


def with_other_text(value: Value, contract: Contract) -> Value:
    """The answer with another text in one field, on which no constraint depends."""
    bound = {name for rule in contract.constraints for name in rule.fields}
    for path, member in contract.success.outside_lists():
        if _is_free(member) and ".".join(path) not in bound:
            text = value_at(value, path)
            if isinstance(text, str) and text:
                return with_value(value, path, f"{text} ")
    return value


def _for_any_id(parsed: ParsedPath, stand_in: Value, keys: InstanceKeys) -> Value | None:
    """An answer about the names in the path, with the id of an instance that exists."""
    texts = texts_at(parsed.route, parsed.path)
    if texts is None:
        return None
    longs = [kind in WHOLE_NUMBERS for _, kind in parsed.route.parameters]
    named = list(zip(texts, keys.values_of(stand_in), longs, strict=True))
    if any(long and _INTEGER.fullmatch(text) for text, _, long in named):
        return None  # a number, even if it is too large
    return keys.with_values(stand_in, tuple(k if long else text for text, k, long in named))


def _exists_elsewhere(values: Values, world: World) -> bool:
    """Whether an instance of that job and id is in some project."""
    return any(each[1:] == values[1:] for each in world.known()[0])


def _is_free(member: Field) -> bool:
    return member.kind is Kind.STRING and not member.values and not member.repeated


FAULT_HEADER: Final = "X-Docpact-Fault"
NOT_SHOWN: Final = "not shown: this answer cannot have it"  # perhaps the other format can


@dataclass(frozen=True, slots=True)
class FaultChoice:
    """The faults of a server, and the share of its calls that have them."""

    names: tuple[str, ...] = ()
    rate: float = 1.0

    @classmethod
    def of(
        cls, names: Iterable[str], rate: float = 1.0, contract: Contract | None = None
    ) -> "FaultChoice":
        """The choice of these faults.

        Raises WrongConfiguration if a fault does not exist, or if no answer by the contract can
        have it.
        """
        faults = faults_named(list(names))
        for each in faults:
            if contract is not None and not each.fits(contract):
                message = f"{each.name} shows in no answer of {contract.operation.name}"
                raise WrongConfiguration(
                    message,
                    hint="`docpact generate --list-faults --contract FILE` lists those that fit.",
                )
        return cls(tuple(each.name for each in faults), rate)

    def for_call(self, random: Random) -> tuple[str, ...]:
        """The faults of one call."""
        if not self.names or (self.rate < 1 and random.random() >= self.rate):
            return ()
        return self.names


def with_fault(
    response: Response, names: Collection[str], random: Random, contract: Contract
) -> Response:
    """The response with one of the faults that it can have."""
    faults: list[Fault] = [FAULTS[name] for name in names if not FAULTS[name].is_behaviour]
    random.shuffle(faults)
    for fault in faults:
        changed = fault.apply(response, contract)
        if changed is not None:
            return changed
    return response


def behaviours_of(names: Collection[str]) -> tuple[Behaviour, ...]:
    """What a server with these faults does differently."""
    return tuple(behaviour for name in names if (behaviour := FAULTS[name].behaviour))
