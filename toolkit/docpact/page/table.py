"""Read a table: its header decides how many cells each row has.

A cell that holds a list spills over several lines and is closed by a lone "|", so a row ends where
its cells add up, not at the newline.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice, pairwise, repeat

from docpact.core.span import Span
from docpact.page.lines import PageSource, following, spaced_pipes, strong_pipes
from docpact.page.model import Cell, Problem, ProblemKind, Row, Table
from docpact.page.prose import TextPosition, read_cell

# No reference page has a wider table, and a line of a million pipes is not one.
MAX_WIDTH = 100


@dataclass(frozen=True, slots=True)
class Header:
    """The lines of a table's header, and how many cells its rows must have."""

    first: int
    last: int
    width: int
    delimiter: int | None  # older pages have none

    @property
    def end(self) -> int:
        """The last line before the rows."""
        return self.last if self.delimiter is None else self.delimiter


def header_at(source: PageSource, line: int) -> Header | None:
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


def read_table(source: PageSource, header: Header) -> tuple[Table, tuple[Problem, ...]]:
    """The table that begins with a header, and what is wrong in it."""
    names, problem = _read_row(source, header.first, header.last, header.width)
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


def _tall_header(source: PageSource, line: int) -> Header | None:
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


def _rows(source: PageSource, header: Header) -> Iterator[tuple[Row, Problem | None]]:
    line = header.end + 1
    limit = following(source.barriers, line, len(source.lines))
    above = None
    while line < limit and source.begins_with_pipe(line):
        last = _last_line(source, line, header.width, limit)
        row, problem = _read_row(source, line, last, header.width, above)
        # The older pages, which have no delimiter, write a cell once for several rows.
        above = row if header.delimiter is None and problem is None else None
        yield row, problem or _unclosed(source, header, row)
        line = _next_row(source, header, last + 1)


def _next_row(source: PageSource, header: Header, line: int) -> int:
    """Where the next row may begin: blank lines end only a table that has no delimiter."""
    text = source.next_text(line)
    if header.delimiter is None or text == len(source.lines):
        return line
    another = header_at(source, text) if text > line else None
    return line if another and another.delimiter else text


def _unclosed(source: PageSource, header: Header, row: Row) -> Problem | None:
    """A row without its last pipe, in a table where the header has one, may have lost more."""
    last = source.after(row.span) - 1
    closed = source.ends_with_pipe(last) or not source.ends_with_pipe(header.last)
    message = "nothing closes the row"
    return None if closed else Problem(ProblemKind.ROW_DOES_NOT_ADD_UP, message, row.span)


def _misfit(source: PageSource, header: Header) -> Problem | None:
    if header.delimiter is None or source.width(header.delimiter) == header.width:
        return None
    width = source.width(header.delimiter)
    return Problem(
        ProblemKind.ROW_DOES_NOT_ADD_UP,
        f"the header has {header.width} cells, the line below it {width}",
        source.span(header.delimiter, header.delimiter),
    )


def _text_below(source: PageSource, line: int) -> Problem | None:
    """A text right below a row belongs in one of its cells."""
    if (
        source.next_text(line) != line
        or line == len(source.lines)
        or line in source.fenced
        or line in source.barriers
        or source.begins_with_pipe(line)
    ):
        return None
    message = "this text is right below a table's row but in none of its cells"
    return Problem(ProblemKind.TEXT_BELOW_ROW, message, source.span(line, line))


def _last_line(source: PageSource, first: int, width: int, limit: int) -> int:
    """The last line of the row that begins on a line; it lies before the limit."""
    count, previous = 0, first
    for line in source.piped_between(first, limit):
        if line > first and _begins_row(source, previous, line, width + 1 - count):
            return _last_before(source, previous, line)
        count += len(source.pipes[line])
        if count > width and source.ends_with_pipe(line):
            return line
        if count > MAX_WIDTH * 2:
            break
        previous = line
    return _end_of_paragraph(source, first, limit)


