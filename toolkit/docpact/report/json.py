"""Write a report as JSON: versioned, sorted, free of clocks and of this machine's paths."""

import json
import re
from dataclasses import asdict

from docpact.core.finding import Finding, Report
from docpact.core.span import Origin

VERSION = 1

# What json leaves as it is, but a terminal may obey or an encoder refuse: C1 controls, marks that
# turn the direction of text, half surrogate pairs (of file names that are not UTF-8).
_UNPRINTABLE = re.compile(
    "[\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
)


def render(report: Report) -> str:
    """The report as one JSON document."""
    document = {**heading(report), "findings": [finding_object(each) for each in report.findings]}
    return as_text(document, indent=2) + "\n"


def heading(report: Report) -> dict[str, object]:
    """What a report says besides its findings, and whether the run was interrupted."""
    head: dict[str, object] = {"docpact": VERSION, "summary": asdict(report.summary)}
    return head if report.complete else {**head, "complete": False}


def as_text(document: object, *, indent: int | None = None) -> str:
    """A document as JSON that is harmless to print; on one line if there is no indent."""
    separators = (",", ": " if indent else ":")
    text = json.dumps(document, indent=indent, separators=separators, ensure_ascii=False)
    return _UNPRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def finding_object(finding: Finding) -> dict[str, object]:
    """A finding as scripts read it."""
    expected = finding.expected
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "grade": finding.origin.grade.value,
        "message": finding.message,
        "field": finding.field,
        "pointer": finding.pointer,
        "at": asdict(finding.at),
        "origin": _origin(finding.origin),
        "expected": list(expected) if isinstance(expected, tuple) else expected,
        "actual": finding.actual,
        "reproduce": finding.reproduce,
        "count": finding.count,
    }


def _origin(origin: Origin) -> dict[str, object]:
    return {
        "page": origin.span.file,
        "line": origin.span.first,
        "ruling": origin.ruling,
        "quote": origin.quote,
    }


def render_lines(report: Report) -> str:
    """The findings as the JSON report has them; the last line alone has a `docpact` member."""
    lines = [*map(finding_object, report.findings), heading(report)]
    return "".join(as_text(each) + "\n" for each in lines)
