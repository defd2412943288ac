"""Read HTTP Archives (HAR 1.2), as browsers, proxies and docpact itself write them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final, Self

from docpact.capture.json_items import Item, items_of, parsed
from docpact.capture.model import (
    MOST_COMMENTS,
    CaptureEntry,
    Damage,
    ExternalBodies,
    OpenCapture,
    Skipped,
    integer,
    name_of_call,
    recorded_body,
    recorded_exchange,
    recorded_headers,
    recorded_request,
    seconds,
    timestamp,
    without_length,
)
from docpact.core.exchange import Headers, Request, Source, header
from docpact.core.text import MARK, Comment, comments_in

_NOT_MODIFIED: Final = 304
_ABORTED: Final = "net::ERR_ABORTED"
_LONGEST: Final = 200  # characters of a browser's own words
_CONDITIONS: Final = ("If-None-Match", "If-Modified-Since")
_BROWSER_MEMBERS: Final = ("_resourceType", "pageref")  # which only browsers leave
_BEFORE_SENDING: Final = (
    "blocked",
    "dns",
    "connect",
)  # TLS is in the last one


@dataclass(frozen=True, slots=True)
class HarCall:
    """What an archive has recorded of one call."""

    call: Mapping[str, object]
    response: Mapping[str, object]
    content: Mapping[str, object]
    request: Request | None
    sent: Headers  # those of the answer, as they were recorded

    @classmethod
    def of(cls, record: object) -> Self:
        """The call in an entry, whatever is missing in it."""
        call = _members(record)
        sent_request, response = _members(call.get("request")), _members(call.get("response"))
        request = recorded_request(*map(sent_request.get, ("method", "url", "headers")))
        content, sent = _members(response.get("content")), recorded_headers(response.get("headers"))
        return cls(call, response, content, request, sent)

    @property
    def skipped_because(self) -> str | None:
        """Why the answer says nothing about the server; None if it is one to judge."""
        return next(self._reasons(), None)

    @property
    def headers(self) -> Headers:
        """The answer's headers, without the length of a text that a browser has decoded.

        It drops the byte order mark. It refuses bodies of a wrong length, so nothing is missed.
        """
        if self._is_browsers and self.content.get("encoding") != "base64":
            return tuple(each for each in self.sent if each[0].lower() != "content-length")
        return self.sent

    @property
    def text(self) -> object:
        """The text that was kept of a body; empty if there was no body, None if it was not kept."""
        text, size = self.content.get("text"), self.content.get("size")
        if text == "" and isinstance(size, int) and size > 0:
            return None
        if text is None and size == 0 and not self._is_announced:
            return ""  # some leave out what is empty
        return text

    @property
    def seconds(self) -> float | None:
        """How long it took once it was sent; a browser also counts the time before."""
        taken, timings = seconds(self.call.get("time")), _members(self.call.get("timings"))
        if taken is None:
            return None
        waited = sum(seconds(timings.get(each)) or 0.0 for each in _BEFORE_SENDING)
        return max(taken - waited, 0.0) / 1000

    def _reasons(self) -> Iterator[str]:
        failure = self._failure
        if (integer(self.response.get("status")) or 0) <= 0:
            yield f"no answer was recorded{failure and ': '}{failure}"
        if failure == _ABORTED or self.call.get("_wasAborted"):
            yield "the browser cancelled it"
        if self.call.get("_fromCache") or self._is_cached:
            yield "it came from the browser's cache"
        if self.response.get("_fetchedViaServiceWorker"):
            yield "a service worker answered it"
        if header(self.sent, "Non-Authoritative-Reason"):
            yield "the browser redirected it by itself"
        if failure and self.content.get("text") is None:
            yield f"its body was not recorded: {failure}"

    @property
    def _failure(self) -> str:
        said = (self.response.get(each) for each in ("_error", "_failureText"))
        return next((each[:_LONGEST] for each in said if isinstance(each, str)), "")

    @property
    def _is_browsers(self) -> bool:
        return (
            any(each in self.call for each in _BROWSER_MEMBERS) or "_transferSize" in self.response
        )

    @property
    def _is_conditional(self) -> bool:
        """Whether the request excluded what the browser already had."""
        headers = self.request.headers if self.request else ()
        return any(header(headers, each) for each in _CONDITIONS)

    @property
    def _is_cached(self) -> bool:
        """Whether the answer was in the browser's cache, perhaps confirmed by a 304."""
        if integer(self.response.get("status")) == _NOT_MODIFIED:
            # Headers that a browser adds by itself are not in all of its archives.
            return self._is_browsers or self._is_conditional
        if not self._is_browsers or not self.content.get("size"):
            return False
        came = (self.response.get("_transferSize"), self.response.get("bodySize"))
        # What a 304 confirmed is recorded with the status 200 and the headers of the 304.
        return 0 in came or (self._is_conditional and not header(self.sent, "Content-Type"))

    @property
    def _is_announced(self) -> bool:
        """Whether there was a body of which the archive has only the size."""
        if self.request is not None and self.request.method == "HEAD":
            return False
        sizes = (header(self.sent, "Content-Length"), self.response.get("bodySize"))
        return any((integer(each) or 0) > 0 for each in sizes)


def _members(record: object) -> Mapping[str, object]:
    return record if isinstance(record, dict) else {}


_ENTRIES: Final = frozenset({b"entries"})
_COMMENT = re.compile(rb'"comment"\s*:\s*"(?:[^"\\]|\\.)*?docpact:')


def har_entries(capture: OpenCapture) -> Iterator[CaptureEntry]:
    """Every call of an archive; the others are read although one is damaged."""
    bodies = ExternalBodies(capture.find)
    for number, item in enumerate(items_of(capture.stream, _ENTRIES), start=1):
        line = item.line + item.text.count(b"\n", 0, max(item.text.find(b'"response"'), 0))
        source = Source(capture.name, line, number, is_embedded=True)
        try:
            call = parsed(item.text)
            source = replace(source, comments=_comments(call, item))
            yield _entry(HarCall.of(call), source, bodies)
        except (ValueError, RecursionError) as cause:
            yield Damage(source, str(cause))


def _comments(call: object, item: Item) -> tuple[Comment, ...]:
    """What an entry says in its own `comment`."""
    if MARK.encode() not in item.text or not isinstance(call, dict):
        return ()
    text = call.get("comment")
    if not isinstance(text, str):
        return ()
    member = _COMMENT.search(item.text)
    line = item.line + item.text.count(b"\n", 0, member.start() if member else 0)
    # A line end within the text is written as \n, so all of it is on one line.
    comments = islice(comments_in(text, line), MOST_COMMENTS)
    return tuple(replace(each, line=line) for each in comments)


def _entry(call: HarCall, source: Source, bodies: ExternalBodies) -> CaptureEntry:
    why, text = call.skipped_because, call.text
    headers = without_length(call.headers, text)
    body = recorded_body(text, headers, is_base64=call.content.get("encoding") == "base64")
    name = call.content.get("_file")
    if why is None and body is None and isinstance(name, str):
        body = bodies.body(name)
        if body is None:
            why = f"its body is in {name}, which is not beside the archive"
    if why is not None:
        return Skipped(source, f"{name_of_call(call.request)} ({why})")
    return recorded_exchange(
        source,
        request=call.request,
        status=call.response.get("status"),
        headers=headers,
        body=body,
        seconds=call.seconds,
        started=timestamp(call.call.get("startedDateTime")),
    )
