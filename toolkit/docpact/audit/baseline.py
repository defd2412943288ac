"""Baselines: known findings of a team, so that only new ones fail a run."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Self

from docpact.audit.partial import BaselineCounts, key_of
from docpact.audit.redaction import safe_path
from docpact.core.errors import DocpactError, WrongConfiguration
from docpact.core.finding import Finding, Report
from docpact.core.text import counted

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


@dataclass(frozen=True, slots=True)
class Baseline:
    """A baseline: read before the run, and compared with what the run has found."""

    file: str
    entries: BaselineCounts | None  # none where it is written anew

    @classmethod
    def of(cls, file: str | None, *, update: bool) -> Self | None:
        """The baseline that is named, if one is.

        Raises WrongConfiguration if an update names none, and DocpactError if it cannot be read.
        """
        if file is None:
            if update:
                raise WrongConfiguration("--update-baseline needs --baseline FILE")
            return None
        return cls(file, None if update else read_baseline(file))

    def applied(self, report: Report) -> Report:
        """The report without the known findings."""
        compared = self.compared(report, baseline_of(report.findings))
        return without_baseline(compared, self.known)[0]

    @property
    def known(self) -> BaselineCounts:
        """What is left out of reports; nothing where the baseline is written anew."""
        return Counter() if self.entries is None else self.entries

    def compared(self, report: Report, found: BaselineCounts) -> Report:
        """The report with what the baseline says to it; an update is written here."""
        if self.entries is None:
            lines = self._update(report, found)
        else:
            left = sum(gone(report, self.entries, found).values())
            count = (found & self.entries).total()
            lines = [
                *([_fixed(left)] if left else []),
                *([f"{counted(count, 'known finding')} not reported (baseline)"] if count else []),
            ]
        return replace(report, diagnostics=(*report.diagnostics, *lines))

    def _update(self, report: Report, found: BaselineCounts) -> list[str]:
        if not report.complete or report.problems:
            return [f"not everything was judged, so the baseline {self.file} was not changed"]
        try:
            Path(self.file).write_text(baseline_text(found), "utf-8")
        except OSError as cause:
            raise DocpactError(f"{self.file} cannot be written: {cause.strerror}") from cause
        return []


def _fixed(count: int) -> str:
    findings = counted(count, "finding")
    them = "it" if count == 1 else "them"
    return f"{findings} of the baseline no longer found; --update-baseline removes {them}"
