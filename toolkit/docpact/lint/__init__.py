"""Judge the page itself: where it contradicts itself, and where it leaves one to guess."""

import re
from collections.abc import Iterator
from typing import Final

from docpact.contract import (
    Constraint,
    Contract,
    Echo,
    Embedded,
    Implication,
    Ordering,
    Ruling,
)
from docpact.contract.rulings import NO_RULINGS, Rulings
from docpact.core.finding import Finding, Location
from docpact.core.span import Origin
from docpact.lint.context import Diagnostic, PageContext, PageRule, context_of
from docpact.lint.examples import EXAMPLE_RULES
from docpact.lint.members import MEMBER_RULES
from docpact.lint.requests import REQUEST_RULES
from docpact.lint.samples import SAMPLE_RULES
from docpact.lint.structure import STRUCTURE_RULES
from docpact.lint.values import TIME_RULES
from docpact.page import Page

__all__ = ["PAGE_RULES", "PageContext", "context_of", "findings_about", "lint"]


PAGE_RULES: Final[tuple[PageRule, ...]] = (
    *STRUCTURE_RULES,
    *EXAMPLE_RULES,
    *TIME_RULES,
    *SAMPLE_RULES,
    *MEMBER_RULES,
    *REQUEST_RULES,
)


def lint(page: Page, rulings: Rulings = NO_RULINGS, file: str = "") -> Iterator[Finding]:
    """Everything that is wrong with a page, in the order of its lines.

    `file` is the page's path as findings name it. Rulings hide nothing; a finding that one settles
    says so. Raises BrokenContract if a ruling does not fit the page.
    """
    yield from findings_about(context_of(page, rulings), file or page.name)


def findings_about(context: PageContext, file: str) -> Iterator[Finding]:
    """Everything that is wrong with a page that was taken apart already."""
    found = [(rule, each) for rule in PAGE_RULES for each in rule.check(context)]
    found.sort(key=lambda pair: (pair[1].span.first, pair[0].id, pair[1].message))
    for rule, diagnostic in found:
        yield _finding(rule, diagnostic, context, file)


def _finding(rule: PageRule, diagnostic: Diagnostic, context: PageContext, file: str) -> Finding:
    against = diagnostic.against or diagnostic.span
    ruling = _ruling_on(rule, diagnostic, context.ruled) if context.ruled else None
    settled = f"; ruling {ruling.id} settles it" if ruling else ""
    return Finding(
        rule=rule.id,
        severity=rule.grade.severity,
        message=diagnostic.message + settled,
        at=Location(file, diagnostic.span.first),
        origin=Origin(against, rule.grade, context.quote(against)),
        field=diagnostic.field,
        expected=diagnostic.expected,
        actual=diagnostic.actual,
    )


_DECIDED_BY: Final[dict[str, type[Constraint]]] = {
    "enum-meanings-disagree": Implication,
    "example-not-json": Embedded,
    "open-quote": Embedded,
    "request-answer-disagree": Echo,
    "times-backwards": Ordering,
}


def _ruling_on(rule: PageRule, diagnostic: Diagnostic, contract: Contract) -> Ruling | None:
    """The ruling that decides the matter: by its effect, or by a decision about that line."""
    name = _by_effect(rule, diagnostic, contract)
    decided = next((each for each in contract.rulings if each.id == name), None)
    return decided or _by_words(diagnostic, contract)


def _by_effect(rule: PageRule, diagnostic: Diagnostic, contract: Contract) -> str | None:
    match rule.id:
        case "sample-root" | "sample-several-roots":
            return contract.success.root_origin.ruling
        case "failure-undescribed":
            return contract.failure.origin.ruling if contract.failure else None
        case "required-unused":
            parameters = contract.operation.parameters
            named = (each for each in parameters if each.name == diagnostic.field)
            return next((each.origin.ruling for each in named), None)
    kind = _DECIDED_BY.get(rule.id)
    found = (
        each.origin.ruling
        for each in contract.constraints
        if kind is not None and isinstance(each, kind) and _is_about(each, diagnostic)
    )
    return next((each for each in found if each), None)


def _is_about(constraint: Constraint, diagnostic: Diagnostic) -> bool:
    if isinstance(constraint, Implication):
        when = constraint.when
        return when.field == diagnostic.field and diagnostic.actual in when.values
    if isinstance(constraint, Ordering):
        # The later of the two is what a diagnostic on times is about.
        return constraint.later == diagnostic.field and constraint.earlier == diagnostic.expected
    return diagnostic.field in constraint.fields


def _by_words(diagnostic: Diagnostic, contract: Contract) -> Ruling | None:
    """A ruling without an effect that cites one of the lines and names the field."""
    lines = {n for span in diagnostic.spans for n in range(span.first, span.last + 1)}
    effective = set(_effective(contract))
    field = diagnostic.field.rpartition(".")[2]
    word = re.compile(rf"(?<![A-Za-z]){re.escape(field)}(?![A-Za-z])")
    candidates = (
        each for each in contract.rulings if field and not each.governs and each.id not in effective
    )
    found = (each for each in candidates if each.origin.span.first in lines)
    return next((each for each in found if word.search(each.decision)), None)


def _effective(contract: Contract) -> Iterator[str | None]:
    """The rulings that decide something by themselves, whoever reads them."""
    yield from (each.origin.ruling for each in contract.constraints)
    yield from (each.origin.ruling for each in contract.operation.parameters)
    yield contract.success.root_origin.ruling
    yield contract.failure.origin.ruling if contract.failure else None
    for _, field in contract.success.walk():
        yield from (each.ruling for each in (field.required, field.empty) if each)
