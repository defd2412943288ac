"""Tables whose cells spread over lines."""

import pytest

from docpact.core.span import Span
from docpact.page import Bullet, Cell, CodeBlock, Page, Paragraph, ProblemKind, Row, Table, read

HEADER = ("|Name|Type|Description|", "|--|--|--|")


def page_of(*lines: str) -> Page:
    """The page that has these lines."""
    return read("\n".join(lines) + "\n", "page.md")


def span(first: int, last: int | None = None) -> Span:
    """A span of that page."""
    return Span("page.md", first, first if last is None else last)


def tables_of(page: Page) -> list[Table]:
    """The tables of a page."""
    return [each for each in page.blocks if isinstance(each, Table)]


def table_of(*lines: str) -> Table:
    """The only table of a page that has no problems."""
    page = page_of(*lines)
    assert page.problems == ()
    (table,) = tables_of(page)
    return table


def texts(row: Row) -> list[str]:
    """The texts of a row's cells."""
    return [each.text for each in row.cells]


def problems_of(*lines: str) -> list[tuple[ProblemKind, Span]]:
    """What is wrong on a page that has these lines, and where."""
    return [(each.kind, each.span) for each in page_of(*lines).problems]


def test_a_row_on_one_line() -> None:
    """Blanks around a cell's text are padding."""
    table = table_of(*HEADER, "|Id|Long|The id. |", "", "text")
    assert texts(table.header) == ["Name", "Type", "Description"]
    assert [texts(each) for each in table.rows] == [["Id", "Long", "The id."]]
    assert (table.span, table.header.span, table.rows[0].span) == (span(1, 3), span(1), span(3))


def test_a_list_spreads_a_cell_over_lines() -> None:
    """The row ends where its cells add up; each bullet keeps its own line."""
    table = table_of(
        *HEADER,
        "|State|String|The state:",
        "",
        " -   ON: runs.",
        "-   OFF: rests. |",
        "|Id|Long|x|",
    )
    assert table.rows[0].cells[2] == Cell(
        "The state:", (Bullet("ON: runs.", span(5)), Bullet("OFF: rests.", span(6))), (), span(3, 6)
    )
    assert [each.span for each in table.rows] == [span(3, 6), span(7)]
    assert table.rows[0].cells[0].span == span(3)


def test_a_lone_pipe_closes_a_row() -> None:
    """The pipe's line belongs to the row, but to none of its cells."""
    table = table_of(*HEADER, "|State|String|On or off.", "", "|", "|Id|Long|x|")
    assert table.rows[0].span == span(3, 5)
    assert table.rows[0].cells[2].span == span(3)


def test_older_pages_have_no_delimiter_and_begin_lists_on_the_same_line() -> None:
    """A list may follow its introduction without a line of its own."""
    table = table_of(
        "|Name|States|", "|A|one of: -   ON ：on", "-   OFF：off", "", "|", "|B| -   x|"
    )
    first, second = table.rows
    assert first.cells[1].text == "one of:"
    assert first.cells[1].bullets == (Bullet("ON ：on", span(2)), Bullet("OFF：off", span(3)))
    assert first.span == span(2, 5)
    assert (second.cells[1].text, second.cells[1].bullets) == ("", (Bullet("x", span(6)),))


def test_further_paragraphs_of_a_cell_are_notes() -> None:
    """The text of a cell stops at a blank line or a bullet."""
    table = table_of(
        *HEADER, "|R|String|Region", "", " **Note:** optional", "-   a", "", " last", " line |"
    )
    cell = table.rows[0].cells[2]
    assert cell.text == "Region"
    assert cell.notes == (Paragraph("Note: optional", span(5)), Paragraph("last\nline", span(8, 9)))
    assert cell.prose == "Region\na\nNote: optional\nlast\nline"


