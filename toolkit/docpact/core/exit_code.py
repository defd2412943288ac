"""With which exit code a run ends: decided here, from its report alone."""

from collections.abc import Collection
from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # `docpact --version` needs the numbers alone
    from docpact.core.finding import Report
    from docpact.core.span import Severity


class ExitCode(IntEnum):
    """What the exit codes mean, for every command."""

    CLEAN = 0
    FINDINGS = 1
    USAGE = 2  # wrong options or settings
    FAILED = 3  # the job could not be done, or not all of it
    INTERRUPTED = 130  # by Ctrl-C, as shells have it
    TERMINATED = 143  # by SIGTERM


def exit_code(
    report: "Report",
    failing: Collection["Severity"],
    *,
    terminated: bool = False,
    findings_first: bool = False,
    findings_fail: bool = True,
) -> ExitCode:
    """The exit code of a run that has this report.

    What kept a run from checking everything weighs more than findings, except `findings_first`.
    `findings_fail` is off where findings are only recorded (--fail-on never, --update-baseline).
    """
    found = findings_fail and report.fails(failing)
    if not report.complete:
        return ExitCode.TERMINATED if terminated else ExitCode.INTERRUPTED
    if found and findings_first:
        return ExitCode.FINDINGS
    if report.problems or not report.checked:
        return ExitCode.FAILED
    return ExitCode.FINDINGS if found else ExitCode.CLEAN
