"""What every kind of constraint can say of itself.

Values are given by the dotted path of their field ("Instance.EndTime"). An absent value satisfies
everything except the demand that it be there.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Set
from functools import lru_cache
from typing import TYPE_CHECKING, ClassVar, Final, Self

import msgspec
from msgspec.structs import asdict, replace

from docpact.core.finding import Scalar
from docpact.core.span import Frozen
from docpact.core.violation import Rule, Value, Violation, is_masked, shown

if TYPE_CHECKING:
    from docpact.core.span import Origin

Leaves = Mapping[str, object]
Types = tuple[type, ...]
Search = Callable[[str], re.Match[str] | None]

TEXT: Final[Types] = (str,)
WHOLE_NUMBER: Final[Types] = (int,)
ANY_LEAF: Final[Types] = (str, int, float, bool)
MASKED: Final = "[*]{3}"  # a redacted value, which is held against nothing


class Demand(Frozen, frozen=True):
    """What the value of a field must be so that constraints hold; by itself it may be anything."""

    field: str
    least: int = -(2**63)  # of a number
    most: int = 2**63 - 1
    is_filled: bool | None = None  # nothing where it may be either
    listed: tuple[str, ...] | None = None
    never: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()  # patterns that the whole text has, the finest last
    holds: tuple[str, ...] = ()  # patterns of which each is on a line of the text
    lacks: tuple[str, ...] = ()  # patterns that are nowhere in the text
    media_type: str = ""
    separators: tuple[str, ...] = ()  # the one of a list of entries, then those that never occur
    is_name: bool = False


class Constraint(Frozen, frozen=True):
    """A demand on values beyond their type."""

    rule: ClassVar[Rule]  # that reports its violations
    types: ClassVar[Types] = TEXT  # that it can judge
    members: ClassVar[tuple[str, ...]] = ("field",)  # its own that name fields
    comments: ClassVar[frozenset[str]] = frozenset({"id", "origin"})  # its own that demand nothing
    yields_to: ClassVar[str] = ""  # the rule that has reported the same mistake already

    if TYPE_CHECKING:  # each kind has both, in its own order of the stored form

        @property
        def id(self) -> str:
            """The name that is its own in the contract."""

        @property
        def origin(self) -> "Origin":
            """The passage that gives rise to it."""

    @property
    def fields(self) -> tuple[str, ...]:
        """The dotted paths of the fields that it looks at; the last is the one to blame."""
        return tuple(path for path, _ in self.looks_at())

    def looks_at(self) -> tuple[tuple[str, Types], ...]:
        """Each field with the types of values that it can judge there."""
        return tuple((getattr(self, member), self.types) for member in self.members)

    def renamed(self, name: Callable[[str], str], parameter: Callable[[str], str] = str) -> Self:
        """The same constraint where fields and parameters have other names."""
        del parameter  # most kinds name none
        return replace(self, **{each: name(getattr(self, each)) for each in self.members})

    def within(self, parent: str) -> Self:
        """The constraint as it reads from within a structure."""
        return self.renamed(lambda path: path.removeprefix(f"{parent}."))

    def content(self) -> tuple[str, bytes]:
        """What it demands, to compare; what it is called, or why it holds, is not part of that."""
        said = {key: each for key, each in asdict(self).items() if key not in self.comments}
        return type(self).__name__, msgspec.json.encode(said, order="sorted")

    def holds(self, values: Leaves) -> bool:
        """Whether values satisfy it; those of a type that it cannot judge may or may not."""
        raise NotImplementedError

    def violation(self, values: "Values") -> "Violation | None":
        """What is surely wrong with values of any type."""
        if self.holds(values.leaves):
            return None
        can_judge = all(values.can_judge(path, types) for path, types in self.looks_at())
        return self.broken(values) if can_judge else None

    def broken(self, values: "Values") -> "Violation":
        """The violation by values for which it does not hold."""
        raise NotImplementedError

    def satisfy(self, demand: Demand, values: Leaves) -> Demand:
        """The demand on one of its fields, narrowed so that it holds with the other values."""
        del values
        return demand

    def json_schema(self) -> dict[str, object]:
        """What JSON Schema can say of it: on its field, or on the structure that holds several."""
        return {}

    def describe(self) -> str:
        """What it demands, in half a sentence."""
        raise NotImplementedError


def last_name(path: str) -> str:
    """The field's own name."""
    return path.rpartition(".")[2]


@lru_cache(maxsize=256)
def searcher(pattern: str) -> Search:
    """Finds a pattern as ECMA 262 means it: its last `$` is the end, not before a newline."""
    return re.compile(pattern[:-1] + r"\Z" if pattern.endswith("$") else pattern).search


def refuse_broken_pattern(pattern: str) -> None:
    """Raise ValueError if it is not a regular expression."""
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as cause:
        raise ValueError(f"{pattern!r} is not a regular expression: {cause}") from cause


class Values:
    """The values of a structure by dotted path; `unjudged` are members with a wrong type."""

    def __init__(
        self,
        value: Value,
        unjudged: Set[str] = frozenset(),
        parameters: Mapping[str, str] | None = None,
    ) -> None:
        self.leaves = dict(_leaves(value, ""))
        self.parameters = parameters or {}  # of the request
        self._unjudged = unjudged

    def can_judge(self, path: str, types: Types) -> bool:
        """Whether a value is absent, or of these types, not masked, and not known to be wrong."""
        value = self.leaves.get(path)
        if path in self._unjudged or is_masked(value):
            return False
        is_of_type = isinstance(value, types) and (bool in types or not isinstance(value, bool))
        return value is None or is_of_type

    def text(self, path: str) -> str:
        """The value for a message."""
        return shown(self.leaves[path]) if path in self.leaves else "absent"

    def violation(
        self,
        constraint: Constraint,
        message: str,
        expected: Scalar | tuple[str, ...],
        *,
        actual: Scalar = None,
    ) -> Violation:
        """A violation at the last of the constraint's fields."""
        path = tuple(constraint.fields[-1].split("."))
        return Violation(
            constraint.rule.id, message, path, constraint.origin, expected=expected, actual=actual
        )


def _leaves(value: Value, parent: str) -> Iterator[tuple[str, Scalar]]:
    for name, member in value.items() if isinstance(value, dict) else ():
        if isinstance(member, dict):
            yield from _leaves(member, f"{parent}{name}.")
        elif not isinstance(member, list):
            yield f"{parent}{name}", member
