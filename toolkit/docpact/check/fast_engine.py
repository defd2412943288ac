"""The default engine: jsonschema-rs on the decoded value, for JSON and XML alike.

Separate because the library takes 20 ms to import.
"""

import json
from typing import Final

import jsonschema_rs
from jsonschema_rs import ValidationErrorKind as Kind

from docpact.check.decode import Body
from docpact.check.structure import SchemaViolation
from docpact.contract import Answer, Schemas
from docpact.core.violation import Value

# Anything else in the schema (allOf, pattern, …) restates constraints, which are judged on the
# decoded value for both formats at once.
_OF_THE_VALUE: Final = (Kind.Type, Kind.Enum, Kind.MaxLength, Kind.Minimum, Kind.Maximum)


class FastEngine:
    """Validators that are built once and used for every answer."""

    def __init__(self, schemas: Schemas, failure: Answer | None) -> None:
        self._success = jsonschema_rs.Draft202012Validator(json.loads(schemas.success))
        self._failure = (
            jsonschema_rs.Draft202012Validator(json.loads(schemas.failure))
            if schemas.failure
            else self._success
        )
        self._failing = failure

    def violations(
        self, body: Body, answer: Answer, value: dict[str, Value]
    ) -> frozenset[SchemaViolation]:
        """Everything that jsonschema-rs reports."""
        del body  # both formats were decoded to the same value
        validator = self._failure if answer is self._failing else self._success
        return frozenset(
            violation
            for error in validator.iter_errors(value)
            if (violation := _violation(error)) is not None
        )


def _violation(error: jsonschema_rs.ValidationError) -> SchemaViolation | None:
    if "allOf" in error.schema_path:
        return None
    path = tuple(error.instance_path)
    if isinstance(error.kind, Kind.Required):
        return SchemaViolation((*path, error.kind.property), is_missing=True)
    return SchemaViolation(path) if isinstance(error.kind, _OF_THE_VALUE) else None
