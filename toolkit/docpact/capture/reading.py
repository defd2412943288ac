"""Read whatever was captured, of whatever kind, entry by entry."""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO, assert_never, cast

from docpact.capture.buffers import Passing
from docpact.capture.detect import LOOKED_AT, KindName, is_record, kind_of
from docpact.capture.external_bodies import Attached, Find
from docpact.capture.files import CapturedFile
from docpact.capture.model import Damage, DamagedCapture, Entry, Skipped, Wanted, raw_exchange
from docpact.capture.unpacking import is_packed, unpacked_files
from docpact.core.exchange import MAX_BODY, Exchange, Request, Source
from docpact.http.content_encoding import left_packed

if TYPE_CHECKING:
    from docpact.capture.ndjson import LogForm

_MOST_READ = MAX_BODY + 1024 * 1024  # a judged body; the rest is excess

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Reading:
    """How captures are read, as far as they do not say it themselves."""

    kind: KindName | None = None  # told by their beginning, if nobody says
    status: int | None = None  # of bodies that came without
    request: Request | None = None
    wanted: Wanted | None = None  # everything is judged without
    fields: tuple[tuple[str, str], ...] = field(default=())  # where logs keep what

    @property
    def log_form(self) -> "LogForm":
        """Where logs of lines keep what."""
        from docpact.capture.ndjson import LogForm

        operation = self.wanted.operation if self.wanted else None
        return LogForm(self.fields, operation, self.status, self.request)


def entries_in(
    file: CapturedFile, reading: Reading, progress: Progress | None = None
) -> Iterator[Entry]:
    """Every entry of a file: exchanges, damages, and what is skipped as another operation's."""
    try:
        with file.open() as stream:
            told = cast("BinaryIO", _Told(stream, progress)) if progress else stream
            for entry in _entries(told, file.name, reading, 0, file.beside):
                yield sifted(entry, reading)
    except OSError as cause:
        yield Damage(Source(file.name), f"it cannot be read further: {cause.strerror or cause}")


def sifted(entry: Entry, reading: Reading) -> Entry:
    """The entry, or that it is skipped: another operation was called, or nobody can read it."""
    if not isinstance(entry, Exchange):
        return entry
    request, response = entry.request, entry.response
    if request and reading.wanted and not reading.wanted.covers(entry):
        return Skipped(entry.source, f"{request.method} {request.target}", is_other=True)
    packed = left_packed(response.body, response.headers)
    if packed is not None:
        asked = f"{request.method} {request.target}" if request else "a call"
        return Skipped(entry.source, f"{asked} (its body is packed in {packed}, which is not read)")
    return entry


def _entries(
    stream: BinaryIO, name: str, reading: Reading, depth: int, find: Find
) -> Iterator[Entry]:
    number = 0
    try:
        start = _start_of(stream)
        whole = _Rewound(start, stream)
        if is_packed(start):
            source = whole.whole() if start.startswith(b"PK") else whole.buffered()
            for layer in unpacked_files(source, start, depth):
                inner = f"{name}!{layer.name}" if layer.name else name
                yield from _entries(layer.stream, inner, reading, depth + 1, layer.find or find)
            return
        for entry in _of_kind(whole.buffered(), start, name, reading, find):
            number = entry.source.number
            yield entry
    except DamagedCapture as damage:
        yield Damage(Source(name, 1, number + 1, is_embedded=True), str(damage))


def _some_of(stream: BinaryIO, most: int) -> bytes:
    """What comes in one step: with more, what came before a damage would be lost with it."""
    read1 = getattr(stream, "read1", stream.read)
    return bytes(read1(most))


def _start_of(stream: BinaryIO) -> bytes:
    """The first bytes, also of a packed file that is damaged behind them."""
    start = b""
    try:
        while len(start) < LOOKED_AT and (more := _some_of(stream, LOOKED_AT - len(start))):
            start += more
    except DamagedCapture:
        if not start:
            raise
    return start


def _of_kind(  # noqa: PLR0911  # one for each kind
    stream: BinaryIO, start: bytes, name: str, reading: Reading, find: Find
) -> Iterator[Entry]:
    kind: KindName = reading.kind or kind_of(start)
    if kind == "body" and reading.fields and is_record(start.partition(b"\n")[0]):
        kind = "ndjson"  # somebody says where each line has its body
    match kind:
        case "har":
            from docpact.capture.har import har_entries

            return har_entries(stream, name, Attached(find))
        case "vcr":
            from docpact.capture.cassettes import vcr_entries

            return vcr_entries(stream, name, start)
        case "schemathesis":
            from docpact.capture.cassettes import schemathesis_entries

            return schemathesis_entries(stream, name)
        case "ndjson":
            from docpact.capture.ndjson import ndjson_entries

            return ndjson_entries(stream, name, reading.log_form)
        case "http":
            from docpact.capture.http_message import http_entries

            return http_entries(stream, name, start, request=reading.request)
        case "mitmproxy":
            from docpact.capture.mitmproxy import mitmproxy_entries

            return mitmproxy_entries(stream, name)
        case "body":
            return iter((_body(stream, name, reading),))
        case _:
            assert_never(kind)


def _body(stream: BinaryIO, name: str, reading: Reading) -> Exchange:
    data = stream.read(_MOST_READ)
    return raw_exchange(data, name, status=reading.status, request=reading.request)


class _Rewound(io.RawIOBase):
    """A stream from its start again, though its beginning was read already."""

    def __init__(self, start: bytes, stream: BinaryIO) -> None:
        self._start = memoryview(start)
        self._stream = stream

    def readable(self) -> bool:
        """It is there to be read."""
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]  # what io itself passes
        """Read what was read before, then the rest."""
        if self._start:
            data = bytes(self._start[: len(buffer)])
            self._start = self._start[len(data) :]
        else:
            data = _some_of(self._stream, len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def buffered(self) -> BinaryIO:
        """The stream for those who read lines."""
        return io.BufferedReader(cast("io.RawIOBase", self), LOOKED_AT)

    def whole(self) -> BinaryIO:
        """The stream for those who seek, if it can."""
        if self._stream.seekable():
            self._stream.seek(0)
            return self._stream
        return self.buffered()


class _Told(Passing):
    """Tells how many bytes were read."""

    def __init__(self, stream: BinaryIO, progress: Progress) -> None:
        super().__init__(stream)
        self._progress = progress

    def read(self, size: int = -1) -> bytes:
        """Read and tell."""
        data = self._stream.read(size)
        self._progress(len(data))
        return data
