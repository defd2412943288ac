"""Tell what kind of capture some data is, from its first line."""

import re
from typing import Final

STATUS_LINE: Final = re.compile(rb"HTTP/[0-9.]{1,3} +([0-9]{3})\b[^\r\n]*\r?\n")
REQUEST_LINE: Final = re.compile(rb"([A-Z]{3,10}) +(\S+)(?: +HTTP/[0-9.]{1,3})?[ \t]*\r?\n")


def is_http_message(data: bytes) -> bool:
    """Whether the data starts like a response, or like a request with a path."""
    if STATUS_LINE.match(data):
        return True
    request = REQUEST_LINE.match(data)
    return request is not None and request[2].startswith((b"/", b"http"))
