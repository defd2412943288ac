"""Lines of a text that people wrote, and how firmly they say something."""

from enum import StrEnum

import msgspec


class Frozen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A frozen value; unknown keys in what it is read from are refused.

    Subclasses say `frozen=True` again, which type checkers ask for.
    """


class Span(Frozen, frozen=True):
    """A run of whole lines in one file; both ends belong to it, the first line is 1."""

    file: str  # the file's name without its folder, so that reports hold no machine's paths
    first: int
    last: int

    def __str__(self) -> str:
        return f"{self.file}:{self.first}"

    def through(self, other: "Span") -> "Span":
        """The smallest span that covers both."""
        return Span(self.file, min(self.first, other.first), max(self.last, other.last))


class Severity(StrEnum):
    """What a finding does: errors fail a run, warnings under --strict, notes under --pedantic."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Grade(StrEnum):
    """How firmly the page says something; it decides how severe a violation of it is."""

    STATED = "stated"  # the page says it in so many words
    IMPLIED = "implied"  # its samples, or two passages together, say it
    ASSUMED = "assumed"  # convention or common sense

    @property
    def severity(self) -> Severity:
        """How severe a violation is when no ruling raises it."""
        return _SEVERITY_OF[self]


_SEVERITY_OF = {
    Grade.STATED: Severity.ERROR,
    Grade.IMPLIED: Severity.WARNING,
    Grade.ASSUMED: Severity.NOTE,
}


class Origin(Frozen, frozen=True):
    """The passage of the page that makes us believe something."""

    span: Span
    grade: Grade
    quote: str = ""  # the passage itself, shortened
    ruling: str | None = None  # set when the page was silent and a person decided
    raised_to: Severity | None = None  # set when that ruling overrides the grade's severity

    @property
    def severity(self) -> Severity:
        """How severe a violation of what stands there is."""
        return self.raised_to or self.grade.severity
