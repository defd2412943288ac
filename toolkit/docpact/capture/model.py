"""What captures hold: exchanges, what is skipped or damaged, and how recorded calls become them."""

import base64
import binascii
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, BinaryIO, Final
from urllib.parse import urlsplit

from docpact.contract import Operation
from docpact.contract.path_template import PathTemplate
from docpact.core.exchange import (
    MAX_BODY,
    Exchange,
    Headers,
    Request,
    Response,
    Source,
    header,
)
from docpact.http.content_encoding import unpacked

if TYPE_CHECKING:
    from docpact.capture.detect import CaptureFormat

import os
import re
import stat
from collections.abc import Set
from contextlib import closing, suppress
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Damage:
    """A part of a capture that cannot be read; what comes after it is read all the same."""

    source: Source
    why: str  # about "it", the capture or the entry


@dataclass(frozen=True, slots=True)
class Skipped:
    """An entry that is not judged: another operation's, or without a body."""

    source: Source
    what: str  # the request, or the reason
    is_other: bool = False  # another operation was called
    lacks_body: bool = False  # it is a line of a log, with no body where one was looked for


CaptureEntry = Exchange | Damage | Skipped


class DamagedCapture(Exception):
    """The rest of a capture cannot be read; it ends as a Damage."""


_METHOD_NOT_ALLOWED = 405


@dataclass(frozen=True, slots=True)
class OperationFilter:
    """The calls that are judged: those of one operation, and those whose request is not known."""

    operation: Operation

    def covers(self, exchange: Exchange) -> bool:
        """Whether an exchange is the operation's; one with a wrong method is, if it is refused."""
        request = exchange.request
        if request is None or not self.operation.path:
            return True
        if PathTemplate.parse(self.operation.path).match(request.target) is None:
            return False
        is_refused = exchange.response.status == _METHOD_NOT_ALLOWED
        return is_refused or request.method in {self.operation.method, "HEAD"}


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How captures are read, as far as they do not say it themselves."""

    format: "CaptureFormat | None" = None  # detected from the beginning, if nobody says
    status: int | None = None  # of bodies that came without
    request: Request | None = None
    operation_filter: OperationFilter | None = None  # everything is judged without
    fields: tuple[tuple[str, str], ...] = ()  # where logs keep what


# The file of a name beside a capture and its size as it is stored; None where there is none.
FindFile = Callable[[str], tuple[BinaryIO, int] | None]


@dataclass(frozen=True, slots=True)
class OpenCapture:
    """A capture that is being read: what a reader of one format takes."""

    stream: BinaryIO
    name: str
    start: bytes  # its first bytes, which are read from the stream again
    find: FindFile
    options: ReadOptions


def body_exchange(
    data: bytes, file: str, *, status: int | None = None, request: Request | None = None
) -> Exchange:
    """A bare body as an exchange; status and request are what the user says of it."""
    return Exchange(Response(data, status), Source(file), request)


MAX_READ: Final = MAX_BODY + 1024 * 1024  # a judged body and its headers; the rest is excess
MOST_COMMENTS: Final = 1000  # of one entry; nobody writes a hundred
_MILLISECONDS_FROM: Final = 1e11  # later than the year 5000, if it were seconds
_UNITS: Final = (1, 1e3, 1e6, 1e9)  # how many of them are a second, in logs
_REPLACED = "\ufffd"


def recorded_exchange(  # noqa: PLR0913  # one for each part of a call
    source: Source,
    *,
    request: Request | None,
    status: object,
    headers: Headers,
    body: bytes | None,
    seconds: float | None = None,
    started: float | None = None,
) -> CaptureEntry:
    """The exchange that was recorded, or why there is none to judge."""
    code = integer(status)
    call = name_of_call(request)
    if not code:
        return Skipped(source, f"{call} (no answer was recorded)")
    if not 100 <= code <= 999:  # noqa: PLR2004  # three digits
        return Damage(source, f"{code} is not an HTTP status")
    if body is None:
        return Skipped(source, f"{call} (its body was not recorded)")
    response = Response(unpacked(body, headers), code, headers, seconds)
    return Exchange(response, source, request, started=started)


def name_of_call(request: Request | None) -> str:
    """A call's name for people."""
    return f"{request.method} {request.target}" if request else "a call"


def recorded_request(method: object, url: object, headers: object) -> Request | None:
    """The request, if it was recorded; of its address only path and query count."""
    if not isinstance(url, str) or not url:
        return None
    verb = method if isinstance(method, str) and method else "GET"
    return Request(verb.upper(), _target(url), recorded_headers(headers))


def _target(url: str) -> str:
    if url.startswith("/"):
        return url
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    query = f"?{parts.query}" if parts.query else ""
    return (parts.path or "/") + query


