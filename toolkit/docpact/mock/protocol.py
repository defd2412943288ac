"""What uvicorn leaves open: bounds on what a client sends, and one write for each answer."""

import asyncio
from typing import Any, ClassVar, Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from docpact.contract import Media
from docpact.http.signing import Refusal
from docpact.mock.app import RAW
from docpact.mock.endpoint import CONTENT_TYPES, Endpoint
from docpact.mock.responses import BAD_REQUEST, TOO_LARGE, TOO_SLOW

MOST_HEAD: Final = 64 * 1024  # bytes of a request line with its headers
MOST_BODY: Final = 16 * 1024 * 1024  # bytes that are passed over, so that the answer is read
SECONDS_FOR_REQUEST: Final = 10.0  # then a client that has not said what it wants is sent away
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
    """Refuses requests that are too large, too slow or no HTTP, with an error body."""

    endpoint: ClassVar[Endpoint]

    def connection_made(self, transport: Any) -> None:  # noqa: ANN401  # as uvicorn has it
        """Start the time that a client has to say what it wants."""
        super().connection_made(JoinedTransport(transport, self.loop))  # type: ignore[arg-type]  # it acts as one
        self._head_size = self._body_size = 0
        self._in_head = True
        self._deadline = self.loop.call_later(SECONDS_FOR_REQUEST, self._give_up)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the time."""
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
        """Pass over a body that nobody asked for, so that its sender reads the answer."""
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
        """Say in an error body that this is no HTTP."""
        del msg
        self._refuse(BAD_REQUEST)

    def _give_up(self) -> None:
        """Send away who is too slow; one whose body does not end has had the answer mostly."""
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


def protocol_for(endpoint: Endpoint) -> type[BoundedProtocol]:
    """The protocol of a server whose refusals are those of this endpoint."""
    return type("Protocol", (BoundedProtocol,), {"endpoint": endpoint})
