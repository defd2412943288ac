"""What people write beside the calls of a capture is read as that, and bodies never are."""

import json

import pytest

from docpact.capture import CapturedFile, ReadOptions, entries_in
from docpact.core.text import Comment

ABOVE = "# docpact: ignore wrong-type -- known\n"


def beside(text: str | bytes, name: str = "a.yaml"):
    """What stands beside each entry of a file: lines and rules."""
    data = text.encode() if isinstance(text, str) else text
    return [
        [(each.line, *each.rules) for each in entry.source.comments]
        for entry in entries_in(CapturedFile(name, data), ReadOptions())
    ]


def call(body: str = "string: '{}'", tail: str = "") -> str:
    """A recorded call in YAML."""
    return (
        "- request:\n    method: GET\n    uri: /a\n"
        f"  response:\n    status: {{code: 200}}\n    body:\n      {body}\n{tail}"
    )


def test_a_comment_above_a_call_is_about_it():
    """A comment above a call is about it, above the first one as well as between others."""
    text = "interactions:\n" + ABOVE + call() + ABOVE + call() + call()
    assert [[(2, "wrong-type")], [(10, "wrong-type")], []] == beside(text)


def test_a_comment_within_a_call_is_about_it():
    """A comment within a call is about it: on its own indented line, or behind a value."""
    text = (
        "interactions:\n"
        + call(tail="  # docpact: ignore wrong-unit\n")
        + call("string: '{}' # docpact: ignore wrong-type")
        + call("# docpact: ignore wrong-echo\n      string: '{}'")
    )
    assert [[(9, "wrong-unit")], [(16, "wrong-type")], [(23, "wrong-echo")]] == beside(text)


@pytest.mark.parametrize(
    "body",
    [
        "string: 'a # docpact: ignore wrong-type'",
        'string: "a\n        # docpact: ignore wrong-type"',
        "string: |\n        {}\n        # docpact: ignore wrong-type",
        "string: >-\n        # docpact: ignore wrong-type\n        {}",
        "string: 'é\n\n        # docpact: ignore wrong-type\n\n        '",
        "string: http://a#docpact",
    ],
)
def test_what_a_body_says_is_no_comment(body):
    """The same words in a body are not a comment."""
    assert [[], []] == beside("interactions:\n" + call(body) + call())


def test_a_comment_behind_a_text_block_is_one():
    """A comment indented less than the text block before it is not a part of it."""
    block = "string: |\n        {}\n    # docpact: ignore wrong-type"
    text = "interactions:\n" + call(block) + ABOVE + call()
    assert [[(10, "wrong-type")], [(11, "wrong-type")]] == beside(text)


def test_what_follows_the_last_call_is_about_it():
    """A comment behind the last call is about that call."""
    assert [[(9, "wrong-type")]] == beside("interactions:\n" + call() + ABOVE + "version: 1\n")


def test_calls_further_in_are_read_alike():
    """Indented calls, as Ruby or an editor writes them, have comments too."""
    text = "---\nhttp_interactions:\n" + "".join(
        f"  {line}\n" for line in (ABOVE + call() + ABOVE + call()).splitlines()
    )
    assert [[(3, "wrong-type")], [(11, "wrong-type")]] == beside(text)


def test_a_broken_call_has_no_comments_of_its_own():
    """A broken call has no comments of its own; the others have theirs."""
    broken = call("string: 'a # docpact: ignore wrong-type\n   : [")
    text = "interactions:\n" + broken + call(tail="  # docpact: ignore wrong-unit\n")
    assert [[], [(17, "wrong-unit")]] == beside(text)


def entry(**more: object) -> dict[str, object]:
    """An entry of an HTTP Archive."""
    request = {"method": "GET", "url": "http://a/b", "headers": []}
    response = {"status": 200, "headers": [], "content": {"text": "{}"}}
    return {"request": request, "response": response, **more}


def archive(*entries: object) -> bytes:
    """An HTTP Archive."""
    return json.dumps({"log": {"version": "1.2", "entries": entries}}, indent=1).encode()


def test_an_entry_of_an_archive_has_its_own_comment():
    """The comment of an archive's entry is in the standard's member, at its line."""
    data = archive(entry(), entry(comment="seen; docpact: ignore wrong-type -- known"))
    place = 1 + data[: data.index(b"seen;")].count(b"\n")
    assert [[], [(place, "wrong-type")]] == beside(data, "a.har")


@pytest.mark.parametrize(
    "more",
    [
        {"comment": ["docpact: ignore wrong-type"]},
        {"comment": "of docpact"},
        {"response": {"status": 200, "content": {"text": '"comment": "docpact: ignore x"'}}},
        {"request": {"method": "GET", "url": "/b", "comment": "docpact: ignore wrong-type"}},
    ],
)
def test_other_members_of_an_archive_are_none(more):
    """A comment of another member is not the entry's, nor is a body that looks like one."""
    assert [[]] == beside(archive(entry(**more)), "a.har")


def test_a_mistake_is_kept_to_be_told():
    """A comment with a mistake is kept with its place, so that it can be reported."""
    text = "interactions:\n# docpact: ignore\n" + call()
    (found,) = entries_in(CapturedFile("a.yaml", text.encode()), ReadOptions())
    (comment,) = found.source.comments
    assert isinstance(comment, Comment)
    assert (2, True) == (comment.line, "it names no rule" in comment.mistake)


@pytest.mark.parametrize(
    "text",
    [
        "interactions:\n" + ABOVE * 60_000 + call(),
        "interactions:\n" + call(tail=f"  {ABOVE}" * 60_000),
        json.dumps({"log": {"entries": [{"comment": ABOVE * 200_000}]}}),
    ],
    ids=["above", "within", "archive"],
)
def test_of_many_comments_the_first_are_read(text):
    """Only the first thousand comments beside a call are read, to save time."""
    (found,) = beside(text, "a.har" if text.startswith("{") else "a.yaml")
    assert 1000 == len(found)
    assert (found[0][1], found[-1][1]) == ("wrong-type", "wrong-type")
