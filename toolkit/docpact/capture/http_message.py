"""Read dumped HTTP messages, as `curl -i` and `curl -v` print them, with their requests.

A body may hold lines that look like the start of a message. Its length or its chunks separate them
from the next message; but tools dump bodies unpacked, masked or cut under the original headers, and
servers send wrong lengths. So a length counts only where it comes out even: behind the body there
is the next message, or nothing but line ends.
"""

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from typing import Final, NamedTuple

from docpact.capture.detect import (
    REQUEST_LINE,
    STATUS_LINE,
    has_meter,
    is_curl_verbose,
    without_meter,
)
from docpact.capture.model import (
    MAX_READ,
    CaptureEntry,
    Damage,
    DamagedCapture,
    OpenCapture,
)
from docpact.capture.streams import numbered_lines
from docpact.core.exchange import MAX_BODY, Exchange, Headers, Request, Response, Source
from docpact.http.content_encoding import joined, unpacked

# A message begins at the margin, or right behind a body that ends without a line break.
BEGINS = re.compile(
    rb"HTTP/[0-9.]{1,3} +[0-9]{3}\b|[A-Z]{3,10} +(?:/|https?://)\S* +HTTP/[0-9.]{1,3}"
)
_BEHIND = re.compile(rb"(?<=[}>])HTTP/[0-9.]{1,3} +[0-9]{3}(?: [A-Za-z' -]*)?\r?\n\Z")
_INTERIM = re.compile(rb"HTTP/[0-9.]{1,3} +1")
_LENGTH = re.compile(rb"content-length[ \t]*:[ \t]*([0-9]{1,9})[ \t]*\r?\n", re.IGNORECASE)
_CHUNKED = re.compile(rb"transfer-encoding[ \t]*:[^\r\n]*\bchunked[ \t]*\r?\n", re.IGNORECASE)
_CHUNK = re.compile(rb"([0-9a-fA-F]{1,8})[ \t]*(?:;[^\r\n]*)?\r?\n")

_PAIRS: Final = frozenset({b"<>", b"{}", b"[]"})
_BLANK: Final = b"\xef\xbb\xbf \t\r\n"
_MOST_LINES: Final = 400_000  # of a body that is looked through; judged ones have fewer
_MOST_BLANK: Final = 1000  # lines behind a body
_IN_VAIN: Final = MAX_BODY  # what may be read again for lengths that were not true, and as
_EACH: Final = 64  # much as was read at all: bytes, and so much for each line
_EMPTY_LINE = re.compile(rb"^\r?\n", re.MULTILINE)
_FOLD = re.compile(rb"\r?\n[ \t]+")  # a header that goes on in the next line
_INFORMATIONAL = range(100, 200)

_CURL_SAYS = re.compile(
    rb"\* (?:Connection #|Closing connection|Found bundle|Re-using|Can not multiplex|Mark bundle|"
    rb"Using |Hostname |Host |Expire |Curl_|Request completely|upload completely|Too old |Issue |"
    rb"Could not |Server |Trying |  Trying|Connected |Added |Established |Excess |HTTP/|IPv[46]:)"
    rb"[^\n]*\n?\Z"
)


class DumpLine(NamedTuple):
    """A line of a dump or a part of one, or a whole body."""

    number: int  # of the first one, if there are several
    text: bytes
    is_body: bool = False  # whatever its lines look like


def http_entries(capture: OpenCapture) -> Iterator[CaptureEntry]:
    """Every response of a dump; interim answers and followed redirects are passed over."""
    file, start = capture.name, capture.start
    # A line that is beyond all limits is cut to nothing but its excess.
    excess = b" " * (MAX_BODY + 1)
    numbered = numbered_lines(capture.stream)
    lines: Iterator[tuple[int, bytes]] = (
        (number, excess if line is None else line) for number, line in numbered
    )
    if has_meter(start):
        start, lines = without_meter(start), _unmetered(lines)
    kept = _without_curl_marks(lines) if is_curl_verbose(start) else lines
    number = 0
    for number, (text, places) in enumerate(_messages(kept), start=1):
        found = http_exchange(text, file, request=capture.options.request)
        if found is None:
            source = Source(file, places[0] if places else 1, number)
            yield Damage(source, "a request without an answer, or headers that are cut")
        else:
            line = found.source.first_line
            first = places[line - 1] if line <= len(places) else places[-1]
            source = replace(found.source, first_line=first, number=number)
            yield replace(found, source=source)
    if not number:
        raise DamagedCapture("the dump holds no answer")


