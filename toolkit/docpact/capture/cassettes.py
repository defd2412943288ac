"""Read cassettes: as vcrpy, pytest-recording, Ruby's VCR and schemathesis write them."""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import BinaryIO, Final

from docpact.capture.json_items import items_of, parsed
from docpact.capture.model import (
    MOST_COMMENTS,
    CaptureEntry,
    Damage,
    DamagedCapture,
    OpenCapture,
    recorded_body,
    recorded_exchange,
    recorded_headers,
    recorded_request,
    seconds,
    timestamp,
    without_length,
)
from docpact.capture.streams import MAX_LINE, numbered_lines
from docpact.capture.yaml_items import YamlItems
from docpact.contract.value_path import value_at
from docpact.core.exchange import Headers, Source
from docpact.core.text import MARK, Comment, comments_in

_Found = tuple[object, int, tuple[Comment, ...]]  # a call, its answer's line, comments beside it
_NAMES: Final = frozenset({b"interactions", b"http_interactions"})
_START = re.compile(rb"(?:http_)?interactions:[ \t]*(?:\[\][ \t]*)?\r?\n?")
_ITEM = re.compile(rb"( *)- ")
_LONGEST_HEAD: Final = 1024 * 1024  # bytes before the first item that may hold anchors
_RESPONSE = re.compile(rb"^ +response:", re.MULTILINE)
_MARK: Final = MARK.encode()
_COMMENT = re.compile(r"(?:^|(?<=[ \t]))#[ \t]*docpact:[^\n]*", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class _ItemComments:
    """The comments within an item, and those at its end that are above the next one."""

    within: tuple[Comment, ...] = ()
    ahead: tuple[Comment, ...] = ()


def vcr_entries(capture: OpenCapture) -> Iterator[CaptureEntry]:
    """Every call of a cassette, be it written in YAML or in JSON."""
    is_json = capture.start.lstrip().startswith(b"{")
    found = (_in_json if is_json else _in_yaml)(capture.stream)
    for number, (call, line, comments) in enumerate(found, start=1):
        source = Source(capture.name, line, number, is_embedded=True, comments=comments)
        yield _entry(call, source)


def _in_json(stream: BinaryIO) -> Iterator[_Found]:
    for item in items_of(stream, _NAMES):
        try:
            yield parsed(item.text), item.line, ()
        except (ValueError, RecursionError) as cause:
            yield ValueError(f"it is not JSON: {cause}"), item.line, ()


def _in_yaml(stream: BinaryIO) -> Iterator[_Found]:
    """The items, split where one begins at the margin, so that none has to wait for the last.

    In YAML, a text that goes on in the next line is indented; so a dash at the margin always begins
    an item.
    """
    document = YamlItems()
    lines: list[bytes] = []
    ahead: tuple[Comment, ...] = ()  # the comments above the next item
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
                call, answer, comments = _item(document, lines, first, item[1])
                yield call, answer, ahead + comments.within
                ahead = comments.ahead
            lines, first, held = [], number, 0
        elif margin is not None and line[:1].isalpha():
            break  # another member of the cassette, such as its version
        if margin is None:
            if len(ahead) < MOST_COMMENTS:
                ahead += _comment_above(line, number)
        else:
            lines.append(line)
            held += len(line)
            if held > MAX_LINE:
                raise DamagedCapture("an entry is too long for an answer; the rest was not read")
    if lines:
        call, answer, comments = _item(document, lines, first, margin or b"")
        yield call, answer, ahead + comments.within + comments.ahead


def _whole(stream: BinaryIO) -> Iterator[tuple[int, bytes]]:
    for number, line in numbered_lines(stream):
        if line is None:
            raise DamagedCapture(f"line {number} is too long for an answer; the rest was not read")
        yield number, line


def _pass_head(numbered: Iterator[tuple[int, bytes]], document: YamlItems) -> None:
    """Pass over the beginning, but keep its anchors, which the calls may refer to."""
    head = bytearray()
    for _, line in numbered:
        if _START.match(line):
            break
        if len(head) <= _LONGEST_HEAD:
            head += line
    if b"&" in head:
        with suppress(ValueError):  # it is not a call, so there is nothing to report
            document.read(bytes(head))


def _item(
    document: YamlItems, lines: list[bytes], first: int, margin: bytes
) -> tuple[object, int, _ItemComments]:
    text = b"".join(lines)
    response = _RESPONSE.search(text)
    line = first + (text.count(b"\n", 0, response.start()) if response else 0)
    try:
        read = document.read(text)
    except ValueError as cause:
        return ValueError(f"it cannot be read as YAML: {cause}"), line, _ItemComments()
    call = read[0] if isinstance(read, list) and len(read) == 1 else None
    return call, line, _comments_of(text, first, len(margin))


def _comment_above(line: bytes, number: int) -> tuple[Comment, ...]:
    """The comment on a line before any item."""
    if _MARK not in line or not line.lstrip(b" ").startswith(b"#"):
        return ()
    return tuple(comments_in(line.decode("utf-8", "replace"), number))


def _comments_of(item: bytes, first: int, margin: int) -> _ItemComments:
    """The comments in an item that begins on a line, its dash at a column.

    A body may hold the same words and is not a comment, so YAML's own scanner says what is a text.
    An item that it cannot read has no comments.
    """
    if _MARK not in item:
        return _ItemComments()
    try:
        text = item.decode("utf-8")
    except UnicodeDecodeError:
        return _ItemComments()
    spans = [found.span() for found in _COMMENT.finditer(text)]
    scanned = _outside_of_texts(text, spans) if spans else None
    if scanned is None:
        return _ItemComments()
    outside, end = scanned
    within: list[Comment] = []
    ahead: list[Comment] = []
    line, counted = first, 0
    for start, stop in outside[:MOST_COMMENTS]:
        line += text.count("\n", counted, start)
        counted = start
        column = start - (text.rfind("\n", 0, start) + 1)
        comments = ahead if start >= end and column <= margin else within
        comments += comments_in(text[start:stop], line)
    return _ItemComments(tuple(within), tuple(ahead))


def _outside_of_texts(
    text: str, spans: list[tuple[int, int]]
) -> tuple[list[tuple[int, int]], int] | None:
    """The spans that are not in a scalar, and where the last token ends."""
    import yaml

    at = end = 0
    outside: list[tuple[int, int]] = []
    try:
        for token in yaml.scan(text, Loader=yaml.CSafeLoader):
            if isinstance(token, yaml.BlockEndToken | yaml.StreamEndToken):
                continue
            start, end = token.start_mark.index, token.end_mark.index
            while at < len(spans) and spans[at][0] < end:
                if spans[at][0] < start:
                    outside.append(spans[at])
                at += 1
    except yaml.YAMLError:
        return None
    return [*outside, *spans[at:]], end


def _entry(call: object, source: Source) -> CaptureEntry:
    if isinstance(call, ValueError):
        return Damage(source, str(call))
    if not isinstance(call, dict) or "request" not in call:
        return Damage(source, "it is not a recorded call")
    headers = recorded_headers(value_at(call, "response.headers"))
    headers = without_length(headers, value_at(call, "response.body.string"))
    try:
        return _recorded(call, source, headers, _body(call, headers))
    except ValueError as cause:
        return Damage(source, str(cause))


def _recorded(call: object, source: Source, headers: Headers, body: bytes | None) -> CaptureEntry:
    request, response = value_at(call, "request"), value_at(call, "response")
    url = value_at(request, "uri") or value_at(request, "url")
    return recorded_exchange(
        source,
        request=recorded_request(value_at(request, "method"), url, value_at(request, "headers")),
        status=value_at(response, "status.code") or value_at(response, "status_code"),
        headers=headers,
        body=body,
        seconds=seconds(value_at(response, "elapsed")),
        started=timestamp(value_at(call, "recorded_at") or value_at(call, "timestamp")),
    )


def _body(call: object, headers: Headers) -> bytes | None:
    """The body, wherever the tool has put it."""
    response = value_at(call, "response")
    for name in ("body.base64_string", "body.string", "body", "content"):
        text = value_at(response, name)
        if isinstance(text, str | bytes):
            return recorded_body(text, headers, is_base64="base64" in name)
    is_recorded = any(value_at(response, each) is not None for each in ("body", "content"))
    return b"" if is_recorded else None


def schemathesis_entries(capture: OpenCapture) -> Iterator[CaptureEntry]:
    """Every call of a report, at the line of the event that holds it."""
    number = 0
    for line_number, line in numbered_lines(capture.stream):
        try:
            event = parsed(line or b"it is too long")
        except (ValueError, RecursionError) as cause:
            number += 1
            source = Source(capture.name, line_number, number, is_embedded=True)
            why = cause if line else "it is too long for an answer"
            yield Damage(source, f"the line cannot be read as an event: {why}")
            continue
        calls = value_at(event, "ScenarioFinished.recorder.interactions")
        for call in calls.values() if isinstance(calls, Mapping) else ():
            number += 1
            yield _reported(call, Source(capture.name, line_number, number, is_embedded=True))


def _reported(call: object, source: Source) -> CaptureEntry:
    response = value_at(call, "response")
    headers = recorded_headers(value_at(response, "headers"))
    content = value_at(response, "content")
    encoded = value_at(content, "$base64")
    try:
        body = recorded_body(encoded or content, headers, is_base64=encoded is not None)
    except ValueError as cause:
        return Damage(source, str(cause))
    if body is None and response is not None:
        body = b""
    return _recorded(call, source, headers, body)
