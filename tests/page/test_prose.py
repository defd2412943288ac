"""Headings, paragraphs, bullets and code of a page, outside tables."""

import pytest

from docpact.core.span import Span
from docpact.page import (
    Bullet,
    BulletList,
    CodeBlock,
    Heading,
    Page,
    Paragraph,
    Problem,
    ProblemKind,
    read,
)


def page_of(*lines: str) -> Page:
    """The page that has these lines."""
    return read("\n".join(lines) + "\n", "page.md")


def span(first: int, last: int | None = None) -> Span:
    """A span of that page."""
    return Span("page.md", first, first if last is None else last)


def test_a_heading_is_its_title_without_the_anchor() -> None:
    """Anchors are for links; the level is the number of signs."""
    page = page_of("# GetThing {#concept_a1 .concept}", "", "## Request { .section}", "### A ###")
    assert page.blocks == (
        Heading(1, "GetThing", span(1)),
        Heading(2, "Request", span(3)),
        Heading(3, "A", span(4)),
    )
    assert page.title == "GetThing"


@pytest.mark.parametrize("line", ["#checkpoint", "####### seven", "\\# escaped"])
def test_not_every_sign_makes_a_heading(line: str) -> None:
    """A sign needs a blank after it, and there are six levels."""
    assert isinstance(page_of(line).blocks[0], Paragraph)


def test_braces_that_are_not_an_anchor_stay_in_the_title() -> None:
    """A path parameter at the end of a title is not markup."""
    assert page_of("# GET /jobs/{name}").title == "GET /jobs/{name}"


def test_a_paragraph_ends_at_a_blank_line() -> None:
    """Lines that follow each other are one paragraph."""
    page = page_of("one", "two", "", "three")
    assert page.blocks == (Paragraph("one\ntwo", span(1, 2)), Paragraph("three", span(4)))


def test_bullets_keep_their_own_lines_and_depth() -> None:
    """Text below a bullet goes on with it; a bullet further right is nested."""
    page = page_of("-   A", "    more", "    -   B", "1.  C", "*   D")
    bullets = (
        Bullet("A\nmore", span(1, 2)),
        Bullet("B", span(3), level=1),
        Bullet("C", span(4)),
        Bullet("D", span(5)),
    )
    assert page.blocks == (BulletList(bullets, span(1, 5)),)


def test_a_number_within_a_sentence_begins_no_bullet() -> None:
    """A sentence may wrap in front of a number."""
    assert page_of("Born in", "2018. Still here").blocks[0].span == span(1, 2)


@pytest.mark.parametrize("fence", ["```", "~~~", "`````"])
def test_code_is_verbatim_between_its_fences(fence: str) -> None:
    """Markdown within code is not undone, and shorter fences do not end it."""
    page = page_of(f"{fence} {{#demo}}", "a\\_b | **c**", "", "``", "# no heading", fence)
    code = CodeBlock("a\\_b | **c**\n\n``\n# no heading", span(1, 6), "{#demo}")
    assert page.blocks == (code,)


def test_code_in_a_list_is_shifted_to_the_left() -> None:
    """The indentation of the list is not part of the code."""
    page = page_of("-   A", "", "    ```", "    {", "      1", "    }", "    ```")
    assert page.blocks[1] == CodeBlock("{\n  1\n}", span(3, 7))


def test_ticks_on_one_line_are_not_a_fence() -> None:
    """Three ticks around a word are code within a sentence."""
    assert page_of("```word``` here", "", "# A").blocks[0] == Paragraph("word here", span(1))


def test_a_fence_without_an_end_is_a_problem() -> None:
    """The rest of the page is code then, and the page says where it began."""
    page = page_of("text", "", "```", "{", "# not seen")
    assert page.blocks[1] == CodeBlock("{\n# not seen", span(3, 5))
    assert [(each.kind, each.span) for each in page.problems] == [
        (ProblemKind.UNCLOSED_FENCE, span(3, 5))
    ]


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (r"a\_b \*c\* \{d\} \\n \#e \> f", r"a_b *c* {d} \n #e > f"),
        ("**on** and __off__ and *so* _on_", "on and off and so on"),
        ("**状态**为**开**", "状态为开"),
        ("snake_case_name 2*3*4 ****", "snake_case_name 2*3*4 ****"),
        (r"`a\_b **c** &lt;` d", r"a\_b **c** &lt; d"),
        ("``a ` b`` and a ` alone", "a ` b and a ` alone"),
        ("[text](http://x/(y)) [projectName] ![alt](z.png)", "text [projectName] alt"),
        (r"[a\]b](u) [open](", "a]b [open]("),
        ("&lt;a&gt;&nbsp;&#124;&amp;&unknown; &copy", "<a> |&&unknown; &copy"),
        ("a<br>b<BR />c<i>", "a\nb\nc<i>"),
        ("<!-- note -->", "<!-- note -->"),
    ],
)
def test_markup_is_undone(source: str, text: str) -> None:
    """Text is what a reader of the rendered page sees."""
    assert page_of(source).blocks == (Paragraph(text, span(1)),)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_end_of_line_counts_once(end: str) -> None:
    """Line numbers are those of an editor, whatever the system that wrote the page."""
    page = read(end.join(["# A", "", "b\u2028b\x0cb\x85b", "", "c"]) + end, "page.md")
    assert [each.span.first for each in page.blocks] == [1, 3, 5]
    assert len(page.lines) == 5


def test_a_byte_order_mark_is_not_text() -> None:
    """A page that some editor saved with a mark has its title all the same."""
    assert read("\ufeff# A", "page.md").title == "A"


@pytest.mark.parametrize("line", ["|half a row", "half a row|", "|--|--|", "|"])
def test_a_row_where_no_table_is_is_a_problem(line: str) -> None:
    """The text is kept as a paragraph, and the page says that it makes no sense there."""
    page = page_of("text", "", line)
    assert page.problems == (
        Problem(
            ProblemKind.ROW_OUTSIDE_TABLE,
            "this looks like a table's row, but there is no table",
            span(3),
        ),
    )
    assert page.blocks[1].span == span(3)


def test_an_empty_page_holds_nothing() -> None:
    """No text is no problem."""
    assert read("", "page.md") == Page("page.md", (), (), ())
