"""Read a table that is written in HTML: by its tags, and not line by line as Markdown is."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from docpact.page.lines import PageSource
from docpact.page.model import Cell, Problem, ProblemKind, Row, Table
from docpact.page.prose import TextPosition, read_cell
from docpact.page.table import MAX_WIDTH

_TABLE = re.compile(r"\s*<table\b[^<>]*>?", re.IGNORECASE)
_END = re.compile(r"</table\s*>", re.IGNORECASE)
_TAG = re.compile(r"<(?P<end>/?)(?P<element>tr|td|th|table)\b(?P<rest>[^<>]*)>", re.IGNORECASE)
_SPAN = re.compile(r"""\b(?P<way>col|row)span\s*=\s*["']?(?P<count>\d{1,3})""", re.IGNORECASE)
_MARKUP = re.compile(r"<[^<>]*>|&(?:nbsp|ensp|emsp);")
_INNER = re.compile(r"<table\b", re.IGNORECASE)
_CELLS: Final = frozenset({"td", "th"})
_MOST_SPANNED: Final = 100_000  # a few words must not stand for millions of cells


@dataclass(frozen=True, slots=True)
class SpannedCell:
    """One cell with the number of columns and rows that it spans."""

    cell: Cell
    columns: int
    rows: int


def is_html_table(source: PageSource, line: int) -> bool:
    """Whether a table of HTML begins on the line."""
    return line not in source.fenced and _TABLE.match(source.lines[line]) is not None


def read_html_table(
    source: PageSource, first: int
) -> tuple[Table | None, int, tuple[Problem, ...]]:
    """The table that begins on a line, its last line, and what is wrong in it."""
    end, closed = _end(source, first)
    last = end[0]
    problems = [*_outside(source, first, end), *(_behind(source, end) if closed else ())]
    if not closed:
        problems.append(_problem("nothing closes the table", source, first, last))
    found = [row for row in _rows(source, first, end) if row]
    if not found:
        problems.append(_problem("the table has no rows", source, first, last))
        return None, last, tuple(problems)
    rows, refused = _bounded(found)
    problems.extend(refused)
    width = min(MAX_WIDTH, sum(each.columns for each in rows[0]))
    made = []
    for cells in _spread(rows):
        span = cells[0].span.through(cells[-1].span)
        if len(cells) != width:
            count = len(cells) if len(cells) <= MAX_WIDTH else f"more than {MAX_WIDTH}"
            message = f"the header has {width} cells, this row {count}"
            problems.append(Problem(ProblemKind.ROW_DOES_NOT_ADD_UP, message, span))
        missing = [Cell("", (), (), span)] * (width - len(cells))
        made.append(Row((*cells, *missing)[:width], span))
    return Table(made[0], tuple(made[1:]), source.span(first, last)), last, tuple(problems)


def _end(source: PageSource, first: int) -> tuple[TextPosition, bool]:
    """Where the table is closed; one without an end goes up to the next heading."""
    for line in range(first, len(source.lines)):
        if line > first and (line in source.headings or is_html_table(source, line)):
            return (line - 1, len(source.lines[line - 1])), False
        if end := _END.search(source.lines[line]):
            return (line, end.start()), True
    return (len(source.lines) - 1, len(source.lines[-1])), False


def _rows(source: PageSource, first: int, last: TextPosition) -> Iterator[list[SpannedCell]]:
    row: list[SpannedCell] = []
    opened: tuple[TextPosition, str] | None = None
    for begin, tag, end in _tags(source, first, last):
        if opened:
            row.append(_cell(source, *opened, begin))
            opened = None
        if tag["element"].lower() in _CELLS:
            opened = None if tag["end"] else (end, tag["rest"])
        else:
            yield row
            row = []
    if opened:
        row.append(_cell(source, *opened, last))
    yield row


def _tags(
    source: PageSource, first: int, last: TextPosition
) -> Iterator[tuple[TextPosition, re.Match[str], TextPosition]]:
    for line in range(first, last[0] + 1):
        if line not in source.fenced:
            text = source.lines[line]
            for tag in _TAG.finditer(text, 0, last[1] if line == last[0] else len(text)):
                yield (line, tag.start()), tag, (line, tag.end())


