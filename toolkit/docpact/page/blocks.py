"""Part a page into its blocks: headings, tables, and the prose between them."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from docpact.page.html_table import is_html_table, read_html_table
from docpact.page.inline import plain
from docpact.page.model import Block, Bullet, BulletList, Heading, Problem, ProblemKind
from docpact.page.prose import Part, fragment_of, read_prose
from docpact.page.source import Source
from docpact.page.table import header_at, read_table


def read_blocks(source: Source) -> tuple[tuple[Block, ...], tuple[Problem, ...]]:
    """The blocks of a page in reading order, and what makes no sense in them."""
    blocks: list[Block] = []
    problems = list(_unclosed_fences(source))
    line = 0
    while line < len(source.lines):
        if line in source.headings:
            blocks.append(_heading(source, line))
            line += 1
        elif is_html_table(source, line):
            made, last, found = read_html_table(source, line)
            blocks.extend([made] if made else [])
            problems.extend(found)
            line = last + 1
        elif header := header_at(source, line):
            table, found = read_table(source, header)
            blocks.append(table)
            problems.extend(found)
            line = source.after(table.span)
        else:
            end = _end_of_prose(source, line)
            blocks.extend(_prose(source, line, end))
            problems.extend(_rows_outside(source, line, end))
            line = end
    return tuple(blocks), tuple(sorted(problems, key=lambda each: each.span.first))


def _heading(source: Source, line: int) -> Heading:
    found = source.headings[line]
    title = _without_closing(_without_anchor(found["title"] or ""))
    return Heading(len(found["signs"]), plain(title), source.span(line, line))


def _without_anchor(title: str) -> str:
    """The title without a trailing "{#anchor .class}"."""
    title = title.rstrip()
    opening = title.rfind("{") if title.endswith("}") else -1
    is_anchor = opening >= 0 and title[opening + 1 :].lstrip().startswith(("#", "."))
    return title[:opening].rstrip() if is_anchor else title


def _without_closing(title: str) -> str:
    """The title without the signs that may follow it, as in "## Title ##"."""
    bare = title.rstrip("#")
    return title if bare and not bare[-1].isspace() else bare


def _end_of_prose(source: Source, first: int) -> int:
    line = first
    while line < len(source.lines):
        fence = source.fences.get(line)
        line = fence.last + 1 if fence else line + 1
        if line == len(source.lines) or _begins_block(source, line):
            break
    return line


def _begins_block(source: Source, line: int) -> bool:
    if line in source.headings or is_html_table(source, line):
        return True
    return header_at(source, line) is not None


def _prose(source: Source, first: int, end: int) -> Iterator[Block]:
    fragments = (fragment_of(line, source.lines[line]) for line in range(first, end))
    parts = read_prose(source, fragments)
    for _, group in groupby(parts, lambda each: isinstance(each, Bullet)):
        yield from _gathered(tuple(group))


def _gathered(parts: Sequence[Part]) -> Iterator[Block]:
    """The parts, with bullets gathered into one list."""
    bullets = tuple(each for each in parts if isinstance(each, Bullet))
    if bullets:
        yield BulletList(bullets, bullets[0].span.through(bullets[-1].span))
    yield from (each for each in parts if not isinstance(each, Bullet))


def _rows_outside(source: Source, first: int, end: int) -> Iterator[Problem]:
    """Lines with the pipes of a table's row where no table is."""
    message = "this looks like a table's row, but there is no table"
    for line in source.piped_between(first, end):
        if source.begins_with_pipe(line) or source.ends_with_pipe(line):
            yield Problem(ProblemKind.ROW_OUTSIDE_TABLE, message, source.span(line, line))


def _unclosed_fences(source: Source) -> Iterator[Problem]:
    message = "the code block has no end, so the rest of the page is read as code"
    for fence in source.fences.values():
        if not fence.closed:
            span = source.span(fence.first, fence.last)
            yield Problem(ProblemKind.UNCLOSED_FENCE, message, span)
