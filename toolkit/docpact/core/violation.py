"""Rules and their violations, before the place in the capture and the severity are known."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate
from typing import Final

from docpact.core.finding import Scalar
from docpact.core.span import Grade, Origin
from docpact.core.text import printable


class Family(StrEnum):
    """What a rule looks at: a part of an answer, several answers, or the page itself."""

    BODY = "body"
    JSON = "json"
    XML = "xml"
    FIELD = "field"
    MEANING = "meaning"
    HTTP = "http"
    SESSION = "session"
    PAGE = "page"


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that can be wrong; `id` never changes once released."""

    id: str
    family: Family
    grade: Grade  # where neither a field's line nor a ruling says more
    title: str
    meaning: str  # what is checked, in full sentences
    example: str  # something that breaks it
    caution: str = ""  # which correct server may still break it


Value = dict[str, "Value"] | list["Value"] | str | int | float | bool | None
ValuePath = tuple[str | int, ...]

# Characters that no text has, around what a message repeats of a capture.
_OPEN, _CLOSE = "\ufdd0", "\ufdd1"
_MARKED = re.compile(f"{_OPEN}([^{_OPEN}{_CLOSE}]*){_CLOSE}")
_PLAIN_NAME = re.compile(r"[^\W\d][\w.:-]*")
_MASK = "***"
_SHOWN = 80  # characters of a captured value that a message repeats
_NAMED = 60  # characters of a captured name
_MOST_OF_FIELD: Final = 20  # violations of a rule at one field, or in one structure of the text
_MOST_OF_RULE: Final = 1_000  # violations of a rule


@dataclass(frozen=True, slots=True)
class Violation:
    """What a check noticed; the origin is set where the rule's own ruling does not say enough."""

    rule: str
    message: str
    path: ValuePath = ()
    origin: Origin | None = None
    line: int | None = None  # of the body; looked up by the path if not set
    column: int | None = None
    expected: Scalar | tuple[str, ...] = None
    actual: Scalar = None
    more: int = 0  # how many others this one stands for; none where it is reported by itself

    def concerns(self, path: ValuePath) -> bool:
        """Whether this is about a value, about one within it, or about one that it is within."""
        shorter = min(len(path), len(self.path))
        return path[:shorter] == self.path[:shorter]


class Collector:
    """Collects violations of one answer: the first ones of a kind, and how many more there are.

    A rule may be broken in every item of a list, so violations are counted by field; `by_structure`
    counts by what holds the member, for a format that may be broken in any number of members.
    """

    def __init__(self, violations: Iterable[Violation] = (), *, by_structure: bool = False) -> None:
        self._by_structure = by_structure
        self._kept: list[Violation] = []
        self._of_field: Counter[tuple[str, tuple[str, ...]]] = Counter()
        self._of_rule: Counter[str] = Counter()
        self._more: Counter[tuple[str, tuple[str, ...]]] = Counter()
        self.extend(violations)

    def append(self, violation: Violation) -> None:
        """Take a violation in."""
        if violation.more:
            self._kept.append(violation)
            return
        path = documented(violation.path)
        key = violation.rule, path[:-1] if self._by_structure else path
        if self._of_rule[violation.rule] >= _MOST_OF_RULE:
            self._more[violation.rule, ()] += 1
        elif self._of_field[key] >= _MOST_OF_FIELD:
            self._more[key] += 1
        else:
            self._of_field[key] += 1
            self._of_rule[violation.rule] += 1
            self._kept.append(violation)

    def extend(self, violations: Iterable[Violation]) -> None:
        """Take in all of them, one after the other."""
        for each in violations:
            self.append(each)

    def __iter__(self) -> Iterator[Violation]:
        yield from self._kept
        for (rule, path), count in self._more.items():
            where = dotted(path) or "the answer"
            yield Violation(rule, f"{count:,} more like this in {where}", path, more=count)


def is_masked(value: object) -> bool:
    """Whether a captured value was redacted: asterisks in a single word, not in running text."""
    if not isinstance(value, str) or _MASK not in value:
        return False
    word = value.replace(" | ", "|")  # two halves, as a handler has them
    return word.split(maxsplit=1) == [word]


def shown(value: object) -> str:
    """A captured value for a message, marked as such unless it is only named."""
    return plain(value) if isinstance(value, dict | list) else captured(plain(value))


def plain(value: object) -> str:
    """A value for people: short, on one line, with nothing a terminal would obey."""
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return "an array"
    text = json.dumps(value, ensure_ascii=False)
    if len(text) > _SHOWN:
        text = text[: _SHOWN - 2] + '…"'
    return printable(text)


def captured(text: str) -> str:
    """A text that comes from a capture, for a message that repeats it."""
    return f"{_OPEN}{text.replace(_OPEN, '').replace(_CLOSE, '')}{_CLOSE}"


def unmarked(message: str) -> tuple[str, tuple[tuple[int, int], ...]]:
    """The message as people read it, and where it repeats what was captured."""
    if _OPEN not in message:
        return message, ()
    pieces = _MARKED.split(message)  # every other one was captured
    ends = list(accumulate(map(len, pieces)))
    return "".join(pieces), tuple((ends[each - 1], ends[each]) for each in range(1, len(ends), 2))


def is_plain_name(name: str) -> bool:
    """Whether a captured name looks like one, and not like a text in its place."""
    return len(name) <= _NAMED and _PLAIN_NAME.fullmatch(name) is not None


def scalar(value: object) -> Scalar:
    """A captured value for a report; structures are only named."""
    if isinstance(value, dict | list):
        return shown(value)
    if isinstance(value, str):
        return value if len(value) <= _SHOWN else value[: _SHOWN - 1] + "…"
    return value if isinstance(value, int | float) else None


def documented(path: ValuePath) -> tuple[str, ...]:
    """The path of the field that stands there: without the numbers of items."""
    return tuple(step for step in path if isinstance(step, str))


def dotted(path: ValuePath) -> str:
    """A path as people write it: Instance.EndTime."""
    return ".".join(named(str(step)) for step in path)


def named(name: str) -> str:
    """A captured name for a message, short, and marked if it is not a plain name."""
    short = name if len(name) <= _NAMED else name[: _NAMED - 1] + "…"
    return name if is_plain_name(name) or name.isdecimal() else captured(short)


def pointer(path: ValuePath) -> str:
    """A path as a JSON Pointer (RFC 6901)."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)
