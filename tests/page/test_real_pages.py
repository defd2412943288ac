"""The vendor's own pages, where they are at hand."""

from pathlib import Path

import pytest

from docpact.page import Cell, Page, Row, Table, read_file

PAGES = Path(__file__).resolve().parents[3] / "shared" / "pages"
FOLDERS = ("foas", "foas-2019")
pytestmark = pytest.mark.skipif(
    not PAGES.is_dir(), reason="the vendor's pages are not part of the project"
)


def real_pages() -> list[str]:
    """The pages at hand, by folder and name."""
    return sorted(each.relative_to(PAGES).as_posix() for each in PAGES.glob("*/*.md"))


def lines_of(part: Cell | Row | Table) -> tuple[int, int]:
    """The first and the last line of a part."""
    return part.span.first, part.span.last


def tables_of(page: Page) -> list[Table]:
    """The tables of a page."""
    return [each for each in page.blocks if isinstance(each, Table)]


def rows_of(name: str) -> dict[str, Row]:
    """The rows of a page by the text of their first cells."""
    page = read_file(PAGES / "foas" / name)
    return {row.cells[0].text: row for table in tables_of(page) for row in table.rows}


@pytest.mark.parametrize("name", real_pages())
def test_a_real_page_has_no_false_problems(name: str) -> None:
    """No page of the family has anything that the reader cannot make sense of."""
    assert read_file(PAGES / name).problems == ()


@pytest.mark.parametrize("name", real_pages())
def test_every_row_of_a_real_page_fits_its_header(name: str) -> None:
    """A table is a grid, whatever the page looks like."""
    for table in tables_of(read_file(PAGES / name)):
        assert {len(each.cells) for each in table.rows} <= {len(table.header.cells)}


def test_the_seed_page_has_its_two_tables() -> None:
    """The seed page has tables of the request and the response, each row on its lines."""
    first, second = tables_of(read_file(PAGES / "foas" / "GetInstance.md"))
    assert (lines_of(first), lines_of(second)) == ((21, 28), (32, 81))
    assert (len(first.rows), len(second.rows)) == (4, 26)


def test_a_list_in_the_seed_page_keeps_its_lines() -> None:
    """The six states of the seed page are on six lines."""
    row = rows_of("GetInstance.md")["ActualState"]
    assert lines_of(row) == (35, 42)
    bullets = row.cells[3].bullets
    assert [(each.span.first, each.span.last) for each in bullets] == [
        (line, line) for line in range(37, 43)
    ]
    assert [each.text.partition("：")[0] for each in bullets] == [
        "WAITING",
        "RUNNING",
        "PAUSED",
        "TERMINATED",
        "SUCCESS",
        "FAILED",
    ]


def test_a_note_in_the_seed_page_keeps_its_line() -> None:
    """The remark about the region is a paragraph of its cell."""
    row = rows_of("GetInstance.md")["RegionId"]
    assert lines_of(row) == (26, 28)
    (note,) = row.cells[4].notes
    assert (note.span.first, note.span.last) == (28, 28)


def test_an_escaped_pipe_in_the_seed_page_is_one_pipe() -> None:
    """Escaped pipes, masks and underscores lose their backslashes."""
    example = rows_of("GetInstance.md")["EngineJobHandler"].cells[2].text
    assert example == "application_1597654819348_****|405a6d40d7f4f2618ed532359887****"


def test_an_escaped_backslash_in_the_seed_page_stays() -> None:
    """The example of a program holds the two characters of a line break's escape."""
    example = rows_of("GetInstance.md")["Code"].cells[2].text
    assert r"DatastreamExample\nblink" in example


def test_a_surplus_of_blanks_is_cut_off() -> None:
    """One row of a real page ends in one more cell than its header, with nothing in it."""
    row = rows_of("StartJob.md")["sql.exec.fault.tolerance.enabled"]
    assert (lines_of(row), len(row.cells)) == ((146, 152), 3)
    assert row.cells[2].text.startswith("默认值为false")
    assert row.cells[2].notes == ()


def test_code_in_the_seed_page_is_verbatim() -> None:
    """Line N of the code is N lines below the fence."""
    page = read_file(PAGES / "foas" / "GetInstance.md")
    code = next(each for each in page.blocks if (each.span.first, each.span.last) == (149, 176))
    assert getattr(code, "text", "").split("\n") == list(page.lines[149:175])


def test_the_older_edition_of_the_seed_page() -> None:
    """A page of 2019 has no delimiters, inline lists, raw pipes in code, and corners."""
    rows = rows_of("GetInstance.2019.md")
    assert lines_of(rows["└ExpectState"]) == (28, 34)
    cell = rows["└ExpectState"].cells[3]
    assert [each.span.first for each in cell.bullets] == [28, 29, 30, 31, 32]
    assert cell.text == "期望状态："
    assert rows["└Id"].cells[0].indent == 2
    assert rows["└EngineJobHandler"].cells[2].text == "application_xxxx | xxxx"
