"""The mock as an ASGI application, and the bounds on what its clients send.

Calls of the operation are answered here, everything else goes to the mock's own pages. What uvicorn
leaves open, its protocol below adds: bounds on requests, and one write for each answer.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from docpact.contract import Media
from docpact.core.errors import WrongConfiguration
from docpact.core.exchange import Headers, Request, Response, header
from docpact.http.har import RecordedCall
from docpact.http.signing import Refusal
from docpact.mock.endpoint import CONTENT_TYPES, DelayedResponse, MockEndpoint
from docpact.mock.request_parsing import BAD_REQUEST, TOO_LARGE, TOO_SLOW, media_for
from docpact.mock.state import Mock

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Pages = Callable[[Scope, Receive, Send], Awaitable[None]]

RAW: Final = "docpact.raw"  # where the server lets an application write bytes as they are
_OWN_PATHS: Final = (b"/_docpact", b"/favicon")


@dataclass(slots=True)
class App:
    """Answers every call, and records it."""

    mock: Mock
    pages: Pages | None = None  # the explorer and the controls, unless they are switched off

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection's request, as ASGI has it."""
        if scope["type"] != "http":
            return
        path: bytes = scope["raw_path"]
        if self.pages is not None and (path == b"/" or path.startswith(_OWN_PATHS)):
            await self.pages(scope, receive, send)
            return
        started = time.time()
        request = _request(scope)
        made = self._respond(request)
        if made.delay:
            await asyncio.sleep(made.delay)
        if made.hangs_up and RAW in scope:
            scope[RAW](b"")
            return
        call = RecordedCall(request, made.response, started, time.time() - started)
        self.mock.recorded.append(call)
        await _answer(made.response, scope, send)

    def _respond(self, request: Request) -> DelayedResponse:
        endpoint = self.mock.endpoint
        try:
            return endpoint.respond(request)
        except WrongConfiguration as wrong:  # the request names a fault that does not exist
            refusal = Refusal(400, "InvalidParameter.Fault", str(wrong))
            return DelayedResponse(endpoint.refuse(refusal, media_for(request)))


def _request(scope: Scope) -> Request:
    query: bytes = scope["query_string"]
    target: bytes = scope["raw_path"] + (b"?" + query if query else b"")
    headers = tuple(
        (name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]
    )
    return Request(scope["method"], target.decode("ascii", "surrogateescape"), headers)


async def _answer(response: Response, scope: Scope, send: Send) -> None:
    raw = scope.get(RAW)
    if raw is not None and scope["method"] != "HEAD" and _is_odd(response):
        raw(_message(response))
        return
    headers = [
        (name.encode("latin-1"), value.encode("latin-1")) for name, value in response.headers
    ]
    if header(response.headers, "Content-Length") is None and response.status != 204:  # noqa: PLR2004
        headers.append((b"content-length", b"%d" % len(response.body)))
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    await send({"type": "http.response.body", "body": response.body})


def _is_odd(response: Response) -> bool:
    """Whether a correct server would never send this."""
    length = header(response.headers, "Content-Length")
    lies = length is not None and length != str(len(response.body))
    return lies or (response.status or 0) < 200  # noqa: PLR2004


def _message(response: Response) -> bytes:
    """The response as bytes, whatever its headers claim."""
    headers: Headers = response.headers
    if header(headers, "Content-Length") is None:
        headers = (*headers, ("Content-Length", str(len(response.body))))
    lines = [f"HTTP/1.1 {response.status} ", *(f"{name}: {value}" for name, value in headers)]
    return "\r\n".join([*lines, "Connection: close", "", ""]).encode("latin-1") + response.body


MOST_HEAD: Final = 64 * 1024  # bytes of a request line with its headers
MOST_BODY: Final = 16 * 1024 * 1024  # bytes that are skipped, so that the client reads the answer
SECONDS_FOR_REQUEST: Final = 10.0  # then a client whose request is not complete is disconnected
_AT_ONCE: Final = 16 * 1024  # bytes; what is counted may hold the end of a body, or many requests


