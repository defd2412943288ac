"""Servers that are right and unusual: the mock's endpoint, answering in ways of its own."""

import gzip
import json
import re
import threading
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote

from lxml import etree

from docpact.core.exchange import Request, Response, header
from docpact.http.signing import Refusal, Verifier
from docpact.mock import MockEndpoint
from docpact.mock.request_parsing import media_for
from docpact.mock.server import endpoint_for

PREFIX = "/gateway/foas"
PAGE = b"<!DOCTYPE html>\n<html><head><title>404 Not Found</title></head><body>nginx</body></html>"
REFUSED = ("Authorization", "Signature", "AccessKey")  # in the codes of refused signatures


@dataclass
class Odd:
    """What is unusual about a server."""

    change: Callable[[Request, Response], Response] = lambda _, response: response
    write: Callable[[Response], bytes] = lambda response: plain(response)  # noqa: PLW0108  # it stands below
    signed: bool = True  # whether it asks for signatures
    prefix: str = ""
    calls: list[Request] = field(default_factory=list)


def plain(response: Response) -> bytes:
    """The answer as it mostly travels."""
    headers = response.headers
    if header(headers, "Content-Length") is None:
        headers = (*headers, ("Content-Length", str(len(response.body))))
    return head(response, headers) + response.body


def head(response: Response, headers, version: str = "1.1") -> bytes:
    """Status line and headers."""
    lines = [f"HTTP/{version} {response.status} Said", *(f"{name}: {of}" for name, of in headers)]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


def chunked(response: Response) -> bytes:
    """The body in pieces of no announced number."""
    if not response.body:
        return plain(response)
    pieces = [response.body[at : at + 100] for at in range(0, len(response.body), 100)]
    body = b"".join(b"%x\r\n%s\r\n" % (len(each), each) for each in [*pieces, b""])
    return head(response, (*response.headers, ("Transfer-Encoding", "chunked"))) + body


def old(response: Response) -> bytes:
    """HTTP/1.0: the end of the connection is the end of the body."""
    return head(response, response.headers, "1.0") + response.body


def shouting(response: Response) -> bytes:
    """Header names in another letter case."""
    headers = (*response.headers, ("Content-Length", str(len(response.body))))
    if header(response.headers, "Content-Length"):
        headers = response.headers
    return head(response, [(name.upper(), value) for name, value in headers]) + response.body


def packed(_: Request, response: Response) -> Response:
    """The body compressed, whether that was asked for or not."""
    if not response.body:
        return response
    headers = (*response.headers, ("Content-Encoding", "gzip"))
    return replace(response, body=gzip.compress(response.body), headers=headers)


def lower_case_ids(_: Request, response: Response) -> Response:
    """RequestId in lower case."""

    def change(value):
        return value | {"RequestId": value["RequestId"].lower()}

    return remade(response, change)


def with_priority(_: Request, response: Response) -> Response:
    """A member that live answers have and the page has not."""

    def change(value):
        if "Instance" not in value:
            return value
        return value | {"Instance": value["Instance"] | {"Priority": 1}}

    return remade(response, change)


def in_other_order(_: Request, response: Response) -> Response:
    """Members from the last to the first."""

    def change(value):
        return turned(value)

    return remade(response, change)


def turned(value):
    """The value with its members from the last to the first."""
    if not isinstance(value, dict):
        return value
    return {name: turned(each) for name, each in reversed(value.items())}


def remade(response: Response, change) -> Response:
    """The answer with its value changed, in its format."""
    if not response.body:
        return response
    if response.body.lstrip().startswith(b"<"):
        root = etree.fromstring(response.body)
        made = etree.Element(root.tag)
        _fill(made, change(_value(root)))
        body = etree.tostring(made, encoding="UTF-8", xml_declaration=True)
    else:
        body = json.dumps(change(json.loads(response.body)), ensure_ascii=False).encode()
    return replace(response, body=body)


def _value(element):
    return {each.tag: _value(each) if len(each) else each.text for each in element}


def _fill(element, value) -> None:
    for name, each in value.items():
        inner = etree.SubElement(element, name)
        if isinstance(each, dict):
            _fill(inner, each)
        elif each is not None:
            inner.text = str(each)


def refusing(status: int, **headers: str):
    """Signatures refused with another status, in other words."""

    def change(_: Request, response: Response) -> Response:
        if not any(each.encode() in response.body for each in REFUSED):
            return response
        said = {"Code": "Forbidden.RAM", "Message": "User not authorized to operate."}
        made = remade(response, lambda value: value | said)
        more = tuple((name.replace("_", "-"), value) for name, value in headers.items())
        return replace(made, status=status, headers=(*made.headers, *more))

    return change


def html_elsewhere(request: Request, response: Response) -> Response:
    """What a router makes of paths that it has put in order: a page for people."""
    path = request.target.partition("?")[0]
    segments = unquote(path).split("/")[1:]
    if response.status == 200 or {"", ".", ".."}.isdisjoint(segments):
        return response
    return Response(PAGE, 404, (("Content-Type", "text/html"),))


