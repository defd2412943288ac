"""No two answers of a session have the same value."""

from docpact.contract.constraints.constraint import Constraint, Leaves
from docpact.core.span import Origin


class Unique(Constraint, frozen=True):
    """No two answers of a session have the same value."""

    rule = "repeated-value"

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
