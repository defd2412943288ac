"""The pipes of a line: which part cells, and which may be mere text."""

import re
from bisect import bisect_right
from collections.abc import Iterable

from docpact.page.inline import ticks_of

MARK = re.compile(r"\\.|`+|\|", re.DOTALL)
STRONG = re.compile(r"\*\*(?=\S)[^*]+(?<=\S)\*\*")
DASHES = re.compile(r"\s*:?-+:?\s*")


def pipes_of(line: str) -> tuple[int, ...]:
    """The columns of the pipes that are neither escaped nor code."""
    if "|" not in line:
        return ()
    ticks = ticks_of(line)
    found: list[int] = []
    at = 0
    while mark := MARK.search(line, at):
        at = mark.end()
        if mark[0] == "|":
            found.append(mark.start())
        elif mark[0][0] == "`":
            closing = ticks.closing(len(mark[0]), at)
            at = at if closing is None else closing + len(mark[0])
    return tuple(found)


def is_delimiter(line: str) -> bool:
    """Whether the line parts a header from its rows."""
    bare = line.strip()
    if not bare.startswith("|") or bare.strip("|-: \t"):
        return False
    cells = bare[1:].removesuffix("|").split("|")
    return all(DASHES.fullmatch(each) for each in cells)


def strong_pipes(line: str, columns: Iterable[int]) -> set[int]:
    """The pipes that stand within strong text, as in "**on | off**"."""
    spans = [each.span() for each in STRONG.finditer(line)]
    ends = [end for _, end in spans]
    places = ((column, bisect_right(ends, column)) for column in columns)
    return {column for column, at in places if at < len(spans) and spans[at][0] < column}


def spaced_pipes(line: str, columns: Iterable[int]) -> set[int]:
    """The pipes that stand between words, as in "on | off", and not next to another."""
    return {each for each in columns if _is_spaced(line[:each], line[each + 1 :])}


def _is_spaced(before: str, after: str) -> bool:
    words = before.rstrip()[-1:], after.lstrip()[:1]
    return before[-1:] == after[:1] == " " and all(each not in {"", "|"} for each in words)