def _outside(source: PageSource, first: int, last: TextPosition) -> Iterator[Problem]:
    """What the table says in none of its cells: a caption, or words between its rows."""
    at: TextPosition | None = (first, 0)
    for begin, tag, end in _tags(source, first, last):
        if at:
            yield from _loose(source, at, begin)
        is_cell = tag["element"].lower() in _CELLS and not tag["end"]
        at = None if is_cell else end
    if at:
        yield from _loose(source, at, last)


def _loose(source: PageSource, begin: TextPosition, end: TextPosition) -> Iterator[Problem]:
    """The words between two places, if there are any."""
    bounds = ((n, begin[1] * (n == begin[0])) for n in range(begin[0], end[0] + 1))
    lines = [source.lines[n][start : end[1] if n == end[0] else None] for n, start in bounds]
    bare = _MARKUP.sub(lambda each: "\n" * each[0].count("\n"), "\n".join(lines))
    if not bare.strip():
        return
    first = begin[0] + bare[: -len(bare.lstrip())].count("\n")
    span = source.span(first, first + bare.strip().count("\n"))
    message = "this text is in an HTML table but in none of its cells, so it is not read"
    yield Problem(ProblemKind.TEXT_BELOW_ROW, message, span)


def _behind(source: PageSource, end: TextPosition) -> Iterator[Problem]:
    """What follows the table on its last line, where nothing else is looked for."""
    rest = _END.sub("", source.lines[end[0]][end[1] :], count=1)
    if _MARKUP.sub("", rest).strip():
        what = "another table" if _INNER.search(rest) else "this text"
        message = f"{what} follows the end of a table, so it is not read; move it to a new line"
        yield Problem(ProblemKind.TEXT_BELOW_ROW, message, source.span(end[0], end[0]))


def _cell(source: PageSource, begin: TextPosition, rest: str, end: TextPosition) -> SpannedCell:
    spans = {each["way"].lower(): int(each["count"]) for each in _SPAN.finditer(rest)}
    columns = min(MAX_WIDTH, max(1, spans.get("col", 1)))
    return SpannedCell(read_cell(source, begin, end), columns, max(1, spans.get("row", 1)))


def _bounded(
    rows: Sequence[Sequence[SpannedCell]],
) -> tuple[list[list[SpannedCell]], list[Problem]]:
    """The rows, with cells that span no more others than a table may have."""
    room = _MOST_SPANNED
    bounded: list[list[SpannedCell]] = []
    problems: list[Problem] = []
    for number, row in enumerate(rows):
        made: list[SpannedCell] = []
        for each in row:
            spanned = each.columns * min(each.rows, len(rows) - number) - 1
            is_refused = spanned > room
            room -= 0 if is_refused else spanned
            made.append(replace(each, columns=1, rows=1) if is_refused else each)
            if is_refused and not problems:
                message = "the table's cells span too many others; from here on, each is one cell"
                problems.append(Problem(ProblemKind.ROW_DOES_NOT_ADD_UP, message, each.cell.span))
        bounded.append(made)
    return bounded, problems


def _spread(rows: Sequence[Sequence[SpannedCell]]) -> Iterator[list[Cell]]:
    """The rows with each cell in all the columns and rows that it spans.

    Of a row that is wider than any, one cell more than that is made.
    """
    above: dict[int, tuple[Cell, int]] = {}  # by column: the cell above, and for how many rows
    for row in rows:
        cells: list[Cell] = []
        below: dict[int, tuple[Cell, int]] = {}
        waiting = list(reversed(row))
        while (waiting or len(cells) in above) and len(cells) <= MAX_WIDTH:
            if len(cells) in above:
                cell, more = above[len(cells)]
                columns = 1
            else:
                placed = waiting.pop()
                cell, more, columns = placed.cell, placed.rows, placed.columns
            for _ in range(min(columns, MAX_WIDTH + 1 - len(cells))):
                if more > 1:
                    below[len(cells)] = (cell, more - 1)
                cells.append(cell)
        above = below
        yield cells


def _problem(message: str, source: PageSource, first: int, last: int) -> Problem:
    return Problem(ProblemKind.ROW_DOES_NOT_ADD_UP, message, source.span(first, last))
