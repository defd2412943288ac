"""Read logs of one JSON document a line: bodies, or objects that hold a request and a response."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from docpact.capture.json_items import parsed
from docpact.capture.model import (
    CaptureEntry,
    Damage,
    OpenCapture,
    ReadOptions,
    Skipped,
    body_exchange,
    integer,
    name_of_call,
    recorded_body,
    recorded_headers,
    recorded_request,
    seconds,
    timestamp,
)
from docpact.capture.streams import MAX_LINE, numbered_lines
from docpact.contract import Operation
from docpact.contract.path_template import PathTemplate
from docpact.contract.value_path import value_at
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


class LogFields:
    """Where each line of a log has its fields: at dotted paths by name, as said or as usual."""

    def __init__(self, options: ReadOptions) -> None:
        self.options = options
        self._paths = dict(FIELDS)
        for name in {name for name, _ in options.fields}:
            self._paths[name] = tuple(path for each, path in options.fields if each == name)
        self._usual_headers = self._paths["headers"] is FIELDS["headers"]
        self.names_body = self._paths["body"] is not FIELDS["body"]  # somebody said where it is

    @property
    def is_bare(self) -> bool:
        """Whether bodies get nothing from the options: no status, no request, no place."""
        options = self.options
        return options.status is None and options.request is None and not self.names_body

    def value(self, record: object, name: str) -> object:
        """A record's value of a field; None if it has none."""
        found = (value_at(record, path) for path in self._paths[name])
        return next((each for each in found if each is not None), None)

    def headers(self, record: object) -> Headers:
        """The answer's headers; bare ones where it is plain that they are not the request's."""
        found = self.value(record, "headers")
        if found is None and self._usual_headers:
            found = _bare_headers(record)
        return recorded_headers(found)

    def request(self, record: object) -> Request | None:
        """The request of a record, or else that of the options."""
        reference, only = value_at(record, "request"), self.options.operation_filter
        if isinstance(reference, str) and only and only.operation.path:
            found = _request_named(reference, only.operation)
        else:
            found = recorded_request(
                self.value(record, "method"),
                self.value(record, "url"),
                self.value(record, "request-headers"),
            )
        return found or self.options.request


def ndjson_entries(capture: OpenCapture) -> Iterator[CaptureEntry]:
    """Every line's exchange; a line that is not JSON is judged as a body, and fails as one."""
    fields, number = LogFields(capture.options), 0
    for line_number, line in numbered_lines(capture.stream):
        if line is None or line.strip():
            number += 1
            yield line_entry(line, Source(capture.name, line_number, number), fields)


def line_entry(line: bytes | None, source: Source, fields: LogFields) -> CaptureEntry:
    """The exchange of one line, which is None if it is too long."""
    if line is None:
        why = f"the line is longer than {MAX_LINE // 2**20} MiB and was not judged"
        return Damage(source, why)
    line = line.rstrip(b"\r\n")
    options = fields.options
    record = _record(line, fields)
    if record is None:
        bare = body_exchange(line, source.file, status=options.status, request=options.request)
        return Exchange(bare.response, source, bare.request)
    headers = fields.headers(record)
    place = Source(source.file, source.first_line, source.number, is_embedded=True)
    encoded = str(fields.value(record, "encoding") or "").lower() == "base64"
    try:
        body = _body(fields.value(record, "body"), headers, is_base64=encoded)
    except ValueError as cause:
        return Damage(place, str(cause))
    if body is None:
        call = name_of_call(fields.request(record))
        return Skipped(place, f"{call} {_NO_BODY}", lacks_body=True)
    status = integer(fields.value(record, "status"))
    response = Response(
        unpacked(body, headers),
        options.status if status is None else status,
        headers,
        seconds(fields.value(record, "seconds")),
    )
    started = timestamp(fields.value(record, "time"))
    return Exchange(response, place, fields.request(record), started=started)


def _record(line: bytes, fields: LogFields) -> Mapping[str, object] | None:
    """The line as a record that holds an answer; None if it is the answer itself."""
    if not fields.names_body and b'"body"' not in line and b'"response"' not in line:
        return None
    try:
        record = parsed(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(record, dict) or (
        not fields.names_body and not _OF_ANSWERS.isdisjoint(record)
    ):
        return None
    holds_answer = (
        fields.names_body or fields.value(record, "body") is not None or "request" in record
    )
    return record if holds_answer else None


def _bare_headers(record: object) -> object:
    """Headers beside a body and its status, unless they may be those of a method and URL there."""
    status = value_at(record, "status") or value_at(record, "status_code")
    if value_at(record, "body") is None or integer(status) is None:
        return None
    is_plain = _has_any(record, FIELDS["request-headers"]) or not _has_any(record, _OF_REQUESTS)
    return value_at(record, "headers") if is_plain else None


def _has_any(record: object, paths: Iterable[str]) -> bool:
    return any(value_at(record, each) is not None for each in paths)


def _body(found: object, headers: Headers, *, is_base64: bool) -> bytes | None:
    if isinstance(found, dict | list):
        if isinstance(found, dict) and isinstance(found.get("$base64"), str):
            return recorded_body(found["$base64"], headers, is_base64=True)
        return json.dumps(found, ensure_ascii=False).encode("utf-8", "surrogatepass")
    return recorded_body(found, headers, is_base64=is_base64)


def _request_named(instance_reference: str, operation: Operation) -> Request | None:
    """The operation's request for PROJECT/JOB/ID; None if it is of another form."""
    template = PathTemplate.parse(operation.path)
    values = template.values_of(instance_reference)
    return None if values is None else Request(operation.method, template.fill(values))
