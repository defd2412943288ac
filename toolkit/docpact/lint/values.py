"""Whether a value on a page is of a type, is masked or a placeholder, is JSON."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from docpact.contract.interpret.samples import SampleDocument
from docpact.contract.kinds import KINDS, WHOLE_NUMBERS, Kind, TypeName, read_text
from docpact.core.span import Grade, Span
from docpact.core.violation import Value, is_masked
from docpact.lint.context import Diagnostic, PageContext, PageRule

_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]*)?([eE][+-]?[0-9]+)?")
_PLACEHOLDER = re.compile(
    r"undefined|todo|tbd|fixme|x{3,}|your[ ._-]?\w.*|<[^<>]+>|lorem ipsum.*", re.IGNORECASE
)
_ESCAPES = re.compile(r'\\+(["nrt])')
_ELLIPSES = frozenset({"…", "...", "......", "……"})


def fits_json(named: TypeName, value: Value) -> bool:
    """Whether a JSON value is of the type; empty values and stand-ins are of any."""
    if value is None or value == "" or is_stand_in(value):
        return True
    if named.is_list:
        return isinstance(value, list | dict)  # often wrapped: {"Job": [...]}
    if isinstance(value, int) and not isinstance(value, bool) and named.kind is Kind.FLOAT:
        return True
    python = KINDS[named.kind].python
    return isinstance(value, python) and (python is not int or not isinstance(value, bool))


def fits_text(named: TypeName, text: str) -> bool:
    """Whether a text, as XML and tables have it, can be a value of the type."""
    bare = text.strip()
    if not bare or is_stand_in(bare):
        return True
    if named.kind is Kind.BOOLEAN:
        return bare.lower() in {"true", "false"}
    is_number = named.kind is Kind.FLOAT or named.kind in WHOLE_NUMBERS
    return not is_number or isinstance(read_text(named.kind, bare), KINDS[named.kind].python)


def is_stand_in(value: Value) -> bool:
    """Whether a value is masked or a placeholder, so that it says nothing."""
    if not isinstance(value, str):
        return False
    return is_mask(value) or is_placeholder(value) or value.strip() in _ELLIPSES


def is_mask(text: str) -> bool:
    """Whether a value is redacted with asterisks."""
    return is_masked(text.strip())


def is_placeholder(text: str) -> bool:
    """Whether a value is a word that the author should have replaced."""
    return _PLACEHOLDER.fullmatch(text.strip()) is not None


def looks_like_json(text: str) -> bool:
    """Whether a text begins and ends as an object or a list of JSON does."""
    bare = text.strip()
    return bare[:1] + bare[-1:] in {"{}", "[]"} and len(bare) > 1


def is_json(text: str) -> bool:
    """Whether a text is JSON, as it is or escaped as within a string."""
    return _parses(text) or ("\\" in text and _parses(_ESCAPES.sub(_unescaped, text)))


def _unescaped(escape: re.Match[str]) -> str:
    return '"' if escape[1] == '"' else " "


def _parses(text: str) -> bool:
    try:
        json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return False
    return True


def has_open_quote(text: str) -> bool:
    """Whether a quotation mark is opened and never closed; escaped ones are text."""
    return len(re.findall(r'(?<!\\)(?:\\\\)*"', text)) % 2 == 1


def same_but_for_masks(one: str, other: str) -> bool:
    """Whether two values agree as far as both can be seen."""
    left, right = (" ".join(each.split()).lower() for each in (one, other))
    if left == right:
        return True
    masked = [each.partition("*")[0] for each in (left, right) if "*" in each]
    if not masked:
        return _same_number(left, right)
    shortest = min(map(len, masked))
    return left[:shortest] == right[:shortest]


def _same_number(one: str, other: str) -> bool:
    if not (_NUMBER.fullmatch(one) and _NUMBER.fullmatch(other)):
        return False
    return float(one) == float(other) if "." in one + other or "e" in one + other else False


_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_TIMES = frozenset({"time", "ts", "date", "at", "timestamp", "stamp", "gmt", "utc"})
_CREATES = frozenset({"create", "created", "creation"})
_BEGINS = _CREATES | {"start", "started", "begin"}
_ENDS = frozenset(
    {"end", "ended", "finish", "finished", "stop", "stopped", "expire", "expired", "expiration"}
    | {"complete", "completed", "modify", "modified", "update", "updated", "release"}
)
_LATEST = "last"
# To start a thing is to do one of these to it, so the last time of it is no earlier. The last error
# or the last login may be of the time before.
_ACTS = frozenset(
    {"operate", "operated", "operation", "action", "modify", "modified", "modification"}
    | {"update", "updated", "change", "changed", "edit", "edited"}
)
_SECONDS, _MILLISECONDS = 10, 13
_ISO = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?")

_Example = tuple[str, str, str, Span]  # name, field, text and place


@dataclass(frozen=True, slots=True)
class TimeName:
    """What the name of a time says about it."""

    subject: str  # the matter that begins or ends; empty for the latest of all that happens
    begins: bool
    creates: bool = False  # nothing happens to a thing before it is created
    acts: bool = True  # it is, or ends, what a start belongs to

    def is_after(self, start: "TimeName") -> bool:
        """Whether the names say that one comes after the other."""
        return self.subject == start.subject and (self.acts or start.creates)


@dataclass(frozen=True, slots=True)
class Moment:
    """A time that the page shows."""

    name: str
    field: str
    text: str
    at: datetime
    span: Span
    role: TimeName

    def __str__(self) -> str:
        return f"{self.text}, {self.at:%Y-%m-%d %H:%M:%S}" if self.text.isdigit() else self.text

    def is_before(self, other: "Moment") -> bool:
        """Whether it is earlier."""
        # Numbers of one length have one unit, so they compare as finely as they are written.
        if self.text.isdigit() and other.text.isdigit() and len(self.text) == len(other.text):
            return int(self.text) < int(other.text)
        return self.at < other.at


def _backwards(context: PageContext) -> Iterator[Diagnostic]:
    """Ends before beginnings, in the tables' examples and in each sample; each pair once."""
    found: dict[tuple[str, str, str, str], tuple[Moment, Moment, list[Span]]] = {}
    for moments in _sets(context):
        for start, end in _pairs_backwards(moments):
            key = (start.name, start.text, end.name, end.text)
            found.setdefault(key, (start, end, []))[2].extend((end.span, start.span))
    for start, end, spans in found.values():
        yield Diagnostic(
            f"{end.name} ({end}) is before {start.name} ({start}, line {start.span.first})",
            end.span,
            start.span,
            end.field,
            also=tuple(spans[2:]),
            expected=start.field,
        )


