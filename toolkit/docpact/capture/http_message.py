"""Read a dumped HTTP message: what `curl -i` prints, with the request before it if it was kept."""

import re
import zlib
from dataclasses import dataclass

from docpact.capture.kind import REQUEST_LINE, STATUS_LINE
from docpact.exchange import MAX_BODY, Exchange, Headers, Request, Response, Source, header

_MOST_UNPACKED = MAX_BODY + 1  # one byte more than is judged, so that the excess is seen
_CHUNK = re.compile(rb"([0-9a-fA-F]{1,8})[ \t]*(?:;[^\r\n]*)?\r?\n")
_GZIP_MAGIC = b"\x1f\x8b"
_EMPTY_LINE = re.compile(rb"^\r?\n", re.MULTILINE)
_FOLD = re.compile(rb"\r?\n[ \t]+")  # a header that goes on in the next line
_INFORMATIONAL = range(100, 200)


@dataclass(frozen=True, slots=True)
class _Block:
    """A start line's headers and where the text after them begins."""

    headers: Headers
    end: int


def http_exchange(data: bytes, file: str, *, request: Request | None = None) -> Exchange | None:
    """The last response in a dump; earlier ones are interim answers or redirects.

    Nothing if there is no response. A request in the dump counts more than `request`.
    """
    position = 0
    match = REQUEST_LINE.match(data)
    if match:
        block = _block(data, match.end())
        request = Request(
            match[1].decode(), match[2].decode("utf-8", "surrogateescape"), block.headers
        )
        position = block.end
    last = None
    while found := STATUS_LINE.match(data, position):
        block = _block(data, found.end())
        last, position = (int(found[1]), block.headers), block.end
        if last[0] not in _INFORMATIONAL and not STATUS_LINE.match(data, position):
            break
    if last is None:
        return None
    body = _unpacked(data[position:], last[1])
    first_line = data.count(b"\n", 0, position) + 1
    return Exchange(Response(body, last[0], last[1]), Source(file, first_line), request)


def _block(data: bytes, start: int) -> _Block:
    """The headers up to the first empty line; a dump that was cut short has no more."""
    end = _EMPTY_LINE.search(data, start)
    stop = end.end() if end else len(data)
    lines = _FOLD.sub(b" ", data[start:stop]).splitlines()
    pairs = (line.decode("latin-1").partition(":") for line in lines if b":" in line)
    return _Block(tuple((name.strip(), value.strip()) for name, _, value in pairs), stop)


def _unpacked(body: bytes, headers: Headers) -> bytes:
    """The body without the codings that the headers name and that are still there.

    curl takes both off already: chunks always, compression with --compressed.
    """
    if _coding(headers, "Transfer-Encoding") == "chunked" and _CHUNK.match(body):
        body = _dechunked(body)
    coding = _coding(headers, "Content-Encoding")
    if coding in {"gzip", "x-gzip"} and body.startswith(_GZIP_MAGIC):
        return _inflated(body, 31)
    return _inflated(body, 15) if coding == "deflate" else body


def _coding(headers: Headers, name: str) -> str:
    return (header(headers, name) or "").strip().lower()


def _dechunked(body: bytes) -> bytes:
    """The chunks joined; a dump that was cut short ends with what there is."""
    whole, position = bytearray(), 0
    while match := _CHUNK.match(body, position):
        size = int(match[1], 16)
        whole += body[match.end() : match.end() + size]
        position = match.end() + size
        position += 2 if body.startswith(b"\r\n", position) else 1
        if not size:
            break
    return bytes(whole)


def _inflated(body: bytes, window: int) -> bytes:
    """The body decompressed within bounds, or as it is if it was not compressed after all."""
    whole = b""
    while body and len(whole) < _MOST_UNPACKED:
        inflater = zlib.decompressobj(wbits=window)
        try:
            whole += inflater.decompress(body, _MOST_UNPACKED - len(whole))
        except zlib.error:
            return whole or body
        body = inflater.unused_data  # gzip may have several members
    return whole
