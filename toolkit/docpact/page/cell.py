"""Read one cell of a table."""

import re
from collections.abc import Iterator
from itertools import pairwise

from docpact.page.inline import ticks_of
from docpact.page.model import Bullet, Cell, CodeBlock, Paragraph
from docpact.page.prose import Fragment, fragment_of, read_prose
from docpact.page.source import Source

Place = tuple[int, int]  # a line and a column in it

BLANKS = re.compile(r"(?:\s|&(?:nbsp|ensp|emsp);)*")
# Older pages begin a list on the line of its introduction: "States: -   RUNNING".
INLINE_BULLET = re.compile(r"`+|[-*+]   +(?=\S)")
# A cell has one line in other editions, so it parts its paragraphs and bullets in HTML.
BREAK = re.compile(
    r"`+|<(?:(?P<soft>br)|(?P<bullet>li)|/?(?:p|ul|ol|div|li))(?:\s[^<>=]*=[^<>]*|\s?/)?>",
    re.IGNORECASE,
)


def read_cell(source: Source, begin: Place, end: Place) -> Cell:
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


def _fragments(source: Source, begin: Place, end: Place) -> Iterator[Fragment]:
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
    ticks = ticks_of(text)
    cuts = [0]
    at = 0
    while mark := BREAK.search(text, at):
        at = mark.end()
        if mark[0][0] != "`":
            cuts.append(mark.start())
        elif (closing := ticks.closing(len(mark[0]), at)) is not None:
            at = closing + len(mark[0])
    return [text[start:stop] for start, stop in pairwise([*cuts, len(text)])]


def _broken_off(line: int, piece: str) -> Iterator[Fragment]:
    tag = BREAK.match(piece)
    text = piece[tag.end() :] if tag else piece
    if tag and tag["bullet"]:
        yield Fragment(line, text, bullet=0)
    else:
        if not (tag and tag["soft"]):
            yield Fragment(line, "")
        if text.strip():
            yield fragment_of(line, text)


def _opening(line: int, text: str) -> Iterator[Fragment]:
    marks = [*_inline_bullets(text), (len(text), len(text))]
    yield Fragment(line, text[: marks[0][0]])
    for (_, start), (stop, _) in pairwise(marks):
        yield Fragment(line, text[start:stop], bullet=0)


def _inline_bullets(text: str) -> Iterator[tuple[int, int]]:
    ticks = ticks_of(text)
    at = 0
    while mark := INLINE_BULLET.search(text, at):
        at = mark.end()
        if mark[0][0] != "`":
            yield mark.start(), mark.end()
        elif (closing := ticks.closing(len(mark[0]), at)) is not None:
            at = closing + len(mark[0])


def _last_line(source: Source, first: int, fragments: tuple[Fragment, ...]) -> int:
    filled = (
        each.line for each in reversed(fragments) if each.line in source.fenced or each.text.strip()
    )
    return next(filled, first)


def _indent(text: str) -> int:
    blanks = BLANKS.match(text)
    depth = len(re.sub(r"&\w+;", " ", blanks[0])) if blanks else 0
    # One blank is mere padding.
    return depth if depth > 1 and depth < len(text) else 0