def test_nested_bullets_know_their_depth() -> None:
    """The values of a list are told apart from the bullets nested in them."""
    table = table_of(*HEADER, "|P|String|one of", "", " -   A", "    -   new", "-   B |")
    assert [each.level for each in table.rows[0].cells[2].bullets] == [0, 1, 0]


def test_code_in_a_cell_hides_its_pipes() -> None:
    """A fence may share its last line with the pipe that closes the row."""
    table = table_of(*HEADER, "|P|Json|like", "", "```json", "|a|b|", "``` |", "|Q|Long|x|")
    assert table.rows[0].cells[2].code == (CodeBlock("|a|b|", span(5, 7), "json"),)
    assert table.rows[0].span == span(3, 7)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (r"a\|b", "a|b"),
        ("`x_1 | y_2`", "x_1 | y_2"),
        (r"`a\|b`", "a|b"),
        ("**on | off**", "on | off"),
        ("x_1 | y_2", "x_1 | y_2"),
        ("**on** (default) **| off**", "on (default) | off"),
    ],
)
def test_a_pipe_that_is_text_parts_no_cells(source: str, text: str) -> None:
    """A pipe is text if escaped or in code, or if the row adds up only without it."""
    table = table_of(*HEADER, f"|A|{source}|last|")
    assert texts(table.rows[0]) == ["A", text, "last"]


def test_blanks_around_pipes_are_fine_where_the_row_adds_up() -> None:
    """Tables that people align by hand read like any other."""
    table = table_of("| Name | Type |", "|------|:----:|", "| Id   | Long |", "| X    |      |")
    assert [texts(each) for each in table.rows] == [["Id", "Long"], ["X", ""]]


def test_each_cell_may_have_a_line_to_itself() -> None:
    """The line below a header says how many cells it has, if each has its own line."""
    table = table_of(
        "|Name", "", "|Text |", "|----|--|", "|a", "", "|b", "", " c |", "|d", "", "|e |"
    )
    assert table.header.span == span(1, 3)
    assert [texts(each) for each in table.rows] == [["a", "b"], ["d", "e"]]
    assert table.rows[0].cells[1].notes == (Paragraph("c", span(9)),)


def test_blanks_before_a_name_tell_its_depth() -> None:
    """One blank is padding; two and more nest the name, as the corner before it does."""
    names = ("|A|x|", "| └B|x|", "|  └C|x|", "|    └D|x|", "|&nbsp;&nbsp;&nbsp;E|x|", "|   |x|")
    table = table_of("|Name|Type|", "|--|--|", *names)
    found = [(each.cells[0].text, each.cells[0].indent) for each in table.rows]
    assert found == [("A", 0), ("└B", 0), ("└C", 2), ("└D", 4), ("E", 3), ("", 0)]


def test_a_single_dash_is_no_bullet() -> None:
    """Example values begin with a dash, too."""
    table = table_of(*HEADER, "|A|-1|a - b|", "|B| - |- c|")
    assert [each.bullets for row in table.rows for each in row.cells] == [()] * 6
    assert texts(table.rows[1]) == ["B", "-", "- c"]


def test_tables_that_follow_each_other_stay_apart() -> None:
    """A blank line and a header with a delimiter begin a table of their own."""
    page = page_of(*HEADER, "|a|b|c|", "", "|X|Y|", "|--|--|", "|1|2|")
    assert [each.span for each in tables_of(page)] == [span(1, 3), span(5, 7)]


def test_a_blank_line_alone_does_not_end_a_table() -> None:
    """What follows it without a header of its own are more rows."""
    assert len(table_of(*HEADER, "|a|b|c|", "", "|d|e|f|").rows) == 2


def test_a_row_of_blanks_may_be_short() -> None:
    """A row of nothing but blanks lacks no cell."""
    assert texts(table_of(*HEADER, "|&nbsp;|").rows[0]) == ["", "", ""]


