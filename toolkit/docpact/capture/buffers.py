"""Streams that stand before others."""

import io
from collections.abc import Iterator
from typing import BinaryIO, Final

from docpact.core.exchange import MAX_BODY


class Passing(io.RawIOBase):
    """Goes wherever the stream behind it goes; how it reads is told by those made of it."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def readable(self) -> bool:
        """It is there to be read."""
        return True

    def seekable(self) -> bool:
        """As what it reads."""
        return self._stream.seekable()

    def seek(self, offset: int, whence: int = 0) -> int:
        """As what it reads."""
        return self._stream.seek(offset, whence)

    def tell(self) -> int:
        """As what it reads."""
        return self._stream.tell()


# A judged body, twice: written as a text within JSON, each quote and line end takes two bytes.
MAX_LINE: Final = 2 * MAX_BODY
_CHUNK = 1024 * 1024


def numbered_lines(stream: BinaryIO) -> Iterator[tuple[int, bytes | None]]:
    """Every line with its number; nothing in place of one that is longer than any entry."""
    number = 0
    while line := stream.readline(MAX_LINE):
        number += 1
        if len(line) == MAX_LINE and not line.endswith(b"\n"):
            _pass_over(stream)
            yield number, None
        else:
            yield number, line


def _pass_over(stream: BinaryIO) -> None:
    """Read on to the end of the line without keeping it."""
    while rest := stream.readline(_CHUNK):
        if rest.endswith(b"\n"):
            return
