"""What a validation engine says, whichever library is behind it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from docpact.check.decode import Body
from docpact.contract import Answer
from docpact.core.violation import Value, ValuePath


class Fault(StrEnum):
    """What an engine can notice; which rule a bad value breaks is told from the value itself."""

    MISSING = "missing"
    BAD_VALUE = "bad-value"


@dataclass(frozen=True, slots=True)
class SchemaViolation:
    """One thing that a schema does not allow: a kind and a place, no message."""

    fault: Fault
    path: ValuePath


class Engine(Protocol):
    """Judges the structure of an answer by the contract's schemas."""

    def violations(
        self, body: Body, answer: Answer, value: dict[str, Value]
    ) -> frozenset[SchemaViolation]:
        """Everything that is missing or has a bad value; `value` has the documented names."""
