"""Undo what the headers say was done to a body on its way, within bounds."""

import re
import zlib

from docpact.exchange import MAX_BODY, Headers, header

_MOST_UNPACKED = MAX_BODY + 1  # one byte more than is judged, so that the excess is seen
_CHUNK = re.compile(rb"([0-9a-fA-F]{1,8})[ \t]*(?:;[^\r\n]*)?\r?\n")
_GZIP_MAGIC = b"\x1f\x8b"


def joined(body: bytes, headers: Headers) -> bytes:
    """The body without chunks, if the headers name them and they are still there."""
    if _coding(headers, "Transfer-Encoding") == "chunked" and _CHUNK.match(body):
        return _dechunked(body)
    return body


def unpacked(body: bytes, headers: Headers) -> bytes:
    """The body decompressed, if the headers name a compression and it is still there."""
    coding = _coding(headers, "Content-Encoding")
    if coding in {"gzip", "x-gzip"} and body.startswith(_GZIP_MAGIC):
        return _inflated(body, 31)
    return _inflated(body, 15) if coding == "deflate" else body


def _coding(headers: Headers, name: str) -> str:
    return (header(headers, name) or "").strip().lower()


def _dechunked(body: bytes) -> bytes:
    """The chunks joined; a dump that was cut short ends with what there is."""
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
    """The body decompressed within bounds, or as it is if it was not compressed after all."""
    whole = b""
    while body and len(whole) < _MOST_UNPACKED:
        inflater = zlib.decompressobj(wbits=window)
        try:
            whole += inflater.decompress(body, _MOST_UNPACKED - len(whole))
        except zlib.error:
            return whole or body
        body = inflater.unused_data  # gzip may have several members
    return whole
