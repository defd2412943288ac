"""What came of a chunk of the captures, and how two such results become one.

Joining is associative: however a run is cut into chunks and whoever judges them, the same report
comes out, so long as they are joined in the order of the captures.
"""

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from docpact.audit.redaction import told_path
from docpact.core.finding import Finding
from docpact.core.span import Severity

if TYPE_CHECKING:  # one file alone needs neither, and start-up counts
    from collections.abc import Iterable

    from docpact.check.history import Trace
    from docpact.settings.suppressions import Suppression
    from docpact.statistics import Statistics

# Lines move and values change; what stays is which rule is broken where: rule, file and field. How
# often it is tells whether something new has come.
Known = Counter[tuple[str, str, str]]

_MOST_UNUSED = 1000  # wishes that are kept, so that comments cannot fill the memory


@dataclass(slots=True)
class Part:
    """Findings and counts of captures in a row; places count from where the chunk begins."""

    most: int | None = None  # findings that are kept; the rest is only counted
    findings: list[Finding] = field(default_factory=list)
    truncated: Counter[Severity] = field(default_factory=Counter)
    checked: int = 0
    skipped: int = 0  # files that are no captures
    skipped_calls: int = 0  # calls that were not judged
    unreadable: int = 0  # of them, those without an answer that can be read
    without_body: int = 0  # of those, lines of logs without a body where one was looked for
    skipped_names: list[str] = field(default_factory=list)  # only if they are asked for
    files: dict[str, bool] = field(default_factory=dict)  # those judged, and whether they are clean
    problems: list[str] = field(default_factory=list)
    ignored: int = 0  # findings that comments beside them want ignored
    unused: "dict[Suppression, None]" = field(
        default_factory=dict
    )  # of comments, those that met nothing
    traces: "list[Trace]" = field(default_factory=list)
    statistics: "Statistics | None" = None
    size: int = 0  # bytes that were read
    # A chunk may begin within a file: then its places are not yet the file's.
    continues: bool = False
    is_single: bool = True  # it lies within one file
    opening: tuple[int, int] = (0, 0)  # findings and traces in the file that it continues
    lines: int = 0  # of its last file
    entries: int = 0
    # Where some findings are known: they do not count for the most, and the others are told.
    known: Known | None = None
    drops_known: bool = False  # what comes before is told by other parts, unless it is a whole file
    met: Known = field(default_factory=Counter)  # how often, where something is known
    dropped: Known = field(default_factory=Counter)  # of them, those that are known
    cut: Known = field(default_factory=Counter)  # of them, those that are only counted
    fresh: int = 0  # findings that are kept and surely not known

    def add(self, finding: Finding) -> None:
        """Take a finding in, or only count it."""
        if self.known is None:
            self._keep(finding, len(self.findings))
            return
        key = key_of(finding)
        self.met[key] += finding.count
        if self.met[key] > self.known[key]:
            is_kept = self._keep(finding, self.fresh)
            self.fresh += is_kept
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
        """Take in wishes that no finding has met."""
        for each in suppressions:
            if len(self.unused) >= _MOST_UNUSED:
                return
            self.unused[each] = None

    def settled(self) -> "Part":
        """The part with its opening known, once all of a chunk has been judged."""
        if self.continues:
            self.opening = (len(self.findings), len(self.traces))
        self.known = None  # it need not travel
        self.met = Counter()
        return self

    def then(self, later: "Part") -> "Part":
        """What both come to, the later one behind; neither is of use by itself afterwards."""
        if later.continues:
            self._shift(later)
        is_within = later.continues and later.is_single
        if self.continues and self.is_single and later.continues:
            self.opening = (
                self.opening[0] + later.opening[0],
                self.opening[1] + later.opening[1],
            )
        self.is_single = self.is_single and is_within
        self.lines = later.lines + (self.lines if is_within else 0)
        self.entries = later.entries + (self.entries if is_within else 0)
        self.met.update(later.dropped)
        self.dropped.update(later.dropped)
        for finding in later.findings:
            self.add(finding)
        self.met.update(later.cut)
        self.truncated.update(later.truncated)
        self.checked += later.checked
        self.skipped += later.skipped
        self.skipped_calls += later.skipped_calls
        self.unreadable += later.unreadable
        self.without_body += later.without_body
        self.skipped_names += later.skipped_names
        for name, is_clean in later.files.items():
            self.files[name] = self.files.get(name, True) and is_clean
        self.problems += later.problems
        self.ignored += later.ignored
        self.add_unused(later.unused)
        self.traces += later.traces
        self.size += later.size
        if later.statistics is not None:
            if self.statistics is None:
                self.statistics = later.statistics
            else:
                self.statistics.merge(later.statistics)
        return self

    def _shift(self, later: "Part") -> None:
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
    """What a finding has in common with others of the same kind at the same place.

    Keys are written into files that stay, so that no name is in them that may be a secret.
    """
    return finding.rule, finding.at.file, told_path(finding.field)


def _shifted(finding: Finding, lines: int, entries: int) -> Finding:
    at = finding.at
    line = None if at.line is None else at.line + lines
    return replace(finding, at=replace(at, line=line, exchange=at.exchange + entries))
