"""What the tests of the mock share: the contract's judge, a signer, and a bare connection."""

import http.client
import io
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

import pytest

from docpact.check import Checker, Session
from docpact.contract import Contract, Schemas, load_bundled, load_bundled_schemas
from docpact.core.exchange import Exchange, Request, Response, Source
from docpact.generate.requests import RequestCase, Signing
from docpact.http.signing import Key, signed
from docpact.mock import Mock, serve

KEY = Key("testid", "testsecret")
PATIENCE = 20.0  # seconds after which a test that waits for an answer fails


@pytest.fixture(scope="session")
def contract() -> Contract:
    """The contract that ships with docpact."""
    return load_bundled()


@pytest.fixture(scope="session")
def schemas() -> Schemas:
    """Its schemas."""
    return load_bundled_schemas()


@dataclass(frozen=True)
class Judge:
    """Tells the rules that an answer breaks, of whatever severity."""

    checker: Checker

    def __call__(self, response: Response, case: RequestCase | Request) -> list[str]:
        """The rules that one answer breaks, sorted."""
        return [each.rule for each in self.findings(response, case)]

    def findings(self, response, case, session: Session | None = None):
        """What is found in one answer, by rule."""
        request, expectation = (
            (case.request, case.expectation) if isinstance(case, RequestCase) else (case, None)
        )
        exchange = Exchange(response, Source("mock"), request, expectation)
        return sorted(self.checker.check(exchange, session), key=lambda each: each.rule)


@pytest.fixture(scope="session")
def judge(contract, schemas) -> Judge:
    """The judge of the contract that ships."""
    return Judge(Checker(contract, schemas))


@pytest.fixture(scope="session")
def sign(contract) -> Callable[[RequestCase], RequestCase]:
    """Does with a request what its Signing says, as one who has the mock's key."""

    def signed_as_told(case: RequestCase) -> RequestCase:
        request, version = case.request, contract.operation.version
        match case.signing:
            case Signing.NOT_AT_ALL:
                return case
            case Signing.OTHER_SECRET:
                made = signed(request, Key(KEY.id, "another secret"), version=version)
            case Signing.ALTERED:
                made = _altered(signed(request, KEY, version=version))
            case Signing.WITHOUT_QUERY:
                bare = replace(request, target=request.target.partition("?")[0])
                made = replace(signed(bare, KEY, version=version), target=request.target)
            case Signing.VALID:
                made = signed(request, KEY, version=version)
        return replace(case, request=made)

    return signed_as_told


def _altered(request: Request) -> Request:
    headers = dict(request.headers)
    end = headers["Authorization"][-4:]
    headers["Authorization"] = headers["Authorization"][:-4] + ("AAA=" if end != "AAA=" else "BBB=")
    return replace(request, headers=tuple(headers.items()))


@pytest.fixture
def mock() -> Iterator[Mock]:
    """The default world, served for one test that changes it."""
    with serve() as served:
        yield served


@pytest.fixture(scope="session")
def steady() -> Iterator[Mock]:
    """The default world, served for all tests that leave it as it is."""
    with serve() as served:
        yield served


class Wire:
    """A connection on which every byte is the test's own."""

    def __init__(self, url: str) -> None:
        split = urlsplit(url)
        self.socket = socket.create_connection((split.hostname, split.port), timeout=PATIENCE)

    def send(self, data: bytes) -> None:
        """Send bytes, whatever they are."""
        self.socket.sendall(data)

    def ask(self, target: str, method: str = "GET", *headers: str) -> Response:
        """One request on this connection, and its answer."""
        lines = [f"{method} {target} HTTP/1.1", "Host: 127.0.0.1", *headers, "", ""]
        self.send("\r\n".join(lines).encode("utf-8", "surrogateescape"))
        return self.answer(method)

    def answer(self, method: str = "GET") -> Response:
        """The next answer; it may not take a byte of the one after it."""
        return parsed(_Unbuffered(self.socket), method)

    def everything(self) -> bytes:
        """What comes until the server hangs up."""
        parts = iter(lambda: self.socket.recv(65536), b"")
        return b"".join(parts)

    def close(self) -> None:
        """Hang up."""
        self.socket.close()


class _Unbuffered(io.RawIOBase):
    """A socket as a file that reads no more than it is asked for."""

    def __init__(self, source: socket.socket) -> None:
        self._source = source

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        return self._source.recv_into(buffer)

    def read(self, size: int = -1) -> bytes:
        """So many bytes, however many pieces they come in."""
        whole = b""
        while size < 0 or len(whole) < size:
            piece = super().read(size - len(whole) if size >= 0 else 65536)
            if not piece:
                break
            whole += piece
        return whole


def parsed(stream: io.RawIOBase, method: str) -> Response:
    """An answer as Python's own library reads it."""

    class Source:
        @staticmethod
        def makefile(_mode: str) -> io.RawIOBase:
            return stream

    answer = http.client.HTTPResponse(Source(), method=method)  # type: ignore[arg-type]  # all it uses
    answer.begin()
    body = answer.read()
    return Response(body, answer.status, tuple(answer.getheaders()))


@pytest.fixture
def connect(steady) -> Iterator[Callable[..., Wire]]:
    """Opens connections to a mock, and hangs up after the test."""
    wires: list[Wire] = []

    def connected(url: str = steady.url) -> Wire:
        wires.append(Wire(url))
        return wires[-1]

    yield connected
    for each in wires:
        each.close()
