"""A field repeats a parameter of the request."""

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Self

from msgspec.structs import replace

from docpact.contract.constraints.constraint import Constraint, Demand, Leaves
from docpact.core.span import Grade, Origin
from docpact.core.violation import Family, Rule

if TYPE_CHECKING:
    from docpact.contract.constraints.constraint import Values
    from docpact.core.violation import Violation


class Echo(Constraint, frozen=True):
    """A field repeats a parameter of the request."""

    rule = Rule(
        "wrong-echo",
        Family.MEANING,
        Grade.IMPLIED,
        "The answer is about something else than the request",
        "A field should repeat a parameter of the request, but has another value. Checked only "
        "where the request is known.",
        '"JobName": "job2" for …/jobs/job1/…',
        "A server that knows instances by several ids.",
    )
    types = (str, int)

    id: str
    field: str
    parameter: str
    unless: tuple[str, ...]  # parameter values that stand for something else
    origin: Origin

    def renamed(self, name: Callable[[str], str], parameter: Callable[[str], str] = str) -> Self:
        """The same field and parameter by other names."""
        return replace(self, field=name(self.field), parameter=parameter(self.parameter))

    def holds(self, values: Leaves) -> bool:
        """True of any answer without its request."""
        del values
        return True

    def satisfy(self, demand: Demand, values: Leaves) -> Demand:
        """A name that a request can ask for."""
        del values
        return replace(demand, is_name=True, never=(*demand.never, *self.unless))

    def is_repeated(self, value: object, parameters: Mapping[str, str]) -> bool:
        """Whether a value repeats what was asked for; what is not a name or a number may be any."""
        asked = parameters.get(self.parameter)
        if asked is None or value == asked or asked in self.unless:
            return True
        if isinstance(value, str):
            return _is_masked(asked) or _is_masked(value)
        is_number = isinstance(value, int) and not isinstance(value, bool)
        return not is_number or re.fullmatch(r"-?[0-9]{1,40}", asked) is None or int(asked) == value

    def violation(self, values: "Values") -> "Violation | None":
        """A field that says something else than its parameter."""
        if self.is_repeated(values.leaves.get(self.field), values.parameters):
            return None
        return self.broken(values) if values.can_judge(self.field, self.types) else None

    def broken(self, values: "Values") -> "Violation":
        """The field, by what the request asked for."""
        from docpact.core.violation import shown

        asked = values.parameters[self.parameter]
        message = (
            f"{self.field} is {values.text(self.field)}; the request asked for "
            f"{self.parameter} {shown(asked)}"
        )
        return values.violation(self, message, asked, actual=values.leaves[self.field])

    def describe(self) -> str:
        """The parameter, and the values of it that are not repeated."""
        unless = f", except for {', '.join(self.unless)}" if self.unless else ""
        return f"{self.field} repeats the parameter {self.parameter}{unless}"


def _is_masked(text: str) -> bool:
    from docpact.core.violation import is_masked

    return is_masked(text)
