"""Read cassettes: as vcrpy, pytest-recording, Ruby's VCR and schemathesis write them."""

import json
import re
from collections.abc import Iterator
from typing import BinaryIO, Final

from docpact.capture.entry import Damage, DamagedCapture, Entry
from docpact.capture.json_items import items_of
from docpact.capture.lines import MAX_LINE, numbered_lines
from docpact.capture.parts import (
    at,
    body_of,
    moment,
    pairs,
    recorded,
    request_of,
    seconds,
    without_length,
)
from docpact.exchange import Source

_NAMES: Final = frozenset({b"interactions", b"http_interactions"})
_START = re.compile(rb"(?:http_)?interactions:[ \t]*(?:\[\][ \t]*)?\r?\n?")
_ITEM = re.compile(rb"( *)- ")
_DEEPEST: Final = 500
_BRACKET = re.compile(rb"""[\[\]{}]|"[^"\\]*+(?:\\.[^"\\]*+)*+"|'[^']*+'""", re.DOTALL)
_DASHES = re.compile(rb"(?:[-?] +){100}")
_RESPONSE = re.compile(rb"^ +response:", re.MULTILINE)


def vcr_entries(stream: BinaryIO, file: str, start: bytes) -> Iterator[Entry]:
    """Every call of a cassette, be it written in YAML or in JSON."""
    found = _in_json(stream) if start.lstrip().startswith(b"{") else _in_yaml(stream)
    for number, (text, line) in enumerate(found, start=1):
        yield _entry(text, Source(file, line, number, is_embedded=True))


def _in_json(stream: BinaryIO) -> Iterator[tuple[object, int]]:
    for item in items_of(stream, _NAMES):
        yield _parsed(item.text), item.line


def _in_yaml(  # noqa: C901  # one pass over the lines
    stream: BinaryIO,
) -> Iterator[tuple[object, int]]:
    """The items, split where one begins at the margin: so none has to wait for the last.

    What continues a text stands further in, in YAML; so a dash there always begins an item.
    """
    lines: list[bytes] = []
    margin: bytes | None = None
    first = held = 0
    is_inside = False
    for number, line in numbered_lines(stream):
        if line is None:
            raise DamagedCapture(f"line {number} is longer than any answer; the rest was not read")
        if not is_inside:
            is_inside = _START.match(line) is not None
            continue
        item = _ITEM.match(line)
        if margin is None and item:
            margin = item[1]
        if item and item[1] == margin:
            if lines:
                yield _item(lines, first)
            lines, first, held = [], number, 0
        elif margin is not None and line[:1].isalpha():
            break  # another member of the cassette, such as its version
        if margin is not None:
            lines.append(line)
            held += len(line)
            if held > MAX_LINE:
                raise DamagedCapture("an entry is longer than any answer; the rest was not read")
    if lines:
        yield _item(lines, first)


def _item(lines: list[bytes], first: int) -> tuple[object, int]:
    text = b"".join(lines)
    response = _RESPONSE.search(text)
    line = first + (text.count(b"\n", 0, response.start()) if response else 0)
    import yaml

    if _is_too_deep(text):
        return ValueError("it is nested deeper than any call"), line
    try:
        read = yaml.load(text, Loader=yaml.CSafeLoader)  # the safe one, in C
    except (yaml.YAMLError, ValueError, RecursionError, TypeError) as cause:
        problem = getattr(cause, "problem", None) or str(cause)
        return ValueError(f"it is no YAML: {problem}"), line
    return (read[0] if isinstance(read, list) and len(read) == 1 else None), line


def _is_too_deep(text: bytes) -> bool:
    """Whether the parser, which is written in C and recursive, might overflow its stack."""
    if _DASHES.search(text):
        return True
    depth = 0
    for token in _BRACKET.finditer(text):
        first = token[0][:1]
        depth = depth + 1 if first in b"[{" else max(depth - (first in b"]}"), 0)
        if depth > _DEEPEST:
            return True
    return False


def _parsed(text: bytes) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as cause:
        return ValueError(f"it is no JSON: {cause}")


def _entry(call: object, source: Source) -> Entry:
    if isinstance(call, ValueError):
        return Damage(source, str(call))
    if not isinstance(call, dict) or "request" not in call:
        return Damage(source, "it is no recorded call")
    try:
        body = _body(call)
    except ValueError as cause:
        return Damage(source, str(cause))
    response = call.get("response")
    return recorded(
        source,
        request=request_of(
            at(call, "request.method"),
            at(call, "request.uri") or at(call, "request.url"),
            pairs(at(call, "request.headers")),
        ),
        status=at(response, "status.code") or at(response, "status_code"),
        headers=_headers(call),
        body=body,
        seconds=seconds(at(response, "elapsed")),
        started=moment(at(call, "recorded_at")),
    )


def _headers(call: object) -> tuple[tuple[str, str], ...]:
    headers = pairs(at(call, "response.headers"))
    return without_length(headers, at(call, "response.body.string"))


def _body(call: object) -> bytes | None:
    """The body, wherever the tool has put it."""
    headers = _headers(call)
    response = at(call, "response")
    for name in ("body.base64_string", "body.string", "body", "content"):
        text = at(response, name)
        if isinstance(text, str | bytes):
            return body_of(text, headers, is_base64="base64" in name)
    if at(response, "body.string") is None and at(response, "body.encoding") is None:
        return None if at(response, "body") is None and at(response, "content") is None else b""
    return b""
