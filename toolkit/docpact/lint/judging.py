"""Hold a page against every rule and make findings of what they notice."""

from collections.abc import Callable, Iterator

from docpact.contract.rulings import NO_RULINGS, Rulings
from docpact.finding import Finding, Location
from docpact.lint.enums import check_enums
from docpact.lint.examples import check_examples
from docpact.lint.members import check_members
from docpact.lint.prose import check_prose
from docpact.lint.remark import Remark
from docpact.lint.requests import check_requests
from docpact.lint.samples import check_samples
from docpact.lint.settled import ruling_on
from docpact.lint.subject import Subject, subject_of
from docpact.lint.tables import check_tables
from docpact.lint.times import check_times
from docpact.page import Page
from docpact.rules import RULES
from docpact.span import Origin, Span

_CHECKS: tuple[Callable[[Subject], Iterator[Remark]], ...] = (
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
    remarks = [each for check in _CHECKS for each in check(subject)]
    if subject.refusal is not None:
        remarks.append(_refused(subject))
    for remark in sorted(remarks, key=lambda each: (each.span.first, each.rule, each.message)):
        yield _finding(remark, subject, file)


def _refused(subject: Subject) -> Remark:
    refusal = subject.refusal
    message = f"the page cannot be compiled: {refusal.message if refusal else ''}"
    span = refusal.span if refusal and refusal.span else Span(subject.page.name, 1, 1)
    return Remark("page-refused", message, Span(span.file, span.first, span.first))


def _finding(remark: Remark, subject: Subject, file: str) -> Finding:
    rule = RULES[remark.rule]
    against = remark.against or remark.span
    settling = ruling_on(remark, subject)
    message = remark.message
    if settling is not None:
        message += f"; ruling {settling.id} settles it"
    return Finding(
        rule=rule.id,
        severity=rule.grade.severity,
        message=message,
        at=Location(file, remark.span.first),
        origin=Origin(against, rule.grade, subject.quote(against)),
        field=remark.field,
        expected=remark.expected,
        actual=remark.actual,
    )
