"""Remember findings that a team knows of, so that only new ones fail a run."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Final

from docpact.audit.partial import Known, key_of
from docpact.audit.redaction import told_path
from docpact.core.errors import DocpactError, WrongConfiguration
from docpact.core.finding import Finding, Report

_VERSION: Final = 1


def baseline_of(findings: Iterable[Finding]) -> Known:
    """How often each rule is broken, by file and field."""
    known: Known = Counter()
    for each in findings:
        known[key_of(each)] += each.count
    return known


def read_baseline(path: str) -> Known:
    """The findings that a file says are known.

    Raises DocpactError if it cannot be read, WrongConfiguration if it is no baseline.
    """
    try:
        document = json.loads(Path(path).read_text("utf-8"))
        known: Known = Counter()
        for each in document["known" if document["docpact-baseline"] == _VERSION else "later"]:
            field = told_path(each.get("field", ""))
            known[each["rule"], each["file"], field] += int(each["count"])
    except OSError as cause:
        hint = "Write it with --update-baseline."
        raise DocpactError(f"{path} cannot be read: {cause.strerror}", hint=hint) from cause
    except (ValueError, KeyError, TypeError, AttributeError) as cause:
        raise WrongConfiguration(f"{path} is no baseline of docpact") from cause
    return known


def baseline_text(known: Known) -> str:
    """A baseline for people to review: sorted, one entry a line, without captured values."""
    entries = [
        json.dumps({"rule": rule, "file": file, "field": field, "count": count})
        for (rule, file, field), count in sorted(known.items())
    ]
    body = ",\n    ".join(entries)
    listed = f"[\n    {body}\n  ]" if entries else "[]"
    return f'{{\n  "docpact-baseline": {_VERSION},\n  "known": {listed}\n}}\n'


def without_known(report: Report, known: Known) -> tuple[Report, int]:
    """The report without what is known, and how many findings that are.

    Where a rule is broken more often than it was, the last findings count as new.
    """
    left = Counter(known)
    fresh: list[Finding] = []
    for each in report.findings:
        key = key_of(each)
        if left[key] >= each.count:
            left[key] -= each.count
        else:
            fresh.append(each)
    return replace(report, findings=tuple(fresh)), len(report.findings) - len(fresh)


def gone(report: Report, known: Known, found: Known | None = None) -> Known:
    """What is known of the captures that were judged, and was not found there any more.

    `found` is how often what was found, where the report does not tell all of it.
    """
    if not report.complete:
        return Counter()
    found = baseline_of(report.findings) if found is None else found
    judged = {*report.clean, *(file for _, file, _ in found)}
    left = Counter({key: count for key, count in known.items() if key[1] in judged})
    left.subtract(found)
    return +left
