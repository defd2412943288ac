"""Tell the format of a body from its first characters."""

import re

from docpact.contract import Media

_HTML = re.compile(
    rb"(?:\xef\xbb\xbf)?+(?:\s++|<\?xml[^>]*+>|<!--(?:[^-]|-(?!->))*+-->)*+"
    rb"<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE,
)
_JSON = re.compile(rb"[{\[\"]|-?[0-9]|(?:true|false|null|NaN|-?Infinity)\s*+\Z")
_LOOKED_AT = 4096  # bytes, behind the blanks that some servers send to keep a connection alive
_BLANK = b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"


def is_html(body: bytes) -> bool:
    """Whether the body is a page for people."""
    return _HTML.match(_begun(body)) is not None


def media_of(body: bytes) -> Media | None:
    """The format that the first characters can belong to, or nothing."""
    start = _begun(body)
    if start.startswith(b"<"):
        return Media.XML
    return Media.JSON if _JSON.match(start) else None


def _begun(body: bytes) -> bytes:
    return body.lstrip(_BLANK)[:_LOOKED_AT]
