"""Read lines within bounds, with their numbers."""

from collections.abc import Iterator
from typing import BinaryIO, Final

from docpact.exchange import MAX_BODY

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
