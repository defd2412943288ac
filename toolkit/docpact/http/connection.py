"""A connection to an endpoint, directly or through a proxy, on which nothing waits for ever."""

import base64
import selectors
import socket
import ssl
import time
from dataclasses import dataclass, field
from typing import Final, Self

from docpact.core.errors import DocpactError

_AT_ONCE: Final = 64 * 1024  # bytes
_LONGEST_HEAD: Final = 64 * 1024  # bytes of a proxy's answer
_REFUSED: Final = "Is it running, and is that its port?"


class Unreachable(DocpactError):
    """The endpoint cannot be reached, or sends nothing that is an answer."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where to connect to."""

    host: str  # in ASCII, an IPv6 address without brackets
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Proxy:
    """Who passes our calls on; the login is kept out of its repr."""

    address: Address
    authorization: str = field(default="", repr=False)

    @classmethod
    def with_login(cls, address: Address, user: str, password: str) -> Self:
        """A proxy that needs a login."""
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
class Connection:
    """An open connection; whatever it does ends by the deadline that it is given."""

    socket: socket.socket

    def send(self, data: bytes, deadline: Deadline) -> None:
        """Send all of it."""
        self.socket.settimeout(deadline.left)
        self.socket.sendall(data)

    def receive(self, deadline: Deadline) -> bytes:
        """The bytes that arrived; empty at the end."""
        self.socket.settimeout(deadline.left)
        return self.socket.recv(_AT_ONCE)

    @property
    def is_stale(self) -> bool:
        """Whether something arrived without a request: the end, or more than the last answer."""
        with selectors.DefaultSelector() as selector:  # select itself fails beyond 1,024 files
            selector.register(self.socket, selectors.EVENT_READ)
            return bool(selector.select(0))

    def close(self) -> None:
        """Hang up."""
        self.socket.close()


def connected(
    target: Address, deadline: Deadline, *, tls: ssl.SSLContext | None, proxy: Proxy | None
) -> Connection:
    """A connection to the target.

    Raises Unreachable with the reason and the next step.
    """
    first = proxy.address if proxy else target
    connection = Connection(_opened(first, deadline, "the proxy " if proxy else ""))
    try:
        if tls is None:
            return connection
        if proxy:
            _pass_through(connection, target, proxy, deadline)
        return Connection(_secured(connection, target, deadline, tls))
    except BaseException:
        connection.close()
        raise


def _opened(address: Address, deadline: Deadline, who: str) -> socket.socket:
    try:
        opened = socket.create_connection((address.host, address.port), timeout=deadline.left)
    except (socket.gaierror, UnicodeError) as cause:
        message = f"the host name of {who}{address.host} cannot be resolved"
        raise Unreachable(message, hint="Is it spelled right, and is there a network?") from cause
    except ConnectionRefusedError as cause:
        raise Unreachable(f"{who}{address} refuses connections", hint=_REFUSED) from cause
    except TimeoutError as cause:
        message = f"{who}{address} did not accept the connection within {deadline.limit:g} seconds"
        raise Unreachable(message, hint=_REFUSED) from cause
    except OSError as cause:
        raise Unreachable(f"{who}{address} cannot be reached: {cause.strerror}") from cause
    opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return opened


def _secured(
    connection: Connection, target: Address, deadline: Deadline, tls: ssl.SSLContext
) -> ssl.SSLSocket:
    try:
        connection.socket.settimeout(deadline.left)
        return tls.wrap_socket(connection.socket, server_hostname=target.host)
    except ssl.SSLCertVerificationError as cause:
        message = f"the certificate of {target} is not trusted: {cause.verify_message}"
        hint = "Set SSL_CERT_FILE to its authority's file, or skip the check with --insecure."
        raise Unreachable(message, hint=hint) from cause
    except TimeoutError as cause:
        message = f"{target} did not finish the TLS handshake within {deadline.limit:g} seconds"
        raise Unreachable(message, hint="Does it use plain http:// there?") from cause
    except OSError as cause:  # errors of TLS are such, too
        reason = getattr(cause, "reason", None) or cause.strerror or "it closed the connection"
        message = f"the TLS handshake with {target} failed: {reason}"
        raise Unreachable(message, hint="Does it use plain http:// there?") from cause


def _pass_through(
    connection: Connection, target: Address, proxy: Proxy, deadline: Deadline
) -> None:
    """Ask the proxy for a tunnel, through which it reads nothing."""
    login = f"Proxy-Authorization: {proxy.authorization}\r\n" if proxy.authorization else ""
    try:
        connection.send(
            f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n{login}\r\n".encode(), deadline
        )
        head = b""
        # A byte at a time, for what comes after the head belongs to TLS.
        while not head.endswith(b"\r\n\r\n") and len(head) < _LONGEST_HEAD:
            connection.socket.settimeout(deadline.left)
            byte = connection.socket.recv(1)
            if not byte:
                break
            head += byte
    except OSError as cause:
        raise Unreachable(f"the proxy {proxy.address} did not answer") from cause
    version, _, status = head.partition(b"\r\n")[0].partition(b" ")
    if not version.startswith(b"HTTP/1.") or not head.endswith(b"\r\n\r\n"):
        raise Unreachable(f"the proxy {proxy.address} does not speak HTTP")
    if not status.startswith(b"2"):
        answer = status.decode("ascii", "replace")
        message = f"the proxy {proxy.address} refuses connections to {target}: {answer}"
        raise Unreachable(message, hint="List hosts that need no proxy in NO_PROXY.")
