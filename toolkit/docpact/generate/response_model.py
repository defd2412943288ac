"""The response model: what a valid answer must look like, worked out of the contract once."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, Literal

from docpact.contract import (
    INT64_MAX,
    INT64_MIN,
    WHOLE_NUMBERS,
    Answer,
    Condition,
    Constraints,
    Contract,
    Field,
    FieldPath,
    Implication,
    Kind,
    Media,
    Test,
)
from docpact.core.errors import WrongConfiguration
from docpact.core.serialize import is_element_name

Leaf = str | int | float | bool | None
Value = dict[str, "Leaf | Value | list[Leaf | Value]"]  # a structure, by the documented names
MediaChoice = Literal["json", "xml", "both"]
FieldFilters = Mapping[str, tuple[str, ...]]  # by dotted path: the listed values to keep to

HARD_LONGS: Final = (0, 1, -1, 2**31 - 1, 2**31, 2**53, 2**53 + 1, INT64_MAX, INT64_MIN)
EVERY_MEDIA: Final = (Media.JSON, Media.XML)


@dataclass(frozen=True, slots=True)
class ResponseModel:
    """What is fixed before the members of an answer are drawn."""

    answer: Answer
    constraints: Constraints
    media: tuple[Media, ...]  # the formats that must be able to hold the value
    filters: FieldFilters
    order: Mapping[str, int]  # when each member is drawn: what decides comes first
    lists: Mapping[str, "ResponseModel | None"] = field(
        default_factory=dict
    )  # none for lists of leaves

    def conditions_on(self, path: str, drawn: Mapping[str, Leaf]) -> list[Condition]:
        """The conditions on a member that follow from those drawn before it."""
        return [
            rule.then
            for rule in self.constraints.implications
            if rule.then.field == path and holds(rule.when, drawn)
        ]

    def listed_values(
        self, path: str, field: Field, conditions: Collection[Condition]
    ) -> tuple[str, ...]:
        """The listed values that a member may still have."""
        values = self.filters.get(path) or tuple(each.value for each in field.values)
        for condition in conditions:
            if condition.test is Test.ONE_OF:
                values = tuple(each for each in values if each in condition.values)
        return values

    def reserved(self, path: str) -> frozenset[str]:
        """Values that a member cannot have, since in a request they stand for something else."""
        rules = (each for each in self.constraints.echoes if each.field == path)
        return frozenset(value for each in rules for value in each.unless)

    def range(self, path: str, drawn: Mapping[str, Leaf]) -> tuple[int, int]:
        """The least and the most that a number may be."""
        unit = next((each for each in self.constraints.units if each.field == path), None)
        least, most = (unit.least, unit.most) if unit else self._bounds(path)
        for ordering in self.constraints.orderings:
            earlier = drawn.get(ordering.earlier)
            if ordering.later == path and isinstance(earlier, int):
                least = max(least, earlier)
        return least, most

    def _bounds(self, path: str) -> tuple[int, int]:
        field = self.answer.find(tuple(path.split(".")))
        return WHOLE_NUMBERS.get(field.kind if field else Kind.LONG, (INT64_MIN, INT64_MAX))

    def is_consistent(self, drawn: Mapping[str, Leaf]) -> bool:
        """Whether the members fit together; ties in both directions may not."""
        return all(_is_kept(rule, drawn) for rule in self.constraints.implications)


def response_model_for(
    contract: Contract,
    answer: Answer,
    *,
    media: MediaChoice = "both",
    filters: FieldFilters | None = None,
) -> ResponseModel:
    """The model of one kind of answer; of some answers only, if `filters` are given."""
    constraints = contract.constraints_on(answer)
    order = _order(answer, constraints)
    formats = media_of(media)
    lists = _lists(contract, answer, (), formats)
    return ResponseModel(answer, constraints, formats, filters or {}, order, lists)


def _lists(
    contract: Contract, answer: Answer, parent: FieldPath, media: tuple[Media, ...]
) -> dict[str, ResponseModel | None]:
    """The models of the items of every list that is within no other."""
    return {
        ".".join(path): _items(contract, field, (*parent, *path), media)
        for path, field in answer.outside_lists()
        if field.repeated
    }


def _items(
    contract: Contract, field: Field, path: FieldPath, media: tuple[Media, ...]
) -> ResponseModel | None:
    if field.kind is not Kind.STRUCT:
        return None
    item = Answer(field.name, field.origin, field.fields, field.origin)
    constraints = contract.constraints_within(contract.success, path)
    lists = _lists(contract, item, path, media)
    return ResponseModel(item, constraints, media, {}, _order(item, constraints), lists)


def writable_fields(fields: tuple[Field, ...], media: Collection[Media]) -> tuple[Field, ...]:
    """The fields that every one of the formats can name."""
    if Media.XML not in media:
        return fields
    return tuple(each for each in fields if is_element_name(each.name))


def leaves_of(answer: Answer) -> Iterator[tuple[str, Field]]:
    """Every member that holds a single value, with its dotted path."""
    for path, member in answer.outside_lists():
        if member.kind is not Kind.STRUCT and not member.repeated:
            yield ".".join(path), member


def media_of(media: MediaChoice) -> tuple[Media, ...]:
    """The formats that a choice stands for.

    Raises WrongConfiguration if it is not a choice.
    """
    if media == "both":
        return EVERY_MEDIA
    known = tuple(each for each in EVERY_MEDIA if each.value == media)
    if not known:
        raise WrongConfiguration(f"media must be json, xml or both, not {media!r}")
    return known


def empty_values(field: Field) -> tuple[Leaf, ...]:
    """The values that an unset member may have, if it is not left out."""
    nulls: tuple[Leaf, ...] = (None,) if field.empty else ()
    texts: tuple[Leaf, ...] = ("",) if field.kind is Kind.STRING and not field.values else ()
    return nulls + texts


def holds(condition: Condition, drawn: Mapping[str, Leaf]) -> bool:
    """Whether a condition holds for the members drawn so far."""
    value = drawn.get(condition.field)
    match condition.test:
        case Test.ONE_OF:
            return value in condition.values
        case Test.FILLED:
            return value is not None and value != ""
        case Test.EMPTY:
            return value is None or value == ""
        case Test.MATCHES:
            return isinstance(value, str) and pattern_search(condition.pattern)(value)
        case Test.LACKS:
            return isinstance(value, str) and not pattern_search(condition.pattern)(value)


@lru_cache(maxsize=256)
def pattern_search(pattern: str) -> Callable[[str], bool]:
    """Whether a text holds what the pattern looks for, as a function."""
    compiled = re.compile(pattern)
    return lambda text: compiled.search(text) is not None


def _is_kept(rule: Implication, drawn: Mapping[str, Leaf]) -> bool:
    if not holds(rule.when, drawn):
        return True
    if rule.then.test in {Test.FILLED, Test.EMPTY}:
        return holds(rule.then, drawn)
    unfilled = drawn.get(rule.then.field) in (None, "")
    return unfilled or holds(rule.then, drawn)


def _order(answer: Answer, constraints: Constraints) -> dict[str, int]:
    order: dict[str, int] = {}
    for path, member in answer.outside_lists():
        dotted = ".".join(path)
        decides = any(each.when.field == dotted for each in constraints.implications)
        decided = any(each.then.field == dotted for each in constraints.implications)
        order[dotted] = (not member.values) * 2 + (not decides) + decided
    for ordering in constraints.orderings:
        order[ordering.later] = max(order[ordering.later], order[ordering.earlier] + 1)
    return order
