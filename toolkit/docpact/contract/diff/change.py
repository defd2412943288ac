"""One difference between two contracts: what it is, what it is about, and both pages' lines."""

from dataclasses import dataclass
from enum import StrEnum

from docpact.core.span import Origin


class Part(StrEnum):
    """The part of a contract that a change is in, in reading order."""

    OPERATION = "operation"
    PARAMETERS = "parameters"
    ANSWER = "answer"
    ERROR = "error"
    CONSTRAINTS = "constraints"
    SAMPLES = "samples"


class Audience(StrEnum):
    """Whose program was made by the old page."""

    CLIENT = "client"  # it calls a server that keeps the new page
    SERVER = "server"  # it is called, and judged, by those who read the new page


class Impact(StrEnum):
    """What a change does to a program that keeps the old page, the worst first."""

    BREAKING = "breaking"
    RISKY = "risky"
    COMPATIBLE = "compatible"


class ChangeKind(StrEnum):
    """Every kind of change; `docpact.contract.diff.reasons` says what each one does."""

    OPERATION_RENAMED = "operation-renamed"
    REQUEST_LINE_STATED = "request-line-stated"  # the old page shows no method and path
    REQUEST_LINE_WITHDRAWN = "request-line-withdrawn"
    METHOD_CHANGED = "method-changed"
    PATH_CHANGED = "path-changed"
    PLACEHOLDER_RENAMED = "placeholder-renamed"
    VERSION_STATED = "version-stated"
    VERSION_WITHDRAWN = "version-withdrawn"
    VERSION_CHANGED = "version-changed"
    OPERATION_OTHERWISE = "operation-otherwise"
    SUMMARY_REWORDED = "summary-reworded"

    REQUIRED_PARAMETER_ADDED = "required-parameter-added"
    OPTIONAL_PARAMETER_ADDED = "optional-parameter-added"
    REQUIRED_PARAMETER_REMOVED = "required-parameter-removed"
    OPTIONAL_PARAMETER_REMOVED = "optional-parameter-removed"
    PARAMETER_RENAMED = "parameter-renamed"
    PARAMETER_RELABELLED = "parameter-relabelled"  # it travels under the same name as before
    PARAMETER_MOVED = "parameter-moved"
    PARAMETER_RETYPED = "parameter-retyped"
    PARAMETER_TYPE_STATED = "parameter-type-stated"
    PARAMETER_TYPE_WITHDRAWN = "parameter-type-withdrawn"
    PARAMETER_NOW_REQUIRED = "parameter-now-required"
    PARAMETER_NOW_OPTIONAL = "parameter-now-optional"
    PARAMETER_VALUES_LISTED = "parameter-values-listed"
    PARAMETER_VALUES_UNLISTED = "parameter-values-unlisted"
    PARAMETER_VALUE_ADDED = "parameter-value-added"
    PARAMETER_VALUE_REMOVED = "parameter-value-removed"
    PARAMETER_DEFAULT_CHANGED = "parameter-default-changed"
    PARAMETER_MEANING_ADDED = "parameter-meaning-added"
    PARAMETER_MEANING_DROPPED = "parameter-meaning-dropped"
    PARAMETER_OTHERWISE = "parameter-otherwise"
    PARAMETER_EXAMPLE_CHANGED = "parameter-example-changed"
    PARAMETER_REWORDED = "parameter-reworded"

    ROOT_CHANGED = "root-changed"
    ANSWER_OTHERWISE = "answer-otherwise"
    ERROR_DESCRIBED = "error-described"
    ERROR_WITHDRAWN = "error-withdrawn"
    REQUIRED_FIELD_ADDED = "required-field-added"
    FIELD_ADDED = "field-added"
    REQUIRED_FIELD_REMOVED = "required-field-removed"
    FIELD_REMOVED = "field-removed"
    FIELD_RENAMED = "field-renamed"
    FIELD_MOVED = "field-moved"
    FIELD_PERHAPS_MOVED = "field-perhaps-moved"  # one of the two places rests on weak evidence
    FIELD_RETYPED = "field-retyped"
    FIELD_TYPE_STATED = "field-type-stated"
    FIELD_TYPE_WITHDRAWN = "field-type-withdrawn"
    FIELD_NOW_REQUIRED = "field-now-required"
    FIELD_NOW_OPTIONAL = "field-now-optional"
    FIELD_REGRADED = "field-regraded"
    FIELD_NOW_EMPTIABLE = "field-now-emptiable"
    FIELD_NO_LONGER_EMPTIABLE = "field-no-longer-emptiable"
    VALUES_LISTED = "values-listed"
    VALUES_UNLISTED = "values-unlisted"
    VALUE_ADDED = "value-added"
    VALUE_REMOVED = "value-removed"
    VALUE_REWORDED = "value-reworded"
    UNIT_CHANGED = "unit-changed"
    UNIT_STATED = "unit-stated"
    UNIT_WITHDRAWN = "unit-withdrawn"
    FIELD_MEANING_ADDED = "field-meaning-added"
    FIELD_MEANING_DROPPED = "field-meaning-dropped"
    FIELD_OTHERWISE = "field-otherwise"
    FIELD_EXAMPLE_CHANGED = "field-example-changed"
    FIELD_REWORDED = "field-reworded"

    CONSTRAINT_ADDED = "constraint-added"
    CONSTRAINT_REMOVED = "constraint-removed"
    CONSTRAINT_CHANGED = "constraint-changed"
    CONSTRAINT_REGRADED = "constraint-regraded"

    SAMPLE_ADDED = "sample-added"
    SAMPLE_REMOVED = "sample-removed"
    SAMPLE_CHANGED = "sample-changed"


@dataclass(frozen=True, slots=True)
class Side:
    """What one of the two pages says, and where."""

    value: str  # in a few words: a type, a path, a constraint; empty where the name says it all
    origin: Origin


@dataclass(frozen=True, slots=True)
class Change:
    """One difference; the side on which there is nothing is missing."""

    kind: ChangeKind
    part: Part
    name: str  # what it is about: "RegionId", "Instance.EndTime"; the new name where it changed
    old: Side | None
    new: Side | None
