"""Read cassettes: as vcrpy, pytest-recording, Ruby's VCR and schemathesis write them."""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import BinaryIO, Final

from docpact.capture.buffers import MAX_LINE, numbered_lines
from docpact.capture.comments import MOST_HEEDED, Beside, above, beside
from docpact.capture.json_items import items_of, parsed
from docpact.capture.model import Damage, DamagedCapture, Entry
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
from docpact.capture.yaml_items import YamlItems
from docpact.core.comment import Comment
from docpact.core.exchange import Source

_Found = tuple[object, int, tuple[Comment, ...]]  # a call, its answer's line, what stands beside
_NAMES: Final = frozenset({b"interactions", b"http_interactions"})
_START = re.compile(rb"(?:http_)?interactions:[ \t]*(?:\[\][ \t]*)?\r?\n?")
_ITEM = re.compile(rb"( *)- ")
_LONGEST_HEAD: Final = 1024 * 1024  # bytes before the first item that may hold anchors
_RESPONSE = re.compile(rb"^ +response:", re.MULTILINE)


def vcr_entries(stream: BinaryIO, file: str, start: bytes) -> Iterator[Entry]:
    """Every call of a cassette, be it written in YAML or in JSON."""
    found = _in_json(stream) if start.lstrip().startswith(b"{") else _in_yaml(stream)
    for number, (call, line, comments) in enumerate(found, start=1):
        yield _entry(call, Source(file, line, number, is_embedded=True, comments=comments))


def _in_json(stream: BinaryIO) -> Iterator[_Found]:
    for item in items_of(stream, _NAMES):
        yield _parsed(item.text), item.line, ()


def _in_yaml(
    stream: BinaryIO,
) -> Iterator[_Found]:
    """The items, split where one begins at the margin: so none has to wait for the last.

    What continues a text stands further in, in YAML; so a dash there always begins an item.
    """
    document = YamlItems()
    lines: list[bytes] = []
    ahead: tuple[Comment, ...] = ()  # what stands above the item that comes next
    margin: bytes | None = None
    first = held = 0
    numbered = _whole(stream)
    _pass_head(numbered, document)
    for number, line in numbered:
        item = _ITEM.match(line)
        if margin is None and item:
            margin = item[1]
        if item and item[1] == margin:
            if lines:
                call, answer, said = _item(document, lines, first, item[1])
                yield call, answer, ahead + said.within
                ahead = said.ahead
            lines, first, held = [], number, 0
        elif margin is not None and line[:1].isalpha():
            break  # another member of the cassette, such as its version
        if margin is None:
            if len(ahead) < MOST_HEEDED:
                ahead += tuple(above(line, number))
        else:
            lines.append(line)
            held += len(line)
            if held > MAX_LINE:
                raise DamagedCapture("an entry is longer than any answer; the rest was not read")
    if lines:
        call, answer, said = _item(document, lines, first, margin or b"")
        yield call, answer, ahead + said.within + said.ahead


def _whole(stream: BinaryIO) -> Iterator[tuple[int, bytes]]:
    for number, line in numbered_lines(stream):
        if line is None:
            raise DamagedCapture(f"line {number} is longer than any answer; the rest was not read")
        yield number, line


def _pass_head(numbered: Iterator[tuple[int, bytes]], document: YamlItems) -> None:
    """Pass over what stands before the calls, which may mean what is anchored there."""
    head = bytearray()
    for _, line in numbered:
        if _START.match(line):
            break
        if len(head) <= _LONGEST_HEAD:
            head += line
    if b"&" in head:
        with suppress(ValueError):  # it is no call, so there is nothing to say of one
            document.read(bytes(head))


def _item(
    document: YamlItems, lines: list[bytes], first: int, margin: bytes
) -> tuple[object, int, Beside]:
    text = b"".join(lines)
    response = _RESPONSE.search(text)
    line = first + (text.count(b"\n", 0, response.start()) if response else 0)
    try:
        read = document.read(text)
    except ValueError as cause:
        return ValueError(f"it is no YAML that is read: {cause}"), line, Beside()
    call = read[0] if isinstance(read, list) and len(read) == 1 else None
    return call, line, beside(text, first, len(margin))


def _parsed(text: bytes) -> object:
    try:
        return parsed(text)
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


def schemathesis_entries(stream: BinaryIO, file: str) -> Iterator[Entry]:
    """Every call of a report, at the line of the event that tells of it."""
    number = 0
    for line_number, line in numbered_lines(stream):
        source = Source(file, line_number, number + 1, is_embedded=True)
        try:
            event = parsed(line) if line is not None else None
        except (ValueError, RecursionError) as cause:
            yield Damage(source, f"the line is no event: {cause}")
            number += 1
            continue
        if line is None:
            yield Damage(source, "the line is longer than any answer and was not judged")
            number += 1
            continue
        calls = at(event, "ScenarioFinished.recorder.interactions")
        if isinstance(calls, Mapping):
            for call in calls.values():
                number += 1
                yield _reported(call, Source(file, line_number, number, is_embedded=True))


def _reported(call: object, source: Source) -> Entry:
    response = at(call, "response")
    headers = pairs(at(response, "headers"))
    content = at(response, "content")
    packed = at(content, "$base64")
    try:
        body = body_of(packed or content, headers, is_base64=packed is not None)
    except ValueError as cause:
        return Damage(source, str(cause))
    if body is None and response is not None:
        body = b""
    return recorded(
        source,
        request=request_of(
            at(call, "request.method"),
            at(call, "request.uri"),
            pairs(at(call, "request.headers")),
        ),
        status=at(response, "status_code"),
        headers=headers,
        body=body,
        seconds=seconds(at(response, "elapsed")),
        started=moment(at(call, "timestamp")),
    )
