"""One time is not later than another."""

from typing import TYPE_CHECKING

from msgspec.structs import replace

from docpact.contract.constraints.constraint import (
    WHOLE_NUMBER,
    Constraint,
    Demand,
    Leaves,
    last_name,
)
from docpact.core.span import Grade, Origin
from docpact.core.violation import Family, Rule

if TYPE_CHECKING:
    from docpact.contract.constraints.constraint import Values
    from docpact.core.violation import Violation


class Ordering(Constraint, frozen=True):
    """One time is not later than the other."""

    rule = Rule(
        "times-out-of-order",
        Family.MEANING,
        Grade.IMPLIED,
        "A time is before another one that it must follow",
        "A job does not end before it starts.",
        '"StartTime": 1599794335000 with "EndTime": 1548397575000',
        "A server on several machines whose clocks differ.",
    )
    types = WHOLE_NUMBER
    members = ("earlier", "later")
    yields_to = "wrong-unit"  # a time in seconds also lies before all others

    id: str
    earlier: str
    later: str
    origin: Origin

    def holds(self, values: Leaves) -> bool:
        """Whether the second time is not before the first."""
        first, second = values.get(self.earlier), values.get(self.later)
        return not isinstance(first, int) or not isinstance(second, int) or first <= second

    def satisfy(self, demand: Demand, values: Leaves) -> Demand:
        """A time that is not on the wrong side of the other one."""
        first, second = values.get(self.earlier), values.get(self.later)
        if demand.field == self.later and isinstance(first, int):
            return replace(demand, least=max(demand.least, first))
        if demand.field == self.earlier and isinstance(second, int):
            return replace(demand, most=min(demand.most, second))
        return demand

    def broken(self, values: "Values") -> "Violation":
        """The second time, by the first."""
        earlier, later = (values.leaves[each] for each in self.fields)
        message = f"{self.later} {later} lies before {last_name(self.earlier)} {earlier}"
        return values.violation(self, message, f"{earlier} or later", actual=later)

    def describe(self) -> str:
        """Which of the two comes first."""
        return f"{self.earlier} is not later than {self.later}"
