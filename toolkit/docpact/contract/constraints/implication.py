"""When one condition on a field holds, so must another."""

import re
from collections.abc import Callable
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Self

from msgspec.structs import replace

from docpact.contract.constraints.constraint import (
    ANY_LEAF,
    MASKED,
    TEXT,
    Constraint,
    Demand,
    Leaves,
    Types,
    last_name,
    refuse_broken_pattern,
    searcher,
)
from docpact.core.span import Frozen, Grade, Origin
from docpact.core.violation import Family, Rule

if TYPE_CHECKING:
    from docpact.contract.constraints.constraint import Values
    from docpact.core.violation import Violation

UNFILLED: Final = [None, ""]  # what a field that is there and not filled can be
_GROUP = re.compile(r"\\.|\[(?:\\.|[^\]\\])*\][*+?]*|\([^()]*\)[*+?]*")
_WORD = re.compile(r"[A-Za-z0-9_]{3,}(?![?*{])")


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
        refuse_broken_pattern(self.pattern)

    @property
    def is_on_presence(self) -> bool:
        """Whether it asks whether the field is filled; if not, it compares a filled one."""
        return self.test is Test.FILLED or self.test is Test.EMPTY

    @property
    def looks_within(self) -> bool:
        """Whether it looks for a pattern in a text."""
        return self.test is Test.MATCHES or self.test is Test.LACKS

    def holds(self, values: Leaves) -> bool:
        """Whether the field's value is such."""
        value, test = values.get(self.field), self.test
        if test is Test.ONE_OF:
            return value in self.values
        if test is Test.MATCHES or test is Test.LACKS:
            if not isinstance(value, str) or not value:
                return False
            return matcher(self.pattern)(value) is (test is Test.MATCHES)
        return (value is None or value == "") is (test is Test.EMPTY)

    def may_follow(self, values: Leaves) -> bool:
        """Whether it holds, or compares an unfilled field, which fails no comparison."""
        return self.holds(values) or not (self.is_on_presence or values.get(self.field))

    def satisfy(self, demand: Demand) -> Demand:
        """A value for which it holds."""
        match self.test:
            case Test.ONE_OF:
                listed = self.values if demand.listed is None else demand.listed
                both = tuple(each for each in listed if each in self.values)
                return replace(demand, listed=both)
            case Test.FILLED:
                return replace(demand, is_filled=demand.is_filled is not False)
            case Test.EMPTY:
                return replace(demand, is_filled=False)
            case Test.MATCHES:
                return replace(demand, holds=(*demand.holds, self.pattern))
            case Test.LACKS:
                return replace(demand, lacks=(*demand.lacks, self.pattern))

    def json_schema(self) -> dict[str, object]:
        """The values for which it holds."""
        match self.test:
            case Test.ONE_OF:
                return {"enum": list(self.values)}
            case Test.FILLED:
                return {"not": {"enum": UNFILLED}}
            case Test.EMPTY:
                return {"enum": UNFILLED}
            case Test.MATCHES:
                return {"type": "string", "pattern": self.pattern}
            case Test.LACKS:
                return {"not": {"type": "string", "pattern": self.pattern}}

    def describe(self) -> str:
        """The condition as a clause."""
        match self.test:
            case Test.ONE_OF:
                return f"{self.field} is {' or '.join(self.values)}"
            case Test.FILLED | Test.EMPTY:
                return f"{self.field} is {self.test}"
            case Test.MATCHES | Test.LACKS:
                return f"{self.field} {self.test} {self.pattern}"


class Implication(Constraint, frozen=True):
    """When one condition holds, so must the other; an absent field makes no condition hold."""

    rule = Rule(
        "fields-disagree",
        Family.MEANING,
        Grade.IMPLIED,
        "Two fields contradict each other",
        "The page relates the values of two fields, for example: a running job has no EndTime.",
        '"ActualState": "RUNNING" with "EndTime": 1599794335000',
        "A server that answers at the very moment at which the instance changes its state.",
    )
    comments = Constraint.comments | {"because"}

    id: str
    when: Condition
    then: Condition
    because: str  # the reason in the reader's words, for messages
    origin: Origin

    def looks_at(self) -> tuple[tuple[str, Types], ...]:
        """Both fields: of texts, or of any values whose presence alone counts."""
        return tuple(
            (each.field, ANY_LEAF if each.is_on_presence else TEXT)
            for each in (self.when, self.then)
        )

    def renamed(self, name: Callable[[str], str], parameter: Callable[[str], str] = str) -> Self:
        """Both conditions where fields have other names."""
        del parameter
        when, then = (replace(each, field=name(each.field)) for each in (self.when, self.then))
        return replace(self, when=when, then=then)

    def holds(self, values: Leaves) -> bool:
        """Whether the first condition does not hold, or the second does."""
        return not self.when.holds(values) or self.then.may_follow(values)

    def satisfy(self, demand: Demand, values: Leaves) -> Demand:
        """A value for which the second condition holds, if the first one does."""
        follows = demand.field == self.then.field and self.when.holds(values)
        return self.then.satisfy(demand) if follows else demand

    def broken(self, values: "Values") -> "Violation":
        """The second field, by what the first one is."""
        when, then = self.when, self.then
        actual = None if then.looks_within else values.text(then.field)
        message = (
            f"{then.field} {f'is {actual}' if actual else 'does not fit'} "
            f"while {last_name(when.field)} is {values.text(when.field)}: {self.because}"
        )
        return values.violation(self, message, then.values or self.because, actual=actual)

    def json_schema(self) -> dict[str, object]:
        """An `if` and its `then`; an unfilled field fails the second only if it must be filled."""
        follows = self.then.json_schema()
        if not self.then.is_on_presence:
            follows = {"anyOf": [follows, {"enum": UNFILLED}, {"pattern": MASKED}]}
        return {
            "$comment": self.because,
            "if": _member(
                self.when, self.when.json_schema(), required=self.when.test is not Test.EMPTY
            ),
            "then": _member(self.then, follows, required=self.then.test is Test.FILLED),
        }

    def describe(self) -> str:
        """The second condition where the first one holds."""
        return f"{self.then.describe()} where {self.when.describe()}"


def _member(
    condition: Condition, schema: dict[str, object], *, required: bool
) -> dict[str, object]:
    name = last_name(condition.field)
    return {**({"required": [name]} if required else {}), "properties": {name: schema}}


@lru_cache(maxsize=256)
def matcher(pattern: str) -> Callable[[str], bool]:
    """Whether a text holds what a pattern looks for; its literal words are looked for first."""
    search, words = searcher(pattern), _words(pattern)
    return lambda text: all(each in text for each in words) and search(text) is not None


def _words(pattern: str) -> tuple[str, ...]:
    """Words without which the pattern cannot match; none if it offers a choice."""
    bare = _GROUP.sub(" ", pattern)
    return () if "|" in bare or "(" in bare else tuple(_WORD.findall(bare))
