"""Baselines: known findings of a team, so that only new ones fail a run."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Final

from docpact.audit.partial import BaselineCounts, key_of
from docpact.audit.redaction import safe_path
from docpact.core.errors import DocpactError, WrongConfiguration
from docpact.core.finding import Finding, Report

_VERSION: Final = 1


def baseline_of(findings: Iterable[Finding]) -> BaselineCounts:
    """How often each rule is violated, by file and field."""
    counts: BaselineCounts = Counter()
    for each in findings:
        counts[key_of(each)] += each.count
    return counts


def read_baseline(path: str) -> BaselineCounts:
    """The findings that a file lists.

    Raises DocpactError if it cannot be read, WrongConfiguration if it is not a baseline.
    """
    try:
        document = json.loads(Path(path).read_text("utf-8"))
        counts: BaselineCounts = Counter()
        for each in document["known" if document["docpact-baseline"] == _VERSION else "later"]:
            field = safe_path(each.get("field", ""))
            counts[each["rule"], each["file"], field] += int(each["count"])
    except OSError as cause:
        hint = "Write it with --update-baseline."
        raise DocpactError(f"{path} cannot be read: {cause.strerror}", hint=hint) from cause
    except (ValueError, KeyError, TypeError, AttributeError) as cause:
        raise WrongConfiguration(f"{path} is not a baseline of docpact") from cause
    return counts


def baseline_text(baseline: BaselineCounts) -> str:
    """A baseline for people to review: sorted, one entry a line, without captured values."""
    entries = [
        json.dumps({"rule": rule, "file": file, "field": field, "count": count})
        for (rule, file, field), count in sorted(baseline.items())
    ]
    body = ",\n    ".join(entries)
    listed = f"[\n    {body}\n  ]" if entries else "[]"
    return f'{{\n  "docpact-baseline": {_VERSION},\n  "known": {listed}\n}}\n'


def without_baseline(report: Report, baseline: BaselineCounts) -> tuple[Report, int]:
    """The report without the findings of a baseline, and the number of those.

    Where a rule is violated more often than it was, the last findings count as new.
    """
    left = Counter(baseline)
    new: list[Finding] = []
    for each in report.findings:
        key = key_of(each)
        if left[key] >= each.count:
            left[key] -= each.count
        else:
            new.append(each)
    return replace(report, findings=tuple(new)), len(report.findings) - len(new)


def gone(
    report: Report, baseline: BaselineCounts, found: BaselineCounts | None = None
) -> BaselineCounts:
    """The findings of a baseline that are gone from the captures that were judged.

    `found` counts what was found, where the report does not list all of it.
    """
    if not report.complete:
        return Counter()
    found = baseline_of(report.findings) if found is None else found
    judged = {*report.clean, *(file for _, file, _ in found)}
    left = Counter({key: count for key, count in baseline.items() if key[1] in judged})
    left.subtract(found)
    return +left
