"""The sentences that reports have in common; all of them are harmless to print."""

from collections.abc import Iterator

from docpact.core.finding import Finding, Report
from docpact.core.span import Grade, Origin
from docpact.core.text import printable
from docpact.rules import ANSWER_RULES, Rule

_SAID_BY = {
    Grade.STATED: "the page says so",
    Grade.IMPLIED: "the page implies it",
    Grade.ASSUMED: "assumed from the page",
}
_RULED_BY = {
    Grade.STATED: "ruling {} says so",
    Grade.IMPLIED: "ruling {} infers it",
    Grade.ASSUMED: "ruling {} assumes it",
}
_QUOTED = 100


def rules_on(report: Report) -> tuple[Rule, ...]:
    """The rules that were checked."""
    if report.subject != "page":
        return ANSWER_RULES
    from docpact.rules import PAGE_RULES  # only here: they are imported with docpact.lint

    return PAGE_RULES


def lines_of(finding: Finding) -> Iterator[str]:
    """A finding without its place: what is wrong, who says so, how to see it again."""
    yield printable(finding.message)
    quote = quoted(finding.origin)
    yield source(finding.origin) + (f"  {quote}" if quote else "")
    yield from reproduction(finding)


def source(origin: Origin) -> str:
    """Who says so, and on which line."""
    return f"{authority(origin)}: {printable(str(origin.span))}"


def authority(origin: Origin) -> str:
    """Who says so: the page itself, or a person who read it."""
    if origin.ruling is None:
        return _SAID_BY[origin.grade]
    ruled = _RULED_BY[origin.grade].format(printable(origin.ruling))
    raised = origin.raised_to
    return f"{ruled}, raised to {raised.value}" if raised else ruled


def quoted(origin: Origin) -> str:
    """The passage in quotation marks, cut where it is long; nothing if there is none."""
    quote = origin.quote if len(origin.quote) <= _QUOTED else origin.quote[: _QUOTED - 1] + "…"
    return f"“{printable(quote)}”" if quote else ""


def missing_from(report: Report) -> Iterator[str]:
    """What kept the run from checking everything."""
    yield from map(printable, report.problems)
    if not report.complete:
        yield "interrupted; the report covers what was checked so far"


def reproduction(finding: Finding) -> Iterator[str]:
    """How often it showed, and the commands that show it again."""
    if finding.count > 1:
        yield f"seen {finding.count} times"
    first, *rest = (finding.reproduce or "").split("\n")
    if first:
        yield f"reproduce: {printable(first)}"
        yield from (f"  {printable(line)}" for line in rest)