def _unmetered(lines: Iterator[tuple[int, bytes]]) -> Iterator[tuple[int, bytes]]:
    """The lines without the progress that curl shows."""
    for number, line in lines:
        left = without_meter(line)
        if left or not line:
            yield number, left


def _without_curl_marks(lines: Iterator[tuple[int, bytes]]) -> Iterator[tuple[int, bytes]]:
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
    """Each answer with the request before it, and the numbers of its lines."""
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

    def ends_before(self, line: DumpLine) -> bool:
        """Whether a line begins another call."""
        if self._is_in_head or not self._text or line.is_body or not BEGINS.match(line.text):
            return False
        # Behind a head at once comes the answer that counts, as behind 100 Continue.
        is_status = line.text.startswith(b"HTTP/")
        return not is_status or (self._is_answered and not self._is_behind_head)

    def add(self, line: DumpLine) -> None:
        """Take a line, except the body of a request and what is beyond the limit."""
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
        if len(self._text) <= MAX_READ:
            self._text += line.text
            if self._is_in_head or self._is_behind_head or was_behind_head:
                self.places.append(line.number)


def http_exchange(data: bytes, file: str, *, request: Request | None = None) -> Exchange | None:
    """The last response in a dump; earlier ones are interim answers or redirects.

    None if there is no response. A request in the dump counts more than `request`.
    """
    position = 0
    match = REQUEST_LINE.match(data)
    if match:
        headers, position = _headers(data, match.end())
        request = Request(match[1].decode(), match[2].decode("utf-8", "surrogateescape"), headers)
    last = None
    while found := STATUS_LINE.match(data, position):
        headers, position = _headers(data, found.end())
        last = (int(found[1]), headers)
        if last[0] not in _INFORMATIONAL and not STATUS_LINE.match(data, position):
            break
    if last is None:
        return None
    # curl takes both off already: chunks always, compression with --compressed.
    body = unpacked(joined(data[position:], last[1]), last[1])
    first_line = data.count(b"\n", 0, position) + 1
    return Exchange(Response(body, last[0], last[1]), Source(file, first_line), request)


def _headers(data: bytes, start: int) -> tuple[Headers, int]:
    """The headers up to the first empty line or the end of a cut dump, and where they end."""
    end = _EMPTY_LINE.search(data, start)
    stop = end.end() if end else len(data)
    lines = _FOLD.sub(b" ", data[start:stop]).splitlines()
    pairs = (line.decode("latin-1").partition(":") for line in lines if b":" in line)
    return tuple((name.strip(), value.strip()) for name, _, value in pairs), stop


def framed(lines: Iterator[tuple[int, bytes]]) -> Iterator[DumpLine]:
    """The lines; a body that is as long as its head gives comes in one piece.

    A status line that follows another body at once is on a line of its own.
    """
    ahead = _Ahead(lines)
    head: _Head | None = None
    while line := ahead.next_start():
        yield line
        if head is None:
            head = _Head(line.text) if BEGINS.match(line.text) else None
        elif line.text.strip():
            head.add(line.text)
        else:
            body = ahead.body_of(head)
            if body is not None:
                yield body
            head = None


class _Head:
    """What the head of a message says about its body."""

    def __init__(self, start: bytes) -> None:
        self._has_body = _INTERIM.match(start) is None
        self._length: int | None = None
        self._is_chunked = False

    def add(self, line: bytes) -> None:
        """Take a header."""
        length = _LENGTH.fullmatch(line)
        self._length = int(length[1]) if length else self._length
        self._is_chunked = self._is_chunked or _CHUNKED.fullmatch(line) is not None

    @property
    def length(self) -> int | None:
        """The length of the body; None where it is not given or beyond what is judged."""
        is_given = self._has_body and self._length is not None and self._length <= MAX_BODY
        return self._length if is_given else None

    @property
    def is_chunked(self) -> bool:
        """Whether the body comes in chunks."""
        return self._has_body and self._is_chunked


