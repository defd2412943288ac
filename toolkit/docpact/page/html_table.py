"""Read a table that is written in HTML."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from docpact.page.cell import Place, read_cell
from docpact.page.model import Cell, Problem, ProblemKind, Row, Table
from docpact.page.row import MAX_WIDTH
from docpact.page.source import Source

TABLE = re.compile(r"\s*<table\b[^<>]*>?", re.IGNORECASE)
END = re.compile(r"</table\s*>", re.IGNORECASE)
TAG = re.compile(r"<(?P<end>/?)(?P<element>tr|td|th|table)\b(?P<rest>[^<>]*)>", re.IGNORECASE)
SPAN = re.compile(r"""\b(?P<way>col|row)span\s*=\s*["']?(?P<count>\d{1,3})""", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Placed:
    """One cell with the number of columns and rows that it stands in."""

    cell: Cell
    columns: int
    rows: int


def is_html_table(source: Source, line: int) -> bool:
    """Whether a table of HTML begins on the line."""
    return line not in source.fenced and TABLE.match(source.lines[line]) is not None


def read_html_table(source: Source, first: int) -> tuple[Table | None, int, tuple[Problem, ...]]:
    """The table that begins on a line, its last line, and what is wrong in it."""
    last, closed = _last_line(source, first)
    problems = []
    if not closed:
        problems.append(_problem("nothing closes the table", source, first, last))
    rows = [row for row in _rows(source, first, last) if row]
    if not rows:
        problems.append(_problem("the table has no rows", source, first, last))
        return None, last, tuple(problems)
    width = min(MAX_WIDTH, sum(each.columns for each in rows[0]))
    made = []
    for cells in _spread(rows):
        span = cells[0].span.through(cells[-1].span)
        if len(cells) != width:
            message = f"the header has {width} cells, this row {len(cells)}"
            problems.append(Problem(ProblemKind.ROW_DOES_NOT_ADD_UP, message, span))
        missing = [Cell("", (), (), span)] * (width - len(cells))
        made.append(Row((*cells, *missing)[:width], span))
    return Table(made[0], tuple(made[1:]), source.span(first, last)), last, tuple(problems)


def _last_line(source: Source, first: int) -> tuple[int, bool]:
    """The line that closes the table; one without an end goes up to the next heading."""
    for line in range(first, len(source.lines)):
        if line > first and (line in source.headings or is_html_table(source, line)):
            return line - 1, False
        if END.search(source.lines[line]):
            return line, True
    return len(source.lines) - 1, False


def _rows(source: Source, first: int, last: int) -> Iterator[list[Placed]]:
    row: list[Placed] = []
    opened: tuple[Place, str] | None = None
    for begin, tag, end in _tags(source, first, last):
        if opened:
            row.append(_cell(source, *opened, begin))
            opened = None
        if tag["element"].lower() in {"td", "th"}:
            opened = None if tag["end"] else (end, tag["rest"])
        else:
            yield row
            row = []
    if opened:
        row.append(_cell(source, *opened, (last, len(source.lines[last]))))
    yield row


def _tags(source: Source, first: int, last: int) -> Iterator[tuple[Place, re.Match[str], Place]]:
    for line in range(first, last + 1):
        if line not in source.fenced:
            for tag in TAG.finditer(source.lines[line]):
                yield (line, tag.start()), tag, (line, tag.end())


def _cell(source: Source, begin: Place, rest: str, end: Place) -> Placed:
    spans = {each["way"].lower(): int(each["count"]) for each in SPAN.finditer(rest)}
    columns = min(MAX_WIDTH, max(1, spans.get("col", 1)))
    return Placed(read_cell(source, begin, end), columns, max(1, spans.get("row", 1)))


def _spread(rows: Sequence[Sequence[Placed]]) -> Iterator[list[Cell]]:
    """The rows with each cell in all the columns and rows that it stands in."""
    above: dict[int, tuple[Cell, int]] = {}  # by column: what stands there, for how many rows
    for row in rows:
        cells: list[Cell] = []
        below: dict[int, tuple[Cell, int]] = {}
        waiting = list(reversed(row))
        while waiting or len(cells) in above:
            if len(cells) in above:
                cell, more = above[len(cells)]
                columns = 1
            else:
                placed = waiting.pop()
                cell, more, columns = placed.cell, placed.rows, placed.columns
            for _ in range(columns):
                if more > 1:
                    below[len(cells)] = (cell, more - 1)
                cells.append(cell)
        above = below
        yield cells


def _problem(message: str, source: Source, first: int, last: int) -> Problem:
    return Problem(ProblemKind.ROW_DOES_NOT_ADD_UP, message, source.span(first, last))
