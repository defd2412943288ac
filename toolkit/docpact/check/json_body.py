"""Read a JSON body strictly: syntax, duplicate names, numbers, surrogates, depth."""

import json
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from docpact.check.body import MAX_DEPTH, Body, Place, Placing
from docpact.check.breach import Breach, Value, ValuePath, dotted, shown
from docpact.check.encoding import Text
from docpact.contract import Media

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*+"|[{}\[\]:,]|[^\s{}\[\]:,"]+', re.DOTALL)
_NESTING = re.compile(r'"(?:[^"\\]|\\.)*+"|[{}\[\]]', re.DOTALL)
_SURROGATE_ESCAPE = re.compile(r"\\u[dD][89a-fA-F]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_MANY_DIGITS = 40  # more than any Long has; Python refuses to read numbers of thousands of digits
_BEYOND_ANY_LONG: Final[int] = 10**_MANY_DIGITS
_LARGEST = 1.7e308
_DECODER_SPACE = re.compile(r"[ \t\n\r]*")


class _ForeignConstantError(ValueError):
    """NaN or Infinity was met."""


def read_json(text: Text) -> Body:
    """The body as a value, with everything that is wrong about it as JSON."""
    breaches = list(text.breaches)
    if text.has_mark:
        message = "a byte order mark comes before the JSON document"
        breaches.append(Breach("byte-order-mark", message, line=1, column=1))
    source = text.text
    if source is None:
        return Body(Media.JSON, tuple(breaches))
    if _too_deep(source):
        message = f"the document is nested more than {MAX_DEPTH} levels deep"
        return Body(Media.JSON, (*breaches, Breach("body-limit", message, expected=MAX_DEPTH)))
    try:
        value, repeated, end = _parsed(source)
    except json.JSONDecodeError as error:
        return Body(Media.JSON, (*breaches, _syntax(error)))
    except _ForeignConstantError as constant:
        return Body(Media.JSON, (*breaches, _foreign(source, str(constant))))
    breaches += _trailing(source, end)
    if repeated:
        breaches += _duplicates(source)
    if _SURROGATE_ESCAPE.search(source):
        value, halves = _repaired(value, ())
        breaches += halves
    return Body(
        Media.JSON,
        tuple(breaches),
        readable=True,
        value=value,
        place_of=_placing(source),
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
        parse_int=_integer,
        parse_float=_real,
        parse_constant=_foreign_constant,
    )
    start = _DECODER_SPACE.match(source)
    value, end = decoder.raw_decode(source, start.end() if start else 0)
    return value, repeated, end


def _integer(digits: str) -> int:
    if len(digits) <= _MANY_DIGITS:
        return int(digits)
    return -_BEYOND_ANY_LONG if digits.startswith("-") else _BEYOND_ANY_LONG


def _real(digits: str) -> float:
    return max(-_LARGEST, min(_LARGEST, float(digits)))


def _foreign_constant(name: str) -> float:
    raise _ForeignConstantError(name)


def _too_deep(source: str) -> bool:
    if source.count("{") + source.count("[") <= MAX_DEPTH:
        return False
    depth = 0
    for token in _NESTING.finditer(source):
        if token[0] in "{[":
            depth += 1
            if depth > MAX_DEPTH:
                return True
        elif token[0] in "}]":
            depth -= 1
    return False


def _syntax(error: json.JSONDecodeError) -> Breach:
    what = error.msg[:1].lower() + error.msg[1:]
    if error.pos >= len(error.doc.rstrip()):
        what = f"the document ends too early ({what})"
    return Breach("json-syntax", f"not well-formed: {what}", line=error.lineno, column=error.colno)


def _foreign(source: str, name: str) -> Breach:
    for token in _TOKEN.finditer(source):
        if token[0] == name:
            line, column = _line_and_column(source, token.start())
            return Breach("json-not-a-number", f"{name} is no JSON", line=line, column=column)
    return Breach("json-not-a-number", f"{name} is no JSON")


def _trailing(source: str, end: int) -> Iterator[Breach]:
    rest = source[end:].lstrip(" \t\r\n")
    if rest:
        line, column = _line_and_column(source, len(source) - len(rest))
        message = f"text follows the document: {shown(rest)}"
        yield Breach("json-trailing-text", message, line=line, column=column)


def _duplicates(source: str) -> Iterator[Breach]:
    seen: set[ValuePath] = set()
    for path, offset in _offsets(source):
        if path in seen:
            line, column = _line_and_column(source, offset)
            message = f"{dotted(path)} comes again in the same object"
            yield Breach("json-duplicate-key", message, path, line=line, column=column)
        seen.add(path)


def _repaired(value: Value, path: ValuePath) -> tuple[Value, list[Breach]]:
    """The value with each half of a surrogate pair replaced, and a breach for each."""
    breaches: list[Breach] = []
    match value:
        case str() if _SURROGATE.search(value):
            message = f"{dotted(path) or 'the text'} holds half of a surrogate pair"
            return _SURROGATE.sub("\ufffd", value), [Breach("lone-surrogate", message, path)]
        case dict():
            members: dict[str, Value] = {}
            for name, member in value.items():
                whole = _SURROGATE.sub("\ufffd", name)
                members[whole], found = _repaired(member, (*path, whole))
                breaches += found
            return members, breaches
        case list():
            items = []
            for index, item in enumerate(value):
                repaired, found = _repaired(item, (*path, index))
                items.append(repaired)
                breaches += found
            return items, breaches
        case _:
            return value, []


def _placing(source: str) -> Placing:
    """Where each value stands; the text is scanned only once something is asked."""

    @lru_cache(maxsize=1)
    def offsets() -> dict[ValuePath, int]:
        return dict(_offsets(source))

    def place_of(path: ValuePath) -> Place | None:
        offset = offsets().get(path)
        return None if offset is None else _line_and_column(source, offset)

    return place_of


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
            expects_key = False
        elif text == ",":
            expects_key = inside[-1] == "{"
            if not expects_key:
                path[-1] = int(path[-1]) + 1
        elif text == ":":
            expects_key = False
        elif expects_key:
            path[-1] = _SURROGATE.sub("\ufffd", json.loads(text, strict=False))
        else:
            yield tuple(path), token.start()
            if text in "{[":
                inside.append(text)
                path.append("" if text == "{" else 0)
                expects_key = text == "{"


def _line_and_column(source: str, offset: int) -> Place:
    return source.count("\n", 0, offset) + 1, offset - source.rfind("\n", 0, offset)