class _Ahead:
    """Lines that are looked at before they are read."""

    def __init__(self, lines: Iterator[tuple[int, bytes]]) -> None:
        self._lines = lines
        self._back: deque[DumpLine] = deque()
        self._room = _IN_VAIN

    def next_start(self) -> DumpLine | None:
        """The next line, or its part up to where another message begins on it."""
        line = self._next()
        behind = _BEHIND.search(line.text) if line and b"HTTP/" in line.text else None
        if line is None or behind is None:
            return line
        self._back.appendleft(DumpLine(line.number, line.text[behind.start() :]))
        return DumpLine(line.number, line.text[: behind.start()])

    def body_of(self, head: _Head) -> DumpLine | None:
        """A whole body, without line ends behind it; None if it is not as its head says."""
        if self._room < 0 or self._begins():  # as behind the head of an answer to HEAD
            return None
        taken: list[DumpLine] = []
        if head.is_chunked:
            is_whole = self._take_chunks(taken)
        elif head.length:
            is_whole = self._take(head.length, taken)
        else:
            return None
        text = b"".join([each.text for each in taken])
        if is_whole and (head.is_chunked or _ends_well(text)) and self._is_over():
            return DumpLine(taken[0].number, text, is_body=True)
        self._put_back(taken)
        self._room -= len(text) + _EACH * len(taken)
        return None

    def _next(self) -> DumpLine | None:
        if self._back:
            return self._back.popleft()
        found = next(self._lines, None)
        if found is None:
            return None
        self._room += len(found[1]) + _EACH
        return DumpLine(*found)

    def _begins(self) -> bool:
        """Whether the next line begins a message."""
        line = self._next()
        if line is not None:
            self._back.appendleft(line)
        return line is not None and BEGINS.match(line.text) is not None

    def _take(self, size: int, taken: list[DumpLine]) -> bool:
        """Take so many bytes; whether there were as many."""
        while size > 0 and len(taken) < _MOST_LINES and (line := self._next()):
            text = line.text
            if len(text) > size:
                self._back.appendleft(DumpLine(line.number, text[size:]))
                line = DumpLine(line.number, text[:size])
            taken.append(line)
            size -= len(text)
        return size <= 0

    def _take_line(self, taken: list[DumpLine]) -> bytes:
        line = self._next()
        if line is None:
            return b""
        taken.append(line)
        return line.text

    def _take_chunks(self, taken: list[DumpLine]) -> bool:
        """Take chunks to the last; whether they were whole."""
        room = MAX_BODY
        while chunk := _CHUNK.fullmatch(self._take_line(taken)):
            size = int(chunk[1], 16)
            room -= size
            if not size:
                return self._begins() or self._take_trailers(taken)
            if room < 0 or not self._take(size, taken) or self._take_line(taken).strip():
                return False
        return False

    def _take_trailers(self, taken: list[DumpLine]) -> bool:
        while self._take_line(taken).strip():
            if len(taken) > _MOST_LINES:
                return False
        return True

    def _is_over(self) -> bool:
        """Whether nothing but line ends is left of the message; they are passed over."""
        blank: list[DumpLine] = []
        while (line := self._next()) and not line.text.strip() and len(blank) < _MOST_BLANK:
            blank.append(line)
        if line is None:
            return True
        self._back.appendleft(line)
        if BEGINS.match(line.text):
            return True
        self._put_back(blank)
        return False

    def _put_back(self, lines: list[DumpLine]) -> None:
        """Put lines back as they were, what was cut in one piece."""
        for line in reversed(lines):
            text = line.text
            if self._back and self._back[0].number == line.number:
                text += self._back.popleft().text
            self._back.appendleft(DumpLine(line.number, text))


def _ends_well(body: bytes) -> bool:
    """Whether a body does not end amid another message, as one of a wrong length may."""
    if b"HTTP/" not in body:
        return True
    bare = body.strip(_BLANK)
    return bare[:1] + bare[-1:] in _PAIRS
