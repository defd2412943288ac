"""What is written beside a finding's place: `docpact: ignore RULE[:FIELD] … -- reason`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

MARK: Final = "docpact:"  # without it there is no comment to look for

_WISH = re.compile(r"docpact:[ \t]*(?P<verb>[\w-]*)[:, \t]*(?P<rest>[^\r\n]*)")
# A dash of either kind: Markdown of some renderers has no "--" within a comment.
_REASON = re.compile(r"(?:^|\s)(?:--|—)(?:\s|$)")
_IGNORE, _IGNORE_FILE = "ignore", "ignore-file"
_EVERYWHERE: Final = range(1, 2**31)


@dataclass(frozen=True, slots=True)
class Comment:
    """One comment that asks docpact to ignore findings."""

    line: int  # where it stands
    rules: tuple[str, ...] = ()  # RULE or RULE:FIELD, as they are written
    lines: range | None = None  # of the findings it covers; all beside it, if not set
    mistake: str = ""  # why it asks for nothing


def comments_in(text: str, line: int, *, may_be_whole: bool = False) -> Iterator[Comment]:
    """The comments in a text that begins on a line; the caller knows which lines they are about.

    Where a file may be ignored whole, `ignore-file` is about all its lines.
    """
    counted = 0
    for found in _WISH.finditer(text):
        line += text.count("\n", counted, found.start())
        counted = found.start()
        yield _comment(found["verb"], found["rest"], line, may_be_whole=may_be_whole)


def _comment(verb: str, rest: str, line: int, *, may_be_whole: bool) -> Comment:
    rules = tuple(_REASON.split(rest, maxsplit=1)[0].replace(",", " ").split())
    if verb == _IGNORE_FILE and not may_be_whole:
        why = "only a page knows ignore-file; settings, --ignore or a baseline are for captures"
        return Comment(line, mistake=why)
    if verb not in {_IGNORE, _IGNORE_FILE}:
        return Comment(line, mistake=f"it says {verb!r}; write docpact: ignore RULE[:FIELD]")
    if not rules:
        return Comment(line, mistake=f"it names no rule; write docpact: {verb} RULE[:FIELD]")
    return Comment(line, rules, _EVERYWHERE if verb == _IGNORE_FILE else None)
