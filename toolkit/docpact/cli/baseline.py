"""The baseline of a run: the findings that are known, left out of the report."""

from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Self

import click

from docpact.core.finding import Report
from docpact.core.text import counted

if TYPE_CHECKING:
    from docpact.audit.partial import BaselineCounts as Entries


@dataclass(frozen=True, slots=True)
class Baseline:
    """A baseline: read before the run, and compared with what the run has found."""

    file: str
    entries: "Entries | None"  # none where it is written anew

    @classmethod
    def of(cls, file: str | None, *, update: bool) -> Self | None:
        """The baseline that is named, if one is.

        Raises UsageError if an update names none, and DocpactError if it cannot be read.
        """
        if file is None:
            if update:
                raise click.UsageError("--update-baseline needs --baseline FILE")
            return None
        from docpact.audit.baseline import read_baseline

        return cls(file, None if update else read_baseline(file))

    def applied(self, report: Report) -> Report:
        """The report without the known findings."""
        from docpact.audit.baseline import baseline_of, without_baseline

        compared = self.compared(report, baseline_of(report.findings))
        return without_baseline(compared, self.known)[0]

    @property
    def known(self) -> "Entries":
        """What is left out of reports; nothing where the baseline is written anew."""
        return Counter() if self.entries is None else self.entries

    def compared(self, report: Report, found: "Entries") -> Report:
        """The report with what the baseline says to it; an update is written here."""
        from docpact.audit.baseline import gone

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

    def _update(self, report: Report, found: "Entries") -> list[str]:
        if not report.complete or report.problems:
            return [f"not everything was judged, so the baseline {self.file} was not changed"]
        from docpact.audit.baseline import baseline_text
        from docpact.cli.options import unwritable

        try:
            Path(self.file).write_text(baseline_text(found), "utf-8")
        except OSError as cause:
            raise unwritable(self.file, cause) from cause
        return []


def _fixed(count: int) -> str:
    findings = counted(count, "finding")
    them = "it" if count == 1 else "them"
    return f"{findings} of the baseline no longer found; --update-baseline removes {them}"
