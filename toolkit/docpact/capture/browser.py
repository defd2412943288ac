"""Tell what a browser keeps in its archives though no server answered so.

What Chromium writes was seen in archives of DevTools and of Playwright. A browser shows what its
cache or a blocker said as if a server had, and texts in place of the bytes that came.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Self

from docpact.capture.parts import integer, pairs, request_of, seconds
from docpact.exchange import Headers, Request, header

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
