"""How faults of single values are made: a member set, rewritten or left out, wherever it stands."""

from collections.abc import Callable
from functools import partial
from random import Random
from typing import Any

from docpact.contract import Answer, Contract, Field, FieldPath, wraps_list
from docpact.faults.fault import BOTH, Fault
from docpact.faults.parsed_response import (
    Members,
    ParsedResponse,
    changing,
    changing_structure,
    texts_in,
)
from docpact.faults.target import (
    Like,
    Spot,
    holder_of,
    is_listed,
    is_needed,
    is_time,
    spot_like,
    spot_named,
)

MILLISECONDS = 1599794335000


def setting(  # noqa: PLR0913  # all but the first are what makes one fault another
    name: str,
    summary: str,
    rule: str,
    media: frozenset[Any] = BOTH,
    *,
    like: Like,
    elsewhere: bool = True,
    quotes: bool = False,
    **members: Any,
) -> Fault:
    """A fault that gives a member another value: the one named, or else the first like it.

    Without `elsewhere` it is about the members that are named and no others. One that `quotes`
    makes a text of the number that is there, if there is one.
    """
    (value,) = members.values()

    def is_like(spot: Spot) -> bool:
        return like(spot) and all(value != each.value for each in spot.field.values)

    target = partial(_target, next(iter(members)), is_like, elsewhere=elsewhere)

    def change(structure: Members, _random: Random, contract: Contract) -> Members | None:
        spot = target(contract)
        if spot is None:
            return None
        old = structure.get(spot.field.name) if quotes else None
        return {**structure, spot.field.name: value if old is None else str(old)}

    return Fault(
        name,
        summary,
        frozenset({rule}),
        media=media,
        gives=texts_in(members),
        change=changing_structure(_holder(target), change),
        fits=lambda contract: target(contract) is not None,
    )


def _target(name: str, like: Like, contract: Contract, *, elsewhere: bool = True) -> Spot | None:
    named = spot_named(contract, name)
    if named is not None and like(named):
        return named
    return spot_like(contract, like) if elsewhere else None


def _holder(target: Callable[[Contract], Spot | None]) -> Callable[[Contract], FieldPath | None]:
    def path_of(contract: Contract) -> FieldPath | None:
        spot = target(contract)
        return None if spot is None else spot.holder

    return path_of


def rewriting(
    name: str,
    summary: str,
    member: str,
    change: Callable[[str], str],
    media: frozenset[Any] = BOTH,
) -> Fault:
    """A fault that writes a listed value otherwise, where that changes anything."""
    target = partial(_target, member, is_listed)

    def changed(structure: Members, _random: Random, contract: Contract) -> Members | None:
        spot = target(contract)
        old = structure.get(spot.field.name) if spot else None
        if spot is None or not old:
            return None
        new = change(str(old))
        listed = {each.value for each in spot.field.values}
        return None if new == old or new in listed else {**structure, spot.field.name: new}

    def fits(contract: Contract) -> bool:
        spot = target(contract)
        listed = {each.value for each in spot.field.values} if spot else set()
        return any(change(each) not in listed for each in listed)

    return Fault(
        name,
        summary,
        frozenset({"unknown-enum-value"}),
        media=media,
        change=changing_structure(_holder(target), changed),
        fits=fits,
    )


def without(name: str, member: str, *, elsewhere: bool = False) -> Fault:
    """A fault that leaves out a member that must be there."""
    target = partial(_target, member, is_needed, elsewhere=elsewhere)

    def change(structure: Members, _random: Random, contract: Contract) -> Members | None:
        spot = target(contract)
        return {key: each for key, each in structure.items() if spot and key != spot.field.name}

    return Fault(
        name,
        f"leaves out the instance's {member}",
        frozenset({"missing-field"}),
        change=changing_structure(_holder(target), change),
        fits=lambda contract: target(contract) is not None,
    )


def top(
    name: str,
    summary: str,
    change: Callable[[Members, str], Members],
    *,
    named: Callable[[Answer], Field | None],
    media: frozenset[Any] = BOTH,
) -> Fault:
    """A fault of a member at the top that must be there."""

    def changed(parsed: ParsedResponse, _random: Random) -> Members | None:
        field = named(parsed.contract.success)
        return None if field is None else change(dict(parsed.members), field.name)

    return Fault(
        name,
        summary,
        frozenset({"missing-field"}),
        media=media,
        change=changing(changed),
        fits=lambda contract: _is_needed(named(contract.success)),
    )


def _is_needed(field: Field | None) -> bool:
    return field is not None and field.required is not None


def structure_of(answer: Answer) -> Field | None:
    """The structure at the top that tells most, or that holds the list that does."""
    field = answer.find(holder_of(answer)[:1])
    return None if field is None or field.repeated else field


def filled_structure(answer: Answer) -> Field | None:
    """The same, if it cannot be empty."""
    field = structure_of(answer)
    return None if field is None or wraps_list(field) else field


def instance_fault(
    name: str,
    summary: str,
    change: Callable[[Members], object],
    media: frozenset[Any] = BOTH,
) -> Fault:
    """A fault that writes something else where the structure that tells most should stand."""
    return Fault(
        name,
        summary,
        frozenset({"wrong-type"}),
        media=media,
        change=changing_structure(
            lambda contract: holder_of(contract.success),
            lambda structure, _random, _contract: change(structure),
        ),
        fits=lambda contract: bool(holder_of(contract.success)),
    )


def ending(
    name: str, summary: str, rule: str, media: frozenset[Any] = BOTH, **members: Any
) -> Fault:
    """A fault of EndTime that shows in one state only."""

    def change(instance: Members, _random: Random, _contract: Contract) -> Members:
        return {**instance, **members}

    def fits(contract: Contract) -> bool:
        end = spot_named(contract, "EndTime")
        is_known = end is not None and spot_named(contract, "ActualState") is not None
        return is_known and (rule != "wrong-unit" or (end is not None and is_time(end)))

    return Fault(
        name,
        summary,
        frozenset({rule}),
        media=media,
        gives=texts_in(members),
        change=changing_structure(lambda contract: holder_of(contract.success), change),
        fits=fits,
    )
