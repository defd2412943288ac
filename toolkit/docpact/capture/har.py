"""Read HTTP Archives (HAR 1.2), as browsers, proxies and docpact itself write them."""

from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO, Final

from docpact.capture.attached import Attached
from docpact.capture.browser import Told
from docpact.capture.comments import in_archive
from docpact.capture.entry import Damage, Entry, Skipped
from docpact.capture.json_items import items_of
from docpact.capture.json_text import parsed
from docpact.capture.parts import asked_of, body_of, moment, recorded, without_length
from docpact.exchange import Source

_ENTRIES: Final = frozenset({b"entries"})


def har_entries(stream: BinaryIO, file: str, attached: Attached) -> Iterator[Entry]:
    """Every call of an archive; a damaged one keeps none of the others from being read."""
    for number, item in enumerate(items_of(stream, _ENTRIES), start=1):
        line = item.line + item.text.count(b"\n", 0, max(item.text.find(b'"response"'), 0))
        source = Source(file, line, number, is_embedded=True)
        try:
            call = parsed(item.text)
            source = replace(source, comments=in_archive(call, item))
            yield _entry(Told.of(call), source, attached)
        except (ValueError, RecursionError) as cause:
            yield Damage(source, str(cause))


def _entry(told: Told, source: Source, attached: Attached) -> Entry:
    why, text = told.unjudged, told.text
    headers = without_length(told.headers, text)
    body = body_of(text, headers, is_base64=told.content.get("encoding") == "base64")
    name = told.content.get("_file")
    if why is None and body is None and isinstance(name, str):
        body = attached.body(name)
        if body is None:
            why = f"its body was put into {name}, which is not beside the archive"
    if why is not None:
        return Skipped(source, f"{asked_of(told.request)} ({why})")
    return recorded(
        source,
        request=told.request,
        status=told.response.get("status"),
        headers=headers,
        body=body,
        seconds=told.seconds,
        started=moment(told.call.get("startedDateTime")),
    )
