"""What the page says of values beyond their type, as data: a small closed set of kinds.

Each kind is a file that says all of it: the fields that it looks at, when it holds, the violation
of it, and what it is in JSON Schema and in words. `Constraints` is the list of the kinds.

Fields are named by their dotted path in the answer ("Instance.EndTime"). Patterns are written in
the subset of regular expressions that Python, ECMA 262 and JSON Schema validators read alike.
"""

from collections.abc import Iterable, Iterator
from typing import Final, get_args

from docpact.contract.constraints.constraint import MASKED, Constraint, Demand, Leaves, searcher
from docpact.contract.constraints.echo import Echo
from docpact.contract.constraints.embedded import Embedded
from docpact.contract.constraints.implication import Condition, Implication, Test
from docpact.contract.constraints.ordering import Ordering
from docpact.contract.constraints.pattern import Pattern
from docpact.contract.constraints.separated import BLANKS, Separated
from docpact.contract.constraints.unique import Unique
from docpact.contract.constraints.unit import Unit
from docpact.core.span import Frozen

__all__ = [
    "BLANKS",
    "CONSTRAINT_KINDS",
    "MASKED",
    "Condition",
    "Constraint",
    "Constraints",
    "Demand",
    "Echo",
    "Embedded",
    "Implication",
    "Leaves",
    "Ordering",
    "Pattern",
    "Separated",
    "Test",
    "Unique",
    "Unit",
    "grouped",
    "searcher",
]


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


_MEMBERS: Final[dict[type[Constraint], str]] = {
    get_args(hint)[0]: name for name, hint in Constraints.__annotations__.items()
}
CONSTRAINT_KINDS: Final = {kind.__name__.lower(): kind for kind in _MEMBERS}  # as rulings name them


def grouped(constraints: Iterable[Constraint]) -> Constraints:
    """The constraints sorted by kind, in the order given."""
    found: dict[str, list[Constraint]] = {name: [] for name in _MEMBERS.values()}
    for each in constraints:
        found[_MEMBERS[type(each)]].append(each)
    return Constraints(**{name: tuple(each) for name, each in found.items()})  # type: ignore[arg-type]  # sorted by type
