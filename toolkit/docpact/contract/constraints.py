"""What the page says of values beyond their type, as data: a small closed set of kinds.

Fields are named by their dotted path in the answer ("Instance.EndTime"). Patterns are written in
the subset of regular expressions that Python, ECMA 262 and JSON Schema validators read alike.
"""

import re
from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import Final

from msgspec.structs import replace

from docpact.core.frozen import Frozen
from docpact.core.span import Origin

BLANKS: Final = " \t\n\r\u00a0\u3000"  # what nobody sees at the ends of an entry of a list


class Test(StrEnum):
    """How a condition looks at a field; a field is filled if it is there and not null or empty."""

    ONE_OF = "one-of"
    FILLED = "filled"
    EMPTY = "empty"  # the opposite of filled
    MATCHES = "matches"
    LACKS = "lacks"  # the opposite of matches


class Condition(Frozen, frozen=True):
    """A question about one field's value."""

    field: str
    test: Test
    values: tuple[str, ...] = ()  # for one-of
    pattern: str = ""  # for matches and lacks: found anywhere in the value

    def __post_init__(self) -> None:
        _refuse_broken_pattern(self.pattern)


class Implication(Frozen, frozen=True):
    """When one condition holds, so must the other; an absent field makes no condition hold."""

    id: str
    when: Condition
    then: Condition
    because: str  # the reason in the reader's words, for messages
    origin: Origin


class Ordering(Frozen, frozen=True):
    """One time is not later than the other."""

    id: str
    earlier: str
    later: str
    origin: Origin


class Echo(Frozen, frozen=True):
    """A field repeats a parameter of the request."""

    id: str
    field: str
    parameter: str
    unless: tuple[str, ...]  # parameter values that stand for something else
    origin: Origin


class Embedded(Frozen, frozen=True):
    """A filled text holds a document of another format."""

    id: str
    field: str
    media_type: str
    origin: Origin


class Pattern(Frozen, frozen=True):
    """A filled text has a form."""

    id: str
    field: str
    pattern: str
    form: str  # the same for people: "ApplicationID|jobID"
    origin: Origin

    def __post_init__(self) -> None:
        _refuse_broken_pattern(self.pattern)


class Unit(Frozen, frozen=True):
    """A number counts in a unit, so only a range of values makes sense."""

    id: str
    field: str
    unit: str
    least: int
    most: int
    origin: Origin


class Separated(Frozen, frozen=True):
    """A filled text is a list of entries with one separator, after which a space may stand.

    No entry is empty, or begins or ends with a blank.
    """

    id: str
    field: str
    separator: str
    foreign: tuple[str, ...]  # what others use to separate; none of it occurs in an entry
    origin: Origin

    def __post_init__(self) -> None:
        if not self.separator or not all(self.foreign):
            raise ValueError("an empty text separates nothing")


class Unique(Frozen, frozen=True):
    """No two answers of a session have the same value."""

    id: str
    field: str
    origin: Origin


Constraint = Implication | Ordering | Echo | Embedded | Pattern | Unit | Separated | Unique


class Constraints(Frozen, frozen=True):
    """All constraints of a contract, by kind."""

    implications: tuple[Implication, ...] = ()
    orderings: tuple[Ordering, ...] = ()
    echoes: tuple[Echo, ...] = ()
    embedded: tuple[Embedded, ...] = ()
    patterns: tuple[Pattern, ...] = ()
    units: tuple[Unit, ...] = ()
    separated: tuple[Separated, ...] = ()
    unique: tuple[Unique, ...] = ()

    def __iter__(self) -> Iterator[Constraint]:
        for kind in self.__struct_fields__:
            yield from getattr(self, kind)


def _refuse_broken_pattern(pattern: str) -> None:
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as cause:
        raise ValueError(f"{pattern!r} is no regular expression: {cause}") from cause


def fields_of(constraint: Constraint) -> tuple[str, ...]:
    """The dotted paths of the fields that a constraint looks at."""
    match constraint:
        case Implication(when=when, then=then):
            return (when.field, then.field)
        case Ordering(earlier=earlier, later=later):
            return (earlier, later)
        case _:
            return (constraint.field,)


def within(constraint: Constraint, parent: str) -> Constraint:
    """The constraint as it reads from within a structure."""

    def cut(dotted: str) -> str:
        return dotted.removeprefix(f"{parent}.")

    match constraint:
        case Implication(when=when, then=then):
            when, then = (replace(each, field=cut(each.field)) for each in (when, then))
            return replace(constraint, when=when, then=then)
        case Ordering(earlier=earlier, later=later):
            return replace(constraint, earlier=cut(earlier), later=cut(later))
        case _:
            return replace(constraint, field=cut(constraint.field))


def grouped(constraints: Iterable[Constraint]) -> Constraints:
    """The constraints sorted by kind, in the order given."""
    every = tuple(constraints)
    return Constraints(
        implications=tuple(each for each in every if isinstance(each, Implication)),
        orderings=tuple(each for each in every if isinstance(each, Ordering)),
        echoes=tuple(each for each in every if isinstance(each, Echo)),
        embedded=tuple(each for each in every if isinstance(each, Embedded)),
        patterns=tuple(each for each in every if isinstance(each, Pattern)),
        units=tuple(each for each in every if isinstance(each, Unit)),
        separated=tuple(each for each in every if isinstance(each, Separated)),
        unique=tuple(each for each in every if isinstance(each, Unique)),
    )
