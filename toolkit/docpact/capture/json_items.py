"""Find the items of one large array within a JSON file, without reading the file whole.

Archives and cassettes are one JSON document of any size. No parser that streams says where an item
is, or goes on behind a broken one, so the brackets are counted here; each item is then parsed by
itself.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

from docpact.capture.model import DamagedCapture
from docpact.capture.streams import MAX_LINE

# An unclosed string runs to the end of what was read, and lacks the group.
_TOKEN = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+(")?|[{}\[\]]', re.DOTALL)
# What stands before the next bracket, strings included, in one step: most of an item is strings.
_BRACKET = re.compile(rb'(?:[^"{}\[\]]++|"[^"\\]*+(?:\\.[^"\\]*+)*+")*+[{}\[\]]', re.DOTALL)
_CHUNK: Final = 1024 * 1024
_DEEPEST: Final = 1000


@dataclass(frozen=True, slots=True)
class Item:
    """One item of the array as it is written, and the line on which it begins."""

    text: bytes
    line: int


class _Tokens:
    """Brackets and strings of a stream, over a window that moves along."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._window = b""
        self._next = 0  # where the next token is looked for
        self._line = 1  # of what was counted last
        self._counted = 0  # up to where in the window lines are counted
        self.kept: int | None = None  # where an item begins that is still needed

    def __iter__(self) -> Iterator[tuple[bytes, int]]:
        """Each token with its start in the window as it is then."""
        while True:
            found = _TOKEN.search(self._window, self._next)
            if found is not None and (found[1] is not None or found[0][:1] != b'"'):
                self._next = found.end()
                yield found[0], found.start()
                continue
            self._next = len(self._window) if found is None else found.start()
            if not self._reads_on():
                return

    def item(self, start: int, depth: int) -> Item | None:
        """The item that was opened last, up to where it closes; None if it never does."""
        self.kept, opened = start, 1
        while opened:
            found = _BRACKET.match(self._window, self._next)
            if found is None:
                if not self._reads_on():
                    return None
                continue
            self._next = found.end()
            opened += 1 if self._window[self._next - 1] in b"{[" else -1
            if depth + opened > _DEEPEST:
                raise DamagedCapture(f"the file is nested more than {_DEEPEST} levels deep")
        start, self.kept = self.kept, None
        self._count_to(start)
        return Item(self._window[start : self._next], self._line)

    def _count_to(self, place: int) -> None:
        self._line += self._window.count(b"\n", self._counted, place)
        self._counted = max(self._counted, place)

    def _reads_on(self) -> bool:
        chunk = self._stream.read(min(max(_CHUNK, len(self._window) - self._next), 4 * _CHUNK))
        if not chunk:
            return False
        drop = self._next if self.kept is None else min(self._next, self.kept)
        if len(self._window) - drop > MAX_LINE:
            raise DamagedCapture("an entry is too long for an answer; the rest was not read")
        self._count_to(drop)
        self._window = self._window[drop:] + chunk
        self._counted -= drop
        self._next -= drop
        if self.kept is not None:
            self.kept -= drop
        return True


def items_of(stream: BinaryIO, names: frozenset[bytes]) -> Iterator[Item]:
    """The items of the first array that stands under one of these names.

    Raises DamagedCapture where the file ends before the array, or does not have it.
    """
    tokens = _Tokens(stream)
    depth, last, inside = 0, b"", 0
    for token, start in tokens:
        first = token[:1]
        if first == b'"':
            last = token[1:-1] if len(token) < 64 else b""  # noqa: PLR2004  # names are short
            continue
        if first in b"{[":
            if inside:
                item = tokens.item(start, depth)
                if item is None:
                    break
                yield item
                continue
            depth += 1
            if first == b"[" and last in names:
                inside = depth
            if depth > _DEEPEST:
                raise DamagedCapture(f"the file is nested more than {_DEEPEST} levels deep")
            last = b""
            continue
        depth -= 1
        if inside:
            return
    raise DamagedCapture(
        "the file ends in the middle of an entry" if inside else "it has no list of calls"
    )


MOST_VALUES: Final = 1_000_000  # five times those of the largest answer that is judged

_VALUE: Final = re.compile(rb'"(?:[^"\\]|\\.)*+"?|[\[{,]', re.DOTALL)


def parsed(text: bytes) -> object:
    """The document as a value.

    Raises ValueError if it is not JSON, or holds too many values: a few bytes of each would become
    a hundred; RecursionError if it is too deep.
    """
    if len(text) > MOST_VALUES and _holds_too_many(text):
        raise ValueError(f"it holds more than {MOST_VALUES:,} values")
    return json.loads(text)


def _holds_too_many(text: bytes) -> bool:
    if sum(map(text.count, (b",", b"[", b"{"))) <= MOST_VALUES:
        return False
    # Bodies are texts here, and what is in a text is not a value.
    values = (each for each in _VALUE.finditer(text) if text[each.start()] != ord('"'))
    return any(number >= MOST_VALUES for number, _ in enumerate(values))
