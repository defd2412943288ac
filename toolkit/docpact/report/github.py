"""Write a report as workflow commands that GitHub Actions turns into annotations."""

from collections.abc import Iterator

from docpact.core.finding import Finding, Report
from docpact.core.span import Severity
from docpact.core.text import printable
from docpact.report.terminal import lines_of, totals

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}
_IN_MESSAGES = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_IN_PROPERTIES = _IN_MESSAGES | str.maketrans({":": "%3A", ",": "%2C"})


def render(report: Report, *, notes: bool = False) -> str:
    """One command for each finding, then the counts for the log; notes are only counted."""
    commands = [
        _command(each) for each in report.findings if notes or each.severity is not Severity.NOTE
    ]
    counts = totals(report.summary, notes=notes, subject=report.subject)
    return "\n".join([*commands, counts]) + "\n"


def _command(finding: Finding) -> str:
    properties = ",".join(f"{name}={_property(value)}" for name, value in _properties(finding))
    message = "\n".join(lines_of(finding)).translate(_IN_MESSAGES)
    return f"::{_COMMANDS[finding.severity]} {properties}::{message}"


def _properties(finding: Finding) -> Iterator[tuple[str, object]]:
    at = finding.at
    if at.file != "-":  # standard input is not a file of the repository
        yield "file", at.file
        if at.line is not None:
            yield "line", at.line
            if at.column is not None:
                yield "col", at.column
    yield "title", f"docpact {finding.rule}"


def _property(value: object) -> str:
    return printable(str(value)).translate(_IN_PROPERTIES)
