"""Write a report for people at a terminal, in sentences that other formats use too."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from docpact.core.finding import Finding, Location, Report, Summary
from docpact.core.span import Grade, Origin, Severity
from docpact.core.text import counted, printable
from docpact.rules import ANSWER_RULES, Rule

Style = Callable[[str, str], str]  # a text and the role it plays: "error", "place", "faint", …

_CLEAN_NAMED = 12


def plain(text: str, _role: str) -> str:
    """No colour at all."""
    return text


def render(report: Report, *, style: Style = plain, notes: bool = False) -> str:
    """The findings, each with its place and the page's line; notes only if `notes` is set."""
    blocks = [
        block(each, style)
        for each in report.findings
        if notes or each.severity is not Severity.NOTE
    ]
    files = replace(
        report.summary, skipped=report.skipped
    )  # skipped calls are counted on standard error
    counts = totals(files, style, notes=notes, subject=report.subject)
    closing = [*_clean(report.clean, style), counts]
    return "\n\n".join([*blocks, "\n".join(closing)]) + "\n"


def block(finding: Finding, style: Style = plain) -> str:
    """One finding: its place, what is wrong, who says so, and how to see it again."""
    return "\n".join(_lines(finding, style))


def _lines(finding: Finding, style: Style) -> Iterator[str]:
    place = style(printable(_place(finding.at)), "place")
    pointer = printable(finding.pointer)
    yield f"{place}  {style(pointer, 'faint')}" if pointer else place
    severity = style(finding.severity.value, finding.severity.value)
    yield f"  {severity} {style(finding.rule, 'rule')}: {printable(finding.message)}"
    quote = quoted(finding.origin)
    yield f"  {source(finding.origin)}" + (style(f"  {quote}", "faint") if quote else "")
    yield from (f"  {line}" for line in reproduction(finding))


def _place(at: Location) -> str:
    """The place of a finding; in an archive of one line, only the number identifies the call."""
    says_more = at.exchange > 1 and at.exchange != at.line and not at.is_call
    return f"{at}, exchange {at.exchange}" if says_more else str(at)


def _clean(names: tuple[str, ...], style: Style) -> Iterator[str]:
    for name in names[:_CLEAN_NAMED]:
        yield f"{style('clean', 'clean')} {printable(name)}"
    if len(names) > _CLEAN_NAMED:
        yield f"{style('clean', 'clean')} and {len(names) - _CLEAN_NAMED} more"


def totals(
    summary: Summary, style: Style = plain, *, notes: bool = True, subject: str = "answer"
) -> str:
    """How much was checked and what came of it, in one line."""
    counts = [
        style(counted(count, name), role) if count else counted(count, name)
        for count, name, role in (
            (summary.errors, "error", "error"),
            (summary.warnings, "warning", "warning"),
            (summary.notes, "note", "note"),
        )
    ]
    line = f"{counted(summary.checked, subject)} checked: {', '.join(counts)}"
    if summary.notes and not notes:
        line += " (-v shows them)"
    if summary.skipped:
        reason = "not a capture" if subject == "answer" else "no operation on the page"
        line += f"; {counted(summary.skipped, 'file')} skipped ({reason})"
    if summary.ignored:
        line += f"; {counted(summary.ignored, 'finding')} ignored by comments"
    return line


_SAID_BY = {
    Grade.STATED: "the page says so",
    Grade.IMPLIED: "the page implies it",
    Grade.ASSUMED: "assumed from the page",
}
_RULED_BY = {
    Grade.STATED: "ruling {} says so",
    Grade.IMPLIED: "ruling {} implies it",
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
