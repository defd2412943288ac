"""Pages that mark up in HTML, or lay out headings and tables as other editions do."""

import pytest

from docpact.core.span import Span
from docpact.page import Heading, Page, ProblemKind, Row, Table, read


def page_of(*lines: str) -> Page:
    """The page that has these lines."""
    return read("\n".join(lines) + "\n", "page.md")


def table_of(*lines: str) -> Table:
    """The only table of a page that has no problems."""
    page = page_of(*lines)
    assert () == page.problems
    (table,) = (each for each in page.blocks if isinstance(each, Table))
    return table


def texts(row: Row) -> list[str]:
    """The texts of a row's cells."""
    return [each.text for each in row.cells]


def headings(page: Page) -> list[tuple[int, str, int]]:
    """The headings of a page: level, title, line."""
    found = (each for each in page.blocks if isinstance(each, Heading))
    return [(each.level, each.text, each.span.first) for each in found]


def test_a_table_in_html() -> None:
    """The first row of an HTML table is its header, and each row has its own lines."""
    table = table_of(
        "<table>",
        "<tr><th>Name</th><th>Type</th></tr>",
        "<tr>",
        "<td>Id</td>",
        "<td>Long</td>",
        "</tr>",
        "</table>",
        "",
        "text",
    )
    assert ["Name", "Type"] == texts(table.header)
    assert [["Id", "Long"]] == [texts(each) for each in table.rows]
    assert (Span("page.md", 1, 7), Span("page.md", 4, 5)) == (table.span, table.rows[0].span)


def test_a_table_in_html_on_one_line() -> None:
    """End tags may be left out, as HTML allows."""
    table = table_of("<TABLE border=1><TR><TH>A<TH>B<TR><TD>1<TD>2</TABLE>")
    assert ["A", "B"] == texts(table.header)
    assert [["1", "2"]] == [texts(each) for each in table.rows]


def test_a_cell_that_spans_rows_or_columns_is_in_each() -> None:
    """Every row has the cells that it shares with others."""
    table = table_of(
        "<table>",
        "<tr><th>A</th><th>B</th><th>C</th></tr>",
        '<tr><td rowspan="2">x</td><td>1</td><td>2</td></tr>',
        "<tr><td colspan='2'>3</td></tr>",
        "<tr><td>y</td><td>4</td><td rowspan=9>5</td></tr>",
        "</table>",
    )
    rows = [["x", "1", "2"], ["x", "3", "3"], ["y", "4", "5"]]
    assert rows == [texts(each) for each in table.rows]


@pytest.mark.parametrize(
    ("lines", "span"),
    [
        (("<table>", "<tr><th>A</th></tr>", "<tr><td>1</td><td>2</td></tr>", "</table>"), (3, 3)),
        (("<table>", "<tr><th>A</th><th>B</th></tr>", "<tr><td>1</td></tr>", "</table>"), (3, 3)),
        (("<table>", "<tr><th>A</th></tr>", "# Title"), (1, 2)),
        (("<table>", "</table>"), (1, 2)),
    ],
    ids=["too many cells", "too few cells", "no end", "no rows"],
)
def test_what_is_wrong_in_such_a_table_is_reported(
    lines: tuple[str, ...], span: tuple[int, int]
) -> None:
    """Mistakes in an HTML table are problems with their lines, and the rest of the page is read."""
    (problem,) = page_of(*lines, "", "# After").problems
    assert ProblemKind.ROW_DOES_NOT_ADD_UP is problem.kind
    assert span == (problem.span.first, problem.span.last)
    assert "After" in {title for _, title, _ in headings(page_of(*lines, "", "# After"))}


SMALL = "<table><tr><th>A</th></tr><tr><td>1</td></tr></table>"


@pytest.mark.parametrize(
    ("lines", "span"),
    [
        (("<table>", "<caption>Of use</caption>", "<tr><th>A</th></tr>", "</table>"), (2, 2)),
        (("<table>", "<tr><th>A</th></tr>", "stray", "words", "<tr>", "</table>"), (3, 4)),
        (("<table>", "<tr><th>A</th></tr>", "", "stray</table>"), (4, 4)),
        (("<table>", "<tr><th>A</th></tr>", "</table> and a sentence"), (3, 3)),
        ((f"{SMALL}{SMALL}",), (1, 1)),
        ((SMALL, f"{SMALL}<p>words</p>"), (2, 2)),
    ],
    ids=["caption", "between rows", "at the end", "behind", "another table", "second line"],
)
def test_text_in_no_cell_is_reported(lines: tuple[str, ...], span: tuple[int, int]) -> None:
    """Text in an HTML table that is in none of its cells is a problem."""
    (problem,) = page_of(*lines, "", "# After").problems
    assert ProblemKind.TEXT_BELOW_ROW is problem.kind
    assert span == (problem.span.first, problem.span.last)


