"""Markup within a sentence, and the text that remains when it is undone."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape
from html.entities import html5

# What pages mark up in HTML; other words in angle brackets are placeholders and types.
_BREAKING = ("br", "p", "div", "ul", "ol", "li", "dl", "dt", "dd", "details", "summary", "hr")
_WITHIN = ("a", "b", "strong", "i", "em", "u", "s", "del", "ins", "span", "font", "code", "img")
_ELEMENTS = (*_BREAKING, *_WITHIN, "small", "sub", "sup", "pre", "blockquote", "center")

MARK = re.compile(
    r"""
      \\(?P<escaped>[!-/:-@\[-`{-~])
    | (?P<ticks>`+)
    | (?P<stress>\*+|_+)
    | (?P<bracket>!?\[)
    | (?P<closing>\])
    | (?P<entity>&(?:\#\d{1,7}|\#[xX][\da-fA-F]{1,6}|[A-Za-z][A-Za-z\d]{0,31});)
    | (?P<tag></?(?P<element>"""
    + "|".join(_ELEMENTS)
    + r""")(?:\s[^<>=]*=[^<>]*|\s?/)?>)
    """,
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)
CLOSING = re.compile(r"</([A-Za-z]+)>")
LONGEST_STRESS = 3


@dataclass(frozen=True, slots=True)
class Ticks:
    """The runs of backticks of a text, by their length."""

    runs: Mapping[int, Sequence[int]]

    def closing(self, length: int, after: int) -> int | None:
        """Where the code that such a run opens comes to its end."""
        runs = self.runs.get(length, ())
        place = bisect_left(runs, after)
        return runs[place] if place < len(runs) else None


def ticks_of(text: str) -> Ticks:
    """The runs of backticks of a text."""
    runs: dict[int, list[int]] = {}
    for run in re.finditer(r"`+", text):
        runs.setdefault(len(run[0]), []).append(run.start())
    return Ticks(runs)


def outside_code(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """The matches of a pattern, which also matches runs of backticks, that are not within code."""
    ticks = ticks_of(text)
    at = 0
    while mark := pattern.search(text, at):
        at = mark.end()
        if mark[0][0] != "`":
            yield mark
        elif (closing := ticks.closing(len(mark[0]), at)) is not None:
            at = closing + len(mark[0])


def plain(text: str, *, in_cell: bool = False) -> str:
    """The text as a reader of the rendered page sees it."""
    return _Undoing(text, in_cell=in_cell).run()


@dataclass(slots=True)
class _Undoing:
    text: str
    in_cell: bool
    done: list[str] = field(default_factory=list)
    brackets: list[int] = field(default_factory=list)  # open ones, as places in `done`
    stresses: dict[str, int] = field(default_factory=dict)  # open ones, as places in `done`
    targets: Mapping[int, int] = field(default_factory=dict)  # of links: parenthesis to its end
    paired: frozenset[str] | None = None  # the elements that are closed, once one is looked for

    def run(self) -> str:
        ticks = ticks_of(self.text)
        self.targets = _parentheses(self.text) if "](" in self.text else {}
        at = 0
        while mark := MARK.search(self.text, at):
            self.done.append(self.text[at : mark.start()])
            at = self._code(mark, ticks) if mark["ticks"] else self._markup(mark)
        self.done.append(self.text[at:])
        return "".join(self.done).strip()

    def _code(self, mark: re.Match[str], ticks: Ticks) -> int:
        length = len(mark[0])
        closing = ticks.closing(length, mark.end())
        if closing is None:
            self.done.append(mark[0])
            return mark.end()
        code = self.text[mark.end() : closing]
        # A pipe within a table needs its backslash even in code.
        self.done.append(code.replace(r"\|", "|") if self.in_cell else code)
        return closing + length

    def _markup(self, mark: re.Match[str]) -> int:
        if mark["closing"]:
            return self._link(mark)
        if mark["stress"]:
            self._stress(mark)
        elif mark["bracket"]:
            self.brackets.append(len(self.done))
            self.done.append(mark[0])
        elif mark["tag"]:
            self.done.append(self._in_place_of(mark["tag"], mark["element"].lower()))
        else:
            self.done.append(mark["escaped"] or _character(mark["entity"]))
        return mark.end()

    def _in_place_of(self, tag: str, element: str) -> str:
        if element in _BREAKING:
            return "" if tag.startswith("</") else "\n"
        if self.paired is None:
            self.paired = frozenset(each.lower() for each in CLOSING.findall(self.text))
        if element not in self.paired and " " not in tag:
            return tag  # the "i" of "for each <i>"
        # Raised text is a footnote or a power, never the end of the word before it.
        return "^" if tag[1:4].lower() == "sup" else ""

    def _link(self, mark: re.Match[str]) -> int:
        opening = self.brackets.pop() if self.brackets else None
        target = self.targets.get(mark.end())
        if opening is None or target is None:
            self.done.append("]")
            return mark.end()
        self.done[opening] = ""
        return target + 1

    def _stress(self, mark: re.Match[str]) -> None:
        stars = mark[0]
        opening = self.stresses.get(stars)
        if opening is not None and _may_close(self.text, mark):
            self.done[opening] = ""
            del self.stresses[stars]
            return
        # A longer run is a masked value: "rg-acfm****".
        if len(stars) <= LONGEST_STRESS and _may_open(self.text, mark):
            self.stresses[stars] = len(self.done)
        self.done.append(stars)


def _may_open(text: str, mark: re.Match[str]) -> bool:
    before, after = _neighbours(text, mark)
    return bool(after.strip()) and not (_needs_gap(mark[0]) and _is_word(before))


def _may_close(text: str, mark: re.Match[str]) -> bool:
    before, after = _neighbours(text, mark)
    return bool(before.strip()) and not (_needs_gap(mark[0]) and _is_word(after))


def _neighbours(text: str, mark: re.Match[str]) -> tuple[str, str]:
    return text[max(mark.start() - 1, 0) : mark.start()], text[mark.end() : mark.end() + 1]


def _needs_gap(stars: str) -> bool:
    # "snake_case" and "2*3*4" are not stress; "**" may be between any two letters.
    return stars[0] == "_" or len(stars) == 1


def _is_word(character: str) -> bool:
    return character.isascii() and character.isalnum()


def _character(entity: str | None) -> str:
    if not entity:
        return ""
    if entity == "&nbsp;":
        return " "
    return unescape(entity) if entity[1] == "#" else html5.get(entity[1:], entity)


def _parentheses(text: str) -> dict[int, int]:
    pairs: dict[int, int] = {}
    opened: list[int] = []
    for mark in re.finditer(r"\\.|[()]", text, re.DOTALL):
        if mark[0] == "(":
            opened.append(mark.start())
        elif mark[0] == ")" and opened:
            pairs[opened.pop()] = mark.start()
    return pairs
