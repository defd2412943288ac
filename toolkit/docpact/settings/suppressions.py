"""Apply the comments that switch a rule off beside a finding, and report those that match none."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from docpact.core.errors import WrongConfiguration
from docpact.core.finding import Finding
from docpact.core.text import Comment, printable
from docpact.settings.model import Selector, Settings


@dataclass(frozen=True, slots=True)
class Suppression:
    """One rule that a comment switches off."""

    file: str
    line: int  # of the comment
    rule: str  # RULE or RULE:FIELD, as it is written
    selector: Selector | None = None  # none where the rule is unknown
    lines: range | None = None  # of the findings it is for, if not for all
    mistake: str = ""

    def covers(self, finding: Finding) -> bool:
        """Whether a finding is suppressed by it."""
        if self.selector is None or not self.selector.covers(finding):
            return False
        return self.lines is None or (finding.at.line or 0) in self.lines

    @property
    def unused_because(self) -> str:
        """Why it suppressed nothing, for people."""
        why = self.mistake or f"nothing here breaks {self.rule}"
        return f"{self.file}:{self.line}: the comment ignores nothing: {printable(why)}"


@dataclass(slots=True)
class Applied:
    """What is left of findings after suppressions."""

    findings: list[Finding] = field(default_factory=list)
    ignored: int = 0  # findings that would have counted
    unused: list[Suppression] = field(default_factory=list)  # those that matched no finding


def apply_comments(
    findings: Iterable[Finding], comments: Iterable[Comment], file: str, settings: Settings
) -> Applied:
    """The findings that no comment suppresses.

    One that the settings ignore anyway is not counted, but the comment was used.
    """
    suppressions = tuple(suppressions_in(comments, file))
    used: set[Suppression] = set()
    left = Applied()
    for finding in findings:
        matching = [each for each in suppressions if each.covers(finding)]
        used.update(matching)
        if not matching:
            left.findings.append(finding)
        elif not settings.ignores(finding):
            left.ignored += finding.count
    left.unused = [each for each in dict.fromkeys(suppressions) if each not in used]
    return left


def suppressions_in(comments: Iterable[Comment], file: str) -> Iterator[Suppression]:
    """Every suppression that comments in a file ask for."""
    for comment in comments:
        if comment.mistake:
            yield Suppression(file, comment.line, "", mistake=comment.mistake)
        for rule in comment.rules:
            try:
                selector = Selector.parse(rule)
            except WrongConfiguration as wrong:
                yield Suppression(file, comment.line, rule, mistake=wrong.message)
            else:
                yield Suppression(file, comment.line, rule, selector, comment.lines)