def recorded_headers(headers: object) -> Headers:
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
    """A scalar as a text; what holds others is not a header."""
    if isinstance(value, bytes):
        return value.decode("latin-1")
    return str(value) if isinstance(value, str | int | float) else ""


def recorded_body(text: object, headers: Headers, *, is_base64: bool = False) -> bytes | None:
    """A recorded body as the bytes that came; nothing if it is not a text.

    Raises ValueError if it should be Base64 and is not.
    """
    if isinstance(text, bytes):
        return text
    if not isinstance(text, str):
        return None
    if is_base64:
        try:
            return base64.b64decode(text, validate=False)
        except binascii.Error as cause:
            raise ValueError(f"its body is not Base64: {cause}") from cause
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


def timestamp(value: object) -> float | None:
    """A time in seconds since 1970: of a number in seconds or parts of them, or an ISO date."""
    if isinstance(value, str):
        try:
            read = datetime.fromisoformat(value)
        except ValueError:
            return None
        return round((read if read.tzinfo else read.replace(tzinfo=UTC)).timestamp(), 3)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if not 0 < value < _MILLISECONDS_FROM * _UNITS[-1]:  # NaN is not, either
        return None
    parts = (value / unit for unit in _UNITS)
    return next((round(each, 3) for each in parts if each < _MILLISECONDS_FROM), None)


# Many calls may name one file, but a few lines must not stand for terabytes.
_ALWAYS: Final = 64 * 1024 * 1024
_FOR_EACH: Final = 64 * 1024
_CHUNK: Final = 1024 * 1024
_PLAIN: Final = re.compile(r"[\w-][\w.-]{0,254}")
_HASHED: Final = re.compile(r"[0-9a-f]{40}(?:\.\w+)?")
_NAMED: Final = re.compile(rb'"_file"\s{0,9}:\s{0,9}"([^"\\]{1,255})"')
_OVERLAP: Final = 512  # bytes; more than a name and what is around it
# What Windows has no word for is nothing to it.
_FLAGS: Final = os.O_RDONLY | sum(
    getattr(os, flag, 0) for flag in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY")
)


class ExternalBodies:
    """Reads the bodies that one archive keeps in other files, up to a limit."""

    def __init__(self, find: FindFile) -> None:
        self._find = find
        self._seen: set[str] = set()
        self._room = _ALWAYS

    def body(self, name: str) -> bytes | None:
        """What a file holds; None if it is not beside the archive.

        Raises ValueError where it cannot be read, DamagedCapture where it is too much in all.
        """
        found = self._find(name) if _PLAIN.fullmatch(name) else None
        if found is None:
            return None
        stream, size = found
        with closing(stream):
            try:
                data = stream.read(MAX_READ)
            except Exception as cause:  # zipfile, zlib and the disk have errors of their own
                raise ValueError(f"its body in {name} cannot be read: {cause}") from cause
        self._room += _FOR_EACH - len(data) + (0 if name in self._seen else size)
        self._seen.add(name)
        if self._room < 0:
            raise DamagedCapture(
                "it names the same large bodies over and over; the rest was not read"
            )
        return data


def file_beside(path: str, name: str) -> tuple[BinaryIO, int] | None:
    """A regular file in the same folder as another, and its size; links are not followed."""
    place = Path(path).parent / name
    if place.is_symlink():
        return None
    try:
        number = os.open(place, _FLAGS)
    except OSError:
        return None
    status = os.fstat(number)
    if not stat.S_ISREG(status.st_mode):
        os.close(number)
        return None
    return os.fdopen(number, "rb"), status.st_size


def bodies_among(names: Iterable[str], opened: Callable[[str], BinaryIO]) -> Set[str]:
    """The files of a folder that are bodies of an archive in it, not captures themselves."""
    names = tuple(names)
    hashed = {each for each in names if _HASHED.fullmatch(each)}
    found: set[str] = set()
    for name in filter(is_archive, names if hashed else ()):
        # What is wrong with the archive is reported when it is read.
        with suppress(OSError), opened(name) as stream:
            found |= names_in(stream, hashed)
    return found


def is_archive(name: str) -> bool:
    """Whether a file is named like an HTTP Archive."""
    return name.lower().endswith(".har")


def names_in(stream: BinaryIO, among: Set[str]) -> Set[str]:
    """Which of these files an archive names as bodies of its own."""
    found: set[str] = set()
    rest = b""
    while chunk := stream.read(_CHUNK):
        window = rest + chunk
        named = {each.decode("utf-8", "replace") for each in _NAMED.findall(window)}
        found |= named & among
        rest = window[-_OVERLAP:]
    return found
