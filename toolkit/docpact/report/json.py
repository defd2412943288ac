"""Write a report as JSON: versioned, sorted, free of clocks and of this machine's paths."""

import json
from dataclasses import asdict

from docpact.finding import Finding, Report
from docpact.span import Origin

VERSION = 1


def render(report: Report) -> str:
    """The report as one JSON document."""
    document = {
        "docpact": VERSION,
        "summary": asdict(report.summary),
        "findings": [_finding(each) for each in report.findings],
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _finding(finding: Finding) -> dict[str, object]:
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
    }


def _origin(origin: Origin) -> dict[str, object]:
    return {
        "page": origin.span.file,
        "line": origin.span.first,
        "ruling": origin.ruling,
        "quote": origin.quote,
    }
