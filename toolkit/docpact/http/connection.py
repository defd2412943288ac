"""A connection to an endpoint, directly or through a proxy, on which nothing waits for ever."""

import base64
import selectors
import socket
import ssl
import time
from dataclasses import dataclass, field
from types import TracebackType
from typing import Final, Self

from docpact.core.errors import DocpactError

_AT_ONCE: Final = 64 * 1024  # bytes
_LONGEST_HEAD: Final = 64 * 1024  # bytes of a proxy's answer
_REFUSED: Final = "Is it running, and is that its port?"


class Unreachable(DocpactError):
    """The endpoint cannot be reached, or gives nothing that can be taken for an answer."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where to connect to."""

    host: str  # in ASCII, an IPv6 address without brackets
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Proxy:
    """Who passes our calls on; what it knows us by is kept out of every printed form."""

    address: Address
    authorization: str = field(default="", repr=False)

    @classmethod
    def with_login(cls, address: Address, user: str, password: str) -> Self:
        """A proxy that asks who we are."""
        plain = f"{user}:{password}".encode()
        return cls(address, f"Basic {base64.b64encode(plain).decode()}")


@dataclass(frozen=True, slots=True)
class Deadline:
    """The moment by which a call must be over."""

    limit: float  # seconds that it was given
    end: float  # by the clock that never goes back

    @classmethod
    def within(cls, seconds: float) -> Self:
        """That many seconds from now."""
        return cls(seconds, time.monotonic() + seconds)

    @property
    def left(self) -> float:
        """The seconds that are left.

        Raises TimeoutError if there are none.
        """
        left = self.end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left


@dataclass(slots=True)
class Line:
    """An open connection; whatever it does ends by the deadline that it is given."""

    socket: socket.socket

    def send(self, data: bytes, deadline: Deadline) -> None:
        """Send all of it."""
        self.socket.settimeout(deadline.left)
        self.socket.sendall(data)

    def receive(self, deadline: Deadline) -> bytes:
        """What has come, or nothing at the end."""
        self.socket.settimeout(deadline.left)
        return self.socket.recv(_AT_ONCE)

    @property
    def is_stale(self) -> bool:
        """Whether something came that nobody asked for: the end, or more than the last answer."""
        with selectors.DefaultSelector() as selector:  # select itself fails beyond 1,024 files
            selector.register(self.socket, selectors.EVENT_READ)
            return bool(selector.select(0))

    def close(self) -> None:
        """Hang up."""
        self.socket.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def connected(
    target: Address, deadline: Deadline, *, tls: ssl.SSLContext | None, proxy: Proxy | None
) -> Line:
    """A connection to the target.

    Raises Unreachable with the reason and the next step.
    """
    first = proxy.address if proxy else target
    line = Line(_opened(first, deadline, "the proxy " if proxy else ""))
    try:
        if tls is None:
            return line
        if proxy:
            _pass_through(line, target, proxy, deadline)
        return Line(_secured(line, target, deadline, tls))
    except BaseException:
        line.close()
        raise


def _opened(address: Address, deadline: Deadline, who: str) -> socket.socket:
    try:
        opened = socket.create_connection((address.host, address.port), timeout=deadline.left)
    except (socket.gaierror, UnicodeError) as cause:
        message = f"the name of {who}{address.host} is not known"
        raise Unreachable(message, hint="Is it spelt right, and is there a network?") from cause
    except ConnectionRefusedError as cause:
        raise Unreachable(f"{who}{address} refuses connections", hint=_REFUSED) from cause
    except TimeoutError as cause:
        message = f"{who}{address} did not take the connection within {deadline.limit:g} seconds"
        raise Unreachable(message, hint=_REFUSED) from cause
    except OSError as cause:
        raise Unreachable(f"{who}{address} cannot be reached: {cause.strerror}") from cause
    opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return opened


def _secured(line: Line, target: Address, deadline: Deadline, tls: ssl.SSLContext) -> ssl.SSLSocket:
    try:
        line.socket.settimeout(deadline.left)
        return tls.wrap_socket(line.socket, server_hostname=target.host)
    except ssl.SSLCertVerificationError as cause:
        message = f"the certificate of {target} is not trusted: {cause.verify_message}"
        hint = "Name its authority's file in SSL_CERT_FILE, or leave it unchecked by --insecure."
        raise Unreachable(message, hint=hint) from cause
    except TimeoutError as cause:
        message = f"{target} did not agree on TLS within {deadline.limit:g} seconds"
        raise Unreachable(message, hint="Does it speak plain http:// there?") from cause
    except OSError as cause:  # errors of TLS are such, too
        reason = getattr(cause, "reason", None) or cause.strerror or "it hung up"
        message = f"{target} and we cannot agree on TLS: {reason}"
        raise Unreachable(message, hint="Does it speak plain http:// there?") from cause


def _pass_through(line: Line, target: Address, proxy: Proxy, deadline: Deadline) -> None:
    """Ask the proxy for a connection through which it looks at nothing."""
    login = f"Proxy-Authorization: {proxy.authorization}\r\n" if proxy.authorization else ""
    try:
        line.send(f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n{login}\r\n".encode(), deadline)
        head = b""
        # A byte at a time, for what comes after the head belongs to TLS.
        while not head.endswith(b"\r\n\r\n") and len(head) < _LONGEST_HEAD:
            line.socket.settimeout(deadline.left)
            came = line.socket.recv(1)
            if not came:
                break
            head += came
    except OSError as cause:
        raise Unreachable(f"the proxy {proxy.address} gave no answer") from cause
    version, _, status = head.partition(b"\r\n")[0].partition(b" ")
    if not version.startswith(b"HTTP/1.") or not head.endswith(b"\r\n\r\n"):
        raise Unreachable(f"the proxy {proxy.address} does not speak HTTP")
    if not status.startswith(b"2"):
        told = status.decode("ascii", "replace")
        message = f"the proxy {proxy.address} lets nothing through to {target}: {told}"
        raise Unreachable(message, hint="Name hosts that need no proxy in NO_PROXY.")
