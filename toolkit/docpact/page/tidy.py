"""Write headings and tables of other editions the way those of this family are written.

Each line stays where it is, so that spans keep their meaning.
"""

import re
from collections.abc import Sequence, Set

from docpact.page.pipes import pipes_of

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
    """Whether a line makes a heading of the one above, which stands alone."""
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
