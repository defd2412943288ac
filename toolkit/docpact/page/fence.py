"""Fenced code: the lines that are not Markdown."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

OPENING = re.compile(r"(?P<indent>\s*)(?P<ticks>`{3,}|~{3,})(?P<info>.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Fence:
    """A run of fenced lines; the first and the last one are the fences themselves."""

    first: int
    last: int
    indent: int
    info: str
    closed: bool
    in_cell: bool = False  # whether a pipe that closes a row shares the last line

    def code(self, lines: Sequence[str]) -> str:
        """The fenced text, shifted left by as much as its opening fence is indented."""
        end = self.last if self.closed else self.last + 1
        return "\n".join(_dedent(each, self.indent) for each in lines[self.first + 1 : end])


def fences_of(lines: Sequence[str]) -> Iterator[Fence]:
    """The fenced blocks; one without an end runs to the end of the page."""
    opening: re.Match[str] | None = None
    first = 0
    for number, line in enumerate(lines):
        if opening is None:
            opening, first = _opening(line), number
        elif _closes(line, opening):
            yield _fence(opening, first, number, in_cell=line.rstrip().endswith("|"))
            opening = None
    if opening is not None:
        yield replace(_fence(opening, first, len(lines) - 1), closed=False)


def _fence(opening: re.Match[str], first: int, last: int, *, in_cell: bool = False) -> Fence:
    indent, info = len(opening["indent"]), opening["info"].strip()
    return Fence(first, last, indent, info, closed=True, in_cell=in_cell)


def _opening(line: str) -> re.Match[str] | None:
    found = OPENING.match(line)
    # "```x``` is code within a sentence" opens nothing.
    return None if found and found["ticks"][0] == "`" and "`" in found["info"] else found


def _closes(line: str, opening: re.Match[str]) -> bool:
    bare = line.lstrip()
    # Four columns deeper is code that shows a fence.
    if len(line) - len(bare) >= len(opening["indent"]) + 4:
        return False
    # The last fence of a cell may share its line with the pipe that closes the row.
    bare = bare.rstrip().removesuffix("|").rstrip()
    ticks = opening["ticks"]
    return len(bare) >= len(ticks) and not bare.strip(ticks[0])


def _dedent(line: str, indent: int) -> str:
    return line[min(indent, len(line) - len(line.lstrip())) :]
