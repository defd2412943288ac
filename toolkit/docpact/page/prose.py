"""Running text, in a cell of a table or outside: paragraphs, bullets and code."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from docpact.page.inline import outside_code, plain
from docpact.page.lines import PageSource
from docpact.page.model import Bullet, Cell, CodeBlock, Paragraph

ProsePart = Paragraph | Bullet | CodeBlock

_BULLET = re.compile(
    r"(?P<indent>\s*)(?:(?P<marker>[-*+]|\d{1,9}[.)])\s+|(?P<dot>[•●▪‣◦·])\s*)(?=\S)"
)
_NESTING = 2  # columns to the right of a bullet where one nested in it may begin


@dataclass(frozen=True, slots=True)
class Fragment:
    """What one line gives to a text; a bullet's fragment comes without its marker."""

    line: int
    text: str
    bullet: int | None = None  # the column of its marker
    numbered: bool = False


def fragment_of(line: int, text: str) -> Fragment:
    """A line, which may begin a bullet."""
    found = _BULLET.match(text)
    if not found:
        return Fragment(line, text)
    indent = len(found["indent"].expandtabs(4))
    marker = found["marker"] or found["dot"]
    return Fragment(line, text[found.end() :], indent, marker[0].isdigit())


def read_prose(
    source: PageSource, fragments: Iterable[Fragment], *, in_cell: bool = False
) -> tuple[ProsePart, ...]:
    """The paragraphs, bullets and code of a text, in reading order."""
    prose = _Prose(source, in_cell)
    for fragment in fragments:
        prose.add(fragment)
    prose.flush()
    return tuple(prose.parts)


@dataclass(slots=True)
class _Prose:
    source: PageSource
    in_cell: bool
    parts: list[ProsePart] = field(default_factory=list)
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
        text = plain("\n".join(each.text.strip() for each in self.pending), in_cell=self.in_cell)
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
        # "2018. " at the start of a line within a sentence is not a numbered bullet.
        within = bool(self.pending) and self.pending[0].bullet is None
        return not (fragment.numbered and within)

    def _level(self, indent: int) -> int:
        # The first bullet of a cell is one column right of its siblings.
        while self.nesting and indent < self.nesting[-1] + _NESTING:
            self.nesting.pop()
        self.nesting.append(indent)
        return len(self.nesting) - 1


TextPosition = tuple[int, int]  # a line and a column in it

_BLANKS = re.compile(r"(?:\s|&(?:nbsp|ensp|emsp);)*")
# Older pages begin a list on the line of its introduction: "States: -   RUNNING".
_INLINE_BULLET = re.compile(r"`+|[-*+]   +(?=\S)")
# A cell has one line in other editions, so it parts its paragraphs and bullets in HTML.
_BREAK = re.compile(
    r"`+|<(?:(?P<soft>br)|(?P<bullet>li)|/?(?:p|ul|ol|div|li))(?:\s[^<>=]*=[^<>]*|\s?/)?>",
    re.IGNORECASE,
)


def read_cell(source: PageSource, begin: TextPosition, end: TextPosition) -> Cell:
    """The cell between two pipes."""
    fragments = tuple(_fragments(source, begin, end))
    parts = read_prose(source, fragments, in_cell=True)
    paragraphs = tuple(each for each in parts if isinstance(each, Paragraph))
    has_text = isinstance(next(iter(parts), None), Paragraph)
    return Cell(
        text=paragraphs[0].text if has_text else "",
        bullets=tuple(each for each in parts if isinstance(each, Bullet)),
        notes=paragraphs[has_text:],
        span=source.span(begin[0], _last_line(source, begin[0], fragments)),
        indent=_indent(fragments[0].text),
        code=tuple(each for each in parts if isinstance(each, CodeBlock)),
    )


def _fragments(source: PageSource, begin: TextPosition, end: TextPosition) -> Iterator[Fragment]:
    for line in range(begin[0], end[0] + 1):
        start = begin[1] if line == begin[0] else 0
        stop = end[1] if line == end[0] else None
        text = source.lines[line][start:stop]
        first, *broken = _pieces(text) if "<" in text else [text]
        if line == begin[0]:
            yield from _opening(line, first)
        else:
            yield fragment_of(line, first)
        for piece in broken:
            yield from _broken_off(line, piece)


def _pieces(text: str) -> list[str]:
    """The text parted where HTML breaks it; each piece keeps the tag that it begins with."""
    cuts = [0, *(mark.start() for mark in outside_code(_BREAK, text)), len(text)]
    return [text[start:stop] for start, stop in pairwise(cuts)]


def _broken_off(line: int, piece: str) -> Iterator[Fragment]:
    tag = _BREAK.match(piece)
    text = piece[tag.end() :] if tag else piece
    if tag and tag["bullet"]:
        yield Fragment(line, text, bullet=0)
    else:
        if not (tag and tag["soft"]):
            yield Fragment(line, "")
        if text.strip():
            yield fragment_of(line, text)


def _opening(line: int, text: str) -> Iterator[Fragment]:
    marks = [mark.span() for mark in outside_code(_INLINE_BULLET, text)]
    marks.append((len(text), len(text)))
    yield Fragment(line, text[: marks[0][0]])
    for (_, start), (stop, _) in pairwise(marks):
        yield Fragment(line, text[start:stop], bullet=0)


def _last_line(source: PageSource, first: int, fragments: tuple[Fragment, ...]) -> int:
    filled = (
        each.line for each in reversed(fragments) if each.line in source.fenced or each.text.strip()
    )
    return next(filled, first)


def _indent(text: str) -> int:
    blanks = _BLANKS.match(text)
    depth = len(re.sub(r"&\w+;", " ", blanks[0])) if blanks else 0
    # One blank is mere padding.
    return depth if depth > 1 and depth < len(text) else 0
