"""Read a table: its header decides how many cells each row has."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from docpact.page.model import Problem, ProblemKind, Row, Table
from docpact.page.row import MAX_WIDTH, last_line, read_row
from docpact.page.source import Source, following


@dataclass(frozen=True, slots=True)
class Header:
    """Where a table's header stands, and how many cells its rows must have."""

    first: int
    last: int
    width: int
    delimiter: int | None  # older pages have none

    @property
    def end(self) -> int:
        """The last line before the rows."""
        return self.last if self.delimiter is None else self.delimiter


def header_at(source: Source, line: int) -> Header | None:
    """The header that begins on the line, if a table does."""
    if not source.begins_with_pipe(line) or source.is_delimiter(line):
        return None
    width = source.width(line)
    if not 0 < width <= MAX_WIDTH:
        return None
    if source.is_delimiter(line + 1):
        return Header(line, line, width, line + 1)
    if source.ends_with_pipe(line):
        return Header(line, line, width, None)
    return _tall_header(source, line)


def read_table(source: Source, header: Header) -> tuple[Table, tuple[Problem, ...]]:
    """The table that begins with a header, and what is wrong in it."""
    names, problem = read_row(source, header.first, header.last, header.width)
    found = tuple(_rows(source, header))
    rows = tuple(row for row, _ in found)
    span = source.span(header.first, header.end)
    table = Table(names, rows, span.through(rows[-1].span) if rows else span)
    problems = (
        problem,
        _misfit(source, header),
        *(each for _, each in found),
        _text_below(source, source.after(table.span)),
    )
    return table, tuple(each for each in problems if each)


def _tall_header(source: Source, line: int) -> Header | None:
    """A header that has one line for each of its cells."""
    delimiter = following(source.delimiters, line, len(source.lines))
    width = source.width(delimiter)
    if width > MAX_WIDTH or delimiter > following(source.barriers, line, delimiter):
        return None
    # One line more than the header has pipes is enough to see that it does not fit.
    lines = islice(source.piped_between(line, delimiter), width + 2)
    pipes = sum(len(source.pipes[each]) for each in lines)
    fits = pipes == width + 1 and source.ends_with_pipe(delimiter - 1)
    return Header(line, delimiter - 1, width, delimiter) if fits else None


def _rows(source: Source, header: Header) -> Iterator[tuple[Row, Problem | None]]:
    line = header.end + 1
    limit = following(source.barriers, line, len(source.lines))
    above = None
    while line < limit and source.begins_with_pipe(line):
        last = last_line(source, line, header.width, limit)
        row, problem = read_row(source, line, last, header.width, above)
        # The older pages, which have no delimiter, print a cell once that stands for several rows.
        above = row if header.delimiter is None and problem is None else None
        yield row, problem or _unclosed(source, header, row)
        line = _next_row(source, header, last + 1)


def _next_row(source: Source, header: Header, line: int) -> int:
    """Where the next row may begin: blank lines end only a table that has no delimiter."""
    text = source.next_text(line)
    if header.delimiter is None or text == len(source.lines):
        return line
    another = header_at(source, text) if text > line else None
    return line if another and another.delimiter else text


def _unclosed(source: Source, header: Header, row: Row) -> Problem | None:
    """A row without its last pipe, in a table where the header has one, may have lost more."""
    last = source.after(row.span) - 1
    closed = source.ends_with_pipe(last) or not source.ends_with_pipe(header.last)
    message = "nothing closes the row"
    return None if closed else Problem(ProblemKind.ROW_DOES_NOT_ADD_UP, message, row.span)


def _misfit(source: Source, header: Header) -> Problem | None:
    if header.delimiter is None or source.width(header.delimiter) == header.width:
        return None
    width = source.width(header.delimiter)
    return Problem(
        ProblemKind.ROW_DOES_NOT_ADD_UP,
        f"the header has {header.width} cells, the line below it {width}",
        source.span(header.delimiter, header.delimiter),
    )


def _text_below(source: Source, line: int) -> Problem | None:
    """What stands right under a row was meant to be in it."""
    if (
        source.next_text(line) != line
        or line == len(source.lines)
        or line in source.fenced
        or line in source.barriers
        or source.begins_with_pipe(line)
    ):
        return None
    message = "this stands right under a table's row, but in none of its cells"
    return Problem(ProblemKind.TEXT_BELOW_ROW, message, source.span(line, line))
