"""What the page says of values beyond their type, as data: a small closed set of kinds.

Fields are named by their dotted path in the answer ("Instance.EndTime"). Patterns are written in
the subset of regular expressions that Python, ECMA 262 and JSON Schema validators read alike.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from enum import StrEnum

from docpact.span import Origin


class Test(StrEnum):
    """How a condition looks at a field; a field is filled if it is there and not null or empty."""

    ONE_OF = "one-of"
    FILLED = "filled"
    EMPTY = "empty"  # the opposite of filled
    MATCHES = "matches"
    LACKS = "lacks"  # the opposite of matches


@dataclass(frozen=True, slots=True)
class Condition:
    """A question about one field's value."""

    field: str
    test: Test
    values: tuple[str, ...] = ()  # for one-of
    pattern: str = ""  # for matches and lacks: found anywhere in the value


@dataclass(frozen=True, slots=True)
class Implication:
    """When one condition holds, so must the other; an absent field makes no condition hold."""

    id: str
    when: Condition
    then: Condition
    because: str  # the reason in the reader's words, for messages
    origin: Origin


@dataclass(frozen=True, slots=True)
class Ordering:
    """One time is not later than the other."""

    id: str
    earlier: str
    later: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class Echo:
    """A field repeats a parameter of the request."""

    id: str
    field: str
    parameter: str
    unless: tuple[str, ...]  # parameter values that stand for something else
    origin: Origin


@dataclass(frozen=True, slots=True)
class Embedded:
    """A filled text holds a document of another format."""

    id: str
    field: str
    media_type: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class Pattern:
    """A filled text has a form."""

    id: str
    field: str
    pattern: str
    form: str  # the same for people: "ApplicationID|jobID"
    origin: Origin


@dataclass(frozen=True, slots=True)
class Unit:
    """A number counts in a unit, so only a range of values makes sense."""

    id: str
    field: str
    unit: str
    least: int
    most: int
    origin: Origin


@dataclass(frozen=True, slots=True)
class Separated:
    """A filled text is a list of entries with one separator."""

    id: str
    field: str
    separator: str
    foreign: tuple[str, ...]  # what others use to separate; none of it occurs in an entry
    origin: Origin


@dataclass(frozen=True, slots=True)
class Unique:
    """No two answers of a session have the same value."""

    id: str
    field: str
    origin: Origin


Constraint = Implication | Ordering | Echo | Embedded | Pattern | Unit | Separated | Unique


@dataclass(frozen=True, slots=True)
class Constraints:
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
        for kind in fields(self):
            yield from getattr(self, kind.name)


def fields_of(constraint: Constraint) -> tuple[str, ...]:
    """The dotted paths of the fields that a constraint looks at."""
    match constraint:
        case Implication(when=when, then=then):
            return (when.field, then.field)
        case Ordering(earlier=earlier, later=later):
            return (earlier, later)
        case _:
            return (constraint.field,)


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
