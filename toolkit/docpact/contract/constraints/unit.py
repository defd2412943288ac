"""A number counts in a unit."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from msgspec.structs import replace

from docpact.contract.constraints.constraint import WHOLE_NUMBER, Constraint, Demand, Leaves
from docpact.core.span import Grade, Origin
from docpact.core.violation import Family, Rule

if TYPE_CHECKING:
    from docpact.contract.constraints.constraint import Values
    from docpact.core.violation import Violation


class Unit(Constraint, frozen=True):
    """A number counts in a unit, so only a range of values makes sense."""

    rule = Rule(
        "wrong-unit",
        Family.MEANING,
        Grade.IMPLIED,
        "A number is in another unit",
        "Times are milliseconds since 1970, which have 13 digits; a time of 10 digits is in "
        "seconds.",
        '"StartTime": 1599794335',
        "A server that writes 0 for an unset time.",
    )
    types = WHOLE_NUMBER

    id: str
    field: str
    unit: str
    least: int
    most: int
    origin: Origin

    def holds(self, values: Leaves) -> bool:
        """Whether the number is within the range."""
        number = values.get(self.field)
        return not isinstance(number, int) or self.least <= number <= self.most

    def satisfy(self, demand: Demand, values: Leaves) -> Demand:
        """A number within the range."""
        del values
        least, most = max(demand.least, self.least), min(demand.most, self.most)
        return replace(demand, least=least, most=most)

    def broken(self, values: "Values") -> "Violation":
        """The number, with the unit that it is probably in."""
        number = values.leaves[self.field]
        message = f"{self.field} is {values.text(self.field)}, which is not a number of {self.unit}"
        hint = next((hint for holds, hint in self._looks_like(int(number or 0)) if holds), "")
        return values.violation(self, message + hint, self.unit, actual=number)

    def _looks_like(self, number: int) -> Iterator[tuple[bool, str]]:
        yield number == 0, " (an unset time is left out)"
        yield self.least <= number * 1000 <= self.most, " (it looks like seconds)"
        yield self.least <= number // 1000 <= self.most, " (it looks like microseconds)"

    def json_schema(self) -> dict[str, object]:
        """The range."""
        return {"minimum": self.least, "maximum": self.most}

    def describe(self) -> str:
        """The unit with its range."""
        return f"{self.field} counts in {self.unit}, from {self.least} to {self.most}"
