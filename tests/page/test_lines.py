"""Comments to docpact are no text of the page: nothing that it says changes by them."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docpact.contract.interpret import interpret
from docpact.contract.rulings import NO_RULINGS
from docpact.page import CodeBlock, Table, read

PAGES = Path(__file__).parents[2] / "samples" / "pages"
SEED = (PAGES / "GetInstance.md").read_text("utf-8")
LINES = SEED.split("\n")
COMMENT = "<!-- docpact: ignore times-backwards -- known -->"
TEXT = [number for number, line in enumerate(LINES) if line.strip()]
CODE = {
    number
    for block in read(SEED, "GetInstance.md").blocks
    if isinstance(block, CodeBlock)
    for number in range(block.span.first - 1, block.span.last)
}


def commented(text: str):
    """The comments of a page, each with its line and the lines that it is about."""
    return [(each.line, each.lines) for each in read(text, "a.md").comments]


@given(number=st.sampled_from(sorted(set(TEXT) - CODE)))
def test_a_comment_at_a_lines_end_changes_nothing(number):
    """A comment to docpact at the end of a line changes no word and no line of what is read."""
    lines = [*LINES[:number], f"{LINES[number]} {COMMENT}", *LINES[number + 1 :]]
    with_it, without = read("\n".join(lines), "a.md"), read(SEED, "a.md")
    assert [number + 1] == [each.line for each in with_it.comments]
    assert without.blocks == with_it.blocks
    assert without.problems == with_it.problems


@given(number=st.sampled_from(sorted(set(range(len(LINES))) - CODE)))
def test_a_comment_on_its_own_line_only_moves_what_follows(number):
    """A line with nothing but a comment is left out, also within a row or a paragraph."""
    lines = [*LINES[:number], COMMENT, *LINES[number:]]
    with_it, without = read("\n".join(lines), "a.md"), read(SEED, "a.md")

    def moved(part):
        """How it is shown, with the lines below the comment counted on."""
        return re.sub(
            r"(first|last)=(\d+)",
            lambda at: f"{at[1]}={int(at[2]) + (int(at[2]) > number)}",
            repr(part),
        )

    assert [moved(each) for each in without.blocks] == [repr(each) for each in with_it.blocks]
    assert [moved(each) for each in without.problems] == [repr(each) for each in with_it.problems]


def test_the_compiled_contract_stays_as_it_is():
    """Comments beside everything change nothing in the contract."""
    beside = set(TEXT) - CODE
    lines = [f"{line} {COMMENT}" if n in beside else line for n, line in enumerate(LINES)]
    plain = interpret(read(SEED, "GetInstance.md"), NO_RULINGS)
    assert plain == interpret(read("\n".join(lines), "GetInstance.md"), NO_RULINGS)


def test_a_line_that_is_quoted_has_no_comment():
    """A quote of the page leaves out the comments to docpact."""
    page = read(f"{COMMENT}\nwords {COMMENT}\n", "a.md")
    assert ("", "words") == page.lines


@pytest.mark.parametrize(
    ("text", "about"),
    [
        (f"words {COMMENT}\n", [(1, range(1, 2))]),
        (f"| a {COMMENT} | b |\n|--|--|\n", [(1, range(1, 2))]),
        (f"{COMMENT}\nwords\n", [(1, range(2, 3))]),
        (f"  {COMMENT}\n\nwords\n", [(1, range(3, 4))]),
        (f"{COMMENT}\n{COMMENT}\nwords\n", [(1, range(3, 4)), (2, range(3, 4))]),
        (f"{COMMENT}\n```\na\nb\n```\nwords\n", [(1, range(2, 6))]),
        (f"words\n{COMMENT}\n", [(2, range(0))]),
    ],
    ids=["behind", "cell", "above", "blank", "two", "code", "end"],
)
def test_a_comment_is_about_its_line_or_the_next(text, about):
    """A comment is about its line or the next with text, and about all lines of a block of code."""
    assert about == commented(text)


def test_code_is_what_the_page_shows():
    """A comment in a block of code or between backticks is code."""
    assert [] == commented(f"```\n{COMMENT}\n```\n`{COMMENT}`\n")


def test_a_comment_that_does_not_end_is_reported():
    """A comment without an end is a mistake, and its words are words of the page."""
    (comment,) = read("<!-- docpact: ignore wrong-type\n-->\n", "a.md").comments
    assert (1, "it does not end on its line; write --> there") == (comment.line, comment.mistake)


def test_other_comments_are_left_alone():
    """A comment that is not for docpact is left in the text."""
    text = "<!-- a note -->\n\nwords\n"
    assert read(text, "a.md") == replace(read(text, "a.md"), comments=())


def test_a_row_that_goes_on_below_a_comment_is_whole():
    """A row around a comment has the lines that it has on the page."""
    page = read(f"|a|b|\n|--|--|\n|x|one\n{COMMENT}\ntwo|\n|y|z|\n", "a.md")
    (table,) = (each for each in page.blocks if isinstance(each, Table))
    assert [(3, 5), (6, 6)] == [(each.span.first, each.span.last) for each in table.rows]
    assert not page.problems


@pytest.mark.parametrize(
    "text", ["<!--docpact:" * 100_000, f"{COMMENT}\n" * 60_000], ids=["on a line", "on lines"]
)
def test_comments_without_end_are_read_in_one_go(text):
    """A page with many unclosed comments is read in time that grows with its size."""
    read(text, "a.md")
