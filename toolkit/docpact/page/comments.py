"""Part a page from the comments in which its keepers talk to docpact."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from docpact.core.comment import MARK, Comment, comments_in
from docpact.page.fence import Fence, fences_of

# In code, be it a block or between backticks, it is what the page shows.
_COMMENT = re.compile(r"(?<!`)<!--\s*(docpact:.*?)-->")
_OPEN = re.compile(r"(?<!`)<!--\s*docpact:")
_END: Final = "-->"


@dataclass(frozen=True, slots=True)
class Uncommented:
    """The lines of a page as if it had no comments to docpact."""

    lines: tuple[str, ...]  # without those that hold nothing else
    numbers: Sequence[int]  # of these lines on the page
    comments: tuple[Comment, ...]
    quotable: tuple[str, ...]  # all lines; those that held nothing else are empty


def uncommented(lines: tuple[str, ...]) -> Uncommented:
    """The lines without the comments, and what these ask for."""
    if not any(MARK in line for line in lines):
        return Uncommented(lines, range(1, len(lines) + 1), (), lines)
    fences = {each.first: each for each in fences_of(lines)}
    fenced = {n for each in fences.values() for n in range(each.first, each.last + 1)}
    found = {
        n: _COMMENT.findall(line, 0, _last_end(line))
        for n, line in enumerate(lines)
        if n not in fenced and MARK in line
    }
    bare = tuple(_without(line) if found.get(n) else line for n, line in enumerate(lines))
    gone = {n for n, said in found.items() if said and not bare[n].strip()}
    return Uncommented(
        tuple(line for n, line in enumerate(bare) if n not in gone),
        tuple(n + 1 for n in range(len(lines)) if n not in gone),
        tuple(_comments(lines, bare, found, fences)),
        bare,
    )


def _without(line: str) -> str:
    """The line without its comments, and the blanks before one at its end."""
    bare = _cut(line)
    return bare.rstrip() if line.rstrip().endswith("-->") else bare


def _cut(line: str) -> str:
    end = _last_end(line)
    return _COMMENT.sub("", line[:end]) + line[end:]


def _last_end(line: str) -> int:
    """Where the last comment ends: behind it nothing need be tried, however many begin there."""
    return line.rfind(_END) + len(_END) if _END in line else 0


def _comments(
    lines: Sequence[str],
    bare: Sequence[str],
    found: Mapping[int, Sequence[str]],
    fences: Mapping[int, Fence],
) -> Iterator[Comment]:
    filled = [n for n, line in enumerate(bare) if line.strip()]
    for number, said in found.items():
        about = range(number + 1, number + 2) if bare[number].strip() else None
        for text in said:
            for comment in comments_in(text, number + 1, may_be_whole=True):
                lines_meant = about or _next_block(filled, number, fences)
                yield comment if comment.lines else replace(comment, lines=lines_meant)
        if _OPEN.search(_cut(lines[number])):
            yield Comment(number + 1, mistake="it does not end on its line; write --> there")


def _next_block(filled: Sequence[int], number: int, fences: Mapping[int, Fence]) -> range:
    """The next line that says something; of code, which can hold no comment, all lines."""
    place = bisect_right(filled, number)
    if place == len(filled):
        return range(0)
    below = filled[place]
    fence = fences.get(below)
    return range(below + 1, (fence.last if fence else below) + 2)
