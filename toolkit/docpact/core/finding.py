"""What was found wrong: the finding and the report that gathers findings."""

from collections.abc import Iterable
from dataclasses import dataclass

from docpact.core.span import Origin, Severity

Scalar = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Location:
    """Where in the captured material a finding stands."""

    file: str  # as the user named it, or "-" for standard input
    line: int | None = None  # 1-based line of that file
    column: int | None = None  # 1-based character of that line
    exchange: int = 1  # which exchange of the file, counted from 1

    @property
    def is_call(self) -> bool:
        """Whether it is a call that docpact made, so that lines are those of the body."""
        method, _, target = self.file.partition(" ")
        return method.isalpha() and method.isupper() and target.startswith("/")

    def __str__(self) -> str:
        if self.is_call:
            column = "" if self.column is None else f", column {self.column}"
            return self.file if self.line is None else f"{self.file}  body line {self.line}{column}"
        parts = (self.file, self.line, self.column)
        return ":".join(str(part) for part in parts if part is not None)


@dataclass(frozen=True, slots=True)
class Finding:
    """One violation of the contract: where, what was expected, what came, and who says so."""

    rule: str
    severity: Severity
    message: str
    at: Location
    origin: Origin
    field: str = ""  # dotted, as in "Instance.EndTime"; empty for the answer as a whole
    pointer: str = ""  # JSON Pointer (RFC 6901) into the decoded answer
    expected: Scalar | tuple[str, ...] = None
    actual: Scalar = None
    reproduce: str | None = None  # a command that shows it again
    count: int = 1  # how often it showed
    quoted: tuple[tuple[int, int], ...] = ()  # where the message repeats what was captured


@dataclass(frozen=True, slots=True)
class Summary:
    """How much was looked at and what came of it."""

    checked: int
    errors: int
    warnings: int
    notes: int
    skipped: int = 0
    ignored: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that one run found, in the order of the captures."""

    findings: tuple[Finding, ...]
    checked: int  # exchanges that were judged
    skipped: int = 0  # files that hold no answer
    clean: tuple[str, ...] = ()  # captures with nothing worse than a note
    problems: tuple[str, ...] = ()  # why some captures could not be judged
    complete: bool = True  # not if the run was interrupted
    subject: str = "answer"  # what was checked, in the singular
    skipped_calls: int = 0  # calls that were not judged: of other operations, or not readable
    unreadable: int = 0  # of them, those without an answer that can be read
    without_body: int = 0  # of those, lines of logs without a body where one was looked for
    truncated: tuple[tuple[Severity, int], ...] = ()  # findings that were only counted
    ignored: int = 0  # findings that comments beside them want ignored
    unused: tuple[str, ...] = ()  # the comments that ignore nothing, and why
    diagnostics: tuple[str, ...] = ()  # what else there is to know of the run, a line each

    @property
    def summary(self) -> Summary:
        """The counts by severity."""
        return Summary(
            checked=self.checked,
            errors=self._count(Severity.ERROR),
            warnings=self._count(Severity.WARNING),
            notes=self._count(Severity.NOTE),
            skipped=self.skipped + self.skipped_calls,
            ignored=self.ignored,
        )

    def fails(self, severities: Iterable[Severity]) -> bool:
        """Whether any finding is of one of these severities."""
        failing = frozenset(severities)
        found = any(each.severity in failing for each in self.findings)
        return found or any(severity in failing for severity, _ in self.truncated)

    def _count(self, severity: Severity) -> int:
        listed = sum(each.severity is severity for each in self.findings)
        return listed + sum(count for each, count in self.truncated if each is severity)
