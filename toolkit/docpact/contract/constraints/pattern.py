"""A text has a form."""

from typing import TYPE_CHECKING

from msgspec.structs import replace

from docpact.contract.constraints.constraint import (
    MASKED,
    Constraint,
    Demand,
    Leaves,
    refuse_broken_pattern,
    searcher,
)
from docpact.core.span import Grade, Origin
from docpact.core.violation import Family, Rule

if TYPE_CHECKING:
    from docpact.contract.constraints.constraint import Values
    from docpact.core.violation import Violation


class Pattern(Constraint, frozen=True):
    """A filled text has a form."""

    rule = Rule(
        "wrong-format",
        Family.MEANING,
        Grade.IMPLIED,
        "A text does not have the form that the page gives",
        "The page describes or shows the form of this value.",
        '"EngineJobHandler": "application_1597654819348_0011"',
        "A server whose identifiers look different from those on the page.",
    )
    comments = Constraint.comments | {"form"}
    yields_to = "wrong-format"  # a finer form of the same field adds nothing

    id: str
    field: str
    pattern: str
    form: str  # the same for people: "ApplicationID|jobID"
    origin: Origin

    def __post_init__(self) -> None:
        refuse_broken_pattern(self.pattern)

    def holds(self, values: Leaves) -> bool:
        """Whether the pattern is found in the text."""
        text = values.get(self.field)
        if not isinstance(text, str) or not text:
            return True
        return searcher(self.pattern)(text) is not None

    def satisfy(self, demand: Demand, values: Leaves) -> Demand:
        """A text of that form."""
        del values
        return replace(demand, forms=(*demand.forms, self.pattern))

    def broken(self, values: "Values") -> "Violation":
        """The text, with its form for people."""
        message = f"{self.field} is {values.text(self.field)}; its form is {self.form}"
        return values.violation(self, message, self.form, actual=values.leaves[self.field])

    def json_schema(self) -> dict[str, object]:
        """The pattern; empty and masked texts pass."""
        return {"pattern": f"^$|{self.pattern}|{MASKED}"}

    def describe(self) -> str:
        """The form for people, and the pattern."""
        return f"{self.field} has the form {self.form} ({self.pattern})"
