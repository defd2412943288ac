"""What came of a chunk of the captures, and how two such results become one.

Joining is associative: however a run is cut into chunks and whoever judges them, the same report
comes out, so long as they are joined in the order of the captures.
"""

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from docpact.audit.redaction import safe_path
from docpact.core.finding import Finding
from docpact.core.span import Severity

if TYPE_CHECKING:  # one file alone needs neither, and start-up counts
    from collections.abc import Iterable

    from docpact.check.history import Trace
    from docpact.report.statistics import Statistics
    from docpact.settings.suppressions import Suppression

# Lines move and values change; what stays is which rule is violated where: rule, file and field.
# The count shows whether something is new.
BaselineCounts = Counter[tuple[str, str, str]]

_MOST_UNUSED: Final = 1000  # suppressions that are kept, so that comments cannot fill the memory
_ADDED: Final = ("checked", "skipped", "skipped_calls", "unreadable", "without_body", "ignored")
_APPENDED: Final = ("skipped_names", "problems", "traces")


@dataclass(slots=True)
class PartialResult:
    """Findings and counts of captures in a row; places count from where the chunk begins."""

    most: int | None = None  # findings that are kept; the rest is only counted
    findings: list[Finding] = field(default_factory=list)
    truncated: Counter[Severity] = field(default_factory=Counter)
    checked: int = 0
    skipped: int = 0  # files that are not captures
    skipped_calls: int = 0  # calls that were not judged
    unreadable: int = 0  # of them, those without an answer that can be read
    without_body: int = 0  # of those, lines of logs without a body where one was looked for
    skipped_names: list[str] = field(default_factory=list)  # only if they are listed
    files: dict[str, bool] = field(default_factory=dict)  # those judged, and whether they are clean
    problems: list[str] = field(default_factory=list)
    ignored: int = 0  # findings that comments beside them ignore
    unused: "dict[Suppression, None]" = field(default_factory=dict)  # comments that ignore nothing
    traces: "list[Trace]" = field(default_factory=list)
    statistics: "Statistics | None" = None
    size: int = 0  # bytes that were read
    complete: bool = True  # nothing was left out that should have been judged
    # A chunk may begin within a file: then its places are not yet the file's.
    continues: bool = False
    is_single: bool = True  # it lies within one file
    opening: tuple[int, int] = (0, 0)  # findings and traces in the file that it continues
    lines: int = 0  # of its last file
    entries: int = 0
    # With a baseline, its findings are not reported and do not count for the most.
    baseline: BaselineCounts | None = None
    drops_known: bool = False  # no part before it can have findings of the same file
    occurrences: BaselineCounts = field(default_factory=Counter)  # with a baseline
    dropped: BaselineCounts = field(default_factory=Counter)  # of them, those in the baseline
    cut: BaselineCounts = field(default_factory=Counter)  # of them, those that are only counted
    new: int = 0  # findings that are kept and surely not in the baseline

    def add(self, finding: Finding) -> None:
        """Take a finding in, or only count it."""
        if self.baseline is None:
            self._keep(finding, len(self.findings))
            return
        key = key_of(finding)
        self.occurrences[key] += finding.count
        if self.occurrences[key] > self.baseline[key]:
            is_kept = self._keep(finding, self.new)
            self.new += is_kept
            self.cut[key] += 0 if is_kept else finding.count
        elif self.drops_known:
            self.dropped[key] += finding.count
        else:
            self.findings.append(finding)

    def _keep(self, finding: Finding, kept: int) -> bool:
        if self.most is not None and kept >= self.most:
            self.truncated[finding.severity] += finding.count
            return False
        self.findings.append(finding)
        return True

    def add_unused(self, suppressions: "Iterable[Suppression]") -> None:
        """Take in suppressions that apply to no finding."""
        for each in suppressions:
            if len(self.unused) >= _MOST_UNUSED:
                return
            self.unused[each] = None

    def add_file(self, name: str, *, is_clean: bool) -> None:
        """Take in a file that was judged; it is clean if all of its parts are."""
        self.files[name] = self.files.get(name, True) and is_clean

    def settled(self) -> "PartialResult":
        """The result with its opening known, once all of a chunk has been judged."""
        if self.continues:
            self.opening = (len(self.findings), len(self.traces))
        self.baseline = None  # it need not travel
        self.occurrences = Counter()
        return self

    def then(self, later: "PartialResult") -> "PartialResult":
        """What both are together, the later one behind; neither is of use by itself afterwards."""
        if later.continues:
            self._shift(later)
        is_within = later.continues and later.is_single
        if self.continues and self.is_single and later.continues:
            findings, traces = self.opening
            self.opening = (findings + later.opening[0], traces + later.opening[1])
        self.is_single = self.is_single and is_within
        self.lines = later.lines + (self.lines if is_within else 0)
        self.entries = later.entries + (self.entries if is_within else 0)
        self.occurrences.update(later.dropped)
        self.dropped.update(later.dropped)
        for finding in later.findings:
            self.add(finding)
        self.occurrences.update(later.cut)
        self.truncated.update(later.truncated)
        for name in (*_ADDED, "size"):
            setattr(self, name, getattr(self, name) + getattr(later, name))
        for name in _APPENDED:
            getattr(self, name).extend(getattr(later, name))
        for file, is_clean in later.files.items():
            self.add_file(file, is_clean=is_clean)
        self.complete = self.complete and later.complete
        self.add_unused(later.unused)
        if self.statistics is None:
            self.statistics = later.statistics
        elif later.statistics is not None:
            self.statistics.merge(later.statistics)
        return self

    def _shift(self, later: "PartialResult") -> None:
        """Count the places of what follows in the same file from the file's start."""
        findings, traces = later.opening
        later.findings[:findings] = [
            _shifted(each, self.lines, self.entries) for each in later.findings[:findings]
        ]
        later.traces[:traces] = [
            each.shifted(self.lines, self.entries) for each in later.traces[:traces]
        ]
        if later.statistics is not None and later.files:
            later.statistics.shift(next(iter(later.files)), self.entries)


def key_of(finding: Finding) -> tuple[str, str, str]:
    """What a finding has in common with others of the same rule at the same place.

    Keys are written into files that stay, so they hold no name that may be a secret.
    """
    return finding.rule, finding.at.file, safe_path(finding.field)


def _shifted(finding: Finding, lines: int, entries: int) -> Finding:
    at = finding.at
    line = None if at.line is None else at.line + lines
    return replace(finding, at=replace(at, line=line, exchange=at.exchange + entries))
