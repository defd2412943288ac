"""A comment beside a finding's place says in a few words what is to be ignored."""

import pytest

from docpact.core.text import Comment, comments_in


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("docpact: ignore wrong-type", ("wrong-type",)),
        ("docpact:ignore wrong-type:Instance.EndTime", ("wrong-type:Instance.EndTime",)),
        ("docpact: ignore wrong-type, wrong-unit", ("wrong-type", "wrong-unit")),
        ("docpact: ignore wrong-type wrong-unit", ("wrong-type", "wrong-unit")),
        ("seen before; docpact: ignore wrong-type", ("wrong-type",)),
    ],
)
def test_rules_are_named_one_after_the_other(text, rules):
    """Rules in a comment are separated by blanks or commas, each with an optional field."""
    assert [Comment(7, rules)] == list(comments_in(text, 7))


@pytest.mark.parametrize("dash", ["--", "—"])
def test_a_reason_may_follow_a_dash(dash):
    """No word of the reason after a dash is taken for a rule."""
    text = f"docpact: ignore wrong-type {dash} the emulator's known bug, wrong-unit"
    assert [Comment(1, ("wrong-type",))] == list(comments_in(text, 1))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("docpact: ignore", "it names no rule"),
        ("docpact: ignore -- known", "it names no rule"),
        ("docpact: ignored wrong-type", "it says 'ignored'"),
        ("docpact: skip", "it says 'skip'"),
        ("docpact:", "it says ''"),
        ("docpact: ignore-file wrong-type", "only a page knows ignore-file"),
    ],
)
def test_what_asks_for_nothing_is_a_mistake(text, why):
    """A comment that names no rule is a mistake and is reported."""
    (comment,) = comments_in(text, 1)
    assert not comment.rules
    assert comment.mistake.startswith(why)


def test_a_whole_page_can_be_meant():
    """ignore-file covers the whole page, where a file can be ignored as a whole."""
    (comment,) = comments_in("docpact: ignore-file wrong-type", 9, may_be_whole=True)
    assert comment.lines is not None
    assert {1, 5000} < set(comment.lines[:6000])


def test_each_line_of_a_text_has_its_own():
    """Each line of a text has its own comment, with its place."""
    found = comments_in("docpact: ignore wrong-type\nwords\ndocpact: ignore wrong-unit", 3)
    assert [Comment(3, ("wrong-type",)), Comment(5, ("wrong-unit",))] == list(found)
