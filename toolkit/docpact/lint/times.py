"""Times within one set of examples: what begins comes before what ends."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from docpact.core.span import Span
from docpact.lint.context import Subject, last_name
from docpact.lint.diagnostic import Diagnostic
from docpact.lint.sample_document import Printed, Shown

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_TIMES = frozenset({"time", "ts", "date", "at", "timestamp", "stamp", "gmt", "utc"})
_BEGINS = frozenset({"start", "started", "begin", "create", "created", "creation"})
_ENDS = frozenset(
    {"end", "ended", "finish", "finished", "stop", "stopped", "expire", "expired", "expiration"}
    | {"complete", "completed", "modify", "modified", "update", "updated", "release"}
)
_CREATES = frozenset({"create", "created", "creation"})
_LATEST = "last"
# To start a thing is to do one of these to it, so the last time of it is no earlier. The last error
# or the last login may be of the time before.
_ACTS = frozenset(
    {"operate", "operated", "operation", "action", "modify", "modified", "modification"}
    | {"update", "updated", "change", "changed", "edit", "edited"}
)
_SECONDS, _MILLISECONDS = 10, 13
_ISO = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?")


@dataclass(frozen=True, slots=True)
class Role:
    """What a time's name says of it."""

    stem: str  # the matter that begins or ends; of the latest of all that happens, nothing
    begins: bool
    creates: bool = False  # nothing happens to a thing before it is created
    acts: bool = True  # it is, or ends, what a start belongs to


@dataclass(frozen=True, slots=True)
class Moment:
    """A time that the page shows."""

    name: str
    field: str
    text: str
    at: datetime
    span: Span
    role: Role


def check_times(subject: Subject) -> Iterator[Diagnostic]:
    """Ends before beginnings, in the tables' examples and in each sample; each pair once."""
    found: dict[tuple[str, str, str, str], tuple[Moment, Moment, list[Span]]] = {}
    for moments in _sets(subject):
        for start, end in _backwards(moments):
            key = (start.name, start.text, end.name, end.text)
            _, _, spans = found.setdefault(key, (start, end, []))
            spans += [end.span, start.span]
    for start, end, spans in found.values():
        message = (
            f"{end.name} ({_told(end)}) lies before {start.name} "
            f"({_told(start)}, line {start.span.first})"
        )
        yield Diagnostic(
            "times-backwards",
            message,
            end.span,
            start.span,
            field=end.field,
            also=tuple(spans[2:]),
            expected=start.field,
        )


def _sets(subject: Subject) -> Iterator[list[Moment]]:
    """Times that belong together: of one table or of one object of a sample."""
    yield _moments((e.name, e.name, e.example, e.span) for e in subject.parameters)
    levels: dict[tuple[str, ...], list[tuple[str, str, str, Span]]] = {}
    for entry in subject.response:
        path = subject.path_of(entry)
        row = (last_name(entry), subject.field_of(entry), entry.example, entry.span)
        levels.setdefault(path[:-1], []).append(row)
    yield from map(_moments, levels.values())
    for printed in subject.answers:
        yield from map(_moments, _objects(printed).values())


def _objects(printed: Printed) -> dict[object, list[tuple[str, str, str, Span]]]:
    objects: dict[object, list[tuple[str, str, str, Span]]] = {}
    for each in printed.members:
        if _is_scalar(each):
            member = (each.name, each.dotted, str(each.value), each.span)
            objects.setdefault(each.where[:-1], []).append(member)
    return objects


def _is_scalar(shown: Shown) -> bool:
    return isinstance(shown.value, str | int) and not isinstance(shown.value, bool)


def _moments(rows: Iterable[tuple[str, str, str, Span]]) -> list[Moment]:
    return [
        Moment(name, field, text.strip(), at, span, role)
        for name, field, text, span in rows
        for role in [_role(name)]
        if role is not None
        for at in [_read(text.strip())]
        if at is not None
    ]


def _role(name: str) -> Role | None:
    """What a time is the beginning or the end of; nothing for other names."""
    words = [each.lower() for each in _WORD.findall(name)]
    if not _TIMES & set(words) and not {"created", "updated"} & set(words):
        return None
    rest = [each for each in words if each not in _TIMES]
    if rest[:1] == [_LATEST]:
        return Role("", begins=False, acts=bool(_ACTS & set(words)))
    for place in reversed(range(len(rest))):
        if rest[place] in _BEGINS | _ENDS:
            stem = "".join(rest[:place] + rest[place + 1 :])
            return Role(stem, rest[place] in _BEGINS, creates=rest[place] in _CREATES)
    return None


def _read(text: str) -> datetime | None:
    try:
        if text.isascii() and text.isdigit() and len(text) in {_SECONDS, _MILLISECONDS}:
            return datetime.fromtimestamp(int(text[:_SECONDS]), UTC)
        if _ISO.fullmatch(text):
            at = datetime.fromisoformat(text)
            return at if at.tzinfo else at.replace(tzinfo=UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return None


def _backwards(moments: list[Moment]) -> Iterator[tuple[Moment, Moment]]:
    for end in (each for each in moments if not each.role.begins):
        for start in (each for each in moments if each.role.begins):
            if _is_ordered(start.role, end.role) and _is_earlier(end, start):
                yield start, end


def _is_ordered(start: Role, end: Role) -> bool:
    """Whether the names say that one comes before the other."""
    return start.stem == end.stem and (end.acts or start.creates)


def _is_earlier(one: Moment, other: Moment) -> bool:
    # Numbers of seconds are all of the same length, so texts compare as finely as they are written.
    alike = one.text.isdigit() and len(one.text) == len(other.text) and other.text.isdigit()
    return int(one.text) < int(other.text) if alike else one.at < other.at


def _told(moment: Moment) -> str:
    return f"{moment.text}, {moment.at:%Y-%m-%d %H:%M:%S}" if moment.text.isdigit() else moment.text
