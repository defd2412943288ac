"""Read HTTP Archives (HAR 1.2), as browsers, proxies and docpact itself write them."""

import json
from collections.abc import Iterator
from typing import BinaryIO, Final

from docpact.capture.entry import Damage, Entry
from docpact.capture.json_items import Item, items_of
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

_ENTRIES: Final = frozenset({b"entries"})


def har_entries(stream: BinaryIO, file: str) -> Iterator[Entry]:
    """Every call of an archive; a damaged one keeps none of the others from being read."""
    for number, item in enumerate(items_of(stream, _ENTRIES), start=1):
        yield _entry(item, file, number)


def _entry(item: Item, file: str, number: int) -> Entry:
    line = item.line + item.text.count(b"\n", 0, max(item.text.find(b'"response"'), 0))
    source = Source(file, line, number, is_embedded=True)
    try:
        call = json.loads(item.text)
        content = at(call, "response.content")
        text = at(content, "text")
        if text is None and at(content, "size") == 0:
            text = ""  # some leave out what is empty
        headers = without_length(pairs(at(call, "response.headers")), text)
        body = body_of(text, headers, is_base64=at(content, "encoding") == "base64")
    except (ValueError, RecursionError) as cause:
        return Damage(source, str(cause))
    taken = seconds(at(call, "time"))
    return recorded(
        source,
        request=request_of(
            at(call, "request.method"),
            at(call, "request.url"),
            pairs(at(call, "request.headers")),
        ),
        status=at(call, "response.status"),
        headers=headers,
        body=body,
        seconds=None if taken is None else taken / 1000,
        started=moment(at(call, "startedDateTime")),
    )
