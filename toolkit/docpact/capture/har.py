"""Read HTTP Archives (HAR 1.2), as browsers, proxies and docpact itself write them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import BinaryIO, Final, Self

from docpact.capture.comments import in_archive
from docpact.capture.external_bodies import Attached
from docpact.capture.json_items import items_of, parsed
from docpact.capture.model import Damage, Entry, Skipped
from docpact.capture.parts import (
    asked_of,
    body_of,
    integer,
    moment,
    pairs,
    recorded,
    request_of,
    seconds,
    without_length,
)
from docpact.core.exchange import Headers, Request, Source, header

_NOT_MODIFIED: Final = 304
_BROKEN_OFF: Final = "net::ERR_ABORTED"
_LONGEST: Final = 200  # characters of a browser's own words
_CONDITIONS: Final = ("If-None-Match", "If-Modified-Since")
_SIGNS: Final = ("_resourceType", "pageref")  # which only browsers leave
_BEFORE: Final = ("blocked", "dns", "connect")  # until the request is sent; TLS is in the last


@dataclass(frozen=True, slots=True)
class Told:
    """What an archive tells of one call."""

    call: Mapping[str, object]
    response: Mapping[str, object]
    content: Mapping[str, object]
    request: Request | None
    sent: Headers  # those of the answer, as they were recorded

    @classmethod
    def of(cls, record: object) -> Self:
        """The call in an entry, whatever is missing in it."""
        call = _members(record)
        asked, response = _members(call.get("request")), _members(call.get("response"))
        request = request_of(asked.get("method"), asked.get("url"), pairs(asked.get("headers")))
        content, sent = _members(response.get("content")), pairs(response.get("headers"))
        return cls(call, response, content, request, sent)

    @property
    def unjudged(self) -> str | None:
        """Why the answer says nothing of the server; nothing if it is one to judge."""
        return next(self._reasons(), None)

    @property
    def headers(self) -> Headers:
        """The answer's headers, without the length of what a browser has not kept as it came.

        It tells a text without its byte order mark. Bodies that are not as long as was said it
        refuses, so nothing is missed.
        """
        if self._is_browsers and self.content.get("encoding") != "base64":
            return tuple(each for each in self.sent if each[0].lower() != "content-length")
        return self.sent

    @property
    def text(self) -> object:
        """The text that was kept of a body; empty if none came, nothing if it was not kept."""
        text, size = self.content.get("text"), self.content.get("size")
        if text == "" and isinstance(size, int) and size > 0:
            return None
        if text is None and size == 0 and not self._is_announced:
            return ""  # some leave out what is empty
        return text

    @property
    def seconds(self) -> float | None:
        """How long it took once it was sent; a browser counts how long it made it wait, too."""
        taken, timings = seconds(self.call.get("time")), _members(self.call.get("timings"))
        if taken is None:
            return None
        waited = sum(seconds(timings.get(each)) or 0.0 for each in _BEFORE)
        return max(taken - waited, 0.0) / 1000

    def _reasons(self) -> Iterator[str]:
        failure = self._failure
        if (integer(self.response.get("status")) or 0) <= 0:
            yield f"no answer was recorded{failure and ': '}{failure}"
        if failure == _BROKEN_OFF or self.call.get("_wasAborted"):
            yield "the browser broke it off"
        if self.call.get("_fromCache") or self._is_known:
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
        return any(each in self.call for each in _SIGNS) or "_transferSize" in self.response

    @property
    def _is_conditional(self) -> bool:
        """Whether the request asked only for what the browser had not yet."""
        asked = self.request.headers if self.request else ()
        return any(header(asked, each) for each in _CONDITIONS)

    @property
    def _is_known(self) -> bool:
        """Whether the answer is one that the browser had before, as it is or confirmed by a 304."""
        if integer(self.response.get("status")) == _NOT_MODIFIED:
            # Headers that a browser adds by itself are not in all of its archives.
            return self._is_browsers or self._is_conditional
        if not self._is_browsers or not self.content.get("size"):
            return False
        came = (self.response.get("_transferSize"), self.response.get("bodySize"))
        # What a 304 confirmed is shown under the status 200, with the headers of the 304.
        return 0 in came or (self._is_conditional and not header(self.sent, "Content-Type"))

    @property
    def _is_announced(self) -> bool:
        """Whether a body came of which the archive only says that there was one."""
        if self.request is not None and self.request.method == "HEAD":
            return False
        told = (header(self.sent, "Content-Length"), self.response.get("bodySize"))
        return any((integer(each) or 0) > 0 for each in told)


def _members(record: object) -> Mapping[str, object]:
    return record if isinstance(record, dict) else {}


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