def test_cells_of_blanks_after_the_last_are_cut_off() -> None:
    """Cells of blanks beyond the header's are cut off, on the row's line or below it."""
    table = table_of(*HEADER, "|a|b|c| |", "|d|e|f", "", "| |", "|g|h|i|")
    assert [texts(each) for each in table.rows] == [
        ["a", "b", "c"],
        ["d", "e", "f"],
        ["g", "h", "i"],
    ]


def test_a_table_may_leave_out_its_closing_pipes() -> None:
    """If the header has none, the rows need none."""
    assert texts(table_of("|Name|Type", "|--|--", "|a|b").rows[0]) == ["a", "b"]


def test_a_short_row_is_filled_up_and_reported() -> None:
    """A row that lacks cells is a problem, and the rows around it are read."""
    page = page_of(*HEADER, "|a|b|", "|c|d|e|")
    assert [texts(each) for each in tables_of(page)[0].rows] == [["a", "b", ""], ["c", "d", "e"]]
    assert [(each.kind, each.span) for each in page.problems] == [
        (ProblemKind.ROW_DOES_NOT_ADD_UP, span(3))
    ]
    assert page.problems[0].message == "the header has 3 cells, this row 2"


def test_a_row_with_too_many_cells_keeps_them_in_its_last_one() -> None:
    """A row with too many cells is a problem, and loses no text."""
    page = page_of(*HEADER, "|a|b|c|d|")
    assert texts(tables_of(page)[0].rows[0]) == ["a", "b", "c|d"]
    assert [each.kind for each in page.problems] == [ProblemKind.ROW_DOES_NOT_ADD_UP]


@pytest.mark.parametrize(
    ("lines", "place"),
    [
        (("|a|b|c", "", "# Next"), span(3)),
        (("|a|b|", "", "text", "", "# Next"), span(3)),
        (("|a|b|", "", "text", "", "|X|Y|", "|--|--|", "|1|2|"), span(3)),
        (("|a|b|c", "", "more", "|d|e|f|"), span(3, 5)),
        (("|a|b", "|d|e|f|"), span(3)),
        (("|a|b|c|d", "", "# Next"), span(3)),
    ],
)
def test_a_row_that_nothing_closes_does_not_swallow_the_page(
    lines: tuple[str, ...], place: Span
) -> None:
    """A row without an end stops before a heading, a table or a row, and is a problem."""
    assert problems_of(*HEADER, *lines) == [(ProblemKind.ROW_DOES_NOT_ADD_UP, place)]


def test_a_delimiter_must_fit_its_header() -> None:
    """The header decides how many cells the rows have."""
    found = problems_of("|a|b|c|", "|--|--|", "|1|2|3|")
    assert found == [(ProblemKind.ROW_DOES_NOT_ADD_UP, span(2))]


def test_text_right_below_a_row_is_reported() -> None:
    """Text below a row that is in none of its cells is a problem."""
    assert problems_of(*HEADER, "|a|b|c|", "d") == [(ProblemKind.TEXT_BELOW_ROW, span(4))]


def test_a_cell_printed_once_for_several_rows_is_in_each() -> None:
    """A row of an older page takes the cells that it lacks from the row above."""
    text = "|Name|Type|Required|Text|\n|a|Long|Yes|first|\n|b|No|second|\n|c|third|\n"
    page = read(text, "page.md")
    table = next(each for each in page.blocks if isinstance(each, Table))
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["a", "Long", "Yes", "first"],
        ["b", "Long", "No", "second"],
        ["c", "Long", "No", "third"],
    ]
    assert [[cell.merged for cell in row.cells].count(True) for row in table.rows] == [0, 1, 2]
    assert page.problems == ()


def test_a_short_row_below_a_delimiter_lacks_its_cells() -> None:
    """Newer pages print every cell, so a short row is a problem."""
    text = "|Name|Type|Text|\n|--|--|--|\n|a|Long|first|\n|b|second|\n"
    problems = read(text, "page.md").problems
    assert [each.span.first for each in problems] == [4]
