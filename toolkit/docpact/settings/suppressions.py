"""Heed the comments that stand where findings do, and notice those that come to nothing."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from docpact.core.comment import Comment
from docpact.core.errors import WrongConfiguration
from docpact.core.finding import Finding
from docpact.core.text import printable
from docpact.settings.model import Selector, Settings


@dataclass(frozen=True, slots=True)
class Suppression:
    """One rule that a comment wants ignored."""

    file: str
    line: int  # of the comment
    rule: str  # RULE or RULE:FIELD, as it is written
    selector: Selector | None = None  # nothing where it cannot be meant
    lines: range | None = None  # of the findings that are meant, if not all are
    mistake: str = ""

    def covers(self, finding: Finding) -> bool:
        """Whether it wants a finding ignored."""
        if self.selector is None or not self.selector.covers(finding):
            return False
        return self.lines is None or (finding.at.line or 0) in self.lines

    @property
    def regret(self) -> str:
        """Why it came to nothing, for people."""
        why = self.mistake or f"nothing here breaks {self.rule}"
        return f"{self.file}:{self.line}: the comment ignores nothing: {printable(why)}"


@dataclass(slots=True)
class Suppressed:
    """What is left of findings where comments are suppressed."""

    findings: list[Finding] = field(default_factory=list)
    ignored: int = 0  # findings that would have counted
    unused: list[Suppression] = field(default_factory=list)  # wishes that no finding was met by


def suppressed(
    findings: Iterable[Finding], comments: Iterable[Comment], file: str, settings: Settings
) -> Suppressed:
    """The findings that no comment wants ignored; each wish is for one of them at least.

    A finding that the settings ignore is none to count, but the comment has its use.
    """
    suppressions = tuple(suppressions_in(comments, file))
    used: set[Suppression] = set()
    left = Suppressed()
    for finding in findings:
        meant = [each for each in suppressions if each.covers(finding)]
        used.update(meant)
        if not meant:
            left.findings.append(finding)
        elif not settings.ignores(finding):
            left.ignored += finding.count
    left.unused = [each for each in dict.fromkeys(suppressions) if each not in used]
    return left


def suppressions_in(comments: Iterable[Comment], file: str) -> Iterator[Suppression]:
    """Every rule that comments in a file want ignored."""
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
