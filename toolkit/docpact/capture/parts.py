"""Build exchanges out of what other tools recorded of them."""

import base64
import binascii
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlsplit

from docpact.capture.model import Damage, Entry, Skipped
from docpact.core.exchange import Exchange, Headers, Request, Response, Source, header
from docpact.http.content_encoding import unpacked

_MILLISECONDS_FROM: Final = 1e11  # later than the year 5000, if it were seconds
_UNITS: Final = (1, 1e3, 1e6, 1e9)  # how many of them are a second, in logs
_REPLACED = "\ufffd"


def recorded(  # noqa: PLR0913  # one for each part of a call
    source: Source,
    *,
    request: Request | None,
    status: object,
    headers: Headers,
    body: bytes | None,
    seconds: float | None = None,
    started: float | None = None,
) -> Entry:
    """The exchange that was recorded, or why there is none to judge."""
    code = integer(status)
    asked = asked_of(request)
    if not code:
        return Skipped(source, f"{asked} (no answer was recorded)")
    if not 100 <= code <= 999:  # noqa: PLR2004  # three digits
        return Damage(source, f"the status {code} is none")
    if body is None:
        return Skipped(source, f"{asked} (its body was not recorded)")
    response = Response(unpacked(body, headers), code, headers, seconds)
    return Exchange(response, source, request, started=started)


def asked_of(request: Request | None) -> str:
    """A call's name for people."""
    return f"{request.method} {request.target}" if request else "a call"


def request_of(method: object, url: object, headers: Headers = ()) -> Request | None:
    """The request, if it was recorded; of its address only path and query count."""
    if not isinstance(url, str) or not url:
        return None
    verb = method if isinstance(method, str) and method else "GET"
    return Request(verb.upper(), _target(url), headers)


def _target(url: str) -> str:
    if url.startswith("/"):
        return url
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    query = f"?{parts.query}" if parts.query else ""
    return (parts.path or "/") + query


def pairs(headers: object) -> Headers:
    """Headers as any tool writes them: a mapping to texts or lists, or a list of records."""
    if isinstance(headers, Mapping):
        return tuple(
            (_text(name), _text(value))
            for name, values in headers.items()
            for value in (values if isinstance(values, list | tuple) else [values])
        )
    if isinstance(headers, list | tuple):
        return tuple(pair for each in headers for pair in _pair(each))
    return ()


def _pair(record: object) -> Iterable[tuple[str, str]]:
    match record:
        case {"name": name, "value": value}:
            yield _text(name), _text(value)
        case [name, value]:
            yield _text(name), _text(value)


def _text(value: object) -> str:
    """A scalar as a text; what holds others is no header, and may hold more than can be written."""
    if isinstance(value, bytes):
        return value.decode("latin-1")
    return str(value) if isinstance(value, str | int | float) else ""


def body_of(text: object, headers: Headers, *, is_base64: bool = False) -> bytes | None:
    """A recorded body as the bytes that came; nothing if it is no text at all.

    Raises ValueError if it is no Base64 though it should be.
    """
    if isinstance(text, bytes):
        return text
    if not isinstance(text, str):
        return None
    if is_base64:
        try:
            return base64.b64decode(text, validate=False)
        except binascii.Error as cause:
            raise ValueError(f"its body is no Base64: {cause}") from cause
    return _encoded(text, headers)


def _encoded(text: str, headers: Headers) -> bytes:
    """The text in the encoding that its Content-Type names; tools decode by that."""
    said = header(headers, "Content-Type") or ""
    charset = said.lower().partition("charset=")[2].partition(";")[0].strip(" \"'")
    try:
        return text.encode(charset or "utf-8")
    except (LookupError, ValueError):
        return text.encode("utf-8", "surrogatepass")


def without_length(headers: Headers, text: object) -> Headers:
    """The headers without a length that a tool's decoding of the body has made untrue."""
    if isinstance(text, str) and _REPLACED in text:
        return tuple(each for each in headers if each[0].lower() != "content-length")
    return headers


def integer(value: object) -> int | None:
    """A whole number, also if it was written as a text."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str) and len(value) < 20 and value.strip().isdecimal():  # noqa: PLR2004  # a Long's digits
        return int(value)
    return int(value) if isinstance(value, int) else None


def seconds(value: object) -> float | None:
    """A duration, also if it was written as a text."""
    try:
        number = float(value) if isinstance(value, int | float | str) else -1.0
    except (ValueError, OverflowError):
        return None
    return number if 0 <= number < _MILLISECONDS_FROM else None


def moment(value: object) -> float | None:
    """A time in seconds since 1970: of a number in seconds or parts of them, or an ISO date."""
    if isinstance(value, str):
        try:
            read = datetime.fromisoformat(value)
        except ValueError:
            return None
        return round((read if read.tzinfo else read.replace(tzinfo=UTC)).timestamp(), 3)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if not 0 < value < _MILLISECONDS_FROM * _UNITS[-1]:  # nor is what is no number at all
        return None
    parts = (value / unit for unit in _UNITS)
    return next((round(each, 3) for each in parts if each < _MILLISECONDS_FROM), None)


def at(record: object, path: str) -> object:
    """The value at a dotted path of a record; nothing where there is none."""
    for step in path.split("."):
        record = record.get(step) if isinstance(record, dict) else None
    return record
