"""The captured values that constraints judge, and the violations that they report.

Apart from the constraints, since commands that only read contracts need no violations.
"""

from collections.abc import Iterator, Mapping, Set

from docpact.contract.constraints.constraint import Constraint, Types
from docpact.core.finding import Scalar
from docpact.core.violation import Value, Violation, is_masked, shown


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
