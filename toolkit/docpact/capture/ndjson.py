"""Read logs of one JSON document a line: bodies, or objects that hold a request and a response."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO, Final

from docpact.capture.buffers import MAX_LINE, numbered_lines
from docpact.capture.json_items import parsed
from docpact.capture.model import Damage, Entry, Skipped, raw_exchange
from docpact.capture.parts import (
    asked_of,
    at,
    body_of,
    integer,
    moment,
    pairs,
    request_of,
    seconds,
)
from docpact.contract import Operation
from docpact.contract.path_template import PathTemplate
from docpact.core.exchange import Exchange, Headers, Request, Response, Source
from docpact.http.content_encoding import unpacked

FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "body": ("body", "response.body", "response.content", "response.text", "response"),
    "status": ("status", "response.status", "response.status_code", "status_code"),
    "headers": ("response.headers", "response_headers"),
    "method": ("request.method", "method"),
    "url": ("request.url", "request.uri", "request.path", "request.target", "url", "uri", "path"),
    "request-headers": ("request.headers", "request_headers"),
    "encoding": ("encoding", "response.encoding", "body_encoding"),
    "time": ("started", "timestamp", "time", "@timestamp", "ts", "request.time"),
    "seconds": ("elapsed", "duration", "response.elapsed"),
}
_NO_BODY: Final = "(the line holds no body; --field body=PATH names its place)"
_OF_REQUESTS = ("method", "url", "uri", "path")
_OF_ANSWERS = frozenset({"RequestId", "Instance", "HostId"})


@dataclass(frozen=True, slots=True)
class LogForm:
    """Where a log keeps what: dotted paths by what they hold, before those that are usual."""

    said: tuple[tuple[str, str], ...] = ()
    operation: Operation | None = None  # for requests that are written PROJECT/JOB/ID
    status: int | None = None  # of bodies that come without one
    request: Request | None = None
    usual: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: FIELDS)

    def look(self, record: object, what: str) -> object:
        """What a record says of something, wherever it says it."""
        own = [path for name, path in self.said if name == what]
        return next(
            (found for path in own or self.usual[what] if (found := at(record, path)) is not None),
            None,
        )

    def headers(self, record: object) -> Headers:
        """The answer's headers; bare ones where it is plain that they are not the request's."""
        found = self.look(record, "headers")
        if found is None and not any(name == "headers" for name, _ in self.said):
            found = _bare_headers(record)
        return pairs(found)

    @property
    def names_body(self) -> bool:
        """Whether it was said where bodies are."""
        return any(name == "body" for name, _ in self.said)


def ndjson_entries(
    stream: BinaryIO, file: str, form: LogForm, *, first_line: int = 1, first_number: int = 1
) -> Iterator[Entry]:
    """Every line's exchange; a line that is no JSON is judged as a body, which it is not."""
    number = first_number
    for line_number, line in numbered_lines(stream):
        place = first_line + line_number - 1
        if line is None:
            why = f"the line is longer than {MAX_LINE // 2**20} MiB and was not judged"
            yield Damage(Source(file, place, number), why)
        elif line.strip():
            yield line_entry(line.rstrip(b"\r\n"), Source(file, place, number), form)
        else:
            continue
        number += 1


def line_entry(line: bytes, source: Source, form: LogForm) -> Entry:
    """The exchange of one line."""
    record = _record(line, form)
    if record is None:
        bare = raw_exchange(line, source.file, status=form.status, request=form.request)
        return Exchange(bare.response, source, bare.request)
    headers = form.headers(record)
    place = Source(source.file, source.first_line, source.number, is_embedded=True)
    encoded = str(form.look(record, "encoding") or "").lower() == "base64"
    try:
        body = _body(form.look(record, "body"), headers, is_base64=encoded)
    except ValueError as cause:
        return Damage(place, str(cause))
    if body is None:
        call = asked_of(_request(record, form) or form.request)
        return Skipped(place, f"{call} {_NO_BODY}", lacks_body=True)
    status = integer(form.look(record, "status"))
    response = Response(
        unpacked(body, headers),
        form.status if status is None else status,
        headers,
        seconds(form.look(record, "seconds")),
    )
    asked = _request(record, form) or form.request
    return Exchange(response, place, asked, started=moment(form.look(record, "time")))


def _record(line: bytes, form: LogForm) -> Mapping[str, object] | None:
    """The line as a record that holds an answer; nothing if it is the answer itself."""
    if not form.names_body and b'"body"' not in line and b'"response"' not in line:
        return None
    try:
        record = parsed(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(record, dict) or (not form.names_body and not _OF_ANSWERS.isdisjoint(record)):
        return None
    known = form.names_body or form.look(record, "body") is not None or "request" in record
    return record if known else None


def _bare_headers(record: object) -> object:
    """Headers beside a body and its status, unless they may be those of a method and URL there."""
    if (
        at(record, "body") is None
        or integer(at(record, "status") or at(record, "status_code")) is None
    ):
        return None
    is_told_apart = any(at(record, path) is not None for path in FIELDS["request-headers"])
    if not is_told_apart and any(at(record, name) is not None for name in _OF_REQUESTS):
        return None
    return at(record, "headers")


def _body(found: object, headers: Headers, *, is_base64: bool) -> bytes | None:
    if isinstance(found, dict | list):
        if isinstance(found, dict) and isinstance(found.get("$base64"), str):
            return body_of(found["$base64"], headers, is_base64=True)
        return json.dumps(found, ensure_ascii=False).encode("utf-8", "surrogatepass")
    return body_of(found, headers, is_base64=is_base64)


def _request(record: object, form: LogForm) -> Request | None:
    named = at(record, "request")
    if isinstance(named, str) and form.operation and form.operation.path:
        return _request_named(named, form.operation)
    return request_of(
        form.look(record, "method"),
        form.look(record, "url"),
        pairs(form.look(record, "request-headers")),
    )


def _request_named(instance_reference: str, operation: Operation) -> Request | None:
    """The operation's request for PROJECT/JOB/ID; None if it is of another form."""
    template = PathTemplate.parse(operation.path)
    values = template.values_of(instance_reference)
    return None if values is None else Request(operation.method, template.fill(values))
