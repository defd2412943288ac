"""What changed between two contracts, and whom it breaks."""

from collections.abc import Iterable

from docpact.contract.diff.change import Audience, Change, ChangeKind, Impact, Part, Side
from docpact.contract.diff.constraints import constraint_changes
from docpact.contract.diff.members import (
    answer_changes,
    operation_changes,
    parameter_changes,
    sample_changes,
)
from docpact.contract.diff.pairing import paired_fields, paired_parameters
from docpact.contract.diff.reasons import REASONS, Reason, Verdict, grade, impact, worst
from docpact.contract.model import Contract

__all__ = [
    "REASONS",
    "Audience",
    "Change",
    "ChangeKind",
    "Impact",
    "Part",
    "Reason",
    "Side",
    "Verdict",
    "changes",
    "grade",
    "impact",
    "worst",
]


def changes(old: Contract, new: Contract) -> tuple[Change, ...]:
    """Everything that the new contract promises otherwise than the old one, in a fixed order."""
    parameters = paired_parameters(old.operation, new.operation)
    fields = paired_fields(old.success.fields, new.success.fields)
    return _sorted(
        (
            *operation_changes(old.operation, new.operation, parameters),
            *parameter_changes(old.operation, new.operation, parameters),
            *answer_changes(old, new, fields),
            *constraint_changes(old.constraints, new.constraints, fields, parameters),
            *sample_changes(old.samples, new.samples),
        )
    )


def _sorted(found: Iterable[Change]) -> tuple[Change, ...]:
    parts = {each: place for place, each in enumerate(Part)}
    return tuple(sorted(found, key=lambda each: (parts[each.part], *_in_part(each))))


def _in_part(change: Change) -> tuple[str, ...]:
    sides = (each.value if each else "" for each in (change.old, change.new))
    return (change.name, change.kind, *sides)
