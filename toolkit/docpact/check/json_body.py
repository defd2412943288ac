"""Read a JSON body strictly: syntax, duplicate names, numbers, surrogates, depth."""

import json
import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Set
from functools import partial
from typing import Final

from docpact.check.decode import MAX_DEPTH, MAX_PARTS, Body, Position, Text
from docpact.contract import Media
from docpact.contract.kinds import read_float, read_integer
from docpact.core.span import Grade
from docpact.core.violation import (
    Collector,
    Family,
    Rule,
    Value,
    ValuePath,
    Violation,
    dotted,
    shown,
)

# An unclosed string runs to the end of the text, so that no scan starts over within it.
_STRING = r'"(?:[^"\\]|\\.)*+"?'
_TOKEN = re.compile(_STRING + r'|[{}\[\]:,]|[^\s{}\[\]:,"]+', re.DOTALL)
_STRUCTURE = re.compile(_STRING + r"|[{}\[\],]", re.DOTALL)
_SURROGATE_ESCAPE = re.compile(r"\\u[dD][89a-fA-F]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_SPACE = " \t\n\r"  # what JSON calls white space; Python's own idea of it is wider

_SYNTAX_MESSAGES = {
    "Unterminated string starting at": "the string that begins here is never closed",
    "Expecting value": "a value is expected here",
    "Invalid control character at": "a control character must be written as an escape",
}


class _ForeignConstantError(ValueError):
    """NaN or Infinity was met."""


def read_json(text: Text) -> Body:
    """The body as a value, with everything that is wrong about it as JSON."""
    violations = Collector(text.violations, by_structure=True)
    if text.has_mark:
        message = "a byte order mark comes before the JSON document"
        violations.append(Violation("byte-order-mark", message, line=1, column=1))
    source = text.text
    if source is None:
        return Body(Media.JSON, tuple(violations))
    excess = _excess(source)
    if excess:
        return Body(Media.JSON, (*violations, excess))
    try:
        value, repeated, end = _parsed(source)
    except json.JSONDecodeError as error:
        return Body(Media.JSON, (*violations, _syntax(error)))
    except _ForeignConstantError as constant:
        return Body(Media.JSON, (*violations, _foreign(source, str(constant))))
    violations.extend(_trailing(source, end))
    if repeated:
        violations.extend(_duplicates(source[:end]))
    if _SURROGATE_ESCAPE.search(source):
        value = _repaired(value, (), violations)
    return Body(
        Media.JSON,
        tuple(violations),
        readable=True,
        value=value,
        positions_of=partial(_positions_of, source[:end]),
    )


def _parsed(source: str) -> tuple[Value, bool, int]:
    repeated = False

    def members(pairs: list[tuple[str, Value]]) -> dict[str, Value]:
        nonlocal repeated
        made = dict(pairs)
        repeated = repeated or len(made) < len(pairs)
        return made

    decoder = json.JSONDecoder(
        object_pairs_hook=members,
        parse_int=read_integer,
        parse_float=read_float,
        parse_constant=_foreign_constant,
    )
    start = len(source) - len(source.lstrip(_SPACE))
    value, end = decoder.raw_decode(source, start)
    return value, repeated, end


def _foreign_constant(name: str) -> float:
    raise _ForeignConstantError(name)


def _excess(source: str) -> Violation | None:
    """Why a document is left unread: more levels or parts than any answer has."""
    openings = source.count("{") + source.count("[")
    if openings <= MAX_DEPTH and openings + source.count(",") <= MAX_PARTS:
        return None
    depth = parts = 0
    for token in _STRUCTURE.finditer(source):
        first = token[0][0]
        if first in "{[":
            depth += 1
        elif first in "}]":
            depth -= 1
        parts += first in "{[,"
        if depth > MAX_DEPTH:
            message = f"the document is nested more than {MAX_DEPTH} levels deep"
            return Violation("body-limit", message, expected=MAX_DEPTH)
        if parts > MAX_PARTS:
            message = f"the document has more than {MAX_PARTS:,} parts"
            return Violation("body-limit", message, expected=MAX_PARTS)
    return None


def _syntax(error: json.JSONDecodeError) -> Violation:
    what = _SYNTAX_MESSAGES.get(error.msg) or error.msg[:1].lower() + error.msg[1:]
    if error.pos >= len(error.doc.rstrip()):
        what = f"the document ends too early ({what})"
    return Violation(
        "json-syntax", f"not well-formed: {what}", line=error.lineno, column=error.colno
    )


def _foreign(source: str, name: str) -> Violation:
    offset = next(each.start() for each in _TOKEN.finditer(source) if each[0].startswith(name))
    line, column = _line_and_column(source, offset)
    return Violation("json-not-a-number", f"{name} is not JSON", line=line, column=column)


def _trailing(source: str, end: int) -> Iterator[Violation]:
    rest = source[end:].lstrip(_SPACE)
    if rest:
        line, column = _line_and_column(source, len(source) - len(rest))
        message = f"text follows the document: {shown(rest[:200])}"
        yield Violation("json-trailing-text", message, line=line, column=column)


def _duplicates(source: str) -> Iterator[Violation]:
    seen: set[ValuePath] = set()
    lines = _LineIndex(source)
    for path, offset in _offsets(source):
        if path in seen:
            line, column = lines.position(offset)
            message = f"{dotted(path)} occurs twice in the same object"
            yield Violation("json-duplicate-key", message, path, line=line, column=column)
        seen.add(path)


def _repaired(value: Value, path: ValuePath, violations: Collector) -> Value:
    """The value with each half of a surrogate pair replaced, which is a violation each time."""
    match value:
        case str() if _SURROGATE.search(value):
            message = f"{dotted(path) or 'the text'} holds half of a surrogate pair"
            violations.append(Violation("lone-surrogate", message, path))
            return _SURROGATE.sub("\ufffd", value)
        case dict():
            members: dict[str, Value] = {}
            for name, member in value.items():
                whole = _SURROGATE.sub("\ufffd", name)
                if whole != name:
                    message = f"the name {dotted((*path, whole))} holds half of a surrogate pair"
                    violations.append(Violation("lone-surrogate", message, (*path, whole)))
                members[whole] = _repaired(member, (*path, whole), violations)
            return members
        case list():
            return [_repaired(item, (*path, index), violations) for index, item in enumerate(value)]
        case _:
            return value


def _positions_of(source: str, paths: Set[ValuePath]) -> Mapping[ValuePath, Position]:
    """Where some values are, found in one scan; of repeated names the last one counts."""
    lines = _LineIndex(source)
    return {path: lines.position(offset) for path, offset in _offsets(source) if path in paths}


class _LineIndex:
    """The line and column of many offsets, without counting from the start each time."""

    def __init__(self, source: str) -> None:
        self._ends = [match.start() for match in re.finditer("\n", source)]

    def position(self, offset: int) -> Position:
        before = bisect_left(self._ends, offset)
        return before + 1, offset - (self._ends[before - 1] if before else -1)


def _offsets(source: str) -> Iterator[tuple[ValuePath, int]]:
    """The path and offset of every value of a well-formed document, in order."""
    path: list[str | int] = []
    inside: list[str] = []  # the open brackets
    expects_key = False
    for token in _TOKEN.finditer(source):
        text = token[0]
        if text in "}]":
            inside.pop()
            path.pop()
            if not inside:
                return
        elif text == ",":
            expects_key = inside[-1] == "{"
            if not expects_key:
                path[-1] = int(path[-1]) + 1
        elif text == ":":
            expects_key = False
        elif expects_key:
            path[-1] = _SURROGATE.sub("\ufffd", json.loads(text))
        else:
            yield tuple(path), token.start()
            if text not in "{[" and not inside:
                return  # the document is this one value
            if text in "{[":
                inside.append(text)
                path.append("" if text == "{" else 0)
                expects_key = text == "{"


def _line_and_column(source: str, offset: int) -> Position:
    return source.count("\n", 0, offset) + 1, offset - source.rfind("\n", 0, offset)


JSON_RULES: Final = (
    Rule(
        "json-syntax",
        Family.JSON,
        Grade.STATED,
        "The body is not well-formed JSON",
        "The body breaks the grammar of RFC 8259, for example because it was cut off.",
        '{"RequestId": "9B7BD33D',
        "No server; but a capture that was cut off or changed by hand.",
    ),
    Rule(
        "json-trailing-text",
        Family.JSON,
        Grade.STATED,
        "Text follows the JSON document",
        "Only white space may follow the document.",
        "{…}{…}",
        "A server that streams several documents in one body to clients that expect them; and "
        "a file to which several answers were appended.",
    ),
    Rule(
        "json-duplicate-key",
        Family.JSON,
        Grade.STATED,
        "An object has the same name twice",
        "Parsers disagree on which of the two counts (RFC 8259, section 4). docpact takes the last "
        "one, as most parsers do.",
        '{"Id": 1, "Id": 2}',
        "A server whose clients all take the same one of the two values.",
    ),
    Rule(
        "json-not-a-number",
        Family.JSON,
        Grade.STATED,
        "A value is NaN or Infinity, which JSON does not have",
        "NaN, Infinity and -Infinity are not JSON, though some libraries write them.",
        '{"InputDelay": NaN}',
        "A server whose clients all accept NaN, as Python's JSON module does by default.",
    ),
    Rule(
        "lone-surrogate",
        Family.JSON,
        Grade.IMPLIED,
        "A text holds half of a surrogate pair",
        "An escape names only one half of a UTF-16 surrogate pair, so the text is not valid "
        "Unicode, and many parsers refuse or replace it (RFC 8259, section 8.2).",
        r'{"JobName": "\ud83d"}',
        "A server that passes on names which were already cut in the middle of a character.",
    ),
)
