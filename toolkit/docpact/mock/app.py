"""The mock as an ASGI application: calls of the operation here, everything else routed."""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from typing import Any, Final

from docpact.core.errors import WrongConfiguration
from docpact.core.exchange import Headers, Request, Response, header
from docpact.http.har import Call
from docpact.http.signing import Refusal
from docpact.mock.endpoint import Endpoint, Reply, media_for

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Pages = Callable[[Scope, Receive, Send], Awaitable[None]]

RAW: Final = "docpact.raw"  # where the server lets an application write bytes as they are
_MOST_RECORDED: Final = 1_000
_OWN_PATHS: Final = (b"/_docpact", b"/favicon")


@dataclass(slots=True)
class App:
    """Answers every call, and remembers the last ones."""

    endpoint: Endpoint
    pages: Pages | None = None  # the explorer and the controls, unless they are switched off
    calls: deque[Call] = field(default_factory=lambda: deque(maxlen=_MOST_RECORDED))

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
        reply = self._reply(request)
        if reply.delay:
            await asyncio.sleep(reply.delay)
        if reply.hangs_up and RAW in scope:
            scope[RAW](b"")
            return
        self.calls.append(Call(request, reply.response, started, time.time() - started))
        await _answer(reply.response, scope, send)

    def _reply(self, request: Request) -> Reply:
        try:
            return self.endpoint.reply(request)
        except WrongConfiguration as wrong:  # a fault asked for that does not exist
            refusal = Refusal(400, "InvalidParameter.Fault", str(wrong))
            return Reply(self.endpoint.refuse(refusal, media_for(request)))


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
    """Whether a server with manners would not send this."""
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
