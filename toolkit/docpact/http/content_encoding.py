"""Undo what the headers say was done to a body on its way, within bounds."""

import re
import zlib
from collections.abc import Sequence
from typing import Final

from docpact.core.exchange import MAX_BODY, Headers

_MOST_UNPACKED: Final = MAX_BODY + 1  # one byte more than is judged, so that the excess is seen
_MOST_CODINGS: Final = 4
_MOST_MEMBERS: Final = 10_000  # of one gzip body
_SHORTEST_STEP, _LONGEST_STEP = 512, 1024 * 1024
_LOOKED_AT: Final = 4096
_LONGEST_NAME: Final = 60

_CHUNK = re.compile(rb"([0-9a-fA-F]{1,8})[ \t]*(?:;[^\r\n]*)?\r?\n")
_GZIP_MAGIC, _ZSTD_MAGIC = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
_GZIP, _ZLIB, _RAW = 31, 15, -15  # as zlib calls them
_NOT_IN_TEXTS = re.compile(rb"[\x00-\x08\x0e-\x1f\x7f]")
_DOCUMENT = re.compile(rb"(?:\xef\xbb\xbf)?\s*[{\[<\"]")
_WIDE = (b"\xff\xfe", b"\xfe\xff")  # UTF-16, in whose texts there are zero bytes
_PLAIN: Final = frozenset({"", "identity"})
_KNOWN: Final = frozenset({"gzip", "x-gzip", "deflate", "zstd"})


def joined(body: bytes, headers: Headers) -> bytes:
    """The body without chunks, if the headers name them and they are still there."""
    codings = _codings(headers, "Transfer-Encoding")
    if codings[-1:] == ("chunked",) and _CHUNK.match(body):
        return _undone(_dechunked(body), codings[:-1])
    return body


def unpacked(body: bytes, headers: Headers) -> bytes:
    """The body decompressed, as far as the headers name compressions that are still there."""
    return _undone(body, _codings(headers, "Content-Encoding"))


def left_packed(body: bytes, headers: Headers) -> str | None:
    """The codings of a body that cannot be unpacked here; None if it is plain.

    `body` is what `unpacked` has left of it. Some tools keep a header that their own unpacking
    has made untrue, so what reads as a text is one.
    """
    codings = _codings(headers, "Content-Encoding")
    if not codings or (_KNOWN.issuperset(codings) and len(codings) <= _MOST_CODINGS):
        return None
    return None if not body or _is_text(body) else ", ".join(codings)[:_LONGEST_NAME]


def _codings(headers: Headers, name: str) -> tuple[str, ...]:
    """What was done to a body, in the order in which it was done."""
    wanted = name.lower()
    said = (value.split(",") for key, value in headers if key.lower() == wanted)
    named = (each.strip().lower() for listed in said for each in listed)
    return tuple(each for each in named if each not in _PLAIN)


def _undone(body: bytes, codings: Sequence[str]) -> bytes:
    if len(codings) > _MOST_CODINGS:
        return body
    for coding in reversed(codings):
        if coding not in _KNOWN:
            return body
        body = _without(body, coding)
    return body


def _without(body: bytes, coding: str) -> bytes:
    """The body without one coding, or unchanged if it is not in that coding."""
    if coding == "zstd":
        return _from_zstd(body) if body.startswith(_ZSTD_MAGIC) else body
    if coding != "deflate":
        return _inflated(body, _GZIP) if body.startswith(_GZIP_MAGIC) else body
    # The name stands for the format of zlib; some servers send what is within it.
    inflated = _inflated(body, _ZLIB)
    return inflated if inflated is not body or _is_text(body) else _inflated(body, _RAW)


def _is_text(body: bytes) -> bool:
    """Whether a body is text, which compressed bytes are not for long."""
    start = body[:_LOOKED_AT]
    if start.startswith(_WIDE):
        return True
    if _NOT_IN_TEXTS.search(start):
        return False
    if _DOCUMENT.match(start):
        return True  # in whatever encoding
    try:
        start.decode()
    except UnicodeDecodeError as cause:
        return cause.start > len(start) - 4 and len(start) == _LOOKED_AT  # cut by us
    return True


def _dechunked(body: bytes) -> bytes:
    """The chunks joined; a dump that is cut off ends with what there is."""
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
    """The body decompressed within bounds, or unchanged if it is not compressed."""
    whole = bytearray()
    position = 0
    for _ in range(_MOST_MEMBERS):  # gzip may have several
        try:
            position = _inflate(body, position, window, whole)
        except zlib.error:
            return bytes(whole) if whole else body
        is_more = window == _GZIP and body.startswith(_GZIP_MAGIC, position)
        if not is_more or len(whole) >= _MOST_UNPACKED:
            break
    return bytes(whole)


def _inflate(body: bytes, position: int, window: int, whole: bytearray) -> int:
    """Add what one member contains, within the limit, and return where it ends."""
    inflater = zlib.decompressobj(wbits=window)
    step = _SHORTEST_STEP  # what is behind a member is copied, so many small ones take small steps
    while not inflater.eof and position < len(body) and len(whole) < _MOST_UNPACKED:
        piece = body[position : position + step]
        whole += inflater.decompress(piece, _MOST_UNPACKED - len(whole))
        position += len(piece) - len(inflater.unused_data)
        step = min(step * 2, _LONGEST_STEP)
    return position


def _from_zstd(body: bytes) -> bytes:
    import zstandard

    # What travels asks for windows of 8 MiB at most (RFC 9659), and no body needs more.
    unpacker = zstandard.ZstdDecompressor(max_window_size=MAX_BODY)
    whole = bytearray()
    try:
        with unpacker.stream_reader(body, read_across_frames=True) as reader:
            while len(whole) < _MOST_UNPACKED and (
                piece := reader.read(min(_LONGEST_STEP, _MOST_UNPACKED - len(whole)))
            ):
                whole += piece
    except zstandard.ZstdError:
        return bytes(whole) if whole else body
    return bytes(whole)
