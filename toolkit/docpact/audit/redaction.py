"""Mask in a report what captures hold of secrets: code, settings, people, handlers and keys."""

import re
from dataclasses import replace
from typing import Final

from docpact.finding import Finding, Report, Scalar

SECRET_FIELDS: Final = frozenset(
    {
        *("Code", "Properties", "PlanJson", "AutoScaleParams", "LastErrorMessage"),
        *("Starter", "LastOperator", "EngineJobHandler"),
    }
)
_MASK: Final = "***"
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_ACCESS_KEY = re.compile(r"\b(?:LTAI|STS\.)[A-Za-z0-9]{8,}|(?i:\bacs +)[^\s:]+:\S+")
_NAMES = re.compile(r"\b(?:" + "|".join(sorted(SECRET_FIELDS)) + r")\b")


def redacted(report: Report) -> Report:
    """The report without any captured value that may be a secret."""
    return replace(report, findings=tuple(_redacted(each) for each in report.findings))


def _redacted(finding: Finding) -> Finding:
    # What is no member of the answer may show its text, whatever stands there.
    is_secret = not finding.field or _NAMES.search(finding.message) or _is_secret(finding.field)
    if not is_secret:
        return replace(
            finding,
            message=_without_keys(finding.message),
            actual=_scalar(finding.actual),
            reproduce=_without_keys(finding.reproduce) if finding.reproduce else None,
        )
    return replace(
        finding,
        message=_without_keys(_QUOTED.sub(f'"{_MASK}"', finding.message)),
        actual=_MASK if isinstance(finding.actual, str) else finding.actual,
        expected=_MASK
        if isinstance(finding.expected, str) and '"' in finding.message
        else (finding.expected),
        reproduce=_without_keys(finding.reproduce) if finding.reproduce else None,
    )


def _is_secret(field: str) -> bool:
    return not SECRET_FIELDS.isdisjoint(field.split("."))


def _without_keys(text: str) -> str:
    return _ACCESS_KEY.sub(_MASK, text)


def _scalar(value: Scalar) -> Scalar:
    return _without_keys(value) if isinstance(value, str) else value
