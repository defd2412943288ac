"""A page's text as lines of Markdown: without comments to docpact, and written in one way.

It knows lines alone; what they mean for blocks and cells is in `source`.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from typing import Final

from docpact.core.span import Span
from docpact.core.text import MARK, Comment, comments_in
from docpact.page.inline import outside_code


def split_lines(text: str) -> tuple[str, ...]:
    """The lines as editors count them: `str.splitlines` knows more ends of lines than they do."""
    lines = re.split(r"\r\n|\n|\r", text.removeprefix("\ufeff"))
    return tuple(lines if lines[-1] else lines[:-1])


_OPENING = re.compile(r"(?P<indent>\s*)(?P<ticks>`{3,}|~{3,})(?P<info>.*)", re.DOTALL)


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
            yield _fence(opening, first, number, line, closed=True)
            opening = None
    if opening is not None:
        yield _fence(opening, first, len(lines) - 1, lines[-1], closed=False)


def _fence(opening: re.Match[str], first: int, last: int, line: str, *, closed: bool) -> Fence:
    in_cell = closed and line.rstrip().endswith("|")
    return Fence(first, last, len(opening["indent"]), opening["info"].strip(), closed, in_cell)


def _opening(line: str) -> re.Match[str] | None:
    found = _OPENING.match(line)
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


_UNDERLINE = re.compile(r" {0,3}(?:=+|-{3,})\s*")
_HTML_HEADING = re.compile(
    r"\s*<h(?P<level>[1-6])\b[^<>]*>(?P<title>.*)</h(?P=level)>\s*", re.IGNORECASE
)
_QUOTED_ROW = re.compile(r" {0,3}>\s?(?=\s*\|)")
_BARE_DELIMITER = re.compile(r"\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)+\|?\s*")
_NO_TITLE = re.compile(r"\s*(?:$|[|>#<+*-])")
_LONGEST_TITLE = 80


def tidied(lines: Sequence[str], fenced: Set[int]) -> tuple[str, ...]:
    """The lines, with underlined and HTML headings, quoted rows and bare tables written alike."""
    made = [line if number in fenced else _tidied(line) for number, line in enumerate(lines)]
    for number in range(1, len(made)):
        if {number - 1, number} & fenced:
            continue
        if _BARE_DELIMITER.fullmatch(made[number]):
            _close_table(made, number, fenced)
        elif _is_underline(made, number):
            sign = "#" if "=" in made[number] else "##"
            made[number - 1], made[number] = f"{sign} {made[number - 1].strip()}", ""
    return tuple(made)


def _tidied(line: str) -> str:
    heading = _HTML_HEADING.fullmatch(line) if "<" in line else None
    if heading:
        return f"{'#' * int(heading['level'])} {heading['title'].strip()}"
    quoted = _QUOTED_ROW.match(line)
    return line[quoted.end() :] if quoted else line


def _is_underline(lines: Sequence[str], number: int) -> bool:
    """Whether a line makes a heading of the one above, which is alone."""
    title = lines[number - 1]
    return (
        _UNDERLINE.fullmatch(lines[number]) is not None
        and not _NO_TITLE.match(title)
        and len(title) <= _LONGEST_TITLE
        and (number == 1 or not lines[number - 2].strip())
    )


def _close_table(lines: list[str], delimiter: int, fenced: Set[int]) -> None:
    """Give the rows of a table the outer pipes that GitHub lets them go without."""
    header = lines[delimiter - 1]
    width = len(lines[delimiter].rstrip().removesuffix("|").split("|"))
    if header.lstrip().startswith("|") or _width(header) != width:
        return
    for number in range(delimiter - 1, len(lines)):
        line = lines[number].strip()
        if number in fenced or not line or (number > delimiter and "|" not in line):
            return
        lines[number] = f"|{line}" if _is_closed(line) else f"|{line}|"


def _width(line: str) -> int:
    return len(pipes_of(line)) + (not _is_closed(line))


def _is_closed(line: str) -> bool:
    pipes = pipes_of(line)
    return bool(pipes) and not line[pipes[-1] + 1 :].strip()


_PIPE = re.compile(r"\\.|`+|\|", re.DOTALL)


def pipes_of(line: str) -> tuple[int, ...]:
    """The columns of the pipes that are neither escaped nor code."""
    marks = outside_code(_PIPE, line) if "|" in line else ()
    return tuple(mark.start() for mark in marks if mark[0] == "|")


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
