"""Streams that stand before others."""

import io
from typing import BinaryIO


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
