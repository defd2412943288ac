"""Which ruling settles what a rule noticed, so that the reader need not."""

import re
from collections.abc import Iterator

from docpact.contract import (
    Constraint,
    Contract,
    Echo,
    Embedded,
    Implication,
    Ordering,
    Ruling,
    fields_of,
)
from docpact.lint.remark import Remark
from docpact.lint.subject import Subject

_DECIDED_BY: dict[str, type[Constraint]] = {
    "enum-meanings-disagree": Implication,
    "example-not-json": Embedded,
    "open-quote": Embedded,
    "request-answer-disagree": Echo,
    "times-backwards": Ordering,
}


def ruling_on(remark: Remark, subject: Subject) -> Ruling | None:
    """The ruling that decides the matter: by its effect, or by speaking of it on that line."""
    contract = subject.ruled
    if contract is None:
        return None
    name = _by_effect(remark, contract)
    decided = next((each for each in contract.rulings if each.id == name), None)
    return decided or _by_word(remark, contract)


def _by_effect(remark: Remark, contract: Contract) -> str | None:
    match remark.rule:
        case "sample-root" | "sample-several-roots":
            return contract.success.root_origin.ruling
        case "failure-undescribed":
            return contract.failure.origin.ruling if contract.failure else None
        case "required-unused":
            named = (each for each in contract.operation.parameters if each.name == remark.field)
            return next((each.origin.ruling for each in named), None)
    kind = _DECIDED_BY.get(remark.rule)
    found = (
        each.origin.ruling
        for each in contract.constraints
        if kind is not None and isinstance(each, kind) and _is_about(each, remark)
    )
    return next((each for each in found if each), None)


def _is_about(constraint: Constraint, remark: Remark) -> bool:
    if isinstance(constraint, Implication):
        return constraint.when.field == remark.field and remark.actual in constraint.when.values
    if isinstance(constraint, Ordering):
        # The later of the two is what a remark on times is about.
        return constraint.later == remark.field and constraint.earlier == remark.expected
    return remark.field in fields_of(constraint)


def _by_word(remark: Remark, contract: Contract) -> Ruling | None:
    """A ruling without an effect is there to be read: it stands on the line and names the field."""
    lines = {n for span in remark.spans for n in range(span.first, span.last + 1)}
    effective = set(_effective(contract))
    field = remark.field.rpartition(".")[2]
    return next(
        (
            each
            for each in contract.rulings
            if field
            and not each.governs
            and each.id not in effective
            and each.origin.span.first in lines
            and re.search(rf"(?<![A-Za-z]){re.escape(field)}(?![A-Za-z])", each.decision)
        ),
        None,
    )


def _effective(contract: Contract) -> Iterator[str | None]:
    """The rulings that decide something by themselves, whoever reads them."""
    yield from (each.origin.ruling for each in contract.constraints)
    yield from (each.origin.ruling for each in contract.operation.parameters)
    yield contract.success.root_origin.ruling
    yield contract.failure.origin.ruling if contract.failure else None
    for _, field in contract.success.walk():
        yield from (each.ruling for each in (field.required, field.empty) if each)
