"""Choose what a fault changes: the members it is named after, else the first that are like them.

The catalogue is written for GetInstance. In another contract a fault changes the first member that
can show the same breakage, or fits no answer at all.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from docpact.contract import (
    WHOLE_NUMBERS,
    Answer,
    Constraint,
    Contract,
    Embedded,
    Field,
    FieldPath,
    Kind,
    Pattern,
    Separated,
    Unit,
)
from docpact.core.serialize import is_element_name

NUMBERS: Final = frozenset({*WHOLE_NUMBERS, Kind.FLOAT})


@dataclass(frozen=True, slots=True)
class Spot:
    """A field, and the structure that it is a member of."""

    holder: FieldPath
    field: Field
    constraints: tuple[Constraint, ...]  # those that look at the field

    @property
    def is_plain(self) -> bool:
        """Whether it is a text that may say anything."""
        return self.field.kind is Kind.STRING and not self.field.values and not self.constraints

    def has(self, kind: type[Unit | Embedded | Pattern | Separated]) -> bool:
        """Whether a constraint of a kind looks at it."""
        return any(isinstance(each, kind) for each in self.constraints)


Like = Callable[[Spot], bool]


def is_text(spot: Spot) -> bool:
    """A text, listed or not."""
    return spot.field.kind is Kind.STRING


def is_plain_text(spot: Spot) -> bool:
    """A text that may say anything."""
    return spot.is_plain


def is_number(spot: Spot) -> bool:
    """A number of any kind."""
    return spot.field.kind in NUMBERS


def is_whole_number(spot: Spot) -> bool:
    """A number that has no fraction."""
    return spot.field.kind in WHOLE_NUMBERS


def is_listed(spot: Spot) -> bool:
    """A text of which the page lists the values."""
    return bool(spot.field.values) and not spot.field.empty


def is_time(spot: Spot) -> bool:
    """A number that counts in a unit."""
    return spot.has(Unit)


def is_separated(spot: Spot) -> bool:
    """A text that is a list of entries."""
    return spot.has(Separated)


def is_needed(spot: Spot) -> bool:
    """A member that is expected to be there."""
    return spot.field.required is not None


def is_needed_text(spot: Spot) -> bool:
    """A text that is expected to be there."""
    return is_needed(spot) and is_text(spot)


def is_needed_plain_text(spot: Spot) -> bool:
    """A text that is expected to say something."""
    return is_needed_text(spot) and not spot.field.values


def is_never_null(spot: Spot) -> bool:
    """A member that may be absent, while the page says nothing of an empty value."""
    return spot.field.required is None and spot.field.empty is None


def is_text_never_null(spot: Spot) -> bool:
    """A text of which a null is unexpected."""
    return is_text(spot) and is_never_null(spot)


def is_number_never_null(spot: Spot) -> bool:
    """A number of which a null is unexpected."""
    return is_number(spot) and is_never_null(spot)


def holder_of(answer: Answer) -> FieldPath:
    """The structure that tells most of an answer's members: Instance; nothing for the top itself.

    Of a list it is each item.
    """
    best: FieldPath = ()
    most = _told(answer.fields)
    for path, field in answer.walk():
        if field.kind is Kind.STRUCT and _told(field.fields) > most:
            best, most = path, _told(field.fields)
    return best


def _told(fields: tuple[Field, ...]) -> int:
    return sum(each.kind is not Kind.STRUCT for each in fields)


def fields_in(answer: Answer, holder: FieldPath) -> tuple[Field, ...]:
    """The members of a structure; those at the top for no path."""
    field = answer.find(holder) if holder else None
    return field.fields if field else answer.fields


def spot_named(contract: Contract, name: str) -> Spot | None:
    """The member of that name in the structure that tells most."""
    answer = contract.success
    holder = holder_of(answer)
    found = next((each for each in fields_in(answer, holder) if each.name == name), None)
    return None if found is None or found.repeated else _spot(contract, holder, found)


def spot_like(contract: Contract, like: Like) -> Spot | None:
    """The first member that is like what a fault changes: where most is told, else at the top."""
    return next((each for each in _spots(contract) if like(each)), None)


def _spots(contract: Contract) -> Iterator[Spot]:
    answer = contract.success
    for holder in dict.fromkeys((holder_of(answer), ())):
        for field in fields_in(answer, holder):
            if not field.repeated and field.kind is not Kind.STRUCT and is_element_name(field.name):
                yield _spot(contract, holder, field)


def _spot(contract: Contract, holder: FieldPath, field: Field) -> Spot:
    dotted = ".".join((*holder, field.name))
    bound = tuple(each for each in contract.constraints if dotted in each.fields)
    return Spot(holder, field, bound)


def request_id_of(answer: Answer) -> Field | None:
    """The member at the top that names the request."""
    return next((each for each in answer.fields if each.name.lower() == "requestid"), None)


def is_within_list(answer: Answer, path: FieldPath) -> bool:
    """Whether a structure is a list's item, or stands in one."""
    found = (answer.find(path[:length]) for length in range(1, len(path) + 1))
    return any(each is not None and each.repeated for each in found)


def names_in(answer: Answer | None) -> frozenset[str]:
    """The names of all members, in lower case."""
    return frozenset(path[-1].lower() for path, _ in answer.walk()) if answer else frozenset()
