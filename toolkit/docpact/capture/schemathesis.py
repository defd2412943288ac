"""Read the NDJSON reports of schemathesis: events, some of which hold calls."""

from collections.abc import Iterator, Mapping
from typing import BinaryIO

from docpact.capture.entry import Damage, Entry
from docpact.capture.json_text import parsed
from docpact.capture.lines import numbered_lines
from docpact.capture.parts import at, body_of, moment, pairs, recorded, request_of, seconds
from docpact.exchange import Source


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
                yield _entry(call, Source(file, line_number, number, is_embedded=True))


def _entry(call: object, source: Source) -> Entry:
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
