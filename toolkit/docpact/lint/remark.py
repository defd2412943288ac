"""One thing that is wrong with a page, before it is known how severe that is."""

from collections.abc import Sequence
from dataclasses import dataclass

from docpact.finding import Scalar
from docpact.span import Span

_FEW = 4  # so many names get a finding each; more of one kind share one
_NAMED = 8  # so many of those are named


@dataclass(frozen=True, slots=True)
class Remark:
    """What a rule noticed: where it shows, and what passage says otherwise."""

    rule: str
    message: str
    span: Span
    against: Span | None = None  # the passage that it contradicts; the same one if not set
    field: str = ""
    also: tuple[Span, ...] = ()  # further lines that show it
    expected: Scalar | tuple[str, ...] = None
    actual: Scalar = None

    @property
    def spans(self) -> tuple[Span, ...]:
        """Everything on the page that it is about."""
        return (self.span, *((self.against,) if self.against else ()), *self.also)


def folded(remarks: Sequence[Remark], summary: str) -> tuple[Remark, ...]:
    """The remarks, or one that stands for all of them where there are too many to read.

    The summary has a place for their number and their names: "{} fields are missing: {}".
    """
    if len(remarks) <= _FEW:
        return tuple(remarks)
    names = list(dict.fromkeys(each.field for each in remarks))
    if len(names) <= _FEW // 2:
        return tuple(remarks)
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    first, *rest = remarks
    message = summary.format(len(names), ", ".join(names[:_NAMED]) + more)
    return (
        Remark(
            first.rule, message, first.span, first.against, also=tuple(each.span for each in rest)
        ),
    )


def on_lines(spans: Sequence[Span]) -> str:
    """Lines for a message: "line 5" or "lines 5, 7 and 9"."""
    lines = [str(each) for each in dict.fromkeys(span.first for span in spans)]
    if len(lines) == 1:
        return f"line {lines[0]}"
    return f"lines {', '.join(lines[:-1])} and {lines[-1]}"
