"""Write a report for people at a terminal."""

from collections.abc import Callable, Iterator

from docpact.finding import Finding, Report, Summary
from docpact.printable import printable
from docpact.span import Grade, Origin, Severity

Style = Callable[[str, str], str]  # a text and the role it plays: "error", "place", "faint", …

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
_CLEAN_NAMED = 12
_QUOTED = 100


def plain(text: str, _role: str) -> str:
    """No colour at all."""
    return text


def render(report: Report, *, style: Style = plain, notes: bool = False) -> str:
    """The findings, each with its place and the page's line; notes are only counted by default."""
    blocks = [
        "\n".join(_finding(each, style))
        for each in report.findings
        if notes or each.severity is not Severity.NOTE
    ]
    closing = [*_clean(report.clean, style), _totals(report.summary, style, notes=notes)]
    return "\n\n".join([*blocks, "\n".join(closing)]) + "\n"


def _finding(finding: Finding, style: Style) -> Iterator[str]:
    place = style(printable(str(finding.at)), "place")
    pointer = printable(finding.pointer)
    yield f"{place}  {style(pointer, 'faint')}" if pointer else place
    severity = style(finding.severity.value, finding.severity.value)
    yield f"  {severity} {style(finding.rule, 'rule')}: {printable(finding.message)}"
    yield f"  {_source(finding.origin, style)}"
    if finding.reproduce:
        yield f"  reproduce: {printable(finding.reproduce)}"


def _source(origin: Origin, style: Style) -> str:
    said = f"{_said_by(origin)}: {printable(str(origin.span))}"
    quote = origin.quote if len(origin.quote) <= _QUOTED else origin.quote[: _QUOTED - 1] + "…"
    return said + (style(f"  “{printable(quote)}”", "faint") if quote else "")


def _said_by(origin: Origin) -> str:
    """Who says so: the page itself, or a person who read it."""
    if origin.ruling is None:
        return _SAID_BY[origin.grade]
    said = _RULED_BY[origin.grade].format(printable(origin.ruling))
    raised = origin.raised_to
    return f"{said}, raised to {raised.value}" if raised else said


def _clean(names: tuple[str, ...], style: Style) -> Iterator[str]:
    for name in names[:_CLEAN_NAMED]:
        yield f"{style('clean', 'clean')} {printable(name)}"
    if len(names) > _CLEAN_NAMED:
        yield f"{style('clean', 'clean')} and {len(names) - _CLEAN_NAMED} more"


def _totals(summary: Summary, style: Style, *, notes: bool) -> str:
    counts = [
        style(_counted(count, name), role) if count else _counted(count, name)
        for count, name, role in (
            (summary.errors, "error", "error"),
            (summary.warnings, "warning", "warning"),
            (summary.notes, "note", "note"),
        )
    ]
    line = f"{_counted(summary.checked, 'answer')} checked: {', '.join(counts)}"
    if summary.notes and not notes:
        line += " (-v shows them)"
    if summary.skipped:
        line += f"; {_counted(summary.skipped, 'file')} skipped, being no captures"
    return line


def _counted(count: int, name: str) -> str:
    return f"{count} {name}" if count == 1 else f"{count} {name}s"