def _sets(context: PageContext) -> Iterator[list[Moment]]:
    """Times that belong together: of one table or of one object of a sample."""
    yield _moments((each.name, each.name, each.example, each.span) for each in context.parameters)
    levels: dict[tuple[str, ...], list[_Example]] = {}
    for row in context.response:
        example = (row.last_name, context.field_of(row), row.example, row.span)
        levels.setdefault(context.path_of(row)[:-1], []).append(example)
    yield from map(_moments, levels.values())
    for answer in context.answers:
        yield from map(_moments, _objects(answer).values())


def _objects(answer: SampleDocument) -> dict[object, list[_Example]]:
    objects: dict[object, list[_Example]] = {}
    for each in answer.members:
        if isinstance(each.value, str | int) and not isinstance(each.value, bool):
            example = (each.name, each.dotted, str(each.value), each.span)
            objects.setdefault(each.where[:-1], []).append(example)
    return objects


def _moments(examples: Iterable[_Example]) -> list[Moment]:
    return [
        Moment(name, field, text.strip(), at, span, role)
        for name, field, text, span in examples
        if (role := _role(name)) and (at := _read(text.strip()))
    ]


def _role(name: str) -> TimeName | None:
    """What a time is the beginning or the end of; nothing for other names."""
    words = [each.lower() for each in _WORD.findall(name)]
    if not (_TIMES | {"created", "updated"}) & set(words):
        return None
    rest = [each for each in words if each not in _TIMES]
    if rest[:1] == [_LATEST]:
        return TimeName("", begins=False, acts=bool(_ACTS & set(words)))
    for place in reversed(range(len(rest))):
        if rest[place] in _BEGINS | _ENDS:
            subject = "".join(rest[:place] + rest[place + 1 :])
            return TimeName(subject, rest[place] in _BEGINS, creates=rest[place] in _CREATES)
    return None


def _read(text: str) -> datetime | None:
    try:
        if text.isascii() and text.isdigit() and len(text) in {_SECONDS, _MILLISECONDS}:
            return datetime.fromtimestamp(int(text[:_SECONDS]), UTC)
        if _ISO.fullmatch(text):
            at = datetime.fromisoformat(text)
            return at if at.tzinfo else at.replace(tzinfo=UTC)
    except (ValueError, OverflowError, OSError):
        pass
    return None


def _pairs_backwards(moments: list[Moment]) -> Iterator[tuple[Moment, Moment]]:
    for end in (each for each in moments if not each.role.begins):
        for start in (each for each in moments if each.role.begins):
            if end.role.is_after(start.role) and end.is_before(start):
                yield start, end


TIME_RULES: Final = (
    PageRule(
        "times-backwards",
        Grade.IMPLIED,
        "Within one set of examples, something ends before it begins",
        "Examples of one table, or members of one object of a sample, run backwards: the end, the "
        "update or the latest operation is before the start. Each pair of values is reported once.",
        "StartTime 1599794335000, EndTime 1548397575000",
        "A page whose last operation is what starts the job.",
        check=_backwards,
    ),
)