def gateway(request: Request, response: Response) -> Response:
    """A gateway that refuses what it finds malformed, in pages for people, before any server."""
    path = request.target.partition("?")[0]
    decoded = unquote(path, errors="replace")
    page = (("Content-Type", "text/html"),)
    if len(path) > 300:
        return Response(PAGE, 431 if len(path) > 3000 else 414, page)
    broken = re.search(r"%(?![0-9A-Fa-f]{2})", path) or "\ufffd" in decoded
    if broken or any(unicodedata.category(each) == "Cc" for each in decoded):
        return Response(b"Bad Request", 400)
    if response.status != 200 and "%2F" in path:
        return Response(b'{"error": "not found"}', 404, (("Content-Type", "application/json"),))
    return html_elsewhere(request, response)


def throttling():
    """Every seventh call comes too often."""
    counted = iter(range(1_000_000))

    def change(_: Request, response: Response) -> Response:
        if next(counted) % 7 != 3:
            return response
        body = b"<Error><RequestId>x</RequestId><Code>Throttling.User</Code></Error>"
        headers = (("Content-Type", "text/xml"), ("Retry-After", "0"))
        return Response(body, 429, headers)

    return change


def with_charset(_: Request, response: Response) -> Response:
    """A charset in the Content-Type, in quotes or capitals."""
    kind = 'application/xml; charset="utf-8"' if response.body[:1] == b"<" else ""
    kind = kind or "application/json; charset=UTF-8"
    others = [each for each in response.headers if each[0] != "Content-Type"]
    return replace(response, headers=(("Content-Type", kind), *others))


def json_at_first(endpoint: MockEndpoint):
    """JSON where nothing else was asked for."""

    def change(request: Request, response: Response) -> Response:
        asked = header(request.headers, "Accept") or "*/*"
        if "Format=" in request.target or asked != "*/*" or request.method != "GET":
            return response
        again = replace(request, headers=(("Accept", "application/json"),))
        return endpoint.respond(again).response

    return change


def odd_servers() -> dict[str, Odd]:
    """Every way to be unusual, by its name."""
    return {
        "packed": Odd(packed),
        "chunked": Odd(write=chunked),
        "packed-and-chunked": Odd(packed, chunked),
        "http-1.0": Odd(write=old),
        "header-names": Odd(write=shouting),
        "lower-case-request-id": Odd(lower_case_ids),
        "priority": Odd(with_priority),
        "other-order": Odd(in_other_order),
        "json-by-default": Odd(signed=False),
        "signatures-400": Odd(refusing(400)),
        "signatures-401": Odd(refusing(401, WWW_Authenticate='acs realm="x"')),
        "signatures-403": Odd(refusing(403)),
        "signatures-404": Odd(refusing(404)),
        "html-404": Odd(html_elsewhere),
        "gateway": Odd(gateway),
        "throttling": Odd(throttling()),
        "charset": Odd(with_charset),
        "prefix": Odd(prefix=PREFIX),
    }


class Handler(BaseHTTPRequestHandler):
    """Answers with what the odd server says."""

    protocol_version = "HTTP/1.1"
    server: "Server"

    def _answer(self) -> None:
        target = self.raw_requestline.split(b" ")[1].decode("latin-1")
        request = Request(self.command, target, tuple(self.headers.items()))
        self.wfile.write(self.server.answer(request))
        if self.server.odd.write is old:
            self.close_connection = True

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = do_PATCH = _answer  # noqa: N815  # its names

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Server(ThreadingHTTPServer):
    """The mock's endpoint behind an unusual front."""

    daemon_threads = True

    def __init__(self, odd: Odd) -> None:
        self.odd = odd
        self.endpoint = endpoint_for()
        if not odd.signed:
            odd.change = json_at_first(self.endpoint)
        self.verifier = Verifier({"testid": "testsecret"})
        super().__init__(("127.0.0.1", 0), Handler)

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.server_address[1]}{self.odd.prefix}"

    def answer(self, request: Request) -> bytes:
        """What travels back."""
        refusal = self.verifier.refusal(request) if self.odd.signed else None
        inner = replace(request, target=request.target.removeprefix(self.odd.prefix))
        response = self.odd.change(inner, self._response(inner, refusal))
        if request.method == "HEAD":
            response = replace(response, body=b"")
        return self.odd.write(response)

    def _response(self, request: Request, refusal: Refusal | None) -> Response:
        response = self.endpoint.respond(request).response
        if refusal is None or response.status == 405:
            return response
        return self.endpoint.refuse(refusal, media_for(request))


@contextmanager
def serving(odd: Odd) -> Iterator[Server]:
    """The server, in a thread until the block ends."""
    with Server(odd) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join(10)