def _read_row(
    source: PageSource, first: int, last: int, width: int, above: Row | None = None
) -> tuple[Row, Problem | None]:
    """The row on these lines, and what is wrong if its cells do not add up.

    Cells that a short row lacks are taken from the row above, where that is given.
    """
    places = tuple(_places(source, first, last))
    parting = _without_text(source, places, width)
    adds_up = len(parting) == width + 1
    if len(parting) > width + 1:
        # What is too much stays in the last cell.
        parting = (*parting[:width], parting[-1])
    cells = [
        read_cell(source, (line, column + 1), end) for (line, column), end in pairwise(parting)
    ]
    if above is not None and 1 < len(cells) < width and source.ends_with_pipe(last):
        return _with_merged_cells(cells, above, source.span(first, last)), None
    missing = repeat(Cell("", (), (), source.span(last, last)), width - len(cells))
    span = source.span(first, last)
    # A row of blanks lacks nothing that anyone would miss.
    if adds_up or not any(each.prose for each in cells):
        return Row((*cells, *missing), span), None
    message = f"the header has {width} cells, this row {len(places) - 1}"
    return Row((*cells, *missing), span), Problem(ProblemKind.ROW_DOES_NOT_ADD_UP, message, span)


def _with_merged_cells(cells: Sequence[Cell], above: Row, span: Span) -> Row:
    """A short row, completed by the cells behind the first that are shared by several rows."""
    behind = len(above.cells) - len(cells) + 1
    merged = (replace(each, merged=True) for each in above.cells[1:behind])
    return Row((cells[0], *merged, *cells[1:]), span)


def _begins_row(source: PageSource, previous: int, line: int, missing: int) -> bool:
    """Whether a line cannot go on with a row that still misses so many pipes."""
    if not source.begins_with_pipe(line) or source.is_lone_pipe(line):
        return False
    # An empty cell that has its line to itself looks like the end of a row.
    if source.ends_with_pipe(previous) and not source.is_lone_pipe(previous):
        if source.next_text(previous + 1) == line:
            return True
    # Some rows end in cells of blanks, more than the header has.
    elif source.is_row_of_blanks(line):
        return False
    pipes = len(source.pipes[line])
    return pipes > missing or (pipes == missing and not source.ends_with_pipe(line))


def _last_before(source: PageSource, previous: int, line: int) -> int:
    """The end of a row that another one cuts short."""
    if source.ends_with_pipe(previous) and source.is_blank(previous + 1):
        return previous
    return next(each for each in range(line - 1, previous - 1, -1) if not source.is_blank(each))


def _end_of_paragraph(source: PageSource, first: int, limit: int) -> int:
    """The end of a row that nothing closes: what follows a blank line is not its own."""
    last = first
    while last + 1 < limit and last + 1 not in source.fenced and not source.is_blank(last + 1):
        last += 1
    return last


def _places(source: PageSource, first: int, last: int) -> Iterator[TextPosition]:
    """The pipes that part the row; its end counts as the closing pipe if that is left out."""
    for line in source.piped_between(first, last + 1):
        yield from ((line, column) for column in source.pipes[line])
    if not source.ends_with_pipe(last):
        yield last, len(source.lines[last])


def _without_text(
    source: PageSource, places: Sequence[TextPosition], width: int
) -> tuple[TextPosition, ...]:
    """The pipes without those that may be text, if the row adds up only without them."""
    places = places[: _end_without_blanks(source, places, width)]
    surplus = len(places) - 1 - width
    if 0 < surplus <= MAX_WIDTH:
        strong, spaced = _text_pipes(source, places[1:-1])
        for text in (strong, spaced, strong | spaced):
            if len(text) == surplus:
                return tuple(each for each in places if each not in text)
    return tuple(places)


def _end_without_blanks(source: PageSource, places: Sequence[TextPosition], width: int) -> int:
    """How many pipes are left without cells of blanks after the last that the header has."""
    end = len(places)
    while end > width + 1 and _is_blank_cell(source, places[end - 2], places[end - 1]):
        end -= 1
    return end


def _is_blank_cell(source: PageSource, begin: TextPosition, end: TextPosition) -> bool:
    return begin[0] == end[0] and not source.lines[begin[0]][begin[1] + 1 : end[1]].strip()


def _text_pipes(
    source: PageSource, places: Sequence[TextPosition]
) -> tuple[set[TextPosition], set[TextPosition]]:
    strong: set[TextPosition] = set()
    spaced: set[TextPosition] = set()
    for line in {line for line, _ in places} - source.fenced:
        columns = [column for each, column in places if each == line]
        strong |= {(line, each) for each in strong_pipes(source.lines[line], columns)}
        spaced |= {(line, each) for each in spaced_pipes(source.lines[line], columns)}
    return strong, spaced
