"""Tell the format of a body from its first characters, and from what was said of it."""

import re

from docpact.contract import Media

_HTML = re.compile(
    rb"\s*(?:<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)
_JSON_STARTS = frozenset(b'{["-0123456789tfnNI')


def is_html(body: bytes) -> bool:
    """Whether the body is a page for people."""
    return _HTML.match(body[:4096]) is not None


def media_of(body: bytes) -> Media | None:
    """The format that the first character can belong to, or nothing."""
    start = body.lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n")[:1]
    if start == b"<":
        return Media.XML
    return Media.JSON if start and start[0] in _JSON_STARTS else None
