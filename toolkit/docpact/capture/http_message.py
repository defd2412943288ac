"""Read dumped HTTP messages, as `curl -i` and `curl -v` print them, with what was asked."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import BinaryIO, Final

from docpact.capture.buffers import numbered_lines
from docpact.capture.detect import (
    REQUEST_LINE,
    STATUS_LINE,
    has_meter,
    is_curl_verbose,
    without_meter,
)
from docpact.capture.framing import BEGINS, Line, framed
from docpact.capture.model import Damage, DamagedCapture, Entry
from docpact.core.exchange import MAX_BODY, Exchange, Headers, Request, Response, Source
from docpact.http.content_encoding import joined, unpacked

_EMPTY_LINE = re.compile(rb"^\r?\n", re.MULTILINE)
_FOLD = re.compile(rb"\r?\n[ \t]+")  # a header that goes on in the next line
_INFORMATIONAL = range(100, 200)
_MOST_KEPT: Final = MAX_BODY + 1024 * 1024  # a judged body and its headers; the rest is excess

_CURL_SAYS = re.compile(
    rb"\* (?:Connection #|Closing connection|Found bundle|Re-using|Can not multiplex|Mark bundle|"
    rb"Using |Hostname |Host |Expire |Curl_|Request completely|upload completely|Too old |Issue |"
    rb"Could not |Server |Trying |  Trying|Connected |Added |Established |Excess |HTTP/|IPv[46]:)"
    rb"[^\n]*\n?\Z"
)


@dataclass(frozen=True, slots=True)
class _Block:
    """A start line's headers and where the text after them begins."""

    headers: Headers
    end: int


def http_entries(
    stream: BinaryIO, file: str, start: bytes, *, request: Request | None = None
) -> Iterator[Entry]:
    """Every response of a dump; interim answers and followed redirects are passed over."""
    lines = _whole(numbered_lines(stream))
    if has_meter(start):
        start, lines = without_meter(start), _unmetered(lines)
    kept = _spoken(lines) if is_curl_verbose(start) else lines
    number = 0
    for number, (text, places) in enumerate(_messages(kept), start=1):
        found = http_exchange(text, file, request=request)
        if found is None:
            source = Source(file, places[0] if places else 1, number)
            yield Damage(source, "a request without an answer, or headers that are cut")
        else:
            line = found.source.first_line
            first = places[line - 1] if line <= len(places) else places[-1]
            source = replace(found.source, first_line=first, number=number)
            yield replace(found, source=source)
    if not number:
        raise DamagedCapture("it holds no answer")


def _whole(lines: Iterator[tuple[int, bytes | None]]) -> Iterator[tuple[int, bytes]]:
    """The lines, with one that is beyond all limits cut to nothing but its excess."""
    for number, line in lines:
        yield number, line if line is not None else b" " * (MAX_BODY + 1)


def _unmetered(lines: Iterator[tuple[int, bytes]]) -> Iterator[tuple[int, bytes]]:
    """The lines without what curl shows of its progress."""
    for number, line in lines:
        left = without_meter(line)
        if left or not line:
            yield number, left


def _spoken(lines: Iterator[tuple[int, bytes]]) -> Iterator[tuple[int, bytes]]:
    """The messages within what `curl -v` prints, without its own diagnostics."""
    is_body = False
    for number, line in lines:
        if line.startswith((b"> ", b"< ")) and (not is_body or BEGINS.match(line, 2)):
            is_body = False
            yield number, line[2:]
        elif line.rstrip() in {b">", b"<"} and not is_body:
            is_body = line.startswith(b"<")
            yield number, b"\n"
        elif (is_body and not _is_diagnostic(line)) or not line.startswith((b"* ", b"{ [", b"} [")):
            is_body = True
            yield number, _CURL_SAYS.sub(b"", line)


def _is_diagnostic(line: bytes) -> bool:
    return _CURL_SAYS.match(line) is not None or line.startswith((b"{ [", b"} ["))


def _messages(lines: Iterator[tuple[int, bytes]]) -> Iterator[tuple[bytes, list[int]]]:
    """Each answer with what was asked before it, and the numbers of its lines."""
    message = _Message()
    for line in framed(lines):
        if message.ends_before(line):
            yield message.text, message.places
            message = _Message()
        message.add(line)
    if message.text.strip():
        yield message.text, message.places


class _Message:
    """The lines of a call so far: a request's head, heads of answers, a body."""

    def __init__(self) -> None:
        self._text = bytearray()
        self.places: list[int] = []  # of the lines down to where the body begins
        self._is_answered = self._is_in_head = self._is_behind_head = False

    @property
    def text(self) -> bytes:
        """All lines together."""
        return bytes(self._text)

    def ends_before(self, line: Line) -> bool:
        """Whether a line begins another call."""
        if self._is_in_head or not self._text or line.is_body or not BEGINS.match(line.text):
            return False
        # Behind a head at once comes the answer that counts, as behind 100 Continue.
        is_status = line.text.startswith(b"HTTP/")
        return not is_status or (self._is_answered and not self._is_behind_head)

    def add(self, line: Line) -> None:
        """Take a line, if it is not beyond what is judged, nor the body of a request."""
        was_behind_head = self._is_behind_head
        if not self._is_in_head and not line.is_body and BEGINS.match(line.text):
            self._is_in_head, self._is_behind_head = True, False
            self._is_answered = self._is_answered or line.text.startswith(b"HTTP/")
        elif self._is_in_head:
            self._is_in_head = bool(line.text.strip())
            self._is_behind_head = not self._is_in_head
        elif not self._is_answered:
            return
        else:
            self._is_behind_head = False
        if len(self._text) <= _MOST_KEPT:
            self._text += line.text
            if self._is_in_head or self._is_behind_head or was_behind_head:
                self.places.append(line.number)


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
