"""Hold a page against every rule and make findings of what they notice."""

from collections.abc import Callable, Iterator

from docpact.contract.rulings import NO_RULINGS, Rulings
from docpact.core.finding import Finding, Location
from docpact.core.span import Origin, Span
from docpact.lint.context import Subject, subject_of
from docpact.lint.diagnostic import Diagnostic, ruling_on
from docpact.lint.enums import check_enums
from docpact.lint.examples import check_examples
from docpact.lint.members import check_members
from docpact.lint.prose import check_prose
from docpact.lint.requests import check_requests
from docpact.lint.samples import check_samples
from docpact.lint.tables import check_tables
from docpact.lint.times import check_times
from docpact.page import Page
from docpact.rules import RULES

_CHECKS: tuple[Callable[[Subject], Iterator[Diagnostic]], ...] = (
    check_tables,
    check_requests,
    check_examples,
    check_samples,
    check_members,
    check_enums,
    check_times,
    check_prose,
)


def lint(page: Page, rulings: Rulings = NO_RULINGS, file: str = "") -> Iterator[Finding]:
    """Everything that is wrong with a page, in the order of its lines.

    `file` is the page's path as findings name it. Rulings hide nothing; a finding that one settles
    says so. Raises BrokenContract if a ruling does not fit the page.
    """
    yield from findings_about(subject_of(page, rulings), file or page.name)


def findings_about(subject: Subject, file: str) -> Iterator[Finding]:
    """Everything that is wrong with a page that was taken apart already."""
    diagnostics = [each for check in _CHECKS for each in check(subject)]
    if subject.refusal is not None:
        diagnostics.append(_refused(subject))
    for diagnostic in sorted(
        diagnostics, key=lambda each: (each.span.first, each.rule, each.message)
    ):
        yield _finding(diagnostic, subject, file)


def _refused(subject: Subject) -> Diagnostic:
    refusal = subject.refusal
    message = f"the page cannot be compiled: {refusal.message if refusal else ''}"
    span = refusal.span if refusal and refusal.span else Span(subject.page.name, 1, 1)
    return Diagnostic("page-refused", message, Span(span.file, span.first, span.first))


def _finding(diagnostic: Diagnostic, subject: Subject, file: str) -> Finding:
    rule = RULES[diagnostic.rule]
    against = diagnostic.against or diagnostic.span
    settling = ruling_on(diagnostic, subject)
    message = diagnostic.message
    if settling is not None:
        message += f"; ruling {settling.id} settles it"
    return Finding(
        rule=rule.id,
        severity=rule.grade.severity,
        message=message,
        at=Location(file, diagnostic.span.first),
        origin=Origin(against, rule.grade, subject.quote(against)),
        field=diagnostic.field,
        expected=diagnostic.expected,
        actual=diagnostic.actual,
    )
