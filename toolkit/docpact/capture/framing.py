"""Tell how far the bodies of dumped messages go, where their heads say so truly.

A body may hold lines that look like the start of a message. Its length or its chunks tell them from
the next message; but tools dump bodies unpacked, masked or cut under the headers that came, and
servers say wrong lengths. So what a head says counts only where it comes out even: behind the body
there is the next message, or nothing but line ends.
"""

import re
from collections import deque
from collections.abc import Iterator
from typing import Final, NamedTuple

from docpact.core.exchange import MAX_BODY

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


class Line(NamedTuple):
    """A line of a dump or a part of one, or a whole body."""

    number: int  # of the first one, if there are several
    text: bytes
    is_body: bool = False  # whatever its lines look like


def framed(lines: Iterator[tuple[int, bytes]]) -> Iterator[Line]:
    """The lines; a body that is as long as its head says comes in one piece.

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
    """What a message says of its body."""

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
        """How long the body is; nothing where that is not said or is beyond what is judged."""
        is_known = self._has_body and self._length is not None and self._length <= MAX_BODY
        return self._length if is_known else None

    @property
    def is_chunked(self) -> bool:
        """Whether the body comes in chunks."""
        return self._has_body and self._is_chunked


class _Ahead:
    """Lines that are looked at before they are read."""

    def __init__(self, lines: Iterator[tuple[int, bytes]]) -> None:
        self._lines = lines
        self._back: deque[Line] = deque()
        self._room = _IN_VAIN

    def next_start(self) -> Line | None:
        """The next line, or its part up to where another message begins on it."""
        line = self._next()
        behind = _BEHIND.search(line.text) if line and b"HTTP/" in line.text else None
        if line is None or behind is None:
            return line
        self._back.appendleft(Line(line.number, line.text[behind.start() :]))
        return Line(line.number, line.text[: behind.start()])

    def body_of(self, head: _Head) -> Line | None:
        """All of a body, without line ends behind it; nothing if it is not as its head says."""
        if self._room < 0 or self._begins():  # as behind the head of an answer to HEAD
            return None
        taken: list[Line] = []
        if head.is_chunked:
            is_whole = self._take_chunks(taken)
        elif head.length:
            is_whole = self._take(head.length, taken)
        else:
            return None
        text = b"".join([each.text for each in taken])
        if is_whole and (head.is_chunked or _ends_well(text)) and self._is_over():
            return Line(taken[0].number, text, is_body=True)
        self._put_back(taken)
        self._room -= len(text) + _EACH * len(taken)
        return None

    def _next(self) -> Line | None:
        if self._back:
            return self._back.popleft()
        found = next(self._lines, None)
        if found is None:
            return None
        self._room += len(found[1]) + _EACH
        return Line(*found)

    def _begins(self) -> bool:
        """Whether the next line begins a message."""
        line = self._next()
        if line is not None:
            self._back.appendleft(line)
        return line is not None and BEGINS.match(line.text) is not None

    def _take(self, size: int, taken: list[Line]) -> bool:
        """Take so many bytes, and tell whether there were as many."""
        while size > 0 and len(taken) < _MOST_LINES and (line := self._next()):
            text = line.text
            if len(text) > size:
                self._back.appendleft(Line(line.number, text[size:]))
                line = Line(line.number, text[:size])
            taken.append(line)
            size -= len(text)
        return size <= 0

    def _take_line(self, taken: list[Line]) -> bytes:
        line = self._next()
        if line is None:
            return b""
        taken.append(line)
        return line.text

    def _take_chunks(self, taken: list[Line]) -> bool:
        """Take chunks to the last, and tell whether they were whole."""
        room = MAX_BODY
        while chunk := _CHUNK.fullmatch(self._take_line(taken)):
            size = int(chunk[1], 16)
            room -= size
            if not size:
                return self._begins() or self._take_trailers(taken)
            if room < 0 or not self._take(size, taken) or self._take_line(taken).strip():
                return False
        return False

    def _take_trailers(self, taken: list[Line]) -> bool:
        while self._take_line(taken).strip():
            if len(taken) > _MOST_LINES:
                return False
        return True

    def _is_over(self) -> bool:
        """Whether nothing but line ends is left of the message; they are passed over."""
        blank: list[Line] = []
        while (line := self._next()) and not line.text.strip() and len(blank) < _MOST_BLANK:
            blank.append(line)
        if line is None:
            return True
        self._back.appendleft(line)
        if BEGINS.match(line.text):
            return True
        self._put_back(blank)
        return False

    def _put_back(self, lines: list[Line]) -> None:
        """Put lines back as they were, what was cut in one piece."""
        for line in reversed(lines):
            text = line.text
            if self._back and self._back[0].number == line.number:
                text += self._back.popleft().text
            self._back.appendleft(Line(line.number, text))


def _ends_well(body: bytes) -> bool:
    """Whether a body does not end amid another message, as one of a wrong length may."""
    if b"HTTP/" not in body:
        return True
    bare = body.strip(_BLANK)
    return bare[:1] + bare[-1:] in _PAIRS
