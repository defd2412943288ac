"""Read a dumped HTTP message: what `curl -i` prints, with the request before it if it was kept."""

import http.client
import zlib
from dataclasses import dataclass
from io import BytesIO

from docpact.capture.kind import REQUEST_LINE, STATUS_LINE
from docpact.exchange import Exchange, Headers, Request, Response, Source, header

_MOST_UNPACKED = 64 * 1024 * 1024 + 1  # one byte more than is judged, so that the excess is seen
_GZIP_MAGIC = b"\x1f\x8b"
_INFORMATIONAL = range(100, 200)


@dataclass(frozen=True, slots=True)
class _Block:
    """A start line's headers and where the text after them begins."""

    headers: Headers
    end: int


def http_exchange(
    data: bytes, file: str, *, status: int | None = None, request: Request | None = None
) -> Exchange | None:
    """The last response in a dump; earlier ones are interim answers or redirects.

    Nothing if the headers cannot be read. A request in the dump counts more than `request`.
    """
    position = 0
    match = REQUEST_LINE.match(data)
    if match:
        block = _block(data, match.end())
        if block is None:
            return None
        request = Request(match[1].decode(), match[2].decode("latin-1"), block.headers)
        position = block.end
    last = None
    while found := STATUS_LINE.match(data, position):
        block = _block(data, found.end())
        if block is None:
            return None
        last, position = (int(found[1]), block.headers), block.end
        if last[0] not in _INFORMATIONAL and not STATUS_LINE.match(data, position):
            break
    if last is None:
        return None
    body = _unpacked(data[position:], last[1])
    first_line = data.count(b"\n", 0, position) + 1
    said = status if status is not None else last[0]
    return Exchange(Response(body, said, last[1]), Source(file, first_line), request)


def _block(data: bytes, start: int) -> _Block | None:
    stream = BytesIO(data)
    stream.seek(start)
    try:
        message = http.client.parse_headers(stream)
    except (http.client.HTTPException, ValueError):
        return None
    headers = tuple((name, str(value)) for name, value in message.items())
    return _Block(headers, stream.tell())


def _unpacked(body: bytes, headers: Headers) -> bytes:
    """The body without its gzip coding; curl may have taken that off already."""
    coding = (header(headers, "Content-Encoding") or "").strip().lower()
    if coding not in {"gzip", "x-gzip"} or not body.startswith(_GZIP_MAGIC):
        return body
    try:
        return zlib.decompressobj(wbits=31).decompress(body, _MOST_UNPACKED)
    except zlib.error:
        return body
