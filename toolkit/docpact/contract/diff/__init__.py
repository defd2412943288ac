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
from docpact.contract.diff.reasons import REASONS, Reason, Verdict
from docpact.contract.model import Contract
from docpact.core.span import Severity

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


_ORDER = tuple(Impact)
_AT_WORST = {
    Severity.ERROR: Impact.BREAKING,
    Severity.WARNING: Impact.RISKY,
    Severity.NOTE: Impact.COMPATIBLE,
}
_ONLY = {
    Severity.WARNING: "but that is only implied",
    Severity.NOTE: "but that is only assumed",
}


def grade(change: Change, audience: Audience) -> Verdict:
    """What a change does to one audience; what is no error to break is not breaking either."""
    verdict = REASONS[change.kind].verdict(audience)
    severity = _weakest(change)
    if severity is Severity.ERROR or _not_worse(verdict.impact, _AT_WORST[severity]):
        return verdict
    return Verdict(_AT_WORST[severity], f"{verdict.reason}, {_ONLY[severity]}")


def impact(change: Change, audiences: Iterable[Audience] = tuple(Audience)) -> Impact:
    """The worst that a change does to any of them."""
    return worst(grade(change, each).impact for each in audiences)


def worst(impacts: Iterable[Impact]) -> Impact:
    """The worst of several; compatible if there are none."""
    return min(impacts, key=_ORDER.index, default=Impact.COMPATIBLE)


def _not_worse(one: Impact, other: Impact) -> bool:
    return _ORDER.index(one) >= _ORDER.index(other)


def _weakest(change: Change) -> Severity:
    order = tuple(Severity)
    sides = (each for each in (change.old, change.new) if each)
    return max((each.origin.severity for each in sides), key=order.index, default=Severity.ERROR)