class JoinedTransport:
    """A transport that sends what is written in one step of the loop at once."""

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport = transport
        self._loop = loop
        self._parts: list[bytes] = []

    def write(self, data: bytes) -> None:
        """Send the data with whatever else is written in this step."""
        if not self._parts:
            self._loop.call_soon(self.flush)
        self._parts.append(data)

    def flush(self) -> None:
        """Send what was written."""
        parts, self._parts = self._parts, []
        if parts and not self._transport.is_closing():
            self._transport.write(b"".join(parts))

    def close(self) -> None:
        """Send what was written, then close."""
        self.flush()
        self._transport.close()

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  # all else is the transport's
        return getattr(self._transport, name)


class BoundedProtocol(HttpToolsProtocol):
    """Refuses requests that are too large, too slow or not HTTP, with an error body."""

    endpoint: ClassVar[MockEndpoint]

    def connection_made(self, transport: Any) -> None:  # noqa: ANN401  # as uvicorn has it
        """Start the time that a client has for its request."""
        super().connection_made(JoinedTransport(transport, self.loop))  # type: ignore[arg-type]  # it acts as one
        self._head_size = self._body_size = 0
        self._in_head = True
        self._deadline = self.loop.call_later(SECONDS_FOR_REQUEST, self._give_up)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the time."""
        self._deadline.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what came, unless it is too much for a request line and its headers."""
        for start in range(0, len(data), _AT_ONCE):
            if self.transport.is_closing():
                return
            part = data[start : start + _AT_ONCE]
            if self._in_head:
                self._head_size += len(part)
                if self._head_size > MOST_HEAD:
                    self._refuse(TOO_LARGE)
                    return
            super().data_received(part)

    def on_message_begin(self) -> None:
        """Start the time anew, and let the application write bytes as they are."""
        super().on_message_begin()
        self._deadline.cancel()
        self._deadline = self.loop.call_later(SECONDS_FOR_REQUEST, self._give_up)
        self.scope[RAW] = self._write_raw  # type: ignore[typeddict-unknown-key]  # ours

    def on_headers_complete(self) -> None:
        """Begin to count the body instead."""
        self._in_head = False
        self._head_size = self._body_size = 0
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Skip a body, which no call needs, so that its sender reads the answer."""
        self._body_size += len(body)
        if self._body_size > MOST_BODY:
            self.transport.close()
            return
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Count again: what follows is the head of another request."""
        super().on_message_complete()
        self._in_head = True
        self._deadline.cancel()

    def send_400_response(self, msg: str) -> None:
        """Say in an error body that this is not HTTP."""
        del msg
        self._refuse(BAD_REQUEST)

    def _give_up(self) -> None:
        """Disconnect a slow client; one whose body does not end has mostly had its answer."""
        if not self._in_head and self.cycle.response_started:
            self.transport.close()
        else:
            self._refuse(TOO_SLOW)

    def _refuse(self, refusal: Refusal) -> None:
        if self.transport.is_closing():
            return
        body = self.endpoint.refuse(refusal, Media.XML).body
        self.transport.write(
            b"HTTP/1.1 %d Refused\r\nContent-Type: %s\r\nContent-Length: %d\r\n"
            b"Connection: close\r\n\r\n%s"
            % (refusal.status, CONTENT_TYPES[Media.XML].encode(), len(body), body)
        )
        self.transport.close()

    def _write_raw(self, data: bytes) -> None:
        """Send bytes as they are and close; for answers that break HTTP on purpose."""
        self.transport.write(data)
        self.cycle.response_started = self.cycle.response_complete = True
        self.transport.close()


def protocol_for(endpoint: MockEndpoint) -> type[BoundedProtocol]:
    """The protocol of a server whose refusals are those of this endpoint."""
    return type("Protocol", (BoundedProtocol,), {"endpoint": endpoint})
