"""Read what people wrote beside the calls of a capture: that some findings are known."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

from docpact.capture.json_items import Item
from docpact.core.comment import MARK, Comment, comments_in

MOST_HEEDED: Final = 1000  # comments of an item; nobody writes a hundred
_MARK: Final = MARK.encode()
_IN_YAML = re.compile(r"(?:^|(?<=[ \t]))#[ \t]*docpact:[^\n]*", re.MULTILINE)
_MEMBER = re.compile(rb'"comment"\s*:\s*"(?:[^"\\]|\\.)*?docpact:')


@dataclass(frozen=True, slots=True)
class Beside:
    """The comments within an item of a YAML list, and those above the next one."""

    within: tuple[Comment, ...] = ()
    ahead: tuple[Comment, ...] = ()


def in_archive(call: object, item: Item) -> tuple[Comment, ...]:
    """What an entry of an HTTP Archive says in its own `comment`."""
    if _MARK not in item.text or not isinstance(call, dict):
        return ()
    text = call.get("comment")
    if not isinstance(text, str):
        return ()
    member = _MEMBER.search(item.text)
    line = item.line + item.text.count(b"\n", 0, member.start() if member else 0)
    # A line end within the text is written as \n, so all of it stands on one line.
    suppressed = islice(comments_in(text, line), MOST_HEEDED)
    return tuple(replace(each, line=line) for each in suppressed)


def above(line: bytes, number: int) -> Iterator[Comment]:
    """What a line says that stands before any item."""
    if _MARK in line and line.lstrip(b" ").startswith(b"#"):
        yield from comments_in(line.decode("utf-8", "replace"), number)


def beside(item: bytes, first: int, margin: int) -> Beside:
    """The comments in an item that begins on a line, its dash at a column.

    A body may hold the same words, and is no comment; so what is text is told by YAML's own
    scanner. Of an item that it cannot read nothing is taken for a comment.
    """
    if _MARK not in item:
        return Beside()
    try:
        text = item.decode("utf-8")
    except UnicodeDecodeError:
        return Beside()
    places = [found.span() for found in _IN_YAML.finditer(text)]
    scanned = _outside_of_texts(text, places) if places else None
    if scanned is None:
        return Beside()
    outside, end = scanned
    within: list[Comment] = []
    ahead: list[Comment] = []
    line, counted = first, 0
    for start, stop in outside[:MOST_HEEDED]:
        line += text.count("\n", counted, start)
        counted = start
        column = start - (text.rfind("\n", 0, start) + 1)
        kept = ahead if start >= end and column <= margin else within
        kept += comments_in(text[start:stop], line)
    return Beside(tuple(within), tuple(ahead))


def _outside_of_texts(
    text: str, places: list[tuple[int, int]]
) -> tuple[list[tuple[int, int]], int] | None:
    """The places that lie in no scalar, and where the last token ends."""
    import yaml

    at = end = 0
    outside: list[tuple[int, int]] = []
    try:
        for token in yaml.scan(text, Loader=yaml.CSafeLoader):
            if isinstance(token, yaml.BlockEndToken | yaml.StreamEndToken):
                continue
            start, end = token.start_mark.index, token.end_mark.index
            while at < len(places) and places[at][0] < end:
                if places[at][0] < start:
                    outside.append(places[at])
                at += 1
    except yaml.YAMLError:
        return None
    return [*outside, *places[at:]], end
