"""One thing that is wrong with a page, before it is known how severe that is."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

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
from docpact.core.finding import Scalar
from docpact.core.span import Span
from docpact.lint.context import Subject

_FEW = 4  # so many names get a finding each; more of one kind share one
_NAMED = 8  # so many of those are named


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """What a rule noticed: where it shows, and what passage says otherwise."""

    rule: str
    message: str
    span: Span
    against: Span | None = None  # the passage that it contradicts; the same one if not set
    field: str = ""
    also: tuple[Span, ...] = ()  # further lines that show it
    expected: Scalar | tuple[str, ...] = None
    actual: Scalar = None

    @property
    def spans(self) -> tuple[Span, ...]:
        """Everything on the page that it is about."""
        return (self.span, *((self.against,) if self.against else ()), *self.also)


def folded(diagnostics: Sequence[Diagnostic], summary: str) -> tuple[Diagnostic, ...]:
    """The diagnostics, or one that stands for all of them where there are too many to read.

    The summary has a place for their number and their names: "{} fields are missing: {}".
    """
    if len(diagnostics) <= _FEW:
        return tuple(diagnostics)
    names = list(dict.fromkeys(each.field for each in diagnostics))
    if len(names) <= _FEW // 2:
        return tuple(diagnostics)
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    first, *rest = diagnostics
    message = summary.format(len(names), ", ".join(names[:_NAMED]) + more)
    return (
        Diagnostic(
            first.rule, message, first.span, first.against, also=tuple(each.span for each in rest)
        ),
    )


def on_lines(spans: Sequence[Span]) -> str:
    """Lines for a message: "line 5" or "lines 5, 7 and 9"."""
    lines = [str(each) for each in dict.fromkeys(span.first for span in spans)]
    if len(lines) == 1:
        return f"line {lines[0]}"
    return f"lines {', '.join(lines[:-1])} and {lines[-1]}"


_DECIDED_BY: dict[str, type[Constraint]] = {
    "enum-meanings-disagree": Implication,
    "example-not-json": Embedded,
    "open-quote": Embedded,
    "request-answer-disagree": Echo,
    "times-backwards": Ordering,
}


def ruling_on(diagnostic: Diagnostic, subject: Subject) -> Ruling | None:
    """The ruling that decides the matter: by its effect, or by speaking of it on that line."""
    contract = subject.ruled
    if contract is None:
        return None
    name = _by_effect(diagnostic, contract)
    decided = next((each for each in contract.rulings if each.id == name), None)
    return decided or _by_word(diagnostic, contract)


def _by_effect(diagnostic: Diagnostic, contract: Contract) -> str | None:
    match diagnostic.rule:
        case "sample-root" | "sample-several-roots":
            return contract.success.root_origin.ruling
        case "failure-undescribed":
            return contract.failure.origin.ruling if contract.failure else None
        case "required-unused":
            named = (
                each for each in contract.operation.parameters if each.name == diagnostic.field
            )
            return next((each.origin.ruling for each in named), None)
    kind = _DECIDED_BY.get(diagnostic.rule)
    found = (
        each.origin.ruling
        for each in contract.constraints
        if kind is not None and isinstance(each, kind) and _is_about(each, diagnostic)
    )
    return next((each for each in found if each), None)


def _is_about(constraint: Constraint, diagnostic: Diagnostic) -> bool:
    if isinstance(constraint, Implication):
        return (
            constraint.when.field == diagnostic.field
            and diagnostic.actual in constraint.when.values
        )
    if isinstance(constraint, Ordering):
        # The later of the two is what a diagnostic on times is about.
        return constraint.later == diagnostic.field and constraint.earlier == diagnostic.expected
    return diagnostic.field in fields_of(constraint)


def _by_word(diagnostic: Diagnostic, contract: Contract) -> Ruling | None:
    """A ruling without an effect is there to be read: it stands on the line and names the field."""
    lines = {n for span in diagnostic.spans for n in range(span.first, span.last + 1)}
    effective = set(_effective(contract))
    field = diagnostic.field.rpartition(".")[2]
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
