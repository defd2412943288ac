"""The response model: what a valid answer must look like, worked out of the contract once."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, Literal

from docpact.contract import (
    INT64_MAX,
    INT64_MIN,
    WHOLE_NUMBERS,
    Answer,
    Constraint,
    Constraints,
    Contract,
    Field,
    FieldPath,
    Kind,
    Media,
)
from docpact.contract.constraints import Demand
from docpact.core.errors import WrongConfiguration
from docpact.core.serialize import is_element_name

Leaf = str | int | float | bool | None
Value = dict[str, "Leaf | Value | list[Leaf | Value]"]  # a structure, by the documented names
MediaChoice = Literal["json", "xml", "both"]
FieldFilters = Mapping[str, tuple[str, ...]]  # by dotted path: the listed values to keep to

HARD_LONGS: Final = (0, 1, -1, 2**31 - 1, 2**31, 2**53, 2**53 + 1, INT64_MAX, INT64_MIN)
EVERY_MEDIA: Final = (Media.JSON, Media.XML)


@dataclass(frozen=True)
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

    def listed_values(self, field: Field, demand: Demand) -> tuple[str, ...]:
        """The listed values that a member may still have."""
        values = self.filters.get(demand.field) or tuple(each.value for each in field.values)
        may_be = demand.listed
        return values if may_be is None else tuple(each for each in values if each in may_be)

    def demand_on(self, path: str, drawn: Mapping[str, Leaf]) -> Demand:
        """What a leaf must be to fit those drawn before it."""
        demand = self._alone[path]
        for tie in self._ties_of.get(path, ()):
            demand = tie.satisfy(demand, drawn)
        return demand

    @cached_property
    def ties(self) -> tuple[Constraint, ...]:
        """The constraints between several members."""
        return tuple(each for each in self.constraints if len(each.fields) > 1)

    @cached_property
    def _ties_of(self) -> Mapping[str, tuple[Constraint, ...]]:
        tied = {path for each in self.ties for path in each.fields}
        return {path: tuple(each for each in self.ties if path in each.fields) for path in tied}

    @cached_property
    def _alone(self) -> Mapping[str, Demand]:
        """What each leaf must be by itself."""
        demands = {path: _demand(path, field) for path, field in leaves_of(self.answer)}
        for each in self.constraints:
            if each.fields[0] in demands and each not in self.ties:
                demands[each.fields[0]] = each.satisfy(demands[each.fields[0]], {})
        return demands

    def is_consistent(self, drawn: Mapping[str, Leaf]) -> bool:
        """Whether the members fit together; ties in both directions may not."""
        return all(each.holds(drawn) for each in self.ties)


def _demand(path: str, field: Field) -> Demand:
    least, most = WHOLE_NUMBERS.get(field.kind, (INT64_MIN, INT64_MAX))
    return Demand(path, least, most)


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


def _order(answer: Answer, constraints: Constraints) -> dict[str, int]:
    order: dict[str, int] = {}
    ties = [each.fields for each in constraints if len(each.fields) > 1]
    for path, member in answer.outside_lists():
        dotted = ".".join(path)
        decides = any(dotted in fields[:-1] for fields in ties)
        decided = any(dotted == fields[-1] for fields in ties)
        order[dotted] = (not member.values) * 2 + (not decides) + decided
    for ordering in constraints.orderings:
        order[ordering.later] = max(order[ordering.later], order[ordering.earlier] + 1)
    return order
