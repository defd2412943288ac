"""Send requests to an endpoint exactly as they are written, and return its answers.

Other HTTP clients normalise paths, add headers and refuse what is not valid. A tool that probes an
endpoint must not: here every byte of the request is ours, and h11 only reads the answer.
"""

import ipaddress
import ssl
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, Self
from urllib.parse import SplitResult, unquote, urlsplit

import h11

from docpact.core.errors import WrongConfiguration
from docpact.core.exchange import MAX_BODY, Headers, Request, Response, header
from docpact.http.connection import Address, Connection, Deadline, Proxy, Unreachable, connected
from docpact.http.content_encoding import unpacked

__all__ = ["Client", "ConnectionLost", "Endpoint", "Unreachable"]

_PORTS: Final = {"http": 80, "https": 443}
_LONGEST_HEAD: Final = 256 * 1024  # bytes of one answer's status line and headers
_URL_HINT: Final = "Write it like http://127.0.0.1:8000 or https://foas.example.com/prefix."
_FORBIDDEN: Final = frozenset("\r\n\0")  # they would end a line, and so begin another header


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where calls go to, as its URL says."""

    scheme: str
    address: Address
    prefix: str = ""  # of every target

    @classmethod
    def at(cls, url: str) -> Self:
        """The endpoint that a URL names.

        Raises WrongConfiguration if it is not one; the message never repeats a password.
        """
        split, port = _split(url)
        is_odd = split.scheme not in _PORTS or not split.hostname
        if split.username is not None or (is_odd and "@" in url):
            hint = "Pass keys as --access-key-id and --access-key-secret."
            raise WrongConfiguration("the URL contains a user or a password", hint=hint)
        if is_odd or not split.hostname:
            what = f"{url!r} is not the URL of an endpoint"
            raise WrongConfiguration(what, hint=_URL_HINT)
        if "?" in url or "#" in url:
            hint = "Leave out what comes after ? or #; parameters are options."
            raise WrongConfiguration("the URL of an endpoint must not have a query", hint=hint)
        if any(not "!" <= each <= "~" for each in split.path):
            hint = "Percent-encode other characters."
            raise WrongConfiguration("the path of the URL must be printable ASCII", hint=hint)
        port = _PORTS[split.scheme] if port is None else port
        address = Address(_ascii(split.hostname), port)
        return cls(split.scheme, address, split.path.rstrip("/"))

    @property
    def is_local(self) -> bool:
        """Whether calls stay on this machine."""
        host = self.address.host
        try:
            return ipaddress.ip_address(host).is_loopback
        except ValueError:
            return host == "localhost" or host.endswith(".localhost")

    @property
    def authority(self) -> str:
        """Host and port, as the header Host has them."""
        text = str(self.address)
        return text.removesuffix(f":{_PORTS[self.scheme]}")

    def __str__(self) -> str:
        return f"{self.scheme}://{self.authority}{self.prefix}"


class ConnectionLost(Unreachable):
    """A kept connection broke before the answer; nobody knows whether the request was read.

    Whoever sends it again should sign it anew, or a server that did read it refuses a replay.
    """


class Client:
    """Calls one endpoint over a connection that it keeps; each thread needs one of its own."""

    def __init__(self, url: str, *, timeout: float = 30.0, verify: bool | str = True) -> None:
        self.endpoint = Endpoint.at(url)
        self._timeout = timeout
        self._tls = _trust(verify) if self.endpoint.scheme == "https" else None
        self._proxy = None if self.endpoint.is_local else _proxy_for(self.endpoint)
        self._open: _Conversation | None = None

    @property
    def is_local(self) -> bool:
        """Whether calls stay on this machine."""
        return self.endpoint.is_local

    def send(self, request: Request, *, within: float | None = None) -> Response:
        """The answer to a request; one that is cut off or too long, as far as it arrived.

        It is sent once. `within` is how many seconds this call may take at most, if that is less
        than the timeout.

        Raises Unreachable if there is no answer at all (ConnectionLost if that may be because the
        connection was a kept one), WrongConfiguration if the request would be more than one.
        """
        timeout = self._timeout if within is None else min(self._timeout, within)
        deadline = Deadline.within(timeout)
        data = self._written(request)
        kept = self._reusable()
        if kept is None:
            return self._call(self._connect(deadline), request, data, deadline)
        try:
            return self._call(kept, request, data, deadline)
        except _NoAnswer as cause:
            raise ConnectionLost(cause.message) from cause

    def close(self) -> None:
        """Hang up."""
        if self._open is not None:
            self._open.connection.close()
            self._open = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _connect(self, deadline: Deadline) -> "_Conversation":
        connection = connected(self.endpoint.address, deadline, tls=self._tls, proxy=self._proxy)
        return _Conversation(connection, str(self.endpoint.address))

    def _reusable(self) -> "_Conversation | None":
        if self._open is not None and self._open.connection.is_stale:
            self.close()
        return self._open

    def _call(
        self, conversation: "_Conversation", request: Request, data: bytes, deadline: Deadline
    ) -> Response:
        self._open = None
        is_over = False
        try:
            response, is_over = conversation.answer(request, data, deadline)
        finally:
            if is_over:
                self._open = conversation
            else:
                conversation.connection.close()
        return response

    def _written(self, request: Request) -> bytes:
        """The request as it travels."""
        endpoint = self.endpoint
        target = endpoint.prefix + request.target
        headers = [*request.headers]
        if header(request.headers, "Host") is None:
            headers.insert(0, ("Host", endpoint.authority))
        if header(request.headers, "User-Agent") is None:
            headers.append(("User-Agent", "docpact"))
        if self._proxy and not self._tls:  # which needs to know where to pass it on to
            target = f"{endpoint.scheme}://{endpoint.authority}{target}"
            if self._proxy.authorization:
                headers.append(("Proxy-Authorization", self._proxy.authorization))
        lines = [f"{request.method} {target} HTTP/1.1", *(f"{name}: {of}" for name, of in headers)]
        if any(not _FORBIDDEN.isdisjoint(line) for line in lines):
            raise WrongConfiguration(
                "a request must not contain line ends or NUL in its target or headers"
            )
        return "".join(f"{line}\r\n" for line in (*lines, "")).encode("utf-8", "surrogateescape")


class _NoAnswer(Unreachable):
    """The connection ended before an answer began."""


@dataclass(slots=True)
class _Conversation:
    """A connection, and the reader that knows how far its answers were read."""

    connection: Connection
    who: str
    reader: h11.Connection | None = None

    def answer(self, request: Request, data: bytes, deadline: Deadline) -> tuple[Response, bool]:
        """The answer to a request, and whether the connection is free for the next one."""
        reader = self._prepared(request)
        began = time.monotonic()
        head = self._head(reader, data, deadline)
        headers = tuple(
            (name.decode("latin-1"), value.decode("latin-1"))
            for name, value in head.headers.raw_items()
        )
        body = self._body(reader, deadline)
        excess = reader.trailing_data[0]
        if excess and _has_length(headers, head.status_code, request.method):
            body += excess  # so that the wrong length is seen
        seconds = time.monotonic() - began
        is_over = not excess and reader.our_state is reader.their_state is h11.DONE
        body = unpacked(body[: MAX_BODY + 1], headers)
        return Response(body, head.status_code, headers, seconds), is_over

    def _prepared(self, request: Request) -> h11.Connection:
        """A reader that knows as much of the request as decides how its answer ends."""
        reader = self.reader
        if reader is None:
            self.reader = reader = h11.Connection(
                h11.CLIENT, max_incomplete_event_size=_LONGEST_HEAD
            )
        else:
            reader.start_next_cycle()
        method = "HEAD" if request.method == "HEAD" else "GET"
        reader.send(h11.Request(method=method, target="/", headers=[("Host", "x")]))
        reader.send(h11.EndOfMessage())
        return reader

    def _head(self, reader: h11.Connection, data: bytes, deadline: Deadline) -> h11.Response:
        """Status and headers; interim answers are passed over."""
        has_begun = False
        try:
            with suppress(BrokenPipeError, ConnectionResetError):  # the answer may be there already
                self.connection.send(data, deadline)
            while True:
                event = reader.next_event()
                if isinstance(event, h11.Response):
                    return event
                if event is h11.NEED_DATA:
                    more = self.connection.receive(deadline)
                    if not more and not has_begun:
                        raise _NoAnswer(f"{self.who} closed the connection without an answer")
                    has_begun = True
                    reader.receive_data(more)
        except TimeoutError as cause:
            message = f"{self.who} did not answer within {deadline.limit:g} seconds"
            raise Unreachable(message, hint="Wait longer with --timeout.") from cause
        except OSError as cause:
            kind = Unreachable if has_begun else _NoAnswer
            raise kind(
                f"{self.who} closed the connection without an answer: {cause.strerror or cause}"
            ) from cause
        except h11.RemoteProtocolError as cause:
            message = f"{self.who} did not answer in HTTP: {cause}"
            hint = "Is this the right port, and does it use https:// there?"
            raise Unreachable(message, hint=hint) from cause

    def _body(self, reader: h11.Connection, deadline: Deadline) -> bytes:
        """The body as it was sent, or what arrived of it."""
        body = bytearray()
        try:
            while len(body) <= MAX_BODY:
                event = reader.next_event()
                if isinstance(event, h11.Data):
                    body += event.data
                elif event is h11.NEED_DATA:
                    reader.receive_data(self.connection.receive(deadline))
                else:
                    break
        except (OSError, h11.RemoteProtocolError):
            pass  # what arrived is judged; its headers say what should have arrived
        return bytes(body)


def _has_length(headers: Headers, status: int, method: str) -> bool:
    is_bare = method == "HEAD" or status in {204, 304}
    is_chunked = header(headers, "Transfer-Encoding") is not None
    return not is_bare and not is_chunked and header(headers, "Content-Length") is not None


def _split(url: str) -> tuple[SplitResult, int | None]:
    try:
        split = urlsplit(url)
        port = split.port
    except ValueError as cause:  # its text may hold the password
        raise WrongConfiguration("that is not the URL of an endpoint", hint=_URL_HINT) from cause
    return split, port


def _ascii(host: str) -> str:
    try:
        return host if host.isascii() else host.encode("idna").decode()
    except UnicodeError as cause:
        raise WrongConfiguration(f"{host!r} is not a host name", hint=_URL_HINT) from cause


def _trust(verify: bool | str) -> ssl.SSLContext:  # noqa: FBT001  # as requests and httpx have it
    """Whose certificates are trusted."""
    try:
        context = ssl.create_default_context(cafile=verify if isinstance(verify, str) else None)
    except OSError as cause:
        raise WrongConfiguration(f"{verify} contains no certificates") from cause
    if verify is False:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _proxy_for(endpoint: Endpoint) -> Proxy | None:
    """The proxy that the environment names for an endpoint."""
    from urllib.request import getproxies, proxy_bypass  # slow to import, and mostly not needed

    proxies = getproxies()
    url = proxies.get(endpoint.scheme) or proxies.get("all")
    if not url or proxy_bypass(str(endpoint.address)):
        return None
    split, port = _split(url if "://" in url else f"http://{url}")
    if split.scheme != "http" or not split.hostname:
        message = f"the proxy for {endpoint.scheme}:// in the environment is not an http:// URL"
        raise WrongConfiguration(message, hint=f"Set {endpoint.scheme}_proxy or NO_PROXY.")
    address = Address(_ascii(split.hostname), port or 80)
    if split.username is None:
        return Proxy(address)
    return Proxy.with_login(address, unquote(split.username), unquote(split.password or ""))
