"""What holds for every text, however broken."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docpact.core.span import Span
from docpact.page import Bullet, BulletList, Cell, CodeBlock, Page, Paragraph, Row, Table, read
from docpact.page.lines import split_lines

LINES = (
    "# Title {#a .b}",
    "",
    "",
    "text",
    "-   bullet",
    "    -   nested",
    "1.  step",
    "```",
    "    ``` {#demo}",
    "~~~",
    "``` |",
    "|Name|Type|Text|",
    "|--|--|--|",
    "|a|b|c |",
    "|a|b|c",
    "|a|String|states:",
    " -   ON: on",
    "-   OFF: off |",
    " |",
    "|",
    "|short|",
    r"|a\|b|`c | d`|**e | f**|",
    "|  └deep|x|y: -   A -   B",
    "|&nbsp;|",
    " note |",
    "|tall",
)
SPECIALS = "|`~#-*+_[]()<>!\\&; \t\n\r\u2028ax1.{}:└"

texts = st.one_of(
    st.lists(st.sampled_from(LINES), max_size=30).map("\n".join),
    st.text(alphabet=SPECIALS, max_size=200),
    st.text(max_size=200),
)


def spans_of(cell: Cell) -> list[Span]:
    """The spans of what a cell holds."""
    parts: tuple[Bullet | Paragraph | CodeBlock, ...] = (*cell.bullets, *cell.notes, *cell.code)
    return [each.span for each in parts]


def outlines_of(page: Page) -> list[tuple[Span, list[Span]]]:
    """Each span that holds others, with those."""
    found = [(each.span, [part.span for part in each.bullets]) for each in lists_of(page)]
    for table in tables_of(page):
        rows = (table.header, *table.rows)
        found.append((table.span, [each.span for each in rows]))
        found.extend((row.span, [each.span for each in own_cells(row)]) for row in rows)
        found.extend((cell.span, spans_of(cell)) for row in rows for cell in row.cells)
    return found


def own_cells(row: Row) -> list[Cell]:
    """The cells that are printed in a row itself."""
    return [each for each in row.cells if not each.merged]


def lists_of(page: Page) -> list[BulletList]:
    """The bullet lists of a page."""
    return [each for each in page.blocks if isinstance(each, BulletList)]


def tables_of(page: Page) -> list[Table]:
    """The tables of a page."""
    return [each for each in page.blocks if isinstance(each, Table)]


@given(text=texts)
def test_no_line_is_dropped(text: str) -> None:
    """Every line that says something is part of a block or of a problem."""
    page = read(text, "page.md")
    spans = [each.span for each in (*page.blocks, *page.problems)]
    covered = {line for each in spans for line in range(each.first, each.last + 1)}
    filled = {number for number, line in enumerate(page.lines, 1) if line.strip()}
    assert filled <= covered


@given(text=texts)
def test_blocks_are_in_order_and_do_not_overlap(text: str) -> None:
    """Reading order is page order, and a line belongs to one block."""
    page = read(text, "page.md")
    ends = [0, *(each.span.last for each in page.blocks)]
    starts = [*(each.span.first for each in page.blocks), len(page.lines) + 1]
    assert all(end < start for end, start in zip(ends, starts, strict=True))
    assert all(each.span.first <= each.span.last for each in page.blocks)


@given(text=texts)
def test_parts_are_within_the_whole(text: str) -> None:
    """A bullet's lines are lines of its cell, those of its row, and those of its table."""
    for whole, parts in outlines_of(read(text, "page.md")):
        assert all(whole.first <= each.first <= each.last <= whole.last for each in parts)


@given(text=texts)
def test_every_row_fits_its_header(text: str) -> None:
    """A table is a grid, even on a broken page."""
    for table in tables_of(read(text, "page.md")):
        assert {len(each.cells) for each in table.rows} <= {len(table.header.cells)}


@given(text=texts)
def test_no_cell_swallows_a_letter(text: str) -> None:
    """What has no markup around it comes back in some block's text, as often as it was written."""
    page = read("".join(each for each in text if each not in "[]()&<`~{"), "page.md")
    said = "".join(texts_of(page))
    assert sum(line.count("x") for line in page.lines) == said.count("x")


def texts_of(page: Page) -> list[str]:
    """All texts of a page."""
    found: list[str] = []
    for block in page.blocks:
        if isinstance(block, Table):
            rows = (block.header, *block.rows)
            found.extend(cell.prose for row in rows for cell in own_cells(row))
        elif isinstance(block, BulletList):
            found.extend(each.text for each in block.bullets)
        else:
            found.append(block.text)
    return found


@given(text=st.text())
def test_lines_are_what_editors_count(text: str) -> None:
    """Joined again, the lines are the text with one kind of line end."""
    unified = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    assert "\n".join(split_lines(text)) == unified.removesuffix("\n")


@given(
    names=st.lists(st.from_regex(r"[A-Z][a-z]{1,8}", fullmatch=True), min_size=1, max_size=8),
    states=st.lists(st.from_regex(r"[A-Z]{2,6}", fullmatch=True), max_size=4),
)
def test_a_table_that_is_written_is_read_back(names: list[str], states: list[str]) -> None:
    """Rows with lists, closed as the vendor closes them, have the lines that were written."""
    lines = ["|Name|Type|Text|", "|--|--|--|"]
    expected = []
    for name in names:
        first = len(lines) + 1
        lines += [f"|{name}|String|one of", "", *(f"-   {each}" for each in states), "", " |"]
        expected.append((name, first, len(lines)))
    page = read("\n".join(lines), "page.md")
    (table,) = tables_of(page)
    assert expected == [(row.cells[0].text, row.span.first, row.span.last) for row in table.rows]
    assert [states] * len(names) == [[b.text for b in row.cells[2].bullets] for row in table.rows]
    assert page.problems == ()


HEADER = "|a|b|c|\n|--|--|--|\n"


@pytest.mark.parametrize(
    "text",
    [
        "|" * 1_000_000,
        "`" * 1_000_000,
        "[" * 1_000_000,
        "](" * 500_000,
        "*a" * 500_000,
        HEADER + "|a|" + "` `` " * 200_000 + "|",
        HEADER + "|" * 1_000_000,
        HEADER + "|a|b" + "**x | y**" * 100_000 + "|",
        "|a\n" * 60_000 + "|--" * 60_000 + "|",
        "|h" * 99 + "|\n" + "|--" * 99 + "|\n" + "|a\n\n" * 98 + "x|y\n" * 100_000,
        HEADER + ("|a|b|\n" + "\n" * 500) * 500,
        "# " + "{" * 1_000_000 + "}",
        " " * 1_000_000 + "x",
    ],
    ids=lambda text: repr(text[:12]),
)
def test_a_hostile_page_takes_no_longer_than_a_large_one(text: str) -> None:
    """Time grows with the page's size, not with its square; squares here would take hours."""
    assert read(text, "page.md").name == "page.md"