def test_a_table_ends_where_it_is_closed() -> None:
    """Another table on the line of an end tag does not run into the first."""
    (table,) = (each for each in page_of(SMALL + SMALL).blocks if isinstance(each, Table))
    assert (["A"], [["1"]]) == (texts(table.header), [texts(each) for each in table.rows])


def test_markup_around_cells_says_nothing() -> None:
    """Groups of rows and columns, comments and entities of blanks may be anywhere in a table."""
    table_of(
        "<table",
        ' border="1">',
        "<colgroup>",
        "<col",
        " span=2></colgroup>&nbsp;<!-- note -->",
        "<thead><tr><th>A</th></tr></thead><tbody>",
        "<tr><td>1</td></tr></tbody></table></div><br/>",
    )


def test_spans_without_end_are_bounded() -> None:
    """Cells that would span billions of others are one cell each."""
    wide = "<td colspan=999 rowspan=999>a</td>" * 2000
    page = page_of("<table>", f"<tr>{wide}</tr>", *["<tr><td>b</td></tr>"] * 2000, "</table>")
    (table,) = (each for each in page.blocks if isinstance(each, Table))
    assert {100} == {len(each.cells) for each in table.rows}
    assert "span too many" in " ".join(each.message for each in page.problems)


def test_code_that_shows_a_table_is_not_a_table() -> None:
    """Code that shows a table or a heading in HTML is code."""
    page = page_of(
        "```", "<table><tr><td>1</td></tr></table>", "<h2>Title</h2>", "a | b", "--|--", "```"
    )
    assert 1 == len(page.blocks)
    assert () == page.problems


def test_a_cell_breaks_into_paragraphs_and_bullets() -> None:
    """HTML breaks a cell on one line into paragraphs and bullets, except within code."""
    cell = (
        table_of(
            "|Name|Description|",
            "|--|--|",
            "|State|One of:<ul><li>ON: lit.</li><li>OFF: `<br>`.</li></ul><p>Or</p><p>none.</p>|",
        )
        .rows[0]
        .cells[1]
    )
    assert "One of:" == cell.text
    assert ["ON: lit.", "OFF: <br>."] == [each.text for each in cell.bullets]
    assert ["Or", "none."] == [each.text for each in cell.notes]


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("a <b>bold</b> word", "a bold word"),
        ('<a href="#x">Id</a>', "Id"),
        ("10<sup>6</sup>", "10^6"),
        ("List<Lamp> of <id> and <i>", "List<Lamp> of <id> and <i>"),
        ("if a<b or b>c", "if a<b or b>c"),
        ("`<b>x</b>`", "<b>x</b>"),
    ],
)
def test_markup_in_html_is_undone_and_placeholders_stay(text: str, plain: str) -> None:
    """What comes in pairs is markup; a word in angle brackets is what the page says."""
    assert plain == table_of("|A|", "|--|", f"|{text}|").rows[0].cells[0].text


def test_headings_of_other_editions() -> None:
    """Underlined headings and those in HTML have levels too."""
    page = page_of(
        "Title", "=====", "", "Part", "----", "text", "", '<h3 id="a">Small <b>one</b></h3>'
    )
    assert [(1, "Title", 1), (2, "Part", 4), (3, "Small one", 8)] == headings(page)


@pytest.mark.parametrize(
    "lines",
    [
        ("text", "goes on", "---"),
        ("|a|b|", "---"),
        ("-   bullet", "---"),
        ("", "---"),
        ("> said", "---"),
        ("```", "code", "---", "```"),
    ],
    ids=["a paragraph", "a row", "a bullet", "nothing", "a quotation", "code"],
)
def test_a_rule_below_anything_else_makes_no_heading(lines: tuple[str, ...]) -> None:
    """A line of dashes makes a heading only of a line that is alone."""
    assert [] == headings(page_of(*lines))


def test_a_table_without_outer_pipes() -> None:
    """Each line of a table without outer pipes is a row; it ends at a line without pipes."""
    page = page_of("Name | Type", "--- | :-:", "Id | Long", r"a \| b | `x | y`", "", "more | text")
    (table,) = (each for each in page.blocks if isinstance(each, Table))
    assert ["Name", "Type"] == texts(table.header)
    assert [["Id", "Long"], ["a | b", "x | y"]] == [texts(each) for each in table.rows]
    assert ("Name | Type", "Id | Long") == (page.lines[0], page.lines[2])


def test_a_quoted_table() -> None:
    """The signs of a quotation are not cells."""
    assert ["Id"] == texts(table_of("> |Name|", "> |--|", "> |Id|").rows[0])
