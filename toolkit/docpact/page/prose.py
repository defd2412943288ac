"""Running text, in a cell or outside: paragraphs, bullets and code."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from docpact.page.inline import plain
from docpact.page.model import Bullet, CodeBlock, Paragraph
from docpact.page.source import Source

Part = Paragraph | Bullet | CodeBlock

BULLET = re.compile(
    r"(?P<indent>\s*)(?:(?P<marker>[-*+]|\d{1,9}[.)])\s+|(?P<dot>[•●▪‣◦·])\s*)(?=\S)"
)
NESTING = 2  # columns to the right of a bullet where one nested in it may begin


@dataclass(frozen=True, slots=True)
class Fragment:
    """What one line gives to a text; a bullet's fragment comes without its marker."""

    line: int
    text: str
    bullet: int | None = None  # the column of its marker
    numbered: bool = False


def fragment_of(line: int, text: str) -> Fragment:
    """A line, told apart by whether it begins a bullet."""
    found = BULLET.match(text)
    if not found:
        return Fragment(line, text)
    indent = len(found["indent"].expandtabs(4))
    marker = found["marker"] or found["dot"]
    return Fragment(line, text[found.end() :], indent, marker[0].isdigit())


def read_prose(
    source: Source, fragments: Iterable[Fragment], *, in_cell: bool = False
) -> tuple[Part, ...]:
    """The paragraphs, bullets and code of a text, in reading order."""
    prose = _Prose(source, in_cell)
    for fragment in fragments:
        prose.add(fragment)
    prose.flush()
    return tuple(prose.parts)


@dataclass(slots=True)
class _Prose:
    source: Source
    in_cell: bool
    parts: list[Part] = field(default_factory=list)
    pending: list[Fragment] = field(default_factory=list)
    nesting: list[int] = field(default_factory=list)  # columns of the bullets around

    def add(self, fragment: Fragment) -> None:
        if fragment.line in self.source.fenced:
            self._code(fragment.line)
        elif not fragment.text.strip():
            self.flush()
        elif fragment.bullet is not None and self._begins(fragment):
            self.flush()
            self.pending.append(fragment)
        else:
            self.pending.append(fragment)

    def flush(self) -> None:
        if not self.pending:
            return
        first = self.pending[0]
        text = plain("\n".join(_words(self.pending)), in_cell=self.in_cell)
        span = self.source.span(first.line, self.pending[-1].line)
        if first.bullet is None:
            self.parts.append(Paragraph(text, span))
        else:
            self.parts.append(Bullet(text, span, self._level(first.bullet)))
        self.pending = []

    def _code(self, line: int) -> None:
        fence = self.source.fences.get(line)
        if fence:
            self.flush()
            span = self.source.span(fence.first, fence.last)
            self.parts.append(CodeBlock(fence.code(self.source.lines), span, fence.info))

    def _begins(self, fragment: Fragment) -> bool:
        # "2018. " at the start of a line within a sentence is no numbered bullet.
        within = bool(self.pending) and self.pending[0].bullet is None
        return not (fragment.numbered and within)

    def _level(self, indent: int) -> int:
        # The first bullet of a cell stands one column right of its siblings.
        while self.nesting and indent < self.nesting[-1] + NESTING:
            self.nesting.pop()
        self.nesting.append(indent)
        return len(self.nesting) - 1


def _words(fragments: Sequence[Fragment]) -> list[str]:
    return [each.text.strip() for each in fragments]
