"""Find where a row of a table ends, and part it into its cells.

A cell that holds a list spills over several lines and is closed by a lone "|", so a row ends where
its cells add up, not at the newline.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise, repeat

from docpact.core.span import Span
from docpact.page.cell import Place, read_cell
from docpact.page.model import Cell, Problem, ProblemKind, Row
from docpact.page.source import Source, spaced_pipes, strong_pipes

# No reference page has a wider table, and a line of a million pipes is none.
MAX_WIDTH = 100


def last_line(source: Source, first: int, width: int, limit: int) -> int:
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


def read_row(
    source: Source, first: int, last: int, width: int, above: Row | None = None
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
    """A short row, completed by the cells behind the first that stand for several rows."""
    behind = len(above.cells) - len(cells) + 1
    merged = (replace(each, merged=True) for each in above.cells[1:behind])
    return Row((cells[0], *merged, *cells[1:]), span)


def _begins_row(source: Source, previous: int, line: int, missing: int) -> bool:
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


def _last_before(source: Source, previous: int, line: int) -> int:
    """The end of a row that another one cuts short."""
    if source.ends_with_pipe(previous) and source.is_blank(previous + 1):
        return previous
    return next(each for each in range(line - 1, previous - 1, -1) if not source.is_blank(each))


def _end_of_paragraph(source: Source, first: int, limit: int) -> int:
    """The end of a row that nothing closes: what follows a blank line is not its own."""
    last = first
    while last + 1 < limit and last + 1 not in source.fenced and not source.is_blank(last + 1):
        last += 1
    return last


def _places(source: Source, first: int, last: int) -> Iterator[Place]:
    """The pipes that part the row; its end stands in for a closing pipe that is left out."""
    for line in source.piped_between(first, last + 1):
        yield from ((line, column) for column in source.pipes[line])
    if not source.ends_with_pipe(last):
        yield last, len(source.lines[last])


def _without_text(source: Source, places: Sequence[Place], width: int) -> tuple[Place, ...]:
    """The pipes without those that may be text, if the row adds up only without them."""
    places = places[: _end_without_blanks(source, places, width)]
    surplus = len(places) - 1 - width
    if 0 < surplus <= MAX_WIDTH:
        strong, spaced = _text_pipes(source, places[1:-1])
        for text in (strong, spaced, strong | spaced):
            if len(text) == surplus:
                return tuple(each for each in places if each not in text)
    return tuple(places)


def _end_without_blanks(source: Source, places: Sequence[Place], width: int) -> int:
    """How many pipes are left without cells of blanks after the last that the header has."""
    end = len(places)
    while end > width + 1 and _is_blank_cell(source, places[end - 2], places[end - 1]):
        end -= 1
    return end


def _is_blank_cell(source: Source, begin: Place, end: Place) -> bool:
    return begin[0] == end[0] and not source.lines[begin[0]][begin[1] + 1 : end[1]].strip()


def _text_pipes(source: Source, places: Sequence[Place]) -> tuple[set[Place], set[Place]]:
    strong: set[Place] = set()
    spaced: set[Place] = set()
    for line in {line for line, _ in places} - source.fenced:
        columns = [column for each, column in places if each == line]
        strong |= {(line, each) for each in strong_pipes(source.lines[line], columns)}
        spaced |= {(line, each) for each in spaced_pipes(source.lines[line], columns)}
    return strong, spaced
