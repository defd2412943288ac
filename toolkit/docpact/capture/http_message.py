"""Read a dumped HTTP message: what `curl -i` prints, with the request before it if it was kept."""

import re
from dataclasses import dataclass

from docpact.capture.kind import REQUEST_LINE, STATUS_LINE
from docpact.codings import joined, unpacked
from docpact.exchange import Exchange, Headers, Request, Response, Source

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
    # curl takes both off already: chunks always, compression with --compressed.
    body = unpacked(joined(data[position:], last[1]), last[1])
    first_line = data.count(b"\n", 0, position) + 1
    return Exchange(Response(body, last[0], last[1]), Source(file, first_line), request)


def _block(data: bytes, start: int) -> _Block:
    """The headers up to the first empty line; a dump that was cut short has no more."""
    end = _EMPTY_LINE.search(data, start)
    stop = end.end() if end else len(data)
    lines = _FOLD.sub(b" ", data[start:stop]).splitlines()
    pairs = (line.decode("latin-1").partition(":") for line in lines if b":" in line)
    return _Block(tuple((name.strip(), value.strip()) for name, _, value in pairs), stop)
