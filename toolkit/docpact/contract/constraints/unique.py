"""No two answers of a session have the same value."""

from docpact.contract.constraints.constraint import Constraint, Leaves
from docpact.core.span import Grade, Origin
from docpact.core.violation import Family, Rule


class Unique(Constraint, frozen=True):
    """No two answers of a session have the same value."""

    rule = Rule(
        "repeated-value",
        Family.SESSION,
        Grade.STATED,
        "A value that must be unique occurs in two answers",
        "Two answers of one session have this value in common. Checked only for answers "
        "that were captured with their status, since a body alone can be a second copy. The same "
        "bytes in two captures are one call, unless their times differ.",
        "two answers with one RequestId",
        "A capture that holds the same call twice.",
    )

    id: str
    field: str
    origin: Origin

    def holds(self, values: Leaves) -> bool:
        """True of any answer alone; the history of a session finds what came before."""
        del values
        return True

    def describe(self) -> str:
        """That no value comes twice."""
        return f"{self.field} is never repeated"
