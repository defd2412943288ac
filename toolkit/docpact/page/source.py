"""The lines of a page with the marks by which its blocks and cells are found."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from docpact.core.comment import Comment
from docpact.core.span import Span
from docpact.page.lines import Fence, fences_of, pipes_of, split_lines, tidied, uncommented

_STRONG = re.compile(r"\*\*(?=\S)[^*]+(?<=\S)\*\*")
_DASHES = re.compile(r"\s*:?-+:?\s*")


def is_delimiter(line: str) -> bool:
    """Whether the line parts a header from its rows."""
    bare = line.strip()
    if not bare.startswith("|") or bare.strip("|-: \t"):
        return False
    cells = bare[1:].removesuffix("|").split("|")
    return all(_DASHES.fullmatch(each) for each in cells)


def strong_pipes(line: str, columns: Iterable[int]) -> set[int]:
    """The pipes within strong text, as in "**on | off**"."""
    spans = [each.span() for each in _STRONG.finditer(line)]
    ends = [end for _, end in spans]
    places = ((column, bisect_right(ends, column)) for column in columns)
    return {column for column, at in places if at < len(spans) and spans[at][0] < column}


def spaced_pipes(line: str, columns: Iterable[int]) -> set[int]:
    """The pipes between words, as in "on | off", and not next to another."""
    return {each for each in columns if _is_spaced(line[:each], line[each + 1 :])}


def _is_spaced(before: str, after: str) -> bool:
    words = before.rstrip()[-1:], after.lstrip()[:1]
    return before[-1:] == after[:1] == " " and all(each not in {"", "|"} for each in words)


_HEADING = re.compile(r" {0,3}(?P<signs>#{1,6})(?:[ \t](?P<title>.*))?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class PageSource:
    """The lines of a page, counted from 0, with the marks that part its blocks.

    Comments to docpact are not text: a line that holds nothing else is left out.
    """

    name: str
    lines: tuple[str, ...]
    numbers: Sequence[int]  # of the lines, as readers count them
    comments: tuple[Comment, ...]
    quotable: tuple[str, ...]  # every line of the page, without comments
    fences: Mapping[int, Fence]  # by their first lines
    fenced: frozenset[int]  # all lines of fences
    headings: Mapping[int, re.Match[str]]
    pipes: Mapping[int, Sequence[int]]  # where lines have pipes that may part cells
    piped: tuple[int, ...]  # the lines that have such pipes
    delimiters: tuple[int, ...]  # lines like "|--|--|"
    barriers: tuple[int, ...] = ()  # lines that no table reaches over

    def span(self, first: int, last: int) -> Span:
        """The span of such lines, counted as readers do."""
        return Span(self.name, self.numbers[first], self.numbers[last])

    def after(self, span: Span) -> int:
        """The line behind a span."""
        return bisect_right(self.numbers, span.last)

    def is_blank(self, line: int) -> bool:
        """Whether the line is empty and not part of code."""
        return line not in self.fenced and not self.lines[line].strip()

    def begins_with_pipe(self, line: int) -> bool:
        """Whether a row may begin or end at the start of the line."""
        return line in self.pipes and self.lines[line].lstrip().startswith("|")

    def ends_with_pipe(self, line: int) -> bool:
        """Whether a row may end with the line."""
        return line in self.pipes and not self.lines[line][self.pipes[line][-1] + 1 :].strip()

    def width(self, line: int) -> int:
        """How many cells the line opens."""
        return len(self.pipes.get(line, ())) - self.ends_with_pipe(line)

    def is_lone_pipe(self, line: int) -> bool:
        """Whether the line does nothing but close a row."""
        return self.begins_with_pipe(line) and self.lines[line].strip() == "|"

    def is_row_of_blanks(self, line: int) -> bool:
        """Whether the line holds nothing but pipes."""
        return line in self.pipes and not self.lines[line].replace("|", "").strip()

    def is_delimiter(self, line: int) -> bool:
        """Whether the line parts a header from its rows."""
        return following(self.delimiters, line, -1) == line

    def piped_between(self, first: int, limit: int) -> Iterator[int]:
        """The lines with pipes, from the first to before the limit."""
        for place in range(bisect_left(self.piped, first), len(self.piped)):
            if self.piped[place] >= limit:
                return
            yield self.piped[place]

    def next_text(self, line: int) -> int:
        """The first line from here on that is not blank, or the end of the page."""
        while line < len(self.lines) and self.is_blank(line):
            line += 1
        return line


def source_of(text: str, name: str) -> PageSource:
    """The lines of a page's text and their marks."""
    bare = uncommented(split_lines(text))
    lines = bare.lines
    fences = {each.first: each for each in fences_of(lines)}
    fenced = frozenset(n for each in fences.values() for n in range(each.first, each.last + 1))
    lines = tidied(lines, fenced)
    prose = [n for n in range(len(lines)) if n not in fenced]
    pipes = {n: found for n in prose if (found := pipes_of(lines[n]))}
    pipes |= {
        each.last: (lines[each.last].rindex("|"),) for each in fences.values() if each.in_cell
    }
    source = PageSource(
        name=name,
        lines=lines,
        numbers=bare.numbers,
        comments=bare.comments,
        quotable=bare.quotable,
        fences=fences,
        fenced=fenced,
        headings={n: title for n in prose if (title := _HEADING.fullmatch(lines[n]))},
        pipes=pipes,
        piped=tuple(sorted(pipes)),
        delimiters=tuple(n for n in prose if n in pipes and is_delimiter(lines[n])),
    )
    headers = {each - 1 for each in source.delimiters if _is_below_header(source, each)}
    return replace(source, barriers=tuple(sorted({*source.headings, *headers})))


def following(lines: Sequence[int], start: int, default: int) -> int:
    """The first of some lines at or after another."""
    place = bisect_left(lines, start)
    return lines[place] if place < len(lines) else default


def _is_below_header(source: PageSource, delimiter: int) -> bool:
    header = delimiter - 1
    return (
        source.begins_with_pipe(header)
        and not source.is_delimiter(header)
        and source.width(header) == source.width(delimiter)
        # "|-|-|" may as well be a row of empty values.
        and ("--" in source.lines[delimiter] or ":" in source.lines[delimiter])
    )
